// What reaches the terminal, in one place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/json_fwd.h"

namespace tilewright {

void print(std::string_view text);              // stdout
void print_json(const Json& json);              // stdout, in the project's form
void complain(std::string_view line) noexcept;  // stderr, "tilewright: LINE"

// To the file `path`, or to stdout when it is empty.
void print_to(const std::string& path, std::string_view text);

// Flushes stdout. Throws Error TW-CLI-004 when the reader or the disk refused it.
void finish_output();

// "  label       text" lines under a title.
class Lines {
 public:
  explicit Lines(std::string title);
  Lines& add(const std::string& label, const std::string& text);
  Lines& list(const std::string& label,
              const std::vector<std::string>& items);  // nothing when empty
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace tilewright

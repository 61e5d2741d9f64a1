#include "cli/terminal.h"

#include <fmt/format.h>

#include <cstdio>

#include "support/error.h"
#include "support/file.h"
#include "support/json.h"

namespace tilewright {

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void print_json(const Json& json) {
  print(to_text(json));
}

void print_to(const std::string& path, std::string_view text) {
  if (path.empty()) {
    print(text);
  } else {
    write_file(path, text);
  }
}

void complain(std::string_view line) noexcept {
  std::fflush(stdout);
  std::fprintf(stderr, "tilewright: %.*s\n", static_cast<int>(line.size()), line.data());
}

void finish_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw Error("TW-CLI-004", "the output can't be written", "stdout",
                "check the disk or the pipe");
  }
}

Lines::Lines(std::string title) : text_(std::move(title) + "\n") {}

Lines& Lines::add(const std::string& label, const std::string& text) {
  text_ += fmt::format("  {:<12}{}\n", label, text);
  return *this;
}

Lines& Lines::list(const std::string& label, const std::vector<std::string>& items) {
  for (std::size_t i = 0; i < items.size(); ++i) add(i == 0 ? label : "", items[i]);
  return *this;
}

}  // namespace tilewright

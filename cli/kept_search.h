// The checkpoint of a compile's search: OUTPUT.checkpoint, beside the folder that it will write.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "agents/checkpoint.h"
#include "support/json_fwd.h"

namespace tilewright {

// All that decides what a search does: options and inputs as the manifest has them, and the code.
std::string search_question(const Json& options, const Json& inputs, const std::string& agent,
                            const std::string& calibration);

class KeptSearch {
 public:
  KeptSearch(const std::filesystem::path& output, std::string question);
  // Null when there is none. Throws what checkpoint_from_bytes throws.
  std::shared_ptr<const Checkpoint> read() const;
  void write(const Checkpoint& checkpoint) const;
  void remove() const;
  const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
  std::string question_;
};

}  // namespace tilewright

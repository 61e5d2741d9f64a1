#include "cli/kept_search.h"

#include <utility>

#include "experiments/contest/code_hash.h"
#include "support/file.h"
#include "support/json.h"

namespace tilewright {
namespace fs = std::filesystem;

std::string search_question(const Json& options, const Json& inputs, const std::string& agent,
                            const std::string& calibration) {
  const CodeHashes code = current_hashes(calibration, agent);
  return Json{{"options", options},
              {"inputs", inputs},
              {"evaluation", code.evaluation},
              {"searcher", code.searcher}}
      .dump();
}

KeptSearch::KeptSearch(const fs::path& output, std::string question)
    : question_(std::move(question)) {
  const fs::path folder = output.has_filename() ? output : output.parent_path();
  file_ = folder.string() + ".checkpoint";
}

std::shared_ptr<const Checkpoint> KeptSearch::read() const {
  if (!fs::exists(file_)) return nullptr;
  return std::make_shared<const Checkpoint>(
      checkpoint_from_bytes(read_file(file_), question_, file_.string()));
}

void KeptSearch::write(const Checkpoint& checkpoint) const {
  write_file(file_, to_bytes(checkpoint, question_));
}

void KeptSearch::remove() const {
  fs::remove(file_);
}

}  // namespace tilewright

// Which code made a run: hashes of the sources, taken by the build, and of the calibration's files,
// taken when the program runs. Lines that hold nothing but a comment do not count.
#pragma once

#include <string>
#include <vector>

namespace tilewright {

struct CodeHashes {
  std::string evaluation;  // what computes an evaluation, and the calibration's constants
  std::string searcher;    // agents/ and the folders below it whose code the searcher runs
  bool operator==(const CodeHashes&) const = default;
};

// Throws Error TW-FILE-005 when the program's data is not found.
std::string evaluation_hash(const std::string& calibration);
std::string searcher_hash(const std::string& searcher);
// What makes tables and figures of evaluations and searches.
std::string experiments_hash();
CodeHashes current_hashes(const std::string& calibration, const std::string& searcher);

// Folders below agents/ that count for a searcher; all of them for one that is not known here.
std::vector<std::string> agent_folders(const std::string& searcher);

}  // namespace tilewright

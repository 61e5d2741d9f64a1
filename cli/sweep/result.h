// What a job left in its folder.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "cli/sweep/plan.h"
#include "support/json.h"

namespace tilewright {

struct JobResult {
  Json ppa, design;  // ppa.json and design.json
};

// Reads results of jobs, and of those jobs alone: same program, options and model, and not
// interrupted. A model's file is read once for all its jobs.
class Results {
 public:
  // Whether the job's folder answers it.
  bool has(const SearchJob& job);
  // Nothing when `has` is false.
  std::optional<JobResult> read(const SearchJob& job);

 private:
  std::string hash_of(const std::string& model);
  std::map<std::string, std::string> hashes_;  // by model
};

}  // namespace tilewright

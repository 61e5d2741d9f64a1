#include "cli/sweep/result.h"

#include "cli/source.h"
#include "cli/version.h"
#include "models/models.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"

namespace tilewright {
namespace fs = std::filesystem;

// Empty for a built-in model, which the program's version stands for.
std::string Results::hash_of(const std::string& model) {
  const auto [at, first] = hashes_.try_emplace(model);
  if (first && !is_builtin_model(model)) at->second = sha256_of_file(model);
  return at->second;
}

bool Results::has(const SearchJob& job) {
  const fs::path file = job.folder() / "manifest.json";
  const fs::path earlier = job.compile.warm_start;
  if (!fs::exists(file) || (!earlier.empty() && !fs::exists(earlier / "search.csv"))) return false;
  const Json manifest = read_json(file);
  const auto part = [&](const char* key) { return manifest.value(key, Json::object()); };
  const std::string hash = hash_of(job.compile.model.model);
  return part("options") == manifest_options(job.compile, job.compile.target) &&
         part("program").value("version", "") == kVersion &&
         !part("result").value("interrupted", true) &&
         (hash.empty() ||
          part("inputs").value("model", Json::object()).value("sha256", "") == hash);
}

std::optional<JobResult> Results::read(const SearchJob& job) {
  if (!has(job)) return std::nullopt;
  return JobResult{read_json(job.folder() / "ppa.json"), read_json(job.folder() / "design.json")};
}

}  // namespace tilewright

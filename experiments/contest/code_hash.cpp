#include "experiments/contest/code_hash.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "agents/searcher.h"
#include "experiments/contest/sources.h"
#include "support/error.h"
#include "support/file.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

constexpr std::array<const char*, 14> kClassical{"cmaes", "xnes",   "de",    "sade",  "pso",
                                                 "sga",   "nsga2",  "bee",   "sa",    "crs2",
                                                 "isres", "cobyla", "sbplx", "bobyqa"};
constexpr const char* kAgentsFolder = "agents";

std::string hash_of_sources(const std::string& folder) {
  for (const HashedFolder& hashed : hashed_folders()) {
    if (folder == hashed.name) return hashed.sha256;
  }
  throw Error("TW-CONTEST-004", "the build hashed no sources of " + folder, "code hash",
              "please report this", ErrorKind::kInternal);
}

std::vector<std::string> all_agent_folders() {
  const std::string prefix = std::string(kAgentsFolder) + "/";
  std::vector<std::string> folders;
  for (const HashedFolder& hashed : hashed_folders()) {
    const std::string name = hashed.name;
    if (name.starts_with(prefix)) folders.push_back(name.substr(prefix.size()));
  }
  return folders;
}

}  // namespace

std::string evaluation_hash(const std::string& calibration) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(data_folder() / "nodes" / calibration)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::string all = hash_of_sources("evaluation");
  for (const fs::path& file : files)
    all += "\n" + file.filename().string() + " " + sha256_of_file(file);
  return sha256(all);
}

std::vector<std::string> agent_folders(const std::string& searcher) {
  if (searcher == "random" || searcher == "grid") return {};
  if (searcher == "model") return {"model"};
  if (std::find(kClassical.begin(), kClassical.end(), searcher) != kClassical.end())
    return {"classical"};
  return all_agent_folders();
}

std::string searcher_hash(const std::string& searcher) {
  std::string all = hash_of_sources(kAgentsFolder);
  for (const std::string& folder : agent_folders(searcher))
    all += "\n" + hash_of_sources(std::string(kAgentsFolder) + "/" + folder);
  return sha256(all);
}

std::string experiments_hash() {
  return hash_of_sources("experiments");
}

CodeHashes current_hashes(const std::string& calibration, const std::string& searcher) {
  return {evaluation_hash(calibration), searcher_hash(searcher)};
}

}  // namespace tilewright

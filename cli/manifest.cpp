#include "cli/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/log.h"
#include "cli/version.h"
#include "support/file.h"
#include "support/json.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> sorted_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Timings::Timings() : start_(Clock::now()), last_(start_) {}

void Timings::stage(const std::string& name) {
  const auto now = Clock::now();
  stages_.emplace_back(name, std::chrono::duration<double>(now - last_).count());
  log_phase(fmt::format("{} took {:.3f} s", name, stages_.back().second));
  last_ = now;
}

double Timings::total() const {
  return std::chrono::duration<double>(last_ - start_).count();
}

double Timings::seconds(const std::string& stage) const {
  const auto found =
      std::find_if(stages_.begin(), stages_.end(), [&](const auto& s) { return s.first == stage; });
  return found == stages_.end() ? 0 : found->second;
}

Json Timings::to_json() const {
  Json json;
  json["note"] =
      "wall-clock seconds: the only part of this folder that differs between two runs of one seed";
  for (const auto& [name, seconds] : stages_) json[name + "_s"] = seconds;
  json["total_s"] = total();
  return json;
}

Json calibration_hashes(const std::string& calibration) {
  Json json = Json::object();
  for (const fs::path& file : sorted_files(data_folder() / "nodes" / calibration)) {
    if (file.extension() == ".toml") json[file.filename().string()] = sha256_of_file(file);
  }
  return json;
}

Json file_hashes(const fs::path& folder) {
  Json json = Json::object();
  for (const fs::path& file : sorted_files(folder)) {
    const std::string name = file.lexically_relative(folder).generic_string();
    if (name != "manifest.json") json[name] = sha256_of_file(file);
  }
  return json;
}

Json make_manifest(const std::string& verb, const Json& options, const Json& inputs,
                   const Json& result, const fs::path& folder, const Timings& timings) {
  Json json;
  json["schema"] = kManifestSchema;
  json["schema_version"] = kManifestSchemaVersion;
  json["program"] = Json{{"name", "tilewright"}, {"version", kVersion}};
  json["verb"] = verb;
  json["options"] = options;
  json["inputs"] = inputs;
  json["result"] = result;
  json["files"] = file_hashes(folder);
  json["timings"] = timings.to_json();
  return json;
}

}  // namespace tilewright

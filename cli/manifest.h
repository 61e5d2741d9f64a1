// The record of a run: what was asked, what came in, what went out, each with its hash.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "nodes/calibration.h"
#include "support/json_fwd.h"

namespace tilewright {

inline constexpr const char* kManifestSchema = "tilewright.manifest";
inline constexpr int kManifestSchemaVersion = 1;

// Wall-clock seconds of named stages, in the order measured.
class Timings {
 public:
  Timings();
  // Seconds since the last stage ended go to `stage`, and to the log.
  void stage(const std::string& name);
  double total() const;
  double seconds(const std::string& stage) const;  // 0 for a stage that was not measured
  // {"note": which part of the folder differs between equal runs, "STAGE_s": seconds, ...}
  Json to_json() const;

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_, last_;
  std::vector<std::pair<std::string, double>> stages_;
};

// Hashes of the calibration's files, by name.
Json calibration_hashes(const std::string& calibration);
// Hashes of every file below `folder` but manifest.json itself, sorted by path.
Json file_hashes(const std::filesystem::path& folder);

// manifest.json of `folder`: program, verb, `options`, `inputs`, `result`, files, timings.
Json make_manifest(const std::string& verb, const Json& options, const Json& inputs,
                   const Json& result, const std::filesystem::path& folder, const Timings& timings);

}  // namespace tilewright

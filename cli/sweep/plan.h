// What a sweep runs: a request made into a list of jobs, each a compile of its own. Reads no file
// and starts nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/compile.h"
#include "nodes/calibration.h"

namespace tilewright {

struct SearchJob {
  std::string name;      // its folder is FOLDER/jobs/NAME
  std::string workload;  // the model's name, fit for a file name and told apart from the others'
  CompileOptions compile;
  std::filesystem::path log;         // what it said, beside the folder; there while it runs and
                                     // after it failed
  std::optional<std::size_t> after;  // the job that it learns from, which must have ended

  std::filesystem::path folder() const { return compile.output; }
  const std::string& node() const { return compile.target.node.value(); }
  const std::string& mode() const { return compile.target.mode.value(); }
  std::uint64_t seed() const { return compile.common.seed; }
};

// One job of a folder of jobs. `compile` is complete but for its output.
SearchJob make_job(std::string name, std::string workload, CompileOptions compile,
                   const std::filesystem::path& folder);

struct SweepWorkload {
  std::string model;               // as `compile` takes it
  std::vector<std::string> modes;  // at least one
};

// Every workload in each of its modes, on every node, with every seed.
struct SweepRequest {
  CompileOptions compile;  // what all share; its model, node and mode are not used, its seed is the
                           // first
  std::vector<SweepWorkload> workloads;
  std::vector<std::string> nodes;
  std::int64_t seeds = 1;
  bool continued = false;  // each node learns from the one before it
};

// "MODEL" in `modes`, or "MODEL@MODE,MODE" in those. Throws what parse_mode throws.
SweepWorkload parse_workload(const std::string& text, const std::vector<std::string>& modes);

// Names of nodes that the calibration knows; "all" is each of its rows. Throws what find_node
// throws.
std::vector<std::string> parse_nodes(const std::string& text, const Calibration& calibration);

// "a,b" without empty parts.
std::vector<std::string> split_list(const std::string& text);

// Ordered by workload, mode, node and seed; a point named twice is one job. Jobs are named
// WORKLOAD-NODE-MODE-seedN. Throws Error TW-CLI-017 when there is none.
std::vector<SearchJob> plan_sweep(const SweepRequest& request, const std::filesystem::path& folder);

}  // namespace tilewright

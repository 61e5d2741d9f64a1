// What a compile is asked for: `compile` runs it, `sweep` runs many in processes of their own.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "agents/searcher.h"
#include "cli/options.h"

namespace tilewright {

struct CompileOptions {
  CommonOptions common;
  ModelOptions model;
  TargetOptions target;
  std::string agent = "hybrid";
  std::map<std::string, std::string> settings;  // the agent's own
  std::string design;  // taken instead of a search: "printed", "initial" or a file
  std::int64_t episodes = SearchOptions{}.evaluations;
  double time_limit_s = 0;
  double keep_every_s = SearchOptions{}.keep_every_s;
  std::string warm_start;    // folder of an earlier compile
  bool search_only = false;  // searches and judges, emits nothing
  std::string output;
};

// --agent, --set, --episodes, --checkpoint-every, --time-limit, --warm-start, --search-only.
void add_search_options(CLI::App& verb, CompileOptions& options);

// Everything that decides the bytes of the folder; neither its name nor the folder of the model.
Json manifest_options(const CompileOptions& options, const TargetOptions& target);
// The command line of the same compile, without the program's name.
std::vector<std::string> to_arguments(const CompileOptions& options);
// All of it but the verb and MODEL.
std::vector<std::string> shared_arguments(const CompileOptions& options);

}  // namespace tilewright

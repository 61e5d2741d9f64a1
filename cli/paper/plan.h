// What `tilewright paper` runs: searches and experiments as processes of their own, each with a
// folder named by a hash of all that decides what it holds, so that what is there is not run again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "cli/process.h"

namespace tilewright {

struct PaperOptions {
  CommonOptions common;
  std::string output;
  bool quick = false, no_pdf = false;
  bool smoke = false;  // as little as shows that all works; for tests
  int jobs = 1;
  std::optional<std::int64_t> seeds, episodes;  // of the searches behind the tables
};

// How much is run.
struct PaperScale {
  std::int64_t seeds, episodes;                  // of each node's searches
  std::int64_t contest_seeds, contest_episodes;  // of Table 21
  std::string searchers;                         // of Table 21; empty: all
  std::int64_t study_seeds, study_episodes;      // of the other experiments that search
  std::int64_t samples;                          // designs a node, for the fidelity report
};
PaperScale paper_scale(const PaperOptions& options);

struct PaperJob {
  Job job;
  std::filesystem::path folder;  // it is done when this holds a manifest
  std::filesystem::path record;  // of a contest's run, which is done when this is there
};

struct PaperPlan {
  // All of the first end before the second begin: tables are made of searches.
  std::vector<PaperJob> first, second;
  std::vector<std::filesystem::path> tables;  // folders of tables
};

// Below options.output / "runs". Throws what hashing the code and reading nodes throw.
PaperPlan plan_paper(const PaperOptions& options);

bool is_done(const PaperJob& job);

}  // namespace tilewright

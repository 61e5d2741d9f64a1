// The artifact folder (docs/artifacts.md): written, and read back by the road that a user would
// take.
#pragma once

#include <filesystem>
#include <string>

#include "agents/searcher.h"
#include "cli/source.h"
#include "cli/target.h"
#include "codegen/codegen.h"
#include "support/table.h"

namespace tilewright {

// A finished design and everything said about it.
struct Finished {
  Design design;
  Mapping mapping;
  Ppa ppa;
  double other_tok_s = 0;           // rate by the other level
  std::int32_t configs_before = 0;  // distinct logic configurations before clustering
  double clustering_cost = 0;       // score that clustering to few logic configurations cost
};

// Maps, clusters, and judges by `judge`, in that order.
Finished finish_design(const Target& target, const ActionVector& actions);

struct ArtifactOptions {
  std::uint64_t seed = 0;
  bool emit = true;  // RTL, programs, weight images, test bench
};

// Everything but manifest.json. The report says what is not there and why.
EmitReport write_artifacts(const std::filesystem::path& folder, const Source& source,
                           const Target& target, const SearchResult& search,
                           const Finished& finished, const ArtifactOptions& options);

// Reads design.json and workload.json back, judges again, and compares with ppa.json byte for byte;
// weight images must add up to the model's weights. Throws Error TW-CLI-008 (kInternal).
void check_artifacts(const std::filesystem::path& folder, const TargetOptions& options,
                     const Target& target, const Overrides& overrides, const EmitReport& emitted);

// search.csv: one line an evaluation.
Table search_table(const SearchResult& search);

}  // namespace tilewright

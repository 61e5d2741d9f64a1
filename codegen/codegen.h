// Design -> files: the hand-written RTL library, and a small generated package, top and parameter
// files. Emission never changes the design.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "arch/design.h"
#include "frontend/graph.h"
#include "mapping/mapping.h"

namespace tilewright {

struct EmitReport {
  std::vector<std::filesystem::path> files;  // relative to the folder, sorted
  int distinct_logic_configs = 0;
  std::int64_t weight_bytes = 0;           // in weight images; 0 when not written
  std::vector<std::string> not_generated;  // "programs/", "sim/ vectors", "weights/: WHY"
};

struct EmitOptions {
  std::filesystem::path rtl_library;  // DATA/rtl
  std::string version;                // program version, for headers
  std::uint64_t seed = 0;
  double clock_mhz = 0;  // for constraints.sdc; 0: unknown, no constraints are written
};

// Writes rtl/ and, when the weights are at hand, weights/ below `folder`, which must exist and is
// best a staged one: a throw leaves what was written. Modules and files bear design.name, made
// safe. `graph` may be null. A design whose topology is not the mesh is not emitted: nothing is
// written, and `not_generated` says so. Throws Error TW-GEN-....
EmitReport emit_design(const Design& design, const Mapping& mapping, const Mapper& mapper,
                       const Graph* graph, const EmitOptions& options,
                       const std::filesystem::path& folder);

}  // namespace tilewright

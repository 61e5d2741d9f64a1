#include <algorithm>

#include "codegen/chip.h"
#include "codegen/codegen.h"
#include "codegen/memory_images.h"
#include "codegen/rtl_folder.h"
#include "codegen/weight_images.h"
#include "support/error.h"
#include "support/file.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

WeightImages weight_images(const Design& design, const Mapping& mapping, const Mapper& mapper,
                           const Graph* graph, const fs::path& folder) {
  WeightImages none;
  if (graph == nullptr) {
    none.missing = "the model was not given, only its workload";
    return none;
  }
  none.missing = weights_missing(*graph, mapper.workload());
  if (!none.missing.empty()) {
    return none;
  }
  return write_weight_images(*graph, mapper.workload(), mapper.weight_plan(mapping), design,
                             folder);
}

// The library's routers and links are a mesh's: a chip of another network is not emitted at all,
// rather than as the mesh that it is not.
EmitReport nothing_of(const Design& design) {
  EmitReport report;
  for (const char* part : {"rtl", "weights", "programs", "sim"})
    report.not_generated.push_back(std::string(part) + "/: " + not_emitted(design.topology));
  return report;
}

}  // namespace

EmitReport emit_design(const Design& design, const Mapping& mapping, const Mapper& mapper,
                       const Graph* graph, const EmitOptions& options, const fs::path& folder) {
  if (!fs::is_directory(folder)) {
    throw Error("TW-GEN-003", "the folder to write to does not exist", folder.string(),
                "create it");
  }
  if (!design.topology.mesh()) return nothing_of(design);
  const Chip chip = make_chip(design, options);
  check_network(chip);
  const WeightImages weights = weight_images(design, mapping, mapper, graph, folder);
  EmitReport report;
  report.files = write_rtl(chip, options, folder);
  report.files.emplace_back("rtl/memory_images.json");
  write_file(folder / report.files.back(), memory_images_text(chip, options, weights));
  report.files.insert(report.files.end(), weights.files.begin(), weights.files.end());
  std::sort(report.files.begin(), report.files.end());
  report.distinct_logic_configs = static_cast<int>(chip.configs.size());
  report.weight_bytes = weights.bytes;
  report.not_generated = {std::string("programs/: ") + kNoPrograms,
                          std::string("sim/ vectors: ") + kNoVectors};
  if (!weights.missing.empty()) {
    report.not_generated.push_back("weights/: " + weights.missing);
  }
  if (!(options.clock_mhz > 0)) {
    report.not_generated.emplace_back("rtl/constraints.sdc: the clock is not known");
  }
  return report;
}

}  // namespace tilewright

#include "cli/design_file.h"

#include "cli/manifest.h"
#include "support/error.h"
#include "support/json.h"

namespace tilewright {
namespace fs = std::filesystem;

DesignFile read_design(const fs::path& path) {
  const fs::path file = fs::is_directory(path) ? path / "design.json" : path;
  DesignFile out;
  out.folder = file.parent_path();
  out.design = design_from_json(read_json(file), file.string());
  if (const fs::path manifest = out.folder / "manifest.json"; fs::exists(manifest)) {
    const Json json = read_json(manifest);
    check_schema(json, kManifestSchema, kManifestSchemaVersion, manifest.string());
    const Json options = required<Json>(json, "options", manifest.string());
    out.target = target_from_json(options, manifest.string());
    if (options.contains("context"))
      out.context = required<std::int64_t>(options, "context", manifest.string());
  }
  out.target.node = out.design.node;
  out.target.mode = out.design.mode;
  out.target.topology.reset();
  if (!out.design.topology.mesh()) out.target.topology = to_text(out.design.topology);
  return out;
}

bool is_named_design(const std::string& design) {
  return design == "printed" || design == "initial";
}

ActionVector named_actions(const std::string& design, const Surrogate& surrogate) {
  if (design == "initial") return surrogate.initial_design();
  if (const auto printed = surrogate.printed_design()) return *printed;
  throw Error("TW-CLI-010", "the paper prints no design for it in this mode",
              surrogate.constants().name,
              "take 'initial', or give the printed workload of the mode");
}

}  // namespace tilewright

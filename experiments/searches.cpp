#include "experiments/searches.h"

#include <algorithm>

#include "experiments/statistics.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

bool is_search(const Json& manifest) {
  return manifest.value("verb", "") == "compile" && !manifest.at("options").contains("design");
}

FinishedSearch finished_search(const fs::path& folder, const Json& manifest) {
  const Json ppa = read_json(folder / "ppa.json"), design = read_json(folder / "design.json");
  const std::string where = folder.string();
  const Json& options = manifest.at("options");
  const Json& result = manifest.at("result");
  FinishedSearch out;
  out.model = required<std::string>(options, "model", where);
  out.mode = required<std::string>(options, "mode", where);
  out.node = required<std::string>(options, "node", where);
  out.calibration = required<std::string>(options, "calibration", where);
  out.agent = required<std::string>(options, "agent", where);
  out.seed = required<std::uint64_t>(options, "seed", where);
  out.evaluations = required<std::int64_t>(result, "evaluations", where);
  out.feasible = required<std::int64_t>(result, "feasible", where);
  out.design_feasible = required<bool>(ppa, "feasible", where);
  out.tok_s = required<double>(ppa, "tok_s", where);
  out.power_mw = required<double>(ppa, "power_mw", where);
  out.area_mm2 = required<double>(ppa, "area_mm2", where);
  out.gops = required<double>(ppa, "gops", where);
  out.score = required<double>(ppa, "score", where);
  out.clock_mhz = required<double>(ppa, "clock_mhz", where);
  const Json& mesh = design.at("mesh");
  out.mesh_w = required<std::int32_t>(mesh, "w", where);
  out.mesh_h = required<std::int32_t>(mesh, "h", where);
  out.folder = folder;
  return out;
}

}  // namespace

Design design_of(const FinishedSearch& search) {
  const fs::path file = search.folder / "design.json";
  return design_from_json(read_json(file), file.string());
}

Searches::Searches(const fs::path& folder) {
  if (folder.empty() || !fs::exists(folder)) return;
  std::vector<fs::path> manifests;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().filename() == "manifest.json") manifests.push_back(entry.path());
  }
  std::sort(manifests.begin(), manifests.end());
  for (const fs::path& file : manifests) {
    const Json manifest = read_json(file);
    if (is_search(manifest)) all_.push_back(finished_search(file.parent_path(), manifest));
  }
}

std::vector<const FinishedSearch*> Searches::of(const Study& study, const std::string& node) const {
  std::vector<const FinishedSearch*> found;
  for (const FinishedSearch& s : all_) {
    if (s.model == study.workload && s.mode == mode_name(study.mode) && s.node == node)
      found.push_back(&s);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto* a, const auto* b) { return a->seed < b->seed; });
  return found;
}

const FinishedSearch* Searches::best(const Study& study, const std::string& node) const {
  const FinishedSearch* best = nullptr;
  for (const FinishedSearch* s : of(study, node)) {
    if (s->design_feasible && (best == nullptr || s->score < best->score)) best = s;
  }
  return best;
}

Spread spread_of(const std::vector<double>& values, int digits) {
  if (values.empty()) return {not_searched(), not_searched(), not_searched()};
  const Missing few{"a 95 % interval needs six searches"};
  Spread out{Number{median(values), digits}, few, few};
  if (const auto interval = median_interval(values)) {
    out.low = Number{interval->low, digits};
    out.high = Number{interval->high, digits};
  }
  return out;
}

std::vector<double> values_of(const std::vector<const FinishedSearch*>& searches,
                              double FinishedSearch::*figure) {
  std::vector<double> values;
  values.reserve(searches.size());
  for (const FinishedSearch* s : searches) values.push_back(s->*figure);
  return values;
}

const Missing& not_searched() {
  static const Missing reason{"not searched"};
  return reason;
}

}  // namespace tilewright

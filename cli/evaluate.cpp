// tilewright evaluate: PPA of one design, every component and ceiling explained; or L0 over a CSV.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>

#include "cli/csv_evaluation.h"
#include "cli/design_file.h"
#include "cli/manifest.h"
#include "cli/options.h"
#include "cli/source.h"
#include "cli/summary.h"
#include "cli/target.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "experiments/design_tables.h"
#include "support/error.h"
#include "support/file.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

struct EvaluateOptions {
  CommonOptions common;
  std::string design;
  ModelOptions model;
  TargetOptions target;
  std::string csv, output;
};

// A named design, on the tiles that the mapping derives for it.
Design named_design(const std::string& which, const Target& target) {
  Design design;
  design.name = which;
  design.workload = target.surrogate->constants().name;
  design.node = target.surrogate->node().name();
  design.mode = mode_name(target.mode);
  design.actions = named_actions(which, *target.surrogate);
  design.mesh_w = static_cast<std::int32_t>(design.actions[kMeshW]);
  design.mesh_h = static_cast<std::int32_t>(design.actions[kMeshH]);
  return design;
}

// The model given, else the workload beside the design, else the workload that the paper prints.
std::string model_of(const EvaluateOptions& o, const fs::path& folder,
                     const Calibration& calibration, Mode mode) {
  if (!o.model.model.empty()) return o.model.model;
  if (is_named_design(o.design)) return printed_workload(calibration, mode);
  const fs::path beside = folder / "workload.json";
  if (fs::exists(beside)) return beside.string();
  throw Error("TW-CLI-011", "no workload.json lies beside the design", o.design,
              "give the MODEL it was made for");
}

std::string explained(const Design& design, const Ppa& ppa, const Target& target) {
  Summary summary;
  summary.design = &design;
  summary.ppa = &ppa;
  summary.workload = target.workload.get();
  std::string text = summary_text(summary) + "\n" + to_text(ppa_table(ppa));
  if (!ppa.factors.empty()) text += "\n" + to_text(factor_table(ppa));
  return text;
}

int evaluate_design(const EvaluateOptions& o) {
  Timings timings;
  DesignFile file;
  if (!is_named_design(o.design)) file = read_design(o.design);
  const TargetOptions options =
      with_defaults(with_defaults(o.target, file.target), default_target());
  const auto calibration =
      std::make_shared<const Calibration>(load_calibration(*options.calibration));
  const Mode mode = parse_mode(*options.mode);
  ModelOptions model = o.model;
  model.model = model_of(o, file.folder, *calibration, mode);
  if (!model.context) model.context = file.context;
  const Source source = load_source(model.model, load_options(model, *calibration, mode));
  const Target target =
      make_target(options, calibration, source.workload, overrides_of(options, model.context));
  Design design =
      is_named_design(o.design) ? named_design(o.design, target) : std::move(file.design);

  Mapping mapping;
  log_target(target);
  timings.stage("load");
  const Ppa ppa = judge(target, design, mapping);
  timings.stage("judge");
  warn_about(ppa, target);
  if (design.tiles.empty()) design.tiles = mapping.tiles;
  if (o.common.json) {
    print_json(to_json(ppa));
  } else {
    print(explained(design, ppa, target));
  }
  return ppa.feasible ? 0 : 1;
}

int run_evaluate(const EvaluateOptions& o) {
  if (o.csv.empty()) {
    if (o.design.empty()) {
      throw Error("TW-CLI-012", "nothing to evaluate", "command line",
                  "give a DESIGN, or --csv IN -o OUT");
    }
    return evaluate_design(o);
  }
  if (parse_level(o.target.level.value_or("L0")) != Level::kL0) {
    throw Error("TW-CLI-013", "a CSV of designs is evaluated by L0 only", "--level",
                "write --level L0");
  }
  const std::string calibration = o.target.calibration.value_or(kDefaultCalibration);
  print_to(o.output, evaluate_csv(read_file(o.csv), o.csv, load_calibration(calibration)));
  return 0;
}

}  // namespace

void add_evaluate(CLI::App& app, Run& run) {
  auto o = std::make_shared<EvaluateOptions>();
  CLI::App* verb =
      app.add_subcommand("evaluate", "PPA of one design, every component and ceiling explained");
  verb->add_option("DESIGN", o->design, "design.json, its folder, 'printed' or 'initial'")
      ->type_name("");
  add_options(*verb, o->model, "its model (default workload.json beside the design)");
  add_options(*verb, o->target);
  verb->add_option("--csv", o->csv,
                   "evaluate every row by L0: node_nm, mode and the 30 design variables")
      ->type_name("FILE");
  verb->add_option("-o,--output", o->output, "where the results of --csv go (default stdout)")
      ->type_name("FILE");
  add_options(*verb, o->common);
  verb->footer(
      "Examples:\n"
      "  tilewright evaluate demo/design.json\n"
      "  tilewright evaluate demo --json | cmp - demo/ppa.json     the same bytes\n"
      "  tilewright evaluate printed --node 3nm                    the paper's own design\n"
      "  tilewright evaluate printed --node 3nm --level L0\n"
      "  tilewright evaluate --level L0 --csv designs.csv -o results.csv\n"
      "Exit status 1: the design is not feasible.");
  verb->callback([o, &run] { run = [o] { return run_evaluate(*o); }; });
}

}  // namespace tilewright

// tilewright evaluate: PPA of one design, every component and ceiling explained; or L0 over a CSV.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>

#include "cli/accuracy.h"
#include "cli/csv_evaluation.h"
#include "cli/design_file.h"
#include "cli/manifest.h"
#include "cli/options.h"
#include "cli/source.h"
#include "cli/summary.h"
#include "cli/target.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "experiments/compare_calibrations.h"
#include "experiments/design_tables.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

struct EvaluateOptions {
  CommonOptions common;
  std::string design;
  ModelOptions model;
  TargetOptions target;
  InputOptions inputs;
  std::string csv, output;
  bool explain = false;
};

inline constexpr const char* kBothCalibrations = "both";

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

std::string explained(const Design& design, const Ppa& ppa, const Target& target, bool influences) {
  Summary summary;
  summary.design = &design;
  summary.ppa = &ppa;
  summary.workload = target.workload.get();
  std::string text = summary_text(summary) + "\n" + to_text(ppa_table(ppa));
  if (!ppa.factors.empty()) text += "\n" + to_text(factor_table(ppa));
  if (influences && ppa.physical) text += "\n" + to_text(influence_table(ppa, kInfluencesShown));
  return text;
}

// What a design is and what it is worth under one calibration.
struct Evaluated {
  Target target;
  Design design;
  Ppa ppa;
  std::optional<Accuracy> accuracy;  // where formats were asked for and the model brings weights
};

Evaluated evaluate_under(const EvaluateOptions& o, const DesignFile& file,
                         const TargetOptions& options, Timings& timings) {
  const auto calibration = std::make_shared<const Calibration>(calibration_of(options));
  const Mode mode = parse_mode(*options.mode);
  ModelOptions model = o.model;
  model.model = model_of(o, file.folder, *calibration, mode);
  if (!model.context) model.context = file.context;
  const Source source = load_source(model.model, load_options(model, *calibration, mode));
  Evaluated e;
  const Overrides overrides = overrides_of(options, model.context);
  e.target = make_target(options, calibration, source.workload, overrides);
  e.design = is_named_design(o.design) ? named_design(o.design, e.target) : file.design;
  Mapping mapping;
  log_target(e.target);
  timings.stage("load");
  e.ppa = judge(e.target, e.design, mapping);
  timings.stage("judge");
  if (overrides.weights && source.graph && brings_weights(*source.graph)) {
    e.accuracy = accuracy_of(model, o.inputs, *overrides.weights, o.common.seed);
    timings.stage("accuracy");
  }
  warn_about(e.ppa, e.target);
  if (e.design.tiles.empty()) e.design.tiles = mapping.tiles;
  e.design.topology = e.target.surrogate->topology();
  return e;
}

Judged judged(const Evaluated& e, const std::string& calibration) {
  return {calibration, e.ppa, e.design.actions[kMeshW] * e.design.actions[kMeshH],
          e.target.surrogate->constants().weight_mib};
}

// The same design at the same clock in MHz: a fraction of one calibration's fastest is another of
// the other's.
int evaluate_both(const EvaluateOptions& o, const DesignFile& file, TargetOptions options) {
  Timings timings;
  options.calibration = "paper";
  const Evaluated paper = evaluate_under(o, file, options, timings);
  options.calibration = "physical";
  DesignFile same = file;
  if (!is_named_design(o.design)) {
    const double f_max = find_node(calibration_of(options), *options.node).node.f_max_mhz();
    same.design.actions[kClock] = paper.ppa.clock_mhz / f_max;
  }
  const Evaluated physical = evaluate_under(o, same, options, timings);
  if (o.common.json) {
    print_json(Json{{"paper", to_json(paper.ppa)}, {"physical", to_json(physical.ppa)}});
  } else {
    print(to_text(calibration_table(judged(paper, "paper"), judged(physical, "physical"))));
  }
  return paper.ppa.feasible && physical.ppa.feasible ? 0 : 1;
}

int evaluate_design(const EvaluateOptions& o) {
  DesignFile file;
  if (!is_named_design(o.design)) file = read_design(o.design);
  const TargetOptions options =
      with_defaults(with_defaults(o.target, file.target), default_target());
  if (options.calibration == kBothCalibrations) return evaluate_both(o, file, options);
  Timings timings;
  const Evaluated e = evaluate_under(o, file, options, timings);
  if (o.common.json) {
    Json json = to_json(e.ppa);
    if (e.accuracy) json["accuracy"] = to_json(*e.accuracy);
    print_json(json);
  } else {
    print(explained(e.design, e.ppa, e.target, o.explain));
    if (e.accuracy) print("\naccuracy of these weights: " + accuracy_text(*e.accuracy) + "\n");
  }
  return e.ppa.feasible ? 0 : 1;
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
  if (o.target.topology) {
    throw Error("TW-CLI-013", "a CSV of designs is evaluated on meshes only", "--topology",
                "evaluate a design file with it");
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
  add_option(*verb, o->inputs);
  verb->add_flag("--explain", o->explain,
                 "which constants move a figure most, where they have bands");
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
      "  tilewright evaluate printed --topology torus              the same tiles, joined "
      "otherwise\n"
      "  tilewright evaluate printed --explain                     what its figures hang on\n"
      "  tilewright evaluate initial net.onnx --weights int8 --input image.npy   and what int8 "
      "costs\n"
      "  tilewright evaluate printed --calibration both            the paper's physics and ours\n"
      "  tilewright evaluate --level L0 --csv designs.csv -o results.csv\n"
      "Exit status 1: the design is not feasible.");
  verb->callback([o, &run] { run = [o] { return run_evaluate(*o); }; });
}

}  // namespace tilewright

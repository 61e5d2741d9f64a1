// tilewright calibrate: computes the constants of L1 at the printed designs (nodes/NAME/l1.toml).
#include <CLI/CLI.hpp>

#include <map>
#include <memory>

#include "cli/manifest.h"
#include "cli/options.h"
#include "cli/source.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "experiments/l1_constants.h"

namespace tilewright {
namespace {

struct CalibrateVerbOptions {
  CommonOptions common;
  std::string calibration = kPaperCalibration, output;
};

int run_calibrate(const CalibrateVerbOptions& o) {
  Timings timings;
  const Calibration calibration = load_calibration(o.calibration);
  std::map<std::string, std::shared_ptr<const Workload>> workloads;
  for (const auto& printed : calibration.workloads) {
    LoadOptions options;
    const auto& mode = calibration.modes.at(printed.mode);
    options.context = static_cast<std::int64_t>(mode.scalars.get("context"));
    workloads[printed.name] = load_source(printed.name, options).workload;
  }
  timings.stage("load");
  const std::string text = l1_constants_toml(calibration, workloads);
  timings.stage("calibrate");
  print_to(o.output, text);
  return 0;
}

}  // namespace

void add_calibrate(CLI::App& app, Run& run) {
  auto o = std::make_shared<CalibrateVerbOptions>();
  CLI::App* verb = app.add_subcommand(
      "calibrate", "computes the constants that make L1 equal L0 at the printed designs");
  verb->add_option("--calibration", o->calibration, "set of constants")
      ->type_name("NAME")
      ->capture_default_str();
  verb->add_option("-o,--output", o->output, "file to write (default stdout)")->type_name("FILE");
  add_options(*verb, o->common);
  verb->footer(
      "Example:\n  tilewright calibrate -o nodes/paper/l1.toml     after a change in mapping/");
  verb->callback([o, &run] { run = [o] { return run_calibrate(*o); }; });
}

}  // namespace tilewright

#include "inputs.h"

#include <unistd.h>

#include "frontend/frontend.h"
#include "models/models.h"
#include "support/file.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

std::shared_ptr<const Workload> workload_of(const std::string& model, std::int64_t context) {
  const fs::path file = fs::temp_directory_path() /
                        ("tilewright-" + model + "-" + std::to_string(::getpid()) + ".onnx");
  write_file(file, build_model(model, 0));
  LoadOptions options;
  options.context = context;
  auto workload =
      std::make_shared<const Workload>(make_workload(load_graph(file, options), options));
  fs::remove(file);
  return workload;
}

std::int64_t context_of(Mode mode) {
  return static_cast<std::int64_t>(load_calibration("paper").modes.at(mode).scalars.get("context"));
}

}  // namespace

std::shared_ptr<const Workload> llama_workload() {
  static const auto workload = workload_of("llama-3.1-8b", context_of(Mode::kHighPerformance));
  return workload;
}

std::shared_ptr<const Workload> smolvlm_workload() {
  static const auto workload = workload_of("smolvlm-256m", context_of(Mode::kLowPower));
  return workload;
}

ExperimentInputs make_inputs(const Calibration& calibration) {
  ExperimentInputs inputs;
  inputs.llama = evaluate_printed_designs(calibration, llama_workload(), Mode::kHighPerformance);
  inputs.smolvlm = evaluate_printed_designs(calibration, smolvlm_workload(), Mode::kLowPower);
  inputs.physical = std::make_shared<const Calibration>(load_calibration("physical"));
  inputs.printed = data_folder() / "paper" / "printed";
  inputs.load = [](const std::string& model, Mode mode) {
    return workload_of(model, context_of(mode));
  };
  return inputs;
}

const ExperimentInputs& paper_inputs() {
  static const ExperimentInputs inputs = make_inputs(load_calibration("paper"));
  return inputs;
}

Calibration with_nodes_scaled(Calibration calibration, double small, double large) {
  constexpr double kLastSmallNm = 7;
  for (NodeEntry& entry : calibration.nodes) {
    ProcessNode& n = entry.node;
    const double s = n.nm <= kLastSmallNm ? small : large;
    const Scalars before = n.columns;
    for (const auto& [key, band] : before.all()) n.columns.set(key, s * band.value);
    for (auto& [mode, printed] : entry.printed) {
      for (double* value :
           {&printed.tok_s, &printed.power_mw, &printed.area_mm2, &printed.power_budget_mw,
            &printed.area_budget_mm2, &printed.clock_mhz, &printed.vlen_bits}) {
        *value *= s;
      }
    }
  }
  return calibration;
}

}  // namespace tilewright

// tilewright quantise: weights, activations and KV cache through narrower numbers, and what that
// costs.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cmath>
#include <map>
#include <memory>

#include "cli/manifest.h"
#include "cli/options.h"
#include "cli/summary.h"
#include "cli/tensor_inputs.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "frontend/passes/run_passes.h"
#include "frontend/quantise/quantise.h"
#include "frontend/write_onnx.h"
#include "support/file.h"
#include "support/json.h"
#include "support/table.h"

namespace tilewright {
namespace {

struct QuantiseVerbOptions {
  CommonOptions common;
  ModelOptions model;
  InputOptions inputs;
  std::string output, weights = "int8", granularity = "channel", activations = "none",
                      cache = "none", calibration = "best";
  QuantiseOptions numbers;
  bool passes = false;
};

const std::map<std::string, Narrow> kNarrow = {{"none", Narrow::kNone},
                                               {"fp16", Narrow::kFloat16},
                                               {"bf16", Narrow::kBFloat16},
                                               {"int8", Narrow::kInt8},
                                               {"int4", Narrow::kInt4}};
const std::map<std::string, Granularity> kGranularity = {{"tensor", Granularity::kTensor},
                                                         {"channel", Granularity::kChannel},
                                                         {"group", Granularity::kGroup}};
const std::map<std::string, CalibrationMethod> kCalibration = {
    {"min-max", CalibrationMethod::kMinMax},
    {"percentile", CalibrationMethod::kPercentile},
    {"kl", CalibrationMethod::kKl},
    {"best", CalibrationMethod::kBest}};

template <typename T>
std::vector<std::string> names_of(const std::map<std::string, T>& map) {
  std::vector<std::string> names;
  for (const auto& [name, value] : map) names.push_back(name);
  return names;
}

std::string name_of(CalibrationMethod method) {
  for (const auto& [name, value] : kCalibration) {
    if (value == method) return name;
  }
  return "";
}

// Decibels; an operator without a weight has none.
Cell decibels(double db) {
  if (std::isnan(db)) return Missing{"no weight, or not run"};
  if (std::isinf(db)) return std::string(db > 0 ? "exact" : "lost");
  return Number{db, 4};
}

Table layers_table(const QuantisedModel& model) {
  Table table{"layers",
              "Layers",
              {{"Layer", ""}, {"Operator", ""}, {"Weight SNR", "dB"}, {"Output SNR", "dB"}},
              {}};
  for (const LayerReport& layer : model.layers) {
    table.add(
        {layer.name, layer.type, decibels(layer.weight_snr_db), decibels(layer.output_snr_db)});
  }
  return table;
}

Json number_json(double x) {
  return std::isfinite(x) ? Json(x) : Json(nullptr);
}

Json as_json(const QuantisedModel& model) {
  Json layers = Json::array();
  for (const LayerReport& layer : model.layers) {
    layers.push_back({{"name", layer.name},
                      {"type", layer.type},
                      {"weight_snr_db", number_json(layer.weight_snr_db)},
                      {"output_snr_db", number_json(layer.output_snr_db)}});
  }
  return {{"calibration", name_of(model.calibration)},
          {"output_snr_db", number_json(model.output_snr_db)},
          {"argmax_agreement", model.argmax_agreement},
          {"weight_bytes_before", model.bytes_before},
          {"weight_bytes", model.bytes_after},
          {"layers", std::move(layers)}};
}

std::string summary(const QuantisedModel& model) {
  Lines lines("quantised");
  lines.add("weights",
            fmt::format("{} became {}", bytes_text(static_cast<double>(model.bytes_before)),
                        bytes_text(static_cast<double>(model.bytes_after))));
  lines.add("calibration", name_of(model.calibration));
  lines.add("output", std::isinf(model.output_snr_db)
                          ? std::string("exact")
                          : fmt::format("SNR {:.1f} dB", model.output_snr_db));
  lines.add("agreement", fmt::format("{:.1f} % of the rows have the same largest element",
                                     100 * model.argmax_agreement));
  return to_text(layers_table(model)) + "\n" + lines.text();
}

int run_quantise(const QuantiseVerbOptions& o) {
  std::optional<ScratchFolder> scratch;
  Timings timings;
  Session session = open_session_of(o.model, o.inputs, o.common.seed, scratch);
  timings.stage("load");
  if (o.passes) run_passes(session.graph);
  QuantiseOptions options = o.numbers;
  options.numbers = {kNarrow.at(o.weights), kGranularity.at(o.granularity),
                     kNarrow.at(o.activations)};
  options.cache = kNarrow.at(o.cache);
  options.calibration = kCalibration.at(o.calibration);
  const QuantisedModel model = quantise(session.graph, {session.inputs}, options);
  timings.stage("quantise");
  if (!o.output.empty()) write_file(o.output, onnx_of_graph(model.graph));
  if (o.common.json) {
    print_json(as_json(model));
  } else {
    print(summary(model));
  }
  return 0;
}

}  // namespace

void add_quantise(CLI::App& app, Run& run) {
  auto o = std::make_shared<QuantiseVerbOptions>();
  CLI::App* verb = app.add_subcommand(
      "quantise", "narrower weights, activations and KV cache, and what they cost");
  add_options(*verb, o->model, o->inputs);
  verb->add_option("-o,--output", o->output, "writes the model in QDQ form")->type_name("FILE");
  const auto choice = [&](const char* name, std::string& member, const char* help,
                          const std::vector<std::string>& names) {
    verb->add_option(name, member, help)->check(CLI::IsMember(names))->capture_default_str();
  };
  choice("--weights", o->weights, "none, fp16, bf16, int8 or int4", names_of(kNarrow));
  choice("--granularity", o->granularity, "one scale a tensor, a channel, or a group of rows",
         names_of(kGranularity));
  verb->add_option("--group", o->numbers.group, "rows a scale with --granularity group")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str();
  choice("--activations", o->activations, "inputs of products: none, fp16, bf16, int8 or int4",
         names_of(kNarrow));
  choice("--cache", o->cache, "new keys and values, integers with a scale a head and token",
         names_of(kNarrow));
  verb->add_flag("--fixed-cache-scales", o->numbers.fixed_cache_scales,
                 "calibrates one scale a head for all tokens");
  choice("--calibration", o->calibration, "min-max, percentile, kl, or the best of them",
         names_of(kCalibration));
  verb->add_option("--percentile", o->numbers.percentile, "share that does not saturate, per cent")
      ->check(CLI::Range(50.0, 100.0))
      ->capture_default_str();
  verb->add_flag("--passes", o->passes, "optimises the graph first");
  add_options(*verb, o->common);
  verb->footer(
      "Examples:\n"
      "  tilewright quantise net.onnx --input image.npy -o net_int8.onnx\n"
      "  tilewright quantise net.onnx --input in.npz --activations int8 --calibration kl --json\n"
      "  tilewright quantise stories.onnx --input ids.npz --cache int8 --passes --context 0 "
      "--unfed zeros");
  verb->callback([o, &run] { run = [o] { return run_quantise(*o); }; });
}

}  // namespace tilewright

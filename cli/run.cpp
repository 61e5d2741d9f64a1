// tilewright run: a model on the reference interpreter.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>

#include "cli/manifest.h"
#include "cli/options.h"
#include "cli/tensor_inputs.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "frontend/interpret/interpreter.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"
#include "support/table.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

struct RunVerbOptions {
  CommonOptions common;
  ModelOptions model;
  InputOptions inputs;
  std::string output;
  bool wide = false;
};

Table outputs_table(const std::vector<NamedValue>& outputs) {
  Table table{
      "outputs",
      "Outputs",
      {{"Output", ""}, {"Type", ""}, {"Shape", ""}, {"Least", ""}, {"Largest", ""}, {"Mean", ""}},
      {}};
  for (const auto& [name, value] : outputs) {
    const std::vector<double> x = as_reals(value);
    if (x.empty()) {
      table.add({name, std::string(dtype_name(value.type)), shape_text(value.shape),
                 Missing{"empty"}, Missing{"empty"}, Missing{"empty"}});
      continue;
    }
    double sum = 0;
    for (const double v : x) sum += v;
    table.add({name, std::string(dtype_name(value.type)), shape_text(value.shape),
               Number{*std::min_element(x.begin(), x.end())},
               Number{*std::max_element(x.begin(), x.end())},
               Number{sum / static_cast<double>(x.size())}});
  }
  return table;
}

Json outputs_json(const std::vector<NamedValue>& outputs) {
  Json json;
  for (const auto& [name, value] : outputs) {
    Json values = Json::array();
    for (const double v : as_reals(value))
      values.push_back(std::isfinite(v) ? Json(v) : Json(fmt::format("{}", v)));
    json[name] = {
        {"type", dtype_name(value.type)}, {"shape", value.shape}, {"values", std::move(values)}};
  }
  return json;
}

void write_outputs(const std::string& file, const std::vector<NamedValue>& outputs) {
  const std::string ending = fs::path(file).extension().string();
  if (ending == ".npy" && outputs.size() == 1)
    return write_file(file, npy_of_tensor(outputs[0].value));
  if (ending != ".npz") {
    throw Error("TW-CLI-021", "outputs are written to .npz, or one output to .npy", file);
  }
  write_file(file, npz_of_tensors(outputs));
}

int run_run(const RunVerbOptions& o) {
  std::optional<ScratchFolder> scratch;
  Timings timings;
  const Session session = open_session_of(o.model, o.inputs, o.common.seed, scratch);
  RunOptions options;
  options.precision = o.wide ? Precision::kFloat64 : Precision::kDeclared;
  Interpreter interpreter(session.graph, options);
  timings.stage("load");
  std::vector<NamedValue> outputs;
  for (Value& value : interpreter.run(session.inputs)) {
    const auto tensor = static_cast<std::size_t>(session.graph.outputs[outputs.size()]);
    outputs.push_back({session.graph.tensors[tensor].name, std::move(value)});
  }
  timings.stage("run");
  if (!o.output.empty()) write_outputs(o.output, outputs);
  if (o.common.json) {
    print_json(outputs_json(outputs));
  } else {
    print(to_text(outputs_table(outputs)));
  }
  return 0;
}

}  // namespace

void add_run(CLI::App& app, Run& run) {
  auto o = std::make_shared<RunVerbOptions>();
  CLI::App* verb = app.add_subcommand("run", "runs a model on the reference interpreter");
  add_options(*verb, o->model, o->inputs);
  verb->add_option("-o,--output", o->output, "writes the outputs: .npz, or .npy for one")
      ->type_name("FILE");
  verb->add_flag("--float64", o->wide, "computes every floating-point tensor in float64");
  add_options(*verb, o->common);
  verb->footer(
      "Examples:\n"
      "  tilewright run net.onnx --input image.npy -o logits.npy\n"
      "  tilewright run net.onnx --input ids=ids.pb --input mask=mask.npy --json\n"
      "  tilewright run llama-tiny --unfed random --context 16");
  verb->callback([o, &run] { run = [o] { return run_run(*o); }; });
}

}  // namespace tilewright

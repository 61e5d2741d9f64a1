// tilewright run: a model on the reference interpreter.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>

#include "cli/manifest.h"
#include "cli/options.h"
#include "cli/source.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "frontend/interpret/interpreter.h"
#include "frontend/interpret/session.h"
#include "models/models.h"
#include "support/error.h"
#include "support/file.h"
#include "support/table.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

struct RunVerbOptions {
  CommonOptions common;
  ModelOptions model;
  std::vector<std::string> inputs;
  std::string output, unfed = "refuse";
  bool wide = false;
};

// FILE, or NAME=FILE for a file with one tensor.
std::vector<NamedValue> read_inputs(const std::vector<std::string>& arguments) {
  std::vector<NamedValue> tensors;
  for (const std::string& argument : arguments) {
    const std::size_t equals = argument.find('=');
    const bool named = equals != std::string::npos && !fs::exists(argument);
    std::vector<NamedValue> some = read_tensor_file(named ? argument.substr(equals + 1) : argument);
    if (named) {
      if (some.size() != 1)
        throw Error("TW-CLI-021", "NAME=FILE needs a file with one tensor", argument);
      some[0].name = argument.substr(0, equals);
    }
    std::move(some.begin(), some.end(), std::back_inserter(tensors));
  }
  return tensors;
}

Unfed unfed_of(const std::string& text) {
  return text == "zeros" ? Unfed::kZeros : text == "random" ? Unfed::kRandom : Unfed::kRefuse;
}

std::string shape_text(const Shape& shape) {
  return fmt::format("[{}]", fmt::join(shape, ","));
}

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
  require_model(o.model.model);
  std::optional<ScratchFolder> scratch;
  fs::path file = o.model.model;
  if (is_builtin_model(o.model.model)) {
    scratch.emplace();
    file = scratch->path() / (o.model.model + ".onnx");
    write_scratch(file, build_model(o.model.model, kModelSeed));
  }
  LoadOptions load;
  load.dims = parse_dims(o.model.dims);
  load.context = o.model.context.value_or(load.context);
  Timings timings;
  Session session =
      open_session(file, read_inputs(o.inputs), load, unfed_of(o.unfed), o.common.seed);
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
  verb->add_option("MODEL", o->model.model, "built-in name or .onnx file")
      ->type_name("")
      ->required();
  verb->add_option("--input", o->inputs,
                   "tensors of the inputs: an .npz, or one of .npy or .pb, under a name")
      ->type_name("[NAME=]FILE ...");
  verb->add_option("-o,--output", o->output, "writes the outputs: .npz, or .npy for one")
      ->type_name("FILE");
  verb->add_option("--unfed", o->unfed, "what inputs without a tensor get: refuse, zeros or random")
      ->check(CLI::IsMember({"refuse", "zeros", "random"}))
      ->capture_default_str();
  verb->add_flag("--float64", o->wide, "computes every floating-point tensor in float64");
  verb->add_option("--dim", o->model.dims, "binds symbolic dimensions")->type_name("NAME=N,...");
  verb->add_option("--context", o->model.context, "tokens of KV cache where no tensor says it")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 32));
  add_options(*verb, o->common);
  verb->footer(
      "Examples:\n"
      "  tilewright run net.onnx --input image.npy -o logits.npy\n"
      "  tilewright run net.onnx --input ids=ids.pb --input mask=mask.npy --json\n"
      "  tilewright run llama-tiny --unfed random --context 16");
  verb->callback([o, &run] { run = [o] { return run_run(*o); }; });
}

}  // namespace tilewright

#include "cli/tensor_inputs.h"

#include <CLI/CLI.hpp>
#include <filesystem>

#include "cli/source.h"
#include "models/models.h"
#include "support/error.h"

namespace tilewright {
namespace fs = std::filesystem;

void add_option(CLI::App& verb, InputOptions& options) {
  verb.add_option("--input", options.inputs,
                  "tensors of the inputs: an .npz, or one of .npy or .pb, under a name")
      ->type_name("[NAME=]FILE");
}

void add_options(CLI::App& verb, ModelOptions& model, InputOptions& options) {
  verb.add_option("MODEL", model.model, "built-in name or .onnx file")->type_name("")->required();
  verb.add_option("--dim", model.dims, "binds symbolic dimensions")->type_name("NAME=N,...");
  verb.add_option("--context", model.context, "tokens of KV cache where no tensor says it")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 32));
  add_option(verb, options);
  verb.add_option("--unfed", options.unfed,
                  "what inputs without a tensor get: refuse, zeros or random")
      ->check(CLI::IsMember({"refuse", "zeros", "random"}))
      ->capture_default_str();
}

std::vector<NamedValue> read_inputs(const std::vector<std::string>& arguments) {
  std::vector<NamedValue> tensors;
  for (const std::string& argument : arguments) {
    const std::size_t equals = argument.find('=');
    const bool named = equals != std::string::npos && !fs::exists(argument);
    std::vector<NamedValue> some = read_tensor_file(named ? argument.substr(equals + 1) : argument);
    if (named) {
      if (some.size() != 1) {
        throw Error("TW-CLI-021", "NAME=FILE needs a file with one tensor", argument);
      }
      some[0].name = argument.substr(0, equals);
    }
    std::move(some.begin(), some.end(), std::back_inserter(tensors));
  }
  return tensors;
}

Session open_session_of(const ModelOptions& model, const InputOptions& inputs, std::uint64_t seed,
                        std::optional<ScratchFolder>& scratch) {
  require_model(model.model);
  fs::path file = model.model;
  if (is_builtin_model(model.model)) {
    scratch.emplace();
    file = scratch->path() / (model.model + ".onnx");
    write_scratch(file, build_model(model.model, kModelSeed));
  }
  LoadOptions load;
  load.dims = parse_dims(model.dims);
  load.context = model.context.value_or(load.context);
  const Unfed unfed = inputs.unfed == "zeros"    ? Unfed::kZeros
                      : inputs.unfed == "random" ? Unfed::kRandom
                                                 : Unfed::kRefuse;
  return open_session(file, read_inputs(inputs.inputs), load, unfed, seed);
}

}  // namespace tilewright

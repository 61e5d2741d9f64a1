#include "frontend/interpret/session.h"

#include <algorithm>
#include <map>

#include "frontend/frontend.h"
#include "frontend/text.h"
#include "support/error.h"
#include "support/random.h"

namespace tilewright {
namespace {

std::map<std::string, Value> by_name(const std::vector<std::string>& names,
                                     std::vector<NamedValue> tensors) {
  std::map<std::string, Value> given;
  std::vector<NamedValue> unnamed;
  for (NamedValue& tensor : tensors) {
    if (std::find(names.begin(), names.end(), tensor.name) == names.end()) {
      unnamed.push_back(std::move(tensor));
    } else {
      given[tensor.name] = std::move(tensor.value);
    }
  }
  auto next = unnamed.begin();
  for (const std::string& name : names) {
    if (next != unnamed.end() && !given.contains(name)) given[name] = std::move((next++)->value);
  }
  if (next != unnamed.end()) {
    throw Error("TW-RUN-010", "the model has no input for it",
                "tensor '" + printable(next->name) + "'",
                std::to_string(names.size()) + " inputs, the first is '" +
                    (names.empty() ? "" : printable(names[0])) + "'");
  }
  return given;
}

Value as_declared(Value value, const Tensor& tensor) {
  if (value.type == tensor.type) return value;
  if (is_floating(value.type) && !is_floating(tensor.type)) {
    throw Error("TW-RUN-007",
                std::string("the tensor is ") + dtype_name(value.type) + " where the model has " +
                    dtype_name(tensor.type),
                "input '" + printable(tensor.name) + "'");
  }
  return converted(value, tensor.type, Precision::kDeclared);
}

Value made_up(const Tensor& tensor, Unfed unfed, std::uint64_t seed) {
  if (unfed == Unfed::kRefuse) {
    throw Error("TW-RUN-010", "no tensor is given for it",
                "input '" + printable(tensor.name) + "' (" + dtype_name(tensor.type) + " " +
                    shape_text(tensor.shape) + ")",
                "give it with --input, or let it be made up with --unfed zeros or random");
  }
  Value value = make_value(tensor.type, tensor.shape, Precision::kDeclared);
  RandomStream stream(seed, "input/" + tensor.name);
  if (auto* const floats = std::get_if<std::vector<float>>(&value.elements);
      floats != nullptr && unfed == Unfed::kRandom) {
    for (float& x : *floats) x = static_cast<float>(stream.normal());
    settle(value, Precision::kDeclared);
  }
  return value;
}

}  // namespace

Session open_session(const std::filesystem::path& model, std::vector<NamedValue> tensors,
                     LoadOptions options, Unfed unfed, std::uint64_t seed) {
  std::map<std::string, Value> given = by_name(input_names(model), std::move(tensors));
  for (const auto& [name, value] : given) options.inputs[name] = value.shape;
  Session session{load_graph(model, options), {}};
  for (const std::int32_t input : session.graph.inputs) {
    const Tensor& tensor = session.graph.tensors[static_cast<std::size_t>(input)];
    const auto entry = given.find(tensor.name);
    session.inputs.push_back(entry == given.end() ? made_up(tensor, unfed, seed)
                                                  : as_declared(std::move(entry->second), tensor));
  }
  return session;
}

}  // namespace tilewright

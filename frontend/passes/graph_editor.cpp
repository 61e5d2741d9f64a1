#include "frontend/passes/graph_editor.h"

#include <algorithm>
#include <utility>

#include "frontend/graph_builder.h"
#include "frontend/op_table.h"
#include "frontend/tensor_data.h"
#include "support/error.h"

namespace tilewright {
namespace {

std::size_t at(std::int32_t index) {
  return static_cast<std::size_t>(index);
}

}  // namespace

GraphEditor::GraphEditor(Graph& graph)
    : graph_(graph),
      alive_(graph.nodes.size(), 1),
      producer_(graph.tensors.size(), -1),
      users_(graph.tensors.size()),
      output_count_(graph.tensors.size()) {
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    const auto node = static_cast<std::int32_t>(n);
    for (const std::int32_t input : graph.nodes[n].inputs) use(input, node);
    for (const std::int32_t output : graph.nodes[n].outputs) {
      if (output >= 0) producer_[at(output)] = node;
    }
  }
  for (const std::int32_t output : graph.outputs) ++output_count_[at(output)];
  for (const Tensor& tensor : graph.tensors) names_.insert(tensor.name);
}

std::int32_t GraphEditor::producer(std::int32_t tensor) const {
  return tensor < 0 ? -1 : producer_[at(tensor)];
}
const Tensor& GraphEditor::tensor(std::int32_t t) const {
  static const Tensor kAbsent;
  return t < 0 ? kAbsent : graph_.tensors[at(t)];
}
const std::vector<std::int32_t>& GraphEditor::users(std::int32_t tensor) const {
  static const std::vector<std::int32_t> kNone;
  return tensor < 0 ? kNone : users_[at(tensor)];
}
bool GraphEditor::is_output(std::int32_t tensor) const {
  return tensor >= 0 && output_count_[at(tensor)] > 0;
}
bool GraphEditor::in_use(std::int32_t tensor) const {
  return is_output(tensor) || !users(tensor).empty();
}
bool GraphEditor::used_once(std::int32_t tensor) const {
  return !is_output(tensor) && users(tensor).size() == 1;
}

void GraphEditor::use(std::int32_t tensor, std::int32_t node) {
  if (tensor >= 0) users_[at(tensor)].push_back(node);
}
void GraphEditor::unuse(std::int32_t tensor, std::int32_t node) {
  if (tensor < 0) return;
  std::vector<std::int32_t>& list = users_[at(tensor)];
  list.erase(std::find(list.begin(), list.end(), node));
}

std::int32_t GraphEditor::add_tensor(const std::string& name) {
  Tensor tensor;
  tensor.name = name;
  for (int i = 1; !names_.insert(tensor.name).second; ++i) {
    tensor.name = name + "_" + std::to_string(i);
  }
  graph_.tensors.push_back(std::move(tensor));
  producer_.push_back(-1);
  users_.emplace_back();
  output_count_.push_back(0);
  return static_cast<std::int32_t>(graph_.tensors.size() - 1);
}

std::int32_t GraphEditor::add_stored(const Value& value, const std::string& name, bool weight) {
  const std::int32_t index = add_tensor(name);
  Tensor& tensor = graph_.tensors[at(index)];
  tensor.type = value.type;
  tensor.shape = value.shape;
  tensor.has_shape = true;
  tensor.is_weight = weight;
  tensor.location.kind = WeightLocation::Kind::kMemory;
  tensor.location.memory = std::make_shared<const std::string>(bytes_of_value(value));
  tensor.location.bytes = static_cast<std::int64_t>(tensor.location.memory->size());
  keep_small_value(*tensor.location.memory, tensor);
  return index;
}

std::int32_t GraphEditor::add_weight(const Value& value, const std::string& name) {
  return add_stored(value, name, true);
}

std::int32_t GraphEditor::add_constant(const Value& value, const std::string& name) {
  const std::int32_t tensor = add_stored(value, name, false);
  Node node;
  node.type = "Constant";
  node.name = graph_.tensors[at(tensor)].name;
  node.outputs = {tensor};
  graph_.nodes.push_back(std::move(node));
  alive_.push_back(1);
  producer_[at(tensor)] = static_cast<std::int32_t>(graph_.nodes.size() - 1);
  return tensor;
}

std::int32_t GraphEditor::add_node(Node node) {
  const auto index = static_cast<std::int32_t>(graph_.nodes.size());
  for (const std::int32_t input : node.inputs) use(input, index);
  for (const std::int32_t output : node.outputs) {
    if (output >= 0) producer_[at(output)] = index;
  }
  graph_.nodes.push_back(std::move(node));
  alive_.push_back(1);
  const Node& added = graph_.nodes.back();
  for (const std::int32_t input : added.inputs) {
    if (input >= 0 && !tensor(input).has_shape)
      throw Error("TW-SHAPE-002", "the shape of a tensor cannot be determined", describe(added));
  }
  const OpRule* const rule = find_rule(added.domain, added.type);
  OpInfer infer(graph_, added);
  if (rule == nullptr || rule->infer == nullptr || !rule->infer(infer)) {
    throw Error("TW-PASS-001", "a pass made a node whose shape is not known", describe(added), "",
                ErrorKind::kInternal);
  }
  return index;
}

std::int32_t GraphEditor::add_op(const std::string& type, std::vector<std::int32_t> inputs,
                                 std::map<std::string, Attribute> attributes,
                                 const std::string& name) {
  const std::int32_t output = add_tensor(name);
  Node node;
  node.type = type;
  node.name = graph_.tensors[at(output)].name;
  node.inputs = std::move(inputs);
  node.outputs = {output};
  node.attributes = std::move(attributes);
  add_node(std::move(node));
  return output;
}

bool GraphEditor::replace(std::int32_t old, std::int32_t fresh) {
  const Tensor &before = tensor(old), &after = tensor(fresh);
  if (old == fresh || before.type != after.type || before.has_shape != after.has_shape ||
      before.shape != after.shape) {
    return false;
  }
  const std::vector<std::int32_t> readers = std::exchange(users_[at(old)], {});
  for (const std::int32_t reader : readers) {
    for (std::int32_t& input : graph_.nodes[at(reader)].inputs) {
      if (input != old) continue;
      input = fresh;
      use(fresh, reader);
      break;  // one entry of the list a use
    }
  }
  if (output_count_[at(old)] == 0) return true;
  // A graph output keeps its name. Where the new tensor has a name that counts itself, it is
  // copied.
  const bool named = producer_[at(fresh)] < 0 || output_count_[at(fresh)] > 0;
  const std::int32_t shown = named ? add_op("Identity", {fresh}, {}, tensor(old).name) : fresh;
  std::swap(graph_.tensors[at(shown)].name, graph_.tensors[at(old)].name);
  for (std::int32_t& output : graph_.outputs) output = output == old ? shown : output;
  output_count_[at(shown)] += std::exchange(output_count_[at(old)], 0);
  return true;
}

void GraphEditor::set_input(std::int32_t node, std::size_t slot, std::int32_t tensor) {
  std::int32_t& input = graph_.nodes[at(node)].inputs.at(slot);
  unuse(input, node);
  input = tensor;
  use(tensor, node);
}

void GraphEditor::remove(std::int32_t node) {
  if (alive_[at(node)] == 0) return;
  alive_[at(node)] = 0;
  for (const std::int32_t input : graph_.nodes[at(node)].inputs) unuse(input, node);
  for (const std::int32_t output : graph_.nodes[at(node)].outputs) {
    if (output >= 0 && producer_[at(output)] == node) producer_[at(output)] = -1;
  }
}

void GraphEditor::finish() {
  std::vector<Node> kept;
  for (std::size_t n = 0; n < graph_.nodes.size(); ++n) {
    if (alive_[n] != 0) kept.push_back(std::move(graph_.nodes[n]));
  }
  graph_.nodes = std::move(kept);
  sort_nodes(graph_);
}

}  // namespace tilewright

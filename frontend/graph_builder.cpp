#include "frontend/graph_builder.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "frontend/node_attributes.h"
#include "frontend/op_view.h"
#include "frontend/scope.h"
#include "frontend/text.h"
#include "support/error.h"

namespace tilewright {
namespace {

using proto::AttributeView;
using proto::GraphView;
using proto::NodeView;
using proto::TensorView;

using Results = std::unordered_map<std::string_view, std::int32_t>;

class Builder {
 public:
  Builder(const proto::ModelView& model, const TensorSource& source, std::size_t most_expanded)
      : model_(model), source_(source), expandable_(most_expanded) {}

  BuiltGraph build();

 private:
  void read_header();
  void add_graph_inputs(Scope& scope);
  void add_initialisers(const GraphView& view, Scope& scope);
  void add_initialiser(const TensorView& view, Scope& scope);
  void add_sparse(const proto::SparseView& view, Scope& scope);
  void add_declared(const GraphView& view, const Scope& scope);
  // `results` names the outputs that already have a tensor: those of the call that is written out.
  void add_nodes(const std::vector<NodeView>& nodes, Scope& scope, int depth, Results results);
  std::set<const NodeView*> replaced_constants(const std::vector<NodeView>& nodes) const;
  void add_node(const NodeView& view, const Scope& scope, int depth);
  void add_plain(const NodeView& view, const Scope& scope, Node node);
  void add_call(const proto::FunctionView& function, const NodeView& call, const Scope& scope,
                const Node& node, int depth);
  void add_branch(const GraphView& branch, const Scope& scope, const Node& node, int depth);
  void add_body(const std::vector<NodeView>& nodes, const std::vector<std::string_view>& names,
                const Node& node, Scope& body, int depth);
  void add_identity(std::int32_t from, std::int32_t to, const std::string& name);
  void charge(const NodeView& node, const Scope& scope);
  std::int32_t new_tensor(std::string name);
  void bind(std::string_view name, std::int32_t tensor, Scope& scope);
  std::int32_t declare(std::string_view name, Scope& scope);
  const proto::FunctionView* function(const NodeView& call) const;

  const proto::ModelView& model_;
  const TensorSource& source_;
  std::size_t expandable_;  // what functions and branches may still add, see charge()
  std::unordered_map<std::string, int> names_;  // of tensors; how many ask for each
  BuiltGraph built_;
  Graph& graph_ = built_.graph;
};

void Builder::read_header() {
  const std::string where = source_.file.string();
  if (!model_.has_graph) {
    throw Error("TW-ONNX-004", "the file holds no graph", where, "is this an ONNX model?");
  }
  graph_.file = source_.file;
  graph_.name = std::string(model_.graph.name);
  graph_.ir_version = model_.ir_version;
  for (const auto& [domain, version] : model_.opsets) {
    if (version < 0) {
      throw Error("TW-ONNX-004", "operator set version " + std::to_string(version), where);
    }
    graph_.opsets[std::string(domain)] = version;
  }
  // Files before IR version 3 name no operator set and mean the first.
  if (!graph_.opsets.contains("") && model_.ir_version < 3) {
    graph_.opsets[""] = 1;
  }
  if (graph_.opsets.empty()) {
    throw Error("TW-ONNX-004", "the file names no operator set", where,
                "the file may be cut off; export or download it again");
  }
  if (model_.graph.nodes.empty()) {
    throw Error("TW-ONNX-006", "the graph has no nodes", where);
  }
}

// Of a function's or branch's body every node, tensor, attribute and name costs: a short file may
// describe an exponential expansion.
void Builder::charge(const NodeView& node, const Scope& scope) {
  constexpr std::size_t kBytes = 16;
  std::size_t cost =
      1 + node.inputs.size() + node.outputs.size() * (1 + scope.prefix.size() / kBytes);
  for (const AttributeView& a : node.attributes) {
    cost += 1 + (a.s.size() + 8 * (a.ints.size() + a.floats.size() + a.strings.size())) / kBytes;
    if (a.graph != nullptr) cost += a.graph->initialisers.size();
  }
  if (cost > expandable_) {
    throw Error("TW-ONNX-032", "functions or branches expand without bound", source_.file.string());
  }
  expandable_ -= cost;
}

// Names of functions' and branches' tensors may meet; each gets one of its own.
std::int32_t Builder::new_tensor(std::string name) {
  Tensor tensor;
  for (int& times = names_[name]; times++ > 0;) {
    std::string other = name + "#" + std::to_string(times);
    if (names_.try_emplace(other, 1).second) {
      name = std::move(other);
      break;
    }
  }
  tensor.name = std::move(name);
  graph_.tensors.push_back(std::move(tensor));
  return static_cast<std::int32_t>(graph_.tensors.size() - 1);
}

void Builder::bind(std::string_view name, std::int32_t tensor, Scope& scope) {
  if (!scope.names.try_emplace(name, tensor).second) {
    throw Error("TW-ONNX-031", "the name " + in_quotes(name) + " is defined twice",
                source_.file.string(), "every tensor needs one definition");
  }
}

std::int32_t Builder::declare(std::string_view name, Scope& scope) {
  bind(name, static_cast<std::int32_t>(graph_.tensors.size()), scope);
  return new_tensor(scope.prefix + std::string(name));
}

void Builder::add_initialiser(const TensorView& view, Scope& scope) {
  const std::int32_t index = declare(view.name, scope);
  Tensor& tensor = graph_.tensors[static_cast<std::size_t>(index)];
  describe_tensor(view, source_, tensor);
  tensor.is_weight = true;
}

void Builder::add_sparse(const proto::SparseView& view, Scope& scope) {
  const std::int32_t index = declare(view.values.name, scope);
  Tensor& tensor = graph_.tensors[static_cast<std::size_t>(index)];
  describe_tensor(view.values, source_, tensor);
  tensor.shape = view.dims;
  tensor.has_value = tensor.has_reals = false;
  tensor.location = {};  // stored as values and indices: there are no dense bytes to point at
  tensor.is_weight = true;
  for (const std::int64_t dim : view.dims) {
    if (dim < 0) {
      throw Error("TW-ONNX-012", "a dimension is negative",
                  "tensor " + in_quotes(view.values.name));
    }
  }
  check_size(tensor);
}

void Builder::add_initialisers(const GraphView& view, Scope& scope) {
  for (const TensorView& tensor : view.initialisers) {
    add_initialiser(tensor, scope);
  }
  for (const proto::SparseView& tensor : view.sparse_initialisers) {
    add_sparse(tensor, scope);
  }
}

void Builder::add_graph_inputs(Scope& scope) {
  for (const proto::ValueView& input : model_.graph.inputs) {
    // Up to IR version 3 every initialiser is listed among the inputs too.
    const auto known = scope.names.find(input.name);
    if (known != scope.names.end() &&
        graph_.tensors[static_cast<std::size_t>(known->second)].is_weight) {
      continue;
    }
    if (!input.is_tensor || input.other_type) {
      throw Error("TW-OP-003",
                  "the graph input " + in_quotes(input.name) +
                      " is not a tensor (sequences, optionals and maps are not supported)",
                  source_.file.string());
    }
    const std::int32_t index = declare(input.name, scope);
    graph_.tensors[static_cast<std::size_t>(index)].type = proto::data_type(input.data_type);
    built_.declared[index] = &input;
    graph_.inputs.push_back(index);
  }
}

void Builder::add_declared(const GraphView& view, const Scope& scope) {
  for (const auto* list : {&view.values, &view.outputs}) {
    for (const proto::ValueView& value : *list) {
      const auto entry = scope.names.find(value.name);
      if (entry != scope.names.end() && value.is_tensor) {
        built_.declared.try_emplace(entry->second, &value);
      }
    }
  }
}

const proto::FunctionView* Builder::function(const NodeView& call) const {
  for (const proto::FunctionView& candidate : model_.functions) {
    if (candidate.name == call.type && candidate.domain == call.domain &&
        candidate.overload == call.overload) {
      return &candidate;
    }
  }
  return nullptr;
}

void Builder::add_identity(std::int32_t from, std::int32_t to, const std::string& name) {
  Node node;
  node.type = "Identity";
  node.name = name;
  node.inputs = {from};
  node.outputs = {to};
  graph_.nodes.push_back(std::move(node));
}

// The names that the body gives to its results become the results of the call.
Results results_of(const std::vector<std::string_view>& names,
                   const std::vector<std::int32_t>& outs) {
  Results results;
  for (std::size_t i = 0; i < outs.size() && i < names.size(); ++i) {
    if (outs[i] >= 0) {
      results.try_emplace(names[i], outs[i]);
    }
  }
  return results;
}

// Writes `nodes` out in the place of `node`, in the scope `body`, where `names` are their results,
// at least as many as the node has. Those that are inputs of the body, outer values, or named twice
// get an Identity.
void Builder::add_body(const std::vector<NodeView>& nodes,
                       const std::vector<std::string_view>& names, const Node& node, Scope& body,
                       int depth) {
  add_nodes(nodes, body, depth + 1, results_of(names, node.outputs));
  for (std::size_t i = 0; i < node.outputs.size(); ++i) {
    const auto entry = body.names.find(names[i]);
    const bool bound = entry != body.names.end() && entry->second == node.outputs[i];
    if (node.outputs[i] >= 0 && !bound) {
      add_identity(resolve(names[i], body, "node " + in_quotes(node.name)), node.outputs[i],
                   body.prefix + std::string(names[i]));
    }
  }
}

void Builder::add_call(const proto::FunctionView& function, const NodeView& call,
                       const Scope& scope, const Node& node, int depth) {
  if (node.inputs.size() > function.inputs.size() ||
      node.outputs.size() > function.outputs.size()) {
    throw Error("TW-ONNX-034",
                "the call does not fit function " + in_quotes(function.domain) + "." +
                    in_quotes(function.name),
                "node " + in_quotes(node.name));
  }
  for (const std::int32_t output : node.outputs) {
    const bool given = output >= 0 && std::find(node.inputs.begin(), node.inputs.end(), output) !=
                                          node.inputs.end();
    if (given) {
      throw Error("TW-ONNX-040", "a call takes its own result", "node " + in_quotes(node.name));
    }
  }
  Scope body;
  body.prefix = node.name + "/";
  body.call = &call;
  body.caller = &scope;
  body.defaults = &function.defaults;
  for (std::size_t i = 0; i < function.inputs.size(); ++i) {
    body.names.try_emplace(function.inputs[i], i < node.inputs.size() ? node.inputs[i] : -1);
  }
  add_body(function.nodes, function.outputs, node, body, depth);
}

void Builder::add_branch(const GraphView& branch, const Scope& scope, const Node& node, int depth) {
  if (branch.outputs.size() < node.outputs.size()) {
    throw Error("TW-ONNX-034", "a branch has fewer outputs than its If",
                "node " + in_quotes(node.name));
  }
  Scope body;
  body.prefix = node.name + "/";
  body.parent = &scope;
  std::vector<std::string_view> names;
  for (const proto::ValueView& output : branch.outputs) {
    names.push_back(output.name);
  }
  add_initialisers(branch, body);
  add_body(branch.nodes, names, node, body, depth);
  add_declared(branch, body);
}

// The branch that is counted: which one runs is not known before the data are, and a chip has to
// hold and be able to run either, so the one with more nodes stands for both (the then branch on a
// tie).
const GraphView* heavier_branch(const NodeView& view) {
  const GraphView* branches[2] = {nullptr, nullptr};
  for (const AttributeView& attribute : view.attributes) {
    if (attribute.name == "then_branch") {
      branches[0] = attribute.graph.get();
    } else if (attribute.name == "else_branch") {
      branches[1] = attribute.graph.get();
    }
  }
  if (branches[0] == nullptr || branches[1] == nullptr) {
    return nullptr;
  }
  return branches[1]->nodes.size() > branches[0]->nodes.size() ? branches[1] : branches[0];
}

void Builder::add_node(const NodeView& view, const Scope& scope, int depth) {
  if (depth > 0) charge(view, scope);
  Node node;
  node.type = std::string(view.type);
  node.domain = std::string(view.domain);
  node.name = view.name.empty() ? "" : scope.prefix + std::string(view.name);
  const std::string user = "node " + (view.name.empty() ? printable(view.type) + "#" +
                                                              std::to_string(graph_.nodes.size())
                                                        : in_quotes(node.name));
  for (const std::string_view input : view.inputs) {
    node.inputs.push_back(resolve(input, scope, user));
  }
  for (const std::string_view output : view.outputs) {
    node.outputs.push_back(resolve(output, scope, user));
  }
  if (const proto::FunctionView* const body = function(view)) {
    return add_call(*body, view, scope, node, depth);
  }
  if (view.type == "If" && view.domain.empty()) {
    const GraphView* const branch = heavier_branch(view);
    if (branch == nullptr) {
      throw Error("TW-ONNX-034", "If without its two branches", user);
    }
    graph_.assumed.push_back(node.name);
    return add_branch(*branch, scope, node, depth);
  }
  add_plain(view, scope, std::move(node));
}

void Builder::add_plain(const NodeView& view, const Scope& scope, Node node) {
  for (const AttributeView& attribute : view.attributes) {
    add_attribute(attribute, scope, source_, graph_, node);
  }
  if (node.type.empty()) {
    throw Error("TW-ONNX-034", "a node without an operator type", "node " + in_quotes(node.name));
  }
  graph_.nodes.push_back(std::move(node));
}

// Constants of the main graph whose name a later Constant defines again: tools that resize a model
// leave them behind, and mean the later one. (Any other second definition is refused.)
std::set<const NodeView*> Builder::replaced_constants(const std::vector<NodeView>& nodes) const {
  std::set<const NodeView*> replaced;
  if (&nodes != &model_.graph.nodes) return replaced;
  std::unordered_map<std::string_view, const NodeView*> last;
  for (const NodeView& node : nodes) {
    if (node.type != "Constant" || !node.domain.empty() || node.outputs.size() != 1) continue;
    const NodeView*& earlier = last[node.outputs[0]];
    if (earlier != nullptr) replaced.insert(earlier);
    earlier = &node;
  }
  return replaced;
}

void Builder::add_nodes(const std::vector<NodeView>& nodes, Scope& scope, int depth,
                        Results results) {
  if (depth > kMaxDepth) {
    throw Error("TW-ONNX-032", "functions or branches expand without bound", source_.file.string());
  }
  const std::set<const NodeView*> replaced = replaced_constants(nodes);
  // All outputs before any input: the file may hold the nodes in any order.
  for (const NodeView& node : nodes) {
    if (replaced.contains(&node)) continue;
    for (const std::string_view output : node.outputs) {
      if (const auto known = results.find(output); known != results.end()) {
        bind(output, known->second, scope);
        results.erase(known);
      } else if (!output.empty()) {
        declare(output, scope);
      }
    }
  }
  for (const NodeView& node : nodes) {
    if (!replaced.contains(&node)) add_node(node, scope, depth);
  }
}

BuiltGraph Builder::build() {
  read_header();
  Scope scope;
  add_initialisers(model_.graph, scope);
  add_graph_inputs(scope);
  add_nodes(model_.graph.nodes, scope, 0, {});
  add_declared(model_.graph, scope);
  for (const proto::ValueView& output : model_.graph.outputs) {
    graph_.outputs.push_back(resolve(output.name, scope, "graph output " + in_quotes(output.name)));
    if (graph_.outputs.back() < 0) {
      throw Error("TW-ONNX-030", "a graph output has no name", source_.file.string());
    }
  }
  if (graph_.outputs.empty()) {
    throw Error("TW-ONNX-006", "the graph has no outputs", source_.file.string());
  }
  if (graph_.nodes.empty()) {
    throw Error("TW-ONNX-006", "the graph has no nodes but calls of empty functions",
                source_.file.string());
  }
  return std::move(built_);
}

}  // namespace

BuiltGraph build_graph(const proto::ModelView& model, const TensorSource& source,
                       std::size_t most_expanded) {
  return Builder(model, source, most_expanded).build();
}

}  // namespace tilewright

#include "frontend/graph_builder.h"

#include <string>
#include <utility>

#include "frontend/op_view.h"
#include "frontend/text.h"
#include "support/error.h"

namespace tilewright {
namespace {

using proto::AttributeView;
using proto::GraphView;
using proto::NodeView;
using proto::TensorView;

// Bounds on what inlining may produce: a short file may describe an exponential expansion.
constexpr std::size_t kMaxNodes = 1U << 21U;
constexpr int kMaxDepth = 32;

std::string in_quotes(std::string_view name) {
  return "'" + printable(name) + "'";
}

// Names visible in a graph; the body of a function sees only its own.
struct Scope {
  std::unordered_map<std::string_view, std::int32_t> names;
  const Scope* parent = nullptr;
  std::string prefix;              // of names that inlining brings in
  const NodeView* call = nullptr;  // the call whose attributes the body refers to
  const std::vector<AttributeView>* defaults = nullptr;
  const Scope* caller = nullptr;  // resolves references in the call's own attributes
};

using Results = std::unordered_map<std::string_view, std::int32_t>;

class Builder {
 public:
  Builder(const proto::ModelView& model, const TensorSource& source)
      : model_(model), source_(source) {}

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
  void add_node(const NodeView& view, const Scope& scope, int depth);
  void add_plain(const NodeView& view, const Scope& scope, Node node);
  void add_call(const proto::FunctionView& function, const NodeView& call, const Scope& scope,
                const Node& node, int depth);
  void add_branch(const GraphView& branch, const Scope& scope, const Node& node, int depth);
  void add_identity(std::int32_t from, std::int32_t to, const std::string& name);
  void add_attribute(const AttributeView& view, const Scope& scope, Node& node);
  void add_constant(const AttributeView& view, const Node& node);
  std::int32_t new_tensor(std::string name);
  void bind(std::string_view name, std::int32_t tensor, Scope& scope);
  std::int32_t declare(std::string_view name, Scope& scope);
  std::int32_t resolve(std::string_view name, const Scope& scope, const std::string& user) const;
  const proto::FunctionView* function(const NodeView& call) const;
  const AttributeView* referenced(const AttributeView& view, const Scope& scope,
                                  const Scope** found_in) const;

  const proto::ModelView& model_;
  const TensorSource& source_;
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

std::int32_t Builder::new_tensor(std::string name) {
  Tensor tensor;
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

std::int32_t Builder::resolve(std::string_view name, const Scope& scope,
                              const std::string& user) const {
  if (name.empty()) {
    return -1;
  }
  for (const Scope* level = &scope; level != nullptr; level = level->parent) {
    if (const auto entry = level->names.find(name); entry != level->names.end()) {
      return entry->second;
    }
  }
  throw Error("TW-ONNX-030", "the tensor " + in_quotes(name) + " is used but never defined", user,
              "export the model again; every tensor needs a node, an input or an initialiser");
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

// Follows ref_attr_name through the calls that brought us here; nullptr when the caller gave none.
const AttributeView* Builder::referenced(const AttributeView& view, const Scope& scope,
                                         const Scope** found_in) const {
  const Scope* body = &scope;
  while (body != nullptr && body->call == nullptr) {
    body = body->parent;
  }
  if (body == nullptr) {
    throw Error("TW-ONNX-033",
                "an attribute refers to " + in_quotes(view.reference) + " outside of any function",
                source_.file.string());
  }
  for (const AttributeView& given : body->call->attributes) {
    if (given.name == view.reference) {
      *found_in = body->caller;
      return &given;
    }
  }
  for (const AttributeView& standard : *body->defaults) {
    if (standard.name == view.reference) {
      *found_in = body;
      return &standard;
    }
  }
  return nullptr;
}

void Builder::add_constant(const AttributeView& view, const Node& node) {
  if (node.outputs.size() != 1) {
    throw Error("TW-ONNX-034", "Constant without one output", "node " + in_quotes(node.name));
  }
  Tensor& out = graph_.tensors[static_cast<std::size_t>(node.outputs[0])];
  if (view.tensor != nullptr) {
    describe_tensor(*view.tensor, source_, out);
    return;
  }
  const bool list = view.name == "value_ints" || view.name == "value_floats";
  if (view.name == "value_int" || view.name == "value_ints") {
    out.type = DType::kInt64;
    out.small_ints = list ? view.ints : std::vector<std::int64_t>{view.i};
    out.has_value = true;
    out.shape = list ? std::vector<std::int64_t>{static_cast<std::int64_t>(view.ints.size())}
                     : std::vector<std::int64_t>{};
  } else if (view.name == "value_float" || view.name == "value_floats") {
    out.type = DType::kFloat32;
    out.small_reals = list ? view.floats : std::vector<double>{static_cast<double>(view.f)};
    out.has_reals = true;
    out.shape = list ? std::vector<std::int64_t>{static_cast<std::int64_t>(view.floats.size())}
                     : std::vector<std::int64_t>{};
  } else {
    throw Error("TW-OP-002",
                "Constant with attribute " + in_quotes(view.name) + " is not supported",
                "node " + in_quotes(node.name));
  }
  out.has_shape = true;
}

void Builder::add_attribute(const AttributeView& given, const Scope& given_scope, Node& node) {
  const AttributeView* view = &given;
  const Scope* scope = &given_scope;
  for (int hops = 0; view != nullptr && !view->reference.empty(); ++hops) {
    if (hops > kMaxDepth || scope == nullptr) {
      throw Error("TW-ONNX-033", "attribute references run in a circle",
                  "node " + in_quotes(node.name));
    }
    view = referenced(*view, *scope, &scope);
  }
  if (view == nullptr) {
    return;
  }
  if (node.type == "Constant" && node.domain.empty()) {
    AttributeView named = *view;
    named.name = given.name;
    add_constant(named, node);
    return;
  }
  const std::string name(given.name);
  switch (view->type) {
    case proto::kFloat:
      node.attributes[name] = static_cast<double>(view->f);
      return;
    case proto::kInt:
      node.attributes[name] = view->i;
      return;
    case proto::kString:
      node.attributes[name] = std::string(view->s);
      return;
    case proto::kFloats:
      node.attributes[name] = view->floats;
      return;
    case proto::kInts:
      node.attributes[name] = view->ints;
      return;
    case proto::kStrings:
      node.attributes[name] = std::vector<std::string>(view->strings.begin(), view->strings.end());
      return;
    case proto::kTensor:
      break;
    default:
      return;  // graphs are handled by their operator, types by none that we count
  }
  if (view->tensor == nullptr) {
    throw Error("TW-ONNX-033", "attribute " + in_quotes(name) + " has no value",
                "node " + in_quotes(node.name));
  }
  // ConstantOfShape: one element, kept as its type and value.
  Tensor value;
  value.name = name;
  describe_tensor(*view->tensor, source_, value);
  node.attributes[name + ".type"] = static_cast<std::int64_t>(value.type);
  if (value.has_value) {
    node.attributes[name] = value.small_ints;
  } else if (value.has_reals) {
    node.attributes[name] = value.small_reals;
  }
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
template <typename Names>
Results results_of(const Names& names, const std::vector<std::int32_t>& outs) {
  Results results;
  for (std::size_t i = 0; i < outs.size() && i < names.size(); ++i) {
    if (outs[i] >= 0) {
      results.try_emplace(names[i], outs[i]);
    }
  }
  return results;
}

// Wires what results_of could not: results that are inputs, outer values, or named twice.
template <typename Names>
std::vector<std::pair<std::size_t, std::string_view>> leftover_results(
    const Names& names, const std::vector<std::int32_t>& outs, const Scope& scope) {
  std::vector<std::pair<std::size_t, std::string_view>> left;
  for (std::size_t i = 0; i < outs.size() && i < names.size(); ++i) {
    const auto entry = scope.names.find(names[i]);
    if (outs[i] >= 0 && (entry == scope.names.end() || entry->second != outs[i])) {
      left.emplace_back(i, names[i]);
    }
  }
  return left;
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
  Scope body;
  body.prefix = node.name + "/";
  body.call = &call;
  body.caller = &scope;
  body.defaults = &function.defaults;
  for (std::size_t i = 0; i < function.inputs.size(); ++i) {
    body.names.try_emplace(function.inputs[i], i < node.inputs.size() ? node.inputs[i] : -1);
  }
  add_nodes(function.nodes, body, depth + 1, results_of(function.outputs, node.outputs));
  for (const auto& [i, name] : leftover_results(function.outputs, node.outputs, body)) {
    add_identity(resolve(name, body, "function " + in_quotes(function.name)), node.outputs[i],
                 body.prefix + std::string(name));
  }
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
  add_nodes(branch.nodes, body, depth + 1, results_of(names, node.outputs));
  add_declared(branch, body);
  for (const auto& [i, name] : leftover_results(names, node.outputs, body)) {
    add_identity(resolve(name, body, "node " + in_quotes(node.name)), node.outputs[i],
                 body.prefix + std::string(name));
  }
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
    return add_branch(*branch, scope, node, depth);
  }
  add_plain(view, scope, std::move(node));
}

void Builder::add_plain(const NodeView& view, const Scope& scope, Node node) {
  for (const AttributeView& attribute : view.attributes) {
    add_attribute(attribute, scope, node);
  }
  if (node.type.empty()) {
    throw Error("TW-ONNX-034", "a node without an operator type", "node " + in_quotes(node.name));
  }
  graph_.nodes.push_back(std::move(node));
}

void Builder::add_nodes(const std::vector<NodeView>& nodes, Scope& scope, int depth,
                        Results results) {
  if (depth > kMaxDepth || graph_.nodes.size() + nodes.size() > kMaxNodes) {
    throw Error("TW-ONNX-032", "functions or branches expand without bound", source_.file.string());
  }
  // All outputs before any input: the file may hold the nodes in any order.
  for (const NodeView& node : nodes) {
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
    add_node(node, scope, depth);
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
  return std::move(built_);
}

}  // namespace

BuiltGraph build_graph(const proto::ModelView& model, const TensorSource& source) {
  return Builder(model, source).build();
}

}  // namespace tilewright

#include "frontend/interpret/interpreter.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <stdexcept>
#include <utility>
#include <variant>

#include "frontend/frontend.h"
#include "frontend/interpret/evaluate.h"
#include "frontend/interpret/node_run.h"
#include "frontend/interpret/rounding.h"
#include "frontend/op_table.h"
#include "frontend/tensor_data.h"
#include "frontend/text.h"
#include "support/error.h"

namespace tilewright {
namespace {

// A node with a graph of its own: its tensors, described anew for every run.
struct Step {
  const Node* original;
  const OpRule* rule;
  Graph graph;
  Node node;
  std::vector<std::int32_t> done;  // tensors that nobody reads afterwards
};

std::string quoted(const Tensor& tensor) {
  return "tensor '" + printable(tensor.name) + "'";
}

// Where shape rules look: the value of what is small.
void describe_value(const Value& value, Tensor& tensor) {
  tensor.type = value.type;
  tensor.shape = value.shape;
  tensor.has_shape = true;
  tensor.has_value = tensor.has_reals = false;
  if (value.count() > kSmallValue) return;
  if (is_floating(value.type)) {
    tensor.small_reals = as_reals(value);
    settle_reals(value.type, tensor.small_reals);  // as the graph's are, whatever the precision
    tensor.has_reals = true;
  } else {
    tensor.small_ints = as_ints(value);
    tensor.has_value = true;
  }
}

Step make_step(const Graph& graph, const Node& node) {
  Step step;
  step.original = &node;
  step.rule = find_rule(node.domain, node.type);
  if (step.rule == nullptr || step.rule->run == nullptr) {
    const bool refused = step.rule != nullptr && step.rule->refusal != nullptr;
    throw Error("TW-RUN-006",
                refused ? std::string("the operator is not run: ") + step.rule->refusal
                        : "the interpreter does not know the operator",
                describe(node));
  }
  step.graph.opsets = graph.opsets;
  step.node.name = node.name;
  step.node.type = node.type;
  step.node.domain = node.domain;
  step.node.attributes = node.attributes;
  const auto add = [&](std::int32_t tensor) {
    if (tensor < 0) return -1;
    step.graph.tensors.emplace_back().name = graph.tensors[static_cast<std::size_t>(tensor)].name;
    return static_cast<std::int32_t>(step.graph.tensors.size() - 1);
  };
  for (const std::int32_t input : node.inputs) step.node.inputs.push_back(add(input));
  for (const std::int32_t output : node.outputs) step.node.outputs.push_back(add(output));
  // A first result that nobody wants is checked and counted like any other.
  if (!step.node.outputs.empty() && step.node.outputs[0] < 0) {
    step.graph.tensors.emplace_back();
    step.node.outputs[0] = static_cast<std::int32_t>(step.graph.tensors.size() - 1);
  }
  return step;
}

// What it takes to go over a tensor; along an axis without elements the others are gone over.
double extent_of(const Tensor& tensor) {
  double extent = 1;
  for (const std::int64_t dim : tensor.shape) extent *= static_cast<double>(dim == 0 ? 1 : dim);
  return extent * static_cast<double>(1 + tensor.shape.size() / 4);
}

// Element operations of the step, as they are counted for the chip, and what goes in and comes out.
double work_of(const Step& step) {
  const OpView view(step.graph, step.node);
  double elements = 0;
  for (const Tensor& tensor : step.graph.tensors) elements += extent_of(tensor);
  if (!view.has_output(0) || !view.output(0).has_shape) return elements;
  WorkOp work;
  step.rule->count(view, step.rule->cost, work);
  return elements + work.tensor_elements + work.vector_elements;
}

// Kernels look at what depends on data through checked access.
void run_kernel(NodeRun& op, const Step& step) {
  try {
    step.rule->run(op);
  } catch (const std::out_of_range&) {
    throw Error("TW-SHAPE-001", "shapes do not fit: an input has fewer elements than it needs",
                describe(*step.original));
  } catch (const std::bad_variant_access&) {
    throw Error("TW-RUN-001", "the inputs' types do not fit each other", describe(*step.original));
  } catch (const std::bad_alloc&) {
    throw Error("TW-RUN-004", "there is no memory for the operator", describe(*step.original));
  } catch (const std::length_error&) {
    throw Error("TW-RUN-004", "there is no memory for the operator", describe(*step.original));
  }
}

// What the step's node makes of these inputs; a null pointer stands for an absent one.
std::vector<Value> run_step(Step& step, const std::vector<const Value*>& inputs,
                            Precision precision, Allowance& allowance) {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::int32_t input = step.node.inputs[i];
    if (input < 0) continue;
    if (inputs[i] == nullptr) {
      throw Error("TW-OP-005", "input " + std::to_string(i) + " has no value",
                  describe(*step.original));
    }
    if (i == 0 && !takes(step.rule->types, inputs[i]->type)) {
      throw Error(
          "TW-RUN-001",
          std::string("the operator does not take a tensor of type ") + dtype_name(inputs[i]->type),
          describe(*step.original));
    }
    describe_value(*inputs[i], step.graph.tensors[static_cast<std::size_t>(input)]);
  }
  for (const std::int32_t output : step.node.outputs) {
    if (output < 0) continue;
    Tensor& tensor = step.graph.tensors[static_cast<std::size_t>(output)];
    tensor.has_shape = tensor.has_value = tensor.has_reals = false;
  }
  OpInfer infer(step.graph, step.node);
  if (!step.rule->infer(infer)) {
    throw Error("TW-SHAPE-002", "the outputs' shape is not known from the inputs",
                describe(*step.original));
  }
  if (std::isfinite(allowance.work)) allowance.spend(work_of(step), *step.original);
  NodeRun op(step.graph, step.node, inputs, precision, allowance);
  run_kernel(op, step);
  for (Value& result : op.results()) {
    if (result.type != DType::kUndefined) settle(result, precision);
  }
  return std::move(op.results());
}

bool is_constant(const Node& node) {
  return node.domain.empty() && node.type == "Constant";
}

}  // namespace

Value constant_value(const Graph& graph, const Tensor& tensor, Precision precision) {
  // What is small is known already, and the file need not be opened.
  if (!tensor.has_value && !tensor.has_reals) {
    if (tensor.location.kind == WeightLocation::Kind::kNone) {
      throw Error("TW-ONNX-023", "the tensor's values are not stored in the model", quoted(tensor));
    }
    return value_of_bytes(tensor.type, tensor.shape, read_weight(graph, tensor), precision);
  }
  Value value = make_value(tensor.type, tensor.shape, precision);
  std::visit(
      [&](auto& to) {
        using T = typename std::decay_t<decltype(to)>::value_type;
        for (std::size_t i = 0; i < to.size(); ++i) {
          to[i] = tensor.has_value ? static_cast<T>(tensor.small_ints.at(i))
                                   : kernel::saturated<T>(tensor.small_reals.at(i));
        }
      },
      value.elements);
  return value;
}

std::vector<Value> evaluate_node(const Graph& graph, const Node& node,
                                 const std::vector<Value>& inputs, Precision precision,
                                 Allowance& allowance) {
  Step step = make_step(graph, node);
  std::vector<const Value*> pointers(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) pointers[i] = &inputs[i];
  std::vector<Value> results = run_step(step, pointers, precision, allowance);
  for (const Value& result : results)
    allowance.bytes -= held_bytes(result.type, result.count(), precision);
  return results;
}

struct Interpreter::Steps {
  const Graph* graph;
  RunOptions options;
  std::vector<Step> steps;
  std::vector<std::shared_ptr<const Value>> constants;  // by tensor
  Watch watch;

  std::vector<std::shared_ptr<const Value>> begin(const std::vector<Value>& inputs) const;
  void execute(Step& step, std::vector<std::shared_ptr<const Value>>& values, Allowance& allowance);
  std::int64_t bytes(const Value& value) const {
    return held_bytes(value.type, value.count(), options.precision);
  }
};

Interpreter::Interpreter(const Graph& graph, const RunOptions& options)
    : steps_(std::make_unique<Steps>()) {
  Steps& s = *steps_;
  s.graph = &graph;
  s.options = options;
  s.constants.resize(graph.tensors.size());
  if (!graph.assumed.empty()) {
    throw Error("TW-RUN-006", "the graph depends on a branch that was chosen when it was loaded",
                "node '" + printable(graph.assumed.front()) + "' (If)");
  }
  std::vector<std::size_t> last_use(graph.tensors.size(), graph.nodes.size());
  for (const Node& node : graph.nodes) {
    if (is_constant(node)) {
      const auto output = static_cast<std::size_t>(node.outputs.at(0));
      s.constants[output] = std::make_shared<const Value>(
          constant_value(graph, graph.tensors[output], options.precision));
      continue;
    }
    for (const std::int32_t input : node.inputs) {
      if (input >= 0) last_use[static_cast<std::size_t>(input)] = s.steps.size();
    }
    for (const std::int32_t output : node.outputs) {
      if (output >= 0) last_use[static_cast<std::size_t>(output)] = s.steps.size();
    }
    s.steps.push_back(make_step(graph, node));
  }
  std::vector<char> kept(graph.tensors.size());
  for (const std::int32_t output : graph.outputs) kept[static_cast<std::size_t>(output)] = 1;
  for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
    const Tensor& tensor = graph.tensors[t];
    const bool used = last_use[t] < s.steps.size();
    if (tensor.is_weight && (used || kept[t] != 0)) {
      s.constants[t] =
          std::make_shared<const Value>(constant_value(graph, tensor, options.precision));
    } else if (used && kept[t] == 0 && s.constants[t] == nullptr) {
      s.steps[last_use[t]].done.push_back(static_cast<std::int32_t>(t));
    }
  }
}

Interpreter::~Interpreter() = default;
Interpreter::Interpreter(Interpreter&&) noexcept = default;

void Interpreter::watch(Watch watch) {
  steps_->watch = std::move(watch);
}

std::vector<std::shared_ptr<const Value>> Interpreter::Steps::begin(
    const std::vector<Value>& inputs) const {
  if (inputs.size() != graph->inputs.size()) {
    throw Error("TW-RUN-007", std::to_string(inputs.size()) + " inputs for a graph with " +
                                  std::to_string(graph->inputs.size()));
  }
  std::vector<std::shared_ptr<const Value>> values = constants;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto at = static_cast<std::size_t>(graph->inputs[i]);
    const Tensor& tensor = graph->tensors[at];
    if (inputs[i].type != tensor.type) {
      throw Error("TW-RUN-007",
                  std::string("the input is ") + dtype_name(inputs[i].type) +
                      " where the model has " + dtype_name(tensor.type),
                  quoted(tensor));
    }
    // Held as the precision asks, whatever the caller had.
    values[at] =
        std::make_shared<const Value>(converted(inputs[i], inputs[i].type, options.precision));
  }
  return values;
}

void Interpreter::Steps::execute(Step& step, std::vector<std::shared_ptr<const Value>>& values,
                                 Allowance& allowance) {
  std::vector<const Value*> inputs;
  for (const std::int32_t from : step.original->inputs) {
    inputs.push_back(from < 0 ? nullptr : values[static_cast<std::size_t>(from)].get());
  }
  std::vector<Value> results = run_step(step, inputs, options.precision, allowance);
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::int32_t to = step.original->outputs[i];
    Value& result = results[i];
    if (to < 0 || result.type == DType::kUndefined) continue;
    allowance.bytes -= bytes(result);
    if (watch) watch(*step.original, to, result);
    values[static_cast<std::size_t>(to)] = std::make_shared<const Value>(std::move(result));
  }
  for (const std::int32_t tensor : step.done) {
    auto& value = values[static_cast<std::size_t>(tensor)];
    if (value != nullptr) allowance.bytes += bytes(*value);
    value.reset();
  }
}

std::vector<Value> Interpreter::run(const std::vector<Value>& inputs) {
  Steps& s = *steps_;
  std::vector<std::shared_ptr<const Value>> values = s.begin(inputs);
  Allowance allowance{s.options.most_bytes, s.options.most_work};
  for (const auto& value : values) allowance.bytes -= value == nullptr ? 0 : s.bytes(*value);
  for (Step& step : s.steps) s.execute(step, values, allowance);
  std::vector<Value> outputs;
  for (const std::int32_t output : s.graph->outputs) {  // one may be there many times
    const auto& value = values[static_cast<std::size_t>(output)];
    if (value == nullptr) {
      throw Error("TW-RUN-007", "the output has no value",
                  quoted(s.graph->tensors[static_cast<std::size_t>(output)]));
    }
    if ((allowance.bytes -= s.bytes(*value)) < 0)
      throw Error("TW-RUN-004", "the outputs are more than may be held",
                  quoted(s.graph->tensors[static_cast<std::size_t>(output)]));
    outputs.push_back(*value);
  }
  return outputs;
}

}  // namespace tilewright

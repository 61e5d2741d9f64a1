#include "frontend/counting.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "frontend/hazards.h"
#include "frontend/op_table.h"
#include "frontend/text.h"
#include "support/error.h"

namespace tilewright {
namespace {

// Reads of the data operand touch no more than what comes out.
bool selects(const Node& node) {
  static const std::set<std::string> kTypes = {"Gather", "GatherElements", "GatherND", "Slice"};
  return node.domain.empty() && kTypes.contains(node.type);
}

class Counter {
 public:
  Counter(const Graph& graph, const CountOptions& options) : graph_(graph), options_(options) {}

  Counted run() {
    out_.analysis = analyse(graph_);
    out_.cache = find_kv_cache(graph_, out_.analysis);
    out_.chosen = find_chosen_weights(graph_, out_.analysis);
    append_of_.assign(graph_.nodes.size(), nullptr);
    for (const KvCache::Append& append : out_.cache.appends) {
      append_of_[at(append.node)] = &append;
    }
    source_.assign(graph_.tensors.size(), -1);
    for (std::size_t n = 0; n < graph_.nodes.size(); ++n) {
      count_node(static_cast<std::int32_t>(n));
    }
    own();
    link_consumers();
    return std::move(out_);
  }

 private:
  const OpRule* rule_of(const Node& node) const;
  void require_shapes(const Node& node) const;
  WorkOp blank(std::int32_t n) const;
  void count_node(std::int32_t n);
  bool count_work(std::int32_t n, const OpRule* rule, WorkOp& op) const;
  void read_by_choice(std::int32_t n, WorkOp& op) const;
  void add_projection(std::int32_t n, const OpRule& rule, const WorkOp& main);
  void add_traffic(std::int32_t n, WorkOp& op);
  std::int64_t read_bytes(const Node& node, std::size_t slot) const;
  void trace_sources(std::int32_t n, bool works);
  void own();
  void link_consumers();

  const Graph& graph_;
  const CountOptions& options_;
  Counted out_;
  std::vector<const KvCache::Append*> append_of_;  // by node
  std::vector<std::int32_t> source_;  // tensor -> operator that computed its bytes, -1: none
};

const OpRule* Counter::rule_of(const Node& node) const {
  const OpRule* const rule = find_rule(node.domain, node.type);
  if (rule != nullptr && rule->refusal == nullptr) {
    return rule;
  }
  if (options_.tolerant || (rule == nullptr && options_.allow_opaque)) {
    return nullptr;
  }
  if (rule != nullptr) {
    throw Error("TW-OP-002",
                "the operator " + printable(node.type) + " is not supported: " + rule->refusal,
                describe(node), "export the model without it");
  }
  const std::string domain = node.domain.empty() ? "ai.onnx" : printable(node.domain);
  throw Error(
      "TW-OP-001",
      "the operator " + printable(node.type) + " of domain " + domain + " is not known",
      describe(node),
      "rewrite it in standard operators, or accept it as data movement with --allow-opaque");
}

void Counter::require_shapes(const Node& node) const {
  for (const auto* list : {&node.inputs, &node.outputs}) {
    for (const std::int32_t t : *list) {
      if (t >= 0 && !graph_.tensors[at(t)].has_shape) {
        throw Error("TW-SHAPE-002",
                    "the shape of tensor '" + printable(graph_.tensors[at(t)].name) +
                        "' cannot be determined",
                    describe(node),
                    "bind open dimensions with --dim, or run shape inference in the exporter");
      }
    }
  }
}

WorkOp Counter::blank(std::int32_t n) const {
  const Node& node = graph_.nodes[at(n)];
  WorkOp op;
  op.type = node.type;
  op.name = node.name.empty() ? node.type + "#" + std::to_string(n) : node.name;
  op.kind = OpKind::kShape;
  return op;
}

// False when the node does no work on the chip.
bool Counter::count_work(std::int32_t n, const OpRule* rule, WorkOp& op) const {
  const Node& node = graph_.nodes[at(n)];
  if (out_.analysis.fixed_node[at(n)] != 0 || out_.cache.in_place[at(n)] != 0 ||
      out_.chosen.in_place[at(n)] != 0) {
    return false;
  }
  op.kind = rule == nullptr ? OpKind::kOpaque : rule->kind;
  try {
    require_shapes(node);
    if (rule != nullptr) {
      rule->count(OpView(graph_, node), rule->cost, op);
    }
  } catch (const Error&) {
    if (!options_.tolerant) {
      throw;
    }
    const OpKind kind = op.kind;
    op = blank(n);
    op.kind = kind;
  }
  const bool appends = append_of_[at(n)] != nullptr;
  return op.kind != OpKind::kShape || appends;
}

// A product with chosen weights: of how many they are chosen, and the weights as the matrix [K, M]
// though they be the left factor.
void Counter::read_by_choice(std::int32_t n, WorkOp& op) const {
  const Node& node = graph_.nodes[at(n)];
  for (std::size_t slot = 0; slot < std::min<std::size_t>(2, node.inputs.size()); ++slot) {
    const std::int32_t pick = node.inputs[slot] < 0 ? -1 : out_.chosen.pick[at(node.inputs[slot])];
    if (pick < 0 || op.groups <= 0) {
      continue;
    }
    op.experts = out_.chosen.picks[at(pick)].experts;
    op.chosen = out_.chosen.picks[at(pick)].chosen;
    if (slot == 0) {
      std::swap(op.positions, op.m);
    }
  }
}

PartitionClass partition_class(OpKind kind) {
  switch (kind) {
    case OpKind::kMatMul:
      return PartitionClass::kMatMul;
    case OpKind::kConv:
    case OpKind::kReduction:
      return PartitionClass::kConv;
    default:
      return PartitionClass::kGeneral;
  }
}

// Loop and address control that lanes do not shorten: a fixed set-up, and four instructions a row,
// where a row is one output position of a product or the innermost axis of anything else.
double scalar_work(const OpView& view, const WorkOp& op) {
  constexpr double kSetup = 32, kPerRow = 4;
  double rows = static_cast<double>(op.groups) * static_cast<double>(op.positions);
  if (op.tensor_elements == 0 && view.has_output(0)) {
    const Shape& shape = view.output(0).shape;
    const std::int64_t inner = shape.empty() ? 1 : std::max<std::int64_t>(1, shape.back());
    rows = static_cast<double>(view.output(0).elements()) / static_cast<double>(inner);
  }
  return kSetup + kPerRow * rows;
}

// Reductions run over what goes in, everything else over what comes out.
double loop_elements(const OpView& view, const WorkOp& op) {
  if (op.kind == OpKind::kReduction && view.has(0)) {
    return static_cast<double>(view.input(0).elements());
  }
  return view.has_output(0) ? static_cast<double>(view.output(0).elements()) : 1;
}

void Counter::count_node(std::int32_t n) {
  const Node& node = graph_.nodes[at(n)];
  const OpRule* const rule = rule_of(node);
  WorkOp op = blank(n);
  const bool works = count_work(n, rule, op);
  if (!works) {
    op = blank(n);
  } else {
    if (op.kind == OpKind::kShape) {
      op.kind = OpKind::kMove;  // an append to an empty cache still writes it
    }
    op.part = partition_class(op.kind);
    read_by_choice(n, op);
    const OpView view(graph_, node);
    op.scalar_instructions = scalar_work(view, op);
    estimate_hazards(op, loop_elements(view, op));
  }
  out_.first_op.push_back(static_cast<std::int32_t>(out_.ops.size()));
  if (works) {
    add_traffic(n, op);
    if (rule != nullptr && rule->projection != nullptr) {
      add_projection(n, *rule, op);
      const std::int32_t projection = out_.first_op.back();
      op.producers = {projection};
      op.producer_bytes = {out_.ops[at(projection)].output_bytes};
      op.memory_bytes -= static_cast<double>(op.input_bytes);
      op.input_bytes = op.producer_bytes[0];
      op.memory_bytes = static_cast<double>(op.input_bytes) + static_cast<double>(op.output_bytes) +
                        static_cast<double>(op.kv_read_bytes) +
                        static_cast<double>(op.kv_write_bytes);
    }
  }
  out_.last_op.push_back(static_cast<std::int32_t>(out_.ops.size()));
  out_.ops.push_back(std::move(op));
  trace_sources(n, works);
}

// The node's product with its own weights: takes over what the node reads.
void Counter::add_projection(std::int32_t n, const OpRule& rule, const WorkOp& main) {
  const OpView view(graph_, graph_.nodes[at(n)]);
  WorkOp op = blank(n);
  op.name += "/projection";
  op.kind = OpKind::kMatMul;
  op.part = PartitionClass::kMatMul;
  rule.projection(view, op);
  op.scalar_instructions = scalar_work(view, op);
  estimate_hazards(op, 1);
  op.input_bytes = main.input_bytes;
  op.output_bytes = dtype_bytes(view.output(0).type, product({op.groups, op.positions, op.m}));
  op.memory_bytes = main.memory_bytes - static_cast<double>(main.output_bytes) +
                    static_cast<double>(op.output_bytes) - static_cast<double>(main.kv_read_bytes) -
                    static_cast<double>(main.kv_write_bytes);
  op.producers = main.producers;
  op.producer_bytes = main.producer_bytes;
  out_.ops.push_back(std::move(op));
}

std::int64_t Counter::read_bytes(const Node& node, std::size_t slot) const {
  const std::int64_t bytes = tensor_bytes(graph_, node.inputs[slot]);
  if (slot == 0 && selects(node) && !node.outputs.empty() && node.outputs[0] >= 0) {
    return std::min(bytes, tensor_bytes(graph_, node.outputs[0]));
  }
  return bytes;
}

void Counter::add_traffic(std::int32_t n, WorkOp& op) {
  const Node& node = graph_.nodes[at(n)];
  const KvCache::Append* const append = append_of_[at(n)];
  std::map<std::int32_t, std::int64_t> edges;
  std::set<std::int32_t> seen;
  std::int64_t fixed_bytes = 0;
  for (std::size_t slot = 0; slot < node.inputs.size(); ++slot) {
    const std::int32_t t = node.inputs[slot];
    if (t < 0 || !seen.insert(t).second) {
      continue;
    }
    const std::int64_t bytes = read_bytes(node, slot);
    const std::int64_t resident = out_.cache.resident_bytes[at(t)];
    const std::int32_t from = source_[at(t)];
    const std::int32_t pick = out_.chosen.pick[at(t)];
    if (out_.analysis.fixed_tensor[at(t)] != 0) {
      fixed_bytes += bytes;
    } else if (pick >= 0) {
      // Read where they are stored; from the router comes only which.
      const std::int64_t choice = out_.chosen.picks[at(pick)].choice_bytes;
      fixed_bytes += bytes;
      op.input_bytes += choice;
      if (from >= 0) {
        edges[from] += choice;
      }
    } else if (resident < 0) {
      op.input_bytes += bytes;
      if (from >= 0) {
        edges[from] += bytes;
      }
    } else if (append == nullptr) {
      // Read in the cache; from the operator that appends comes only what is new.
      op.kv_read_bytes += resident;
      if (from >= 0) {
        edges[from] += out_.ops[at(from)].kv_write_bytes;
      }
    }
  }
  const bool concat = append != nullptr && !append->fused;
  if (concat) {
    op.kv_write_bytes = append->new_bytes;
  }
  const std::size_t outputs = append == nullptr ? node.outputs.size() : concat ? 0 : 1;
  for (std::size_t i = 0; i < std::min(outputs, node.outputs.size()); ++i) {
    op.output_bytes += node.outputs[i] < 0 ? 0 : tensor_bytes(graph_, node.outputs[i]);
  }
  for (const auto& [from, bytes] : edges) {
    op.producers.push_back(from);
    op.producer_bytes.push_back(bytes);
  }
  op.memory_bytes = static_cast<double>(op.input_bytes) + static_cast<double>(op.output_bytes) +
                    static_cast<double>(fixed_bytes) + static_cast<double>(op.kv_read_bytes) +
                    static_cast<double>(op.kv_write_bytes);
}

// A node without work hands on the bytes of its first operand that is not fixed; what picks
// weights, the choice.
void Counter::trace_sources(std::int32_t n, bool works) {
  const Node& node = graph_.nodes[at(n)];
  std::int32_t from = -1;
  if (works) {
    from = out_.last_op.back();
  } else if (out_.analysis.fixed_node[at(n)] == 0) {
    for (const std::int32_t t : node.inputs) {
      if (t >= 0 && out_.analysis.fixed_tensor[at(t)] == 0) {
        from = source_[at(t)];
        break;
      }
    }
  }
  for (const std::int32_t t : node.outputs) {
    if (t >= 0) {
      source_[at(t)] = from;
    }
  }
}

void Counter::own() {
  if (graph_.nodes.empty()) return;  // passes may leave none
  std::vector<OwnerRank> ranks(graph_.nodes.size());
  for (std::size_t n = 0; n < ranks.size(); ++n) {
    for (std::int32_t i = out_.first_op[n]; i <= out_.last_op[n]; ++i) {
      ranks[n].flops += out_.ops[at(i)].flops;
    }
    ranks[n].works = out_.ops[at(out_.last_op[n])].kind != OpKind::kShape;
  }
  std::vector<char> hands_on = out_.analysis.fixed_node;
  for (std::size_t n = 0; n < hands_on.size(); ++n) {
    hands_on[n] = hands_on[n] != 0 || out_.chosen.in_place[n] != 0 ? 1 : 0;
  }
  out_.weights = own_weights(graph_, out_.analysis, hands_on, ranks);
  for (OwnedWeight& weight : out_.weights) {
    weight.node = out_.first_op[at(weight.node)];
    WorkOp& op = out_.ops[at(weight.node)];
    op.weight_bytes += tensor_bytes(graph_, weight.tensor);
    op.weight_count += graph_.tensors[at(weight.tensor)].elements();
  }
}

void Counter::link_consumers() {
  for (std::size_t i = 0; i < out_.ops.size(); ++i) {
    for (const std::int32_t from : out_.ops[i].producers) {
      out_.ops[at(from)].consumers.push_back(static_cast<std::int32_t>(i));
    }
  }
}

}  // namespace

Counted count_graph(const Graph& graph, const CountOptions& options) {
  return Counter(graph, options).run();
}

}  // namespace tilewright

#include "frontend/workload.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "frontend/counting.h"
#include "frontend/frontend.h"
#include "frontend/layers.h"
#include "frontend/op_view.h"

namespace tilewright {
namespace {

std::string lower(const std::string& text) {
  std::string out = text;
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// Images, audio and other encoders' inputs come once a request, not once a token.
bool once_a_request(const Tensor& input) {
  if (input.type != DType::kFloat32 && input.type != DType::kFloat16 &&
      input.type != DType::kBFloat16) {
    return false;
  }
  const std::string name = lower(input.name);
  const bool named =
      name.find("pixel") != std::string::npos || name.find("image") != std::string::npos ||
      name.find("audio") != std::string::npos || name.find("input_features") != std::string::npos ||
      name.find("encoder") != std::string::npos;
  return named && input.shape.size() >= 3;
}

// Nodes that no token, position, mask or cache input reaches run once a request.
std::vector<char> reached_by_tokens(const Graph& graph, const Counted& counted) {
  std::vector<char> tensor(graph.tensors.size(), 0), node(graph.nodes.size(), 0);
  for (const std::int32_t input : graph.inputs) {
    tensor[at(input)] = once_a_request(graph.tensors[at(input)]) ? 0 : 1;
  }
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    const auto& inputs = graph.nodes[n].inputs;
    const bool reached = counted.analysis.fixed_node[n] == 0 &&
                         std::any_of(inputs.begin(), inputs.end(),
                                     [&](std::int32_t t) { return t >= 0 && tensor[at(t)] != 0; });
    node[n] = reached ? 1 : 0;
    for (const std::int32_t t : graph.nodes[n].outputs) {
      if (t >= 0) {
        tensor[at(t)] = node[n];
      }
    }
  }
  return node;
}

void set_runs(const Graph& graph, Counted& counted, std::int64_t context) {
  const std::vector<char> reached = reached_by_tokens(graph, counted);
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    for (std::int32_t i = counted.first_op[n]; i <= counted.last_op[n]; ++i) {
      counted.ops[at(i)].runs =
          reached[n] != 0 || context < 1 ? 1 : 1 / static_cast<double>(context);
    }
  }
}

bool adds_residual(const Graph& graph, const Counted& counted, const Node& node) {
  if (node.type == "SkipLayerNormalization" || node.type == "SkipSimplifiedLayerNormalization") {
    return true;
  }
  return node.type == "Add" && node.inputs.size() == 2 && node.inputs[0] >= 0 &&
         node.inputs[1] >= 0 && counted.analysis.fixed_tensor[at(node.inputs[0])] == 0 &&
         counted.analysis.fixed_tensor[at(node.inputs[1])] == 0 &&
         graph.tensors[at(node.inputs[0])].shape == graph.tensors[at(node.inputs[1])].shape;
}

// Width of the model: the innermost extent that most residual additions of rank 2 or 3 have (the
// larger on a tie); without any, the k of the largest product, or the outputs of the largest
// convolution.
std::int32_t model_width(const Graph& graph, const Counted& counted) {
  std::map<std::int64_t, int> votes;
  for (const Node& node : graph.nodes) {
    if (!node.outputs.empty() && node.outputs[0] >= 0 && adds_residual(graph, counted, node)) {
      const auto& shape = graph.tensors[at(node.outputs[0])].shape;
      if (shape.size() == 2 || shape.size() == 3) {
        ++votes[shape.back()];
      }
    }
  }
  std::int64_t width = 0;
  int most = 0;
  for (const auto& [extent, count] : votes) {
    if (count >= most) {
      most = count;
      width = extent;
    }
  }
  if (votes.empty()) {
    double flops = 0;
    for (const WorkOp& op : counted.ops) {
      if (op.tensor_elements > 0 && op.flops > flops) {
        flops = op.flops;
        width = op.kind == OpKind::kConv ? product({op.groups, op.m}) : op.k;
      }
    }
  }
  return static_cast<std::int32_t>(std::min<std::int64_t>(width, 1LL << 30));
}

void set_cache_totals(const Counted& counted, Workload& workload) {
  WorkloadTotals& totals = workload.totals;
  workload.has_kv_cache = !counted.cache.empty();
  std::set<std::int32_t> fused;
  std::int32_t concats = 0;
  bool one_token = true;
  for (const KvCache::Append& append : counted.cache.appends) {
    totals.kv_bytes_per_token += static_cast<double>(append.bytes_per_token);
    totals.kv_heads = std::max(totals.kv_heads, append.heads);
    totals.head_dim = std::max(totals.head_dim, append.head_dim);
    totals.context = std::max(totals.context, append.past);
    one_token = one_token && append.fresh == 1;
    if (append.fused) {
      fused.insert(append.node);
    } else {
      ++concats;
    }
  }
  workload.unit = workload.has_kv_cache && one_token ? "token" : "inference";
  if (workload.has_kv_cache) {
    // Keys and values of a layer are appended apart, or together by a fused node.
    totals.layers = static_cast<std::int32_t>(fused.size()) + (concats + 1) / 2;
  }
}

void set_layers(const Graph& graph, Counted& counted, WorkloadTotals& totals) {
  const std::vector<std::int32_t> layers = find_layers(graph, counted.analysis);
  std::set<std::int32_t> distinct;
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    for (std::int32_t i = counted.first_op[n]; i <= counted.last_op[n]; ++i) {
      WorkOp& op = counted.ops[at(i)];
      op.layer = layers[n];
      if (op.layer >= 0 && op.kind != OpKind::kShape) {
        distinct.insert(op.layer);
      }
    }
  }
  if (totals.layers == 0) {
    totals.layers = static_cast<std::int32_t>(distinct.size());
  }
}

// Loads and stores of a scalar machine: one for every four bytes that move.
double memory_instructions(const WorkOp& op) {
  return op.memory_bytes / 4;
}

void add_up(const std::vector<WorkOp>& ops, WorkloadTotals& totals) {
  for (const WorkOp& op : ops) {
    const double flops = op.runs * op.flops;
    totals.flops_per_unit += flops;
    double& share = op.part == PartitionClass::kMatMul ? totals.matmul_flops
                    : op.part == PartitionClass::kConv ? totals.conv_flops
                                                       : totals.general_flops;
    share += flops;
    totals.vector_elements += op.runs * op.vector_elements;
    totals.scalar_instructions += op.runs * op.scalar_instructions;
    totals.memory_bytes += op.runs * op.memory_bytes;
    for (const std::int64_t bytes : op.producer_bytes) {
      totals.activation_bytes += op.runs * static_cast<double>(bytes);
    }
    totals.instructions += op.runs * (op.tensor_elements + op.vector_elements +
                                      op.scalar_instructions + memory_instructions(op));
  }
}

void list_weights(const Graph& graph, const Counted& counted, Workload& workload) {
  for (const OwnedWeight& weight : counted.weights) {
    const Tensor& tensor = graph.tensors[at(weight.tensor)];
    WeightTensor out;
    out.name = tensor.name;
    out.owner = weight.node;
    out.bytes = tensor_bytes(graph, weight.tensor);
    out.count = tensor.elements();
    out.dtype = dtype_name(tensor.type);
    workload.totals.parameters += out.count;
    workload.totals.weight_bytes += out.bytes;
    workload.weights.push_back(std::move(out));
  }
  workload.totals.weight_tensors = static_cast<std::int64_t>(workload.weights.size());
}

}  // namespace

const char* op_kind_name(OpKind kind) {
  switch (kind) {
    case OpKind::kMatMul:
      return "matmul";
    case OpKind::kConv:
      return "conv";
    case OpKind::kReduction:
      return "reduction";
    case OpKind::kElementwise:
      return "elementwise";
    case OpKind::kMove:
      return "move";
    case OpKind::kShape:
      return "shape";
    case OpKind::kOpaque:
      return "opaque";
  }
  return "opaque";
}

Workload make_workload(const Graph& graph, const LoadOptions& options) {
  Counted counted = count_graph(graph, {options.context, options.allow_opaque, false});
  Workload workload;
  workload.name = graph.name.empty() ? graph.file.stem().string() : graph.name;
  workload.model_sha256 = graph.sha256;
  set_cache_totals(counted, workload);
  if (workload.unit == "token") {
    set_runs(graph, counted, options.context);
  }
  set_layers(graph, counted, workload.totals);
  list_weights(graph, counted, workload);
  workload.totals.operators = static_cast<std::int64_t>(graph.nodes.size());
  workload.totals.graph_inputs = static_cast<std::int64_t>(graph.inputs.size());
  workload.totals.graph_outputs = static_cast<std::int64_t>(graph.outputs.size());
  workload.totals.d_model = model_width(graph, counted);
  add_up(counted.ops, workload.totals);
  workload.ops = std::move(counted.ops);
  return workload;
}

}  // namespace tilewright

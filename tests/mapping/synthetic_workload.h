// Workloads made in the test: a decoder with the operators that an export has, in any size, and
// random graphs for the property tests.
#pragma once

#include <algorithm>
#include <string>

#include "frontend/workload.h"
#include "support/random.h"

namespace tilewright {

class WorkloadMaker {
 public:
  explicit WorkloadMaker(const std::string& name) { w_.name = name; }

  // Tensor work with an optional weight; returns the operator's index.
  int matmul(std::int64_t groups, std::int64_t positions, std::int64_t k, std::int64_t m,
             bool weight, std::vector<std::int32_t> producers) {
    WorkOp op;
    op.type = "MatMul";
    op.kind = OpKind::kMatMul;
    op.part = PartitionClass::kMatMul;
    op.groups = groups;
    op.positions = positions;
    op.k = k;
    op.m = m;
    op.tensor_elements = static_cast<double>(groups * positions * k * m);
    op.flops = 2 * op.tensor_elements;
    op.input_bytes = groups * positions * k * 2;
    op.output_bytes = groups * positions * m * 2;
    op.raw = 0.3;
    if (weight) give_weight(op, groups * k * m);
    return add(op, std::move(producers), op.input_bytes);
  }

  int vector_op(const std::string& type, OpKind kind, std::int64_t elements,
                std::vector<std::int32_t> producers, std::int64_t weight_count = 0) {
    WorkOp op;
    op.type = type;
    op.kind = kind;
    op.part = kind == OpKind::kReduction ? PartitionClass::kConv : PartitionClass::kGeneral;
    op.vector_elements = static_cast<double>(elements);
    op.flops = op.vector_elements;
    op.input_bytes = op.output_bytes = elements * 2;
    op.memory_bytes = static_cast<double>(elements * 4);
    op.raw = 0.5;
    op.war = 0.1;
    op.waw = 0.05;
    if (weight_count > 0) give_weight(op, weight_count);
    return add(op, std::move(producers), op.input_bytes);
  }

  Workload finish(double kv_bytes_per_token, int layers, int d_model, int kv_heads, int head_dim) {
    auto& t = w_.totals;
    t.operators = static_cast<std::int64_t>(w_.ops.size());
    t.weight_tensors = static_cast<std::int64_t>(w_.weights.size());
    t.kv_bytes_per_token = kv_bytes_per_token;
    t.layers = layers;
    t.d_model = d_model;
    t.kv_heads = kv_heads;
    t.head_dim = head_dim;
    w_.has_kv_cache = kv_bytes_per_token > 0;
    w_.unit = w_.has_kv_cache ? "token" : "inference";
    for (const auto& op : w_.ops) {
      t.flops_per_unit += op.flops * op.runs;
      (op.part == PartitionClass::kMatMul ? t.matmul_flops
       : op.part == PartitionClass::kConv ? t.conv_flops
                                          : t.general_flops) += op.flops * op.runs;
      t.activation_bytes += static_cast<double>(op.output_bytes) * op.runs;
    }
    return w_;
  }

 private:
  void give_weight(WorkOp& op, std::int64_t count) {
    op.weight_count = count;
    op.weight_bytes = 2 * count;
    w_.weights.push_back({"w" + std::to_string(w_.weights.size()),
                          static_cast<std::int32_t>(w_.ops.size()), 2 * count, count, "float16"});
    w_.totals.weight_bytes += 2 * count;
    w_.totals.parameters += count;
  }
  int add(WorkOp op, std::vector<std::int32_t> producers, std::int64_t bytes) {
    const auto index = static_cast<std::int32_t>(w_.ops.size());
    std::sort(producers.begin(), producers.end());
    producers.erase(std::unique(producers.begin(), producers.end()), producers.end());
    for (const auto p : producers) {
      op.producer_bytes.push_back(bytes / static_cast<std::int64_t>(producers.size()));
      w_.ops[static_cast<std::size_t>(p)].consumers.push_back(index);
    }
    op.producers = std::move(producers);
    op.name = op.type + "#" + std::to_string(index);
    w_.ops.push_back(std::move(op));
    return index;
  }
  Workload w_;
};

struct DecoderSize {
  int layers = 4, hidden = 256, heads = 8, kv_heads = 4, ffn = 704, vocabulary = 2048,
      context = 512;
};

inline Workload decoder_workload(const DecoderSize& s, const std::string& name = "decoder") {
  WorkloadMaker m(name);
  const int head = s.hidden / s.heads, kv = head * s.kv_heads;
  const auto norm = [&](int x) {
    const int square = m.vector_op("Pow", OpKind::kElementwise, s.hidden, {x});
    const int mean = m.vector_op("ReduceMean", OpKind::kReduction, s.hidden, {square});
    const int root = m.vector_op("Sqrt", OpKind::kElementwise, 1, {mean});
    const int scaled = m.vector_op("Div", OpKind::kElementwise, s.hidden, {x, root});
    return m.vector_op("Mul", OpKind::kElementwise, s.hidden, {scaled}, s.hidden);
  };
  int x = m.vector_op("Gather", OpKind::kMove, s.hidden, {}, std::int64_t{s.vocabulary} * s.hidden);
  for (int layer = 0; layer < s.layers; ++layer) {
    const int n = norm(x);
    const int q = m.vector_op("Rotary", OpKind::kElementwise, s.hidden,
                              {m.matmul(1, 1, s.hidden, s.hidden, true, {n})});
    const int k =
        m.vector_op("Rotary", OpKind::kElementwise, kv, {m.matmul(1, 1, s.hidden, kv, true, {n})});
    const int v = m.matmul(1, 1, s.hidden, kv, true, {n});
    const int scores = m.matmul(s.heads, 1, head, s.context, false, {q, k});
    const int soft =
        m.vector_op("Softmax", OpKind::kReduction, std::int64_t{s.heads} * s.context, {scores});
    const int mixed = m.matmul(s.heads, 1, s.context, head, false, {soft, v});
    const int o = m.matmul(1, 1, s.hidden, s.hidden, true, {mixed});
    x = m.vector_op("Add", OpKind::kElementwise, s.hidden, {x, o});
    const int n2 = norm(x);
    const int gate = m.matmul(1, 1, s.hidden, s.ffn, true, {n2});
    const int up = m.matmul(1, 1, s.hidden, s.ffn, true, {n2});
    const int act = m.vector_op("Mul", OpKind::kElementwise, s.ffn, {gate, up});
    const int down = m.matmul(1, 1, s.ffn, s.hidden, true, {act});
    x = m.vector_op("Add", OpKind::kElementwise, s.hidden, {x, down});
  }
  m.matmul(1, 1, s.hidden, s.vocabulary, true, {norm(x)});
  return m.finish(2.0 * 2 * kv * s.layers, s.layers, s.hidden, s.kv_heads, head);
}

inline DecoderSize llama_8b_size() {
  return {32, 4096, 32, 8, 14336, 128256, 2048};
}

// A random directed graph of tensor, vector and weight operators.
inline Workload random_workload(std::uint64_t seed) {
  RandomStream random(seed, "tests/mapping/workload");
  WorkloadMaker m("random" + std::to_string(seed));
  const auto count = 3 + static_cast<int>(random.below(60));
  const auto size = [&](double most) {
    return 1 + static_cast<std::int64_t>(std::exp(random.uniform() * std::log(most)));
  };
  for (int i = 0; i < count; ++i) {
    std::vector<std::int32_t> producers;
    for (std::uint64_t p = 0; i > 0 && p < 1 + random.below(3); ++p) {
      producers.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(i))));
    }
    if (random.uniform() < 0.4) {
      m.matmul(size(8), size(64), size(2000), size(3000), random.uniform() < 0.7, producers);
    } else {
      m.vector_op("V", random.uniform() < 0.3 ? OpKind::kReduction : OpKind::kElementwise,
                  size(1e5), producers, random.uniform() < 0.2 ? size(5000) : 0);
    }
  }
  return m.finish(random.uniform() < 0.5 ? 0 : 512.0 * 8, 4, 256, 2, 64);
}

}  // namespace tilewright

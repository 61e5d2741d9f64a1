#include "models/experts.h"

#include <cmath>

#include "models/exporter_ops.h"

namespace tilewright::models {
namespace {

constexpr auto kFloat = onnx::TensorProto::FLOAT;

struct Choice {
  Value weights;  // [batch, sequence, chosen], in the type of x
  Value experts;  // the same, int64
};

// Softmax over all experts, then the largest, scaled to the sum 1.
Choice route(GraphBuilder& g, const ExpertsShape& shape, const std::string& prefix,
             const Value& x) {
  Value logits;
  {
    const Scope scope(g, "gate");
    logits = linear(g, x, prefix + ".gate", shape.hidden, shape.experts);
  }
  const bool half = g.weight_type() != kFloat;
  const Value wide = half ? cast(g, logits, kFloat) : logits;
  const Value odds = g.node("Softmax", {wide}, {attribute("axis", std::int64_t{-1})});
  const Value count = g.constant(Shape{shape.chosen});
  const auto [largest, experts] =
      g.node_of_two("TopK", {odds, count},
                    {attribute("axis", std::int64_t{-1}), attribute("largest", std::int64_t{1}),
                     attribute("sorted", std::int64_t{1})});
  const Value sum = g.node("ReduceSum", {largest, g.constant(Shape{-1})},
                           {attribute("keepdims", std::int64_t{1})});
  const Value weights = g.node("Div", {largest, sum});
  return {half ? cast(g, weights, g.weight_type()) : weights, experts};
}

}  // namespace

Value emit_experts(GraphBuilder& g, const ExpertsShape& shape, const std::string& prefix,
                   const Value& x) {
  const Scope scope(g, "block_sparse_moe");
  const Choice choice = route(g, shape, prefix, x);
  const Scope module(g, "experts");
  // rows [batch, sequence, chosen or 1, 1, in] times the picked [..., chosen, in, out].
  const auto project = [&](const char* name, const Value& rows, std::int64_t in, std::int64_t out,
                           double gain) {
    const Fill fill{0, gain / std::sqrt(static_cast<double>(in))};
    const Value stacked =
        g.weight(prefix + ".experts." + name + ".weight", {shape.experts, in, out}, fill);
    const Scope projection(g, name);
    const Value picked =
        g.node("Gather", {stacked, choice.experts}, {attribute("axis", std::int64_t{0})});
    return g.node("MatMul", {rows, picked});
  };
  const Value rows = unsqueeze(g, x, {2, 3});
  const Value gate = project("gate_proj", rows, shape.hidden, shape.ffn, 1);
  const Value silu = g.node("Mul", {gate, g.node("Sigmoid", {gate})});
  const Value up = project("up_proj", rows, shape.hidden, shape.ffn, 1);
  const Value down =
      project("down_proj", g.node("Mul", {silu, up}), shape.ffn, shape.hidden, shape.residual_gain);
  const Value weighted = g.node("Mul", {down, unsqueeze(g, choice.weights, {3, 4})});
  return g.node("ReduceSum", {weighted, g.constant(Shape{2, 3})},
                {attribute("keepdims", std::int64_t{0})});
}

}  // namespace tilewright::models

// A sparse mixture of experts (Jiang et al. 2024, section 2.2), decomposed to standard operators.
#pragma once

#include <string>

#include "models/graph_builder.h"

namespace tilewright::models {

struct ExpertsShape {
  std::int64_t hidden = 0, ffn = 0, experts = 0, chosen = 0;
  double residual_gain = 1;  // of the drawn weights that write to the residual stream
};

// sum over the `chosen` experts e of p_e * down_e(silu(gate_e(x)) * up_e(x)), where p is the
// softmax of the router's logits, in FP32, over its largest `chosen` elements scaled to the sum 1.
// x [batch, sequence, hidden] -> the same shape. The weights of all experts are stacked,
// "PREFIX.experts.gate_proj.weight" [experts, hidden, ffn] and so on, and a Gather picks those that
// the router chose: shapes are static, and no more is computed than a token needs.
Value emit_experts(GraphBuilder& g, const ExpertsShape& shape, const std::string& prefix,
                   const Value& x);

}  // namespace tilewright::models

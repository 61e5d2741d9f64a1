// Every pass: one file and one line in the table of run_passes.cpp.
#pragma once

#include <cstdint>

#include "frontend/passes/graph_editor.h"

namespace tilewright::pass {

// Each changes what it finds and returns how many places it changed. Outputs of the graph stay what
// they are, but for rounding. What reads weights reads those that are at hand and small; a weight
// that is absent is left as it is.
std::int64_t fold_constants(GraphEditor& edit);
std::int64_t merge_equal(GraphEditor& edit);
std::int64_t simplify_moves(GraphEditor& edit);
std::int64_t fold_batch_normalization(GraphEditor& edit);
std::int64_t fuse_gemm(GraphEditor& edit);
std::int64_t recognise_rms_normalization(GraphEditor& edit);
std::int64_t recognise_layer_normalization(GraphEditor& edit);
std::int64_t recognise_activations(GraphEditor& edit);
std::int64_t recognise_rotary_embedding(GraphEditor& edit);
std::int64_t recognise_attention(GraphEditor& edit);
std::int64_t integer_products(GraphEditor& edit);
std::int64_t remove_dead(GraphEditor& edit);

}  // namespace tilewright::pass

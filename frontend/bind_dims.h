// Gives every open dimension of the graph inputs a value.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "frontend/graph_builder.h"

namespace tilewright {

// Symbol -> value. In this order, the first that applies wins:
//   1. options.dims;
//   2. options.inputs, for the dimensions of that input and for their symbols;
//   3. symbols of token-like inputs (neither caches nor masks): 1;
//   4. the sequence dimension of cache inputs: options.context; their other dimensions: 1;
//   5. sums of known symbols ("past + seq"); the last dimension of a mask: context + tokens;
//   6. everything else: 1.
// A cache input is a floating or integer tensor of rank 3 to 5 that reaches a Concat or the past
// slot of a fused attention through data movement only, and is named like one or has a sibling.
// Sets type and shape of every graph input. Throws Error TW-ONNX-050 for an entry of options.dims
// that is not positive or names no dimension, -052 for a shape in options.inputs that does not fit
// what the model declares, TW-ONNX-012 for a negative dimension, -051 for an
// input without a rank.
std::map<std::string, std::int64_t> bind_inputs(BuiltGraph& built, const LoadOptions& options);

// The value of a dimension under `symbols`; -1 when it is open.
std::int64_t bound_dim(const proto::Dim& dim, const std::map<std::string, std::int64_t>& symbols);

}  // namespace tilewright

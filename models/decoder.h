// The Llama-family decoder, decomposed to standard operators.
#pragma once

#include <functional>
#include <string>

#include "models/graph_builder.h"
#include "models/models.h"

namespace tilewright::models {

// Throws Error TW-MODEL-002 for sizes that do not fit together.
void check_shape(const DecoderShape& shape);

WeightOptions weight_options(const DecoderShape& shape, std::uint64_t seed);

// Emits the whole decode step, graph inputs and outputs included, under the module path `module`
// ("model": nodes "/model/layers.0/...", weights "model.layers.0...."). `merge`, if given, rewrites
// the token embeddings [batch, sequence, hidden] before the first layer; its second argument is
// input_ids.
using MergeEmbeddings = std::function<Value(const Value& embeddings, const Value& input_ids)>;
void emit_decoder(GraphBuilder& g, const DecoderShape& shape, const std::string& module,
                  const MergeEmbeddings& merge = {});

// The rotary embedding's inverse frequencies, one for every pair of a head's dimensions, radians a
// position: theta^(-2i/d), for Llama 3.1 stretched by up to 8 where a wave is longer than 2,048
// positions (Dubey et al. 2024; factor 8, low 1, high 4, original context 8,192).
std::vector<float> inverse_frequencies(const DecoderShape& shape);

}  // namespace tilewright::models

// Random models for the passes: a mixture of single operators and of what exporters write for shape
// arithmetic, normalisations, activations, rotary embeddings and attention.
#pragma once

#include <cstdint>
#include <string>

namespace tilewright::testing {

// The bytes of a model, the same for the same seed. Every input has static dimensions.
std::string random_model(std::uint64_t seed);

}  // namespace tilewright::testing

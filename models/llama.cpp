// Llama 3.1 8B (Dubey et al. 2024, table 3) and a tiny relative with the same structure.
#include "models/builders.h"
#include "models/models.h"

namespace tilewright::models {

std::string build_llama31_8b(std::uint64_t seed) {
  const DecoderShape shape{.layers = 32,
                           .hidden = 4096,
                           .heads = 32,
                           .kv_heads = 8,
                           .ffn = 14336,
                           .vocabulary = 128256,
                           .external_weights = true,
                           .rope_theta = 500000,
                           .llama31_rope = true,
                           .name = "llama-3.1-8b"};
  return build_decoder(shape, seed);
}

// Sized so that the file, weights included, stays below 8 MB.
std::string build_llama_tiny(std::uint64_t seed) {
  const DecoderShape shape{.layers = 4,
                           .hidden = 256,
                           .heads = 8,
                           .kv_heads = 4,
                           .ffn = 640,
                           .vocabulary = 2048,
                           .name = "llama-tiny"};
  return build_decoder(shape, seed);
}

}  // namespace tilewright::models

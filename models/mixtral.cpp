// Mixtral 8x7B (Jiang et al. 2024, table 1) and a tiny relative with the same structure.
#include "models/builders.h"
#include "models/models.h"

namespace tilewright::models {

std::string build_mixtral_8x7b(std::uint64_t seed) {
  const DecoderShape shape{.layers = 32,
                           .hidden = 4096,
                           .heads = 32,
                           .kv_heads = 8,
                           .ffn = 14336,
                           .vocabulary = 32000,
                           .external_weights = true,
                           .rope_theta = 1e6,
                           .experts = 8,
                           .name = "mixtral-8x7b"};
  return build_decoder(shape, seed);
}

// Sized so that the file, weights included, stays below 8 MB.
std::string build_mixtral_tiny(std::uint64_t seed) {
  const DecoderShape shape{.layers = 4,
                           .hidden = 128,
                           .heads = 4,
                           .kv_heads = 2,
                           .ffn = 256,
                           .vocabulary = 1024,
                           .experts = 8,
                           .name = "mixtral-tiny"};
  return build_decoder(shape, seed);
}

}  // namespace tilewright::models

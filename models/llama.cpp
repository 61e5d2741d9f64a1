// Llama 3.1 8B (Dubey et al. 2024, table 3) and a tiny relative with the same structure.
#include "models/builders.h"
#include "models/models.h"

namespace tilewright::models {

std::string build_llama31_8b(std::uint64_t seed) {
  DecoderShape shape;
  shape.name = "llama-3.1-8b";
  shape.layers = 32;
  shape.hidden = 4096;
  shape.heads = 32;
  shape.kv_heads = 8;
  shape.ffn = 14336;
  shape.vocabulary = 128256;
  shape.external_weights = true;
  shape.rope_theta = 500000;
  shape.llama31_rope = true;
  return build_decoder(shape, seed);
}

// Sized so that the file, weights included, stays below 8 MB.
std::string build_llama_tiny(std::uint64_t seed) {
  DecoderShape shape;
  shape.name = "llama-tiny";
  shape.layers = 4;
  shape.hidden = 256;
  shape.heads = 8;
  shape.kv_heads = 4;
  shape.ffn = 640;
  shape.vocabulary = 2048;
  return build_decoder(shape, seed);
}

}  // namespace tilewright::models

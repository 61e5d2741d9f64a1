// SmolVLM 256M (Marafioti et al. 2025): SigLIP-base at 512 pixels, pixel shuffle by 4,
// SmolLM2-135M.
#include "models/builders.h"
#include "models/decoder.h"
#include "models/vision.h"

namespace tilewright::models {
namespace {

constexpr std::int64_t kImageToken = 49190;  // "<image>", the placeholder of one image feature
constexpr int kShuffle = 4;

DecoderShape text_shape() {
  return {.layers = 30,
          .hidden = 576,
          .heads = 9,
          .kv_heads = 3,
          .ffn = 1536,
          .vocabulary = 49280,
          .external_weights = true,
          .rope_theta = 100000,
          .name = "smolvlm-256m"};
}

}  // namespace

std::string build_smolvlm_256m(std::uint64_t seed) {
  const DecoderShape text = text_shape();
  const VisionShape vision;
  GraphBuilder g(text.name, weight_options(text, seed));
  const Value pixels =
      g.input("pixel_values", g.weight_type(), {"batch_size", 3, vision.image, vision.image});
  const Value encoded = emit_vision_encoder(g, vision, pixels);
  const Value features = emit_connector(g, vision, kShuffle, text.hidden, encoded);
  const std::int64_t feature_count = vision.patches() / (kShuffle * kShuffle);
  emit_decoder(g, text, "model/text_model", [&](const Value& embeddings, const Value& ids) {
    return emit_image_merge(g, features, feature_count, kImageToken, embeddings, ids);
  });
  return g.serialise();
}

}  // namespace tilewright::models

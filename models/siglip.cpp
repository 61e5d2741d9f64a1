// SigLIP-base (Zhai et al. 2023) at 512 pixels, patches of 16: an encoder alone, SmolVLM's.
#include "models/builders.h"
#include "models/vision.h"

namespace tilewright::models {

std::string build_siglip_b16(std::uint64_t seed) {
  const VisionShape shape;
  GraphBuilder g("siglip-b16", {onnx::TensorProto::FLOAT16, "siglip-b16.onnx_data", seed});
  const Value pixels =
      g.input("pixel_values", g.weight_type(), {"batch_size", 3, shape.image, shape.image});
  emit_vision_encoder(g, shape, pixels, "last_hidden_state");
  g.output("last_hidden_state", g.weight_type(), {"batch_size", shape.patches(), shape.hidden});
  return g.serialise();
}

}  // namespace tilewright::models

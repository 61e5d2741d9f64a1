// The SigLIP vision encoder and SmolVLM's connector.
#pragma once

#include <string>

#include "models/graph_builder.h"

namespace tilewright::models {

struct VisionShape {
  int image = 512, patch = 16, hidden = 768, layers = 12, heads = 12, ffn = 3072;
  double norm_epsilon = 1e-6;
  int patches() const { return (image / patch) * (image / patch); }
};

// pixel_values [batch, 3, image, image] -> [batch, patches, hidden], under "/model/vision_model";
// named `result` when that is not empty.
Value emit_vision_encoder(GraphBuilder& g, const VisionShape& shape, const Value& pixels,
                          const Value& result = "");

// Pixel shuffle by `factor` and one linear layer: [batch, patches, hidden] ->
// [batch, patches / factor^2, out], under "/model/connector".
Value emit_connector(GraphBuilder& g, const VisionShape& shape, int factor, int out,
                     const Value& features);

// The n-th `image_token` of a sequence takes that sequence's n-th image feature; every other token
// keeps its embedding. The same result as the framework's masked scatter, with static shapes:
// features [batch, feature_count, hidden], ids [batch, sequence], embeddings and result [batch,
// sequence, hidden].
Value emit_image_merge(GraphBuilder& g, const Value& features, std::int64_t feature_count,
                       std::int64_t image_token, const Value& embeddings, const Value& ids);

}  // namespace tilewright::models

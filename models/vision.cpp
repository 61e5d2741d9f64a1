#include "models/vision.h"

#include <cmath>
#include <numbers>

#include "models/exporter_ops.h"

namespace tilewright::models {
namespace {

constexpr const char* kWeights = "model.vision_model";

Value layer_norm(GraphBuilder& g, const VisionShape& shape, const std::string& module,
                 const std::string& weights, const Value& x, const Value& result = "") {
  const Scope scope(g, module);
  const Value scale = g.weight(weights + ".weight", {shape.hidden}, {1, 0.1});
  const Value bias = g.weight(weights + ".bias", {shape.hidden}, {0, 0.02});
  return g.node("LayerNormalization", {x, scale, bias},
                {attribute("axis", std::int64_t{-1}), attribute("epsilon", shape.norm_epsilon)},
                result);
}

// 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), in the exporter's order.
Value gelu_tanh(GraphBuilder& g, const Value& x) {
  const Scope scope(g, "activation_fn");
  const ElementType type = g.weight_type();
  const Value square = g.node("Mul", {x, x});
  const Value cube = g.node("Mul", {x, square});
  const Value bent = g.node("Mul", {g.constant(0.044715, type), cube});
  const Value inner = g.node("Add", {x, bent});
  const double beta = std::numbers::sqrt2 * std::numbers::inv_sqrtpi;
  const Value curve = g.node("Tanh", {g.node("Mul", {g.constant(beta, type), inner})});
  const Value gate = g.node("Add", {g.constant(1.0, type), curve});
  const Value half = g.node("Mul", {g.constant(0.5, type), x});
  return g.node("Mul", {half, gate});
}

Value embeddings(GraphBuilder& g, const VisionShape& shape, const Value& pixels) {
  const Scope scope(g, "embeddings");
  const std::string weights = std::string(kWeights) + ".embeddings";
  const std::int64_t inputs = 3LL * shape.patch * shape.patch;
  Value patches;
  {
    const Scope convolution(g, "patch_embedding");
    const Value kernel =
        g.weight(weights + ".patch_embedding.weight", {shape.hidden, 3, shape.patch, shape.patch},
                 {0, 1 / std::sqrt(static_cast<double>(inputs))});
    const Value bias = g.weight(weights + ".patch_embedding.bias", {shape.hidden}, {0, 0.02});
    patches = g.node("Conv", {pixels, kernel, bias},
                     {attribute("dilations", Shape{1, 1}), attribute("group", std::int64_t{1}),
                      attribute("kernel_shape", Shape{shape.patch, shape.patch}),
                      attribute("pads", Shape{0, 0, 0, 0}),
                      attribute("strides", Shape{shape.patch, shape.patch})});
  }
  const Value batch = size_of(g, patches, 0);
  const Value rows = transpose(g, view(g, patches, {batch, shape.hidden, -1}), {0, 2, 1});
  // Every patch of a square image is present, so the position lookup folds into the table itself.
  const Value positions =
      g.weight(weights + ".position_embedding.weight", {shape.patches(), shape.hidden}, {0, 0.02});
  return g.node("Add", {rows, positions});
}

Value self_attention(GraphBuilder& g, const VisionShape& shape, const std::string& weights,
                     const Value& x) {
  const Scope scope(g, "self_attn");
  const int head = shape.hidden / shape.heads;
  const auto project = [&](const char* name, const Value& from) {
    const Scope module(g, name);
    return linear_bias(g, from, weights + "." + name, shape.hidden, shape.hidden);
  };
  const Value batch = size_of(g, x, 0);
  const Value length = size_of(g, x, 1);
  const auto by_head = [&](const Value& rows) {
    return transpose(g, view(g, rows, {batch, length, shape.heads, head}), {0, 2, 1, 3});
  };
  const Value query = by_head(project("q_proj", x));
  const Value key = by_head(project("k_proj", x));
  const Value value = by_head(project("v_proj", x));
  const Value raw = g.node("MatMul", {query, transpose(g, key, {0, 1, 3, 2})});
  const double scale = 1 / std::sqrt(static_cast<double>(head));
  const Value scores = g.node("Mul", {raw, g.constant(scale, g.weight_type())});
  const Value heads = g.node("MatMul", {softmax_fp32(g, scores), value});
  const Value merged = view(g, transpose(g, heads, {0, 2, 1, 3}), {batch, length, shape.hidden});
  return project("out_proj", merged);
}

Value feed_forward(GraphBuilder& g, const VisionShape& shape, const std::string& weights,
                   const Value& x) {
  const Scope scope(g, "mlp");
  Value widened;
  {
    const Scope first(g, "fc1");
    widened = linear_bias(g, x, weights + ".fc1", shape.hidden, shape.ffn);
  }
  const Value active = gelu_tanh(g, widened);
  const Scope second(g, "fc2");
  return linear_bias(g, active, weights + ".fc2", shape.ffn, shape.hidden);
}

Value emit_layer(GraphBuilder& g, const VisionShape& shape, int layer, const Value& x) {
  const std::string name = "layers." + std::to_string(layer);
  const std::string weights = std::string(kWeights) + ".encoder." + name;
  const Scope scope(g, name);
  const Value before = layer_norm(g, shape, "layer_norm1", weights + ".layer_norm1", x);
  const Value attended =
      g.node("Add", {x, self_attention(g, shape, weights + ".self_attn", before)});
  const Value between = layer_norm(g, shape, "layer_norm2", weights + ".layer_norm2", attended);
  return g.node("Add", {attended, feed_forward(g, shape, weights + ".mlp", between)});
}

}  // namespace

Value emit_vision_encoder(GraphBuilder& g, const VisionShape& shape, const Value& pixels,
                          const Value& result) {
  const Scope scope(g, "model/vision_model");
  Value x = embeddings(g, shape, pixels);
  {
    const Scope encoder(g, "encoder");
    for (int layer = 0; layer < shape.layers; ++layer) {
      x = emit_layer(g, shape, layer, x);
    }
  }
  return layer_norm(g, shape, "post_layernorm", std::string(kWeights) + ".post_layernorm", x,
                    result);
}

Value emit_connector(GraphBuilder& g, const VisionShape& shape, int factor, int out,
                     const Value& features) {
  const Scope scope(g, "model/connector");
  const std::int64_t side = shape.image / shape.patch;
  const std::int64_t wide = std::int64_t{shape.hidden} * factor;
  const std::int64_t deep = wide * factor;
  const Value batch = size_of(g, features, 0);
  const Value grid = view(g, features, {batch, side, side, shape.hidden});
  const Value columns = view(g, grid, {batch, side, side / factor, wide});
  const Value turned = transpose(g, columns, {0, 2, 1, 3});
  const Value blocks = view(g, turned, {batch, side / factor, side / factor, deep});
  const Value restored = transpose(g, blocks, {0, 2, 1, 3});
  const Value tokens = view(g, restored, {batch, (side / factor) * (side / factor), deep});
  const Scope projection(g, "modality_projection/proj");
  return linear(g, tokens, "model.connector.modality_projection.proj", deep, out);
}

Value emit_image_merge(GraphBuilder& g, const Value& features, std::int64_t feature_count,
                       std::int64_t image_token, const Value& embeddings, const Value& ids) {
  const Scope scope(g, "inputs_merger");
  const Value is_image = g.node("Equal", {ids, g.constant(image_token)});
  const Value ones = cast(g, is_image, onnx::TensorProto::INT64);
  const Value along_sequence = g.constant(std::int64_t{1});
  const Value count = g.node("CumSum", {ones, along_sequence});
  const Value index = g.node("Sub", {count, g.constant(std::int64_t{1})});
  // Keeps the index legal at tokens that do not use it: those before the first placeholder.
  const Value first = g.constant(std::int64_t{0});
  const Value last = g.constant(feature_count - 1);
  const Value legal = g.node("Clip", {index, first, last});
  const Value picked = g.node("GatherND", {features, unsqueeze(g, legal, {-1})},
                              {attribute("batch_dims", std::int64_t{1})});
  return g.node("Where", {unsqueeze(g, is_image, {-1}), picked, embeddings});
}

}  // namespace tilewright::models

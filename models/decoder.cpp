#include "models/decoder.h"

#include <cmath>
#include <limits>

#include "models/experts.h"
#include "models/exporter_ops.h"
#include "support/error.h"

namespace tilewright::models {
namespace {

constexpr auto kFloat = onnx::TensorProto::FLOAT;
constexpr auto kHalf = onnx::TensorProto::FLOAT16;
constexpr auto kInt64 = onnx::TensorProto::INT64;

// What every layer shares.
struct Decoder {
  GraphBuilder& g;
  const DecoderShape& shape;
  std::string weights;  // prefix of the weights' names: "model"
  Value cos, sin;       // [batch, sequence, head]
  Value mask;           // [batch, 1, sequence, total], 0 or very negative

  int head() const { return shape.hidden / shape.heads; }
  // Projections that write to the residual stream are drawn smaller, so that its variance does not
  // grow with depth (Radford et al. 2019).
  double residual_gain() const { return 1 / std::sqrt(2.0 * shape.layers); }
};

std::string past_name(int layer, const char* kind) {
  return "past_key_values." + std::to_string(layer) + "." + kind;
}

std::string present_name(int layer, const char* kind) {
  return "present." + std::to_string(layer) + "." + kind;
}

void declare_inputs(GraphBuilder& g, const DecoderShape& shape) {
  g.input("input_ids", kInt64, {"batch_size", "sequence_length"});
  g.input("position_ids", kInt64, {"batch_size", "sequence_length"});
  for (int layer = 0; layer < shape.layers; ++layer) {
    for (const char* kind : {"key", "value"}) {
      g.input(past_name(layer, kind), g.weight_type(),
              {"batch_size", shape.kv_heads, "past_sequence_length", shape.hidden / shape.heads});
    }
  }
}

void declare_outputs(GraphBuilder& g, const DecoderShape& shape) {
  g.output("logits", kFloat, {"batch_size", "sequence_length", shape.vocabulary});
  for (int layer = 0; layer < shape.layers; ++layer) {
    for (const char* kind : {"key", "value"}) {
      g.output(present_name(layer, kind), g.weight_type(),
               {"batch_size", shape.kv_heads, "total_sequence_length", shape.hidden / shape.heads});
    }
  }
}

Value rms_norm(const Decoder& d, const std::string& module, const std::string& weights,
               const Value& x) {
  GraphBuilder& g = d.g;
  const Scope scope(g, module);
  const bool half = g.weight_type() == kHalf;
  const Value wide = half ? cast(g, x, kFloat) : x;
  const Value square = g.node("Pow", {wide, g.constant(2.0, kFloat)});
  const Value mean = g.node("ReduceMean", {square},
                            {attribute("axes", Shape{-1}), attribute("keepdims", std::int64_t{1})});
  const Value sum = g.node("Add", {mean, g.constant(d.shape.norm_epsilon, kFloat)});
  const Value root = g.node("Sqrt", {sum});
  const Value reciprocal = g.node("Div", {g.constant(1.0, kFloat), root});
  const Value normal = g.node("Mul", {wide, reciprocal});
  const Value narrow = half ? cast(g, normal, kHalf) : normal;
  return g.node("Mul", {g.weight(weights + ".weight", {d.shape.hidden}, {1, 0.1}), narrow});
}

// cos and sin of every position's angles, computed once from position_ids.
void emit_rotary_tables(Decoder& d) {
  GraphBuilder& g = d.g;
  const Scope scope(g, "rotary_emb");
  const std::int64_t pairs = d.head() / 2;
  const Value frequencies = g.constant(inverse_frequencies(d.shape), Shape{1, pairs, 1});
  const Value batch = size_of(g, "position_ids", 0);
  const Value column = expand(g, frequencies, {batch, pairs, 1});
  const Value row = cast(g, unsqueeze(g, "position_ids", {1}), kFloat);
  const Value angles = transpose(g, g.node("MatMul", {column, row}), {0, 2, 1});
  const Value both = g.node("Concat", {angles, angles}, {attribute("axis", std::int64_t{-1})});
  d.cos = g.node("Cos", {both});
  d.sin = g.node("Sin", {both});
  if (g.weight_type() == kHalf) {
    d.cos = cast(g, d.cos, kHalf);
    d.sin = cast(g, d.sin, kHalf);
  }
}

// A key is seen when its index in the cache is not beyond the query's position.
void emit_mask(Decoder& d, const Value& embeddings) {
  GraphBuilder& g = d.g;
  const Value past = size_of(g, past_name(0, "key"), 2);
  const Value sequence = size_of(g, embeddings, 1);
  const Value total = g.node("Add", {past, sequence});
  const Value first = g.constant(std::int64_t{0});
  const Value step = g.constant(std::int64_t{1});
  const Value indices = g.node("Range", {first, total, step});
  const Value keys = unsqueeze(g, indices, {0, 1, 2});
  const Value queries = unsqueeze(g, "position_ids", {1, 3});
  const Value seen = g.node("LessOrEqual", {keys, queries});
  const ElementType type = g.weight_type();
  const double lowest =
      type == kHalf ? -65504.0 : static_cast<double>(std::numeric_limits<float>::lowest());
  const Value open = g.constant(0.0, type);
  const Value closed = g.constant(lowest, type);
  d.mask = g.node("Where", {seen, open, closed});
}

// [-x2, x1] of the halves [x1, x2] of the last dimension.
Value rotate_half(GraphBuilder& g, const Value& x) {
  const Value width = size_of(g, x, 3);
  const Value half = g.node("Div", {width, g.constant(std::int64_t{2})});
  const Value lower = slice(g, x, 3, 0, half);
  const Value upper = slice(g, x, 3, half, std::numeric_limits<std::int64_t>::max());
  const Value negated = g.node("Neg", {upper});
  return g.node("Concat", {negated, lower}, {attribute("axis", std::int64_t{-1})});
}

Value rotate(GraphBuilder& g, const Value& x, const Value& cos, const Value& sin) {
  const Value in_phase = g.node("Mul", {x, cos});
  const Value quadrature = g.node("Mul", {rotate_half(g, x), sin});
  return g.node("Add", {in_phase, quadrature});
}

// Grouped-query attention by repetition: [b, kv, t, h] -> [b, kv * repeats, t, h].
Value repeat_kv(GraphBuilder& g, const Value& x, int repeats) {
  if (repeats == 1) {
    return x;
  }
  const Value batch = size_of(g, x, 0);
  const Value groups = size_of(g, x, 1);
  const Value length = size_of(g, x, 2);
  const Value width = size_of(g, x, 3);
  const Value apart = unsqueeze(g, x, {2});
  const Value copies = expand(g, apart, {batch, groups, repeats, length, width});
  const Value heads = g.node("Mul", {groups, g.constant(std::int64_t{repeats})});
  return view(g, copies, {batch, heads, length, width});
}

struct HeadViews {
  Value query, key, value;  // [b, heads or kv_heads, s, head]
};

HeadViews project_heads(const Decoder& d, const std::string& weights, const Value& x,
                        const Value& batch, const Value& sequence) {
  GraphBuilder& g = d.g;
  const auto project = [&](const char* name, int heads) {
    const Scope scope(g, name);
    return linear(g, x, weights + "." + name, d.shape.hidden, std::int64_t{heads} * d.head());
  };
  const Value query = project("q_proj", d.shape.heads);
  const Value key = project("k_proj", d.shape.kv_heads);
  const Value value = project("v_proj", d.shape.kv_heads);
  const auto by_head = [&](const Value& rows, int heads) {
    return transpose(g, view(g, rows, {batch, sequence, heads, d.head()}), {0, 2, 1, 3});
  };
  HeadViews views;
  views.query = by_head(query, d.shape.heads);
  views.key = by_head(key, d.shape.kv_heads);
  views.value = by_head(value, d.shape.kv_heads);
  return views;
}

// softmax(q k^T / sqrt(head) + mask) v, [b, heads, s, head].
Value attend(const Decoder& d, const Value& query, const Value& key, const Value& value) {
  GraphBuilder& g = d.g;
  const Value raw = g.node("MatMul", {query, transpose(g, key, {0, 1, 3, 2})});
  const double root = std::sqrt(static_cast<double>(d.head()));
  const Value scores = g.node("Div", {raw, g.constant(root, g.weight_type())});
  const Value visible = slice(g, d.mask, 3, 0, size_of(g, key, 2));
  const Value masked = g.node("Add", {scores, visible});
  return g.node("MatMul", {softmax_fp32(g, masked), value});
}

Value self_attention(const Decoder& d, int layer, const std::string& weights, const Value& x) {
  GraphBuilder& g = d.g;
  const Scope scope(g, "self_attn");
  const Value batch = size_of(g, x, 0);
  const Value sequence = size_of(g, x, 1);
  const HeadViews views = project_heads(d, weights, x, batch, sequence);
  const Value cos = unsqueeze(g, d.cos, {1});
  const Value sin = unsqueeze(g, d.sin, {1});
  const Value query = rotate(g, views.query, cos, sin);
  const Value rotated = rotate(g, views.key, cos, sin);
  const Attributes along_time = {attribute("axis", std::int64_t{-2})};
  const Value key =
      g.node("Concat", {past_name(layer, "key"), rotated}, along_time, present_name(layer, "key"));
  const Value value = g.node("Concat", {past_name(layer, "value"), views.value}, along_time,
                             present_name(layer, "value"));
  const int repeats = d.shape.heads / d.shape.kv_heads;
  const Value keys = repeat_kv(g, key, repeats);
  const Value values = repeat_kv(g, value, repeats);
  const Value heads = transpose(g, attend(d, query, keys, values), {0, 2, 1, 3});
  const Value merged = view(g, heads, {batch, sequence, d.shape.hidden});
  const Scope out(g, "o_proj");
  return linear(g, merged, weights + ".o_proj", d.shape.hidden, d.shape.hidden, d.residual_gain());
}

// SwiGLU: down(silu(gate(x)) * up(x)).
Value feed_forward(const Decoder& d, const std::string& weights, const Value& x) {
  GraphBuilder& g = d.g;
  const Scope scope(g, "mlp");
  const auto project = [&](const char* name, const Value& from, int in, int out, double gain) {
    const Scope module(g, name);
    return linear(g, from, weights + "." + name, in, out, gain);
  };
  const Value gate = project("gate_proj", x, d.shape.hidden, d.shape.ffn, 1);
  Value silu;
  {
    const Scope activation(g, "act_fn");
    silu = g.node("Mul", {gate, g.node("Sigmoid", {gate})});
  }
  const Value up = project("up_proj", x, d.shape.hidden, d.shape.ffn, 1);
  const Value gated = g.node("Mul", {silu, up});
  return project("down_proj", gated, d.shape.ffn, d.shape.hidden, d.residual_gain());
}

Value mixture(const Decoder& d, const std::string& weights, const Value& x) {
  const ExpertsShape shape{d.shape.hidden, d.shape.ffn, d.shape.experts, d.shape.experts_per_token,
                           d.residual_gain()};
  return emit_experts(d.g, shape, weights, x);
}

Value emit_layer(const Decoder& d, int layer, const Value& x) {
  GraphBuilder& g = d.g;
  const std::string name = "layers." + std::to_string(layer);
  const std::string weights = d.weights + "." + name;
  const Scope scope(g, name);
  const Value before = rms_norm(d, "input_layernorm", weights + ".input_layernorm", x);
  const Value attended =
      g.node("Add", {x, self_attention(d, layer, weights + ".self_attn", before)});
  const Value between =
      rms_norm(d, "post_attention_layernorm", weights + ".post_attention_layernorm", attended);
  const Value fed = d.shape.experts > 0 ? mixture(d, weights + ".block_sparse_moe", between)
                                        : feed_forward(d, weights + ".mlp", between);
  return g.node("Add", {attended, fed});
}

// Logits in FP32, as the frameworks return them.
void emit_head(const Decoder& d, const Value& x, const Value& embedding) {
  GraphBuilder& g = d.g;
  const Scope scope(g, "lm_head");
  const bool half = g.weight_type() == kHalf;
  const Value weight = d.shape.tied_embedding
                           ? transpose(g, embedding, {1, 0})
                           : g.weight("lm_head.weight", {d.shape.hidden, d.shape.vocabulary},
                                      {0, 1 / std::sqrt(static_cast<double>(d.shape.hidden))});
  const Value logits = g.node("MatMul", {x, weight}, {}, half ? "" : "logits");
  if (half) {
    cast(g, logits, kFloat, "logits");
  }
}

}  // namespace

void check_shape(const DecoderShape& s) {
  const auto refuse = [](const std::string& what) {
    throw Error("TW-MODEL-002", "decoder shape: " + what);
  };
  if (s.layers < 1 || s.hidden < 1 || s.heads < 1 || s.kv_heads < 1 || s.ffn < 1 ||
      s.vocabulary < 1) {
    refuse("every size must be at least 1");
  }
  if (s.hidden % s.heads != 0 || (s.hidden / s.heads) % 2 != 0) {
    refuse("hidden size over heads must be a whole even number");
  }
  if (s.heads % s.kv_heads != 0) {
    refuse("heads must be a multiple of KV heads");
  }
  if (s.experts < 0 ||
      (s.experts > 0 && (s.experts_per_token < 1 || s.experts_per_token > s.experts))) {
    refuse("experts per token must be between 1 and the number of experts");
  }
  if (!(s.rope_theta > 0) || !(s.norm_epsilon > 0)) {
    refuse("rope theta and norm epsilon must be above 0");
  }
}

WeightOptions weight_options(const DecoderShape& shape, std::uint64_t seed) {
  return {shape.half ? kHalf : kFloat,
          shape.external_weights ? shape.name + ".onnx_data" : std::string(), seed};
}

void emit_decoder(GraphBuilder& g, const DecoderShape& shape, const std::string& module,
                  const MergeEmbeddings& merge) {
  check_shape(shape);
  declare_inputs(g, shape);
  Decoder d{g, shape, module, "", "", ""};
  for (char& c : d.weights) {
    c = c == '/' ? '.' : c;  // node scopes are separated by slashes, weights by dots
  }
  Value x, embedding;
  {
    const Scope scope(g, module);
    {
      const Scope tokens(g, "embed_tokens");
      embedding = g.weight(d.weights + ".embed_tokens.weight", {shape.vocabulary, shape.hidden},
                           {0, 1 / std::sqrt(static_cast<double>(shape.hidden))});
      x = g.node("Gather", {embedding, "input_ids"});
    }
    if (merge) {
      x = merge(x, "input_ids");
    }
    emit_mask(d, x);
    emit_rotary_tables(d);
    for (int layer = 0; layer < shape.layers; ++layer) {
      x = emit_layer(d, layer, x);
    }
    x = rms_norm(d, "norm", d.weights + ".norm", x);
  }
  emit_head(d, x, embedding);
  declare_outputs(g, shape);
}

}  // namespace tilewright::models

namespace tilewright {

std::string build_decoder(const DecoderShape& shape, std::uint64_t seed) {
  models::check_shape(shape);
  models::GraphBuilder g(shape.name, models::weight_options(shape, seed));
  models::emit_decoder(g, shape, "model");
  return g.serialise();
}

}  // namespace tilewright

#include "models/unet_blocks.h"

#include <cmath>

#include "models/exporter_ops.h"

namespace tilewright::models {
namespace {

constexpr double kLongestWave = 10000;

std::string joined(const std::string& prefix, const std::string& name) {
  return prefix.empty() ? name : prefix + "." + name;
}

// nn.Linear of rows: [batch, in] -> [batch, out].
Value gemm(const UnetBlocks& u, const std::string& prefix, const std::string& name, std::int64_t in,
           std::int64_t out, const Value& x) {
  const Scope scope(u.g, name);
  const Value weight = u.g.weight(joined(prefix, name) + ".weight", {out, in},
                                  {0, 1 / std::sqrt(static_cast<double>(in))});
  const Value bias = u.g.weight(joined(prefix, name) + ".bias", {out}, {0, 0.02});
  return u.g.node("Gemm", {x, weight, bias}, {attribute("transB", std::int64_t{1})});
}

}  // namespace

Value emit_conv(const UnetBlocks& u, const std::string& prefix, const std::string& name,
                const ConvShape& conv, const Value& x, const Value& result) {
  const Scope scope(u.g, name);
  const std::int64_t fan_in = conv.in * conv.kernel * conv.kernel, pad = conv.kernel / 2;
  const Value kernel =
      u.g.weight(joined(prefix, name) + ".weight", {conv.out, conv.in, conv.kernel, conv.kernel},
                 {0, 1 / std::sqrt(static_cast<double>(fan_in))});
  const Value bias = u.g.weight(joined(prefix, name) + ".bias", {conv.out}, {0, 0.02});
  return u.g.node("Conv", {x, kernel, bias},
                  {attribute("dilations", Shape{1, 1}), attribute("group", std::int64_t{1}),
                   attribute("kernel_shape", Shape{conv.kernel, conv.kernel}),
                   attribute("pads", Shape{pad, pad, pad, pad}),
                   attribute("strides", Shape{conv.stride, conv.stride})},
                  result);
}

Value emit_silu(const UnetBlocks& u, const Value& x) {
  return u.g.node("Mul", {x, u.g.node("Sigmoid", {x})});
}

Value emit_group_norm(const UnetBlocks& u, const std::string& prefix, const std::string& name,
                      std::int64_t channels, const Value& x) {
  GraphBuilder& g = u.g;
  const Scope scope(g, name);
  const auto each = [&](float value) {
    return g.constant(std::vector<float>(static_cast<std::size_t>(u.groups), value),
                      Shape{u.groups});
  };
  const Value grouped = view(g, x, {std::int64_t{0}, u.groups, std::int64_t{-1}});
  const Value ones = each(1), zeros = each(0);
  const Value normal =
      g.node("InstanceNormalization", {grouped, ones, zeros}, {attribute("epsilon", u.epsilon)});
  const Value back = g.node("Reshape", {normal, g.node("Shape", {x})});
  const std::string weights = joined(prefix, name);
  const Value scale = g.weight(weights + ".weight", {channels, 1, 1}, {1, 0.1});
  const Value bias = g.weight(weights + ".bias", {channels, 1, 1}, {0, 0.02});
  return g.node("Add", {g.node("Mul", {back, scale}), bias});
}

Value emit_timestep(const UnetBlocks& u, std::int64_t width, const Value& timestep) {
  GraphBuilder& g = u.g;
  Value sinusoids;
  {
    const Scope scope(g, "time_proj");
    std::vector<float> frequencies;
    for (std::int64_t i = 0; i < width / 2; ++i) {
      frequencies.push_back(static_cast<float>(
          std::pow(kLongestWave, -2 * static_cast<double>(i) / static_cast<double>(width))));
    }
    const Value column = cast(g, unsqueeze(g, timestep, {1}), onnx::TensorProto::FLOAT);
    const Value angles = g.node("Mul", {column, g.constant(frequencies, Shape{1, width / 2})});
    sinusoids = g.node("Concat", {g.node("Cos", {angles}), g.node("Sin", {angles})},
                       {attribute("axis", std::int64_t{-1})});
  }
  const Scope scope(g, "time_embedding");
  const Value hidden = gemm(u, "time_embedding", "linear_1", width, u.time, sinusoids);
  return gemm(u, "time_embedding", "linear_2", u.time, u.time, emit_silu(u, hidden));
}

Value emit_resnet(const UnetBlocks& u, const std::string& prefix, std::int64_t in, std::int64_t out,
                  const Value& x, const Value& embedding) {
  GraphBuilder& g = u.g;
  const Value first = emit_silu(u, emit_group_norm(u, prefix, "norm1", in, x));
  const Value features = emit_conv(u, prefix, "conv1", {in, out}, first);
  const Value row = gemm(u, prefix, "time_emb_proj", u.time, out, emit_silu(u, embedding));
  const Value timed = g.node("Add", {features, unsqueeze(g, row, {2, 3})});
  const Value second = emit_silu(u, emit_group_norm(u, prefix, "norm2", out, timed));
  const Value change = emit_conv(u, prefix, "conv2", {out, out}, second);
  const Value shortcut = in == out ? x : emit_conv(u, prefix, "conv_shortcut", {in, out, 1}, x);
  return g.node("Add", {shortcut, change});
}

Value emit_attention(const UnetBlocks& u, const std::string& prefix, std::int64_t channels,
                     std::int64_t side, const Value& x) {
  GraphBuilder& g = u.g;
  const std::int64_t head = channels / u.heads, positions = side * side;
  const Value batch = size_of(g, x, 0);
  const Value normal = emit_group_norm(u, prefix, "group_norm", channels, x);
  const Value rows = transpose(g, view(g, normal, {batch, channels, positions}), {0, 2, 1});
  const auto project = [&](const char* name, const Value& from) {
    const Scope scope(g, name);
    return linear_bias(g, from, prefix + "." + name, channels, channels);
  };
  const auto by_head = [&](const Value& from) {
    return transpose(g, view(g, from, {batch, positions, u.heads, head}), {0, 2, 1, 3});
  };
  const Value query = by_head(project("to_q", rows));
  const Value key = by_head(project("to_k", rows));
  const Value value = by_head(project("to_v", rows));
  const Value raw = g.node("MatMul", {query, transpose(g, key, {0, 1, 3, 2})});
  const double scale = 1 / std::sqrt(static_cast<double>(head));
  const Value odds = softmax_fp32(g, g.node("Mul", {raw, g.constant(scale, g.weight_type())}));
  const Value mixed = transpose(g, g.node("MatMul", {odds, value}), {0, 2, 1, 3});
  const Value out = project("to_out.0", view(g, mixed, {batch, positions, channels}));
  const Value image = view(g, transpose(g, out, {0, 2, 1}), {batch, channels, side, side});
  return g.node("Add", {image, x});
}

Value emit_upsampler(const UnetBlocks& u, const std::string& prefix, std::int64_t channels,
                     const Value& x) {
  const Value scales = u.g.constant(std::vector<float>{1, 1, 2, 2}, Shape{4});
  const Value larger = u.g.node("Resize", {x, "", scales},
                                {attribute("coordinate_transformation_mode", "asymmetric"),
                                 attribute("mode", "nearest"), attribute("nearest_mode", "floor")});
  return emit_conv(u, prefix, "conv", {channels, channels}, larger);
}

}  // namespace tilewright::models

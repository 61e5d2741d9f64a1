// A small depthwise-separable CNN for 32x32 RGB images and ten classes.
#include <cmath>

#include "models/builders.h"
#include "models/exporter_ops.h"

namespace tilewright::models {
namespace {

constexpr auto kFloat = onnx::TensorProto::FLOAT;
constexpr std::int64_t kClasses = 10, kFeatures = 64;

struct ConvShape {
  std::int64_t in, out, kernel, groups;
};

// Convolution without bias (the norm has one), stride 1, same size; then batch norm and ReLU.
Value conv_norm_relu(GraphBuilder& g, const std::string& module, const ConvShape& conv,
                     const Value& x) {
  const Scope scope(g, module);
  const std::int64_t fan_in = conv.in / conv.groups * conv.kernel * conv.kernel;
  const std::int64_t pad = conv.kernel / 2;
  const Value kernel =
      g.weight(module + ".conv.weight", {conv.out, conv.in / conv.groups, conv.kernel, conv.kernel},
               {0, std::sqrt(2.0 / static_cast<double>(fan_in))});
  const Value features =
      g.node("Conv", {x, kernel},
             {attribute("dilations", Shape{1, 1}), attribute("group", conv.groups),
              attribute("kernel_shape", Shape{conv.kernel, conv.kernel}),
              attribute("pads", Shape{pad, pad, pad, pad}), attribute("strides", Shape{1, 1})});
  const Value scale = g.weight(module + ".bn.weight", {conv.out}, {1, 0.1});
  const Value bias = g.weight(module + ".bn.bias", {conv.out}, {0, 0.1});
  const Value mean = g.weight(module + ".bn.running_mean", {conv.out}, {0, 0.1});
  const Value variance = g.weight(module + ".bn.running_var", {conv.out}, {1, 0.1});
  const Value normal = g.node("BatchNormalization", {features, scale, bias, mean, variance},
                              {attribute("epsilon", 1e-5), attribute("momentum", 0.9)});
  return g.node("Relu", {normal});
}

Value max_pool(GraphBuilder& g, const Value& x) {
  return g.node("MaxPool", {x},
                {attribute("kernel_shape", Shape{2, 2}), attribute("pads", Shape{0, 0, 0, 0}),
                 attribute("strides", Shape{2, 2})});
}

Value separable_block(GraphBuilder& g, const std::string& module, std::int64_t in, std::int64_t out,
                      const Value& x) {
  const Value depthwise = conv_norm_relu(g, module + ".depthwise", {in, in, 3, in}, x);
  return conv_norm_relu(g, module + ".pointwise", {in, out, 1, 1}, depthwise);
}

}  // namespace

std::string build_convnet_tiny(std::uint64_t seed) {
  GraphBuilder g("convnet-tiny", {kFloat, "", seed});
  Value x = g.input("image", kFloat, {"batch_size", 3, 32, 32});
  x = max_pool(g, conv_norm_relu(g, "stem", {3, 16, 3, 1}, x));
  x = max_pool(g, separable_block(g, "block1", 16, 32, x));
  x = max_pool(g, separable_block(g, "block2", 32, kFeatures, x));
  x = g.node("Flatten", {g.node("GlobalAveragePool", {x})}, {attribute("axis", std::int64_t{1})});
  const Value weight = g.weight("classifier.weight", {kClasses, kFeatures},
                                {0, 1 / std::sqrt(static_cast<double>(kFeatures))});
  const Value bias = g.weight("classifier.bias", {kClasses}, {0, 0.1});
  g.node("Gemm", {x, weight, bias}, {attribute("transB", std::int64_t{1})}, "logits");
  g.output("logits", kFloat, {"batch_size", kClasses});
  return g.serialise();
}

}  // namespace tilewright::models

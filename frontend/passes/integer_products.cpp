// Products of dequantised operands (QDQ models) become products of integers, as hardware does them:
// with a QuantizeLinear behind them QLinearMatMul or QLinearConv, else MatMulInteger or
// ConvInteger, whose sums are scaled.
#include <algorithm>
#include <cmath>

#include "frontend/onnx_proto.h"
#include "frontend/passes/match.h"
#include "frontend/passes/pass.h"
#include "frontend/passes/rewrite.h"

namespace tilewright::pass {
namespace {

// A tensor as integers: (integers - zero) scale. zero: -1 for none.
struct Integers {
  std::int32_t values = -1, scale = -1, zero = -1;
};

std::int64_t elements(const GraphEditor& edit, std::int32_t tensor) {
  return edit.tensor(tensor).has_shape ? edit.tensor(tensor).elements() : -1;
}

// What DequantizeLinear makes from 8-bit integers, with one constant scale, or with one for each
// index of `axis` (negative: one alone is allowed).
std::optional<Integers> dequantised(const GraphEditor& edit, std::int32_t tensor,
                                    std::int64_t axis) {
  const Match m(edit);
  const Node* const node = m.made_by(tensor, "DequantizeLinear");
  if (node == nullptr || node->inputs.size() < 2) return std::nullopt;
  const OpView view(edit.graph(), *node);
  const Integers x{node->inputs[0], node->inputs[1], Match::input(*node, 2)};
  const DType type = edit.tensor(x.values).type;
  const bool bytes = type == DType::kInt8 || type == DType::kUint8;
  if (!bytes || edit.tensor(x.scale).type != DType::kFloat32 || !m.is_constant(x.scale) ||
      (x.zero >= 0 && !m.is_constant(x.zero)) || m.rank(x.scale) > 1)
    return std::nullopt;
  constexpr std::int64_t kMostScales = 1 << 20;
  if (elements(edit, x.scale) < 0 || elements(edit, x.scale) > kMostScales) return std::nullopt;
  if (elements(edit, x.scale) == 1) return x;
  const std::int64_t rank = m.rank(tensor), given = view.attr_int("axis", 1);
  const bool along = axis >= 0 && (given < 0 ? given + rank : given) == axis;
  return along && view.attr_int("block_size", 0) == 0 ? std::optional(x) : std::nullopt;
}

// The QOperator form names every zero point.
std::int32_t zero_of(GraphEditor& edit, const Integers& x, const std::string& name) {
  if (x.zero >= 0) return x.zero;
  const Value none =
      make_value(edit.tensor(x.values).type, edit.tensor(x.scale).shape, Precision::kDeclared);
  return edit.add_constant(none, name + "/zero");
}

std::int32_t ints(GraphEditor& edit, std::vector<std::int64_t> values, const std::string& name) {
  Value value =
      make_value(DType::kInt64, {static_cast<std::int64_t>(values.size())}, Precision::kDeclared);
  value.elements = std::move(values);
  return edit.add_constant(value, name);
}

// Both operands of a product of single precision.
struct Operands {
  Integers a, b;
};

// MatMul, and a Gemm that only adds its bias.
std::optional<Operands> matmul_operands(const GraphEditor& edit, const Node& node) {
  const Match m(edit);
  const bool gemm = node.type == "Gemm";
  const OpView view(edit.graph(), node);
  if (edit.tensor(node.outputs[0]).type != DType::kFloat32) return std::nullopt;
  if (gemm && (view.attr_float("alpha", 1) != 1 || view.attr_float("beta", 1) != 1 ||
               view.attr_int("transA", 0) != 0))
    return std::nullopt;
  const std::int64_t rank = m.rank(node.inputs[1]);
  if (m.rank(node.inputs[0]) < 2 || rank < 2) return std::nullopt;
  const bool turned = gemm && view.attr_int("transB", 0) != 0;
  const std::int64_t columns = rank != 2 ? -1 : turned ? 0 : 1;
  const auto a = dequantised(edit, node.inputs[0], -1),
             b = dequantised(edit, node.inputs[1], columns);
  return a && b ? std::optional(Operands{*a, *b}) : std::nullopt;
}

std::optional<Operands> conv_operands(const GraphEditor& edit, const Node& node) {
  if (edit.tensor(node.outputs[0]).type != DType::kFloat32) return std::nullopt;
  const auto x = dequantised(edit, node.inputs[0], -1), w = dequantised(edit, node.inputs[1], 0);
  return x && w ? std::optional(Operands{*x, *w}) : std::nullopt;
}

// The integers of a bias at the scale of the sums; -1: there is no bias; nothing: it is another.
std::optional<std::int32_t> integer_bias(const GraphEditor& edit, const Operands& of,
                                         std::int32_t bias) {
  if (bias < 0) return -1;
  const Match m(edit);
  const Node* const node = m.made_by(bias, "DequantizeLinear");
  if (node == nullptr || edit.tensor(node->inputs[0]).type != DType::kInt32) return std::nullopt;
  const std::int32_t zero = Match::input(*node, 2);
  const auto scale = m.value(node->inputs[1]), x = m.value(of.a.scale), w = m.value(of.b.scale);
  const auto shift = zero < 0 ? std::nullopt : m.value(zero);
  if (!scale || !x || !w || (zero >= 0 && !shift)) return std::nullopt;
  const std::vector<double> given = as_reals(*scale), weights = as_reals(*w);
  if (given.size() != weights.size()) return std::nullopt;
  const std::vector<double> inputs = as_reals(*x);
  if (inputs.empty()) return std::nullopt;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const double sums = inputs[0] * weights[i];
    if (std::fabs(given[i] - sums) > 1e-5 * sums) return std::nullopt;
  }
  const std::vector<double> shifts = shift ? as_reals(*shift) : std::vector<double>{};
  const bool none = std::all_of(shifts.begin(), shifts.end(), [](double z) { return z == 0; });
  return none ? std::optional(node->inputs[0]) : std::nullopt;
}

// QuantizeLinear of a product's only use.
bool requantise(GraphEditor& edit, std::int32_t index) {
  const Match m(edit);
  const Node quantize = edit.node(index);
  const std::int32_t sums = quantize.inputs[0], from = edit.producer(sums);
  if (from < 0 || !edit.used_once(sums) || quantize.inputs.size() < 3 ||
      elements(edit, quantize.inputs[1]) != 1 || !m.is_constant(quantize.inputs[1]) ||
      edit.tensor(quantize.inputs[1]).type != DType::kFloat32)
    return false;
  const DType type = edit.tensor(quantize.outputs[0]).type;
  if (type != DType::kInt8 && type != DType::kUint8) return false;
  const Node node = edit.node(from);
  if (!node.domain.empty() || (node.type != "MatMul" && node.type != "Conv")) return false;
  const bool conv = node.type == "Conv";
  const auto of = conv ? conv_operands(edit, node) : matmul_operands(edit, node);
  if (!of) return false;
  const auto bias = integer_bias(edit, *of, conv ? Match::input(node, 2) : -1);
  if (!bias) return false;
  const std::string type_name = conv ? "QLinearConv" : "QLinearMatMul",
                    name = edit.tensor(quantize.outputs[0]).name + "/" + type_name;
  std::vector<std::int32_t> inputs = {
      of->a.values,       of->a.scale,       zero_of(edit, of->a, name),
      of->b.values,       of->b.scale,       zero_of(edit, of->b, name),
      quantize.inputs[1], quantize.inputs[2]};
  if (*bias >= 0) inputs.push_back(*bias);
  const auto attributes = conv ? node.attributes : std::map<std::string, Attribute>{};
  return edit.replace(quantize.outputs[0],
                      edit.add_op(type_name, std::move(inputs), attributes, name));
}

// Integer sums times the product of the scales.
std::int32_t scaled(GraphEditor& edit, std::int32_t sums, const Operands& of,
                    std::int64_t trailing_axes, const std::string& name) {
  std::int32_t scale = edit.add_op("Mul", {of.a.scale, of.b.scale}, {}, name + "/scale");
  const std::int64_t channels = elements(edit, of.b.scale);
  if (trailing_axes > 0 && channels > 1) {
    std::vector<std::int64_t> shape(static_cast<std::size_t>(trailing_axes + 1), 1);
    shape[0] = channels;
    scale = edit.add_op("Reshape", {scale, ints(edit, std::move(shape), name + "/shape")}, {},
                        name + "/scale");
  }
  const std::int64_t single = proto::number_of(DType::kFloat32);
  const std::int32_t real = edit.add_op("Cast", {sums}, {{"to", single}}, name + "/cast");
  return edit.add_op("Mul", {real, scale}, {}, name + "/scaled");
}

std::vector<std::int32_t> integer_inputs(const Operands& of) {
  std::vector<std::int32_t> inputs = {of.a.values, of.b.values, of.a.zero, of.b.zero};
  while (inputs.back() < 0) inputs.pop_back();
  return inputs;
}

bool integer_matmul(GraphEditor& edit, std::int32_t index) {
  const Node node = edit.node(index);
  auto of = matmul_operands(edit, node);
  if (!of || !edit.in_use(node.outputs[0])) return false;
  const std::string name = edit.tensor(node.outputs[0]).name + "/MatMulInteger";
  const bool gemm = node.type == "Gemm";
  if (gemm && OpView(edit.graph(), node).attr_int("transB", 0) != 0) {
    const std::vector<std::int64_t> turned = {1, 0};
    of->b.values = edit.add_op("Transpose", {of->b.values}, {{"perm", turned}}, name + "/turned");
  }
  const std::int32_t sums = edit.add_op("MatMulInteger", integer_inputs(*of), {}, name);
  std::int32_t output = scaled(edit, sums, *of, 0, name);
  if (const std::int32_t bias = gemm ? Match::input(node, 2) : -1; bias >= 0)
    output = edit.add_op("Add", {output, bias}, {}, name + "/bias");
  return edit.replace(node.outputs[0], output);
}

bool integer_conv(GraphEditor& edit, std::int32_t index) {
  const Match m(edit);
  const Node node = edit.node(index);
  const auto of = conv_operands(edit, node);
  if (!of || !edit.in_use(node.outputs[0])) return false;
  const std::int64_t trailing = m.rank(node.outputs[0]) - 2;
  if (trailing < 0) return false;
  const std::string name = edit.tensor(node.outputs[0]).name + "/ConvInteger";
  const std::int32_t sums = edit.add_op("ConvInteger", integer_inputs(*of), node.attributes, name);
  std::int32_t output = scaled(edit, sums, *of, trailing, name);
  if (std::int32_t bias = Match::input(node, 2); bias >= 0) {
    std::vector<std::int64_t> shape(static_cast<std::size_t>(trailing + 1), 1);
    shape[0] = elements(edit, bias);
    bias = edit.add_op("Reshape", {bias, ints(edit, std::move(shape), name + "/shape")}, {},
                       name + "/bias");
    output = edit.add_op("Add", {output, bias}, {}, name + "/sum");
  }
  return edit.replace(node.outputs[0], output);
}

// Saturation at the zero point does what a Relu before it did.
bool absorb_relu(GraphEditor& edit, std::int32_t index) {
  const Match m(edit);
  const Node relu = edit.node(index);
  if (!edit.used_once(relu.outputs[0])) return false;
  const Node& reader = edit.node(edit.users(relu.outputs[0])[0]);
  if (!reader.domain.empty() || reader.type != "QuantizeLinear" ||
      reader.inputs[0] != relu.outputs[0] || Match::input(reader, 2) < 0)
    return false;
  const DType type = edit.tensor(reader.outputs[0]).type;
  const auto zero = m.scalar(reader.inputs[2]);
  const bool least =
      zero && ((type == DType::kUint8 && *zero == 0) || (type == DType::kInt8 && *zero == -128));
  return least && edit.replace(relu.outputs[0], relu.inputs[0]);
}

}  // namespace

std::int64_t integer_products(GraphEditor& edit) {
  std::int64_t changes = rewrite_each(edit, "Relu", absorb_relu);
  changes += rewrite_each(edit, "QuantizeLinear", requantise);
  changes += rewrite_each(edit, "MatMul", integer_matmul);
  changes += rewrite_each(edit, "Gemm", integer_matmul);
  return changes + rewrite_each(edit, "Conv", integer_conv);
}

}  // namespace tilewright::pass

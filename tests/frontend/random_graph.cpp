#include "random_graph.h"

#include <algorithm>
#include <functional>

#include "onnx_writer.h"
#include "support/random.h"

namespace tilewright::testing {
namespace {

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : stream_(seed, "random_model") {}

  std::string make() {
    for (std::int64_t i = 0; i < 2; ++i) {
      const Dims dims = {pick(1, 2), pick(1, 4), pick(1, 5), 2 * pick(1, 4)};
      writer_.input("in" + std::to_string(i), dims);
      pool_.push_back({"in" + std::to_string(i), dims});
    }
    const std::int64_t steps = pick(3, 14);
    for (std::int64_t i = 0; i < steps; ++i) step();
    // What nobody reads stays in the file, for a pass to find.
    const std::int64_t outputs = pick(1, 3);
    for (std::int64_t i = 0; i < outputs; ++i) {
      const Known& shown = pool_[pool_.size() - 1 - static_cast<std::size_t>(pick(0, 2))];
      const std::string name = "out" + std::to_string(i);
      node("Identity", {shown.name}, name);
      writer_.output(name);
    }
    return writer_.bytes();
  }

 private:
  struct Known {
    std::string name;
    Dims dims;
  };

  std::int64_t pick(std::int64_t low, std::int64_t high) {
    return low +
           static_cast<std::int64_t>(stream_.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  bool coin() { return pick(0, 1) == 1; }
  Known any() {
    return pool_[static_cast<std::size_t>(pick(0, static_cast<std::int64_t>(pool_.size()) - 1))];
  }
  Known of_rank(std::size_t rank) {
    std::vector<Known> fitting;
    std::copy_if(pool_.begin(), pool_.end(), std::back_inserter(fitting),
                 [&](const Known& k) { return k.dims.size() == rank; });
    return fitting.empty() ? pool_[0]
                           : fitting[static_cast<std::size_t>(
                                 pick(0, static_cast<std::int64_t>(fitting.size()) - 1))];
  }
  std::string fresh() { return "t" + std::to_string(count_++); }

  onnx::NodeProto& node(const std::string& type, const std::vector<std::string>& inputs,
                        const std::string& output) {
    return writer_.node(type, inputs, {output});
  }
  std::string op(const std::string& type, const std::vector<std::string>& inputs,
                 const std::function<void(onnx::NodeProto&)>& attributes = {}) {
    std::string name = fresh();
    onnx::NodeProto& added = node(type, inputs, name);
    if (attributes) attributes(added);
    return name;
  }
  void keep(const std::string& name, const Dims& dims) { pool_.push_back({name, dims}); }

  std::string weight(const Dims& dims, double mean, double deviation) {
    std::string name = fresh();
    auto& tensor = *writer_.graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    std::int64_t size = 1;
    for (const std::int64_t d : dims) {
      tensor.add_dims(d);
      size *= d;
    }
    for (std::int64_t i = 0; i < size; ++i) {
      tensor.add_float_data(static_cast<float>(mean + deviation * stream_.normal()));
    }
    return name;
  }
  std::string scalar(double value) {
    std::string name = fresh();
    auto& attribute = *node("Constant", {}, name).add_attribute();
    attribute.set_name("value");
    attribute.set_type(onnx::AttributeProto::TENSOR);
    auto& tensor = *attribute.mutable_t();
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    tensor.add_float_data(static_cast<float>(value));
    return name;
  }
  std::string ints(const Dims& values) {
    std::string name = fresh();
    writer_.ints(name, values);
    return name;
  }

  void step() {
    using Step = void (Maker::*)();
    static constexpr Step kSteps[] = {
        &Maker::unary,     &Maker::binary,     &Maker::reshape,       &Maker::transpose,
        &Maker::slice,     &Maker::concat,     &Maker::matmul,        &Maker::softmax,
        &Maker::rms_norm,  &Maker::layer_norm, &Maker::gelu,          &Maker::silu,
        &Maker::attention, &Maker::conv,       &Maker::repeated,      &Maker::no_move,
        &Maker::rotary,    &Maker::quantised,  &Maker::quantised_conv};
    (this->*kSteps[stream_.below(std::size(kSteps))])();
  }

  void unary() {
    static const std::vector<std::string> kTypes = {"Relu", "Tanh", "Sigmoid", "Neg",
                                                    "Abs",  "Erf",  "Sin",     "Softplus"};
    const Known x = any();
    keep(op(kTypes[static_cast<std::size_t>(pick(0, 7))], {x.name}), x.dims);
  }
  void binary() {
    static const std::vector<std::string> kTypes = {"Add", "Sub", "Mul", "Max"};
    const Known x = any();
    const std::string& type = kTypes[static_cast<std::size_t>(pick(0, 3))];
    const std::string other = coin() ? scalar(stream_.normal()) : weight({x.dims.back()}, 0, 1);
    const bool first = coin();
    keep(op(type, first ? std::vector{x.name, other} : std::vector{other, x.name}), x.dims);
  }
  // The last two axes become one, by shape arithmetic or by a constant.
  void reshape() {
    const Known x = any();
    if (x.dims.size() < 3) return;
    Dims dims(x.dims.begin(), x.dims.end() - 2);
    dims.push_back(x.dims[x.dims.size() - 2] * x.dims.back());
    if (coin()) return keep(op("Reshape", {x.name, ints(dims)}), dims);
    const std::string shape = op("Shape", {x.name});
    std::vector<std::string> parts;
    for (std::size_t i = 0; i + 1 < dims.size(); ++i) {
      const std::string at = op("Gather", {shape, ints({static_cast<std::int64_t>(i)})});
      parts.push_back(at);
    }
    parts.push_back(ints({-1}));
    const std::string target =
        op("Concat", parts, [](onnx::NodeProto& n) { set_int(n, "axis", 0); });
    keep(op("Reshape", {x.name, target}), dims);
  }
  void transpose() {
    const Known x = any();
    Dims perm;
    for (std::size_t i = 0; i < x.dims.size(); ++i) perm.push_back(static_cast<std::int64_t>(i));
    for (std::size_t i = perm.size(); i > 1; --i) {
      std::swap(perm[i - 1],
                perm[static_cast<std::size_t>(pick(0, static_cast<std::int64_t>(i) - 1))]);
    }
    Dims dims;
    for (const std::int64_t p : perm) dims.push_back(x.dims[static_cast<std::size_t>(p)]);
    keep(op("Transpose", {x.name}, [&](onnx::NodeProto& n) { set_ints(n, "perm", perm); }), dims);
  }
  void slice() {
    const Known x = any();
    const auto axis =
        static_cast<std::size_t>(pick(0, static_cast<std::int64_t>(x.dims.size()) - 1));
    const std::int64_t extent = x.dims[axis], step = coin() ? 1 : -1;
    Dims dims = x.dims;
    const std::int64_t length = pick(1, extent);
    dims[axis] = length;
    const std::int64_t start = step > 0 ? 0 : extent - 1,
                       end = step > 0 ? length : extent - 1 - length - extent;
    keep(op("Slice", {x.name, ints({start}), ints({end}), ints({static_cast<std::int64_t>(axis)}),
                      ints({step})}),
         dims);
  }
  void concat() {
    const Known x = any();
    const std::string other = coin() ? x.name : op("Neg", {x.name});
    Dims dims = x.dims;
    if (dims.back() > 16) return;
    dims.back() *= 2;
    keep(op("Concat", {x.name, other}, [](onnx::NodeProto& n) { set_int(n, "axis", -1); }), dims);
  }
  void matmul() {
    Known x = any();
    if (x.dims.size() < 2) return;
    if (coin()) {
      const std::int64_t rows = x.dims[0];
      std::int64_t rest = 1;
      for (std::size_t i = 1; i < x.dims.size(); ++i) rest *= x.dims[i];
      x = {op("Reshape", {x.name, ints({rows, rest})}), {rows, rest}};
    }
    const std::int64_t n = pick(1, 5);
    std::string y = op("MatMul", {x.name, weight({x.dims.back(), n}, 0, 0.5)});
    if (coin()) {
      const std::string bias = weight({n}, 0, 1);
      y = coin() ? op("Add", {y, bias}) : op("Add", {bias, y});
    }
    Dims dims = x.dims;
    dims.back() = n;
    keep(y, dims);
  }
  void softmax() {
    const Known x = any();
    keep(op("Softmax", {x.name}, [](onnx::NodeProto& n) { set_int(n, "axis", -1); }), x.dims);
  }
  std::string mean(const std::string& x) {
    return op("ReduceMean", {x}, [](onnx::NodeProto& n) { set_ints(n, "axes", {-1}); });
  }
  std::string square(const std::string& x) {
    return coin() ? op("Pow", {x, scalar(2)}) : op("Mul", {x, x});
  }
  std::string over_root(const std::string& x, const std::string& variance) {
    const std::string sum = op("Add", {variance, scalar(1e-3)});
    if (coin()) return op("Div", {x, op("Sqrt", {sum})});
    const std::string root = op("Sqrt", {sum});
    return op("Mul", {x, coin() ? op("Reciprocal", {root}) : op("Div", {scalar(1), root})});
  }
  void rms_norm() {
    const Known x = any();
    const std::string normal = over_root(x.name, mean(square(x.name))),
                      gain = weight({x.dims.back()}, 1, 0.2);
    keep(coin() ? op("Mul", {normal, gain}) : op("Mul", {gain, normal}), x.dims);
  }
  void layer_norm() {
    const Known x = any();
    const std::string middle = mean(x.name), above = op("Sub", {x.name, middle});
    const std::string below = coin() ? above : op("Sub", {x.name, middle});
    const std::string scaled =
        op("Mul", {over_root(above, mean(square(below))), weight({x.dims.back()}, 1, 0.2)});
    keep(op("Add", {scaled, weight({x.dims.back()}, 0, 1)}), x.dims);
  }
  void gelu() {
    const Known x = any();
    if (coin()) {
      const std::string erf = op("Erf", {op("Div", {x.name, scalar(1.4142135381698608)})});
      const std::string sum = op("Add", {erf, scalar(1)});
      keep(coin() ? op("Mul", {op("Mul", {x.name, sum}), scalar(0.5)})
                  : op("Mul", {op("Mul", {x.name, scalar(0.5)}), sum}),
           x.dims);
      return;
    }
    const std::string cube = op("Mul", {op("Pow", {x.name, scalar(3)}), scalar(0.044715)});
    const std::string inner = op("Mul", {op("Add", {x.name, cube}), scalar(0.7978845608028654)});
    const std::string sum = op("Add", {op("Tanh", {inner}), scalar(1)});
    keep(op("Mul", {op("Mul", {scalar(0.5), x.name}), sum}), x.dims);
  }
  void silu() {
    const Known x = any();
    const std::string gate = op("Sigmoid", {coin() ? x.name : op("Mul", {x.name, scalar(1.5)})});
    keep(coin() ? op("Mul", {x.name, gate}) : op("Mul", {gate, x.name}), x.dims);
  }
  // x [b, h, s, d] attends to itself.
  void attention() {
    const Known x = of_rank(4);
    if (x.dims.size() != 4) return;
    const std::string keys = op("Transpose", {x.name}, [](onnx::NodeProto& n) {
      set_ints(n, "perm", {0, 1, 3, 2});
    });
    std::string scores = op("MatMul", {x.name, keys});
    if (coin())
      scores = coin() ? op("Div", {scores, scalar(1.7)}) : op("Mul", {scores, scalar(0.6)});
    if (coin()) scores = op("Add", {scores, weight({1, 1, x.dims[2], x.dims[2]}, 0, 2)});
    const std::string p =
        op("Softmax", {scores}, [](onnx::NodeProto& n) { set_int(n, "axis", -1); });
    keep(op("MatMul", {p, coin() ? x.name : op("Tanh", {x.name})}), x.dims);
  }
  void conv() {
    const Known x = of_rank(4);
    if (x.dims.size() != 4) return;
    const std::int64_t m = pick(1, 3);
    std::vector<std::string> inputs = {x.name, weight({m, x.dims[1], 1, 1}, 0, 0.7)};
    if (coin()) inputs.push_back(weight({m}, 0, 1));
    std::string y = op("Conv", inputs);
    if (coin()) {
      y = op("BatchNormalization",
             {y, weight({m}, 1, 0.1), weight({m}, 0, 1), weight({m}, 0, 1), weight({m}, 2, 0.1)});
    }
    keep(y, {x.dims[0], m, x.dims[2], x.dims[3]});
  }
  std::string bytes(const Dims& dims, int type) {
    std::string name = fresh();
    auto& tensor = *writer_.graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(type);
    std::int64_t size = 1;
    for (const std::int64_t d : dims) {
      tensor.add_dims(d);
      size *= d;
    }
    const bool is_signed = type == onnx::TensorProto::INT8;
    for (std::int64_t i = 0; i < size; ++i)
      tensor.add_int32_data(static_cast<int>(is_signed ? pick(-128, 127) : pick(0, 255)));
    return name;
  }
  int byte_type() { return coin() ? onnx::TensorProto::INT8 : onnx::TensorProto::UINT8; }
  // x as integers and back.
  std::string through_bytes(const std::string& x) {
    const std::string scale = weight({}, 0.05, 0.005), zero = bytes({}, byte_type());
    return op("DequantizeLinear", {op("QuantizeLinear", {x, scale, zero}), scale, zero});
  }
  // Integers that are a weight, with one scale or with one for each index of the axis.
  std::string byte_weight(const Dims& dims, std::int64_t axis) {
    const int type = byte_type();
    const Dims scales = coin() ? Dims{} : Dims{dims[static_cast<std::size_t>(axis)]};
    std::vector<std::string> inputs = {bytes(dims, type), weight(scales, 0.02, 0.001)};
    if (coin()) inputs.push_back(bytes(scales, type));
    return op("DequantizeLinear", inputs, [&](onnx::NodeProto& n) { set_int(n, "axis", axis); });
  }
  std::string then_bytes(std::string y) {
    if (coin()) y = op("Relu", {y});
    return coin() ? through_bytes(y) : y;
  }
  void quantised() {
    Known x = any();
    if (x.dims.size() < 2) return;
    const std::int64_t n = pick(1, 5);
    const std::string a = through_bytes(x.name);
    if (x.dims.size() == 2 && coin()) {
      const bool turned = coin();
      const Dims dims = turned ? Dims{n, x.dims[1]} : Dims{x.dims[1], n};
      std::vector<std::string> inputs = {a, byte_weight(dims, turned ? 0 : 1)};
      if (coin()) inputs.push_back(weight({n}, 0, 1));
      const std::string y =
          op("Gemm", inputs, [&](onnx::NodeProto& g) { set_int(g, "transB", turned ? 1 : 0); });
      return keep(then_bytes(y), {x.dims[0], n});
    }
    const std::string y = op("MatMul", {a, byte_weight({x.dims.back(), n}, 1)});
    Dims dims = x.dims;
    dims.back() = n;
    keep(then_bytes(y), dims);
  }
  void quantised_conv() {
    const Known x = of_rank(4);
    if (x.dims.size() != 4) return;
    const std::int64_t m = pick(1, 3);
    std::vector<std::string> inputs = {through_bytes(x.name), byte_weight({m, x.dims[1], 3, 3}, 0)};
    if (coin()) inputs.push_back(weight({m}, 0, 1));
    const std::string y = op("Conv", inputs, [](onnx::NodeProto& n) {
      set_ints(n, "pads", {1, 1, 1, 1});
    });
    keep(then_bytes(y), {x.dims[0], m, x.dims[2], x.dims[3]});
  }
  // The same twice, and both are used.
  void repeated() {
    const Known x = any();
    keep(op("Add", {op("Tanh", {x.name}), op("Tanh", {x.name})}), x.dims);
  }
  void no_move() {
    const Known x = any();
    const std::string there = op("Unsqueeze", {x.name, ints({0})});
    keep(coin() ? op("Squeeze", {there, ints({0})}) : op("Identity", {op("Identity", {x.name})}),
         x.dims);
  }
  // x [b, h, s, d] turned by angles [b, s, d / 2] that come from x too.
  void rotary() {
    const Known x = of_rank(4);
    if (x.dims.size() != 4 || x.dims[3] % 2 != 0) return;
    if (coin()) return known_rotary(x);
    const std::string part = op("Slice", {x.name, ints({0}), ints({x.dims[3] / 2}), ints({3})});
    const std::string angles = op("ReduceMean", {part}, [](onnx::NodeProto& n) {
      set_ints(n, "axes", {1});
      set_int(n, "keepdims", 0);
    });
    const auto last = [](onnx::NodeProto& n) { set_int(n, "axis", -1); };
    const std::string both = op("Concat", {angles, angles}, last);
    const std::string cos = op("Unsqueeze", {op("Cos", {both}), ints({1})}),
                      sin = op("Unsqueeze", {op("Sin", {both}), ints({1})});
    turn(x, cos, sin);
  }
  // The same by tables [rows, d], both halves alike: of the sequence, or picked by positions.
  void known_rotary(const Known& x) {
    const bool by_position = coin();
    const std::int64_t sequence = x.dims[2], rows = by_position ? sequence + 2 : sequence;
    std::vector<std::string> tables;
    Dims places;
    for (std::int64_t i = 0; i < x.dims[0] * sequence; ++i) places.push_back(pick(0, rows - 1));
    const std::string positions = op("Reshape", {ints(places), ints({x.dims[0], sequence})});
    for (int i = 0; i < 2; ++i) {
      const std::string half = weight({rows, x.dims[3] / 2}, 0, 1);
      const std::string both =
          op("Concat", {half, half}, [](onnx::NodeProto& n) { set_int(n, "axis", 1); });
      tables.push_back(by_position ? op("Unsqueeze", {op("Gather", {both, positions}), ints({1})})
                                   : op("Unsqueeze", {both, ints({0, 1})}));
    }
    turn(x, tables[0], tables[1]);
  }
  void turn(const Known& x, const std::string& cos, const std::string& sin) {
    const auto last = [](onnx::NodeProto& n) { set_int(n, "axis", -1); };
    const std::string low = op("Slice", {x.name, ints({0}), ints({x.dims[3] / 2}), ints({3})});
    const std::string high = op("Slice", {x.name, ints({x.dims[3] / 2}), ints({9999}), ints({3})});
    const std::string turned = op("Concat", {op("Neg", {high}), low}, last);
    keep(op("Add", {op("Mul", {x.name, cos}), op("Mul", {turned, sin})}), x.dims);
  }

  RandomStream stream_;
  OnnxWriter writer_;
  std::vector<Known> pool_;
  int count_ = 0;
};

}  // namespace

std::string random_model(std::uint64_t seed) {
  return Maker(seed).make();
}

}  // namespace tilewright::testing

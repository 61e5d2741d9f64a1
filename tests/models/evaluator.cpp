#include "evaluator.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <numeric>
#include <stdexcept>

namespace tilewright::test {
namespace {

using Dims = std::vector<std::int64_t>;
using Inputs = std::vector<const Array*>;
using Operator = std::function<Array(const onnx::NodeProto&, const Inputs&)>;

std::int64_t count(const Dims& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::size_t at(std::int64_t index) {
  return static_cast<std::size_t>(index);
}

// Row-major strides, zero where a dimension is broadcast to `rank` dimensions.
Dims broadcast_strides(const Dims& shape, std::size_t rank) {
  Dims strides(rank, 0);
  std::int64_t step = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    strides[rank - shape.size() + i] = shape[i] == 1 ? 0 : step;
    step *= shape[i];
  }
  return strides;
}

Dims broadcast_shape(const Dims& a, const Dims& b) {
  Dims result(std::max(a.size(), b.size()), 1);
  for (const Dims* shape : {&a, &b}) {
    for (std::size_t i = 0; i < shape->size(); ++i) {
      std::int64_t& dim = result[result.size() - shape->size() + i];
      if ((*shape)[i] != 1 && dim != 1 && dim != (*shape)[i]) {
        throw std::runtime_error("shapes do not broadcast");
      }
      dim = std::max(dim, (*shape)[i]);
    }
  }
  return result;
}

// Calls visit(flat index, coordinates) over `shape` in row-major order.
void for_each(const Dims& shape, const std::function<void(std::size_t, const Dims&)>& visit) {
  Dims place(shape.size(), 0);
  for (std::int64_t i = 0; i < count(shape); ++i) {
    visit(at(i), place);
    for (std::size_t axis = shape.size(); axis-- > 0 && ++place[axis] == shape[axis];) {
      place[axis] = 0;
    }
  }
}

std::size_t dot(const Dims& a, const Dims& b) {
  return at(std::inner_product(a.begin(), a.end(), b.begin(), std::int64_t{0}));
}

Array broadcast_to(const Array& x, const Dims& shape) {
  if (broadcast_shape(x.shape, shape) != shape) {
    throw std::runtime_error("cannot broadcast to this shape");
  }
  Array result{shape, std::vector<double>(at(count(shape))), x.integer};
  const Dims strides = broadcast_strides(x.shape, shape.size());
  for_each(shape,
           [&](std::size_t i, const Dims& place) { result.data[i] = x.data[dot(place, strides)]; });
  return result;
}

Array binary(const Array& a, const Array& b, const std::function<double(double, double)>& f) {
  const Dims shape = broadcast_shape(a.shape, b.shape);
  Array result = broadcast_to(a, shape);
  const Array other = broadcast_to(b, shape);
  std::transform(result.data.begin(), result.data.end(), other.data.begin(), result.data.begin(),
                 f);
  return result;
}

Operator elementwise(double (*f)(double)) {
  return [f](const onnx::NodeProto&, const Inputs& in) {
    Array result = *in[0];
    std::transform(result.data.begin(), result.data.end(), result.data.begin(), f);
    return result;
  };
}

Operator pairwise(double (*f)(double, double)) {
  return [f](const onnx::NodeProto&, const Inputs& in) { return binary(*in[0], *in[1], f); };
}

std::int64_t int_attribute(const onnx::NodeProto& node, const std::string& name,
                           std::int64_t otherwise = 0) {
  for (const auto& attribute : node.attribute()) {
    if (attribute.name() == name) {
      return attribute.i();
    }
  }
  return otherwise;
}

Dims integers(const Array& x) {
  Dims result;
  for (double value : x.data) {
    result.push_back(static_cast<std::int64_t>(value));
  }
  return result;
}

Array from_integers(const Dims& values, const Dims& shape) {
  return {shape, {values.begin(), values.end()}, true};
}

Array transpose(const onnx::NodeProto& node, const Inputs& in) {
  Dims shape, strides;
  const Dims old = broadcast_strides(in[0]->shape, in[0]->shape.size());
  for (std::int64_t axis : node.attribute(0).ints()) {
    shape.push_back(in[0]->shape[at(axis)]);
    strides.push_back(old[at(axis)]);
  }
  Array result{shape, std::vector<double>(in[0]->data.size()), in[0]->integer};
  for_each(shape, [&](std::size_t i, const Dims& place) {
    result.data[i] = in[0]->data[dot(place, strides)];
  });
  return result;
}

Array matmul(const onnx::NodeProto&, const Inputs& in) {
  const Array &a = *in[0], &b = *in[1];
  const auto batch_of = [](const Array& x) { return Dims(x.shape.begin(), x.shape.end() - 2); };
  const Dims batch = broadcast_shape(batch_of(a), batch_of(b));
  const std::int64_t m = a.shape.end()[-2], k = a.shape.back(), n = b.shape.back();
  if (b.shape.end()[-2] != k) {
    throw std::runtime_error("MatMul: inner dimensions differ");
  }
  const Dims step_a = broadcast_strides(batch_of(a), batch.size());
  const Dims step_b = broadcast_strides(batch_of(b), batch.size());
  Array result{batch, {}, false};
  result.shape.insert(result.shape.end(), {m, n});
  result.data.assign(at(count(result.shape)), 0);
  for_each(batch, [&](std::size_t block, const Dims& place) {
    const double* left = a.data.data() + dot(place, step_a) * at(m * k);
    const double* right = b.data.data() + dot(place, step_b) * at(k * n);
    double* out = result.data.data() + block * at(m * n);
    for (std::int64_t i = 0; i < m; ++i) {
      for (std::int64_t j = 0; j < n; ++j) {
        for (std::int64_t l = 0; l < k; ++l) {
          out[i * n + j] += left[i * k + l] * right[l * n + j];
        }
      }
    }
  });
  return result;
}

Array gather(const onnx::NodeProto& node, const Inputs& in) {
  if (int_attribute(node, "axis") != 0) {
    throw std::runtime_error("Gather: axis 0 only");
  }
  const std::int64_t row = count(Dims(in[0]->shape.begin() + 1, in[0]->shape.end()));
  Array result{in[1]->shape, {}, in[0]->integer};
  result.shape.insert(result.shape.end(), in[0]->shape.begin() + 1, in[0]->shape.end());
  for (std::int64_t index : integers(*in[1])) {
    const auto first = in[0]->data.begin() + index * row;
    result.data.insert(result.data.end(), first, first + row);
  }
  return result;
}

// x[b, index[b, ...], :], the one form the graphs use: batch_dims 1, indices [b, s, 1].
Array gather_nd(const onnx::NodeProto& node, const Inputs& in) {
  if (int_attribute(node, "batch_dims") != 1 || in[1]->shape.back() != 1) {
    throw std::runtime_error("GatherND: batch_dims 1 and single indices only");
  }
  const std::int64_t rows = in[0]->shape[1], width = in[0]->shape[2], length = in[1]->shape[1];
  Array result{{in[0]->shape[0], length, width}, {}, false};
  for (std::int64_t i = 0; i < in[0]->shape[0] * length; ++i) {
    const auto index = static_cast<std::int64_t>(in[1]->data[at(i)]);
    const auto first = in[0]->data.begin() + (i / length * rows + index) * width;
    result.data.insert(result.data.end(), first, first + width);
  }
  return result;
}

Array concat(const onnx::NodeProto& node, const Inputs& in) {
  std::int64_t axis = int_attribute(node, "axis");
  axis += axis < 0 ? static_cast<std::int64_t>(in[0]->shape.size()) : 0;
  const auto split = in[0]->shape.begin() + axis;
  const std::int64_t outer = count(Dims(in[0]->shape.begin(), split));
  Array result{in[0]->shape, {}, in[0]->integer};
  result.shape[at(axis)] = 0;
  for (const Array* x : in) {
    result.shape[at(axis)] += x->shape[at(axis)];
  }
  for (std::int64_t i = 0; i < outer; ++i) {
    for (const Array* x : in) {
      const auto block = static_cast<std::int64_t>(x->data.size()) / outer;
      result.data.insert(result.data.end(), x->data.begin() + i * block,
                         x->data.begin() + (i + 1) * block);
    }
  }
  return result;
}

Array slice(const onnx::NodeProto&, const Inputs& in) {
  const auto axis = at(integers(*in[3])[0]);
  Array result{in[0]->shape, {}, in[0]->integer};
  const std::int64_t first = integers(*in[1])[0];
  // INT64_MAX is not exact in double; it only says "to the end".
  const double last = std::min(in[2]->data[0], static_cast<double>(in[0]->shape[axis]));
  result.shape[axis] = static_cast<std::int64_t>(last) - first;
  const Dims strides = broadcast_strides(in[0]->shape, in[0]->shape.size());
  result.data.resize(at(count(result.shape)));
  for_each(result.shape, [&](std::size_t i, const Dims& place) {
    Dims from = place;
    from[axis] += first;
    result.data[i] = in[0]->data[dot(from, strides)];
  });
  return result;
}

Array reshape(const onnx::NodeProto&, const Inputs& in) {
  Array result = *in[0];
  result.shape = integers(*in[1]);
  for (std::int64_t& dim : result.shape) {
    if (dim == -1) {
      dim = -static_cast<std::int64_t>(in[0]->data.size()) / count(result.shape);
    }
  }
  if (at(count(result.shape)) != result.data.size()) {
    throw std::runtime_error("Reshape: sizes differ");
  }
  return result;
}

Array unsqueeze(const onnx::NodeProto&, const Inputs& in) {
  Array result = *in[0];
  Dims axes = integers(*in[1]);
  const auto rank = static_cast<std::int64_t>(result.shape.size() + axes.size());
  for (std::int64_t& axis : axes) {
    axis += axis < 0 ? rank : 0;
  }
  std::sort(axes.begin(), axes.end());
  for (std::int64_t axis : axes) {
    result.shape.insert(result.shape.begin() + axis, 1);
  }
  return result;
}

// Calls f(row) on every row of the last dimension.
Array by_row(Array x, const std::function<void(double*, std::int64_t)>& f) {
  const std::int64_t width = x.shape.back();
  for (std::size_t i = 0; i < x.data.size(); i += at(width)) {
    f(x.data.data() + i, width);
  }
  return x;
}

Array softmax(const onnx::NodeProto&, const Inputs& in) {
  return by_row(*in[0], [](double* row, std::int64_t width) {
    const double peak = *std::max_element(row, row + width);
    std::transform(row, row + width, row, [&](double v) { return std::exp(v - peak); });
    const double sum = std::accumulate(row, row + width, 0.0);
    std::transform(row, row + width, row, [&](double v) { return v / sum; });
  });
}

Array reduce_mean(const onnx::NodeProto&, const Inputs& in) {
  Array result{in[0]->shape, {}, false};
  result.shape.back() = 1;
  by_row(*in[0], [&](const double* row, std::int64_t width) {
    result.data.push_back(std::accumulate(row, row + width, 0.0) / static_cast<double>(width));
  });
  return result;
}

Array layer_norm(const onnx::NodeProto& node, const Inputs& in) {
  double epsilon = 0;
  for (const auto& attribute : node.attribute()) {
    epsilon = attribute.name() == "epsilon" ? static_cast<double>(attribute.f()) : epsilon;
  }
  return by_row(*in[0], [&](double* row, std::int64_t width) {
    const auto size = static_cast<double>(width);
    const double mean = std::accumulate(row, row + width, 0.0) / size;
    const double squares = std::inner_product(row, row + width, row, 0.0) / size;
    const double scale = 1 / std::sqrt(squares - mean * mean + epsilon);
    for (std::int64_t i = 0; i < width; ++i) {
      row[i] = (row[i] - mean) * scale * in[1]->data[at(i)] + in[2]->data[at(i)];
    }
  });
}

// Square patches that tile the image: stride equal to the kernel, no padding, one group.
Array patch_conv(const onnx::NodeProto&, const Inputs& in) {
  const Dims &x = in[0]->shape, &w = in[1]->shape;
  const Dims shape = {x[0], w[0], x[2] / w[2], x[3] / w[3]};
  const Dims x_steps = broadcast_strides(x, 4);
  Array result{shape, std::vector<double>(at(count(shape))), false};
  for_each(shape, [&](std::size_t out, const Dims& p) {
    result.data[out] = in[2]->data[at(p[1])];
    for_each({w[1], w[2], w[3]}, [&](std::size_t i, const Dims& k) {
      const Dims from = {p[0], k[0], p[2] * w[2] + k[1], p[3] * w[3] + k[2]};
      result.data[out] +=
          in[0]->data[dot(from, x_steps)] * in[1]->data[at(p[1]) * at(w[1] * w[2] * w[3]) + i];
    });
  });
  return result;
}

Array cumulative_sum(const onnx::NodeProto&, const Inputs& in) {
  return by_row(*in[0],
                [](double* row, std::int64_t width) { std::partial_sum(row, row + width, row); });
}

Array where(const onnx::NodeProto&, const Inputs& in) {
  const Dims shape = broadcast_shape(in[0]->shape, broadcast_shape(in[1]->shape, in[2]->shape));
  const Array test = broadcast_to(*in[0], shape);
  Array result = broadcast_to(*in[1], shape);
  const Array otherwise = broadcast_to(*in[2], shape);
  for (std::size_t i = 0; i < result.data.size(); ++i) {
    result.data[i] = test.data[i] != 0 ? result.data[i] : otherwise.data[i];
  }
  return result;
}

Array divide(const onnx::NodeProto&, const Inputs& in) {
  const bool integer = in[0]->integer;
  return binary(*in[0], *in[1],
                [integer](double a, double b) { return integer ? std::trunc(a / b) : a / b; });
}

Array range(const onnx::NodeProto&, const Inputs& in) {
  Dims values;
  for (double v = in[0]->data[0]; v < in[1]->data[0]; v += in[2]->data[0]) {
    values.push_back(static_cast<std::int64_t>(v));
  }
  return from_integers(values, {static_cast<std::int64_t>(values.size())});
}

const std::map<std::string, Operator>& operators() {
  static const std::map<std::string, Operator> table = {
      {"Add", pairwise([](double a, double b) { return a + b; })},
      {"Sub", pairwise([](double a, double b) { return a - b; })},
      {"Mul", pairwise([](double a, double b) { return a * b; })},
      {"Pow", pairwise([](double a, double b) { return std::pow(a, b); })},
      {"Equal", pairwise([](double a, double b) { return a == b ? 1.0 : 0.0; })},
      {"LessOrEqual", pairwise([](double a, double b) { return a <= b ? 1.0 : 0.0; })},
      {"Cos", elementwise([](double v) { return std::cos(v); })},
      {"Sin", elementwise([](double v) { return std::sin(v); })},
      {"Neg", elementwise([](double v) { return -v; })},
      {"Sqrt", elementwise([](double v) { return std::sqrt(v); })},
      {"Sigmoid", elementwise([](double v) { return 1 / (1 + std::exp(-v)); })},
      {"Div", divide},
      {"Transpose", transpose},
      {"MatMul", matmul},
      {"Gather", gather},
      {"GatherND", gather_nd},
      {"Concat", concat},
      {"Slice", slice},
      {"Reshape", reshape},
      {"Unsqueeze", unsqueeze},
      {"Softmax", softmax},
      {"ReduceMean", reduce_mean},
      {"CumSum", cumulative_sum},
      {"LayerNormalization", layer_norm},
      {"Conv", patch_conv},
      {"Tanh", elementwise([](double v) { return std::tanh(v); })},
      {"Where", where},
      {"Range", range},
      {"Expand", [](const onnx::NodeProto&,
                    const Inputs& in) { return broadcast_to(*in[0], integers(*in[1])); }},
      {"Clip",
       [](const onnx::NodeProto&, const Inputs& in) {
         Array result = *in[0];
         for (double& v : result.data) {
           v = std::clamp(v, in[1]->data[0], in[2]->data[0]);
         }
         return result;
       }},
      {"Shape",
       [](const onnx::NodeProto&, const Inputs& in) {
         return from_integers(in[0]->shape, {static_cast<std::int64_t>(in[0]->shape.size())});
       }},
      {"Cast",
       [](const onnx::NodeProto& node, const Inputs& in) {
         Array result = *in[0];
         result.integer = int_attribute(node, "to") == onnx::TensorProto::INT64;
         return result;
       }},
      {"Constant",
       [](const onnx::NodeProto& node, const Inputs&) { return array_of(node.attribute(0).t()); }}};
  return table;
}

template <typename T>
void read_raw(const std::string& bytes, std::vector<double>& values) {
  for (std::size_t i = 0; i + sizeof(T) <= bytes.size(); i += sizeof(T)) {
    T value;
    std::memcpy(&value, bytes.data() + i, sizeof(T));
    values.push_back(static_cast<double>(value));
  }
}

}  // namespace

Array array_of(const onnx::TensorProto& tensor) {
  Array result{{tensor.dims().begin(), tensor.dims().end()}, {}, false};
  if (tensor.data_type() == onnx::TensorProto::INT64) {
    result.integer = true;
    read_raw<std::int64_t>(tensor.raw_data(), result.data);
  } else if (tensor.data_type() == onnx::TensorProto::FLOAT) {
    read_raw<float>(tensor.raw_data(), result.data);
  } else {
    throw std::runtime_error("evaluator: FP32 and int64 tensors only");
  }
  return result;
}

Arrays evaluate(const onnx::GraphProto& graph, const Arrays& inputs) {
  Arrays values = inputs;
  for (const auto& weight : graph.initializer()) {
    values[weight.name()] = array_of(weight);
  }
  for (const auto& node : graph.node()) {
    const auto found = operators().find(node.op_type());
    if (found == operators().end()) {
      throw std::runtime_error("evaluator: no operator " + node.op_type());
    }
    Inputs in;
    for (const auto& name : node.input()) {
      in.push_back(&values.at(name));
    }
    Array result = found->second(node, in);
    values[node.output(0)] = std::move(result);
  }
  return values;
}

}  // namespace tilewright::test

#include "models/graph_builder.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <bit>
#include <functional>
#include <numeric>

#include "models/half.h"
#include "support/random.h"

namespace tilewright::models {
namespace {

constexpr int kIrVersion = 8;
constexpr int kOpset = 17;

template <typename Unsigned>
void append_little_endian(std::string& bytes, Unsigned value) {
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i) {
    bytes.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
  }
}

void append_real(std::string& bytes, double value, ElementType type) {
  if (type == onnx::TensorProto::FLOAT16) {
    append_little_endian(bytes, to_half(value));
  } else {
    append_little_endian(bytes, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
  }
}

std::int64_t element_bytes(ElementType type) {
  return type == onnx::TensorProto::FLOAT16 ? 2 : 4;
}

void describe(onnx::ValueInfoProto& info, const std::string& name, ElementType type,
              const std::vector<GraphDim>& dims) {
  info.set_name(name);
  auto& tensor = *info.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(type);
  tensor.mutable_shape();  // present even for a scalar: the checker wants it on outputs
  for (const GraphDim& dim : dims) {
    auto& added = *tensor.mutable_shape()->add_dim();
    if (dim.name.empty()) {
      added.set_dim_value(dim.value);
    } else {
      added.set_dim_param(dim.name);
    }
  }
}

onnx::AttributeProto named(const std::string& name, onnx::AttributeProto::AttributeType type) {
  onnx::AttributeProto result;
  result.set_name(name);
  result.set_type(type);
  return result;
}

void add_entry(onnx::TensorProto& tensor, const char* key, const std::string& value) {
  auto& entry = *tensor.add_external_data();
  entry.set_key(key);
  entry.set_value(value);
}

}  // namespace

onnx::AttributeProto attribute(const std::string& name, std::int64_t value) {
  auto result = named(name, onnx::AttributeProto::INT);
  result.set_i(value);
  return result;
}

onnx::AttributeProto attribute(const std::string& name, double value) {
  auto result = named(name, onnx::AttributeProto::FLOAT);
  result.set_f(static_cast<float>(value));
  return result;
}

onnx::AttributeProto attribute(const std::string& name, const Shape& values) {
  auto result = named(name, onnx::AttributeProto::INTS);
  for (std::int64_t value : values) {
    result.add_ints(value);
  }
  return result;
}

onnx::AttributeProto attribute(const std::string& name, const char* text) {
  auto result = named(name, onnx::AttributeProto::STRING);
  result.set_s(text);
  return result;
}

GraphBuilder::GraphBuilder(std::string name, WeightOptions weights)
    : weights_(std::move(weights)), graph_(*model_.mutable_graph()) {
  model_.set_ir_version(kIrVersion);
  model_.set_producer_name("tilewright");
  auto& opset = *model_.add_opset_import();
  opset.set_domain("");
  opset.set_version(kOpset);
  graph_.set_name(std::move(name));
}

Value GraphBuilder::input(const std::string& name, ElementType type,
                          const std::vector<GraphDim>& dims) {
  describe(*graph_.add_input(), name, type, dims);
  return name;
}

void GraphBuilder::output(const Value& value, ElementType type, const std::vector<GraphDim>& dims) {
  describe(*graph_.add_output(), value, type, dims);
}

Value GraphBuilder::weight(const std::string& name, const Shape& shape, Fill fill) {
  auto& tensor = *graph_.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(weights_.type);
  for (std::int64_t dim : shape) {
    tensor.add_dims(dim);
  }
  const auto count =
      std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
  if (!weights_.external_file.empty()) {
    refer_external(tensor, count);
    if (weights_.values && weights_.external_bytes) {
      weights_.external_bytes(given_bytes(name, shape));
    }
  } else if (weights_.values) {
    *tensor.mutable_raw_data() = given_bytes(name, shape);
  } else {
    fill_inline(tensor, count, fill);
  }
  return name;
}

std::string GraphBuilder::given_bytes(const std::string& name, const Shape& shape) const {
  std::string bytes;
  for (const float value : weights_.values(name, shape)) {
    append_real(bytes, value, weights_.type);
  }
  return bytes;
}

void GraphBuilder::fill_inline(onnx::TensorProto& tensor, std::int64_t count, Fill fill) const {
  RandomStream random(weights_.seed, "models/" + graph_.name() + "/" + tensor.name());
  std::string& bytes = *tensor.mutable_raw_data();
  bytes.reserve(static_cast<std::size_t>(count * element_bytes(weights_.type)));
  for (std::int64_t i = 0; i < count; ++i) {
    append_real(bytes, fill.mean + fill.deviation * random.normal(), weights_.type);
  }
}

// Tensors follow one another in the data file without gaps.
void GraphBuilder::refer_external(onnx::TensorProto& tensor, std::int64_t count) {
  const std::int64_t length = count * element_bytes(weights_.type);
  tensor.set_data_location(onnx::TensorProto::EXTERNAL);
  add_entry(tensor, "location", weights_.external_file);
  add_entry(tensor, "offset", std::to_string(external_bytes_));
  add_entry(tensor, "length", std::to_string(length));
  external_bytes_ += length;
}

onnx::NodeProto& GraphBuilder::add(const std::string& type, const std::vector<Value>& inputs,
                                   const Attributes& attributes) {
  std::string name = scope_ + "/" + type;
  if (const int earlier = names_used_[name]++; earlier > 0) {
    name += "_" + std::to_string(earlier);
  }
  auto& added = *graph_.add_node();
  added.set_name(name);
  added.set_op_type(type);
  for (const Value& input : inputs) {
    added.add_input(input);
  }
  for (const auto& one : attributes) {
    *added.add_attribute() = one;
  }
  return added;
}

Value GraphBuilder::node(const std::string& type, const std::vector<Value>& inputs,
                         const Attributes& attributes, const Value& result) {
  auto& added = add(type, inputs, attributes);
  added.add_output(result.empty() ? added.name() + "_output_0" : result);
  return added.output(0);
}

std::pair<Value, Value> GraphBuilder::node_of_two(const std::string& type,
                                                  const std::vector<Value>& inputs,
                                                  const Attributes& attributes) {
  auto& added = add(type, inputs, attributes);
  added.add_output(added.name() + "_output_0");
  added.add_output(added.name() + "_output_1");
  return {added.output(0), added.output(1)};
}

Value GraphBuilder::constant(const onnx::TensorProto& tensor) {
  auto value = named("value", onnx::AttributeProto::TENSOR);
  *value.mutable_t() = tensor;
  return node("Constant", {}, {value});
}

Value GraphBuilder::constant(std::int64_t value) {
  onnx::TensorProto tensor;
  tensor.set_data_type(onnx::TensorProto::INT64);
  append_little_endian(*tensor.mutable_raw_data(), static_cast<std::uint64_t>(value));
  return constant(tensor);
}

Value GraphBuilder::constant(const Shape& values) {
  onnx::TensorProto tensor;
  tensor.set_data_type(onnx::TensorProto::INT64);
  tensor.add_dims(static_cast<std::int64_t>(values.size()));
  for (std::int64_t value : values) {
    append_little_endian(*tensor.mutable_raw_data(), static_cast<std::uint64_t>(value));
  }
  return constant(tensor);
}

Value GraphBuilder::constant(double value, ElementType type) {
  onnx::TensorProto tensor;
  tensor.set_data_type(type);
  append_real(*tensor.mutable_raw_data(), value, type);
  return constant(tensor);
}

Value GraphBuilder::constant(const std::vector<float>& values, const Shape& shape) {
  onnx::TensorProto tensor;
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  for (std::int64_t dim : shape) {
    tensor.add_dims(dim);
  }
  for (float value : values) {
    append_real(*tensor.mutable_raw_data(), static_cast<double>(value), onnx::TensorProto::FLOAT);
  }
  return constant(tensor);
}

std::string GraphBuilder::serialise() const {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    model_.SerializeToCodedStream(&coded);
  }
  return bytes;
}

Scope::Scope(GraphBuilder& builder, const std::string& module)
    : builder_(builder), outer_(builder.scope_) {
  builder_.scope_ += "/" + module;
}

Scope::~Scope() {
  builder_.scope_ = outer_;
}

}  // namespace tilewright::models

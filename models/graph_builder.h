// Writes one ONNX graph node by node, named the way the PyTorch exporter names things.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tilewright::models {

using Value = std::string;  // the name of a tensor in the graph
using Shape = std::vector<std::int64_t>;
using ElementType = onnx::TensorProto_DataType;

// A dimension of a graph input or output: a number or a symbolic name.
struct GraphDim {
  GraphDim(std::int64_t number) : value(number) {}           // NOLINT: reads as a literal
  GraphDim(std::string symbol) : name(std::move(symbol)) {}  // NOLINT
  GraphDim(const char* symbol) : name(symbol) {}             // NOLINT
  std::int64_t value = 0;
  std::string name;
};

onnx::AttributeProto attribute(const std::string& name, std::int64_t value);
onnx::AttributeProto attribute(const std::string& name, double value);
onnx::AttributeProto attribute(const std::string& name, const Shape& values);
onnx::AttributeProto attribute(const std::string& name, const char* text);
using Attributes = std::vector<onnx::AttributeProto>;

// Weights stored in the file are drawn from N(mean, deviation); external ones are not drawn at all.
struct Fill {
  double mean = 0, deviation = 0;
};

struct WeightOptions {
  ElementType type = onnx::TensorProto::FLOAT16;  // FLOAT16 or FLOAT
  std::string external_file;                      // empty: inside the model file
  std::uint64_t seed = 0;
  // Row-major values of a weight, in the place of drawn ones.
  std::function<std::vector<float>(const std::string& name, const Shape& shape)> values = {};
  // With both, takes the bytes of the external file, one weight after the other.
  std::function<void(std::string_view bytes)> external_bytes = {};
};

class GraphBuilder {
 public:
  // `name` is the graph's and prefixes the random streams: every weight has its own stream
  // "models/NAME/WEIGHT", so that adding a weight moves no other weight's numbers.
  GraphBuilder(std::string name, WeightOptions weights);

  Value input(const std::string& name, ElementType type, const std::vector<GraphDim>& dims);
  void output(const Value& value, ElementType type, const std::vector<GraphDim>& dims);

  // An initialiser of the weights' type.
  Value weight(const std::string& name, const Shape& shape, Fill fill);

  // A node in the current scope; returns its (single) output, "SCOPE/TYPE_n_output_0" unless
  // `result` names it, as graph outputs need. An input "" is an optional one left out.
  Value node(const std::string& type, const std::vector<Value>& inputs,
             const Attributes& attributes = {}, const Value& result = "");
  // The same with two outputs.
  std::pair<Value, Value> node_of_two(const std::string& type, const std::vector<Value>& inputs,
                                      const Attributes& attributes);

  // Constant nodes: an initialiser is a weight, a constant is not.
  Value constant(std::int64_t value);              // scalar int64
  Value constant(const Shape& values);             // 1-D int64
  Value constant(double value, ElementType type);  // scalar FLOAT or FLOAT16
  Value constant(const std::vector<float>& values, const Shape& shape);

  ElementType weight_type() const { return weights_.type; }

  // The serialised ModelProto: IR version 8, opset 17, the same bytes for the same calls.
  std::string serialise() const;

 private:
  friend class Scope;
  Value constant(const onnx::TensorProto& tensor);
  onnx::NodeProto& add(const std::string& type, const std::vector<Value>& inputs,
                       const Attributes& attributes);
  void fill_inline(onnx::TensorProto& tensor, std::int64_t count, Fill fill) const;
  std::string given_bytes(const std::string& name, const Shape& shape) const;
  void refer_external(onnx::TensorProto& tensor, std::int64_t count);

  WeightOptions weights_;
  onnx::ModelProto model_;
  onnx::GraphProto& graph_;
  std::string scope_;
  std::map<std::string, int> names_used_;  // "SCOPE/TYPE" -> nodes of that name so far
  std::int64_t external_bytes_ = 0;
};

// Names nodes "OUTER/module/..." while it lives, as a PyTorch submodule does.
class Scope {
 public:
  Scope(GraphBuilder& builder, const std::string& module);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  GraphBuilder& builder_;
  std::string outer_;
};

}  // namespace tilewright::models

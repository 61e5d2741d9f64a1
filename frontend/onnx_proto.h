// The messages of onnx.proto that we read, as views into the file (field numbers: onnx.proto of
// ONNX 1.12, with the later additions that matter: overload, metadata, new data types).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/graph.h"

namespace tilewright::proto {

struct TensorView {
  std::string_view message;  // the whole TensorProto
  std::string_view name;
  std::vector<std::int64_t> dims;
  std::int64_t data_type = 0;
  bool segmented = false;
  bool external = false;
  bool has_raw = false;
  std::string_view raw;
  // Elements found in each typed list.
  std::int64_t floats = 0, int32s = 0, int64s = 0, doubles = 0, uint64s = 0, strings = 0;
  std::vector<std::pair<std::string_view, std::string_view>> external_data;
};

struct Dim {
  bool has_value = false;
  std::int64_t value = 0;
  std::string_view symbol;
};

struct ValueView {
  std::string_view name;
  bool is_tensor = false;   // false: sequence, optional, map, or no type at all
  bool other_type = false;  // a type that is not a dense tensor
  std::int64_t data_type = 0;
  bool has_shape = false;
  std::vector<Dim> dims;
};

struct GraphView;

struct AttributeView {
  std::string_view name, reference;  // reference: attribute of the enclosing function
  std::int64_t type = 0;
  float f = 0;
  std::int64_t i = 0;
  std::string_view s;
  std::vector<double> floats;
  std::vector<std::int64_t> ints;
  std::vector<std::string_view> strings;
  std::shared_ptr<const TensorView> tensor;
  std::shared_ptr<const GraphView> graph;
};

struct NodeView {
  std::string_view name, type, domain, overload;
  std::vector<std::string_view> inputs, outputs;
  std::vector<AttributeView> attributes;
};

struct SparseView {
  TensorView values;
  std::vector<std::int64_t> dims;
};

struct GraphView {
  std::string_view name;
  std::vector<NodeView> nodes;
  std::vector<TensorView> initialisers;
  std::vector<SparseView> sparse_initialisers;
  std::vector<ValueView> inputs, outputs, values;
};

struct FunctionView {
  std::string_view name, domain, overload;
  std::vector<std::string_view> inputs, outputs;
  std::vector<NodeView> nodes;
  std::vector<AttributeView> defaults;
};

struct ModelView {
  std::int64_t ir_version = 0;
  std::vector<std::pair<std::string_view, std::int64_t>> opsets;
  bool has_graph = false;
  GraphView graph;
  std::vector<FunctionView> functions;
};

// Throws Error TW-ONNX-002..005. `file` is for messages.
ModelView parse_model(std::string_view bytes, const std::string& file);
TensorView parse_tensor(std::string_view bytes, const std::string& file);

// kUndefined when the number is not a data type we know.
DType data_type(std::int64_t number);
std::int64_t number_of(DType type);  // of a known type; the other way round

// Attribute types of AttributeProto.
inline constexpr std::int64_t kFloat = 1, kInt = 2, kString = 3, kTensor = 4, kGraph = 5,
                              kFloats = 6, kInts = 7, kStrings = 8;

}  // namespace tilewright::proto

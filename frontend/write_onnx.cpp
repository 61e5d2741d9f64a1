#include "frontend/write_onnx.h"

#include <onnx/onnx_pb.h>

#include <algorithm>

#include "frontend/frontend.h"
#include "frontend/interpret/interpreter.h"
#include "frontend/onnx_proto.h"
#include "frontend/text.h"
#include "support/error.h"

namespace tilewright {
namespace {

constexpr std::int64_t kIrVersion = 8;

class Writer {
 public:
  Writer(const Graph& graph, const WriteOptions& options)
      : graph_(graph), options_(options), to_(*model_.mutable_graph()) {}

  std::string write() {
    model_.set_ir_version(std::max(graph_.ir_version, kIrVersion));
    model_.set_producer_name("tilewright");
    for (const auto& [domain, version] : graph_.opsets) {
      auto& opset = *model_.add_opset_import();
      opset.set_domain(domain);
      opset.set_version(version);
    }
    to_.set_name(graph_.name);
    add_weights();
    for (const std::int32_t input : graph_.inputs) describe(tensor(input), *to_.add_input());
    for (const Node& node : graph_.nodes) add(node);
    for (const std::int32_t output : graph_.outputs) describe(tensor(output), *to_.add_output());
    return model_.SerializeAsString();
  }

 private:
  const Tensor& tensor(std::int32_t t) const { return graph_.tensors[static_cast<std::size_t>(t)]; }
  std::string name(std::int32_t t) const { return t < 0 ? "" : tensor(t).name; }

  void add_weights() {
    std::vector<char> used(graph_.tensors.size());
    for (const Node& node : graph_.nodes) {
      for (const std::int32_t input : node.inputs) {
        if (input >= 0) used[static_cast<std::size_t>(input)] = 1;
      }
    }
    for (const std::int32_t output : graph_.outputs) used[static_cast<std::size_t>(output)] = 1;
    std::int64_t all = 0;
    for (std::size_t t = 0; t < used.size(); ++t) {
      if (used[t] != 0 && graph_.tensors[t].is_weight) all += graph_.tensors[t].location.bytes;
    }
    for (std::size_t t = 0; t < used.size(); ++t) {
      const Tensor& weight = graph_.tensors[t];
      if (used[t] == 0 || !weight.is_weight) continue;
      onnx::TensorProto& proto = *to_.add_initializer();
      proto.set_name(weight.name);
      fill(weight, all > options_.most_inline, proto);
    }
  }

  void fill(const Tensor& from, bool refer, onnx::TensorProto& to) const {
    to.set_data_type(static_cast<int>(proto::number_of(from.type)));
    for (const std::int64_t extent : from.shape) to.add_dims(extent);
    const WeightLocation& place = from.location;
    if (refer && place.kind == WeightLocation::Kind::kExternal) {
      const auto add = [&](const char* key, const std::string& value) {
        auto& entry = *to.add_external_data();
        entry.set_key(key);
        entry.set_value(value);
      };
      to.set_data_location(onnx::TensorProto::EXTERNAL);
      add("location", place.file.lexically_relative(graph_.file.parent_path()).generic_string());
      add("offset", std::to_string(place.offset));
      add("length", std::to_string(place.bytes));
      return;
    }
    if (refer && place.kind == WeightLocation::Kind::kInline &&
        place.bytes > options_.most_inline / 2) {
      throw Error("TW-ONNX-060", "the weights are too large for one file",
                  "tensor '" + printable(from.name) + "'");
    }
    if (place.kind != WeightLocation::Kind::kNone) {
      *to.mutable_raw_data() = read_weight(graph_, from);
    } else if (from.has_value || from.has_reals) {
      *to.mutable_raw_data() = bytes_of_value(constant_value(graph_, from, Precision::kDeclared));
    } else {
      throw Error("TW-ONNX-060", "the tensor's values are not at hand",
                  "tensor '" + printable(from.name) + "'");
    }
  }

  static void describe(const Tensor& from, onnx::ValueInfoProto& to) {
    to.set_name(from.name);
    auto& type = *to.mutable_type()->mutable_tensor_type();
    type.set_elem_type(static_cast<int>(proto::number_of(from.type)));
    if (!from.has_shape) return;
    auto& shape = *type.mutable_shape();
    for (const std::int64_t extent : from.shape) shape.add_dim()->set_dim_value(extent);
  }

  void add(const Node& node) {
    onnx::NodeProto& to = *to_.add_node();
    to.set_name(node.name);
    to.set_op_type(node.type);
    to.set_domain(node.domain);
    for (const std::int32_t input : node.inputs) to.add_input(name(input));
    for (const std::int32_t output : node.outputs) {
      to.add_output(name(output));
      const auto& outputs = graph_.outputs;
      if (output >= 0 && std::find(outputs.begin(), outputs.end(), output) == outputs.end()) {
        describe(tensor(output), *to_.add_value_info());
      }
    }
    if (node.domain.empty() && node.type == "Constant") {
      auto& attribute = *to.add_attribute();
      attribute.set_name("value");
      attribute.set_type(onnx::AttributeProto::TENSOR);
      fill(tensor(node.outputs.at(0)), false, *attribute.mutable_t());
      return;
    }
    for (const auto& [key, value] : node.attributes) add(node, key, value, to);
  }

  void add(const Node& node, const std::string& key, const Attribute& value,
           onnx::NodeProto& to) const {
    if (key.ends_with(".type")) return;  // written with its tensor
    auto& attribute = *to.add_attribute();
    attribute.set_name(key);
    if (const auto type = node.attributes.find(key + ".type"); type != node.attributes.end()) {
      return tensor_attribute(static_cast<DType>(std::get<std::int64_t>(type->second)), value,
                              attribute);
    }
    if (const auto* const i = std::get_if<std::int64_t>(&value)) {
      attribute.set_type(onnx::AttributeProto::INT);
      attribute.set_i(*i);
    } else if (const auto* const f = std::get_if<double>(&value)) {
      attribute.set_type(onnx::AttributeProto::FLOAT);
      attribute.set_f(static_cast<float>(*f));
    } else if (const auto* const s = std::get_if<std::string>(&value)) {
      attribute.set_type(onnx::AttributeProto::STRING);
      attribute.set_s(*s);
    } else if (const auto* const ints = std::get_if<std::vector<std::int64_t>>(&value)) {
      attribute.set_type(onnx::AttributeProto::INTS);
      for (const std::int64_t one : *ints) attribute.add_ints(one);
    } else if (const auto* const floats = std::get_if<std::vector<double>>(&value)) {
      attribute.set_type(onnx::AttributeProto::FLOATS);
      for (const double one : *floats) attribute.add_floats(static_cast<float>(one));
    } else {
      attribute.set_type(onnx::AttributeProto::STRINGS);
      for (const std::string& one : std::get<std::vector<std::string>>(value))
        attribute.add_strings(one);
    }
  }

  // One element (ConstantOfShape).
  static void tensor_attribute(DType type, const Attribute& value, onnx::AttributeProto& to) {
    Value element = make_value(DType::kFloat64, {1}, Precision::kDeclared);
    auto& x = std::get<std::vector<double>>(element.elements)[0];
    if (const auto* const ints = std::get_if<std::vector<std::int64_t>>(&value)) {
      Value whole = make_value(DType::kInt64, {1}, Precision::kDeclared);
      std::get<std::vector<std::int64_t>>(whole.elements)[0] = ints->at(0);
      element = std::move(whole);
    } else {
      x = std::get<std::vector<double>>(value).at(0);
    }
    to.set_type(onnx::AttributeProto::TENSOR);
    to.mutable_t()->set_data_type(static_cast<int>(proto::number_of(type)));
    to.mutable_t()->add_dims(1);
    *to.mutable_t()->mutable_raw_data() =
        bytes_of_value(converted(element, type, Precision::kDeclared));
  }

  const Graph& graph_;
  const WriteOptions& options_;
  onnx::ModelProto model_;
  onnx::GraphProto& to_;
};

}  // namespace

std::string onnx_of_graph(const Graph& graph, const WriteOptions& options) {
  return Writer(graph, options).write();
}

}  // namespace tilewright

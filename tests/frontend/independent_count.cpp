#include "independent_count.h"

#include <onnx/shape_inference/implementation.h>

#include <map>
#include <string>
#include <vector>

namespace tilewright::testing {
namespace {

using Shapes = std::map<std::string, std::vector<double>>;

void note(const onnx::ValueInfoProto& value, Shapes& shapes) {
  std::vector<double> dims;
  if (!value.type().has_tensor_type() || !value.type().tensor_type().has_shape()) {
    return;
  }
  for (const auto& dim : value.type().tensor_type().shape().dim()) {
    if (!dim.has_dim_value()) {
      return;
    }
    dims.push_back(static_cast<double>(dim.dim_value()));
  }
  shapes[value.name()] = dims;
}

double volume(const std::vector<double>& dims) {
  double out = 1;
  for (const double dim : dims) {
    out *= dim;
  }
  return out;
}

std::int64_t attribute(const onnx::NodeProto& node, const std::string& name) {
  for (const auto& a : node.attribute()) {
    if (a.name() == name) {
      return a.i();
    }
  }
  return 0;
}

// Elements of the result times the length of the sum behind each; -1 when a shape is missing.
double flops_of(const onnx::NodeProto& node, const Shapes& shapes) {
  const std::string& type = node.op_type();
  if (type != "MatMul" && type != "Gemm" && type != "Conv" && type != "ConvTranspose") {
    return 0;
  }
  const auto a = shapes.find(node.input(0)), b = shapes.find(node.input(1));
  const auto y = shapes.find(node.output(0));
  if (a == shapes.end() || b == shapes.end() || y == shapes.end()) {
    return -1;
  }
  if (type == "MatMul") {
    return 2 * volume(y->second) * a->second.back();
  }
  if (type == "Gemm") {
    const std::size_t rank = a->second.size();
    return 2 * volume(y->second) * a->second[attribute(node, "transA") != 0 ? rank - 2 : rank - 1];
  }
  if (type == "Conv") {  // kernel [M, C / group, k...]
    return 2 * volume(y->second) * volume(b->second) / b->second[0];
  }
  return 2 * volume(a->second) * volume(b->second) / b->second[0];  // kernel [C, M / group, k...]
}

}  // namespace

IndependentCount count_independently(const onnx::ModelProto& given) {
  IndependentCount count;
  for (const auto& tensor : given.graph().initializer()) {
    std::int64_t elements = 1;
    for (const std::int64_t dim : tensor.dims()) {
      elements *= dim;
    }
    const int type = tensor.data_type();
    const std::int64_t width =
        type == onnx::TensorProto::FLOAT16                                      ? 2
        : type == onnx::TensorProto::INT64 || type == onnx::TensorProto::DOUBLE ? 8
        : type == onnx::TensorProto::BOOL || type == onnx::TensorProto::INT8 ||
                type == onnx::TensorProto::UINT8
            ? 1
            : 4;
    count.parameters += elements;
    count.weight_bytes += elements * width;
    ++count.weight_tensors;
  }
  onnx::ModelProto model = given;
  try {
    onnx::shape_inference::InferShapes(model, onnx::OpSchemaRegistry::Instance(),
                                       onnx::ShapeInferenceOptions(false, 0, true));
  } catch (const std::exception&) {  // operators that ONNX 1.12 does not know
    count.complete = false;
    return count;
  }
  Shapes shapes;
  for (const auto* list :
       {&model.graph().input(), &model.graph().output(), &model.graph().value_info()}) {
    for (const auto& value : *list) {
      note(value, shapes);
    }
  }
  for (const auto& tensor : model.graph().initializer()) {
    shapes[tensor.name()] = std::vector<double>(tensor.dims().begin(), tensor.dims().end());
  }
  for (const auto& node : model.graph().node()) {
    const double flops = flops_of(node, shapes);
    count.complete = count.complete && flops >= 0;
    count.tensor_flops += flops > 0 ? flops : 0;
  }
  return count;
}

}  // namespace tilewright::testing

// Models in few words that look right and are not: each broke the front end, or made it work
// without end, when it was found by the fuzzer or by reading. Everything that can be done with a
// model is done with each; it may be refused, but not by a promise of ours that is broken, nor by
// another exception.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "../fuzz/use_model.h"
#include "onnx_writer.h"

namespace tilewright::testing {

inline constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max(), kLeast = -kMost - 1,
                              kHuge = 1LL << 62;
inline constexpr int kFloat = onnx::TensorProto::FLOAT, kInt64 = onnx::TensorProto::INT64,
                     kInt8 = onnx::TensorProto::INT8, kUint8 = onnx::TensorProto::UINT8,
                     kInt32 = onnx::TensorProto::INT32;

using Floats = std::vector<float>;
using AttributeValue = std::variant<std::int64_t, float, std::string, Dims, Floats>;
using Attributes = std::vector<std::pair<std::string, AttributeValue>>;
using Names = std::vector<std::string>;

// A model in few words: a graph input called u has no shape that is known.
class Model : public OnnxWriter {
 public:
  explicit Model(std::int64_t opset = 17) : OnnxWriter(opset) {}

  Model& in(const std::string& name, const Dims& dims, int type = kFloat) {
    input(name, dims, type);
    return *this;
  }
  Model& held(const std::string& name, const Dims& dims) {
    weight(name, dims);
    return *this;
  }
  Model& whole(const std::string& name, const Dims& values) {
    ints(name, values);
    return *this;
  }
  Model& constant(const std::string& name, const Dims& dims, const Dims& values, int type) {
    auto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(type);
    for (const std::int64_t dim : dims) tensor.add_dims(dim);
    for (const std::int64_t v : values) {
      if (type == kInt64)
        tensor.add_int64_data(v);
      else
        tensor.add_int32_data(static_cast<std::int32_t>(v));
    }
    return *this;
  }
  Model& real(const std::string& name, const Dims& dims, const Floats& values) {
    auto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(kFloat);
    for (const std::int64_t dim : dims) tensor.add_dims(dim);
    for (const float v : values) tensor.add_float_data(v);
    return *this;
  }
  // u, whose shape is not known.
  Model& unknown() {
    in("x_of_u", {4}).in("s_of_u", {1}, kInt64);
    return op("Reshape", {"x_of_u", "s_of_u"}, {"u"});
  }
  Model& op(const std::string& type, const Names& inputs, const Names& outputs,
            const Attributes& attributes = {}, const std::string& domain = "") {
    auto& made = node(type, inputs, outputs, domain);
    for (const auto& [name, value] : attributes) add(made, name, value);
    return *this;
  }
  Model& microsoft(const std::string& type, const Names& inputs, const Names& outputs,
                   const Attributes& attributes = {}) {
    if (model().opset_import_size() == 1) {
      auto& set = *model().add_opset_import();
      set.set_domain("com.microsoft");
      set.set_version(1);
    }
    return op(type, inputs, outputs, attributes, "com.microsoft");
  }
  Model& out(const std::string& name, const std::optional<Dims>& dims = {}, int type = kFloat) {
    auto& value = *graph().add_output();
    value.set_name(name);
    auto& tensor = *value.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(type);
    if (!dims) return *this;
    tensor.mutable_shape();
    for (const std::int64_t dim : *dims) tensor.mutable_shape()->add_dim()->set_dim_value(dim);
    return *this;
  }

 private:
  static void add(onnx::NodeProto& to, const std::string& name, const AttributeValue& value) {
    if (const auto* i = std::get_if<std::int64_t>(&value)) return set_int(to, name, *i);
    if (const auto* s = std::get_if<std::string>(&value)) return set_string(to, name, *s);
    if (const auto* list = std::get_if<Dims>(&value)) return set_ints(to, name, *list);
    auto& attribute = *to.add_attribute();
    attribute.set_name(name);
    if (const auto* f = std::get_if<float>(&value)) {
      attribute.set_type(onnx::AttributeProto::FLOAT);
      attribute.set_f(*f);
      return;
    }
    attribute.set_type(onnx::AttributeProto::FLOATS);
    for (const float f : std::get<Floats>(value)) attribute.add_floats(f);
  }
};

inline void expect_an_answer(OnnxWriter& model, const char* what) {
  SCOPED_TRACE(what);
  const TemporaryFolder folder;
  const auto file = folder.write("model.onnx", model.bytes());
  const auto begin = std::chrono::steady_clock::now();
  use_model(file, [](const auto& f) {
    try {
      f();
    } catch (const Error& error) {
      EXPECT_NE(error.kind(), ErrorKind::kInternal) << error.what();
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  });
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(taken.count(), 20) << "seconds";
}

}  // namespace tilewright::testing

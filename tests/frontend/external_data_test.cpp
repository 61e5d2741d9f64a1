// Weights in other files: by reference, never out of the model's folder, never read unless asked.
#include <gtest/gtest.h>

#include "onnx_writer.h"
#include "support/error.h"

namespace tilewright::testing {
namespace {

std::string model_with(const std::string& location, const std::string& offset = "",
                       const std::string& length = "") {
  OnnxWriter w;
  w.input("x", {1, 4}).output("y");
  onnx::TensorProto& tensor = *w.graph().add_initializer();
  tensor.set_name("w");
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.add_dims(4);
  tensor.add_dims(2);
  tensor.set_data_location(onnx::TensorProto::EXTERNAL);
  for (const auto& [key, value] : {std::pair<std::string, std::string>{"location", location},
                                   {"offset", offset},
                                   {"length", length}}) {
    if (!value.empty()) {
      auto& entry = *tensor.add_external_data();
      entry.set_key(key);
      entry.set_value(value);
    }
  }
  w.node("MatMul", {"x", "w"}, {"y"});
  return w.bytes();
}

const Tensor& weight_of(const Graph& graph) {
  for (const Tensor& tensor : graph.tensors) {
    if (tensor.is_weight) {
      return tensor;
    }
  }
  throw std::runtime_error("no weight");
}

std::string id_of(const TemporaryFolder& folder, const std::string& model) {
  try {
    const Graph graph = load_graph(folder.write("model.onnx", model), {});
    static_cast<void>(read_weight(graph, weight_of(graph)));
  } catch (const Error& error) {
    return error.id();
  }
  return "";
}

TEST(ExternalData, AbsentFilesLoadAndCount) {
  const Workload workload = count_bytes(model_with("weights.bin"));
  EXPECT_EQ(workload.totals.parameters, 8);
  EXPECT_EQ(workload.totals.weight_bytes, 32);
  const TemporaryFolder folder;
  EXPECT_EQ(id_of(folder, model_with("weights.bin")), "TW-ONNX-021");
}

TEST(ExternalData, ReadsExactlyItsBytes) {
  const TemporaryFolder folder;
  std::string data;
  for (int i = 0; i < 64; ++i) {
    data += static_cast<char>(i);
  }
  folder.write("sub/weights.bin", data);
  const Graph graph =
      load_graph(folder.write("model.onnx", model_with("sub/weights.bin", "16", "32")), {});
  EXPECT_EQ(read_weight(graph, weight_of(graph)), data.substr(16, 32));
  folder.write("sub/weights.bin", data.substr(0, 40));
  EXPECT_THROW(static_cast<void>(read_weight(graph, weight_of(graph))), Error);
}

TEST(ExternalData, PathsThatLeaveTheFolderAreRefusedAtLoad) {
  for (const char* location : {"../secret", "a/../../secret", "a/..", "..", "/etc/passwd",
                               "..\\secret", "\\secret", "C:\\secret", ".", "./."}) {
    EXPECT_EQ(error_of(model_with(location)), "TW-ONNX-020") << location;
  }
  EXPECT_EQ(error_of(model_with(std::string("a\0b", 3))), "TW-ONNX-020");
  EXPECT_EQ(error_of(model_with("")), "TW-ONNX-013");
}

TEST(ExternalData, LinksAreRefusedAtLoadAndAtRead) {
  const TemporaryFolder outside, folder;
  outside.write("weights.bin", std::string(32, 'x'));
  std::filesystem::create_symlink(outside.path() / "weights.bin", folder.path() / "link.bin");
  EXPECT_EQ(id_of(folder, model_with("link.bin")), "TW-ONNX-020");
  std::filesystem::create_directory_symlink(outside.path(), folder.path() / "dir");
  EXPECT_EQ(id_of(folder, model_with("dir/weights.bin")), "TW-ONNX-020");

  // A link that appears between the check and the read.
  const Graph graph = load_graph(folder.write("model.onnx", model_with("late.bin")), {});
  std::filesystem::create_symlink(outside.path() / "weights.bin", folder.path() / "late.bin");
  EXPECT_THROW(static_cast<void>(read_weight(graph, weight_of(graph))), Error);
}

TEST(ExternalData, OffsetsAndLengthsAreChecked) {
  EXPECT_EQ(error_of(model_with("w.bin", "-1")), "TW-ONNX-013");
  EXPECT_EQ(error_of(model_with("w.bin", "1e3")), "TW-ONNX-013");
  EXPECT_EQ(error_of(model_with("w.bin", "99999999999999999999")), "TW-ONNX-013");
  EXPECT_EQ(error_of(model_with("w.bin", "9223372036854775807")), "TW-ONNX-013");
  EXPECT_EQ(error_of(model_with("w.bin", "0", "31")), "TW-ONNX-011");
  const TemporaryFolder folder;
  folder.write("w.bin", std::string(16, 'x'));
  EXPECT_EQ(id_of(folder, model_with("w.bin")), "TW-ONNX-022");
  std::filesystem::create_directory(folder.path() / "d");
  EXPECT_EQ(id_of(folder, model_with("d")), "TW-ONNX-022");
}

TEST(ExternalData, InlineWeightsOfEveryEncodingReadBack) {
  OnnxWriter w;
  w.input("x", {1, 2}).output("y");
  onnx::TensorProto& typed = *w.graph().add_initializer();
  typed.set_name("w");
  typed.set_data_type(onnx::TensorProto::FLOAT);
  typed.add_dims(2);
  typed.add_float_data(1.5F);
  typed.add_float_data(-2.0F);
  onnx::TensorProto& half = *w.graph().add_initializer();
  half.set_name("h");
  half.set_data_type(onnx::TensorProto::FLOAT16);
  half.add_dims(2);
  half.add_int32_data(0x3c00);
  half.add_int32_data(0xc000);
  w.node("Add", {"x", "w"}, {"a"});
  w.node("Mul", {"a", "h"}, {"y"});
  const TemporaryFolder folder;
  const Graph graph = load_graph(folder.write("model.onnx", w.bytes()), {});
  EXPECT_EQ(read_weight(graph, graph.tensors[0]), std::string("\0\0\xc0\x3f\0\0\0\xc0", 8));
  EXPECT_EQ(read_weight(graph, graph.tensors[1]), std::string("\0\x3c\0\xc0", 4));
}

}  // namespace
}  // namespace tilewright::testing

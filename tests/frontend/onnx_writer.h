// Small ONNX models for the tests, written with the official classes: the reader under test has no
// part in making its own input.
#pragma once

#include <onnx/onnx_pb.h>

#include <filesystem>
#include <string>
#include <vector>

#include "frontend/frontend.h"

namespace tilewright::testing {

using Dims = std::vector<std::int64_t>;

class OnnxWriter {
 public:
  explicit OnnxWriter(std::int64_t opset = 17, std::int64_t ir_version = 8);

  OnnxWriter& input(const std::string& name, const Dims& dims, int type = onnx::TensorProto::FLOAT);
  // A dimension that starts with a letter is symbolic, otherwise a number.
  OnnxWriter& open_input(const std::string& name, const std::vector<std::string>& dims,
                         int type = onnx::TensorProto::FLOAT);
  OnnxWriter& output(const std::string& name);
  OnnxWriter& weight(const std::string& name, const Dims& dims,
                     int type = onnx::TensorProto::FLOAT);
  OnnxWriter& ints(const std::string& name, const Dims& values);  // an int64 initialiser of rank 1
  onnx::NodeProto& node(const std::string& type, const std::vector<std::string>& inputs,
                        const std::vector<std::string>& outputs, const std::string& domain = "");
  onnx::ModelProto& model() { return model_; }
  onnx::GraphProto& graph() { return *model_.mutable_graph(); }
  std::string bytes() const { return model_.SerializeAsString(); }

 private:
  onnx::ModelProto model_;
};

void set_int(onnx::NodeProto& node, const std::string& name, std::int64_t value);
void set_ints(onnx::NodeProto& node, const std::string& name, const Dims& values);
void set_string(onnx::NodeProto& node, const std::string& name, const std::string& value);

// A serialised TensorProto of float32 and rank 1.
std::string float_tensor(const std::vector<float>& values);

// A folder that disappears with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& bytes) const;

 private:
  std::filesystem::path path_;
};

Graph load_bytes(const std::string& bytes, const LoadOptions& options = {});
Workload count_bytes(const std::string& bytes, const LoadOptions& options = {});
// The id of the Error that loading and counting give; "" when they succeed.
std::string error_of(const std::string& bytes, const LoadOptions& options = {});

// The operator with this name; fails the test when there is none.
const WorkOp& op_named(const Workload& workload, const std::string& name);

}  // namespace tilewright::testing

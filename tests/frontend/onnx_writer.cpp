#include "onnx_writer.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cctype>
#include <fstream>

#include "support/error.h"

namespace tilewright::testing {

OnnxWriter::OnnxWriter(std::int64_t opset, std::int64_t ir_version) {
  model_.set_ir_version(ir_version);
  model_.add_opset_import()->set_version(opset);
  model_.mutable_graph()->set_name("test");
}

OnnxWriter& OnnxWriter::input(const std::string& name, const Dims& dims, int type) {
  std::vector<std::string> texts;
  for (const std::int64_t dim : dims) {
    texts.push_back(std::to_string(dim));
  }
  return open_input(name, texts, type);
}

OnnxWriter& OnnxWriter::open_input(const std::string& name, const std::vector<std::string>& dims,
                                   int type) {
  onnx::ValueInfoProto& value = *graph().add_input();
  value.set_name(name);
  auto& tensor = *value.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(type);
  tensor.mutable_shape();
  for (const std::string& dim : dims) {
    auto& added = *tensor.mutable_shape()->add_dim();
    if (std::isalpha(static_cast<unsigned char>(dim[0])) != 0) {
      added.set_dim_param(dim);
    } else {
      added.set_dim_value(std::stoll(dim));
    }
  }
  return *this;
}

OnnxWriter& OnnxWriter::output(const std::string& name) {
  onnx::ValueInfoProto& value = *graph().add_output();
  value.set_name(name);
  value.mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::FLOAT);
  return *this;
}

OnnxWriter& OnnxWriter::weight(const std::string& name, const Dims& dims, int type) {
  onnx::TensorProto& tensor = *graph().add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(type);
  std::size_t count = 1;
  for (const std::int64_t dim : dims) {
    tensor.add_dims(dim);
    count *= static_cast<std::size_t>(dim);
  }
  const std::size_t width = type == onnx::TensorProto::FLOAT16 ? 2
                            : type == onnx::TensorProto::INT8 || type == onnx::TensorProto::UINT8
                                ? 1
                            : type == onnx::TensorProto::INT64 ? 8
                                                               : 4;
  tensor.set_raw_data(std::string(count * width, '\1'));
  return *this;
}

OnnxWriter& OnnxWriter::ints(const std::string& name, const Dims& values) {
  onnx::TensorProto& tensor = *graph().add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::INT64);
  tensor.add_dims(static_cast<std::int64_t>(values.size()));
  for (const std::int64_t value : values) {
    tensor.add_int64_data(value);
  }
  return *this;
}

onnx::NodeProto& OnnxWriter::node(const std::string& type, const std::vector<std::string>& inputs,
                                  const std::vector<std::string>& outputs,
                                  const std::string& domain) {
  onnx::NodeProto& node = *graph().add_node();
  node.set_op_type(type);
  node.set_domain(domain);
  node.set_name("the_" + outputs.at(0));
  for (const std::string& name : inputs) {
    node.add_input(name);
  }
  for (const std::string& name : outputs) {
    node.add_output(name);
  }
  return node;
}

void set_int(onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(value);
}

void set_ints(onnx::NodeProto& node, const std::string& name, const Dims& values) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INTS);
  for (const std::int64_t value : values) {
    attribute.add_ints(value);
  }
}

void set_string(onnx::NodeProto& node, const std::string& name, const std::string& value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::STRING);
  attribute.set_s(value);
}

std::string float_tensor(const std::vector<float>& values) {
  onnx::TensorProto proto;
  proto.set_data_type(onnx::TensorProto::FLOAT);
  proto.add_dims(static_cast<std::int64_t>(values.size()));
  for (const float x : values) proto.add_float_data(x);
  return proto.SerializeAsString();
}

TemporaryFolder::TemporaryFolder() {
  static std::atomic<int> next{0};
  path_ = std::filesystem::temp_directory_path() /
          ("tilewright-frontend-" + std::to_string(::getpid()) + "-" + std::to_string(next++));
  std::filesystem::create_directories(path_);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path TemporaryFolder::write(const std::string& name,
                                             const std::string& bytes) const {
  std::filesystem::path file = path_ / name;
  if (file.parent_path() != path_) {
    std::filesystem::create_directories(file.parent_path());
  }
  std::ofstream out(file, std::ios::binary);
  out << bytes;
  return file;
}

Graph load_bytes(const std::string& bytes, const LoadOptions& options) {
  // A file in memory: some tests load thousands.
  const int descriptor = ::memfd_create("model.onnx", MFD_CLOEXEC);
  if (descriptor < 0 ||
      ::write(descriptor, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
    throw std::runtime_error("no memory file");
  }
  try {
    Graph graph = load_graph("/proc/self/fd/" + std::to_string(descriptor), options);
    ::close(descriptor);
    return graph;
  } catch (...) {
    ::close(descriptor);
    throw;
  }
}

Workload count_bytes(const std::string& bytes, const LoadOptions& options) {
  return make_workload(load_bytes(bytes, options), options);
}

std::string error_of(const std::string& bytes, const LoadOptions& options) {
  try {
    static_cast<void>(count_bytes(bytes, options));
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << "one line";
    EXPECT_EQ(error.exit_status(), 2);
    return error.id();
  }
  return "";
}

const WorkOp& op_named(const Workload& workload, const std::string& name) {
  for (const WorkOp& op : workload.ops) {
    if (op.name == name) {
      return op;
    }
  }
  throw std::runtime_error("no operator " + name);
}

}  // namespace tilewright::testing

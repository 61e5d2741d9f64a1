#include "interpreted.h"

#include <unistd.h>

#include "support/file.h"

namespace tilewright::test {

Value reals(const std::vector<std::int64_t>& shape, const std::vector<double>& values) {
  Value value = make_value(DType::kFloat32, shape, Precision::kFloat64);
  std::get<std::vector<double>>(value.elements) = values;
  return value;
}

Value integers(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& values) {
  Value value = make_value(DType::kInt64, shape, Precision::kFloat64);
  std::get<std::vector<std::int64_t>>(value.elements) = values;
  return value;
}

Interpreted::Interpreted(const std::string& bytes) {
  static int count = 0;
  file_ = std::filesystem::temp_directory_path() /
          ("tilewright_interpreted_" + std::to_string(getpid()) + "_" + std::to_string(count++) +
           ".onnx");
  write_file(file_, bytes);
}

Interpreted::~Interpreted() {
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

Inputs Interpreted::run(const Inputs& inputs) const {
  LoadOptions options;
  for (const auto& [name, value] : inputs) {
    options.inputs[name] = value.shape;
  }
  const Graph graph = load_graph(file_, options);
  const auto name_of = [&](std::int32_t t) {
    return graph.tensors[static_cast<std::size_t>(t)].name;
  };
  std::vector<Value> ordered;
  for (const std::int32_t input : graph.inputs) {
    ordered.push_back(inputs.at(name_of(input)));
  }
  RunOptions run;
  run.precision = Precision::kFloat64;
  const std::vector<Value> outputs = Interpreter(graph, run).run(ordered);
  Inputs named;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    named[name_of(graph.outputs[i])] = outputs[i];
  }
  return named;
}

}  // namespace tilewright::test

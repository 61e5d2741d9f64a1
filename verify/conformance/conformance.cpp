#include "verify/conformance/conformance.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "frontend/frontend.h"
#include "frontend/interpret/interpreter.h"
#include "frontend/interpret/number_format.h"
#include "frontend/interpret/tensor_file.h"
#include "support/archive.h"
#include "support/error.h"
#include "support/scratch.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

// The files of one test, by their names inside its folder.
struct Test {
  std::string kind, name;
  std::map<std::string, std::string> files;
};

// In the archive's order of first files.
std::vector<Test> read_tests(const fs::path& archive) {
  std::vector<Test> tests;
  std::map<std::string, std::size_t> places;
  read_archive(archive, {}, [&](const std::string& name, std::string bytes) {
    const std::size_t kind_end = name.find('/');
    const std::size_t test_end =
        kind_end == std::string::npos ? kind_end : name.find('/', kind_end + 1);
    if (test_end == std::string::npos) return;
    const auto [place, fresh] = places.try_emplace(name.substr(0, test_end), tests.size());
    if (fresh) {
      tests.push_back(
          {name.substr(0, kind_end), name.substr(kind_end + 1, test_end - kind_end - 1), {}});
    }
    tests[place->second].files[name.substr(test_end + 1)] = std::move(bytes);
  });
  std::erase_if(tests, [](const Test& test) { return !test.files.contains("model.onnx"); });
  return tests;
}

// PREFIX0.pb, PREFIX1.pb, ...
std::vector<Value> tensors(const Test& test, const std::string& prefix) {
  std::vector<Value> values;
  for (std::size_t i = 0;; ++i) {
    const auto file = test.files.find(prefix + std::to_string(i) + ".pb");
    if (file == test.files.end()) return values;
    values.push_back(tensor_of_proto(file->second, test.name + "/" + file->first).value);
  }
}

// NumPy has no bfloat16: the archive's data sets hold its bits as uint16.
void restore_type(Value& value, DType type) {
  if (value.type == DType::kUint16 && type == DType::kBFloat16) {
    value = value_of_bytes(type, value.shape, bytes_of_value(value), Precision::kDeclared);
  }
}

void restore_types(std::vector<Value>& values, const std::vector<std::int32_t>& tensors,
                   const Graph& graph) {
  for (std::size_t i = 0; i < values.size() && i < tensors.size(); ++i) {
    restore_type(values[i], graph.tensors[static_cast<std::size_t>(tensors[i])].type);
  }
}

bool quantises(const Node& node) {
  return node.type.starts_with("QLinear") || node.type.ends_with("QuantizeLinear");
}

std::string compared(const std::vector<Value>& got, const std::vector<Value>& expected,
                     bool quantised) {
  if (got.size() < expected.size())
    return std::to_string(got.size()) + " outputs of " + std::to_string(expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::string what = difference(got[i], expected[i], {}, quantised);
    if (!what.empty()) return "output " + std::to_string(i) + ": " + what;
  }
  return "";
}

std::string run_data_sets(const Test& test, const Graph& graph) {
  const bool quantised = std::any_of(graph.nodes.begin(), graph.nodes.end(), quantises);
  Interpreter interpreter(graph);
  int sets = 0;
  for (;; ++sets) {
    const std::string folder = "test_data_set_" + std::to_string(sets) + "/";
    std::vector<Value> expected = tensors(test, folder + "output_");
    if (expected.empty()) break;
    std::vector<Value> inputs = tensors(test, folder + "input_");
    restore_types(inputs, graph.inputs, graph);
    restore_types(expected, graph.outputs, graph);
    std::string what = compared(interpreter.run(inputs), expected, quantised);
    if (!what.empty()) return what;
  }
  return sets == 0 ? "no data set" : "";
}

ConformanceResult run_test(const Test& test) {
  ConformanceResult result{test.kind, test.name, 0, {}, false, ""};
  const ScratchFolder folder;
  const fs::path file = folder.path() / "model.onnx";
  write_scratch(file, test.files.at("model.onnx"));
  try {
    const Graph graph = load_graph(file, {});
    const auto opset = graph.opsets.find("");
    result.opset = opset == graph.opsets.end() ? 0 : opset->second;
    std::set<std::string> operators;
    for (const Node& node : graph.nodes)
      operators.insert((node.domain.empty() ? "" : node.domain + ".") + node.type);
    result.operators.assign(operators.begin(), operators.end());
    result.reason = run_data_sets(test, graph);
    result.passed = result.reason.empty();
  } catch (const Error& error) {
    result.reason = error.what();
  }
  return result;
}

// Two units in the last place of the type's mantissa.
double relative_of(DType type, const Tolerance& tolerance) {
  const FloatFormat* const format = narrow_format(type);
  return format == nullptr ? tolerance.relative
                           : std::max(tolerance.relative, std::ldexp(2.0, -format->mantissa_bits));
}

bool close(double got, double expected, double relative, double absolute) {
  if (std::isnan(expected) || std::isnan(got)) return std::isnan(expected) && std::isnan(got);
  if (std::isinf(expected) || std::isinf(got)) return got == expected;
  return std::fabs(got - expected) <= absolute + relative * std::fabs(expected);
}

}  // namespace

std::string difference(const Value& got, const Value& expected, const Tolerance& tolerance,
                       bool quantised) {
  if (got.type != expected.type) {
    return std::string("type ") + dtype_name(got.type) + " instead of " + dtype_name(expected.type);
  }
  if (got.shape != expected.shape) {
    return "shape " + shape_text(got.shape) + " instead of " + shape_text(expected.shape);
  }
  const std::vector<double> a = as_reals(got), b = as_reals(expected);
  const bool floating = is_floating(expected.type);
  const double relative = floating ? relative_of(expected.type, tolerance) : 0;
  const double absolute = floating ? tolerance.absolute : quantised ? 1 : 0;
  std::int64_t wrong = 0;
  std::size_t worst = 0;
  double most = -1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (close(a[i], b[i], relative, absolute)) continue;
    ++wrong;
    const double gap = std::fabs(a[i] - b[i]) / std::max(std::fabs(b[i]), 1e-30);
    if (!(gap <= most)) {
      most = gap;
      worst = i;
    }
  }
  if (wrong == 0) return "";
  return std::to_string(wrong) + " of " + std::to_string(a.size()) + " elements, element " +
         std::to_string(worst) + " is " + std::to_string(a[worst]) + " instead of " +
         std::to_string(b[worst]);
}

std::vector<ConformanceResult> run_conformance(
    const fs::path& archive,
    const std::function<void(const ConformanceResult&, std::size_t tests)>& on_result) {
  std::vector<ConformanceResult> results;
  const std::vector<Test> tests = read_tests(archive);
  for (const Test& test : tests) {
    results.push_back(run_test(test));
    if (on_result) on_result(results.back(), tests.size());
  }
  return results;
}

ConformanceSummary summarise(const std::vector<ConformanceResult>& results) {
  ConformanceSummary summary;
  const auto add = [](ConformanceShare& share, bool passed) {
    ++share.all;
    share.passed += passed ? 1 : 0;
  };
  for (const ConformanceResult& result : results) {
    add(result.opset <= kSettledOpset ? summary.settled : summary.newer, result.passed);
    for (const std::string& op : result.operators) add(summary.by_operator[op], result.passed);
  }
  return summary;
}

}  // namespace tilewright

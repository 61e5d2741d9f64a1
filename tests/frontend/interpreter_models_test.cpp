// The interpreter against third parties' models with reference inputs and outputs; needs
// TILEWRIGHT_DATA.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "../error_id.h"
#include "data_archive.h"
#include "frontend/interpret/interpreter.h"
#include "frontend/interpret/session.h"

namespace tilewright::testing {
namespace {

namespace fs = std::filesystem;

// NAMEs.npz, or test_data_set_0/NAME_0.pb, NAME_1.pb, ...
std::vector<NamedValue> tensors(const fs::path& folder, const std::string& name) {
  if (fs::exists(folder / (name + "s.npz"))) return read_tensor_file(folder / (name + "s.npz"));
  std::vector<NamedValue> values;
  for (int i = 0;; ++i) {
    const fs::path file = folder / "test_data_set_0" / (name + "_" + std::to_string(i) + ".pb");
    if (!fs::exists(file)) return values;
    values.push_back(read_tensor_file(file)[0]);
  }
}

// The largest difference over the largest expected element.
double distance(const Value& got, const Value& expected) {
  EXPECT_EQ(got.shape, expected.shape);
  const std::vector<double> a = as_reals(got), b = as_reals(expected);
  double most = 0, apart = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    most = std::max(most, std::fabs(b[i]));
    apart = std::max(apart, std::isfinite(a[i]) ? std::fabs(a[i] - b[i]) : 1e300);
  }
  return apart / std::max(most, 1e-30);
}

// Integer models whose operators are PULP's own: refused by the operator's name.
const std::set<std::string> kRefused = {"eegformer_int8", "microllama_int8_decode_kv1",
                                        "microllama_int8_prefill8", "mini_mobilenet_int8",
                                        "mlperf_tiny_kws_int8"};
// Its expected output contradicts the operator: the least element of an input that
// DynamicQuantizeLinear takes is 0 by definition (round(min / scale) + round(-min / scale)), and 35
// in the reference data.
const std::string kContradicted = "dynamic_quantize_matmul_int8";

TEST(InterpreterModels, AgreeWithTheirReferenceOutputs) {
  const DataArchive archive("onnx_models.tar.xz");
  if (!archive.ok()) GTEST_SKIP() << "TILEWRIGHT_DATA does not lead to the data";
  int agreed = 0, refused = 0;
  for (const fs::path& file : archive.models()) {
    const fs::path folder = file.parent_path();
    const std::string name = folder.filename().string();
    const std::vector<NamedValue> expected = tensors(folder, "output");
    if (expected.empty() || name == kContradicted) continue;
    std::vector<NamedValue> inputs = tensors(folder, "input");
    // One file lists the weights behind the inputs.
    inputs.resize(std::min(inputs.size(), input_names(file).size()));
    const auto run = [&] {
      const Session session = open_session(file, inputs, {});
      const std::vector<Value> outputs = Interpreter(session.graph).run(session.inputs);
      ASSERT_GE(outputs.size(), expected.size()) << name;
      for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_LE(distance(outputs[i], expected[i].value), 1e-5) << name << ", output " << i;
      }
    };
    if (kRefused.contains(name)) {
      EXPECT_EQ(id_of(run), "TW-RUN-006") << name;
      ++refused;
    } else {
      EXPECT_NO_THROW(run()) << name;
      ++agreed;
    }
  }
  EXPECT_EQ(agreed, 12);
  EXPECT_EQ(refused, 5);
}

// That the reference is at fault there, not we: by the operator's text the least element becomes 0.
TEST(InterpreterModels, TheContradictedReferenceContradictsItsOperator) {
  const DataArchive archive("onnx_models.tar.xz");
  if (!archive.ok()) GTEST_SKIP() << "TILEWRIGHT_DATA does not lead to the data";
  const fs::path folder = archive.path() / kContradicted;
  const Session session = open_session(folder / "model.onnx", tensors(folder, "input"), {});
  Interpreter interpreter(session.graph);
  int seen = 0;
  interpreter.watch([&](const Node& node, std::int32_t tensor, const Value& value) {
    if (node.type != "DynamicQuantizeLinear" || tensor != node.outputs[0]) return;
    const std::vector<double> x = as_reals(session.inputs[0]), q = as_reals(value);
    const auto least = std::min_element(x.begin(), x.end()) - x.begin();
    EXPECT_LT(x[static_cast<std::size_t>(least)], 0);
    EXPECT_EQ(q[static_cast<std::size_t>(least)], 0);
    ++seen;
  });
  const Value got = interpreter.run(session.inputs)[0];
  EXPECT_EQ(seen, 1);
  // Nothing else differs: all but the two products that this element goes into.
  const std::vector<double> a = as_reals(got), b = as_reals(tensors(folder, "output")[0].value);
  int apart = 0;
  for (std::size_t i = 0; i < a.size(); ++i) apart += std::fabs(a[i] - b[i]) > 1e-6 ? 1 : 0;
  EXPECT_EQ(apart, 2);
}

TEST(InterpreterModels, LightModelsAgree) {
  const DataArchive archive("onnx_light_models.tar.xz");
  if (!archive.ok()) GTEST_SKIP() << "TILEWRIGHT_DATA does not lead to the data";
  int agreed = 0;
  for (const fs::path& file : archive.models()) {
    const Graph graph = load_graph(file, {});
    std::vector<Value> inputs;
    for (const std::int32_t input : graph.inputs) {
      const Tensor& tensor = graph.tensors[static_cast<std::size_t>(input)];
      Value value = make_value(tensor.type, tensor.shape, Precision::kDeclared);
      auto& x = std::get<std::vector<float>>(value.elements);
      for (std::size_t i = 0; i < x.size(); ++i)
        x[i] = static_cast<float>(i) / static_cast<float>(x.size());
      inputs.push_back(std::move(value));
    }
    const std::string stem = file.stem().string();
    const Value expected = read_tensor_file(file.parent_path() / (stem + "_output_0.pb"))[0].value;
    EXPECT_LE(distance(Interpreter(graph).run(inputs).at(0), expected), 1e-3) << stem;
    ++agreed;
  }
  EXPECT_EQ(agreed, 5);
}

}  // namespace
}  // namespace tilewright::testing

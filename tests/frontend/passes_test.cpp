// Passes leave outputs what they are, alone and all together, and find what is there to find.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "../error_id.h"
#include "data_archive.h"
#include "frontend/interpret/interpreter.h"
#include "frontend/interpret/session.h"
#include "frontend/passes/recognised.h"
#include "frontend/passes/run_passes.h"
#include "frontend/write_onnx.h"
#include "models/models.h"
#include "random_graph.h"
#include "support/random.h"

namespace tilewright::testing {
namespace {

namespace fs = std::filesystem;

std::map<std::string, int> count(const Graph& graph) {
  std::map<std::string, int> counts;
  for (const Node& node : graph.nodes) ++counts[node.type];
  return counts;
}

// The largest difference of two runs in float64 over the largest output.
double distance(const std::vector<Value>& a, const std::vector<Value>& b) {
  double most = 1e-30, apart = 0;
  EXPECT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].shape, b[i].shape);
    EXPECT_EQ(a[i].type, b[i].type);
    const std::vector<double> x = as_reals(a[i]), y = as_reals(b[i]);
    for (std::size_t k = 0; k < x.size(); ++k) {
      if (x[k] == y[k] || (std::isnan(x[k]) && std::isnan(y[k]))) continue;
      most = std::max(most, std::fabs(x[k]));
      apart = std::max(apart, std::isfinite(x[k] - y[k]) ? std::fabs(x[k] - y[k]) : 1e300);
    }
    for (const double v : x) most = std::isfinite(v) ? std::max(most, std::fabs(v)) : most;
  }
  return apart / most;
}

constexpr double kBound = 1e-5;

std::vector<Value> run(const Graph& graph, const std::vector<Value>& inputs) {
  return Interpreter(graph, {Precision::kFloat64}).run(inputs);
}

PassOptions only(const std::string& name) {
  PassOptions options;
  for (const PassInfo& pass : pass_list()) {
    if (name != pass.name) options.off.insert(pass.name);
  }
  return options;
}

// Every pass alone, and all.
void check_passes(const Session& session, const std::string& what) {
  const std::vector<Value> expected = run(session.graph, session.inputs);
  for (const PassInfo& pass : pass_list()) {
    Graph graph = session.graph;
    run_passes(graph, only(pass.name));
    EXPECT_LE(distance(expected, run(graph, session.inputs)), kBound) << what << ", " << pass.name;
  }
  Graph graph = session.graph;
  run_passes(graph);
  EXPECT_LE(distance(expected, run(graph, session.inputs)), kBound) << what;
  // The file that it is written to is the same graph.
  const TemporaryFolder folder;
  const Graph again = load_graph(folder.write("again.onnx", onnx_of_graph(graph)), {});
  EXPECT_EQ(count(again), count(graph)) << what;
  EXPECT_LE(distance(expected, run(again, session.inputs)), kBound) << what << ", written and read";
}

Session open_bytes(const std::string& bytes, std::int64_t context = 5) {
  LoadOptions options;
  options.context = context;
  static std::vector<std::unique_ptr<TemporaryFolder>>
      kept;  // weights are read from the file later
  kept.push_back(std::make_unique<TemporaryFolder>());
  return open_session(kept.back()->write("m.onnx", bytes), {}, options, Unfed::kRandom, 1);
}

TEST(Passes, BuiltInModels) {
  for (const char* name : {"llama-tiny", "convnet-tiny", "mixtral-tiny", "unet-tiny"})
    check_passes(open_bytes(build_model(name, 0)), name);
  DecoderShape shape;
  for (const bool half : {false, true}) {
    for (const bool tied : {false, true}) {
      shape.half = half;
      shape.tied_embedding = tied;
      check_passes(open_bytes(build_decoder(shape, 1)), "decoder");
    }
  }
}

#ifdef __SANITIZE_ADDRESS__
constexpr std::uint64_t kRandomModels = 200;
#else
constexpr std::uint64_t kRandomModels = 1000;
#endif

TEST(Passes, RandomModels) {
  std::map<std::string, std::uint64_t> found;
  for (std::uint64_t seed = 1; seed <= kRandomModels; ++seed) {
    const Session session = open_bytes(random_model(seed));
    const std::vector<Value> expected = run(session.graph, session.inputs);
    Graph graph = session.graph;
    for (const PassReport& report : run_passes(graph))
      found[report.name] += static_cast<std::uint64_t>(report.changes);
    ASSERT_LE(distance(expected, run(graph, session.inputs)), kBound) << "seed " << seed;
    if (seed % 10 == 0) check_passes(session, "seed " + std::to_string(seed));
  }
  // The models have something for every pass.
  for (const PassInfo& pass : pass_list())
    EXPECT_GE(found[pass.name], kRandomModels / 40) << pass.name;
}

TEST(Passes, ThirdPartyModels) {
  const DataArchive archive("onnx_models.tar.xz");
  if (!archive.ok()) GTEST_SKIP() << "TILEWRIGHT_DATA does not lead to the data";
  int checked = 0;
  for (const fs::path& file : archive.models()) {
    LoadOptions options;
    options.context = 5;
    // Models whose weights are absent, or whose operators are refused, are not run.
    try {
      const Session session = open_session(file, {}, options, Unfed::kRandom, 1);
      Interpreter(session.graph).run(session.inputs);
      check_passes(session, file.parent_path().filename().string());
      ++checked;
    } catch (const Error& error) {
      const bool expected =
          error.id() == "TW-RUN-006" || error.id() == "TW-ONNX-021" || error.id() == "TW-RUN-005";
      EXPECT_TRUE(expected) << file << ": " << error.what();
    }
  }
  EXPECT_GE(checked, 14);
}

TEST(Passes, LlamaIsRecognised) {
  LoadOptions options;
  options.context = 2048;
  const TemporaryFolder folder;
  Graph graph = load_graph(folder.write("m.onnx", build_model("llama-3.1-8b", 0)), options);
  const std::size_t before = graph.nodes.size();
  run_passes(graph);
  std::map<std::string, int> counts = count(graph);
  EXPECT_EQ(counts["Attention"], 32);
  EXPECT_EQ(counts["RMSNormalization"], 65);
  EXPECT_EQ(counts["Swish"], 32);
  EXPECT_EQ(counts["RotaryEmbedding"], 64);
  EXPECT_EQ(counts["Softmax"] + counts["ReduceMean"] + counts["Sigmoid"] + counts["Shape"], 0);
  const std::vector<Block> blocks = recognised_blocks(graph);
  EXPECT_GT(static_cast<double>(before) / static_cast<double>(graph.nodes.size()), 10);
  EXPECT_TRUE(std::any_of(blocks.begin(), blocks.end(),
                          [](const Block& b) { return b.name == "SwiGLU" && b.count == 32; }));
  for (const Node& node : graph.nodes) {
    EXPECT_TRUE(node.type != "Attention" || node.inputs.size() == 6) << "without the past";
  }
}

TEST(Passes, AnExportedLlamaIsRecognised) {
  const DataArchive archive("onnx_models.tar.xz");
  if (!archive.ok()) GTEST_SKIP() << "TILEWRIGHT_DATA does not lead to the data";
  Graph graph = load_graph(archive.path() / "llama_torchscript_opset17/model.onnx", {});
  run_passes(graph);
  std::map<std::string, int> counts = count(graph);
  EXPECT_EQ(counts["Attention"], 10);
  EXPECT_EQ(counts["RMSNormalization"], 21);
  EXPECT_EQ(counts["Swish"], 10);
  EXPECT_EQ(counts["RotaryEmbedding"], 20) << "whose cosines are constants";
  EXPECT_EQ(counts["Neg"] + counts["Slice"] + counts["Concat"], 0);
}

// x [2, 3, 4, 4] and a kernel of 5 output channels as integers, a bias at the scale of the sums.
std::string quantised_conv(double bias_scale, bool requantised) {
  OnnxWriter w;
  w.input("x", {2, 3, 4, 4});
  RandomStream stream(7, "quantised_conv");
  const auto tensor = [&](const std::string& name, const Dims& dims, int type) -> auto& {
    auto& t = *w.graph().add_initializer();
    t.set_name(name);
    t.set_data_type(type);
    for (const std::int64_t d : dims) t.add_dims(d);
    return t;
  };
  tensor("s", {}, onnx::TensorProto::FLOAT).add_float_data(0.031F);
  tensor("z", {}, onnx::TensorProto::UINT8).add_int32_data(100);
  auto& kernel = tensor("k", {5, 3, 3, 3}, onnx::TensorProto::INT8);
  for (int i = 0; i < 135; ++i) kernel.add_int32_data(static_cast<int>(stream.below(255)) - 127);
  auto& kernel_scale = tensor("ks", {5}, onnx::TensorProto::FLOAT);
  auto& bias = tensor("b", {5}, onnx::TensorProto::INT32);
  auto& scale = tensor("bs", {5}, onnx::TensorProto::FLOAT);
  for (int i = 0; i < 5; ++i) {
    const float s = 0.01F + 0.001F * static_cast<float>(i);
    kernel_scale.add_float_data(s);
    bias.add_int32_data(static_cast<int>(stream.below(2000)) - 1000);
    scale.add_float_data(static_cast<float>(bias_scale) * 0.031F * s);
  }
  w.node("QuantizeLinear", {"x", "s", "z"}, {"q"});
  w.node("DequantizeLinear", {"q", "s", "z"}, {"a"});
  set_int(w.node("DequantizeLinear", {"k", "ks"}, {"c"}), "axis", 0);
  set_int(w.node("DequantizeLinear", {"b", "bs"}, {"d"}), "axis", 0);
  set_ints(w.node("Conv", {"a", "c", "d"}, {"y"}), "pads", {1, 1, 1, 1});
  if (requantised) {
    tensor("ys", {}, onnx::TensorProto::FLOAT).add_float_data(0.07F);
    tensor("yz", {}, onnx::TensorProto::INT8).add_int32_data(-128);
    w.node("Relu", {"y"}, {"r"});
    w.node("QuantizeLinear", {"r", "ys", "yz"}, {"t"});
    w.node("DequantizeLinear", {"t", "ys", "yz"}, {"u"});
  }
  w.output(requantised ? "u" : "y");
  return w.bytes();
}

TEST(Passes, QuantisedProductsAreOfIntegers) {
  const auto after = [](const std::string& model) {
    const Session session = open_bytes(model);
    check_passes(session, "quantised convolution");
    Graph graph = session.graph;
    run_passes(graph);
    return count(graph);
  };
  // A bias at the scale of the sums is added to them; one at another scale behind.
  std::map<std::string, int> counts = after(quantised_conv(1, true));
  EXPECT_EQ(counts["QLinearConv"], 1);
  EXPECT_EQ(counts["Conv"] + counts["ConvInteger"] + counts["Relu"], 0);
  EXPECT_EQ(counts["DequantizeLinear"], 1) << "what the model gives";
  for (const bool requantised : {false, true}) {
    counts = after(quantised_conv(1.5, requantised));
    EXPECT_EQ(counts["ConvInteger"], 1);
    EXPECT_EQ(counts["Conv"] + counts["QLinearConv"] + counts["Relu"], 0);
  }
}

TEST(Passes, WhatIsQuantisedStaysSo) {
  const DataArchive archive("onnx_models.tar.xz");
  if (!archive.ok()) GTEST_SKIP() << "TILEWRIGHT_DATA does not lead to the data";
  Graph graph = load_graph(archive.path() / "conv_qdq_s8s8/model.onnx", {});
  run_passes(graph);
  EXPECT_EQ(count(graph)["Conv"], 0);
  std::int64_t bytes = 0;
  for (const Tensor& tensor : graph.tensors)
    bytes += tensor.is_weight && tensor.type == DType::kFloat32 ? tensor.elements() : 0;
  EXPECT_LE(bytes, 64) << "no weight became a float";
}

TEST(Passes, StopAndOff) {
  const Session session = open_bytes(build_model("llama-tiny", 0));
  Graph graph = session.graph;
  PassOptions options;
  options.stop_after = "simplify-moves";
  std::vector<std::string> seen;
  options.on_pass = [&](const std::string& name, const Graph&) { seen.push_back(name); };
  const auto reports = run_passes(graph, options);
  EXPECT_EQ(reports.size(), 3U);
  EXPECT_EQ(seen, (std::vector<std::string>{"fold-constants", "merge-equal", "simplify-moves"}));
  EXPECT_EQ(id_of([&] { run_passes(graph, only("no-such-pass")); }), "");
  options.off = {"no-such-pass"};
  EXPECT_EQ(id_of([&] { run_passes(graph, options); }), "TW-PASS-003");
}

// Found by the fuzzer: the axes of a transpose are not checked where its shape is not known.
TEST(Passes, WhatHasNoShapeStays) {
  OnnxWriter w;
  w.input("x", {2, 3});
  w.node("Mystery", {"x"}, {"a"});
  w.node("Transpose", {"a"}, {"b"});
  set_ints(w.node("Transpose", {"b"}, {"y"}), "perm", {1, 0});
  w.output("y");
  Graph graph = load_bytes(w.bytes());
  run_passes(graph);
  EXPECT_EQ(count(graph)["Transpose"], 2);
}

TEST(Passes, ABrokenGraphIsFound) {
  const Graph good = load_bytes(random_model(3));
  EXPECT_EQ(id_of([&] { check_graph(good, "test"); }), "");
  Graph order = good;
  std::reverse(order.nodes.begin(), order.nodes.end());
  EXPECT_EQ(id_of([&] { check_graph(order, "test"); }), "TW-PASS-002");
  Graph twice = good;
  twice.nodes.push_back(twice.nodes.back());
  EXPECT_EQ(id_of([&] { check_graph(twice, "test"); }), "TW-PASS-002");
  Graph shape = good;
  shape.tensors[static_cast<std::size_t>(shape.nodes.back().outputs[0])].shape.push_back(7);
  EXPECT_EQ(id_of([&] { check_graph(shape, "test"); }), "TW-PASS-002");
  Graph lost = good;
  lost.nodes.pop_back();
  EXPECT_EQ(id_of([&] { check_graph(lost, "test"); }), "TW-PASS-002");
}

}  // namespace
}  // namespace tilewright::testing

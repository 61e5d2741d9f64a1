// Quantisation: scales and thresholds, the report, and what a trained language model and a trained
// classifier keep of their answers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "../error_id.h"
#include "data_archive.h"
#include "frontend/interpret/interpreter.h"
#include "frontend/interpret/session.h"
#include "frontend/passes/run_passes.h"
#include "frontend/quantise/quantise.h"
#include "frontend/write_onnx.h"
#include "models/models.h"
#include "support/file.h"
#include "support/json.h"
#include "support/random.h"

namespace tilewright::testing {
namespace {

namespace fs = std::filesystem;
using Method = CalibrationMethod;

TEST(Histogram, Thresholds) {
  Histogram histogram(100);
  RandomStream stream(1, "histogram");
  for (int i = 0; i < 100000; ++i) histogram.add(stream.normal());
  histogram.add(-100);
  EXPECT_EQ(histogram.threshold(Method::kMinMax, 127, 99), 100);
  EXPECT_NEAR(histogram.threshold(Method::kPercentile, 127, 99), 2.576, 0.06);  // of |N(0, 1)|
  // One outlier is not worth a scale that leaves ten steps for all the others.
  const double kl = histogram.threshold(Method::kKl, 127, 99);
  EXPECT_GT(kl, 3);
  EXPECT_LT(kl, 20);
  EXPECT_EQ(Histogram(0).threshold(Method::kMinMax, 127, 99), 0);
}

// A matrix whose columns differ by powers of ten.
void add_weight(OnnxWriter& writer, const std::string& name, int rows, int columns) {
  auto& tensor = *writer.graph().add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.add_dims(rows);
  tensor.add_dims(columns);
  RandomStream stream(2, name);
  for (int i = 0; i < rows * columns; ++i) {
    const double scale = std::pow(10.0, -(i % columns) / 4.0);
    tensor.add_float_data(static_cast<float>(stream.normal() * scale));
  }
}

// y = x w with x [4, 8] and w [8, 16].
Session product() {
  static const TemporaryFolder folder;
  OnnxWriter writer;
  writer.input("x", {4, 8}).output("y");
  add_weight(writer, "w", 8, 16);
  writer.node("MatMul", {"x", "w"}, {"y"}).set_name("product");
  return open_session(folder.write("m.onnx", writer.bytes()), {}, {}, Unfed::kRandom, 3);
}

double weight_snr(Narrow kind, Granularity granularity, std::int64_t group = 4) {
  const Session session = product();
  QuantiseOptions options;
  options.numbers.weights = kind;
  options.numbers.granularity = granularity;
  options.group = group;
  options.calibration = Method::kMinMax;
  const QuantisedModel model = quantise(session.graph, {session.inputs}, options);
  EXPECT_EQ(model.layers.size(), 1U);
  EXPECT_EQ(model.layers[0].name, "product");
  EXPECT_EQ(model.bytes_before, 512);
  EXPECT_LT(model.bytes_after, 512);
  return model.layers[0].weight_snr_db;
}

TEST(Quantise, FinerScalesAndWiderNumbersLoseLess) {
  const double tensor = weight_snr(Narrow::kInt8, Granularity::kTensor);
  const double channel = weight_snr(Narrow::kInt8, Granularity::kChannel);
  EXPECT_GT(tensor, 30);
  EXPECT_GT(channel, tensor + 3);
  EXPECT_NEAR(channel - weight_snr(Narrow::kInt4, Granularity::kChannel),
              20 * std::log10(127.0 / 7), 4);
  EXPECT_GT(weight_snr(Narrow::kInt4, Granularity::kGroup, 2),
            weight_snr(Narrow::kInt4, Granularity::kGroup, 8));
  EXPECT_GT(weight_snr(Narrow::kFloat16, Granularity::kTensor), 60);
  EXPECT_GT(weight_snr(Narrow::kBFloat16, Granularity::kTensor), 45);
}

TEST(Quantise, TheGraphIsInStandardForm) {
  const Session session = product();
  QuantiseOptions options;
  options.numbers.activations = Narrow::kInt8;
  const QuantisedModel model = quantise(session.graph, {session.inputs}, options);
  check_graph(model.graph, "quantise");
  std::map<std::string, int> counts;
  for (const Node& node : model.graph.nodes) ++counts[node.type];
  EXPECT_EQ(counts["QuantizeLinear"], 1);
  EXPECT_EQ(counts["DequantizeLinear"], 2);
  EXPECT_GT(model.output_snr_db, 30);
  // Written and read it computes the same.
  const TemporaryFolder folder;
  const Graph again = load_graph(folder.write("q.onnx", onnx_of_graph(model.graph)), {});
  EXPECT_EQ(as_reals(Interpreter(again).run(session.inputs)[0]),
            as_reals(Interpreter(model.graph).run(session.inputs)[0]));
}

TEST(Quantise, BestIsNoWorseThanAny) {
  const Session session = product();
  QuantiseOptions options;
  options.numbers.activations = Narrow::kInt8;
  const auto snr = [&](Method method) {
    options.calibration = method;
    return quantise(session.graph, {session.inputs}, options).output_snr_db;
  };
  const double best = snr(Method::kBest);
  for (const Method method : {Method::kMinMax, Method::kPercentile, Method::kKl})
    EXPECT_GE(best, snr(method));
}

// Two products one after the other; one of them by name in other numbers.
TEST(Quantise, SomeWeightsInOtherNumbers) {
  OnnxWriter writer;
  writer.input("x", {4, 8}).output("y");
  add_weight(writer, "first", 8, 16);
  add_weight(writer, "second", 16, 8);
  writer.node("MatMul", {"x", "first"}, {"h"});
  writer.node("MatMul", {"h", "second"}, {"y"});
  const TemporaryFolder folder;
  const Session session =
      open_session(folder.write("m.onnx", writer.bytes()), {}, {}, Unfed::kRandom, 3);
  QuantiseOptions options;
  options.numbers = {Narrow::kInt8, Granularity::kChannel, Narrow::kInt8};
  options.others["second"] = {Narrow::kFloat16, Granularity::kTensor, Narrow::kNone};
  const QuantisedModel model = quantise(session.graph, {session.inputs}, options);
  ASSERT_EQ(model.layers.size(), 2U);
  EXPECT_LT(model.layers[0].weight_snr_db, 55);
  EXPECT_GT(model.layers[1].weight_snr_db, 60);
  std::map<std::string, int> counts;
  for (const Node& node : model.graph.nodes) ++counts[node.type];
  EXPECT_EQ(counts["DequantizeLinear"], 2);  // of the first weight and of x, not of h
  EXPECT_EQ(counts["QuantizeLinear"], 1);
  EXPECT_EQ(model.bytes_after, 8 * 16 + 4 * 16 + 2 * 16 * 8);
}

TEST(Quantise, Refuses) {
  const Session session = product();
  EXPECT_EQ(id_of([&] { quantise(session.graph, {}, {}); }), "TW-QUANT-001");
  QuantiseOptions cache;
  cache.numbers.weights = Narrow::kNone;
  cache.cache = Narrow::kInt8;
  EXPECT_EQ(id_of([&] { quantise(session.graph, {session.inputs}, cache); }), "TW-QUANT-001");
}

// Keys and values of each head and token have their own scale: error at most half a step of the
// largest.
TEST(Quantise, TheCacheHoldsWhatItsScalesAllow) {
  DecoderShape shape;
  shape.half = false;
  const TemporaryFolder folder;
  LoadOptions load;
  load.context = 3;
  load.dims["sequence_length"] = 4;
  const Session session =
      open_session(folder.write("d.onnx", build_decoder(shape, 1)), {}, load, Unfed::kRandom, 1);
  QuantiseOptions options;
  options.numbers.weights = Narrow::kNone;
  options.cache = Narrow::kInt8;
  const QuantisedModel model = quantise(session.graph, {session.inputs}, options);
  const auto exact = Interpreter(session.graph).run(session.inputs),
             narrow = Interpreter(model.graph).run(session.inputs);
  const std::vector<double> x = as_reals(exact[1]),
                            y = as_reals(narrow[1]);  // keys of the first layer
  ASSERT_EQ(x.size(), y.size());
  constexpr std::size_t kHead = 16, kTokens = 7;
  bool changed = false;
  for (std::size_t row = 0; row < x.size() / kHead; ++row) {
    double most = 0;
    for (std::size_t d = 0; d < kHead; ++d) most = std::max(most, std::fabs(x[row * kHead + d]));
    for (std::size_t d = 0; d < kHead; ++d) {
      const double apart = std::fabs(x[row * kHead + d] - y[row * kHead + d]);
      const bool old = row % kTokens < 3;  // what came in stays as it is
      EXPECT_LE(apart, old ? 0 : 0.5001 * most / 127) << row;
      changed = changed || apart > 0;
    }
  }
  EXPECT_TRUE(changed);
}

struct Story {
  Session session;
  std::vector<std::int64_t> tokens;
  // Mean log-likelihood of the tokens that follow, and how many of them are the likeliest.
  std::pair<double, int> judge(const Graph& graph) const {
    const std::vector<double> logits = as_reals(Interpreter(graph).run(session.inputs)[0]);
    const std::size_t count = tokens.size() - 1, width = logits.size() / count;
    double sum = 0;
    int same = 0;
    for (std::size_t p = 0; p < count; ++p) {
      const auto row = logits.begin() + static_cast<std::ptrdiff_t>(p * width);
      const auto most = std::max_element(row, row + static_cast<std::ptrdiff_t>(width));
      double all = 0;
      for (std::size_t k = 0; k < width; ++k) all += std::exp(logits[p * width + k] - *most);
      sum += logits[p * width + static_cast<std::size_t>(tokens[p + 1])] - *most - std::log(all);
      same += most - row == tokens[p + 1] ? 1 : 0;
    }
    return {sum / static_cast<double>(count), same};
  }
};

Story open_story(const fs::path& data, const TemporaryFolder& folder) {
  convert_checkpoint(data / "llm/stories260K.bin", false, folder.path() / "s.onnx");
  const Json reference = read_json(data / "llm/stories260K_greedy_reference.json");
  Story story{{}, reference.at("greedy_tokens").get<std::vector<std::int64_t>>()};
  const auto list = [&](auto element) {
    Value value = make_value(DType::kInt64, {1, static_cast<std::int64_t>(story.tokens.size()) - 1},
                             Precision::kDeclared);
    auto& x = std::get<std::vector<std::int64_t>>(value.elements);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = element(i);
    return value;
  };
  LoadOptions load;
  load.context = 0;
  story.session = open_session(
      folder.path() / "s.onnx",
      {{"input_ids", list([&](std::size_t i) { return story.tokens[i]; })},
       {"position_ids", list([](std::size_t i) { return static_cast<std::int64_t>(i); })}},
      load, Unfed::kZeros);
  run_passes(story.session.graph);
  return story;
}

TEST(Quantise, StoriesKeepTheirStory) {
  const char* const data = std::getenv("TILEWRIGHT_DATA");
  if (data == nullptr) GTEST_SKIP() << "TILEWRIGHT_DATA does not lead to the data";
  const TemporaryFolder folder;
  const Story story = open_story(data, folder);
  const auto before = story.judge(story.session.graph);
  const double exact = before.first;
  EXPECT_EQ(before.second, 200);
  QuantiseOptions options;
  options.cache = Narrow::kInt8;
  const auto change = [&](Method method, int& same) {
    options.calibration = method;
    const QuantisedModel model = quantise(story.session.graph, {story.session.inputs}, options);
    const auto [likelihood, kept] = story.judge(model.graph);
    same = kept;
    return std::fabs(likelihood - exact) / std::fabs(exact);
  };
  int kept = 0, kept_min_max = 0;
  const double best = change(Method::kBest, kept), min_max = change(Method::kMinMax, kept_min_max);
  std::printf(
      "INT8 weights and cache: log-likelihood %.2f %% (min-max %.2f %%), %d of 200 tokens\n",
      100 * best, 100 * min_max, kept);
  options.fixed_cache_scales = true;
  int kept_fixed = 0;
  static_cast<void>(change(Method::kMinMax, kept_fixed));
  std::printf("with cache scales that are fixed for all tokens: %d of 200\n", kept_fixed);
  EXPECT_LE(kept_fixed, kept);
  EXPECT_LT(best, 0.02);
  EXPECT_LE(best, min_max + 1e-9);
  EXPECT_GE(kept, 194);
}

TEST(Quantise, MnistKeepsItsAnswers) {
  const DataArchive archive("onnx_models.tar.xz");
  if (!archive.ok()) GTEST_SKIP() << "TILEWRIGHT_DATA does not lead to the data";
  const fs::path folder = archive.path() / "mnist_cntk";
  int answers = 0;
  for (int set = 0; fs::exists(folder / ("test_data_set_" + std::to_string(set))); ++set) {
    const fs::path data = folder / ("test_data_set_" + std::to_string(set));
    const Session session =
        open_session(folder / "model.onnx", read_tensor_file(data / "input_0.pb"), {});
    QuantiseOptions options;
    options.numbers.activations = Narrow::kInt8;
    const QuantisedModel model = quantise(session.graph, {session.inputs}, options);
    const auto largest = [](const Value& value) {
      const std::vector<double> x = as_reals(value);
      return std::max_element(x.begin(), x.end()) - x.begin();
    };
    EXPECT_EQ(largest(Interpreter(model.graph).run(session.inputs)[0]),
              largest(read_tensor_file(data / "output_0.pb")[0].value));
    EXPECT_GT(model.output_snr_db, 25);
    ++answers;
  }
  EXPECT_GE(answers, 1);
}

}  // namespace
}  // namespace tilewright::testing

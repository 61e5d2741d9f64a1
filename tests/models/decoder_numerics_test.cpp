// What the decoder graph computes, against the textbook Llama written down a second time.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "evaluator.h"
#include "models/decoder.h"
#include "models/models.h"
#include "parsed_model.h"
#include "textbook_llama.h"

namespace tilewright::models {
namespace {

using test::Array;
using test::Arrays;
using test::TextbookLlama;
using Vector = test::Vector;

DecoderShape small_shape() {
  return {.layers = 2,
          .hidden = 24,
          .heads = 6,
          .kv_heads = 2,
          .ffn = 20,
          .vocabulary = 11,
          .half = false};
}

Array row_of(const std::vector<int>& values) {
  return {{1, static_cast<std::int64_t>(values.size())}, {values.begin(), values.end()}, true};
}

// Runs the graph on `tokens` after the cache that `past` (an earlier result) left, or an empty one.
Arrays run(const onnx::GraphProto& graph, const DecoderShape& shape, const std::vector<int>& tokens,
           const Arrays* past) {
  Arrays inputs;
  std::int64_t length = 0;
  for (int layer = 0; layer < shape.layers; ++layer) {
    for (const char* kind : {"key", "value"}) {
      const std::string tail = "." + std::to_string(layer) + "." + kind;
      Array cache{{1, shape.kv_heads, 0, shape.hidden / shape.heads}, {}, false};
      if (past != nullptr) {
        cache = past->at("present" + tail);
      }
      length = cache.shape[2];
      inputs["past_key_values" + tail] = std::move(cache);
    }
  }
  std::vector<int> positions;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    positions.push_back(static_cast<int>(length) + static_cast<int>(i));
  }
  inputs["input_ids"] = row_of(tokens);
  inputs["position_ids"] = row_of(positions);
  return test::evaluate(graph, inputs);
}

void expect_row(const Array& logits, std::int64_t row, const Vector& expected) {
  ASSERT_EQ(logits.shape.back(), static_cast<std::int64_t>(expected.size()));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(logits.data[static_cast<std::size_t>(row) * expected.size() + i], expected[i],
                1e-5);  // constants (frequencies, epsilon, scale) are FP32
  }
}

TEST(DecoderNumerics, PrefillEqualsTheTextbook) {
  const DecoderShape shape = small_shape();
  const onnx::ModelProto model = test::parse(build_decoder(shape, 3));
  const std::vector<int> tokens = {3, 1, 10, 4, 1, 5};
  const Arrays result = run(model.graph(), shape, tokens, nullptr);
  TextbookLlama llama(shape, model.graph());
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    expect_row(result.at("logits"), static_cast<std::int64_t>(i), llama.next(tokens[i]));
  }
}

TEST(DecoderNumerics, DecodingWithTheCacheEqualsTheTextbook) {
  const DecoderShape shape = small_shape();
  const onnx::ModelProto model = test::parse(build_decoder(shape, 3));
  TextbookLlama llama(shape, model.graph());
  Arrays last = run(model.graph(), shape, {3, 1, 10}, nullptr);
  for (int token : {3, 1, 10}) {
    llama.next(token);
  }
  for (const std::vector<int>& step : {std::vector<int>{4}, {1, 5}, {0}}) {
    last = run(model.graph(), shape, step, &last);
    for (std::size_t i = 0; i < step.size(); ++i) {
      expect_row(last.at("logits"), static_cast<std::int64_t>(i), llama.next(step[i]));
    }
  }
  EXPECT_EQ(last.at("present.1.key").shape, (std::vector<std::int64_t>{1, 2, 7, 4}));
}

TEST(DecoderNumerics, TheEvaluatorSeesAWrongWeight) {
  const DecoderShape shape = small_shape();
  onnx::ModelProto model = test::parse(build_decoder(shape, 3));
  const Arrays before = run(model.graph(), shape, {3, 1}, nullptr);
  const onnx::ModelProto other = test::parse(build_decoder(shape, 4));
  for (int i = 0; i < model.graph().initializer_size(); ++i) {
    onnx::ModelProto changed = model;
    *changed.mutable_graph()->mutable_initializer(i) = other.graph().initializer(i);
    const Arrays after = run(changed.graph(), shape, {3, 1}, nullptr);
    EXPECT_NE(before.at("logits").data, after.at("logits").data)
        << model.graph().initializer(i).name();
  }
}

// The definition by wavelengths, as Llama 3.1's reference code has it.
TEST(Rope, Llama31StretchesLongWavesOnly) {
  const DecoderShape shape{.hidden = 4096, .heads = 32, .rope_theta = 500000, .llama31_rope = true};
  const std::vector<float> frequencies = inverse_frequencies(shape);
  ASSERT_EQ(frequencies.size(), 64U);
  int kept = 0, between = 0, stretched = 0;
  for (int i = 0; i < 64; ++i) {
    const double plain = std::pow(500000.0, -i / 64.0);
    const double wavelength = 2 * std::numbers::pi / plain;
    double expected = plain;
    if (wavelength > 8192) {
      expected = plain / 8;
      ++stretched;
    } else if (wavelength > 2048) {
      const double smooth = (8192 / wavelength - 1) / 3;
      expected = plain * ((1 - smooth) / 8 + smooth);
      ++between;
    } else {
      ++kept;
    }
    EXPECT_NEAR(static_cast<double>(frequencies[static_cast<std::size_t>(i)]) / expected, 1, 1e-6);
  }
  EXPECT_EQ(kept + between + stretched, 64);
  EXPECT_GT(kept, 0);
  EXPECT_GT(between, 0);
  EXPECT_GT(stretched, 0);
}

}  // namespace
}  // namespace tilewright::models

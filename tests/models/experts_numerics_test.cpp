// What the decoder with a mixture of experts computes, in the interpreter, against the textbook.
#include <gtest/gtest.h>

#include "interpreted.h"
#include "models/models.h"
#include "parsed_model.h"
#include "textbook_llama.h"

namespace tilewright::test {
namespace {

DecoderShape small_shape() {
  return {.layers = 2,
          .hidden = 24,
          .heads = 6,
          .kv_heads = 2,
          .ffn = 20,
          .vocabulary = 11,
          .half = false,
          .experts = 5,
          .experts_per_token = 2};
}

// `tokens` after the cache that `past` left, or an empty one.
Inputs step(const Interpreted& model, const DecoderShape& shape,
            const std::vector<std::int64_t>& tokens, const Inputs* past) {
  Inputs inputs;
  std::int64_t length = 0;
  for (int layer = 0; layer < shape.layers; ++layer) {
    for (const char* kind : {"key", "value"}) {
      const std::string tail = "." + std::to_string(layer) + "." + kind;
      inputs["past_key_values" + tail] =
          past != nullptr ? past->at("present" + tail)
                          : reals({1, shape.kv_heads, 0, shape.hidden / shape.heads}, {});
      length = inputs["past_key_values" + tail].shape[2];
    }
  }
  std::vector<std::int64_t> positions;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    positions.push_back(length + static_cast<std::int64_t>(i));
  }
  const auto count = static_cast<std::int64_t>(tokens.size());
  inputs["input_ids"] = integers({1, count}, tokens);
  inputs["position_ids"] = integers({1, count}, positions);
  return model.run(inputs);
}

void expect_textbook(const DecoderShape& shape, std::uint64_t seed) {
  const std::string bytes = build_decoder(shape, seed);
  const onnx::ModelProto model = parse(bytes);
  const Interpreted graph(bytes);
  TextbookLlama textbook(shape, model.graph());
  Inputs last;
  const Inputs* past = nullptr;
  for (const std::vector<std::int64_t>& tokens :
       {std::vector<std::int64_t>{3, 1, 10}, {4}, {1, 5, 9, 2}, {0}}) {
    last = step(graph, shape, tokens, past);
    past = &last;
    const std::vector<double> logits = as_reals(last.at("logits"));
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const Vector expected = textbook.next(static_cast<int>(tokens[i]));
      for (std::size_t j = 0; j < expected.size(); ++j) {
        // Constants (frequencies, epsilon, scale) are FP32.
        EXPECT_NEAR(logits[i * expected.size() + j], expected[j], 1e-5);
      }
    }
  }
  // No expert is left out for good, or a wrong one could stay unseen.
  EXPECT_EQ(textbook.chosen().size(), static_cast<std::size_t>(shape.experts));
}

TEST(ExpertsNumerics, PrefillAndDecodingEqualTheTextbook) {
  expect_textbook(small_shape(), 3);
}

TEST(ExpertsNumerics, OneExpertAndAllOfThem) {
  for (const int chosen : {1, 5}) {
    DecoderShape shape = small_shape();
    shape.experts_per_token = chosen;
    SCOPED_TRACE(chosen);
    expect_textbook(shape, 4);
  }
}

TEST(ExpertsNumerics, AWrongWeightIsSeen) {
  const DecoderShape shape = small_shape();
  const std::vector<std::int64_t> tokens = {3, 1, 10, 4, 1, 5, 9, 2, 0};
  const std::string bytes = build_decoder(shape, 3);
  const Inputs before = step(Interpreted(bytes), shape, tokens, nullptr);
  const onnx::ModelProto model = parse(bytes), other = parse(build_decoder(shape, 4));
  for (int i = 0; i < model.graph().initializer_size(); ++i) {
    onnx::ModelProto changed = model;
    *changed.mutable_graph()->mutable_initializer(i) = other.graph().initializer(i);
    const Interpreted graph(changed.SerializeAsString());
    EXPECT_NE(as_reals(before.at("logits")),
              as_reals(step(graph, shape, tokens, nullptr).at("logits")))
        << model.graph().initializer(i).name();
  }
}

}  // namespace
}  // namespace tilewright::test

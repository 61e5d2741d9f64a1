// What SmolVLM's own pieces compute, element by element.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "evaluator.h"
#include "models/vision.h"
#include "parsed_model.h"
#include "support/random.h"

namespace tilewright::models {
namespace {

using test::Array;
using test::Arrays;
using Dims = std::vector<std::int64_t>;

std::size_t at(std::int64_t index) {
  return static_cast<std::size_t>(index);
}

Array random_array(const Dims& shape, const char* name) {
  RandomStream random(5, name);
  Array result{shape, {}, false};
  std::int64_t count = 1;
  for (std::int64_t dim : shape) {
    count *= dim;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    result.data.push_back(random.normal());
  }
  return result;
}

WeightOptions fp32_weights() {
  return {onnx::TensorProto::FLOAT, "", 5};
}

// The textbook vision transformer for one image, by name of weight.
class TextbookVit {
 public:
  using Matrix = std::vector<std::vector<double>>;  // one row a patch

  TextbookVit(const VisionShape& shape, const Arrays& weights) : shape_(shape), weights_(weights) {}

  Matrix encode(const Array& image) const {
    Matrix x = embed(image);
    for (int layer = 0; layer < shape_.layers; ++layer) {
      const std::string name = "encoder.layers." + std::to_string(layer) + ".";
      add(x, attention(name + "self_attn.", norm(x, name + "layer_norm1")));
      Matrix wide = linear(norm(x, name + "layer_norm2"), name + "mlp.fc1");
      for (auto& row : wide) {
        for (double& v : row) {
          v = 0.5 * v *
              (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (v + 0.044715 * v * v * v)));
        }
      }
      add(x, linear(wide, name + "mlp.fc2"));
    }
    return norm(x, "post_layernorm");
  }

 private:
  const Array& weight(const std::string& name) const {
    return weights_.at("model.vision_model." + name);
  }

  static void add(Matrix& x, const Matrix& y) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      for (std::size_t j = 0; j < x[i].size(); ++j) {
        x[i][j] += y[i][j];
      }
    }
  }

  Matrix embed(const Array& image) const {
    const Array& kernel = weight("embeddings.patch_embedding.weight");
    const std::int64_t side = shape_.image / shape_.patch, p = shape_.patch;
    Matrix x(at(side * side), std::vector<double>(at(shape_.hidden)));
    for (std::int64_t n = 0; n < side * side; ++n) {
      for (std::int64_t h = 0; h < shape_.hidden; ++h) {
        double sum = weight("embeddings.patch_embedding.bias").data[at(h)] +
                     weight("embeddings.position_embedding.weight").data[at(n * shape_.hidden + h)];
        for (std::int64_t i = 0; i < 3 * p * p; ++i) {
          const std::int64_t row = n / side * p + i / p % p, column = n % side * p + i % p;
          sum += image.data[at((i / (p * p) * shape_.image + row) * shape_.image + column)] *
                 kernel.data[at(h * 3 * p * p + i)];
        }
        x[at(n)][at(h)] = sum;
      }
    }
    return x;
  }

  Matrix norm(Matrix x, const std::string& name) const {
    for (auto& row : x) {
      double mean = 0, variance = 0;
      for (double v : row) {
        mean += v / static_cast<double>(row.size());
      }
      for (double v : row) {
        variance += (v - mean) * (v - mean) / static_cast<double>(row.size());
      }
      for (std::size_t i = 0; i < row.size(); ++i) {
        row[i] = (row[i] - mean) / std::sqrt(variance + shape_.norm_epsilon) *
                     weight(name + ".weight").data[i] +
                 weight(name + ".bias").data[i];
      }
    }
    return x;
  }

  Matrix linear(const Matrix& x, const std::string& name) const {
    const Array& w = weight(name + ".weight");
    Matrix result(x.size(), weight(name + ".bias").data);
    for (std::size_t r = 0; r < x.size(); ++r) {
      for (std::size_t i = 0; i < x[r].size(); ++i) {
        for (std::size_t j = 0; j < result[r].size(); ++j) {
          result[r][j] += x[r][i] * w.data[i * result[r].size() + j];
        }
      }
    }
    return result;
  }

  Matrix attention(const std::string& name, const Matrix& x) const {
    const Matrix q = linear(x, name + "q_proj"), k = linear(x, name + "k_proj");
    const Matrix v = linear(x, name + "v_proj");
    const auto head = at(shape_.hidden / shape_.heads);
    Matrix mixed(x.size(), std::vector<double>(at(shape_.hidden), 0));
    for (std::size_t r = 0; r < x.size(); ++r) {
      for (std::size_t start = 0; start < at(shape_.hidden); start += head) {
        std::vector<double> odds(x.size(), 0);
        double sum = 0;
        for (std::size_t t = 0; t < x.size(); ++t) {
          for (std::size_t i = start; i < start + head; ++i) {
            odds[t] += q[r][i] * k[t][i];
          }
          odds[t] = std::exp(odds[t] / std::sqrt(static_cast<double>(head)));
          sum += odds[t];
        }
        for (std::size_t t = 0; t < x.size(); ++t) {
          for (std::size_t i = start; i < start + head; ++i) {
            mixed[r][i] += odds[t] / sum * v[t][i];
          }
        }
      }
    }
    return linear(mixed, name + "out_proj");
  }

  VisionShape shape_;
  const Arrays& weights_;
};

TEST(VisionEncoder, EqualsTheTextbook) {
  const VisionShape shape{.image = 12, .patch = 4, .hidden = 8, .layers = 2, .heads = 2, .ffn = 20};
  GraphBuilder g("vision", fp32_weights());
  const Value result = emit_vision_encoder(g, shape, "pixels");
  const onnx::ModelProto model = test::parse(g.serialise());
  const Array image = random_array({1, 3, 12, 12}, "test/image");
  const Arrays values = test::evaluate(model.graph(), {{"pixels", image}});
  const auto expected = TextbookVit(shape, values).encode(image);
  const Array& out = values.at(result);
  ASSERT_EQ(out.shape, (Dims{1, 9, 8}));
  for (std::size_t i = 0; i < out.data.size(); ++i) {
    EXPECT_NEAR(out.data[i], expected[i / 8][i % 8], 1e-5);  // constants are FP32
  }
}

TEST(Connector, ShufflesSquaresOfPatchesIntoChannels) {
  constexpr std::int64_t kSide = 8, kHidden = 3, kFactor = 4, kOut = 5;
  const VisionShape shape{.image = kSide, .patch = 1, .hidden = kHidden};
  GraphBuilder g("connector", fp32_weights());
  const Value result = emit_connector(g, shape, kFactor, kOut, "features");
  const onnx::ModelProto model = test::parse(g.serialise());
  const Array features = random_array({2, kSide * kSide, kHidden}, "test/features");
  const Arrays values = test::evaluate(model.graph(), {{"features", features}});
  const Array& out = values.at(result);
  const Array& weight = values.at("model.connector.modality_projection.proj.weight");
  ASSERT_EQ(out.shape, (Dims{2, 4, kOut}));
  for (std::int64_t b = 0; b < 2; ++b) {
    for (std::int64_t token = 0; token < 4; ++token) {
      for (std::int64_t o = 0; o < kOut; ++o) {
        double expected = 0;
        for (std::int64_t c = 0; c < kFactor * kFactor * kHidden; ++c) {
          const std::int64_t y = token / 2 * kFactor + c / (kFactor * kHidden);
          const std::int64_t x = token % 2 * kFactor + c / kHidden % kFactor;
          expected += features.data[at(((b * kSide + y) * kSide + x) * kHidden + c % kHidden)] *
                      weight.data[at(c * kOut + o)];
        }
        EXPECT_NEAR(out.data[at((b * 4 + token) * kOut + o)], expected, 1e-12);
      }
    }
  }
}

TEST(ImageMerge, PlaceholdersTakeFeaturesInOrder) {
  constexpr std::int64_t kFeatures = 3, kHidden = 2, kImage = 9;
  GraphBuilder g("merge", fp32_weights());
  const Value result = emit_image_merge(g, "features", kFeatures, kImage, "embeddings", "ids");
  const onnx::ModelProto model = test::parse(g.serialise());
  const Array features = random_array({2, kFeatures, kHidden}, "test/features");
  const Array embeddings = random_array({2, 5, kHidden}, "test/embeddings");
  const Array ids{{2, 5}, {1, 9, 9, 4, 9, 2, 3, 9, 5, 6}, true};
  // -1: keeps its embedding.
  const std::vector<std::int64_t> feature = {-1, 0, 1, -1, 2, -1, -1, 0, -1, -1};
  const Arrays values = test::evaluate(
      model.graph(), {{"features", features}, {"embeddings", embeddings}, {"ids", ids}});
  const Array& out = values.at(result);
  ASSERT_EQ(out.shape, (Dims{2, 5, kHidden}));
  for (std::int64_t i = 0; i < 10; ++i) {
    for (std::int64_t c = 0; c < kHidden; ++c) {
      const double expected =
          feature[at(i)] < 0
              ? embeddings.data[at(i * kHidden + c)]
              : features.data[at((i / 5 * kFeatures + feature[at(i)]) * kHidden + c)];
      EXPECT_EQ(out.data[at(i * kHidden + c)], expected) << i;
    }
  }
}

}  // namespace
}  // namespace tilewright::models

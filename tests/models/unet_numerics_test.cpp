// What the U-Net computes, in the interpreter, against the textbook.
#include <gtest/gtest.h>

#include <cmath>

#include "interpreted.h"
#include "models/models.h"
#include "parsed_model.h"
#include "support/random.h"
#include "textbook_unet.h"

namespace tilewright::test {
namespace {

UnetShape small_shape() {
  return {.size = 8, .channels = 3, .widths = {8, 12, 16}, .blocks = 2, .groups = 4, .heads = 2};
}

Inputs inputs_of(const UnetShape& shape, const std::vector<Image>& samples,
                 const std::vector<std::int64_t>& timesteps) {
  const auto batch = static_cast<std::int64_t>(samples.size());
  std::vector<double> all;
  for (const Image& sample : samples) {
    all.insert(all.end(), sample.data.begin(), sample.data.end());
  }
  return {{"sample", reals({batch, shape.channels, shape.size, shape.size}, all)},
          {"timestep", integers({batch}, timesteps)}};
}

Image noise(const UnetShape& shape, std::uint64_t seed) {
  RandomStream random(seed, "tests/unet");
  Image image{static_cast<std::size_t>(shape.channels), static_cast<std::size_t>(shape.size), {}};
  image.data.resize(image.channels * image.side * image.side);
  for (double& v : image.data) {
    v = random.normal();
  }
  return image;
}

// A batch of two, each at a step of its own.
void expect_textbook(const UnetShape& shape) {
  const std::string bytes = build_unet(shape, 5);
  const std::vector<Image> samples = {noise(shape, 1), noise(shape, 2)};
  const std::vector<std::int64_t> timesteps = {7, 981};
  const Inputs result = Interpreted(bytes).run(inputs_of(shape, samples, timesteps));
  const std::vector<double> got = as_reals(result.at("out_sample"));
  const onnx::ModelProto model = parse(bytes);
  const TextbookUnet textbook(shape, model.graph());
  double most = 0;
  for (std::size_t b = 0; b < samples.size(); ++b) {
    const Image expected = textbook.denoise(samples[b], timesteps[b]);
    ASSERT_EQ(got.size(), samples.size() * expected.data.size());
    for (std::size_t i = 0; i < expected.data.size(); ++i) {
      // Constants (frequencies, epsilon, scale) are FP32.
      ASSERT_NEAR(got[b * expected.data.size() + i], expected.data[i], 2e-4) << b << " " << i;
      most = std::max(most, std::fabs(expected.data[i]));
    }
  }
  EXPECT_GT(most, 0.5);  // not a comparison of noughts
}

TEST(UnetNumerics, EqualsTheTextbook) {
  expect_textbook(small_shape());
  UnetShape flat = small_shape();
  flat.widths = {16};
  flat.blocks = 1;
  expect_textbook(flat);
}

TEST(UnetNumerics, AWrongWeightIsSeen) {
  UnetShape shape = small_shape();
  shape.blocks = 1;
  shape.widths = {8, 16};
  const Inputs inputs = inputs_of(shape, {noise(shape, 1)}, {500});
  const std::string bytes = build_unet(shape, 5);
  const Inputs before = Interpreted(bytes).run(inputs);
  const onnx::ModelProto model = parse(bytes), other = parse(build_unet(shape, 6));
  for (int i = 0; i < model.graph().initializer_size(); ++i) {
    onnx::ModelProto changed = model;
    *changed.mutable_graph()->mutable_initializer(i) = other.graph().initializer(i);
    const Inputs after = Interpreted(changed.SerializeAsString()).run(inputs);
    EXPECT_NE(as_reals(before.at("out_sample")), as_reals(after.at("out_sample")))
        << model.graph().initializer(i).name();
  }
}

}  // namespace
}  // namespace tilewright::test

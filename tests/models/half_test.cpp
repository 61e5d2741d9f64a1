#include "models/half.h"

#include <gtest/gtest.h>
#include <immintrin.h>

#include <cmath>
#include <limits>

#include "support/random.h"

namespace tilewright::models {
namespace {

TEST(Half, EveryNumberSurvivesTheRoundTrip) {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    const double value = from_half(half);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(from_half(to_half(value))));
    } else {
      ASSERT_EQ(to_half(value), half) << value;
    }
  }
}

TEST(Half, AgreesWithTheProcessorOnFloats) {
  RandomStream random(7, "test/half");
  for (int i = 0; i < 1'000'000; ++i) {
    const double exponent = random.uniform(-28, 18);
    const auto value = static_cast<float>(random.uniform(-1, 1) * std::exp2(exponent));
    ASSERT_EQ(to_half(static_cast<double>(value)), _cvtss_sh(value, _MM_FROUND_TO_NEAREST_INT))
        << value;
  }
}

TEST(Half, RoundsDoublesOnce) {
  // Just above the tie between 1 and 1 + 2^-10: a float on the way would land on the tie and go
  // down.
  EXPECT_EQ(to_half(1 + 0x1p-11 + 0x1p-40), 0x3C01);
  EXPECT_EQ(to_half(1 + 0x1p-11), 0x3C00);
  EXPECT_EQ(to_half(65519.999), 0x7BFF);
  EXPECT_EQ(to_half(65520.0), 0x7C00);
  EXPECT_EQ(to_half(-0.0), 0x8000);
  EXPECT_EQ(to_half(-std::numeric_limits<double>::infinity()), 0xFC00);
}

}  // namespace
}  // namespace tilewright::models

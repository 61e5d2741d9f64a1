#include <gtest/gtest.h>

#include <cmath>

#include "frontend/interpret/number_format.h"

namespace tilewright {
namespace {

constexpr DType kAll[] = {DType::kFloat16,        DType::kBFloat16,   DType::kFloat8E4M3FN,
                          DType::kFloat8E4M3FNUZ, DType::kFloat8E5M2, DType::kFloat8E5M2FNUZ,
                          DType::kFloat4E2M1,     DType::kFloat8E8M0};

// Every code of every format is a value that stays itself, but for the NaNs, which are many.
TEST(NumberFormat, EveryCodeRoundTrips) {
  for (const DType type : kAll) {
    const FloatFormat& format = *narrow_format(type);
    const auto codes = 1U << static_cast<unsigned>(dtype_bytes(type, 4) * 2);
    for (std::uint32_t code = 0; code < codes; ++code) {
      const double value = decode(format, code);
      if (std::isnan(value)) {
        EXPECT_TRUE(std::isnan(decode(format, encode(format, value))))
            << dtype_name(type) << " " << code;
        continue;
      }
      EXPECT_EQ(encode(format, value), code) << dtype_name(type);
      EXPECT_EQ(round_to(format, value, false), value) << dtype_name(type) << " " << code;
    }
  }
}

// Between two neighbours the nearest wins, and in the middle the one with an even code.
TEST(NumberFormat, RoundsToNearestEven) {
  for (const DType type : kAll) {
    if (type == DType::kFloat8E8M0) continue;  // its values double
    const FloatFormat& format = *narrow_format(type);
    for (std::uint32_t code = 0;; ++code) {
      const double low = decode(format, code), high = decode(format, code + 1);
      if (!std::isfinite(high) || high < low) break;
      const double middle = low + (high - low) / 2;
      EXPECT_EQ(round_to(format, middle, false), code % 2 == 0 ? low : high)
          << dtype_name(type) << " " << code;
      EXPECT_EQ(round_to(format, std::nextafter(middle, low), false), low);
      EXPECT_EQ(round_to(format, std::nextafter(middle, high), false), high);
      EXPECT_EQ(round_to(format, -std::nextafter(middle, high), false), -high);
    }
  }
}

TEST(NumberFormat, WhatIsTooLarge) {
  const auto rounded = [](DType type, double x, bool saturate) {
    return round_to(*narrow_format(type), x, saturate);
  };
  EXPECT_EQ(rounded(DType::kFloat16, 65519, false), 65504);
  EXPECT_TRUE(std::isinf(rounded(DType::kFloat16, 65520, false)));
  EXPECT_TRUE(std::isnan(rounded(DType::kFloat8E4M3FN, 1000, false)));
  EXPECT_EQ(rounded(DType::kFloat8E4M3FN, -1000, true), -448);
  EXPECT_TRUE(std::isinf(rounded(DType::kFloat8E5M2, 1e6, false)));
  EXPECT_EQ(rounded(DType::kFloat4E2M1, 100, false), 6);
}

}  // namespace
}  // namespace tilewright

// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// How the table of tcc_fp16_sfu_table is made. Each of 64 segments of a function has a line
// c0 + c1 * dx. A reciprocal and a reciprocal root have few arguments a segment, so that a line is
// sought which rounds every one of them correctly; where there is none, the segment has two lines,
// for the upper and the lower half of dx. An exponential has too many: its line is the one with the
// fewest wrong roundings, none of them by more than one last place.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "golden_vector.h"

namespace tilewright::rtl {

enum Sfu : std::uint8_t { kExp2 = 0, kRcp = 1, kRsqrt = 2 };

// The function on the host, more exact than any of its results needs.
inline long double golden_sfu_exact(Sfu function, std::uint16_t h) {
  const auto x = static_cast<long double>(doubles()[h]);
  if (function == kExp2) return std::exp2(x);
  return function == kRcp ? 1 / x : 1 / std::sqrt(x);
}

// A line in units of 2^-23; c0 counts in 2^-17, has 17 bits, and its first is set.
struct Line {
  std::uint32_t c0, c1;
  bool operator==(const Line&) const = default;
};
inline constexpr int kSfuUnits = 23, kSfuC0 = 17, kSfuC1Bits = 8, kSfuDxBits = 9;
inline constexpr std::uint32_t kSfuSegments = 64, kSfuHalf = 1U << (kSfuDxBits - 1);

// A segment's line, or its lines for dx[8] = 0 and 1.
struct Segment {
  Line low, high;
  bool halved() const { return low != high; }
};

namespace sfu {

// The sums [low, limit) that round as they should, at one dx.
struct Point {
  std::int64_t dx, low, limit;
};

// Reciprocals: the value at dx lies in (1/2, 1]. It is rounded to 11 bits; a subnormal reciprocal
// to 10 or 9.
inline std::vector<Point> reciprocal_points(Sfu function, std::uint32_t segment) {
  const std::uint32_t arguments = function == kRcp ? 16 : 32;
  std::vector<Point> points;
  for (std::uint32_t i = 0; i < arguments; ++i) {
    const std::uint32_t argument = segment * arguments + i;
    long double x = 1 + static_cast<long double>(argument % 1024) / 1024;
    if (argument >= 1024) x *= 2;
    const long double y = function == kRcp ? 1 / x : 1 / std::sqrt(x);
    Point point{(arguments - 1 - i) * (512 / arguments), 0,
                std::numeric_limits<std::int64_t>::max()};
    for (int bits = function == kRcp ? 9 : 11; bits <= 11; ++bits) {
      const std::int64_t rounded = std::llrint(std::ldexp(y, bits));
      const std::int64_t half_place = std::int64_t{1} << (kSfuUnits - bits - 1);
      point.low = std::max(point.low, (2 * rounded - 1) * half_place);
      point.limit = std::min(point.limit, (2 * rounded + 1) * half_place);
    }
    points.push_back(point);
  }
  return points;
}

// Of all lines through the points, the one with the most zeros at the end of its coefficients: it
// makes the smallest table.
inline std::optional<Line> line_through(const std::vector<Point>& points) {
  constexpr std::int64_t kStep = std::int64_t{1} << (kSfuUnits - kSfuC0);
  std::optional<Line> best;
  int best_zeros = -1;
  for (std::int64_t c1 = 1; c1 < 1 << kSfuC1Bits; ++c1) {
    std::int64_t low = std::int64_t{1} << (kSfuUnits - 1), limit = std::int64_t{1} << kSfuUnits;
    for (const Point& point : points) {
      low = std::max(low, point.low - c1 * point.dx);
      limit = std::min(limit, point.limit - c1 * point.dx);
    }
    for (std::int64_t c0 = (low + kStep - 1) / kStep; c0 * kStep < limit; ++c0) {
      const Line line{static_cast<std::uint32_t>(c0), static_cast<std::uint32_t>(c1)};
      const int zeros = std::countr_zero(line.c0) + std::countr_zero(line.c1);
      if (zeros <= best_zeros) continue;
      best = line;
      best_zeros = zeros;
    }
  }
  return best;
}

inline Segment reciprocal_segment(Sfu function, std::uint32_t segment) {
  std::vector<Point> points = reciprocal_points(function, segment);
  if (const auto whole = line_through(points)) return {*whole, *whole};
  const auto middle = std::find_if(points.begin(), points.end(),
                                   [](const Point& point) { return point.dx < kSfuHalf; });
  const auto high = line_through({points.begin(), middle});
  const auto low = line_through({middle, points.end()});
  return {low.value_or(Line{}), high.value_or(Line{})};
}

// An exponential's argument: dx, how far a subnormal result is shifted, the result as a multiple of
// its last place.
struct Exponent {
  std::int64_t dx;
  int shift;
  std::int64_t rounded;
};

inline std::vector<std::vector<Exponent>> exponents() {
  constexpr int kFraction = 15;
  std::vector<std::vector<Exponent>> segments(kSfuSegments);
  for (std::uint32_t h = 0; h < 0x10000; ++h) {
    const double x = doubles()[h];
    if (!(x > -26 && x < 16)) continue;
    const auto magnitude =
        static_cast<std::int64_t>(std::floor(std::ldexp(std::fabs(x), kFraction)));
    const std::int64_t fixed = (h & 0x8000U) != 0 ? ~magnitude : magnitude;
    const auto whole = static_cast<int>(fixed >> kFraction);
    const auto fraction = static_cast<std::uint32_t>(fixed & ((1 << kFraction) - 1));
    const long double places = std::ldexp(golden_sfu_exact(kExp2, static_cast<std::uint16_t>(h)),
                                          10 - std::max(whole, -14));
    segments[fraction >> kSfuDxBits].push_back(
        {fraction % (1U << kSfuDxBits), std::max(0, -14 - whole), std::llrint(places)});
  }
  return segments;
}

inline Segment exponential_segment(const std::vector<Exponent>& arguments, std::uint32_t segment) {
  const double from = std::exp2(segment / 64.0 - 1), to = std::exp2((segment + 1) / 64.0 - 1);
  const auto c0 = static_cast<std::uint32_t>(std::lround(std::ldexp(from, kSfuC0)));
  const auto c1 =
      static_cast<std::uint32_t>(std::lround(std::ldexp(to - from, kSfuUnits - kSfuDxBits)));
  Line best{};
  std::int64_t best_wrong = std::numeric_limits<std::int64_t>::max();
  for (std::uint32_t c1_near = c1 - 3; c1_near <= c1 + 3; ++c1_near) {
    for (std::uint32_t c0_near = std::max(c0, (1U << (kSfuC0 - 1)) + 8) - 8; c0_near <= c0 + 8;
         ++c0_near) {
      std::int64_t wrong = 0;
      for (const Exponent& argument : arguments) {
        const std::int64_t sum =
            (std::int64_t{c0_near} << (kSfuUnits - kSfuC0)) + c1_near * argument.dx;
        const int last = kSfuUnits - 11 + argument.shift;
        const std::int64_t rounded = (sum + (std::int64_t{1} << (last - 1))) >> last;
        const std::int64_t places = std::abs(rounded - argument.rounded);
        wrong += places > 1 ? 1'000'000 : places;
        if (wrong >= best_wrong) break;
      }
      if (wrong >= best_wrong) continue;
      best_wrong = wrong;
      best = {c0_near, c1_near};
    }
  }
  return {best, best};
}

}  // namespace sfu

inline std::vector<Segment> sfu_segments(Sfu function) {
  std::vector<Segment> segments;
  const auto exponents =
      function == kExp2 ? sfu::exponents() : std::vector<std::vector<sfu::Exponent>>();
  for (std::uint32_t segment = 0; segment < kSfuSegments; ++segment)
    segments.push_back(function == kExp2 ? sfu::exponential_segment(exponents[segment], segment)
                                         : sfu::reciprocal_segment(function, segment));
  return segments;
}

}  // namespace tilewright::rtl

#include "mapping/curve.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

namespace tilewright {
namespace {

TEST(Curve, VisitsEveryTileOnceAndNeighboursStayNeighbours) {
  std::vector<std::int32_t> curve;
  for (std::int32_t w = 1; w <= 50; ++w) {
    for (std::int32_t h = 1; h <= 50; ++h) {
      mesh_curve(w, h, curve);
      ASSERT_EQ(curve.size(), static_cast<std::size_t>(w * h)) << w << "x" << h;
      const std::set<std::int32_t> seen(curve.begin(), curve.end());
      ASSERT_EQ(seen.size(), curve.size()) << w << "x" << h;
      ASSERT_GE(*seen.begin(), 0);
      ASSERT_LT(*seen.rbegin(), w * h);
      int diagonal = 0;
      for (std::size_t i = 0; i + 1 < curve.size(); ++i) {
        const int dx = std::abs(curve[i] % w - curve[i + 1] % w),
                  dy = std::abs(curve[i] / w - curve[i + 1] / w);
        ASSERT_LE(std::max(dx, dy), 1) << w << "x" << h << " at " << i;
        diagonal += dx + dy == 2;
      }
      ASSERT_LE(diagonal, 1) << w << "x" << h;
    }
  }
}

}  // namespace
}  // namespace tilewright

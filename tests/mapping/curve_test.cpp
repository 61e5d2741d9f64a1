#include "mapping/curve.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

namespace tilewright {
namespace {

TEST(Curve, VisitsEveryTileOnceAndNeighboursStayNeighbours) {
  std::vector<MeshPoint> curve;
  for (std::int32_t w = 1; w <= 50; ++w) {
    for (std::int32_t h = 1; h <= 50; ++h) {
      mesh_curve(w, h, curve);
      ASSERT_EQ(curve.size(), static_cast<std::size_t>(w * h)) << w << "x" << h;
      std::set<std::int32_t> seen;
      for (const auto& at : curve) {
        ASSERT_TRUE(at.x >= 0 && at.x < w && at.y >= 0 && at.y < h) << w << "x" << h;
        seen.insert(at.y * w + at.x);
      }
      ASSERT_EQ(seen.size(), curve.size()) << w << "x" << h;
      int diagonal = 0;
      for (std::size_t i = 0; i + 1 < curve.size(); ++i) {
        const int dx = std::abs(curve[i].x - curve[i + 1].x),
                  dy = std::abs(curve[i].y - curve[i + 1].y);
        ASSERT_LE(std::max(dx, dy), 1) << w << "x" << h << " at " << i;
        diagonal += dx + dy == 2;
      }
      ASSERT_LE(diagonal, 1) << w << "x" << h;
    }
  }
}

}  // namespace
}  // namespace tilewright

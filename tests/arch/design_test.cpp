#include "arch/design.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/error.h"
#include "support/json.h"
#include "support/random.h"

namespace tilewright {
namespace {

DesignBox wide_box() {
  DesignBox b;
  b.lo = {4,    4,  1, 1, 1,    1,    128, 16, 0.95, 1,    64,   1, 1, 1, 1,
          0.25, 12, 1, 0, 0.05, 0.05, 0,   0,  0.05, 0.05, 0.05, 0, 0, 0, 0};
  b.hi = {50, 50, 8,  8, 16,  32,  2048, 512, 1.5, 128, 8192, 16, 16, 16, 16,
          1,  24, 32, 8, 0.6, 0.6, 1,    1,   1,   1,   1,    1,  1,  1,  1};
  return b;
}

bool multiple(double value, double step) {
  return std::fabs(value / step - std::round(value / step)) < 1e-12;
}

TEST(Projection, IsLegalAndIdempotentOnRandomPoints) {
  const auto box = wide_box();
  RandomStream random(1, "tests/arch/projection");
  for (int i = 0; i < 20000; ++i) {
    ActionVector raw{};
    for (std::size_t k = 0; k < kActionCount; ++k) {
      raw[k] = box.lo[k] + (box.hi[k] - box.lo[k]) * random.uniform(-0.5, 1.5);
    }
    const auto p = project(raw, box);
    EXPECT_EQ(project(p, box), p);
    for (const auto k :
         {kMeshW, kMeshH, kScX, kScY, kStanum, kImem, kXrWp, kVrWp, kXdpnum, kVdpnum, kDraft}) {
      EXPECT_EQ(p[k], std::round(p[k])) << action_info(k).name;
    }
    EXPECT_LE(p[kScX], p[kMeshW]);
    EXPECT_LE(p[kScY], p[kMeshH]);
    EXPECT_TRUE(multiple(p[kDmem], 16));
    EXPECT_TRUE(multiple(p[kDflit], 64));
    EXPECT_TRUE(p[kPrecision] == 8 || p[kPrecision] == 16);
    EXPECT_GE(p[kWmem], 1);
    EXPECT_LE(p[kAIn] + p[kAOut], 0.9 + 1e-12);
    for (std::size_t k = 0; k < kActionCount; ++k) {
      if (k == kPrecision) continue;
      EXPECT_GE(p[k], std::min(box.lo[k], 1.0)) << action_info(k).name;
      EXPECT_LE(p[k], box.hi[k]) << action_info(k).name;
    }
  }
}

TEST(Projection, TakesAnyBytesOfADouble) {
  ActionVector raw{};
  raw.fill(std::numeric_limits<double>::quiet_NaN());
  for (const double v : project(raw, wide_box())) EXPECT_TRUE(std::isfinite(v));
  raw.fill(std::numeric_limits<double>::infinity());
  for (const double v : project(raw, wide_box())) EXPECT_TRUE(std::isfinite(v));
}

TEST(UnitBox, RoundTrips) {
  const auto box = wide_box();
  RandomStream random(2, "tests/arch/unit");
  for (int i = 0; i < 1000; ++i) {
    ActionVector unit{};
    for (auto& u : unit) u = random.uniform();
    const auto back = to_unit(from_unit(unit, box), box);
    for (std::size_t k = 0; k < kActionCount; ++k) EXPECT_NEAR(back[k], unit[k], 1e-12);
  }
}

TEST(Actions, NamesAreUniqueAndFound) {
  for (std::size_t i = 0; i < kActionCount; ++i) EXPECT_EQ(action_index(action_info(i).name), i);
  EXPECT_EQ(action_index("nonsense"), kActionCount);
}

Design small_design() {
  Design d;
  d.name = "small";
  d.workload = "w";
  d.node = "7nm";
  d.mode = "low-power";
  d.mesh_w = 2;
  d.mesh_h = 1;
  d.actions.fill(0.1);
  d.tiles = {{1, 128, 16, 1, 64}, {16, 2048, 512, 128, 9536}};
  d.assumed = {"nothing"};
  return d;
}

TEST(DesignFile, ReadsBackTheSame) {
  const auto d = small_design();
  EXPECT_EQ(design_from_json(parse_json(to_text(to_json(d)), "t"), "t"), d);
}

TEST(DesignFile, RefusesWhatCannotBeBuilt) {
  const auto refuse = [](auto change) {
    Json json = to_json(small_design());
    change(json);
    EXPECT_THROW(design_from_json(json, "t"), Error);
  };
  refuse([](Json& j) { j["tiles"][0][0] = 3; });
  refuse([](Json& j) { j["tiles"][0][1] = 4096; });
  refuse([](Json& j) { j["tiles"][0][2] = 24; });
  refuse([](Json& j) { j["tiles"][0][3] = 0; });
  refuse([](Json& j) { j["tiles"][0][4] = 65; });
  refuse([](Json& j) { j["tiles"][0][4] = -64; });
  refuse([](Json& j) { j["tiles"].push_back(j["tiles"][0]); });
  refuse([](Json& j) { j["mesh"]["w"] = 100000; });
  refuse([](Json& j) { j["schema_version"] = 99; });
  refuse([](Json& j) { j.erase("actions"); });
  refuse([](Json& j) { j["actions"]["W"] = "wide"; });
}

}  // namespace
}  // namespace tilewright

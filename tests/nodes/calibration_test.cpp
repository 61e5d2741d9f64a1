#include "nodes/calibration.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/error.h"
#include "support/file.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;
const std::string kSource = TILEWRIGHT_SOURCE_DIR;

TEST(Calibration, HasTheSevenNodesInOrder) {
  const auto c = load_calibration("paper", kSource);
  ASSERT_EQ(c.nodes.size(), 7u);
  for (std::size_t i = 1; i < 7; ++i) EXPECT_LT(c.nodes[i - 1].node.nm, c.nodes[i].node.nm);
  for (const auto& e : c.nodes) {
    EXPECT_EQ(e.printed.size(), 2u);
    EXPECT_EQ(e.l1.size(), 2u) << e.node.name();
  }
}

TEST(Calibration, FindsAndInterpolates) {
  const auto c = load_calibration("paper", kSource);
  EXPECT_EQ(find_node(c, "7nm").node.f_max_mhz(), find_node(c, "7").node.f_max_mhz());
  EXPECT_FALSE(find_node(c, "7nm").node.interpolated);
  const auto between = find_node(c, "6nm").node;
  EXPECT_TRUE(between.interpolated);
  const auto lo = find_node(c, "5nm").node, hi = find_node(c, "7nm").node;
  const auto kappa = [](const ProcessNode& n) {
    return n.columns.get("kappa_c_pj_per_tile_cycle");
  };
  EXPECT_GT(kappa(between), kappa(lo));
  EXPECT_LT(kappa(between), kappa(hi));
  EXPECT_LT(between.f_max_mhz(), lo.f_max_mhz());
  for (const auto* bad : {"2nm", "40nm", "", "nm", "7mm", "nan", "-7nm"})
    EXPECT_THROW(find_node(c, bad), Error) << bad;
}

// A copy of the calibration in which one file is changed.
class Changed : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(root_ / "nodes"); }
  void TearDown() override { fs::remove_all(root_); }
  void change(const std::string& file, const std::string& from, const std::string& to) {
    fs::remove_all(root_ / "nodes/paper");
    fs::copy(kSource + "/nodes/paper", root_ / "nodes/paper", fs::copy_options::recursive);
    const auto path = root_ / "nodes/paper" / file;
    auto text = read_file(path);
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    write_file(path, text.replace(at, from.size(), to));
  }
  const fs::path root_ =
      fs::temp_directory_path() / ("tilewright-nodes-" + std::to_string(::getpid()));
};

TEST_F(Changed, ABrokenFileIsRefusedWithItsPlace) {
  const struct {
    const char *what, *file, *from, *to, *id, *where;
  } changes[] = {
      {"unknown column", "7nm.toml", "a_tile_mm2", "a_tle_mm2", "TW-NODE-003", "7nm.toml:"},
      {"missing column", "7nm.toml", "a_tile_mm2 = 0.18446", "", "TW-NODE-004", "7nm.toml"},
      {"negative area", "7nm.toml", "= 0.18446", "= -1", "TW-NODE-003", "7nm.toml:"},
      {"not TOML", "7nm.toml", "= 0.18446", "= = 1", "TW-NODE-003", "7nm.toml:"},
      {"a box less", "calibration.toml", "STANUM = [1, 32]\n", "", "TW-NODE-004", "29"},
      {"text for a number", "calibration.toml", "accept = 0.60", "accept = \"much\"", "TW-NODE-003",
       "calibration.toml:"},
  };
  for (const auto& c : changes) {
    change(c.file, c.from, c.to);
    try {
      load_calibration("paper", root_);
      ADD_FAILURE() << c.what << " is accepted";
    } catch (const Error& e) {
      EXPECT_EQ(e.id(), c.id) << c.what << ": " << e.what();
      EXPECT_NE(std::string(e.what()).find(c.where), std::string::npos) << e.what();
    }
  }
}

TEST(Calibration, NoSuchName) {
  EXPECT_THROW(load_calibration("../etc", kSource), Error);
  EXPECT_THROW(load_calibration("fantasy", kSource), Error);
}

}  // namespace
}  // namespace tilewright

#include <gtest/gtest.h>

#include <algorithm>

#include "experiments/report.h"
#include "experiments/svg.h"
#include "inputs.h"

namespace tilewright {
namespace {

std::ptrdiff_t count_of(const std::string& text, const std::string& what) {
  std::ptrdiff_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
    ++count;
  return count;
}

TEST(Pictures, AMapHasACellATileAndNoOtherHost) {
  MeshMap map{"a < b", "bit", 3, 2, {1, 2, 3, 4, 5, 6}};
  const std::string svg = mesh_map_svg(map, 300);
  EXPECT_EQ(count_of(svg, "<rect"), 6 + 40);  // tiles and the legend's steps
  EXPECT_NE(svg.find("a &lt; b"), std::string::npos);
  EXPECT_EQ(count_of(svg, "http"), 1);  // the namespace
}

TEST(Pictures, EqualValuesAndEmptyLogsAreDrawn) {
  EXPECT_EQ(mesh_map_svg({"t", "", 2, 1, {5, 5}}, 100).find("nan"), std::string::npos);
  EXPECT_NE(search_curve_svg({}, 100).find("no feasible design"), std::string::npos);
  EXPECT_EQ(search_curve_svg({{1.0, true}}, 100).find("nan"), std::string::npos);
  EXPECT_EQ(stacked_bar_svg({{"x", 0}}, "mW", 100).find("nan"), std::string::npos);
  EXPECT_EQ(bars_svg({{"x", 0}}, "", 100).find("nan"), std::string::npos);
}

TEST(Pictures, NumbersAreShortAndGrouped) {
  EXPECT_EQ(short_number(29809), "29,809");
  EXPECT_EQ(short_number(1234567), "1,234,567");
  EXPECT_EQ(short_number(999), "999");
  EXPECT_EQ(short_number(-1000), "-1,000");
  EXPECT_EQ(short_number(0.010345), "0.01035");
  EXPECT_EQ(short_number(51366.4), "51,366");
}

TEST(Pictures, UnitsFollowTheSize) {
  EXPECT_EQ(scaled_number(0.00006196, {"s", "ms", "us"}), "61.96 us");
  EXPECT_EQ(scaled_number(51.04, {"W", "mW"}), "51.04 W");
  EXPECT_EQ(scaled_number(-0.5, {"W", "mW"}), "-500 mW");
  EXPECT_EQ(scaled_number(2e-9, {"J", "mJ"}), "0.000002000 mJ");
  EXPECT_EQ(scaled_number(0, {"W", "mW"}), "0 W");
}

// A mesh of 1 x 40 is drawn as high as one of 40 x 40, and a small one carries its values.
TEST(Pictures, AMapFitsItsBoxAndLargeTilesCarryTheirValue) {
  const std::string tall = mesh_map_svg({"t", "", 1, 40, std::vector<double>(40, 1)}, 300);
  EXPECT_NE(tall.find("viewBox=\"0 0 300 356\""), std::string::npos) << tall.substr(0, 200);
  const std::string small = mesh_map_svg({"t", "", 2, 1, {512, 1024}}, 300);
  EXPECT_NE(small.find(">512</text>"), std::string::npos);
  EXPECT_EQ(tall.find(">1.00</text>"), std::string::npos);
}

TEST(Report, SaysTheDesignAndNeedsNoNetwork) {
  const PaperPoint& point = paper_inputs().llama.points.back();
  Mapping mapping;
  const ActionVector actions = project(point.design, point.surrogate->box());
  const Ppa ppa = point.surrogate->evaluate_l1(actions, &mapping);
  const Design design = point.surrogate->make_design(actions, mapping, "test");
  ReportInputs inputs;
  inputs.design = &design;
  inputs.mapping = &mapping;
  inputs.ppa = &ppa;
  inputs.unit = "token";
  inputs.version = "1";
  const std::string page = html_report(inputs);
  EXPECT_NE(page.find("11 x 12"), std::string::npos);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("<link"), std::string::npos);
  EXPECT_EQ(page.find("src="), std::string::npos);
  EXPECT_EQ(count_of(page, "<svg"), count_of(page, "</svg>"));
  const std::string picture = mesh_picture(design, mapping, ppa);
  EXPECT_EQ(picture, mesh_picture(design, mapping, ppa));
  EXPECT_GE(count_of(picture, "<rect"), 3 * design.tile_count());
}

}  // namespace
}  // namespace tilewright

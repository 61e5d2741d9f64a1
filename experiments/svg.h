// Pictures as SVG text: mesh maps, stacked bars, the search curve. Self-contained, deterministic.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace tilewright {

struct MeshMap {
  std::string title, unit;
  std::int32_t mesh_w = 1, mesh_h = 1;
  std::vector<double> values;  // by tile index y * mesh_w + x
};

struct Share {
  std::string label;
  double value = 0;  // >= 0
};

// One <svg> element each. A map fits a square of `side` user units, title and legend aside; large
// tiles carry their value.
std::string mesh_map_svg(const MeshMap& map, double side);
// Maps side by side in one picture.
std::string mesh_maps_svg(const std::vector<MeshMap>& maps, const std::string& caption);
// One horizontal bar of parts, with a legend line a part.
std::string stacked_bar_svg(const std::vector<Share>& parts, const std::string& unit, double width);
// Horizontal bars on one scale, logarithmic when the values span more than a factor of 30.
std::string bars_svg(const std::vector<Share>& bars, const std::string& unit, double width);

struct CurvePoint {
  double score = 0;
  bool feasible = false;
};
// Best feasible score so far over the evaluations, with the evaluations themselves as dots
// (thinned).
std::string search_curve_svg(const std::vector<CurvePoint>& log, double width);

std::string xml_escaped(const std::string& text);
// "29,782" or "0.0103": four significant digits, thousands grouped.
std::string short_number(double value);
// The same in the first of `units` (falling by 1000) in which it is at least 1: "61.96 us".
std::string scaled_number(double value, std::initializer_list<const char*> units);

}  // namespace tilewright

#include "experiments/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "support/table.h"

namespace tilewright {
namespace {

struct Colour {
  double r, g, b;
};

// Anchors of the viridis map (Smith and van der Walt 2015): even in lightness, safe for colour
// blindness.
constexpr std::array<Colour, 6> kMap{
    {{68, 1, 84}, {65, 68, 135}, {42, 120, 142}, {34, 168, 132}, {122, 209, 81}, {253, 231, 37}}};
constexpr std::array<const char*, 8> kParts{"#4477aa", "#ee6677", "#228833", "#ccbb44",
                                            "#66ccee", "#aa3377", "#bbbbbb", "#222255"};

std::string map_colour(double t) {
  const double at = std::clamp(t, 0.0, 1.0) * (kMap.size() - 1);
  const auto i = std::min(static_cast<std::size_t>(at), kMap.size() - 2);
  const double part = at - static_cast<double>(i);
  const auto mix = [&](double Colour::*c) {
    return std::lround(kMap[i].*c + part * (kMap[i + 1].*c - kMap[i].*c));
  };
  return fmt::format("#{:02x}{:02x}{:02x}", mix(&Colour::r), mix(&Colour::g), mix(&Colour::b));
}

std::string text_at(double x, double y, const std::string& text, const char* more = "") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" {}>{}</text>\n", x, y, more,
                     xml_escaped(text));
}

std::string svg_open(double width, double height) {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {:.0f} {:.0f}\" width=\"{:.0f}\" "
      "font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"currentColor\">\n",
      width, height, width);
}

constexpr double kTitleHeight = 22, kLegendHeight = 34, kWidestTile = 48;

// Side of a tile: the map fits a square of `side`, and few tiles do not become huge.
double tile_step(const MeshMap& map, double side) {
  return std::min(kWidestTile, side / std::max(map.mesh_w, map.mesh_h));
}

double map_height(const MeshMap& map, double side) {
  return kTitleHeight + tile_step(map, side) * map.mesh_h + kLegendHeight;
}

std::string legend(const MeshMap& map, double side, double y, double lo, double hi) {
  constexpr int kSteps = 40;
  std::string out;
  for (int i = 0; i < kSteps; ++i) {
    out +=
        fmt::format("<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"8\" fill=\"{}\"/>\n",
                    side * i / kSteps, y, side / kSteps + 0.3, map_colour((i + 0.5) / kSteps));
  }
  out += text_at(0, y + 22, short_number(lo));
  out += text_at(side, y + 22, short_number(hi) + " " + map.unit, "text-anchor=\"end\"");
  return out;
}

std::string map_body(const MeshMap& map, double side) {
  const auto [least, most] = std::minmax_element(map.values.begin(), map.values.end());
  const double lo = map.values.empty() ? 0 : *least, hi = map.values.empty() ? 0 : *most;
  const double step = tile_step(map, side), gap = step > 4 ? 0.08 * step : 0;
  const bool with_values = step >= 0.8 * kWidestTile;
  std::string out = text_at(0, 14, map.title, "font-weight=\"600\"");
  for (std::size_t i = 0; i < map.values.size(); ++i) {
    const auto row = i / static_cast<std::size_t>(map.mesh_w);
    const auto column = i % static_cast<std::size_t>(map.mesh_w);
    const auto x = static_cast<double>(column), y = static_cast<double>(row);
    const double t = hi > lo ? (map.values[i] - lo) / (hi - lo) : 0.5;
    out += fmt::format(
        "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" fill=\"{}\"/>\n",
        x * step, kTitleHeight + y * step, step - gap, step - gap, map_colour(t));
    if (with_values) {
      out += text_at((x + 0.5) * step - gap / 2, kTitleHeight + (y + 0.5) * step + 3,
                     format_number({map.values[i], 3}),
                     t > 0.6 ? "text-anchor=\"middle\" fill=\"#222222\""
                             : "text-anchor=\"middle\" fill=\"#ffffff\"");
    }
  }
  return out + legend(map, side, kTitleHeight + step * map.mesh_h + 4, lo, hi);
}

}  // namespace

std::string xml_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    }
  }
  return out;
}

std::string short_number(double value) {
  const double size = std::fabs(value);
  const bool whole = value == std::floor(value) && size < 1e15;
  std::string text = whole ? fmt::format("{:.0f}", value) : format_number({value, 4});
  const auto dot = text.find_first_of(".e");
  auto end = static_cast<std::ptrdiff_t>(dot == std::string::npos ? text.size() : dot);
  const std::ptrdiff_t first = value < 0 ? 1 : 0;
  for (end -= 3; end > first; end -= 3) text.insert(static_cast<std::size_t>(end), ",");
  return text;
}

std::string scaled_number(double value, std::initializer_list<const char*> units) {
  const auto* unit = units.begin();
  if (value == 0) return std::string("0 ") + *unit;
  for (; std::next(unit) != units.end() && std::fabs(value) < 1; ++unit) value *= 1000;
  return short_number(value) + " " + *unit;
}

std::string mesh_map_svg(const MeshMap& map, double side) {
  return svg_open(side, map_height(map, side)) + map_body(map, side) + "</svg>\n";
}

std::string mesh_maps_svg(const std::vector<MeshMap>& maps, const std::string& caption) {
  constexpr double kSide = 260, kGap = 30, kCaption = 26;
  double height = 0;
  for (const MeshMap& map : maps) height = std::max(height, map_height(map, kSide));
  const double width = static_cast<double>(maps.size()) * (kSide + kGap) + kGap;
  // A picture that stands alone brings its own background.
  std::string out = svg_open(width, height + kCaption + kGap);
  out += "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n<g fill=\"#222222\">\n";
  out += text_at(kGap, 24, caption, "font-size=\"14\" font-weight=\"600\"");
  for (std::size_t i = 0; i < maps.size(); ++i) {
    out += fmt::format("<g transform=\"translate({:.0f},{:.0f})\">\n",
                       kGap + static_cast<double>(i) * (kSide + kGap), kCaption + 10);
    out += map_body(maps[i], kSide) + "</g>\n";
  }
  return out + "</g>\n</svg>\n";
}

std::string stacked_bar_svg(const std::vector<Share>& parts, const std::string& unit,
                            double width) {
  constexpr double kBar = 26, kLine = 20;
  double total = 0;
  for (const Share& part : parts) total += part.value;
  std::string out = svg_open(width, kBar + 8 + kLine * static_cast<double>(parts.size()));
  double x = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const double w = total > 0 ? width * parts[i].value / total : 0;
    const char* colour = kParts[i % kParts.size()];
    const double y = kBar + 8 + kLine * static_cast<double>(i);
    out += fmt::format("<rect x=\"{:.2f}\" y=\"0\" width=\"{:.2f}\" height=\"{}\" fill=\"{}\"/>\n",
                       x, w, kBar, colour);
    out += fmt::format("<rect x=\"0\" y=\"{:.1f}\" width=\"11\" height=\"11\" fill=\"{}\"/>\n", y,
                       colour);
    out += text_at(18, y + 10, parts[i].label);
    out += text_at(width, y + 10,
                   fmt::format("{} {}  ({:.1f} %)", short_number(parts[i].value), unit,
                               total > 0 ? 100 * parts[i].value / total : 0.0),
                   "text-anchor=\"end\"");
    x += w;
  }
  return out + "</svg>\n";
}

std::string bars_svg(const std::vector<Share>& bars, const std::string& unit, double width) {
  constexpr double kLine = 24, kLabel = 130, kValue = 130, kLogSpan = 30;
  double most = 0, least = std::numeric_limits<double>::infinity();
  for (const Share& bar : bars) {
    most = std::max(most, bar.value);
    if (bar.value > 0) least = std::min(least, bar.value);
  }
  const bool logarithmic = most > kLogSpan * least;
  const double foot = kLine * static_cast<double>(bars.size()) + 4;
  std::string out = svg_open(width, foot + (logarithmic ? kLine : 0));
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double y = kLine * static_cast<double>(i);
    double t = most > 0 ? bars[i].value / most : 0;
    if (logarithmic && bars[i].value > 0)
      t = std::log(2 * bars[i].value / least) / std::log(2 * most / least);
    out += text_at(0, y + 15, bars[i].label);
    out += fmt::format("<rect x=\"{}\" y=\"{:.1f}\" width=\"{:.2f}\" height=\"15\" fill=\"{}\"/>\n",
                       kLabel, y + 3, t * (width - kLabel - kValue), kParts[i % kParts.size()]);
    out += text_at(width, y + 15, short_number(bars[i].value) + " " + unit, "text-anchor=\"end\"");
  }
  if (logarithmic) out += text_at(kLabel, foot + 12, "(bars on a logarithmic scale)");
  return out + "</svg>\n";
}

std::string search_curve_svg(const std::vector<CurvePoint>& log, double width) {
  constexpr double kHeight = 240, kLeft = 52, kBottom = 28;
  constexpr std::size_t kMostDots = 1500;
  double lo = std::numeric_limits<double>::infinity(), hi = -lo;
  for (const CurvePoint& p : log) {
    if (!p.feasible) continue;
    lo = std::min(lo, p.score);
    hi = std::max(hi, p.score);
  }
  if (!(lo <= hi))
    return svg_open(width, 20) + text_at(0, 14, "no feasible design was found") + "</svg>\n";
  std::string out = svg_open(width, kHeight);
  if (hi == lo) hi = lo + 1e-3;
  const auto n = static_cast<double>(std::max<std::size_t>(log.size(), 2) - 1);
  const auto x_of = [&](std::size_t i) {
    return kLeft + (width - kLeft - 8) * static_cast<double>(i) / n;
  };
  const auto y_of = [&](double s) { return 8 + (kHeight - kBottom - 8) * (hi - s) / (hi - lo); };
  for (const double edge : {hi, lo}) {
    out += fmt::format(
        "<path d=\"M{:.1f},{:.1f}H{:.1f}\" stroke=\"#888888\" stroke-opacity=\"0.4\"/>\n", kLeft,
        y_of(edge), width - 8);
  }
  const std::size_t stride = 1 + log.size() / kMostDots;
  for (std::size_t i = 0; i < log.size(); i += stride) {
    if (!log[i].feasible) continue;
    out += fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2\" fill=\"#4477aa\" fill-opacity=\"0.6\"/>\n",
        x_of(i), y_of(log[i].score));
  }
  double best = std::numeric_limits<double>::infinity();
  std::string path;
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (!log[i].feasible || log[i].score >= best) continue;
    if (!path.empty()) path += fmt::format("L{:.1f},{:.1f} ", x_of(i), y_of(best));
    best = log[i].score;
    path += fmt::format("{}{:.1f},{:.1f} ", path.empty() ? "M" : "L", x_of(i), y_of(best));
  }
  path += fmt::format("L{:.1f},{:.1f}", width - 8, y_of(best));
  out +=
      fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"#ee6677\" stroke-width=\"2\"/>\n", path);
  out += text_at(0, y_of(hi) + 8, short_number(hi)) + text_at(0, y_of(lo), short_number(lo));
  out += text_at(0, (y_of(hi) + y_of(lo)) / 2, "score");
  out += text_at(kLeft, kHeight - 8, "1");
  out += text_at((kLeft + width) / 2, kHeight - 8, "evaluation", "text-anchor=\"middle\"");
  out += text_at(width - 8, kHeight - 8, std::to_string(log.size()), "text-anchor=\"end\"");
  return out + "</svg>\n";
}

}  // namespace tilewright

#include "experiments/contest/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "experiments/statistics.h"
#include "experiments/svg.h"

namespace tilewright {
namespace {

constexpr double kPanelWidth = 280, kPanelHeight = 190;
constexpr double kLeft = 52, kRight = 10, kTop = 26, kBottom = 34;
constexpr double kCaption = 48, kLeastWidth = 560, kLegendLine = 20, kLegendWidth = 190;
constexpr std::array<const char*, 8> kColours{"#4477aa", "#ee6677", "#228833", "#aa3377",
                                              "#ccbb44", "#66ccee", "#222255", "#994455"};
constexpr const char* kQuiet = "#bbbbbb";

// From figures to the panel's own units.
struct Axes {
  double x_low, x_high, y_low, y_high;
  bool logarithmic;
  double x(double value) const {
    const double t = logarithmic ? std::log(value / x_low) / std::log(x_high / x_low)
                                 : (value - x_low) / (x_high - x_low);
    return kLeft + (kPanelWidth - kLeft - kRight) * t;
  }
  double y(double value) const {
    const double t = (std::clamp(value, y_low, y_high) - y_low) / (y_high - y_low);
    return kPanelHeight - kBottom - (kPanelHeight - kTop - kBottom) * t;
  }
};

std::string text_at(double x, double y, const std::string& text, const char* more = "") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" {}>{}</text>\n", x, y, more,
                     xml_escaped(text));
}

std::string path_of(const std::vector<ChartPoint>& points, const Axes& axes) {
  std::string path;
  for (const ChartPoint& p : points) {
    if (!std::isfinite(p.middle)) continue;
    path += fmt::format("{}{:.1f},{:.1f}", path.empty() ? "M" : "L", axes.x(p.x), axes.y(p.middle));
  }
  return path;
}

std::string band_of(const std::vector<ChartPoint>& points, const Axes& axes) {
  std::string there;
  std::vector<std::string> back;
  for (const ChartPoint& p : points) {
    if (!std::isfinite(p.middle)) continue;
    there += fmt::format("{}{:.1f},{:.1f}", there.empty() ? "M" : "L", axes.x(p.x), axes.y(p.low));
    back.push_back(fmt::format("L{:.1f},{:.1f}", axes.x(p.x), axes.y(p.high)));
  }
  if (there.empty()) return "";
  std::reverse(back.begin(), back.end());
  for (const std::string& part : back) there += part;
  return there + "Z";
}

std::string line_svg(const ChartLine& line, const Axes& axes, const char* colour) {
  const std::string path = path_of(line.points, axes);
  if (path.empty()) return "";
  std::string out;
  if (!line.quiet) {
    out += fmt::format("<path d=\"{}\" fill=\"{}\" fill-opacity=\"0.18\"/>\n",
                       band_of(line.points, axes), colour);
  }
  out += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"/>\n", path,
                     colour, line.quiet ? "0.7" : "1.8");
  return out;
}

// Round figures from `low` to `high`, some four of them.
std::vector<double> ticks_of(double low, double high) {
  const double least = (high - low) / 5;
  const double decade = std::pow(10.0, std::floor(std::log10(least)));
  double step = 10 * decade;
  for (const double factor : {5.0, 2.0, 1.0}) {
    if (factor * decade >= least) step = factor * decade;
  }
  std::vector<double> ticks;
  const auto first = static_cast<std::int64_t>(std::ceil(low / step)),
             last = static_cast<std::int64_t>(std::floor(high / step));
  for (std::int64_t k = first; k <= last; ++k) ticks.push_back(static_cast<double>(k) * step);
  return ticks;
}

std::vector<double> x_ticks_of(const Axes& axes) {
  if (!axes.logarithmic) return ticks_of(axes.x_low, axes.x_high);
  // Over more than two decades three labels each would run into one another.
  constexpr double kWide = 100;
  const std::vector<double> factors =
      axes.x_high / axes.x_low > kWide ? std::vector<double>{1, 3} : std::vector<double>{1, 2, 5};
  std::vector<double> ticks;
  double decade = 1;
  while (decade <= axes.x_high) {
    for (const double factor : factors) {
      const double tick = factor * decade;
      if (tick >= axes.x_low && tick <= axes.x_high) ticks.push_back(tick);
    }
    decade *= 10;
  }
  return ticks;
}

std::string frame_svg(const ChartPanel& panel, const Axes& axes) {
  std::string out = text_at(kLeft, 16, panel.title, "font-weight=\"600\"");
  for (const double value : ticks_of(panel.y_low, panel.y_high)) {
    out += fmt::format("<path d=\"M{:.1f},{:.1f}H{:.1f}\" stroke=\"#dddddd\"/>\n", kLeft,
                       axes.y(value), kPanelWidth - kRight);
    out +=
        text_at(kLeft - 4, axes.y(value) + 4, fmt::format("{:.6g}", value), "text-anchor=\"end\"");
  }
  for (const double value : x_ticks_of(axes)) {
    out += text_at(axes.x(value), kPanelHeight - kBottom + 14, fmt::format("{:.6g}", value),
                   "text-anchor=\"middle\"");
  }
  return out;
}

// Quiet lines have no colour of their own; the others take theirs in order.
const char* colour_of(const ChartPanel& panel, std::size_t line) {
  if (panel.lines[line].quiet) return kQuiet;
  std::size_t before = 0;
  for (std::size_t i = 0; i < line; ++i) before += panel.lines[i].quiet ? 0U : 1U;
  return kColours[before % kColours.size()];
}

std::string panel_svg(const Chart& chart, const ChartPanel& panel) {
  const Axes axes{chart.x_low, chart.x_high, panel.y_low, panel.y_high, chart.logarithmic};
  std::string out = frame_svg(panel, axes), loud;
  for (std::size_t i = 0; i < panel.lines.size(); ++i)
    (panel.lines[i].quiet ? out : loud) += line_svg(panel.lines[i], axes, colour_of(panel, i));
  out +=
      loud + text_at(kPanelWidth - kRight, kPanelHeight - 6, chart.x_label, "text-anchor=\"end\"");
  return out + text_at(kLeft, kPanelHeight - 6, panel.y_label);
}

struct Legend {
  std::string svg;
  double height = 0;
};

Legend legend_of(const ChartPanel& panel, double width, double y) {
  const auto columns = std::max<std::size_t>(1, static_cast<std::size_t>(width / kLegendWidth));
  Legend legend;
  std::size_t shown = 0;
  const auto add = [&](const std::string& label, const char* colour) {
    const double x = kLegendWidth * static_cast<double>(shown % columns) + kLeft;
    const std::size_t line = shown / columns;
    const double at = y + kLegendLine * static_cast<double>(line);
    legend.svg +=
        fmt::format("<rect x=\"{:.0f}\" y=\"{:.0f}\" width=\"18\" height=\"4\" fill=\"{}\"/>\n", x,
                    at - 6, colour);
    legend.svg += text_at(x + 24, at, label);
    ++shown;
  };
  bool any_quiet = false;
  for (std::size_t i = 0; i < panel.lines.size(); ++i) {
    if (!panel.lines[i].quiet) add(panel.lines[i].label, colour_of(panel, i));
    any_quiet = any_quiet || panel.lines[i].quiet;
  }
  if (any_quiet) add("the other searchers", kQuiet);
  const std::size_t lines = (shown + columns - 1) / columns;
  legend.height = kLegendLine * static_cast<double>(lines);
  return legend;
}

}  // namespace

std::string chart_svg(const Chart& chart) {
  const std::size_t rows = (chart.panels.size() + chart.columns - 1) / chart.columns;
  const double width =
      std::max(kLeastWidth, kPanelWidth * static_cast<double>(chart.columns) + kRight);
  const double foot = kCaption + kPanelHeight * static_cast<double>(rows) + kLegendLine;
  const Legend legend =
      chart.panels.empty() ? Legend{} : legend_of(chart.panels.front(), width, foot);
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
      "width=\"{0:.0f}\" font-family=\"system-ui, sans-serif\" font-size=\"11\">\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n<g fill=\"#222222\">\n",
      width, foot + legend.height);
  out += text_at(kRight, 20, chart.caption, "font-size=\"14\" font-weight=\"600\"");
  out += text_at(kRight, 36, chart.note);
  for (std::size_t i = 0; i < chart.panels.size(); ++i) {
    const std::size_t row = i / chart.columns, column = i % chart.columns;
    out += fmt::format("<g transform=\"translate({:.0f},{:.0f})\">\n",
                       kPanelWidth * static_cast<double>(column),
                       kCaption + kPanelHeight * static_cast<double>(row));
    out += panel_svg(chart, chart.panels[i]) + "</g>\n";
  }
  return out + legend.svg + "</g>\n</svg>\n";
}

std::vector<std::int64_t> spaced_evaluations(std::int64_t most, std::int64_t count) {
  std::vector<std::int64_t> marks;
  const double step = std::log(static_cast<double>(most)) / static_cast<double>(count - 1);
  for (std::int64_t i = 0; i < count; ++i) {
    const auto mark =
        static_cast<std::int64_t>(std::llround(std::exp(step * static_cast<double>(i))));
    if (marks.empty() || mark > marks.back()) marks.push_back(std::min(mark, most));
  }
  return marks;
}

void fit_range(ChartPanel& panel, double from_x, bool with_quiet) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const ChartLine& line : panel.lines) {
    if (line.quiet && !with_quiet) continue;
    for (const ChartPoint& p : line.points) {
      if (p.x < from_x || !std::isfinite(p.middle)) continue;
      low = std::min(low, line.quiet ? p.middle : p.low);
      high = std::max(high, p.middle);
    }
  }
  if (!(low <= high)) return;
  constexpr double kPad = 0.05, kLeast = 1e-4;
  const double pad = std::max(kLeast, kPad * (high - low));
  panel.y_low = low - pad;
  panel.y_high = high + pad;
}

ChartPoint quartiles(double x, const std::vector<double>& values) {
  return {x, quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75)};
}

}  // namespace tilewright

// Lines with bands in small multiples, as one self-contained SVG.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/table.h"

namespace tilewright {

struct ChartPoint {
  double x = 0;
  double low = 0, middle = 0, high = 0;  // a point whose middle is not finite is left out
};

struct ChartLine {
  std::string label;   // also in the legend, once for all panels, unless it is a quiet one
  bool quiet = false;  // thin and grey, without a band
  std::vector<ChartPoint> points;
};

struct ChartPanel {
  std::string title, y_label;
  double y_low = 0, y_high = 1;
  std::vector<ChartLine> lines;  // the same labels in every panel of a chart
};

struct Chart {
  std::string caption, note, x_label;
  double x_low = 1, x_high = 10;
  bool logarithmic = true;  // the x axis
  std::size_t columns = 1;
  std::vector<ChartPanel> panels;
};

std::string chart_svg(const Chart& chart);

// A picture and the figures in it; the table's id is the file stem of both.
struct Picture {
  Table table;
  std::string svg;
};

// Sets the panel's y range to what its lines reach from `from_x` on; a panel without figures keeps
// its own.
void fit_range(ChartPanel& panel, double from_x, bool with_quiet);

// About `count` whole numbers from 1 to `most`, evenly spaced by their logarithms.
std::vector<std::int64_t> spaced_evaluations(std::int64_t most, std::int64_t count);

// Lower quartile, median and upper quartile over runs, by nearest rank: values of runs.
ChartPoint quartiles(double x, const std::vector<double>& values);

}  // namespace tilewright

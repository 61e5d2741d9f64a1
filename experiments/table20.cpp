// Table 20: other platforms as the paper prints them (others' figures, which nobody here checked),
// and ours by both calibrations.
#include <cmath>

#include "experiments/printed.h"
#include "experiments/searches.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"

namespace tilewright {
namespace {

constexpr const char* kId = "table20_platform_comparison";

std::vector<Cell> our_row(const std::string& name, const std::string& source, double tok_s,
                          double power_mw, const std::string& notes) {
  const double watts = power_mw / 1000;
  return {name, source, Number{tok_s, 5}, Number{watts, 4}, Number{tok_s / watts, 4}, notes};
}

// "700 W", "1 kW", "15 kW", with marks behind that the paper explains in its notes.
double watts(const PrintedTable& printed, const std::string& platform) {
  const double value = printed.value(platform, "Power");
  const Cell cell = printed.cell(platform, "Power");
  const auto* text = std::get_if<std::string>(&cell);
  return text != nullptr && text->find("kW") != std::string::npos ? 1000 * value : value;
}

}  // namespace

std::vector<ExperimentTable> table20(const ExperimentInputs& inputs) {
  const PrintedTable printed(inputs.printed, kId);
  TableBuilder out(kId, "Platforms; the figures of others as the paper prints them, unchecked");
  out.label("Platform");
  out.label("Source");
  out.figure("Rate", "tok/s");
  out.figure("Power", "W");
  out.figure("Rate over power", "tok/s/W");
  out.label("Notes");
  for (const std::string& platform : printed.labels()) {
    out.printed({platform == "Ours" ? "The paper's" : platform, std::string("printed"),
                 Number{printed.value(platform, "Tok/s")}, Number{watts(printed, platform)},
                 printed.cell(platform, "T/s/W"), std::string("others' figure")});
  }
  const PaperPoint& point = inputs.llama.points.front();
  out.ours(our_row("The printed design, " + point.node, "L1, paper", point.l1.tok_s,
                   point.l1.power_mw, "the paper's constants"));
  const Searches searches(inputs.searches);
  if (const FinishedSearch* best = searches.best(inputs.llama, point.node)) {
    out.ours(our_row("The best searched, " + point.node, "L1, paper", best->tok_s, best->power_mw,
                     "the paper's constants"));
  }
  const Surrogate physical(*inputs.physical, find_node(*inputs.physical, point.node),
                           inputs.llama.mode, nullptr, {}, inputs.llama.workload);
  const Ppa ppa = physical.evaluate_l0(point.design);
  out.ours(our_row(
      "The printed design, " + point.node, "L0, physical", ppa.tok_s, ppa.power_mw,
      ppa.feasible ? "physical constants" : "physical constants; cannot be built as printed"));
  return {out.take()};
}

}  // namespace tilewright

// Table 18: efficiency ratios by node.
#include "experiments/by_node.h"
#include "experiments/tables.h"

namespace tilewright {
namespace {

ByNodeColumn ratio(Column column, std::string printed, double Ppa::*over, double Ppa::*under) {
  return {std::move(column), std::move(printed), true,
          [over, under](const PaperPoint&, const Ppa& ppa) {
            return Number{ppa.*over / ppa.*under, 6};
          }};
}

}  // namespace

std::vector<ExperimentTable> table18(const ExperimentInputs& inputs) {
  return for_both_workloads(
      inputs, "table18_efficiency_ratios", "Efficiency ratios by node", "table18_efficiency_ratios",
      {ratio({"Performance over power", "GOps/s/mW"}, "GOps/s per mW", &Ppa::gops, &Ppa::power_mw),
       ratio({"Rate over power", "tok/s/mW"}, "tok/s per mW", &Ppa::tok_s, &Ppa::power_mw),
       ratio({"Performance over area", "GOps/s/mm2"}, "GOps/s per mm2", &Ppa::gops, &Ppa::area_mm2),
       printed_score_column("PPA Score")});
}

}  // namespace tilewright

// Table 12: power by component, in mW and as shares of the total.
#include "experiments/by_node.h"
#include "experiments/tables.h"

namespace tilewright {
namespace {

struct Component {
  const char* name;
  const char* printed;
  const char* printed_share;
  double Ppa::*member;
};
constexpr Component kComponents[] = {{"Compute", "Compute", "Comp%", &Ppa::compute_mw},
                                     {"SRAM", "SRAM", "SRAM%", &Ppa::sram_mw},
                                     {"ROM read", "ROM Rd", "ROM%", &Ppa::rom_mw},
                                     {"NoC", "NoC", "NoC%", &Ppa::noc_mw},
                                     {"Leakage", "Leak", "Leak%", &Ppa::leak_mw}};

}  // namespace

std::vector<ExperimentTable> table12(const ExperimentInputs& inputs) {
  std::vector<ByNodeColumn> power{mesh_column()}, shares{mesh_column()};
  for (const Component& c : kComponents) {
    power.push_back(
        {{c.name, "mW"}, c.printed, true, [m = c.member](const PaperPoint&, const Ppa& ppa) {
           return Number{ppa.*m, 6};
         }});
    shares.push_back(
        {{c.name, "%"}, c.printed_share, true, [m = c.member](const PaperPoint&, const Ppa& ppa) {
           return Number{100 * (ppa.*m) / ppa.power_mw, 4};
         }});
  }
  power.push_back(power_column("Total"));
  power.back().column.name = "Total";
  const std::string printed = "table12_power_breakdown";
  std::vector<ExperimentTable> out =
      for_both_workloads(inputs, printed, "Power by component", printed, power);
  for (ExperimentTable& table : for_both_workloads(inputs, "table12_power_shares",
                                                   "Shares of power by component", printed, shares))
    out.push_back(std::move(table));
  return out;
}

}  // namespace tilewright

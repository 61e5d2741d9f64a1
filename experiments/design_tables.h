// Tables that describe one finished design: what goes into an artifact folder's tables/.
#pragma once

#include <vector>

#include "arch/design.h"
#include "mapping/mapping.h"
#include "mdp/problem.h"
#include "support/table.h"
#include "surrogate/ppa.h"

namespace tilewright {

Table ppa_table(const Ppa& ppa);  // components, ceilings and margins, a line each
// Physical calibration: the constants that move rate, power, area and energy most, at most `most`
// each.
inline constexpr std::size_t kInfluencesShown = 8;
Table influence_table(const Ppa& ppa, std::size_t most);
Table factor_table(const Ppa& ppa);                     // counted, constant, value, L0's guess
Table action_table(const Design& design);               // the 30 design variables
Table tile_statistics_table(const Design& design);      // the form of paper Table 16
Table region_table(const Design& design);               // the form of paper Table 15
Table logic_configuration_table(const Design& design);  // distinct (FETCH, VLEN, DMEM, IMEM)
Table tile_table(const Design& design, const Mapping& mapping);      // one line a tile
Table operator_table(const Mapper& mapper, const Mapping& mapping);  // one line an operator
Table pareto_table(const std::vector<Evaluation>& pareto);

// In the order in which they are written.
std::vector<Table> design_tables(const Design& design, const Ppa& ppa, const Mapping& mapping,
                                 const Mapper& mapper);

}  // namespace tilewright

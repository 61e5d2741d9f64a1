// Tables 5 and 6: hyperparameters, asked of the agents themselves.
#include <fmt/format.h>

#include "agents/searcher.h"
#include "experiments/printed.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"
#include "mdp/environment.h"

namespace tilewright {
namespace {

using Settings = std::map<std::string, std::string>;

// A row of a printed table, and the settings of ours that it speaks of, with what goes between.
struct Line {
  std::size_t printed_row;  // below the header; some labels are not unique
  const char* name;
  std::vector<const char*> keys;
  const char* between = " / ";
};

// The printed cell, without marks that say what the text has lost.
Cell printed_value(const PrintedTable& printed, const Line& line, std::size_t column) {
  const std::string& text = printed.rows().at(line.printed_row).at(column);
  return text.empty() ? Cell(Missing{"lost"}) : Cell(text);
}

std::string values(const Settings& settings, const Line& line) {
  std::string text;
  for (const char* key : line.keys) text += (text.empty() ? "" : line.between) + settings.at(key);
  return text;
}

ExperimentTable settings_table(const ExperimentInputs& inputs, const std::string& id,
                               const std::string& caption, std::size_t printed_column,
                               const std::vector<Line>& lines) {
  const PrintedTable printed(inputs.printed, id);
  TableBuilder out(id, caption);
  out.label("Parameter");
  if (printed.exists()) out.label("Printed");
  out.figure("Agent paper");
  out.figure("Agent sac");
  const Settings paper = default_settings("paper", inputs.episodes),
                 sac = default_settings("sac", inputs.episodes);
  for (const Line& line : lines) {
    std::vector<Cell> row{std::string(line.name)};
    if (printed.exists()) row.push_back(printed_value(printed, line, printed_column));
    row.emplace_back(values(paper, line));
    row.emplace_back(values(sac, line));
    out.ours(std::move(row));
  }
  return out.take();
}

}  // namespace

std::vector<ExperimentTable> table05(const ExperimentInputs& inputs) {
  return {settings_table(inputs, "table05_sac_hyperparameters", "Settings of SAC, replay, planning",
                         2,
                         {{1, "Hidden layers", {"hidden", "hidden"}, ", "},
                          {2, "Learning rate", {"learning_rate"}},
                          {3, "Batch / tau", {"batch", "target_rate"}},
                          {4, "Warm-up", {"warmup"}},
                          {5, "Replay capacity", {"capacity"}},
                          {6, "Replay alpha / beta", {"priority_exponent", "priority_correction"}},
                          {7, "MPC candidates / horizon", {"mpc_candidates", "mpc_horizon"}},
                          {8, "MPC noise", {"mpc_noise"}},
                          {9, "MPC blend", {"mpc_blend"}},
                          {10, "World model, hidden", {"world_first", "world_second"}, "-"}})};
}

std::vector<ExperimentTable> table06(const ExperimentInputs& inputs) {
  return {settings_table(inputs, "table06_rl_hyperparameters",
                         "Hyperparameters of the learning agents", 1,
                         {{1, "Learning rates", {"learning_rate"}},
                          {2, "Discount", {"discount"}},
                          {3, "Target update", {"target_rate"}},
                          {4, "Temperature at the start", {"temperature"}},
                          {5, "Entropy target", {"entropy_target"}},
                          {6, "Mini-batch", {"batch"}},
                          {7, "Warm-up", {"warmup"}},
                          {8, "Replay capacity", {"capacity"}},
                          {9, "Priority exponent", {"priority_exponent"}},
                          {10, "Importance exponent at the start", {"priority_correction"}},
                          {11, "Exploration", {"epsilon", "epsilon_least"}, " to "},
                          {14, "Hidden", {"hidden", "hidden"}, ", "},
                          {15, "World model, hidden", {"world_first", "world_second"}, ", "},
                          {16, "MPC candidates / horizon", {"mpc_candidates", "mpc_horizon"}},
                          {17, "MPC blend", {"mpc_blend"}}})};
}

}  // namespace tilewright

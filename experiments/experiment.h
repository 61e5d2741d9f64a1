// What an experiment is: a function from the evaluated studies to tables.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "experiments/study.h"
#include "support/table.h"

namespace tilewright {

struct ExperimentInputs {
  Study llama;                                  // llama-3.1-8b, high performance
  Study smolvlm;                                // smolvlm-256m, low power
  std::filesystem::path printed;                // folder of the paper's tables
  std::shared_ptr<const Calibration> physical;  // for the tables that set it beside the paper
  // Table 21 and Figure 3: the searches of every searcher, or of those named (parse_variants).
  std::int64_t episodes = 4600;       // budget of each search
  std::int64_t seeds = 1;             // searches of each, counted up from `seed`
  std::string level = "L1";           // fidelity that they see
  std::string calibration = "paper";  // name of what the studies were made with
  std::string searchers;
  std::filesystem::path runs;  // records of a contest, taken instead of searching
  // Finished searches of both workloads (searches.h); what comes from them is missing without.
  std::filesystem::path searches;
  // Makes a built-in model's workload, with the context of the mode under `physical`.
  std::function<std::shared_ptr<const Workload>(const std::string& model, Mode)> load;
  std::int64_t samples = 2000;  // random feasible designs a node, for the fidelity report
  std::uint64_t seed = 0;
  int threads = 1;
};

// A table that knows which of its cells were computed from the calibration: a test moves the node
// table and wants to see each of them move.
struct ExperimentTable {
  Table table;
  std::vector<bool> figure_column;  // false: labels and the design itself
  std::vector<bool> computed_row;   // false: printed
  std::string picture{};            // of the same figures, as SVG; empty: none

  bool computed(std::size_t row, std::size_t column) const {
    return computed_row.at(row) && figure_column.at(column) &&
           std::holds_alternative<Number>(table.rows[row][column]);
  }
};

struct Experiment {
  std::string id;  // "11", "fidelity"
  std::string title;
  bool searches = false;  // runs searches or thousands of evaluations: minutes, not milliseconds
  std::vector<ExperimentTable> (*run)(const ExperimentInputs&) = nullptr;
};

const std::vector<Experiment>& experiments();
// Throws Error TW-EXP-004 naming the experiments that exist.
const Experiment& find_experiment(const std::string& id);

}  // namespace tilewright

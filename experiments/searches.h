// Finished searches: the folders that `tilewright compile` left, one a search.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "arch/design.h"
#include "experiments/study.h"
#include "support/table.h"

namespace tilewright {

struct FinishedSearch {
  std::string model, mode, node, calibration, agent;
  std::uint64_t seed = 0;
  std::int64_t evaluations = 0, feasible = 0;
  bool design_feasible = false;
  double tok_s = 0, power_mw = 0, area_mm2 = 0, gops = 0, score = 0;
  double clock_mhz = 0;
  std::int32_t mesh_w = 0, mesh_h = 0;
  std::filesystem::path folder;

  double tiles() const { return static_cast<double>(mesh_w) * mesh_h; }
};

Design design_of(const FinishedSearch& search);

class Searches {
 public:
  Searches() = default;
  // Every folder below `folder` with a manifest.json of a compile, at any depth; none for an empty
  // path. Throws what reading JSON throws.
  explicit Searches(const std::filesystem::path& folder);

  // Of this workload in its mode at this node, by seed.
  std::vector<const FinishedSearch*> of(const Study& study, const std::string& node) const;
  // The feasible one with the lowest score; null: there is none.
  const FinishedSearch* best(const Study& study, const std::string& node) const;

 private:
  std::vector<FinishedSearch> all_;  // by folder
};

// Median and interval of a figure over searches.
struct Spread {
  Cell median, low, high;  // low and high are missing below six values
};
Spread spread_of(const std::vector<double>& values, int digits);
std::vector<double> values_of(const std::vector<const FinishedSearch*>& searches,
                              double FinishedSearch::*figure);

// Why a cell that comes from searches is missing where there are none.
const Missing& not_searched();

}  // namespace tilewright

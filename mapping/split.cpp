#include "mapping/split.h"

#include <algorithm>
#include <cmath>

namespace tilewright {
namespace {

constexpr double kPartialBytes = 4;  // partial sums travel as fp32
constexpr double kShortestK = 4;     // rows of K worth a separate piece

// K rows of a piece: few enough that every tile gets one, and down to four to even out the last
// round.
double piece_rows(double k, double tasks, double units, double sub_matmul) {
  const double coarse = std::ceil(k / std::max(1.0, std::floor(units / tasks)));
  const double fine = std::min(kShortestK, coarse);
  return std::ceil(coarse * std::pow(fine / coarse, sub_matmul));
}

void split_product(const GroupCost& group, const SplitChoice& choice, SplitCost& cost) {
  const auto& shape = group.shape;
  const auto anchor = static_cast<std::size_t>(group.part);
  const double tiles = choice.tiles[anchor];
  const double units = tiles * choice.lanes / choice.unit_lanes;
  const double tasks = shape.outer * std::ceil(shape.columns / choice.unit_lanes);
  const double rows = piece_rows(shape.k, tasks, units, choice.sub_matmul);
  const double pieces = std::ceil(shape.k / rows);
  const double rounds = std::ceil(tasks * pieces / units);
  cost.cycles[anchor] += group.runs * rounds * rows;
  // A task of so many pieces, met at any offset by shares of so many rounds.
  const double g = (pieces - 1) / rounds + 1;
  cost.k_groups = g;
  // A chain adds partial sums hop by hop; a ring all-reduce moves twice the bytes in a logarithm
  // of the steps.
  const double results = shape.outer * shape.columns;
  cost.reduce_bytes = group.runs * (g - 1) * results * kPartialBytes * (1 + choice.all_reduce);
  cost.reduce_steps = (1 - choice.all_reduce) * (g - 1) + choice.all_reduce * 2 * std::log2(g);
  cost.reuse = std::max(1.0, tiles / g);
}

}  // namespace

SplitCost split(const GroupCost& group, const SplitChoice& choice) {
  SplitCost cost;
  if (group.shape.outer > 0) split_product(group, choice, cost);
  for (std::size_t part = 0; part < 3; ++part) {
    const double units = choice.tiles[part] * choice.lanes / choice.unit_lanes;
    for (const auto& work : group.vectors[part])
      cost.cycles[part] += work.count * std::ceil(work.elements / choice.unit_lanes) / units;
  }
  return cost;
}

}  // namespace tilewright

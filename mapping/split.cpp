#include "mapping/split.h"

#include <algorithm>
#include <cmath>

namespace tilewright {
namespace {

constexpr double kPartialBytes = 4;  // partial sums travel as fp32
constexpr double kShortestK = 4;     // rows of a K group worth a separate tile

// K groups: at least so many that no tile gets fewer columns than lanes, and up to four times that
// to even out the last round.
double choose_k_groups(const SplitShape& shape, double tasks, double tiles, double sub_matmul) {
  const double needed = std::max(1.0, std::floor(tiles / tasks));
  const double finer = needed * (1 + std::round(3 * sub_matmul));
  return std::clamp(finer, 1.0, std::max(1.0, std::floor(shape.k / kShortestK)));
}

}  // namespace

SplitCost split(const GroupCost& group, const SplitChoice& choice) {
  SplitCost cost;
  const auto anchor = static_cast<std::size_t>(group.part);
  if (group.shape.outer > 0) {
    const auto& shape = group.shape;
    const double tiles = choice.tiles[anchor];
    const double tasks = shape.outer * std::ceil(shape.columns / choice.lanes);
    const double g = choose_k_groups(shape, tasks, tiles, choice.sub_matmul);
    const double rounds = std::ceil(tasks * g / tiles);
    cost.cycles[anchor] += group.runs * rounds * std::ceil(shape.k / g);
    cost.k_groups = g;
    // A chain adds partial sums hop by hop; a ring all-reduce moves twice the bytes in a logarithm
    // of the steps.
    const double results = shape.outer * shape.columns;
    cost.reduce_bytes = group.runs * (g - 1) * results * kPartialBytes * (1 + choice.all_reduce);
    cost.reduce_steps =
        (1 - choice.all_reduce) * (g - 1) + choice.all_reduce * 2 * std::ceil(std::log2(g));
    cost.reuse = std::max(1.0, tiles / g);
  }
  for (std::size_t part = 0; part < 3; ++part) {
    for (const auto& work : group.vectors[part]) {
      cost.cycles[part] +=
          work.count * std::ceil(work.elements / (choice.tiles[part] * choice.lanes));
    }
  }
  return cost;
}

}  // namespace tilewright

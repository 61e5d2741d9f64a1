#include "mapping/run_loads.h"

#include <algorithm>
#include <bit>

namespace tilewright {
namespace {

constexpr std::int32_t kMarkBits = 64;

// Units of a run, around the end of the curve.
std::int32_t run_units(const std::vector<std::int32_t>& units, std::int32_t first,
                       std::int32_t count) {
  const auto at = [&](std::int32_t i) { return units[static_cast<std::size_t>(i)]; };
  const auto positions = static_cast<std::int32_t>(units.size()) - 1;
  const std::int32_t end = first + count;
  if (end <= positions) return at(end) - at(first);
  return at(positions) - at(first) + at(end - positions);
}

}  // namespace

void RunLoads::count(const PlaceInputs& in, const std::vector<std::int32_t>& units,
                     const std::vector<std::int32_t>& first) {
  positions_ = in.tiles();
  if (changes_.size() < static_cast<std::size_t>(positions_)) {
    changes_.resize(static_cast<std::size_t>(positions_));
    marks_.resize(static_cast<std::size_t>(positions_ / kMarkBits + 1));
  }
  const auto& counts = in.request.counts;
  const double unit = in.lanes.unit_lanes(), mean_units = in.lanes.mean_lanes() / unit;
  for (std::size_t g = 0; g < in.prepared.groups.size(); ++g) {
    const auto& group = in.prepared.groups[g];
    const auto& cost = in.cost_of(group);
    const double density = group.raw + group.war + group.waw;
    for (std::size_t part = 0; part < 3; ++part) {
      Sums sums;
      if (cost.cycles[part] > 0) {
        // Counted for mean lanes; this run may hold a few more or fewer.
        sums.cycles = cost.cycles[part] * counts[part] * mean_units /
                      run_units(units, first[g], counts[part]);
        sums.hazard = sums.cycles * density;
      }
      sums.operators = group.operators[part] / counts[part];
      if (group.weight_bytes > 0 && part == static_cast<std::size_t>(group.part))
        sums.weights = group.weight_bytes / (unit * run_units(units, first[g], counts[part]));
      if (sums.cycles > 0 || sums.operators > 0 || sums.weights > 0)
        add(first[g], counts[part], sums);
    }
  }
  close();
}

void RunLoads::add(std::int32_t first, std::int32_t count, const Sums& density) {
  const Sums back{-density.cycles, -density.weights, -density.operators, -density.hazard};
  const std::int32_t end = first + count;
  change(first, density);
  if (end < positions_) {
    change(end, back);
  } else if (end > positions_) {
    change(0, density);
    change(end - positions_, back);
  }
}

void RunLoads::change(std::int32_t position, const Sums& by) {
  auto& at = changes_[static_cast<std::size_t>(position)];
  at.cycles += by.cycles;
  at.weights += by.weights;
  at.operators += by.operators;
  at.hazard += by.hazard;
  marks_[static_cast<std::size_t>(position / kMarkBits)] |= std::uint64_t{1}
                                                            << position % kMarkBits;
}

void RunLoads::close() {
  Sums sum;
  segments_.clear();
  marks_[0] |= 1;  // the first segment begins at 0, whatever lies there
  for (std::size_t word = 0; word < marks_.size(); ++word) {
    for (; marks_[word] != 0; marks_[word] &= marks_[word] - 1) {
      const auto position =
          static_cast<std::int32_t>(word) * kMarkBits + std::countr_zero(marks_[word]);
      auto& by = changes_[static_cast<std::size_t>(position)];
      sum.cycles += by.cycles;
      sum.weights += by.weights;
      sum.operators += by.operators;
      sum.hazard += by.hazard;
      by = {};
      if (!segments_.empty()) segments_.back().end = position;
      // Rounding may leave less than nothing.
      segments_.push_back({position, positions_, std::max(0.0, sum.cycles),
                           std::max(0.0, sum.weights), std::max(0.0, sum.operators),
                           std::max(0.0, sum.hazard)});
    }
  }
}

}  // namespace tilewright

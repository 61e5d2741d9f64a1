#include "mapping/run_loads.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace tilewright {
namespace {

constexpr std::int32_t kMarkBits = 64;
// Rounds of evening out, after which every lane's work is within a few percent of the mean.
constexpr int kLevelRounds = 6;

std::size_t index(std::int32_t i) {
  return static_cast<std::size_t>(i);
}

}  // namespace

void RunLoads::count(const PlaceInputs& in, const std::vector<std::int32_t>& units,
                     const std::vector<std::int32_t>& first, bool level) {
  positions_ = in.tiles();
  list_runs(in, first);
  cut(units);
  if (level) level_shares();
  sum_shares();
  lay(in.lanes.unit_lanes());
}

void RunLoads::list_runs(const PlaceInputs& in, const std::vector<std::int32_t>& first) {
  const auto& counts = in.request.counts;
  const double mean_units = in.lanes.mean_lanes() / in.lanes.unit_lanes();
  marks_.assign(index(positions_ / kMarkBits + 1), 0);
  runs_.clear();
  for (std::size_t g = 0; g < in.prepared.groups.size(); ++g) {
    const auto& group = in.prepared.groups[g];
    const auto& cost = in.cost_of(group);
    for (std::size_t part = 0; part < 3; ++part) {
      const bool anchor = part == static_cast<std::size_t>(group.part);
      const double weights = anchor ? group.weight_bytes : 0;
      if (cost.cycles[part] <= 0 && group.operators[part] <= 0 && weights <= 0) continue;
      auto& run = runs_.emplace_back();
      run.first = first[g];
      run.count = counts[part];
      run.cycles = cost.cycles[part] * counts[part] * mean_units;
      run.weight_bytes = weights;
      run.operators = group.operators[part] / counts[part];
      run.density = group.raw + group.war + group.waw;
      mark(run.first);
      mark((run.first + run.count) % positions_);
    }
  }
}

void RunLoads::mark(std::int32_t position) {
  marks_[index(position / kMarkBits)] |= std::uint64_t{1} << position % kMarkBits;
}

// The curve into segments at the marks, and the runs' ends as segments.
void RunLoads::cut(const std::vector<std::int32_t>& units) {
  segments_.clear();
  segment_at_.resize(index(positions_));
  marks_[0] |= 1;  // the first segment begins at 0, whatever lies there
  for (std::size_t word = 0; word < marks_.size(); ++word) {
    for (auto bits = marks_[word]; bits != 0; bits &= bits - 1) {
      const auto position = static_cast<std::int32_t>(word) * kMarkBits + std::countr_zero(bits);
      if (!segments_.empty()) segments_.back().end = position;
      segment_at_[index(position)] = static_cast<std::int32_t>(segments_.size());
      segments_.emplace_back().begin = position;
    }
  }
  segments_.back().end = positions_;
  for (auto& s : segments_)
    s.units = static_cast<double>(units[index(s.end)] - units[index(s.begin)]);
  for (auto& run : runs_) {
    const std::int32_t end = run.first + run.count;
    run.begin = segment_at_[index(run.first)];
    run.end = end == positions_ ? static_cast<std::int32_t>(segments_.size())
                                : segment_at_[index(end % positions_)];
  }
}

void RunLoads::sum_shares() {
  share_sums_.resize(segments_.size() + 1);
  double sum = 0;
  for (std::size_t s = 0; s < segments_.size(); ++s) {
    share_sums_[s] = sum;
    sum += segments_[s].share * segments_[s].units;
  }
  share_sums_.back() = sum;
}

double RunLoads::shares_of(const Run& run) const {
  const double around = run.end > run.begin ? 0 : share_sums_.back();
  return share_sums_[index(run.end)] - share_sums_[index(run.begin)] + around;
}

// Calls add(segment, +1 or -1) where the run begins and behind its end.
template <typename Add>
void RunLoads::over(const Run& run, Add add) {
  add(index(run.begin), 1.0);
  add(index(run.end), -1.0);
  if (run.end <= run.begin) add(std::size_t{0}, 1.0);
}

// Iterative proportional fitting, over-relaxed: a lane's share grows by how much less than the mean
// it has to do.
void RunLoads::level_shares() {
  double work = 0, units = 0;
  for (const auto& run : runs_) work += run.cycles;
  for (const auto& s : segments_) units += s.units;
  const double mean = work / units;
  for (int round = 0; round < kLevelRounds; ++round) {
    sum_shares();
    busy_.assign(segments_.size() + 1, 0);
    for (const auto& run : runs_) {
      const double density = run.cycles / shares_of(run);
      over(run, [&](std::size_t s, double sign) { busy_[s] += sign * density; });
    }
    double busy = 0;
    for (std::size_t s = 0; s < segments_.size(); ++s) {
      busy += busy_[s];
      if (busy <= 0) continue;
      double& share = segments_[s].share;
      const double room = mean / (busy * share);
      share = std::clamp(share * room * std::sqrt(room), 1 / kMostShare, kMostShare);
    }
  }
}

void RunLoads::lay(double unit_lanes) {
  changes_.assign(segments_.size() + 1, {});
  for (const auto& run : runs_) {
    const double shares = shares_of(run);
    const double cycles = run.cycles / shares, weights = run.weight_bytes / (unit_lanes * shares);
    over(run, [&](std::size_t s, double sign) {
      auto& at = changes_[s];
      at.cycles += sign * cycles;
      at.weights += sign * weights;
      at.operators += sign * run.operators;
      at.hazard += sign * cycles * run.density;
    });
  }
  Sums sum;
  for (std::size_t s = 0; s < segments_.size(); ++s) {
    sum.cycles += changes_[s].cycles;
    sum.weights += changes_[s].weights;
    sum.operators += changes_[s].operators;
    sum.hazard += changes_[s].hazard;
    auto& segment = segments_[s];
    // Rounding may leave less than nothing.
    segment.cycles = segment.share * std::max(0.0, sum.cycles);
    segment.weight_density = segment.share * std::max(0.0, sum.weights);
    segment.operators = std::max(0.0, sum.operators);
    segment.hazard = segment.share * std::max(0.0, sum.hazard);
  }
}

}  // namespace tilewright

#include "experiments/blocks/block_search.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "agents/minimise.h"
#include "experiments/processor_time.h"
#include "support/random.h"

namespace tilewright {
namespace {

constexpr double kSigma = 0.1;
constexpr double kPlain = 0.5;            // a factor of one
constexpr std::int64_t kLeastVisit = 16;  // two generations of CMA-ES on four variables
constexpr std::int64_t kSweeps = 2;       // over all blocks, that the budget is meant for

// The variables of the box that are not fixed.
std::vector<std::size_t> live_variables(const DesignBox& box) {
  std::vector<std::size_t> live;
  for (std::size_t i = 0; i < kActionCount; ++i) {
    if (box.hi[i] > box.lo[i]) live.push_back(i);
  }
  return live;
}

class BlockSearch {
 public:
  BlockSearch(const Surrogate& surrogate, const BlockSearchOptions& options)
      : surrogate_(surrogate),
        options_(options),
        live_(live_variables(surrogate.box())),
        blocks_(surrogate, options.side) {}

  BlockSearchResult run() {
    const double begin = thread_seconds();
    const DesignBox& box = surrogate_.box();
    base_ = to_unit(project(surrogate_.initial_design(), box), box);
    result_.start = result_.best = place(base_);
    note(result_.start, {});
    if (options_.strategy == BlockStrategy::kJoint) {
      joint();
    } else {
      const bool all = options_.strategy == BlockStrategy::kFlat;
      flat(all ? left() : left() / 2);
      if (options_.strategy == BlockStrategy::kRefine) refine();
      if (options_.strategy == BlockStrategy::kBlocks) sweep_blocks();
    }
    result_.seconds = thread_seconds() - begin;
    return std::move(result_);
  }

 private:
  std::int64_t left() const { return options_.evaluations - std::ssize(result_.curve); }
  std::uint64_t next_seed() { return random_.bits(); }

  template <typename Judge>
  Evaluation timed(Judge judge) {
    const double begin = thread_seconds();
    const Evaluation e = judge();
    result_.judging_s += thread_seconds() - begin;
    return e;
  }

  Evaluation place(const ActionVector& unit) {
    ++result_.placed;
    const DesignBox& box = surrogate_.box();
    return timed([&] { return blocks_.place(project(from_unit(unit, box), box)); });
  }

  Evaluation in_blocks(std::span<const double> factors) {
    ++result_.cut;
    return timed([&] { return blocks_.evaluate(factors); });
  }

  // Counts an evaluation.
  double note(const Evaluation& e, std::span<const double> factors) {
    if (better(e, result_.best)) {
      result_.best = e;
      result_.factors.assign(factors.begin(), factors.end());
    }
    result_.curve.push_back(fitness(result_.best));
    return fitness(e);
  }

  ActionVector with_live(std::span<const double> point) const {
    ActionVector unit = base_;
    for (std::size_t i = 0; i < live_.size(); ++i) unit[live_[i]] = point[i];
    return unit;
  }
  std::vector<double> live_of(const ActionVector& unit) const {
    std::vector<double> point;
    for (const std::size_t i : live_) point.push_back(std::clamp(unit[i], 0.0, 1.0));
    return point;
  }
  void count(std::size_t variables, std::size_t at_once) {
    result_.variables += static_cast<std::int64_t>(variables);
    result_.most_at_once = std::max(result_.most_at_once, static_cast<std::int64_t>(at_once));
  }
  std::size_t factors() const { return blocks_.grid().blocks() * kBlockVariables; }

  void flat(std::int64_t budget) {
    count(live_.size(), live_.size());
    const CubeSearch search{live_of(base_), kSigma, budget, next_seed()};
    const CubeBest best =
        minimise([&](std::span<const double> point) { return note(place(with_live(point)), {}); },
                 fitness(result_.best), search);
    base_ = with_live(best.point);
  }

  void joint() {
    count(live_.size() + factors(), live_.size() + factors());
    std::vector<double> start = live_of(base_);
    start.resize(live_.size() + factors(), kPlain);
    const auto judge = [&](std::span<const double> point) {
      place(with_live(point));
      const auto own = point.subspan(live_.size());
      return note(in_blocks(own), own);
    };
    minimise(judge, fitness(result_.best), {start, kSigma, left(), next_seed()});
  }

  // The design of the flat phase, cut into blocks that all have a factor of one.
  std::vector<double> cut() {
    place(base_);  // known from the flat phase; only its placement is needed again
    return std::vector<double>(factors(), kPlain);
  }

  void refine() {
    if (left() == 0) return;
    const std::vector<double> start = cut();
    count(start.size(), start.size());
    const double plain = note(in_blocks(start), start);
    minimise([&](std::span<const double> p) { return note(in_blocks(p), p); }, plain,
             {start, kSigma, left(), next_seed()});
  }

  void sweep_blocks() {
    if (left() == 0) return;
    std::vector<double> now = cut();
    count(now.size(), kBlockVariables);
    double value = note(in_blocks(now), now);
    const auto blocks = static_cast<std::int64_t>(blocks_.grid().blocks());
    const std::int64_t visit = std::max(kLeastVisit, left() / (kSweeps * blocks));
    std::vector<std::size_t> order(blocks_.grid().blocks());
    while (left() > 0) {
      shuffle(order);
      for (std::size_t i = 0; i < order.size() && left() > 0; ++i)
        value = visit_block(now, value, order[i], std::min(visit, left()));
    }
  }

  // Searches one block's factors with all others held; returns the value of `now`, then no worse.
  double visit_block(std::vector<double>& now, double value, std::size_t block,
                     std::int64_t budget) {
    ++result_.visits;
    const auto own = std::span(now).subspan(block * kBlockVariables, kBlockVariables);
    const std::vector<double> start(own.begin(), own.end());
    const auto judge = [&](std::span<const double> point) {
      std::copy(point.begin(), point.end(), own.begin());
      return note(in_blocks(now), now);
    };
    const CubeBest best = minimise(judge, value, {start, kSigma, budget, next_seed()});
    std::copy(best.point.begin(), best.point.end(), own.begin());
    return best.value;
  }

  void shuffle(std::vector<std::size_t>& order) {
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random_.below(i)]);
  }

  const Surrogate& surrogate_;
  const BlockSearchOptions options_;
  std::vector<std::size_t> live_;
  BlockDesign blocks_;
  ActionVector base_{};
  BlockSearchResult result_;
  RandomStream random_{options_.seed, "blocks"};
};

}  // namespace

const char* strategy_name(BlockStrategy strategy) {
  switch (strategy) {
    case BlockStrategy::kFlat:
      return "flat";
    case BlockStrategy::kJoint:
      return "joint";
    case BlockStrategy::kRefine:
      return "flat, then all blocks at once";
    case BlockStrategy::kBlocks:
      return "flat, then block by block";
  }
  return "";
}

BlockSearchResult block_search(const Surrogate& surrogate, const BlockSearchOptions& options) {
  return BlockSearch(surrogate, options).run();
}

}  // namespace tilewright

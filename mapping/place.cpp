#include "mapping/place.h"

#include <algorithm>
#include <cmath>

#include "arch/design.h"
#include "mapping/curve.h"
#include "support/random.h"

namespace tilewright {

LanePattern::LanePattern(double mean_bits, double bits_per_lane) : bits_per_lane_(bits_per_lane) {
  // A mean that rounding left just below or above a power of two is that power.
  constexpr double kRounding = 1e-9;
  const double mean = std::clamp(mean_bits, double{kVlenMin}, double{kVlenMax});
  low_bits_ = std::exp2(std::floor(std::log2(mean * (1 + kRounding))));
  share_high_ = std::clamp((mean - low_bits_) / low_bits_, 0.0, 1.0);
  if (share_high_ < kRounding || low_bits_ >= kVlenMax) share_high_ = 0;
  mean_lanes_ = low_bits_ * (1 + share_high_) / bits_per_lane_;
}

double LanePattern::lanes_before(std::int64_t position) const {
  const auto p = static_cast<double>(position);
  return low_bits_ / bits_per_lane_ * (p + std::floor(p * share_high_));
}

double LanePattern::bits_at(std::int64_t position) const {
  return (lanes_before(position + 1) - lanes_before(position)) * bits_per_lane_;
}

namespace {

// Weights of the placement score c_t (equations.md, form given, weights ours), at the reference
// balance .6 and locality .5; the two actions scale their halves.
constexpr double kLoadWeight = 0.4, kHopWeight = 0.3, kOverloadWeight = 0.2, kCentreWeight = 0.1;
constexpr double kReferenceBalance = 0.6, kReferenceLocality = 0.5;
constexpr double kLoadSlope = 4;
constexpr std::int32_t kMaxBlocks = 64;
constexpr std::int32_t kMaxCandidates = 16;
constexpr int kPairs = 4;  // sample routes between two runs

struct Xy {
  std::int32_t x, y;
};

// Loads along the curve in at most 64 blocks, with prefix sums, so that a run's mean load is two
// look-ups.
class BlockLoads {
 public:
  explicit BlockLoads(std::int32_t positions)
      : positions_(positions),
        blocks_(std::min(kMaxBlocks, positions)),
        scale_(double(blocks_) / positions) {}

  // Adds `density` a position over [first, first + count), wrapping.
  void add(std::int32_t first, std::int32_t count, double density) {
    const std::int32_t end = first + count;
    add_span(first, std::min(end, positions_), density);
    if (end > positions_) add_span(0, end - positions_, density);
    double sum = 0;
    for (std::int32_t b = 0; b < blocks_; ++b) {
      sum += load_[b];
      prefix_[b + 1] = sum;
    }
    total_ = sum;
  }

  // Mean load of the positions of a run, relative to the mean of all.
  double relative(std::int32_t first, std::int32_t count) const {
    if (total_ <= 0) return 0;
    const std::int32_t end = first + count;
    double sum = before(std::min(end, positions_)) - before(first);
    if (end > positions_) sum += before(end - positions_);
    return sum / count * positions_ / total_;
  }

 private:
  double before(std::int32_t position) const {
    const double at = position * scale_;
    const auto block = static_cast<std::int32_t>(at);
    if (block >= blocks_) return total_;
    return prefix_[block] + (at - block) * load_[block];
  }

  void add_span(std::int32_t from, std::int32_t to, double density) {
    const double a = from * scale_, b = to * scale_, mass = density / scale_;
    auto block = static_cast<std::int32_t>(a);
    const auto last = std::min(static_cast<std::int32_t>(b), blocks_ - 1);
    if (block >= last) {
      load_[std::min(block, blocks_ - 1)] += (b - a) * mass;
      return;
    }
    load_[block] += (block + 1 - a) * mass;
    for (++block; block < last; ++block) load_[block] += mass;
    load_[last] += (b - last) * mass;
  }

  std::int32_t positions_, blocks_;
  double scale_, total_ = 0;
  double load_[kMaxBlocks + 1] = {};
  double prefix_[kMaxBlocks + 2] = {};
};

// Sums over ranges of the curve, as differences until close().
class RangeSums {
 public:
  explicit RangeSums(std::vector<double>& sums, std::int32_t positions)
      : sums_(sums), positions_(positions) {
    sums_.assign(static_cast<std::size_t>(positions) + 1, 0.0);
  }
  void add(std::int32_t first, std::int32_t count, double density) {
    const std::int32_t end = first + count;
    at(first) += density;
    if (end <= positions_) {
      at(end) -= density;
    } else {
      at(positions_) -= density;
      at(0) += density;
      at(end - positions_) -= density;
    }
  }
  void close() {
    double sum = 0;
    for (auto& value : sums_) {
      sum += value;
      value = std::max(0.0, sum);  // rounding may leave less than nothing
    }
    sums_.pop_back();
  }

 private:
  double& at(std::int32_t i) { return sums_[static_cast<std::size_t>(i)]; }
  std::vector<double>& sums_;
  std::int32_t positions_;
};

// Bytes over every directed mesh link, as differences along rows and columns until busiest().
class LinkLoads {
 public:
  LinkLoads(std::int32_t w, std::int32_t h) : w_(w), h_(h) {
    const auto nodes = static_cast<std::size_t>(w + 1) * static_cast<std::size_t>(h + 1);
    for (auto& plane : planes_) plane.assign(nodes, 0.0);
  }
  // XY route: along the row of `from`, then along the column of `to`.
  void route(Xy from, Xy to, double bytes) {
    if (from.x < to.x) span(0, from.y * (w_ + 1), from.x, to.x, bytes);
    if (from.x > to.x) span(1, from.y * (w_ + 1), to.x, from.x, bytes);
    if (from.y < to.y) span(2, to.x * (h_ + 1), from.y, to.y, bytes);
    if (from.y > to.y) span(3, to.x * (h_ + 1), to.y, from.y, bytes);
  }
  double busiest() const {
    double most = 0;
    for (std::size_t p = 0; p < 4; ++p) {
      const auto length = static_cast<std::size_t>(p < 2 ? w_ + 1 : h_ + 1);
      double sum = 0;
      for (std::size_t i = 0; i < planes_[p].size(); ++i) {
        sum = i % length == 0 ? planes_[p][i] : sum + planes_[p][i];
        most = std::max(most, sum);
      }
    }
    return most;
  }

 private:
  void span(std::size_t plane, std::int32_t base, std::int32_t from, std::int32_t to,
            double bytes) {
    auto* line = planes_[plane].data() + base;
    line[from] += bytes;
    line[to] -= bytes;
  }
  std::int32_t w_, h_;
  std::array<std::vector<double>, 4> planes_;
};

class Placer {
 public:
  Placer(const Mapper::Prepared& prepared, const std::vector<SplitCost>& costs,
         const LanePattern& lanes, const PlaceRequest& request, PlaceResult& out)
      : prepared_(prepared),
        costs_(costs),
        lanes_(lanes),
        request_(request),
        out_(out),
        tiles_(request.w * request.h),
        work_(tiles_),
        weights_(tiles_) {}

  void run() {
    lay_curve();
    choose_starts();
    if (request_.policy == PlacementPolicy::kRandomPermutation) shuffle_curve();
    count_loads();
    count_traffic();
  }

 private:
  void lay_curve() {
    if (request_.policy == PlacementPolicy::kRoundRobin) {
      out_.curve.resize(static_cast<std::size_t>(tiles_));
      for (std::int32_t i = 0; i < tiles_; ++i) out_.curve[static_cast<std::size_t>(i)] = i;
    } else {
      mesh_curve(request_.w, request_.h, out_.curve);
    }
    centre_ = {(request_.w - 1) / 2, (request_.h - 1) / 2};
  }

  void shuffle_curve() {
    RandomStream random(request_.policy_seed, "mapping/permutation");
    for (std::size_t i = out_.curve.size(); i > 1; --i)
      std::swap(out_.curve[i - 1], out_.curve[random.below(i)]);
  }

  std::int32_t count_of(const Group& group) const {
    return request_.counts[static_cast<std::size_t>(
        prepared_.costs[static_cast<std::size_t>(group.cost)].part)];
  }

  void choose_starts() {
    out_.first.assign(prepared_.groups.size(), 0);
    std::int32_t next = 0;
    for (std::size_t g = 0; g < prepared_.groups.size(); ++g) {
      const auto& group = prepared_.groups[g];
      const auto count = count_of(group);
      std::int32_t first = 0;
      if (request_.policy == PlacementPolicy::kRoundRobin) {
        first = next;
      } else if (request_.policy != PlacementPolicy::kQuarter) {
        first = best_start(group, count, next);
      }
      out_.first[g] = first;
      next = (first + count) % tiles_;
      const auto& cost = costs_[static_cast<std::size_t>(group.cost)];
      for (std::size_t part = 0; part < 3; ++part) {
        if (cost.cycles[part] > 0) work_.add(first, request_.counts[part], cost.cycles[part]);
      }
      if (group.weight_bytes > 0) weights_.add(first, count, group.weight_bytes / count);
    }
  }

  Xy at(std::int32_t position) const {
    const std::int32_t tile = out_.curve[static_cast<std::size_t>(position % tiles_)];
    return {tile % request_.w, tile / request_.w};
  }

  static double distance(Xy a, Xy b) { return std::abs(a.x - b.x) + std::abs(a.y - b.y); }

  // The start with the lowest placement score among: continue, next to each producer, evenly spread
  // positions (which hold the least loaded one), centre. Ties go to the earlier candidate.
  std::int32_t best_start(const Group& group, std::int32_t count, std::int32_t next) const {
    if (count == tiles_) return 0;
    std::array<std::int32_t, kMaxCandidates> candidates{};
    std::int32_t n = 0;
    candidates[static_cast<std::size_t>(n++)] = next;
    for (const auto& edge : group.edges) {
      if (n >= 5) break;
      const auto source = static_cast<std::size_t>(edge.source);
      candidates[static_cast<std::size_t>(n++)] = out_.first[source];
      candidates[static_cast<std::size_t>(n++)] =
          (out_.first[source] + count_of(prepared_.groups[source])) % tiles_;
    }
    const std::int32_t spread = kMaxCandidates - n;
    for (std::int32_t i = 0; i < spread; ++i) {
      candidates[static_cast<std::size_t>(n++)] =
          static_cast<std::int32_t>(std::int64_t{i} * tiles_ / spread);
    }
    std::int32_t best = candidates[0];
    double least = 1e300;
    for (std::int32_t i = 0; i < n; ++i) {
      const double score = start_score(group, candidates[static_cast<std::size_t>(i)], count);
      if (score < least) {
        least = score;
        best = candidates[static_cast<std::size_t>(i)];
      }
    }
    return best;
  }

  double start_score(const Group& group, std::int32_t first, std::int32_t count) const {
    // Runs overlap, so mean loads differ little; the slope makes a few percent of load worth some
    // hops.
    const double load =
        1 +
        kLoadSlope * (std::max(work_.relative(first, count), weights_.relative(first, count)) - 1);
    const Xy middle = at(first + count / 2);
    double hops = 0, bytes = 0;
    for (const auto& edge : group.edges) {
      const auto source = static_cast<std::size_t>(edge.source);
      hops += edge.bytes *
              distance(at(out_.first[source] + count_of(prepared_.groups[source]) / 2), middle);
      bytes += edge.bytes;
    }
    if (bytes > 0) hops /= bytes;
    const double balance = request_.balance / kReferenceBalance;
    const double locality = request_.locality / kReferenceLocality;
    const double span = request_.w + request_.h;
    return balance * (kLoadWeight * load + kOverloadWeight * std::max(0.0, load - 1)) +
           locality * (kHopWeight * hops + kCentreWeight * distance(middle, centre_)) / span;
  }

  void count_loads() {
    RangeSums cycles(out_.cycles, tiles_), weights(out_.weight_density, tiles_),
        operators(out_.operators, tiles_), hazard(out_.hazard, tiles_);
    for (std::size_t g = 0; g < prepared_.groups.size(); ++g) {
      const auto& group = prepared_.groups[g];
      const auto& cost = costs_[static_cast<std::size_t>(group.cost)];
      const auto first = out_.first[g];
      const double density = group.raw + group.war + group.waw;
      for (std::size_t part = 0; part < 3; ++part) {
        const auto count = request_.counts[part];
        if (cost.cycles[part] > 0) {
          // Counted for mean lanes; this run may hold a few more or fewer.
          const double here =
              cost.cycles[part] * count * lanes_.mean_lanes() / run_lanes(first, count);
          cycles.add(first, count, here);
          hazard.add(first, count, here * density);
        }
        if (group.operators[part] > 0) operators.add(first, count, group.operators[part] / count);
      }
      if (group.weight_bytes > 0) {
        const auto count = count_of(group);
        weights.add(first, count, group.weight_bytes / run_lanes(first, count));
      }
    }
    cycles.close();
    weights.close();
    operators.close();
    hazard.close();
  }

  double run_lanes(std::int32_t first, std::int32_t count) const {
    const std::int32_t end = first + count;
    double sum = lanes_.lanes_before(std::min(end, tiles_)) - lanes_.lanes_before(first);
    if (end > tiles_) sum += lanes_.lanes_before(end - tiles_);
    return sum;
  }

  // Hops of one axis: express links between super-clusters of side s, mesh links inside.
  double axis_hops(double d, double s) const {
    if (s <= 1) return d;
    const double over = std::floor(d / s);
    return over * request_.express_hop + (d - over * s);
  }

  double hops(Xy a, Xy b) const {
    return axis_hops(std::abs(a.x - b.x), request_.supercluster_x) +
           axis_hops(std::abs(a.y - b.y), request_.supercluster_y);
  }

  // Mean hops between positions that follow each other: 1 on the curve, more when it was torn up.
  double step_hops() const {
    double sum = 0;
    for (std::int32_t i = 0; i + 1 < tiles_; ++i) sum += distance(at(i), at(i + 1));
    return tiles_ > 1 ? sum / (tiles_ - 1) : 1;
  }

  void count_traffic() {
    auto& traffic = out_.traffic;
    traffic = {};
    LinkLoads links(request_.w, request_.h);
    RangeSums run_links(run_bytes_, tiles_);
    const double step = step_hops();
    for (std::size_t g = 0; g < prepared_.groups.size(); ++g) {
      const auto& group = prepared_.groups[g];
      const auto& cost = costs_[static_cast<std::size_t>(group.cost)];
      const auto count = count_of(group);
      double farthest = 0;
      for (const auto& edge : group.edges)
        farthest = std::max(farthest, count_edge(g, edge, cost, step, links, run_links));
      traffic.reduce_bytes += cost.reduce_bytes;
      traffic.bytes += cost.reduce_bytes;
      traffic.byte_hops += cost.reduce_bytes * step;
      run_links.add(out_.first[g], count, cost.reduce_bytes / count);
      traffic.steps += farthest + cost.reduce_steps * step;
    }
    traffic.phases = static_cast<std::int64_t>(prepared_.groups.size());
    traffic.mean_hops = traffic.bytes > 0 ? traffic.byte_hops / traffic.bytes : 0;
    run_links.close();
    for (std::int32_t i = 0; i + 1 < tiles_; ++i)
      links.route(at(i), at(i + 1), run_bytes_[static_cast<std::size_t>(i)]);
    traffic.busiest_link = links.busiest();
  }

  // One edge: from the producer's run to the consumer's along sample routes, then along the run to
  // every tile that needs the value. Returns the longest of the routes.
  double count_edge(std::size_t g, const GroupEdge& edge, const SplitCost& cost, double step,
                    LinkLoads& links, RangeSums& run_links) {
    const auto source = static_cast<std::size_t>(edge.source);
    const auto from_count = count_of(prepared_.groups[source]);
    const auto to_count = count_of(prepared_.groups[g]);
    // Results that were all-reduced lie on every tile of the producer's run: the nearest one sends.
    const auto& from_cost = costs_[static_cast<std::size_t>(prepared_.groups[source].cost)];
    const double nearer = from_cost.k_groups > 1 ? 1 - 0.5 * request_.all_reduce : 1;
    double sum = 0, farthest = 0;
    for (std::int32_t i = 0; i < kPairs; ++i) {
      const Xy a = at(out_.first[source] + from_count * (2 * i + 1) / (2 * kPairs));
      const Xy b = at(out_.first[g] + to_count * (2 * i + 1) / (2 * kPairs));
      const double d = nearer * hops(a, b);
      sum += d;
      farthest = std::max(farthest, d);
      links.route(a, b, edge.bytes * nearer / kPairs);
    }
    const double copies = cost.reuse - 1;
    auto& traffic = out_.traffic;
    traffic.bytes += edge.bytes * (1 + copies);
    traffic.byte_hops += edge.bytes * (sum / kPairs + copies * step);
    run_links.add(out_.first[g], to_count, edge.bytes * copies / to_count);
    return farthest + std::sqrt(static_cast<double>(to_count)) * step;
  }

  const Mapper::Prepared& prepared_;
  const std::vector<SplitCost>& costs_;
  const LanePattern& lanes_;
  const PlaceRequest& request_;
  PlaceResult& out_;
  std::int32_t tiles_;
  BlockLoads work_, weights_;
  Xy centre_{0, 0};
  std::vector<double> run_bytes_;
};

}  // namespace

void place(const Mapper::Prepared& prepared, const std::vector<SplitCost>& costs,
           const LanePattern& lanes, const PlaceRequest& request, PlaceResult& out) {
  Placer(prepared, costs, lanes, request, out).run();
}

}  // namespace tilewright

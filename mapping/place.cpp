#include "mapping/place.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>

#include "support/random.h"

namespace tilewright {
namespace {

// Weights of the placement score c_t (equations.md, form given, weights ours), at the reference
// balance .6 and locality .5; the two actions scale their halves.
constexpr double kLoadWeight = 0.4, kHopWeight = 0.3, kOverloadWeight = 0.2, kCentreWeight = 0.1;
constexpr double kReferenceBalance = 0.6, kReferenceLocality = 0.5;
// Runs overlap, so mean loads differ little; the slope makes a few percent of load worth some hops.
constexpr float kLoadSlope = 4;
constexpr std::int32_t kBlocks = 64;
constexpr std::int32_t kCandidates = 16;
constexpr std::int32_t kNearCandidates = 5;  // continue, and both ends of two producers
constexpr std::int32_t kUnplaced = -1;
constexpr double kHeavyShare = 0.25;  // of the mean load of a tile

// A choice between starts needs no more than single precision, and twice as many fit a vector.
template <typename T>
using PerCandidate = std::array<T, kCandidates>;

// Work and weights of the runs laid so far, as running sums at the bounds of at most 64 blocks of
// the curve, evenly spread inside a block: a run's mean load is two look-ups.
class BlockSums {
 public:
  explicit BlockSums(std::int32_t positions)
      : positions_(positions),
        scale_(static_cast<float>(std::min(kBlocks, positions)) / static_cast<float>(positions)) {
    for (std::size_t b = 0; b < kBounds; ++b)
      bound_[b] = std::min(static_cast<float>(b) / scale_, static_cast<float>(positions));
  }

  // Adds to every position of [first, first + count), wrapping.
  void add(std::int32_t first, std::int32_t count, float work, float weights) {
    const auto from = static_cast<float>(first), length = static_cast<float>(count);
    const float over = std::max(0.0F, from + length - static_cast<float>(positions_));
    for (std::size_t b = 0; b < kBounds; ++b) {
      const float before =
          std::min(std::max(bound_[b] - from, 0.0F), length - over) + std::min(bound_[b], over);
      sum_[b].work += work * before;
      sum_[b].weights += weights * before;
    }
  }

  // For each run of `count` positions: its mean work or its mean weights, whichever is more,
  // relative to the mean of the whole curve; 0 while there is none.
  PerCandidate<float> relative(const PerCandidate<std::int32_t>& first, std::int32_t count) const {
    const Ends from = look_up(first);
    PerCandidate<std::int32_t> end;
    PerCandidate<float> wraps, out;
    for (std::size_t i = 0; i < kCandidates; ++i) {
      const std::int32_t wrapped = first[i] + count > positions_;
      end[i] = first[i] + count - wrapped * positions_;
      wraps[i] = static_cast<float>(wrapped);
    }
    const Ends to = look_up(end);
    const Sums total = sum_[kBlocks];
    const float mean = static_cast<float>(positions_) / static_cast<float>(count);
    const float work_scale = total.work > 0 ? mean / total.work : 0;
    const float weights_scale = total.weights > 0 ? mean / total.weights : 0;
    for (std::size_t i = 0; i < kCandidates; ++i) {
      const float work = to.work(i) - from.work(i) + wraps[i] * total.work;
      const float weights = to.weights(i) - from.weights(i) + wraps[i] * total.weights;
      out[i] = std::max(work_scale * work, weights_scale * weights);
    }
    return out;
  }

 private:
  struct Sums {
    float work, weights;
  };
  // Sums at the bounds around positions, and the share of the block before them.
  struct Ends {
    PerCandidate<std::array<Sums, 2>> bounds;
    PerCandidate<float> rest;
    float work(std::size_t i) const {
      return bounds[i][0].work + rest[i] * (bounds[i][1].work - bounds[i][0].work);
    }
    float weights(std::size_t i) const {
      return bounds[i][0].weights + rest[i] * (bounds[i][1].weights - bounds[i][0].weights);
    }
  };

  Ends look_up(const PerCandidate<std::int32_t>& positions) const {
    Ends ends;
    PerCandidate<std::int32_t> block;
    for (std::size_t i = 0; i < kCandidates; ++i) {
      const float at = scale_ * static_cast<float>(positions[i]);
      block[i] = static_cast<std::int32_t>(at);
      ends.rest[i] = at - static_cast<float>(block[i]);
    }
    for (std::size_t i = 0; i < kCandidates; ++i)
      std::memcpy(&ends.bounds[i], &sum_[static_cast<std::size_t>(block[i])],
                  sizeof ends.bounds[i]);
    return ends;
  }

  // Bounds 0 .. kBlocks, one more to look up past the end, and padding to whole vectors.
  static constexpr std::size_t kBounds = 72;
  std::int32_t positions_;
  float scale_;
  alignas(32) std::array<float, kBounds> bound_{};
  alignas(32) std::array<Sums, kBounds> sum_{};
};

class Starts {
 public:
  Starts(const PlaceInputs& in, const Walk& walk, const Network& network,
         std::vector<std::int32_t>& first)
      : in_(in), walk_(walk), network_(network), first_(first), tiles_(in.tiles()), sums_(tiles_) {
    const auto& r = in.request;
    const double balance = r.balance / kReferenceBalance;
    const double locality = r.locality / kReferenceLocality / network.span();
    load_weight_ = static_cast<float>(balance * kLoadWeight);
    overload_weight_ = static_cast<float>(balance * kOverloadWeight);
    hop_weight_ = static_cast<float>(locality * kHopWeight);
    const auto kind = r.topology.kind;
    const bool even = kind == TopologyKind::kTorus || kind == TopologyKind::kRing;  // no centre
    centre_weight_ = even ? 0 : static_cast<float>(locality * kCentreWeight);
    for (std::int32_t near = 1; near <= kNearCandidates; near += 2) {
      const std::int32_t spread = kCandidates - near;
      for (std::int32_t i = 0; i < spread; ++i)
        spread_[index(near)][index(near + i)] =
            static_cast<std::int32_t>(std::int64_t{i} * tiles_ / spread);
    }
  }

  void run() {
    const auto& groups = in_.prepared.groups;
    first_.assign(groups.size(), kUnplaced);
    if (chooses()) place_heavy();
    std::int32_t next = 0;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      if (first_[g] == kUnplaced) place(g, next);
      next = wrap(first_[g] + in_.count_of(groups[g]));
    }
  }

 private:
  static std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }
  std::int32_t wrap(std::int32_t position) const {  // below twice the curve's length
    return position >= tiles_ ? position - tiles_ : position;
  }

  bool chooses() const {
    return in_.request.policy != PlacementPolicy::kRoundRobin &&
           in_.request.policy != PlacementPolicy::kQuarter;
  }

  void place(std::size_t g, std::int32_t next) {
    const auto& group = in_.prepared.groups[g];
    const auto count = in_.count_of(group);
    if (in_.request.policy == PlacementPolicy::kRoundRobin) {
      first_[g] = next;
    } else {
      first_[g] = chooses() ? best_start(group, count, next) : 0;
    }
    lay_load(group, first_[g], count);
  }

  double work_of(const Group& group) const {
    const auto& cost = in_.cost_of(group);
    double work = 0;
    for (std::size_t part = 0; part < 3; ++part)
      work += cost.cycles[part] * in_.request.counts[part];
    return work;
  }

  // A group that loads its tiles with a good part of all they will carry comes before the others,
  // which then go around it; met last, it would tower over whatever lies there.
  void place_heavy() {
    const auto& groups = in_.prepared.groups;
    double work = 0;
    for (const auto& group : groups) work += work_of(group);
    const double heavy = kHeavyShare * work / tiles_;
    std::int32_t next = 0;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      if (work_of(groups[g]) <= heavy * in_.count_of(groups[g])) continue;
      place(g, next);
      next = wrap(first_[g] + in_.count_of(groups[g]));
    }
  }

  void lay_load(const Group& group, std::int32_t first, std::int32_t count) {
    const auto& cost = in_.cost_of(group);
    const auto anchor = static_cast<std::size_t>(group.part);
    for (std::size_t part = 0; part < 3; ++part) {
      const double weights = part == anchor ? group.weight_bytes / count : 0;
      if (cost.cycles[part] > 0 || weights > 0) {
        sums_.add(first, in_.request.counts[part], static_cast<float>(cost.cycles[part]),
                  static_cast<float>(weights));
      }
    }
  }

  // The start with the lowest placement score among: continue, next to each producer, evenly spread
  // positions (which hold the least loaded one), centre. Ties go to the earlier candidate.
  std::int32_t best_start(const Group& group, std::int32_t count, std::int32_t next) const {
    if (count == tiles_) return 0;
    PerCandidate<std::int32_t> candidates;
    fill_candidates(group, next, candidates);
    PerCandidate<float> score;
    score_candidates(group, count, candidates, score);
    return candidates[first_least(score)];
  }

  // Without branches: which candidate wins can't be foretold.
  static std::size_t first_least(const PerCandidate<float>& score) {
    PerCandidate<float> least = score;
    for (std::size_t half = kCandidates / 2; half > 0; half /= 2) {
      for (std::size_t i = 0; i < half; ++i) least[i] = std::min(least[i], least[i + half]);
    }
    std::uint32_t equal = 0;
    for (std::size_t i = 0; i < kCandidates; ++i)
      equal |= static_cast<std::uint32_t>(score[i] == least[0]) << i;
    return static_cast<std::size_t>(std::countr_zero(equal | 1U << (kCandidates - 1)));
  }

  void fill_candidates(const Group& group, std::int32_t next,
                       PerCandidate<std::int32_t>& out) const {
    const std::int32_t producers = std::min(group.edge_count, (kNearCandidates - 1) / 2);
    out = spread_[index(1 + 2 * producers)];
    out[0] = next;
    for (std::int32_t i = 0; i < producers; ++i) {
      const auto source = index(in_.prepared.edges[index(group.first_edge + i)].source);
      if (first_[source] == kUnplaced) {
        out[index(1 + 2 * i)] = out[index(2 + 2 * i)] = next;
        continue;
      }
      out[index(1 + 2 * i)] = first_[source];
      out[index(2 + 2 * i)] = wrap(first_[source] + in_.count_of(in_.prepared.groups[source]));
    }
  }

  MeshPoint middle(std::int32_t first, std::int32_t count) const {
    return walk_[index(first + count / 2)];
  }

  // f(middle of the producer's run, share of the bytes) for every producer that has a place.
  template <typename F>
  void each_producer(const Group& group, F f) const {
    const auto edges = in_.prepared.edges.begin() + group.first_edge;
    for (auto edge = edges; edge != edges + group.edge_count; ++edge) {
      const auto source = index(edge->source);
      if (first_[source] == kUnplaced) continue;
      f(middle(first_[source], in_.count_of(in_.prepared.groups[source])), edge->share);
    }
  }

  void hops_on_mesh(const Group& group, const PerCandidate<std::int32_t>& x,
                    const PerCandidate<std::int32_t>& y, PerCandidate<float>& out) const {
    each_producer(group, [&](MeshPoint from, float share) {
      const std::int32_t from_x = from.x, from_y = from.y;
      for (std::size_t i = 0; i < kCandidates; ++i)
        out[i] += share * static_cast<float>(std::abs(x[i] - from_x) + std::abs(y[i] - from_y));
    });
  }

  void hops_on_network(const Group& group, std::int32_t count,
                       const PerCandidate<std::int32_t>& first, PerCandidate<float>& out) const {
    each_producer(group, [&](MeshPoint from, float share) {
      for (std::size_t i = 0; i < kCandidates; ++i) {
        const MeshPoint to = middle(first[i], count);
        out[i] += share * static_cast<float>(network_.links(from, to) + network_.delay(from, to));
      }
    });
  }

  void score_candidates(const Group& group, std::int32_t count,
                        const PerCandidate<std::int32_t>& first, PerCandidate<float>& out) const {
    const PerCandidate<float> relative = sums_.relative(first, count);
    PerCandidate<float> hops{};
    PerCandidate<std::int32_t> x, y;
    for (std::size_t i = 0; i < kCandidates; ++i) {
      const auto at = middle(first[i], count);
      x[i] = at.x;
      y[i] = at.y;
    }
    if (network_.topology().mesh()) {
      hops_on_mesh(group, x, y, hops);
    } else {
      hops_on_network(group, count, first, hops);
    }
    const std::int32_t centre_x = (in_.request.w - 1) / 2, centre_y = (in_.request.h - 1) / 2;
    for (std::size_t i = 0; i < kCandidates; ++i) {
      const float load = 1 + kLoadSlope * (relative[i] - 1);
      const auto centre = static_cast<float>(std::abs(x[i] - centre_x) + std::abs(y[i] - centre_y));
      out[i] = load_weight_ * load + overload_weight_ * std::max(0.0F, load - 1) +
               hop_weight_ * hops[i] + centre_weight_ * centre;
    }
  }

  const PlaceInputs& in_;
  const Walk& walk_;
  const Network& network_;
  std::vector<std::int32_t>& first_;
  std::int32_t tiles_;
  BlockSums sums_;
  float load_weight_, overload_weight_, hop_weight_, centre_weight_;
  // Evenly spread candidates behind 1, 3 or 5 near ones.
  std::array<PerCandidate<std::int32_t>, kNearCandidates + 1> spread_{};
};

}  // namespace

void lay_walk(const PlaceRequest& request, Walk& out) {
  const auto tiles = static_cast<std::size_t>(request.w) * static_cast<std::size_t>(request.h);
  if (request.policy == PlacementPolicy::kRoundRobin) {
    out.clear();
    for (std::int32_t y = 0; y < request.h; ++y) {
      for (std::int32_t x = 0; x < request.w; ++x)
        out.push_back({static_cast<std::int16_t>(x), static_cast<std::int16_t>(y)});
    }
  } else {
    const auto curve = request.topology.kind == TopologyKind::kRing ? ring_curve : mesh_curve;
    curve(request.w, request.h, out);
  }
  out.resize(2 * tiles);
  std::copy_n(out.begin(), tiles, out.begin() + static_cast<std::ptrdiff_t>(tiles));
}

void choose_starts(const PlaceInputs& in, const Walk& walk, const Network& network,
                   std::vector<std::int32_t>& out) {
  Starts(in, walk, network, out).run();
}

void shuffle_walk(const PlaceRequest& request, Walk& walk) {
  RandomStream random(request.policy_seed, "mapping/permutation");
  const std::size_t tiles = walk.size() / 2;
  for (std::size_t i = tiles; i > 1; --i) std::swap(walk[i - 1], walk[random.below(i)]);
  std::copy_n(walk.begin(), tiles, walk.begin() + static_cast<std::ptrdiff_t>(tiles));
}

}  // namespace tilewright

// What a network of W x H tiles does, in closed form, by topology. Each is exact or a limit of long
// sides, as Eq. 19's (W+H)/3 is (exactly (W - 1/W + H - 1/H)/3); tests/surrogate compares them with
// every pair of tiles on small grids. k: side of a cluster; n: columns of a die.
//
// Mean links between two tiles drawn alike (unicast_hops), from one axis of length s:
//   line     mean |a - b| = (s^2 - 1)/(3 s), s/3 in the limit         mesh, chiplets: W/3 + H/3
//   ring     mean of min(d, s - d) = s/4 for even s, (s^2 - 1)/(4 s)  torus: W/4 + H/4; ring: W H/4
//   hubs     up, down, and a line of s = side/k hubs on each axis     2 + sum (s - 1/s)/3
// Links between dies on the way (mean_crossings): a cut behind j of W columns lies between the two
//   with probability 2 j (W - j)/W^2; summed over j = n, 2n, .. C n with C = ceil(W/n) - 1 cuts:
//   n C (C + 1)/W^2 [W - n (2 C + 1)/3]. Exact.
//
// Links over the narrowest cut into halves, both directions, in mesh links (bisection):
//   mesh          2 min(W, H)
//   torus         twice that: a ring is cut at two places
//   ring          4: two places, two directions
//   hierarchical  2 ceil(min(W, H)/k) times the width of a link; W H links to one hub alone
//   chiplets      the mesh's, or 2 H width/phi of the cut between dies that is nearest the middle,
//                 whichever is less: a cut behind j columns bears phi = 4 j (W - j)/W^2 of the
//                 traffic between halves
//
// The two-dimensional split of physical.md, P4 and P11: inputs go down the columns to every tile
// of one, sums are added along the rows, each from tile to tile, as routers repeat no flit; and a
// share `spread` of a side is gone across the split (SplitForms):
//   mesh, chiplets  a step to the next tile is one link: W + H steps in turn (way), W columns side
//                   by side, H rows. A sum passes all C cuts of its row.
//   torus           both ways round at once: half the way in turn, the same links in use. The
//                   spread is a mean distance, so 3/4 of the mesh's.
//   ring            rows lie along the ring; tiles of a column are all over it. An input passes
//                   all W H tiles, both ways at once, and shares its links with no other column; a
//                   sum passes the W of its row, then a ring's spread.
//   hierarchical    a step is up and down, and over to the next hub at every k-th: 2 + 1/k links.
//                   Columns share the links of ceil(W/k) columns of hubs, where these have any.
#pragma once

#include "arch/topology.h"
#include "surrogate/pack.h"

namespace tilewright::kernel {

// Cuts between dies.
template <typename V>
V die_cuts(const Topology& t, const V& w) {
  if (t.kind != TopologyKind::kChiplets) return splat<V>(0);
  return max(V(ceiling(V(w / t.columns)) - 1), 0.0);
}

template <typename V>
V mean_crossings(const Topology& t, const V& w) {
  const V c = die_cuts<V>(t, w);
  return t.columns * c * (c + 1) / (w * w) * (w - t.columns * (2 * c + 1) / 3);
}

// Without super-clusters.
template <typename V>
V unicast_hops(const Topology& t, const V& w, const V& h) {
  switch (t.kind) {
    case TopologyKind::kTorus:
      return (w + h) / 4;
    case TopologyKind::kRing:
      return w * h / 4;
    case TopologyKind::kHierarchical: {
      const V x = max(V(w / t.cluster), 1.0), y = max(V(h / t.cluster), 1.0);
      return 2 + (x - 1 / x + y - 1 / y) / 3;
    }
    default:
      return (w + h) / 3;
  }
}

// Share of the traffic between halves that crosses the cut between dies nearest to the middle.
template <typename V>
V middle_cut(const Topology& t, const V& w) {
  const V above = ceiling(V(w / (2 * t.columns))) * t.columns, below = above - t.columns;
  const V most = max(V(above * (w - above)), V(below * (w - below)));
  return max(V(4 * most / (w * w)), 0.0);
}

template <typename V>
V bisection(const Topology& t, const V& w, const V& h) {
  const V least = 2 * min(w, h);
  switch (t.kind) {
    case TopologyKind::kTorus:
      return 2 * least;
    case TopologyKind::kRing:
      return splat<V>(4);
    case TopologyKind::kHierarchical: {
      const V x = ceiling(V(w / t.cluster)), y = ceiling(V(h / t.cluster)), one_hub = w * h;
      return one_hub + min(V(x * y - 1), 1.0) * (2 * t.width * min(x, y) - one_hub);
    }
    case TopologyKind::kChiplets:
      return min(least, V(2 * t.width * h / max(middle_cut<V>(t, w), 1e-300)));
    default:
      return least;
  }
}

template <typename V>
struct SplitForms {
  V way;                  // hops in turn, from the first input to the last sum
  V in_lines, sum_lines;  // links side by side that the inputs, the sums share
  V in_hops, sum_hops;    // links that a bit of the inputs, of the sums passes
  double link = 1;        // tile pitches of the longest link
  V wire;                 // tile pitches of a link that a bit passes, mean
};

// Wire of a link: one pitch on a mesh, two on a folded torus, one on a ring (ring_curve). From tile
// to hub k/2 pitches in the mean and k from hub to hub, so that k (links - 1) are passed on a way.
template <typename V>
SplitForms<V> split_forms(const Topology& t, const V& w, const V& h, double spread) {
  const V one = splat<V>(1);
  const double k = t.cluster;
  switch (t.kind) {
    case TopologyKind::kTorus: {
      const double near = 0.75 * spread;
      return {(w + h) / 2, w, h, h + w * near, w + h * near, 2, 2 * one};
    }
    case TopologyKind::kRing: {
      const V all = w * h;
      return {all / 2 + w, one, h, all, w + all * (0.75 * spread), 1, one};
    }
    case TopologyKind::kHierarchical: {
      const double step = 2 + 1 / k;
      const V in = h * step + w * (spread / k), sum = w * step + h * (spread / k);
      const V wire = (w + h) * (k + 1 + spread) / (in + sum);
      const V x = ceiling(V(w / k)), y = ceiling(V(h / k));
      const V in_lines = w + min(V(y - 1), 1.0) * (min(w, V(x * t.width)) - w),
              sum_lines = h + min(V(x - 1), 1.0) * (min(h, V(y * t.width)) - h);
      return {(w + h) * step, in_lines, sum_lines, in, sum, k, wire};
    }
    case TopologyKind::kChiplets: {
      const V cuts = die_cuts<V>(t, w), narrow = 1 + min(cuts, 1.0) * (t.width - 1);
      return {
          w + h + (t.latency - 1) * cuts, w, h * narrow, h + w * spread, w + h * spread, 1, one};
    }
    default:
      return {w + h, w, h, h + w * spread, w + h * spread, 1, one};
  }
}

// Gates of a tile's share of the routers over a mesh router's, and flip-flops that are clocked
// whether or not a flit comes. A router is its input buffers, `buffers` of the gates, and the rest,
// which grows with the square of its ports. Wormhole routes on a ring wait for each other in a
// circle but for a second buffer on each port (Dally and Seitz 1987), so torus and ring have two.
struct RouterShare {
  double gates = 1, clocked = 1;
};
RouterShare router_share(const Topology& t, double buffers);

}  // namespace tilewright::kernel

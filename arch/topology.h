// How the tiles of a chip are joined. The hardware library and all that the source paper prints are
// a mesh; the others are judged, searched and compared, and not emitted.
#pragma once

#include <cstdint>
#include <string>

namespace tilewright {

enum class TopologyKind : std::uint8_t {
  kMesh,          // links between neighbours of a W x H grid; a packet goes along x, then along y
  kTorus,         // the same with each row and column closed to a ring; it goes the shorter way
  kRing,          // all tiles on one ring, which goes both ways round
  kHierarchical,  // clusters of `cluster` x `cluster` tiles, each tile joined to its cluster's hub,
                  // and the hubs a mesh; a packet goes up, along x, along y, and down
  kChiplets,      // a mesh cut behind every `columns` columns, which are a die each
};

// A network and its parameters; those of other kinds keep the values that they have here.
struct Topology {
  TopologyKind kind = TopologyKind::kMesh;
  std::int32_t cluster = 4;  // tiles along the side of a cluster; 2 to 16
  std::int32_t columns = 8;  // columns of tiles on a die; 1 to 1024
  double width = 1;          // of a link between hubs or dies, over a mesh link's DFLIT; 1/64 to 64
  double latency = 1;        // of a link between dies, in hops of a mesh; 1 to 64
  double energy_pj_bit = 0;  // over a link between dies; 0: the calibration's (physical only)

  bool mesh() const { return kind == TopologyKind::kMesh; }
  bool operator==(const Topology&) const = default;
};

// "mesh", "torus", "ring", "hierarchical[:cluster=N,width=R]" or
// "chiplets[:columns=N,width=R,latency=HOPS,energy=PJ]". What is not said: cluster 4, width 1;
// columns 8, width 0.5, latency 2. A link between dies of UCIe 1.0 takes 2 ns from flit to flit,
// where a mesh hop takes two cycles of about 1 ns. Throws Error TW-ARCH-003.
Topology parse_topology(const std::string& text);
// With all parameters of its kind; parse_topology reads back the same.
std::string to_text(const Topology& topology);

// Why there is no RTL of it; "" for a mesh.
std::string not_emitted(const Topology& topology);

}  // namespace tilewright

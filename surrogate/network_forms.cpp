#include "surrogate/network_forms.h"

#include "surrogate/mean_hops.h"

namespace tilewright::kernel {

RouterShare router_share(const Topology& t, double buffers) {
  constexpr double kMeshPorts = 5;                              // four sides and the tile
  double ports = kMeshPorts, widths = kMeshPorts, routers = 1;  // a tile's; widths: of all ports
  switch (t.kind) {
    case TopologyKind::kTorus:
      widths = 2 * kMeshPorts;
      break;
    case TopologyKind::kRing:
      ports = 3;
      widths = 2 * ports;
      break;
    case TopologyKind::kHierarchical: {
      const double tiles = t.cluster * t.cluster;
      ports = tiles + 4;
      widths = tiles + 4 * t.width;
      routers = 1 / tiles;
      break;
    }
    default:
      return {};
  }
  const double clocked = routers * widths / kMeshPorts, over = ports / kMeshPorts;
  return {buffers * clocked + (1 - buffers) * routers * over * over, clocked};
}

}  // namespace tilewright::kernel

namespace tilewright {

double mean_hops(const Topology& topology, double w, double h) {
  return kernel::unicast_hops<double>(topology, w, h);
}

}  // namespace tilewright

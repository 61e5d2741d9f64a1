// Links between two tiles of W x H drawn alike, by the closed form of a topology (network_forms.h):
// what L0 knows of hops. Super-clusters aside.
#pragma once

#include "arch/topology.h"

namespace tilewright {

double mean_hops(const Topology& topology, double w, double h);

}  // namespace tilewright

// The closed form of the physical calibration (physical.md P1 to P12) as one template, like
// kernel.h: V is double, or an Eigen array of designs. `k` are the values of the banded constants
// (units.h), `m` the multipliers of L1 or null.
#pragma once

#include "surrogate/kernel.h"

namespace tilewright::kernel {

// P1 and P2 without the ROM: mm2 of a tile, before the overhead at the top.
template <typename V>
V core_kge(const Units& u, const double* k, const V* a, const V& fetch) {
  const auto& s = u.shape;
  const V lanes = a[kXdpnum] + a[kVdpnum];
  const V core =
      s.core_fetch * fetch + s.core_lane * lanes + s.core_lane_square * lanes * lanes +
      a[kStanum] * (s.core_station + s.core_station_port * (a[kXrWp] - s.core_station_base)) +
      s.core_fixed + s.core_port * a[kXrWp] + s.core_dispatch * a[kXdpnum] + s.core_rest;
  return core * (k[kGeCore] / s.core_reference);
}

template <typename V>
V tile_kge(const Units& u, const double* k, const V* a, const V& vlen, const V& fetch) {
  return k[kGeLane] * vlen / kLaneBits + 1e-3 * k[kGeRegisterBit] * u.shape.vrf_registers * vlen +
         core_kge<V>(u, k, a, fetch) + 1e-3 * k[kGeRouterBit] * u.router_gates * a[kDflit];
}

template <typename V>
V logic_mm2(const Units& u, const double* k, const V* a, const V& vlen, const V& fetch) {
  return tile_kge<V>(u, k, a, vlen, fetch) * (k[kAreaPerGe] / k[kPlacement] * 1e-3);
}

// A macro's bits are a smaller share of it the smaller it is.
template <typename V>
V macro_overhead(const Units& u, const V& kib) {
  return 1 + u.shape.sram_overhead / sqrt(kib);
}

template <typename V>
V sram_mm2(const Units& u, const double* k, const V& dmem, const V& imem) {
  return k[kSramArea] / 1024 *
         (dmem * macro_overhead<V>(u, min(dmem, u.shape.sram_macro_kib)) +
          imem * macro_overhead<V>(u, imem));
}

// fJ a bit, by the size of the macro that is read.
template <typename V>
V sram_energy(const double* k, const V& kib) {
  return k[kESramA] + k[kESramB] * sqrt(kib);
}

template <typename V>
void evaluate_units(const Case& s, const Point<V>& p, const double* k, const V* m, Terms<V>& out);

}  // namespace tilewright::kernel

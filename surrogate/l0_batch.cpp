// L0 of many designs, kLanes at a time.
#include <algorithm>
#include <cmath>

#include "support/error.h"
#include "surrogate/fast_bands_inl.h"
#include "surrogate/impl.h"

namespace tilewright {
namespace {

using kernel::Pack;

constexpr std::size_t kLanes = kernel::kLanes;

// The last pack is filled up with its last design.
void load(std::span<const ActionVector> actions, kernel::Point<Pack>& p) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const ActionVector& a = actions[std::min(lane, actions.size() - 1)];
    for (std::size_t i = 0; i < kActionCount; ++i) p.a[i][static_cast<Eigen::Index>(lane)] = a[i];
  }
}

L0Row row_of(const kernel::Terms<Pack>& t, std::size_t lane, double tolerance) {
  const auto k = static_cast<Eigen::Index>(lane);
  L0Row row{t.tok_s[k],
            t.power[k],
            t.area[k],
            t.compute_mw[k],
            t.noc_mw[k],
            t.sram_mw[k],
            t.rom_mw[k],
            t.leak_mw[k],
            t.ceil_compute[k],
            t.ceil_memory[k],
            t.ceil_noc[k],
            t.score[k],
            false,
            {}};
  for (std::size_t m = 0; m < kMarginCount; ++m) row.margins[m] = t.margins[m][k];
  row.feasible = violation_of(row.margins, tolerance) == 0;
  return row;
}

Band band_of(double value, float up, float down) {
  return {value, value * static_cast<double>(std::exp(-std::sqrt(down))),
          value * static_cast<double>(std::exp(std::sqrt(up)))};
}

// f(first, count, point) for every pack.
template <typename F>
void for_packs(std::span<const ActionVector> actions, std::size_t rows, F f) {
  if (rows != actions.size()) {
    throw Error("TW-SURR-004", "as many rows as designs are needed", "evaluate_l0", "",
                ErrorKind::kInternal);
  }
  kernel::Point<Pack> p;
  for (std::size_t first = 0; first < actions.size(); first += kLanes) {
    const std::size_t count = std::min(kLanes, actions.size() - first);
    load(actions.subspan(first, count), p);
    f(first, count, p);
  }
}

}  // namespace

void Surrogate::evaluate_l0(std::span<const ActionVector> actions, std::span<L0Row> out) const {
  count_l0(actions.size());
  kernel::Terms<Pack> t;
  for_packs(actions, out.size(),
            [&](std::size_t first, std::size_t count, const kernel::Point<Pack>& p) {
              kernel::evaluate<Pack>(impl_->c, p, nullptr, t);
              for (std::size_t lane = 0; lane < count; ++lane)
                out[first + lane] = row_of(t, lane, impl_->c.c.feasible_tolerance);
            });
}

void Surrogate::evaluate_l0(std::span<const ActionVector> actions, std::span<L0Row> out,
                            std::span<L0Bands> bands) const {
  if (impl_->c.form != Form::kUnits || !impl_->c.topology.mesh() || bands.size() != out.size()) {
    throw Error("TW-SURR-007", "bands need the physical calibration, a mesh and a place each",
                "evaluate_l0", "", ErrorKind::kInternal);
  }
  count_l0(actions.size());
  const kernel::Case& c = impl_->c;
  kernel::Terms<Pack> t;
  kernel::UnitState<Pack> state;
  kernel::HopLatency::Phases scratch;
  for_packs(actions, out.size(),
            [&](std::size_t first, std::size_t count, const kernel::Point<Pack>& p) {
              kernel::evaluate_units<Pack>(c, p, c.units.value.data(), nullptr, state, t);
              const kernel::FastBands b = kernel::BandSums(c, p, state, t, scratch).sums();
              for (std::size_t lane = 0; lane < count; ++lane) {
                const auto k = static_cast<Eigen::Index>(lane);
                out[first + lane] = row_of(t, lane, c.c.feasible_tolerance);
                bands[first + lane] = {band_of(t.tok_s[k], b.rate_up[k], b.rate_down[k]),
                                       band_of(t.power[k], b.power_up[k], b.power_down[k]),
                                       band_of(t.area[k], b.area_up[k], b.area_down[k])};
              }
            });
}

}  // namespace tilewright

#include "experiments/blocks/block_design.h"

#include <cmath>

#include "mapping/cluster.h"
#include "mapping/kv_plan.h"
#include "mapping/measure.h"
#include "mapping/prepared.h"

namespace tilewright {
namespace {

std::size_t index(std::int32_t i) {
  return static_cast<std::size_t>(i);
}

double factor(double unit) {
  return std::pow(kBlockFactor, 2 * unit - 1);
}

}  // namespace

BlockDesign::BlockDesign(const Surrogate& surrogate, std::int32_t side)
    : surrogate_(surrogate), side_(side), weight_parts_(weight_parts(*surrogate.workload())) {}

Evaluation BlockDesign::place(const ActionVector& design) {
  design_ = design;
  const Ppa ppa = surrogate_.evaluate_l1(design, &mapping_);
  grid_ = {mapping_.mesh_w, mapping_.mesh_h, side_};
  is_cut_ = false;
  return summarise(ppa);
}

BlockDesign::Built BlockDesign::built() const {
  Built sum;
  for (const TileConfig& tile : mapping_.tiles) {
    sum.vlen += tile.vlen_bits;
    sum.fetch += tile.fetch;
    sum.dmem += tile.dmem_kib;
  }
  const auto tiles = static_cast<double>(mapping_.tiles.size());
  return {sum.vlen / tiles, sum.fetch / tiles, sum.dmem / tiles};
}

void BlockDesign::cut() {
  if (is_cut_) return;
  plain_ = built();
  laden_.clear();
  block_of_laden_.clear();
  laden_of_.resize(mapping_.kind_of.size());
  std::vector<std::int32_t> known(grid_.blocks() * mapping_.kinds.size(), -1);
  for (const std::int32_t tile : mapping_.curve) {
    const std::size_t block = grid_.block_of(tile), kind = index(mapping_.kind_of[index(tile)]);
    std::int32_t& laden = known[block * mapping_.kinds.size() + kind];
    if (laden < 0) {
      laden = static_cast<std::int32_t>(laden_.size());
      laden_.push_back(mapping_.kinds[kind]);
      laden_.back().count = 0;
      block_of_laden_.push_back(block);
    }
    ++laden_[index(laden)].count;
    laden_of_[index(tile)] = laden;
  }
  is_cut_ = true;
}

void BlockDesign::derive(std::span<const double> unit) {
  factors_.clear();
  for (const std::size_t block : block_of_laden_) {
    const auto own = unit.subspan(block * kBlockVariables, kBlockVariables);
    factors_.push_back({factor(own[0]), factor(own[1]), factor(own[2]), factor(own[3])});
  }
  derive_tiles(design_, laden_, weight_parts_, scratch_, mapping_.kinds, parts_, factors_);
  // The parts of a kind follow each other as the curve meets its tiles.
  std::vector<std::int32_t> part, left;
  for (const KindParts& p : parts_) {
    part.push_back(p.first);
    left.push_back(mapping_.kinds[index(p.first)].count);
  }
  for (const std::int32_t tile : mapping_.curve) {
    const std::size_t laden = index(laden_of_[index(tile)]);
    if (left[laden] == 0) left[laden] = mapping_.kinds[index(++part[laden])].count;
    --left[laden];
    mapping_.kind_of[index(tile)] = part[laden];
  }
}

void BlockDesign::list_tiles() {
  for (std::size_t t = 0; t < mapping_.tiles.size(); ++t) {
    const TileKind& kind = mapping_.kinds[index(mapping_.kind_of[t])];
    mapping_.tiles[t] = kind.tile;
    mapping_.unclustered[t] = kind.unclustered;
    const auto pages = mapping_.kv.first_page[t + 1] - mapping_.kv.first_page[t];
    mapping_.loads[t].kv_bytes = static_cast<double>(pages) * mapping_.kv.page_bytes;
  }
}

Evaluation BlockDesign::evaluate(std::span<const double> unit) {
  cut();
  derive(unit);
  const ClusterCount clusters = cluster_tiles(mapping_.kinds);
  mapping_.logic_configs_before = clusters.before;
  mapping_.logic_configs = clusters.after;
  plan_kv(*surrogate_.workload(), surrogate_.map_request(design_), mapping_.kinds, mapping_.kind_of,
          mapping_.kv);
  measure(mapping_);
  list_tiles();
  // Laws that know a mean alone (hazards, buffers) must see that of the tiles as built.
  const Built now = built();
  ActionVector means = design_;
  means[kVlen] *= now.vlen / plain_.vlen;
  means[kFetch] *= now.fetch / plain_.fetch;
  means[kDmem] *= now.dmem / plain_.dmem;
  return summarise(surrogate_.judge(means, mapping_));
}

Evaluation BlockDesign::summarise(const Ppa& ppa) const {
  Evaluation e;
  e.design = design_;
  e.score = ppa.score;
  e.feasible = ppa.feasible;
  e.violation = ppa.violation;
  e.tok_s = ppa.tok_s;
  e.power_mw = ppa.power_mw;
  e.area_mm2 = ppa.area_mm2;
  e.margins = ppa.margins;
  return e;
}

}  // namespace tilewright

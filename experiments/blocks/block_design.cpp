#include "experiments/blocks/block_design.h"

#include <algorithm>
#include <cmath>

#include "mapping/cluster.h"
#include "mapping/kv_plan.h"
#include "mapping/measure.h"

namespace tilewright {
namespace {

std::size_t index(std::int32_t i) {
  return static_cast<std::size_t>(i);
}

// Sums over tiles; kinds' loads are those of one tile.
TileLoad mean_load(const std::vector<TileKind>& kinds) {
  TileLoad mean;
  double tiles = 0;
  for (const TileKind& kind : kinds) {
    tiles += kind.count;
    mean.work += kind.load.work * kind.count;
    mean.hazard += kind.load.hazard * kind.count;
    mean.operators += kind.load.operators * kind.count;
  }
  mean.work /= tiles;
  mean.hazard /= tiles;
  mean.operators /= tiles;
  return mean;
}

double ratio(double a, double b) {
  return b > 0 ? a / b : 1;
}

double factor(double unit) {
  return std::pow(kBlockFactor, 2 * unit - 1);
}

}  // namespace

Evaluation BlockDesign::place(const ActionVector& design) {
  design_ = design;
  const Ppa ppa = surrogate_.evaluate_l1(design, &mapping_);
  grid_ = {mapping_.mesh_w, mapping_.mesh_h, side_};
  is_cut_ = false;
  return summarise(ppa);
}

void BlockDesign::cut() {
  if (is_cut_) return;
  mean_ = mean_load(mapping_.kinds);
  plain_ = built();
  sort_into_blocks();
  is_cut_ = true;
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

void BlockDesign::sort_into_blocks() {
  blocks_.assign(grid_.blocks(), {});
  std::vector<std::int32_t> kind_in(blocks_.size() * mapping_.kinds.size(), -1);
  for (const std::int32_t tile : mapping_.curve) {
    const std::size_t b = grid_.block_of(tile);
    Laden& block = blocks_[b];
    const std::int32_t kind = mapping_.kind_of[index(tile)];
    std::int32_t& place = kind_in[b * mapping_.kinds.size() + index(kind)];
    if (place < 0) {
      place = static_cast<std::int32_t>(block.kinds.size());
      block.kinds.push_back(mapping_.kinds[index(kind)]);
      block.kinds.back().count = 0;
    }
    ++block.kinds[index(place)].count;
    block.tiles.push_back(tile);
    block.kind_of.push_back(place);
  }
}

// derive_tiles() relates a tile to the mean of what it is given; what it is given is a block, so
// the block's own mean load comes back in here.
ActionVector BlockDesign::means_of(const Laden& block, std::span<const double> unit) const {
  const TileLoad mean = mean_load(block.kinds);
  const double work = ratio(mean.work, mean_.work);
  ActionVector means = design_;
  means[kVlen] *= work;
  means[kFetch] *= std::sqrt(work * std::sqrt(ratio(mean.hazard, mean_.hazard)));
  means[kDmem] *= std::sqrt(work);
  means[kImem] *= std::sqrt(std::sqrt(ratio(mean.operators, mean_.operators)));
  for (std::size_t i = 0; i < kBlockVariables; ++i) means[kBlockActions[i]] *= factor(unit[i]);
  return means;
}

void BlockDesign::derive(const Laden& block, const ActionVector& means) {
  derive_tiles(means, block.kinds, static_cast<double>(surrogate_.workload()->weights.size()),
               scratch_, part_kinds_, parts_);
  const auto before = static_cast<std::int32_t>(kinds_.size());
  kinds_.insert(kinds_.end(), part_kinds_.begin(), part_kinds_.end());
  // The parts of a kind follow each other as the curve meets its tiles.
  std::vector<std::int32_t> part, left;
  for (const KindParts& p : parts_) {
    part.push_back(before + p.first);
    left.push_back(kinds_[index(part.back())].count);
  }
  for (std::size_t i = 0; i < block.tiles.size(); ++i) {
    const std::size_t kind = index(block.kind_of[i]);
    if (left[kind] == 0) left[kind] = kinds_[index(++part[kind])].count;
    --left[kind];
    kind_of_[index(block.tiles[i])] = part[kind];
  }
}

Evaluation BlockDesign::evaluate(std::span<const double> unit) {
  cut();
  kinds_.clear();
  kind_of_.resize(mapping_.tiles.size());
  for (std::size_t b = 0; b < blocks_.size(); ++b)
    derive(blocks_[b], means_of(blocks_[b], unit.subspan(b * kBlockVariables, kBlockVariables)));
  const ClusterCount clusters = cluster_tiles(kinds_);
  mapping_.logic_configs_before = clusters.before;
  mapping_.logic_configs = clusters.after;
  for (std::size_t t = 0; t < kind_of_.size(); ++t) {
    mapping_.tiles[t] = kinds_[index(kind_of_[t])].tile;
    mapping_.unclustered[t] = kinds_[index(kind_of_[t])].unclustered;
  }
  mapping_.kinds = kinds_;
  mapping_.kind_of = kind_of_;
  measure(mapping_);
  plan_kv(*surrogate_.workload(), surrogate_.map_request(design_), mapping_.kinds, mapping_.kind_of,
          mapping_.kv);
  for (std::size_t t = 0; t < mapping_.loads.size(); ++t) {
    const auto pages = mapping_.kv.first_page[t + 1] - mapping_.kv.first_page[t];
    mapping_.loads[t].kv_bytes = static_cast<double>(pages) * mapping_.kv.page_bytes;
  }
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

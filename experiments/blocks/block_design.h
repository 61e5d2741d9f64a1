// A design whose mesh is cut into square blocks, each with its own means of VLEN, FETCH, DMEM and
// WMEM: the 30 variables, and four factors a block on top of them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mapping/derive.h"
#include "mdp/problem.h"

namespace tilewright {

inline constexpr Action kBlockActions[] = {kVlen, kFetch, kDmem, kWmem};
inline constexpr std::size_t kBlockVariables = std::size(kBlockActions);
inline constexpr double kBlockFactor = 2;  // a factor is between one over this and this

// Blocks of `side` x `side` tiles, row by row; those at the east and south edges may be smaller.
struct BlockGrid {
  std::int32_t mesh_w = 1, mesh_h = 1, side = 1;

  std::int32_t across() const { return (mesh_w + side - 1) / side; }
  std::int32_t down() const { return (mesh_h + side - 1) / side; }
  std::size_t blocks() const { return static_cast<std::size_t>(across() * down()); }
  std::size_t block_of(std::int32_t tile) const {
    return static_cast<std::size_t>(tile / mesh_w / side * across() + tile % mesh_w / side);
  }
};

// The operators are placed once a design; what the blocks change is the tiles under them. A tile is
// what its load asks for (surrogate.md section 7) times its block's factors; all tiles are then
// rounded and clustered together to the logic configurations that one chip may have. So every
// design that this judges can be emitted, and one whose factors are all one is the design itself.
class BlockDesign {
 public:
  // The surrogate has a workload.
  BlockDesign(const Surrogate& surrogate, std::int32_t side);

  // A projected design as it is without blocks. Its placement is kept for evaluate().
  Evaluation place(const ActionVector& design);
  // `unit` has kBlockVariables coordinates a block in the order of kBlockActions; 0.5 is a factor
  // of one, 0 and 1 are the ends of the factor, on a logarithmic scale. After place().
  Evaluation evaluate(std::span<const double> unit);

  const BlockGrid& grid() const { return grid_; }
  // As last evaluated. Its tiles make a Design (Surrogate::make_design).
  const Mapping& mapping() const { return mapping_; }

 private:
  // Means of the tiles as built.
  struct Built {
    double vlen = 0, fetch = 0, dmem = 0;
  };

  Built built() const;
  void cut();  // once a placement, when its blocks are first asked for
  void derive(std::span<const double> unit);
  void list_tiles();
  Evaluation summarise(const Ppa& ppa) const;

  const Surrogate& surrogate_;
  std::int32_t side_;
  double weight_parts_;
  ActionVector design_{};
  BlockGrid grid_;
  Built plain_;  // without blocks
  bool is_cut_ = false;
  Mapping mapping_;
  // Tiles that the placement loads alike in one block, as the curve meets them.
  std::vector<TileKind> laden_;
  std::vector<std::size_t> block_of_laden_;
  std::vector<std::int32_t> laden_of_;  // by tile
  DeriveScratch scratch_;
  std::vector<TileFactors> factors_;
  std::vector<KindParts> parts_;
};

}  // namespace tilewright

// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// A mesh of tiles put together in C++, cycle for cycle what the generated top is: each tile
// configuration is verilated once, each tile is an object of its configuration's model, and the
// links are exchanged between edges. That is exact because every output of tcc_tile comes from
// registers alone (rtl/tcc_tile.sv, Timing): after an edge no output moves until the next one,
// whatever the links bring in between. The host port is tied off.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "network_bench.h"

namespace tilewright::rtl {

// Where a model has the ports of a tile. Flits are flat: a slice of flit_bits + 2 a side.
struct TilePorts {
  const std::uint32_t* flit_o = nullptr;
  const std::uint8_t *valid_o = nullptr, *ready_o = nullptr, *done_o = nullptr, *error_o = nullptr;
  std::uint32_t* flit_i = nullptr;
  std::uint8_t *valid_i = nullptr, *ready_i = nullptr, *start_i = nullptr;
};

template <typename Model>
TilePorts ports_of(Model& model) {
  return {&model.flit_o[0], &model.valid_o, &model.ready_o, &model.done_o, &model.error_o,
          &model.flit_i[0], &model.valid_i, &model.ready_i, &model.start_i};
}

// Copies side `from_side`'s slice of one flat vector to side `to_side`'s of another. Payloads are
// whole 64-bit words, so a slice begins 2 bits a side into a word.
inline void copy_flit(std::uint32_t* to, unsigned to_side, const std::uint32_t* from,
                      unsigned from_side, unsigned payload_words) {
  const unsigned to_shift = 2 * to_side, from_shift = 2 * from_side;
  to += to_side * payload_words;
  from += from_side * payload_words;
  std::uint32_t kept = *to & ((1U << to_shift) - 1);
  for (unsigned i = 0; i < payload_words; ++i) {
    const std::uint64_t pair = from[i] | std::uint64_t{from[i + 1]} << 32;
    const std::uint64_t word = std::uint64_t{static_cast<std::uint32_t>(pair >> from_shift)}
                               << to_shift;
    to[i] = static_cast<std::uint32_t>(word) | kept;
    kept = static_cast<std::uint32_t>(word >> 32);
  }
  const std::uint32_t marks = ((from[payload_words] >> from_shift) & 3U) << to_shift | kept;
  const std::uint32_t mask = (1U << (to_shift + 2)) - 1;
  to[payload_words] = (to[payload_words] & ~mask) | marks;
}

// Of two tiles alone: what side `out` of one drives comes to side `in` of the other. A closed link
// shows neither end the other.
template <typename Model>
void link_tiles(Model& from, unsigned out, Model& to, unsigned in, unsigned payload_words,
                bool open = true) {
  const TilePorts f = ports_of(from), t = ports_of(to);
  const unsigned valid = open ? *f.valid_o >> out & 1U : 0,
                 ready = open ? *t.ready_o >> in & 1U : 0;
  *t.valid_i = static_cast<std::uint8_t>(valid << in);
  *f.ready_i = static_cast<std::uint8_t>((15U & ~(1U << out)) | ready << out);
  if (valid != 0) copy_flit(t.flit_i, in, f.flit_o, out, payload_words);
}

// A rising edge with the inputs as they stand. Verilator knows an edge by the clock of the
// evaluation before; where that is at hand (MODEL___024root.h is included), the falling edge, at
// which nothing moves, is noted there instead of evaluated.
template <typename Model>
void rising_edge(Model& model) {
  if constexpr (requires { model.rootp->__Vtrigrprev__TOP__clk_i; }) {
    model.rootp->__Vtrigrprev__TOP__clk_i = 0;
    model.clk_i = 1;
    model.eval();
  } else {
    clock(model);
  }
}

class CycleMesh {
 public:
  CycleMesh(std::uint32_t columns, std::uint32_t rows, std::uint32_t flit_bits)
      : columns_(columns), rows_(rows), payload_words_(flit_bits / 32) {}

  // Row by row from the North-West corner. The model reads its memory images by the names that it
  // was built with, from `images`, which may be empty: the current folder. Starts in reset's state.
  template <typename Model>
  Model& add(const std::filesystem::path& images);
  // When all are there.
  void connect();

  // A cycle: what the links bring, then the edge. Between the two, a bench may look and meddle.
  void exchange();
  void edge(bool start);
  void tick(bool start) {
    exchange();
    edge(start);
  }

  // Registered, as in the generated top.
  bool done() const { return done_; }
  bool error() const { return error_; }

  std::size_t size() const { return tiles_.size(); }
  const TilePorts& ports(std::size_t tile) const { return tiles_[tile]->ports; }

 private:
  // Who drives a side: a tile's opposite side, or the edge of the mesh.
  struct Source {
    const std::uint8_t *valid = nullptr, *ready = nullptr;
    const std::uint32_t* flit = nullptr;
    unsigned side = 0;
  };
  struct Tile {
    Tile() = default;
    Tile(const Tile&) = delete;
    Tile& operator=(const Tile&) = delete;
    virtual ~Tile() = default;
    virtual void edge() = 0;
    TilePorts ports;
    std::array<Source, 4> sources;
  };
  template <typename Model>
  struct ModelTile final : Tile {
    ModelTile() { ports = ports_of(model); }
    void edge() override { rising_edge(model); }
    Model model;
  };

  static constexpr std::uint8_t kNothing = 0, kAlways = 15;  // an edge's valid and ready

  std::uint32_t columns_, rows_, payload_words_;
  std::vector<std::unique_ptr<Tile>> tiles_;
  bool start_ = false, done_ = false, error_ = false;
};

template <typename Model>
Model& CycleMesh::add(const std::filesystem::path& images) {
  auto tile = std::make_unique<ModelTile<Model>>();
  Model& model = tile->model;
  const auto index = static_cast<std::uint32_t>(tiles_.size());
  model.x_i = static_cast<std::uint8_t>(index % columns_);
  model.y_i = static_cast<std::uint8_t>(index / columns_);
  model.ready_i = kAlways;
  const auto here = std::filesystem::current_path();
  if (!images.empty()) std::filesystem::current_path(images);
  rtl::reset(model);  // $readmemh runs at the first evaluation
  std::filesystem::current_path(here);
  tiles_.push_back(std::move(tile));
  return model;
}

inline void CycleMesh::connect() {
  for (std::uint32_t i = 0; i < tiles_.size(); ++i) {
    const auto neighbours = mesh_neighbours(i, columns_, rows_);
    for (unsigned side = 0; side < neighbours.size(); ++side) {
      Source& source = tiles_[i]->sources[side];
      source = {&kNothing, &kAlways, nullptr, (side + 2) % 4};
      if (!neighbours[side]) continue;
      const TilePorts& other = tiles_[*neighbours[side]]->ports;
      source = {other.valid_o, other.ready_o, other.flit_o, source.side};
    }
  }
}

inline void CycleMesh::exchange() {
  for (auto& tile : tiles_) {
    unsigned valid = 0, ready = 0;
    for (unsigned side = 0; side < tile->sources.size(); ++side) {
      const Source& source = tile->sources[side];
      ready |= ((*source.ready >> source.side) & 1U) << side;
      if (((*source.valid >> source.side) & 1U) == 0) continue;
      valid |= 1U << side;
      copy_flit(tile->ports.flit_i, side, source.flit, source.side, payload_words_);
    }
    *tile->ports.valid_i = static_cast<std::uint8_t>(valid);
    *tile->ports.ready_i = static_cast<std::uint8_t>(ready);
  }
}

inline void CycleMesh::edge(bool start) {
  done_ = true;
  error_ = false;
  for (const auto& tile : tiles_) {
    done_ = done_ && *tile->ports.done_o != 0;
    error_ = error_ || *tile->ports.error_o != 0;
  }
  for (auto& tile : tiles_) {
    *tile->ports.start_i = start_;
    tile->edge();
  }
  start_ = start;
}

}  // namespace tilewright::rtl

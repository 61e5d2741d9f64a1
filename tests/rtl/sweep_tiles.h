// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// One or two tiles (tcc_tile, TILES of them, (0, 0) and (1, 0)) that run one program beside their
// simulator. The model's parameters are FETCH, VLEN, DFLIT, DMEM_KIB, IMEM_KIB and WMEM_KIB.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "Vdut.h"
#include "Vdut___024root.h"
#include "cycle_mesh.h"
#include "image.h"
#include "network_bench.h"
#include "retirement.h"
#include "verify/iss/mesh.h"

// A mapped tile has them in macros.
#ifdef MAPPED
#define TILE_IMEM tcc_tile__DOT__u_imem__DOT__u_memory__DOT__gen_rom__DOT__rom
#define TILE_DMEM tcc_tile__DOT__u_compute__DOT__u_dmem__DOT__u_memory__DOT__mem
#else
#define TILE_IMEM tcc_tile__DOT__u_imem__DOT__gen_rom__DOT__rom
#define TILE_DMEM tcc_tile__DOT__u_compute__DOT__u_dmem__DOT__mem
#endif

namespace tilewright::rtl {

inline constexpr std::uint32_t kRowWords = VLEN / 32, kTiles = TILES;
inline constexpr std::uint32_t kDmemBytes = DMEM_KIB * 1024, kImemWords = IMEM_KIB * 256;

class SweepTiles {
  auto& dmem_row(std::uint32_t tile, std::size_t row) { return duts_[tile].rootp->TILE_DMEM[row]; }

 public:
  SweepTiles() : mesh_(kTiles, 1) {
    Random random(5);
    for (std::size_t i = 0; i < wmem_.size(); i += 2) put_half(&wmem_[i], random);
    // The memories' images are read at the first evaluation.
    write_image("imem.hex", {std::vector<std::uint32_t>(FETCH)});
    write_image("wmem.hex", wmem_rows());
    for (std::uint32_t t = 0; t < kTiles; ++t) {
      mesh_.add({VLEN, {IMEM_KIB * 1024, kDmemBytes}, kTiles, 1}, wmem_);
      duts_[t].x_i = static_cast<std::uint8_t>(t);
      duts_[t].ready_i = 15;
      reset(duts_[t]);
    }
  }

  // Every tile at the program's beginning, DMEM alike on both sides. Throws TW-ISS-001 when the
  // program does not fit.
  void load(const std::vector<std::uint32_t>& program) {
    for (std::uint32_t t = 0; t < kTiles; ++t) load(t, program);
  }
  void load(std::uint32_t tile, const std::vector<std::uint32_t>& program) {
    iss::Core& core = mesh_.tile(tile, 0).core();
    core.load(program);
    load_imem(duts_[tile], program);
    Random random(tile);
    for (std::size_t i = 0; i < kDmemBytes; i += 2) put_half(&core.dmem()[i], random);
    for (std::size_t i = 0; i < kDmemBytes / 4; ++i)
      set_word(dmem_row(tile, i / kRowWords), i % kRowWords, golden_word(tile, i));
  }
  void load_imem(Vdut& dut, const std::vector<std::uint32_t>& program) {
    auto& rom = dut.rootp->TILE_IMEM;
    for (std::uint32_t i = 0; i < kImemWords / FETCH * FETCH; ++i)
      set_word(rom[i / FETCH], i % FETCH, i < program.size() ? program[i] : 0);
  }

  // The simulator's tiles too say when.
  void time(const iss::TimingShape& shape) {
    for (std::uint32_t t = 0; t < kTiles; ++t) mesh_.tile(t, 0).time(shape);
  }

  // Cycles from the start pulse until every tile is done; 0 if that did not come.
  std::uint64_t run() {
    for (Vdut& dut : duts_) dut.start_i = 1;
    for (std::uint64_t cycles = 0; cycles < kPatience; ++cycles) {
      if (cycles > 0 && all_done()) return cycles;
      exchange_links();
      for (Vdut& dut : duts_) {
        clock(dut);
        dut.start_i = 0;
      }
    }
    return 0;
  }
  bool error() const {
    bool any = false;
    for (const Vdut& dut : duts_) any = any || dut.error_o != 0;
    return any;
  }

  iss::Mesh& mesh() { return mesh_; }
  Vdut& dut(std::uint32_t tile) { return duts_[tile]; }

  // Byte by byte what the simulator's DMEM holds.
  bool same_dmem() {
    for (std::uint32_t t = 0; t < kTiles; ++t) {
      for (std::size_t i = 0; i < kDmemBytes / 4; ++i) {
        if (word(dmem_row(t, i / kRowWords), i % kRowWords) != golden_word(t, i)) return false;
      }
    }
    return true;
  }

 private:
  static constexpr std::uint64_t kPatience = 100000;
  static constexpr std::uint32_t kEast = 1, kWest = 3;

  // An fp16 between 1/4 and 2, or a word of two.
  static void put_half(std::uint8_t* at, Random& random) {
    const auto half =
        static_cast<std::uint16_t>((random.word() & 0x83FFU) | ((13U + random.below(3)) << 10));
    std::memcpy(at, &half, 2);
  }
  std::vector<std::vector<std::uint32_t>> wmem_rows() const {
    std::vector<std::vector<std::uint32_t>> rows(wmem_.size() / (VLEN / 8));
    for (std::size_t r = 0; r < rows.size(); ++r) {
      rows[r].resize(kRowWords);
      std::memcpy(rows[r].data(), &wmem_[r * (VLEN / 8)], VLEN / 8);
    }
    return rows;
  }
  std::uint32_t golden_word(std::uint32_t tile, std::size_t index) {
    std::uint32_t value = 0;
    std::memcpy(&value, &mesh_.tile(tile, 0).core().dmem()[4 * index], 4);
    return value;
  }
  bool all_done() const {
    bool all = true;
    for (const Vdut& dut : duts_) all = all && dut.done_o != 0;
    return all;
  }

  void exchange_links() {
    if constexpr (kTiles == 2) {
      link_tiles(duts_[0], kEast, duts_[1], kWest, DFLIT / 32);
      link_tiles(duts_[1], kWest, duts_[0], kEast, DFLIT / 32);
    }
  }
  std::vector<std::uint8_t> wmem_ = std::vector<std::uint8_t>(std::size_t{WMEM_KIB} * 1024);
  iss::Mesh mesh_;
  std::array<Vdut, kTiles> duts_;
};

}  // namespace tilewright::rtl

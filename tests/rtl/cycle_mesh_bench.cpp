// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The mesh of cycle_mesh.h against one flat model of the same emitted chip (mixed_mesh.h, SIDE
// columns and rows), on the workload of tile_workload.h: in every cycle the same link signals, ends
// and retirements of every tile. Its DMEM in the end is the instruction-set simulator's. A flipped
// bit and a flit that is a cycle late must be seen.
#include <algorithm>
#include <bit>
#include <cstring>
#include <filesystem>
#include <functional>

#include "Vdut.h"
#include "Vnarrow.h"
#include "Vnarrow___024root.h"
#include "Vwide.h"
#include "Vwide___024root.h"
#include "cycle_mesh.h"
#include "image.h"
#include "mixed_mesh.h"
#include "tile_workload.h"
#include "verify/iss/mesh.h"

namespace tilewright::rtl {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kTiles = SIDE * SIDE, kChannels = 4;  // XrWp + Vdpnum of the chips
constexpr std::uint32_t kSideWords = kMixedFlitBits / 32;
constexpr std::uint32_t kLinkWords = (4 * (kMixedFlitBits + 2) + 31) / 32;

// What a tile shows in a cycle; 64 bits of it are enough to tell two apart.
class Digest {
 public:
  void add(std::uint64_t value) {
    sum_ = (sum_ ^ value) * 0x9e3779b97f4a7c15ULL;
    sum_ ^= sum_ >> 32;
  }
  std::uint64_t sum() const { return sum_; }

 private:
  std::uint64_t sum_ = 0;
};

// By cycle: of each tile, then the ends that the top makes of theirs.
using Trace = std::vector<std::array<std::uint64_t, kTiles + 1>>;

std::uint64_t ends(bool done, bool error) {
  return (done ? 1U : 0U) | (error ? 2U : 0U);
}

template <typename Flit>
Digest links(const Flit& flit, unsigned valid, unsigned ready, unsigned done, unsigned error) {
  Digest digest;
  for (std::uint32_t i = 0; i < kLinkWords; ++i) digest.add(flit[i]);
  digest.add(valid | ready << 4 | done << 8 | error << 9);
  return digest;
}

// Where a model has what retires, and its DMEM.
struct Probe {
  const std::uint8_t *valid = nullptr, *mask = nullptr;
  const std::uint32_t *order = nullptr, *pc = nullptr, *word = nullptr, *value = nullptr;
  const std::uint32_t* address = nullptr;
  std::function<std::uint32_t(std::size_t row, std::size_t word)> dmem;

  // In the order of cycle_mesh_top's retire_o.
  void add_to(Digest& digest) const {
    digest.add(*address);
    for (const std::uint32_t* field : {value, word, pc, order})
      for (std::uint32_t k = 0; k < kChannels; ++k) digest.add(field[k]);
    digest.add(*valid | *mask << kChannels);
  }
};

// The signals of the tcc_tile in the wrapper of configuration n.
#define TILE_SIGNAL(n, signal) root.mixed_tile_cfg##n##__DOT__u_tile__DOT__##signal
#define TILE_PROBE(n)                                                                            \
  Probe {                                                                                        \
    &TILE_SIGNAL(n, ret_valid), &TILE_SIGNAL(n, ret_mask), &TILE_SIGNAL(n, ret_order)[0],        \
        &TILE_SIGNAL(n, ret_pc)[0], &TILE_SIGNAL(n, ret_word)[0], &TILE_SIGNAL(n, ret_value)[0], \
        &TILE_SIGNAL(n, ret_address), [&root](std::size_t row, std::size_t word) {               \
          return TILE_SIGNAL(n, u_compute__DOT__u_dmem__DOT__mem)[row][word];                    \
        }                                                                                        \
  }

Probe probe(const Vnarrow___024root& root) {
  return TILE_PROBE(0);
}
Probe probe(const Vwide___024root& root) {
  return TILE_PROBE(1);
}

Workload workload(const MixedMesh& mesh, std::uint32_t tile) {
  return {.vlen = mesh.tiles[tile].shape().vlen,
          .k = 64,
          .rounds = 5,
          .scalar = 12,
          .columns = SIDE,
          .rows = SIDE,
          .tile = tile};
}

fs::path tile_folder(std::uint32_t tile) {
  return "tile_" + std::to_string(tile);
}

// For the flat model by tile, for the others by VLEN in the tile's folder.
void write_images(const MixedMesh& mesh) {
  for (const char* folder : {"imem", "wmem", "dmem"}) fs::create_directories(folder);
  for (std::uint32_t i = 0; i < kTiles; ++i) {
    const Workload w = workload(mesh, i);
    const std::string at = std::to_string(i % SIDE) + "_0" + std::to_string(i / SIDE);
    const std::string suffix = std::to_string(w.vlen) + ".hex";
    const auto write = [&](const std::string& memory, const std::vector<Row>& rows) {
      const fs::path flat = fs::path(memory) / ("tile_0" + at + ".hex");
      write_image(flat, rows);
      fs::create_directories(tile_folder(i));
      fs::copy_file(flat, tile_folder(i) / (memory + suffix), fs::copy_options::overwrite_existing);
    };
    write("imem", imem_blocks(program_words(w), mesh.tiles[i].shape().fetch_size));
    write("wmem", wmem_image(w));
    write("dmem", dmem_image(w));
  }
}

// The flat model, from the start pulse to a little after its end.
Trace run_flat(Verdict& verdict) {
  Vdut chip;
  Trace trace;
  reset(chip);
  std::uint32_t left = 20;
  while (left > 0 && trace.size() < 200'000) {
    chip.start_i = trace.empty();
    clock(chip);
    auto& now = trace.emplace_back();
    for (std::uint32_t i = 0; i < kTiles; ++i) {
      Digest digest = links(chip.flit_o[i], chip.valid_o[i], chip.ready_o[i], chip.tile_done_o[i],
                            chip.tile_error_o[i]);
      for (std::uint32_t k = 0; k < sizeof(chip.retire_o[i]) / 4; ++k)
        digest.add(chip.retire_o[i][k]);
      now[i] = digest.sum();
    }
    now[kTiles] = ends(chip.done_o, chip.error_o);
    if (chip.done_o) --left;
  }
  verdict.expect(chip.done_o && !chip.error_o, "the chip did not end well", trace.size());
  return trace;
}

enum class Plant { kNothing, kFlip, kDelay };

class AssembledChip {
 public:
  explicit AssembledChip(const MixedMesh& mesh) : mesh_(SIDE, SIDE, kMixedFlitBits) {
    for (std::uint32_t i = 0; i < kTiles; ++i) {
      if (mesh.tiles[i].wide) {
        probes_.push_back(probe(*mesh_.add<Vwide>(tile_folder(i)).rootp));
      } else {
        probes_.push_back(probe(*mesh_.add<Vnarrow>(tile_folder(i)).rootp));
      }
    }
    mesh_.connect();
  }

  Trace run(std::size_t cycles, Plant plant) {
    Trace trace(cycles);
    for (std::size_t cycle = 0; cycle < cycles; ++cycle) {
      mesh_.exchange();
      for (std::uint32_t i = 0; i < kTiles; ++i) {
        const unsigned moving = *mesh_.ports(i).valid_i & *mesh_.ports(i).ready_o;
        flits_ += static_cast<std::uint64_t>(std::popcount(moving));
        if (moving == 0 || plant == Plant::kNothing || cycle < cycles / 3) continue;
        const auto side = static_cast<unsigned>(std::countr_zero(moving));
        if (is_head(i, side)) continue;
        meddle(i, side, plant);
        plant = Plant::kNothing;
      }
      mesh_.edge(cycle == 0);
      for (std::uint32_t i = 0; i < kTiles; ++i) trace[cycle][i] = digest(i);
      trace[cycle][kTiles] = ends(mesh_.done(), mesh_.error());
    }
    return trace;
  }

  bool ended_well() const { return mesh_.done() && !mesh_.error(); }
  std::uint32_t dmem_word(std::uint32_t tile, std::size_t row, std::size_t word) const {
    return probes_[tile].dmem(row, word);
  }
  std::uint64_t flits() const { return flits_; }
  std::uint64_t retired() const { return retired_; }

 private:
  // The flit that comes in on that side. Of a head the words behind the header may be unused.
  bool is_head(std::uint32_t tile, unsigned side) const {
    return ((mesh_.ports(tile).flit_i[(side + 1) * kSideWords] >> (2 * side + 1)) & 1U) != 0;
  }
  // Another bit in its last word, or not yet.
  void meddle(std::uint32_t tile, unsigned side, Plant plant) {
    const TilePorts& ports = mesh_.ports(tile);
    if (plant == Plant::kFlip) {
      ports.flit_i[(side + 1) * kSideWords - 1] ^= 1U << 12;
      return;
    }
    const auto other = mesh_neighbours(tile, SIDE, SIDE)[side];
    const auto clear = [](std::uint8_t& port, unsigned bit) {
      port = static_cast<std::uint8_t>(port & ~(1U << bit));
    };
    clear(*ports.valid_i, side);
    clear(*mesh_.ports(*other).ready_i, (side + 2) % 4);
  }

  std::uint64_t digest(std::uint32_t tile) {
    const TilePorts& ports = mesh_.ports(tile);
    Digest digest =
        links(ports.flit_o, *ports.valid_o, *ports.ready_o, *ports.done_o, *ports.error_o);
    probes_[tile].add_to(digest);
    retired_ += static_cast<std::uint64_t>(std::popcount(*probes_[tile].valid));
    return digest.sum();
  }

  CycleMesh mesh_;
  std::vector<Probe> probes_;
  std::uint64_t flits_ = 0, retired_ = 0;
};

// The first cycle in which the two differ; their length if in none.
std::size_t first_difference(const Trace& a, const Trace& b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin()).first - a.begin());
}

std::vector<std::uint8_t> bytes_of(const std::vector<Row>& rows) {
  std::vector<std::uint8_t> bytes;
  for (const Row& row : rows) {
    const auto* from = reinterpret_cast<const std::uint8_t*>(row.data());
    bytes.insert(bytes.end(), from, from + 4 * row.size());
  }
  return bytes;
}

// What the programs leave in DMEM, against the simulator.
void check_results(const MixedMesh& mesh, const AssembledChip& chip, Verdict& verdict) {
  iss::Mesh golden(SIDE, SIDE);
  std::vector<std::vector<std::uint8_t>> weights(kTiles);
  for (std::uint32_t i = 0; i < kTiles; ++i) {
    const TileShape shape = mesh.tiles[i].shape();
    weights[i] = bytes_of(wmem_image(workload(mesh, i)));
    iss::Tile& tile = golden.add(
        {shape.vlen, {mesh.tiles[i].imem_kib() * 1024, shape.dmem_kib * 1024}, SIDE, SIDE},
        weights[i]);
    tile.core().load(program_words(workload(mesh, i)));
    const auto data = bytes_of(dmem_image(workload(mesh, i)));
    std::copy(data.begin(), data.end(), tile.core().dmem().begin());
  }
  verdict.expect(golden.run() == iss::MeshState::kHalted, "the simulator did not end well");
  for (std::uint32_t i = 0; i < kTiles; ++i) {
    const auto dmem = golden.tile(i % SIDE, i / SIDE).core().dmem();
    const std::uint32_t row_words = mesh.tiles[i].shape().row_words();
    for (std::size_t at = 0; at < dmem.size() / 4; ++at) {
      std::uint32_t word = 0;
      std::memcpy(&word, &dmem[4 * at], 4);
      verdict.expect(chip.dmem_word(i, at / row_words, at % row_words) == word,
                     "DMEM differs from the simulator's", i);
    }
  }
}

int run() {
  Verdict verdict("cycle_mesh_" + std::to_string(SIDE) + "x" + std::to_string(SIDE));
  const MixedMesh mesh = mixed_mesh(SIDE);
  write_images(mesh);
  const Trace flat = run_flat(verdict);

  AssembledChip chip(mesh);
  const std::size_t same = first_difference(flat, chip.run(flat.size(), Plant::kNothing));
  verdict.expect(same == flat.size(), "another cycle than the flat model's", same);
  verdict.expect(chip.ended_well(), "the mesh did not end well");
  verdict.expect(chip.flits() > 0 && chip.retired() > 0, "nothing happened");
  check_results(mesh, chip, verdict);

  const auto seen = [&](Plant plant) {
    const std::size_t at = first_difference(flat, AssembledChip(mesh).run(flat.size(), plant));
    verdict.expect(at < flat.size(), "a planted difference is not seen");
    return at;
  };
  const std::size_t flip = seen(Plant::kFlip), delay = seen(Plant::kDelay);

  Digest all;
  for (const auto& cycle : flat)
    for (const std::uint64_t sum : cycle) all.add(sum);
  char text[250];
  std::snprintf(text, sizeof text,
                "the same %zu cycles (trace %016llx), %llu flits, %llu instructions; planted "
                "in cycle %zu or later: a flipped bit seen in %zu, a late flit in %zu",
                flat.size(), static_cast<unsigned long long>(all.sum()),
                static_cast<unsigned long long>(chip.flits()),
                static_cast<unsigned long long>(chip.retired()), flat.size() / 3, flip, delay);
  return verdict.report(text);
}

}  // namespace
}  // namespace tilewright::rtl

int main() {
  return tilewright::rtl::run();
}

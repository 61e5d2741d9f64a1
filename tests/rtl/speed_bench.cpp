// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Simulated cycles a second of one core: a mesh of COLUMNS x ROWS tiles of one configuration
// (cycle_mesh.h), or one tile, on the workload of tile_workload.h with vectors of K elements. VLEN,
// DFLIT_WIDTH and FETCH are the model's; LEAST_KHZ is what must be reached. The argument is the
// number of rounds.
#include <ctime>
#include <filesystem>

#include "Vtile.h"
#include "Vtile___024root.h"
#include "cycle_mesh.h"
#include "image.h"
#include "tile_workload.h"

namespace tilewright::rtl {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kTiles = COLUMNS * ROWS;
constexpr int kRuns = 5;  // the best counts: others may share the machine

Workload workload(std::uint32_t tile, std::uint32_t rounds) {
  return {.vlen = VLEN,
          .k = K,
          .rounds = rounds,
          .scalar = 100,
          .columns = COLUMNS,
          .rows = ROWS,
          .tile = tile};
}

void add_tile(CycleMesh& mesh, const Workload& w) {
  const fs::path images = "tile_" + std::to_string(w.tile);
  fs::create_directories(images);
  write_image(images / "imem.hex", imem_blocks(program_words(w), FETCH));
  write_image(images / "wmem.hex", wmem_image(w));
  write_image(images / "dmem.hex", dmem_image(w));
  mesh.add<Vtile>(images);
}

double seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Cycles from start to end.
std::uint64_t run_program(CycleMesh& mesh) {
  mesh.tick(true);
  std::uint64_t cycles = 3;
  mesh.tick(false);
  mesh.tick(false);  // done() of the run before is over
  for (; !mesh.done() && cycles < 100'000'000; ++cycles) mesh.tick(false);
  return cycles;
}

int run(std::uint32_t rounds) {
  Verdict verdict("speed of " + std::to_string(kTiles) + " tiles of VLEN " + std::to_string(VLEN));
  CycleMesh mesh(COLUMNS, ROWS, DFLIT_WIDTH);
  for (std::uint32_t i = 0; i < kTiles; ++i) add_tile(mesh, workload(i, rounds));
  mesh.connect();
  double khz = 0;
  std::uint64_t cycles = 0;
  for (int i = 0; i < kRuns; ++i) {
    const double before = seconds();
    cycles = run_program(mesh);
    khz = std::max(khz, 1e-3 * static_cast<double>(cycles) / (seconds() - before));
    verdict.expect(mesh.done() && !mesh.error(), "the program did not end well");
  }
  verdict.expect(khz >= LEAST_KHZ, "slower than it must be");
  const double rows = static_cast<double>(rounds) * workload(0, rounds).wmem_rows();
  char text[200];
  std::snprintf(
      text, sizeof text,
      "%.1f kHz (%.0f tile cycles a second); %llu cycles, a weight row in %.0f %% of them", khz,
      1e3 * khz * kTiles, static_cast<unsigned long long>(cycles),
      100 * rows / static_cast<double>(cycles));
  return verdict.report(text);
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  return run(static_cast<std::uint32_t>(size_argument(argc, argv, 1)));
}

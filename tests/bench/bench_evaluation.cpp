// Evaluations a second: L0 in batches, and L1 of Llama 3.1 8B with the whole graph partitioned and
// placed anew. Every design is legal and differs from the one before; nothing is kept between
// evaluations.
#include <benchmark/benchmark.h>

#include "inputs.h"
#include "nodes/calibration.h"
#include "support/random.h"
#include "surrogate/surrogate.h"

namespace tilewright {
namespace {

constexpr std::size_t kDesigns = 4096;

Surrogate llama_surrogate(const char* constants = "paper") {
  const auto calibration = load_calibration(constants);
  return {calibration, find_node(calibration, "3nm"), Mode::kHighPerformance,
          bench::workload("llama-3.1-8b")};
}

std::vector<ActionVector> designs(const DesignBox& box, bool fixed_mesh) {
  RandomStream random(1, "bench/designs");
  std::vector<ActionVector> all(kDesigns);
  for (auto& design : all) {
    ActionVector unit{};
    for (auto& u : unit) u = random.uniform();
    design = project(from_unit(unit, box), box);
    if (fixed_mesh) {
      design[kMeshW] = 41;
      design[kMeshH] = 42;
    }
  }
  return all;
}

void l0_batched(benchmark::State& state, const char* constants) {
  const auto surrogate = llama_surrogate(constants);
  const auto all = designs(surrogate.box(), false);
  std::vector<L0Row> rows(all.size());
  for (auto _ : state) {
    surrogate.evaluate_l0(all, rows);
    benchmark::DoNotOptimize(rows.data());
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t{kDesigns});
}
BENCHMARK_CAPTURE(l0_batched, paper, "paper")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(l0_batched, physical, "physical")->Unit(benchmark::kMillisecond);

void l0_with_bands(benchmark::State& state) {
  const auto surrogate = llama_surrogate("physical");
  const auto all = designs(surrogate.box(), false);
  std::vector<L0Row> rows(all.size());
  std::vector<L0Bands> bands(all.size());
  for (auto _ : state) {
    surrogate.evaluate_l0(all, rows, bands);
    benchmark::DoNotOptimize(bands.data());
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t{kDesigns});
}
BENCHMARK(l0_with_bands)->Unit(benchmark::kMillisecond);

void l1(benchmark::State& state, bool fixed_mesh) {
  const auto surrogate = llama_surrogate();
  const auto all = designs(surrogate.box(), fixed_mesh);
  Mapping mapping;
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(surrogate.evaluate_l1(all[next++ % kDesigns], &mapping).score);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(l1, mesh_from_the_box, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(l1, mesh_41x42, true)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace tilewright

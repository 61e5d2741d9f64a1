// Instructions a second of the instruction-set simulator, without and with its timing, on a loop of
// arithmetic, loads, stores and branches (a bubble sort that never finds its words sorted).
#include <benchmark/benchmark.h>

#include "codegen/assembler.h"
#include "verify/iss/tile.h"

namespace tilewright {
namespace {

constexpr const char* kProgram = R"(
  lui s0, 0x80000
again:
  li t0, 63
pass:
  mv t1, s0
  mv t2, t0
inner:
  lw t3, 0(t1)
  lw t4, 4(t1)
  bltu t4, t3, keep
  sw t4, 0(t1)
  sw t3, 4(t1)
keep:
  addi t1, t1, 4
  addi t2, t2, -1
  bnez t2, inner
  addi t0, t0, -1
  bnez t0, pass
  sw t0, 0(s0)
  j again
)";

void run_instructions(benchmark::State& state) {
  constexpr std::uint64_t kInstructions = 1'000'000;
  iss::Core core({});
  core.load(assemble(kProgram, "sort.s").words);
  for ([[maybe_unused]] auto _ : state) {
    core.run(kInstructions);
    if (core.state() != iss::CoreState::kRunning) state.SkipWithError("stopped");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(kInstructions) * state.iterations());
}
BENCHMARK(run_instructions)->Unit(benchmark::kMillisecond);

void run_timed(benchmark::State& state) {
  constexpr std::uint64_t kInstructions = 1'000'000;
  const std::vector<std::uint8_t> wmem(65536);
  iss::Tile tile({}, {}, wmem);
  tile.time({2, 8, 2, 2, 1, 2, 128, 64});
  tile.core().load(assemble(kProgram, "sort.s").words);
  for ([[maybe_unused]] auto _ : state) {
    tile.run(kInstructions);
    if (tile.done()) state.SkipWithError("stopped");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(kInstructions) * state.iterations());
}
BENCHMARK(run_timed)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tilewright

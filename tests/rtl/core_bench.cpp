// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_core on constrained-random programs, with DMEM busy in none to half of the cycles.
#include "core_harness.h"
#include "random_program.h"

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  CoreHarness core;
  const std::uint64_t instructions = size_argument(argc, argv, 100000);
  constexpr std::uint32_t kMost = kImemBytes / 4 - 64, kMostStalls = 51;
  for (std::uint64_t seed = 1; core.retired() < instructions && core.ok(); ++seed) {
    const std::uint32_t size = 100 + static_cast<std::uint32_t>(seed * 37 % 900);
    const auto program = RandomProgram(seed, kDmemBytes).make(size < kMost ? size : kMost);
    core.run(program, {}, static_cast<std::uint32_t>(seed) % kMostStalls, seed);
  }
  return core.report();
}

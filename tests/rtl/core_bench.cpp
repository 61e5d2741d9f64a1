// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_core on constrained-random programs, with DMEM busy in none to half of the cycles; then on
// programs that it can't finish. In as many instructions as are standard, all of FunctionalPlan
// must have happened.
#include <cstdio>

#include "core_harness.h"
#include "random_program.h"

namespace {

using tilewright::isa::Op;

constexpr std::uint64_t kStandard = 300000;

std::uint32_t encoded(Op op, const tilewright::isa::Operands& operands) {
  return tilewright::isa::encode(tilewright::isa::instruction(op), operands).value();
}

// The ways to go wrong, x31 being DMEM's base + 2047.
std::vector<std::uint32_t> mistakes() {
  return {0,
          0xffffffff,
          0x00000073,  // ecall
          encoded(Op::kJal, {1, 0, 0, 6}),
          encoded(Op::kBeq, {0, 0, 0, 10}),
          encoded(Op::kJalr, {1, 0, 0, 2}),
          encoded(Op::kJal, {0, 0, 0, 1 << 19}),  // beyond IMEM
          encoded(Op::kLw, {1, 31, 0, 0}),        // no multiple of 4
          encoded(Op::kSh, {0, 31, 1, 0}),
          encoded(Op::kLbu, {1, 0, 0, 0}),
          encoded(Op::kSw, {0, 31, 1, -2047 - 1}),
          encoded(Op::kGemv, {0, 3, 4, static_cast<std::int32_t>(tilewright::rtl::kRefusedFlags)})};
}

// Before a halt without an error: loads just past DMEM's end, and as far from its base as each
// higher bit of an address says; jumps past IMEM by each bit.
std::vector<std::vector<std::uint32_t>> ways_outside() {
  std::vector<std::vector<std::uint32_t>> ways;
  const std::uint32_t lui = 0x37 | 1 << 7;  // of x1
  const std::uint32_t load = encoded(Op::kLbu, {2, 1, 0, 0});
  for (std::uint32_t distance = tilewright::rtl::kDmemBytes; distance != 0; distance *= 2)
    ways.push_back({lui | (tilewright::iss::kDmemBase ^ distance), load});
  const std::uint32_t jump = encoded(Op::kJalr, {0, 1, 0, 0});
  for (std::uint32_t to = 1U << 13; to != 0; to *= 2) {
    if (to >= tilewright::rtl::kImemBytes) ways.push_back({lui | to, jump});
  }
  return ways;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  CoreHarness core;
  const std::uint64_t instructions = size_argument(argc, argv, kStandard);
  constexpr std::uint32_t kMost = kImemBytes / 4 - 64, kMostStalls = 51;
  for (std::uint64_t seed = 1; core.retired() < instructions && core.ok(); ++seed) {
    const std::uint32_t size = 100 + static_cast<std::uint32_t>(seed * 37 % 900);
    const auto program = RandomProgram(seed, kDmemBytes).make(size < kMost ? size : kMost);
    core.run(program, {}, static_cast<std::uint32_t>(seed) % kMostStalls, seed);
  }
  std::uint64_t name = 0;
  for (const std::uint32_t mistake : mistakes()) {
    for (const bool busy : {false, true}) {  // with a quotient under way, which is longer than all
      auto program = RandomProgram(++name, kDmemBytes).make(120);
      if (busy) program.insert(program.end() - 1, encoded(Op::kDivu, {5, 6, 7, 0}));
      program.back() = mistake;  // in place of the halt
      core.run_to_error(program, name);
    }
  }
  for (const auto& words : ways_outside()) {
    auto program = RandomProgram(++name, kDmemBytes).make(120);
    program.insert(program.end() - 1, words.begin(), words.end());
    core.run_to_error(program, name);
  }
  const auto program = RandomProgram(name + 1, kDmemBytes).make(600);
  core.run_to_failure(program, name + 1);
  const std::vector<std::string> missing = core.plan().missing();
  std::printf("functional plan: %zu of %zu\n", core.plan().size() - missing.size(),
              core.plan().size());
  if (instructions >= kStandard) {
    for (const std::string& what : missing) core.expect(false, what.c_str(), 0);
  }
  return core.report();
}

// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_cmdq against std::deque under random pushes and pops, with the full and the empty state both
// reached.
#include <deque>

#include "Vdut.h"
#include "network_bench.h"

using namespace tilewright::rtl;

int main(int argc, char** argv) {
  Vdut model;
  Verdict verdict("cmdq");
  Random random(4);
  std::deque<std::uint32_t> golden;
  std::uint64_t full = 0, empty = 0, popped = 0;
  reset(model);
  const std::uint64_t cycles = size_argument(argc, argv, 1000000);
  for (std::uint64_t cycle = 0; cycle < cycles; ++cycle) {
    // Phases of filling and draining, so that both ends are reached at every depth.
    const std::uint32_t bias = (cycle / 64) % 2 == 0 ? 80 : 20;
    model.valid_i = random.percent(bias);
    model.data_i = random.word() & 0xFFFFU;
    model.eval();
    verdict.expect(model.ready_o == (golden.size() < DEPTH), "ready_o", cycle);
    verdict.expect(model.valid_o == !golden.empty(), "valid_o", cycle);
    if (model.valid_o) verdict.expect(model.head_o == golden.front(), "head_o", cycle);
    model.pop_i = model.valid_o && random.percent(100 - bias);
    model.eval();
    full += golden.size() == DEPTH;
    empty += golden.empty();
    const bool push = model.valid_i && model.ready_o;
    if (model.pop_i) {
      golden.pop_front();
      ++popped;
    }
    if (push) golden.push_back(model.data_i);
    clock(model);
  }
  verdict.expect(full > 0 && empty > 0, "full and empty reached");
  return verdict.report("depth " + std::to_string(DEPTH) + ", " + std::to_string(popped) +
                        " entries in order");
}

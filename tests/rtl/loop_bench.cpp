// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_loop against a counter of turns: any addresses; loops of any number of turns that are left
// early by another loop, a clear or a reset, and now and then all turns of one, be it millions.
#include <algorithm>

#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

struct Loop {
  std::uint32_t begin = 0, end = 0, left = 0;
};

// Of every size; most with one or two bits set, so that the loss of one ends the loop, or nearly.
std::uint32_t turns_of(Random& random) {
  const std::uint32_t kind = random.below(4), high = random.below(32), low = random.below(32);
  if (kind == 0) return 1 + random.below(5);
  if (kind == 1) return random.word() >> low;
  return (1U << high) + (kind == 2 ? 1U << low : 0) + random.below(3);
}

int run(std::uint64_t cycles) {
  Vdut dut;
  Verdict verdict("rtl.loop");
  reset(dut);
  Random random(7);
  Loop loop;
  bool begun = false, all = false;
  verdict.expect(dut.open_o == 0, "open after reset");
  for (std::uint64_t i = 0; i < cycles; ++i) {
    all = loop.left != 0 && (all || (random.below(500) == 0 && loop.left < 1U << random.below(23)));
    dut.rst_ni = random.below(1000) == 0 && !all ? 0 : 1;
    dut.clear_i = random.percent(2) && !all ? 1 : 0;
    dut.set_i = random.percent(20) && !all ? 1 : 0;
    dut.turn_i = loop.left != 0 && dut.rst_ni != 0 && (all || random.percent(80)) ? 1 : 0;
    dut.begin_i = random.word();
    dut.end_i = random.word();
    dut.turns_i = std::max(1U, turns_of(random));
    if (dut.set_i != 0) {
      loop = {dut.begin_i, dut.end_i, dut.turns_i - 1};
      begun = true;
    } else if (dut.turn_i != 0) {
      --loop.left;
    }
    if (dut.clear_i != 0 || dut.rst_ni == 0) loop.left = 0;
    clock(dut);
    verdict.expect((dut.open_o != 0) == (loop.left != 0), "open", i);
    if (begun) verdict.expect(dut.begin_o == loop.begin && dut.end_o == loop.end, "addresses", i);
  }
  return verdict.report(std::to_string(cycles) + " cycles");
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 200'000));
}

// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_fifo against a queue: random pushes and pops, order and contents, depth reached, and whether
// an empty buffer is passed through.
#include <algorithm>
#include <deque>

#include "Vdut.h"
#include "network_bench.h"

#if !defined(FIFO_DEPTH) || !defined(PASS_THROUGH)
#error "FIFO_DEPTH, PASS_THROUGH and DFLIT_WIDTH come from the build rule"
#endif

namespace tilewright::rtl {
namespace {

using Item = Flit<DFLIT_WIDTH>;

int run(std::uint64_t items) {
  Vdut dut;
  Verdict verdict("rtl.fifo_" + std::to_string(DFLIT_WIDTH) + "_" + std::to_string(FIFO_DEPTH) +
                  "_" + std::to_string(PASS_THROUGH));
  reset(dut);
  Random random(2);
  std::deque<Item> stored;
  std::uint64_t pushed = 0, popped = 0, cycles = 0;
  std::size_t fullest = 0;
  Item offered = make_flit<Item>({}, false, false, 0);
  bool offering = false;
  while (popped < items) {
    // Phases of 1024 cycles: consumer ready 25, 50, 75 or 100 % of the time.
    const auto ready_percent = static_cast<std::uint32_t>(25 * (1 + (cycles >> 10) % 4));
    if (!offering && pushed < items && random.percent(75)) {
      offered = make_flit<Item>({}, random.percent(50), random.percent(50), ++pushed);
      offering = true;
    }
    drive(dut.in_data_i, offered);
    dut.in_valid_i = offering;
    dut.out_ready_i = random.percent(ready_percent);
    dut.eval();

    verdict.expect(dut.in_ready_o == (stored.size() < FIFO_DEPTH), "ready differs", cycles);
    verdict.expect(dut.out_valid_o == (!stored.empty() || (PASS_THROUGH != 0 && offering)),
                   "valid differs", cycles);
    if (offering && dut.in_ready_o) {
      stored.push_back(offered);
      offering = false;
    }
    if (dut.out_valid_o && dut.out_ready_i && !stored.empty()) {
      verdict.expect(equals(dut.out_data_o, stored.front()), "data differs", popped);
      stored.pop_front();
      ++popped;
    }
    fullest = std::max(fullest, stored.size());
    clock(dut);
    if (++cycles > 20 * items + 1000) {
      verdict.expect(false, "no progress", cycles);
      break;
    }
  }
  verdict.expect(fullest == FIFO_DEPTH, "the buffer was never full", fullest);
  return verdict.report(std::to_string(popped) + " items in " + std::to_string(cycles) + " cycles");
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 200'000));
}

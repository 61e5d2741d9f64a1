// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_vqueue against a queue: any number pushed and popped a cycle, up to all that there is room
// for. DEPTH and PORTS are the model's; an entry is 64 bits.
#include <algorithm>
#include <deque>

#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

int run(std::uint64_t cycles) {
  Vdut dut;
  Verdict verdict("rtl.vqueue");
  Random random(31);
  reset(dut);
  std::deque<std::uint64_t> queue;
  for (std::uint64_t i = 0; i < cycles; ++i) {
    const auto held = static_cast<std::uint32_t>(queue.size());
    const bool resets = random.below(1000) == 0;
    // Busy on one side or the other for a while, so that it is full and empty now and then.
    const bool fills = i / 64 % 2 == 0;
    const std::uint32_t room = std::min<std::uint32_t>(PORTS, DEPTH - held),
                        there = std::min<std::uint32_t>(PORTS, held);
    const std::uint32_t pushed = random.percent(fills ? 80 : 30) ? random.below(room + 1) : 0,
                        popped = random.percent(fills ? 30 : 80) ? random.below(there + 1) : 0;
    std::uint64_t data[PORTS];
    for (std::uint32_t n = 0; n < PORTS; ++n) {
      data[n] = random.next();
      set_word(dut.data_i, 2 * n, static_cast<std::uint32_t>(data[n]));
      set_word(dut.data_i, 2 * n + 1, static_cast<std::uint32_t>(data[n] >> 32));
    }
    dut.push_i = static_cast<std::uint8_t>((1U << pushed) - 1);
    dut.pop_i = static_cast<std::uint8_t>((1U << popped) - 1);
    dut.eval();
    verdict.expect(dut.room_o == room, "room", i);
    verdict.expect(dut.valid_o == (1U << there) - 1, "what is there", i);
    for (std::uint32_t n = 0; n < there; ++n) {
      const std::uint64_t head =
          word(dut.data_o, 2 * n) | std::uint64_t{word(dut.data_o, 2 * n + 1)} << 32;
      verdict.expect(head == queue[n], "entry", i);
    }
    queue.erase(queue.begin(), queue.begin() + popped);
    queue.insert(queue.end(), data, data + pushed);
    clock(dut);
    if (resets) {
      reset(dut);
      queue.clear();
    }
  }
  return verdict.report(std::to_string(cycles) + " cycles");
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 100'000));
}

// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_ni_walk against the rows that each command's words lie in: messages of no word, of a few, of
// thousands, at any address; takers that wait, commands handed over as soon as there is room or
// later. VLEN, DMEM_AW and QUEUE are the model's.
#include <deque>

#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kRowWords = VLEN / 32, kWords = 1U << DMEM_AW, kRows = kWords / kRowWords;

// A command and the first of its rows that nobody has taken.
struct Message {
  std::uint32_t address, length;
  bool add;
  std::uint32_t taken = 0;

  std::uint32_t row() const { return (address / kRowWords + taken) % kRows; }
  bool last() const {
    const std::uint32_t end = address % kRowWords + length;
    return (taken + 1) * kRowWords >= end;
  }
};

class Bench {
 public:
  Bench() { reset(dut_); }

  void cycle(std::uint64_t at) {
    const bool hand_over = queue_.size() < QUEUE && random_.percent(60);
    const Message next = draw();
    dut_.cmd_valid_i = hand_over ? 1 : 0;
    dut_.cmd_addr_i = static_cast<std::uint16_t>(next.address);
    dut_.cmd_len_i = static_cast<std::uint16_t>(next.length);
    dut_.cmd_add_i = next.add ? 1 : 0;
    dut_.row_ready_i = random_.percent(80) ? 1 : 0;
    dut_.eval();
    verdict_.expect((dut_.row_valid_o != 0) == !queue_.empty(), "a row is offered", at);
    if (!queue_.empty()) take(at);
    if (hand_over) queue_.push_back(next);
    clock(dut_);
  }
  int report(std::uint64_t cycles) const {
    return verdict_.report(std::to_string(cycles) + " cycles, " + std::to_string(rows_) +
                           " rows of " + std::to_string(messages_) + " messages");
  }

 private:
  Message draw() {
    std::uint32_t length = random_.below(5 * kRowWords);
    if (random_.percent(20)) length = 0;
    if (random_.percent(5)) length = 1U << random_.below(16);
    if (random_.percent(5)) length = random_.below(1U << random_.below(17));
    return {random_.below(kWords), length, random_.percent(50)};
  }

  void take(std::uint64_t at) {
    Message& m = queue_.front();
    verdict_.expect(dut_.row_o == m.row(), "row", at);
    verdict_.expect((dut_.row_add_o != 0) == m.add, "addition", at);
    verdict_.expect((dut_.row_empty_o != 0) == (m.length == 0), "no words", at);
    verdict_.expect((dut_.row_last_o != 0) == m.last(), "last row", at);
    if (dut_.row_ready_i == 0) return;
    ++rows_;
    if (m.last()) {
      ++messages_;
      queue_.pop_front();
    } else {
      ++m.taken;
    }
  }

  Vdut dut_;
  Verdict verdict_{"rtl.ni_walk"};
  Random random_{41};
  std::deque<Message> queue_;
  std::uint64_t rows_ = 0, messages_ = 0;
};

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  Bench bench;
  const std::uint64_t cycles = size_argument(argc, argv, 300'000);
  for (std::uint64_t i = 0; i < cycles; ++i) bench.cycle(i);
  return bench.report(cycles);
}

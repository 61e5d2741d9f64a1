// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_retire against what each station was last given: any instructions enter, any stations show.
// XDPNUM, STANUM, OTHERS, XRWP and ORDER_BITS are the model's parameters.
#include <algorithm>
#include <array>

#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kChannels = XRWP + OTHERS;
constexpr std::uint32_t kTagBits = STANUM > 4 ? 3 : STANUM > 2 ? 2 : 1;
constexpr std::uint32_t kOrders = 1U << ORDER_BITS;

struct Entry {
  std::uint32_t order = 0, pc = 0, word = 0;
};

class Bench {
 public:
  Bench() { reset(dut_); }

  void cycle(std::uint64_t at) {
    drive_stations();
    drive_dispatch();
    drive_channels();
    dut_.clear_i = random_.percent(1) ? 1 : 0;
    dut_.rst_ni = random_.below(500) == 0 ? 0 : 1;
    dut_.eval();
    check(at);
    step();
    clock(dut_);
  }
  int report(std::uint64_t cycles) const {
    return verdict_.report(std::to_string(cycles) + " cycles");
  }

 private:
  static std::uint32_t bits(std::uint64_t of, std::uint32_t index, std::uint32_t width) {
    return static_cast<std::uint32_t>(of >> (index * width)) & ((1U << width) - 1);
  }

  void drive_stations() {
    for (std::uint32_t s = 0; s < STANUM; ++s) {
      set_word(dut_.a_i, s, random_.word());
      set_word(dut_.b_i, s, random_.word());
    }
  }
  // A group enters from its first lane on, into stations that follow each other.
  void drive_dispatch() {
    lanes_ = random_.below(std::min(XDPNUM, STANUM) + 1);
    const std::uint32_t first = random_.below(STANUM);
    std::uint32_t tags = 0;
    for (std::uint32_t n = 0; n < XDPNUM; ++n) {
      stations_[n] = (first + n) % STANUM;
      tags |= stations_[n] << (n * kTagBits);
      set_word(dut_.lane_pc_i, n, random_.word());
      set_word(dut_.lane_word_i, n, random_.word());
    }
    set_word(dut_.lane_tag_i, 0, tags);
    dut_.dispatch_i = static_cast<std::uint8_t>((1U << lanes_) - 1);
  }
  void drive_channels() {
    std::uint32_t tags = 0;
    for (std::uint32_t k = 0; k < kChannels; ++k) {
      shown_[k] = random_.below(STANUM);
      tags |= shown_[k] << (k * kTagBits);
      set_word(dut_.value_i, k, random_.word());
    }
    set_word(dut_.tag_i, 0, tags);
    dut_.done_i = static_cast<std::uint8_t>(random_.below(1U << kChannels));
  }

  void check(std::uint64_t at) {
    verdict_.expect(dut_.valid_o == dut_.done_i, "what is done", at);
    for (std::uint32_t k = 0; k < kChannels; ++k) {
      const std::uint32_t s = shown_[k];
      verdict_.expect(word(dut_.value_o, k) == word(dut_.value_i, k), "value", at);
      verdict_.expect(word(dut_.a_o, k) == word(dut_.a_i, s), "first operand", at);
      verdict_.expect(word(dut_.b_o, k) == word(dut_.b_i, s), "second operand", at);
      if (!known_[s]) continue;
      verdict_.expect(bits(dut_.order_o, k, ORDER_BITS) == entries_[s].order, "order", at);
      verdict_.expect(word(dut_.pc_o, k) == entries_[s].pc, "pc", at);
      verdict_.expect(word(dut_.word_o, k) == entries_[s].word, "word", at);
    }
  }
  void step() {
    if (dut_.rst_ni == 0) order_ = 0;
    for (std::uint32_t n = 0; n < lanes_; ++n) {
      entries_[stations_[n]] = {(order_ + n) % kOrders, word(dut_.lane_pc_i, n),
                                word(dut_.lane_word_i, n)};
      known_[stations_[n]] = true;
    }
    order_ = dut_.rst_ni == 0 || dut_.clear_i != 0 ? 0 : (order_ + lanes_) % kOrders;
  }

  Vdut dut_;
  Verdict verdict_{"rtl.retire"};
  Random random_{21};
  std::array<Entry, STANUM> entries_{};
  std::array<bool, STANUM> known_{};
  std::array<std::uint32_t, XDPNUM> stations_{};
  std::array<std::uint32_t, kChannels> shown_{};
  std::uint32_t order_ = 0, lanes_ = 0;
};

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  Bench bench;
  const std::uint64_t cycles = size_argument(argc, argv, 100'000);
  for (std::uint64_t i = 0; i < cycles; ++i) bench.cycle(i);
  return bench.report(cycles);
}

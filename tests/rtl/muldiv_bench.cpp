// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_muldiv against 64-bit arithmetic of the host, with its handshake and its latency. At WIDTH 8
// every operation on every pair of operands; at 32 corners and random pairs, with random stalls.
#include <type_traits>
#include <vector>

#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint64_t kMask = (std::uint64_t{1} << WIDTH) - 1;
using Word = std::conditional_t<WIDTH == 8, std::uint8_t, std::uint32_t>;
constexpr unsigned kOperations = 8, kProductLatency = 3, kQuotientLatency = WIDTH + 2;

std::int64_t as_signed(std::uint64_t x) {
  return (x >> (WIDTH - 1)) != 0 ? static_cast<std::int64_t>(x) - (std::int64_t{1} << WIDTH)
                                 : static_cast<std::int64_t>(x);
}

// The manual's text, in numbers of 64 bits that hold every product and quotient.
std::uint64_t expected(unsigned op, std::uint64_t a, std::uint64_t b) {
  const std::int64_t sa = as_signed(a), sb = as_signed(b);
  const auto high = [](std::int64_t product) {
    return (static_cast<std::uint64_t>(product) >> WIDTH) & kMask;
  };
  switch (op) {
    case 0:
      return (a * b) & kMask;
    case 1:
      return high(sa * sb);
    case 2:
      return high(sa * static_cast<std::int64_t>(b));
    case 3:
      return (a * b) >> WIDTH;
    case 4:
      return (b == 0 ? ~std::uint64_t{0} : static_cast<std::uint64_t>(sa / sb)) & kMask;
    case 5:
      return b == 0 ? kMask : a / b;
    case 6:
      return b == 0 ? a : static_cast<std::uint64_t>(sa % sb) & kMask;
    default:
      return b == 0 ? a : a % b;
  }
}

class Bench {
 public:
  Bench() { reset(dut_); }

  // `stalls`: per cent of the cycles in which nobody takes the result.
  void check(unsigned op, std::uint64_t a, std::uint64_t b, unsigned stalls) {
    verdict_.expect(dut_.ready_o != 0, "idle and not ready", checks_);
    dut_.valid_i = 1;
    dut_.op_i = static_cast<std::uint8_t>(op);
    dut_.a_i = static_cast<Word>(a);
    dut_.b_i = static_cast<Word>(b);
    dut_.ready_i = 0;
    clock(dut_);
    dut_.valid_i = static_cast<std::uint8_t>(random_.below(2));  // refused until the result is gone
    dut_.a_i = 0;
    unsigned latency = 1;
    for (; dut_.valid_o == 0 && latency <= kQuotientLatency; ++latency) {
      verdict_.expect(dut_.ready_o == 0, "busy and ready", checks_);
      clock(dut_);
    }
    verdict_.expect(latency == (op < 4 ? kProductLatency : kQuotientLatency), "latency", latency);
    while (random_.percent(stalls)) clock(dut_);
    verdict_.expect(dut_.valid_o != 0 && dut_.result_o == expected(op, a, b), "result",
                    (std::uint64_t{op} << 60) | (a << 28) | b);
    dut_.valid_i = 0;
    dut_.ready_i = 1;
    clock(dut_);
    dut_.ready_i = 0;
    ++checks_;
  }

  // One that is given up in any of its cycles, or none, then cycles in which nobody asks.
  void give_up() {
    dut_.valid_i = random_.percent(80) ? 1 : 0;
    dut_.op_i = static_cast<std::uint8_t>(random_.below(kOperations));
    dut_.a_i = static_cast<Word>(random_.next() & kMask);
    dut_.b_i = static_cast<Word>(random_.next() & kMask);
    dut_.ready_i = 0;
    for (std::uint32_t cycles = random_.below(kQuotientLatency + 4); cycles > 0; --cycles)
      clock(dut_);
    dut_.clear_i = 1;
    clock(dut_);
    dut_.clear_i = 0;
    dut_.valid_i = 0;
    for (std::uint32_t cycles = random_.below(3); cycles > 0; --cycles) {
      verdict_.expect(dut_.ready_o != 0 && dut_.valid_o == 0, "given up and not idle", checks_);
      dut_.ready_i = static_cast<std::uint8_t>(random_.below(2));
      clock(dut_);
    }
  }

  void every_pair() {
    for (std::uint64_t a = 0; a <= kMask; ++a)
      for (std::uint64_t b = 0; b <= kMask; ++b)
        for (unsigned op = 0; op < kOperations; ++op) check(op, a, b, 0);
  }

  void corners_and_random(std::uint64_t count) {
    std::vector<std::uint64_t> corners;
    for (const std::uint64_t base : {std::uint64_t{0}, (kMask + 1) / 2, kMask / 3}) {
      for (std::uint64_t step = 0; step < 5; ++step) corners.push_back((base + step - 2) & kMask);
    }
    for (const std::uint64_t a : corners)
      for (const std::uint64_t b : corners)
        for (unsigned op = 0; op < kOperations; ++op) check(op, a, b, 30);
    for (std::uint64_t i = 0; i < count; ++i) {
      // Short operands as often as long ones.
      const std::uint64_t a = (random_.next() & kMask) >> random_.below(WIDTH);
      const std::uint64_t b = (random_.next() & kMask) >> random_.below(WIDTH);
      if (random_.percent(5)) give_up();
      check(random_.below(kOperations), random_.percent(30) ? -a & kMask : a,
            random_.percent(30) ? -b & kMask : b, 10);
    }
  }

  int report() const { return verdict_.report(std::to_string(checks_) + " operations"); }

 private:
  Vdut dut_;
  Verdict verdict_{"rtl.muldiv_" + std::to_string(WIDTH)};
  Random random_{5};
  std::uint64_t checks_ = 0;
};

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  Bench bench;
  if (WIDTH == 8) {
    bench.every_pair();
  } else {
    bench.corners_and_random(size_argument(argc, argv, 100000));
  }
  return bench.report();
}

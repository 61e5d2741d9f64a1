// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_vlane against the definition of each operation: every pair of corners under every operation,
// then random operations and operands cycle by cycle.
#include "Vdut.h"
#include "golden_vector.h"

namespace tilewright::rtl {
namespace {

constexpr std::size_t kLatency = 3;
constexpr std::uint32_t kOperations = 13;
constexpr std::array<const char*, kOperations> kNames{
    "ADD", "SUB", "MUL",      "FMA",      "MAX",    "MIN",   "LT",
    "SEL", "MOV", "F16_BF16", "BF16_F16", "F16_I8", "I8_F16"};

std::uint16_t golden_lane(std::uint32_t op, Triple t) {
  const auto convert = [&](FormatCode from, FormatCode to) {
    return static_cast<std::uint16_t>(golden_convert(from, to, t.a));
  };
  switch (op) {
    case 0:
      return golden_add(t.a, t.b);
    case 1:
      return half(doubles()[t.a] - doubles()[t.b]);
    case 2:
      return golden_mul(t.a, t.b);
    case 3:
      return golden_fma(t.a, t.b, t.c);
    case 4:
    case 5:
      return golden_extreme(t.a, t.b, op == 4);
    case 6:
      return doubles()[t.a] < doubles()[t.b] ? 0xFFFF : 0;
    case 7:
      return (t.c & 0x8000U) != 0 ? t.a : t.b;
    case 8:
      return t.a;
    case 9:
      return convert(kF16, kB16);
    case 10:
      return convert(kB16, kF16);
    case 11:
      return convert(kF16, kI8);
    default:
      return convert(kI8, kF16);
  }
}

class Bench {
 public:
  Bench() {
    dut_.step_i = 7;
    dut_.eval();
  }

  void check(std::uint32_t op, Triple t) {
    dut_.op_i = static_cast<std::uint8_t>(op);
    dut_.a_i = t.a;
    dut_.b_i = t.b;
    dut_.c_i = t.c;
    clock(dut_);
    Slot& newest = slots_[operations % kLatency];
    newest = {op, t, golden_lane(op, t)};
    if (++operations < kLatency) return;
    const Slot& oldest = slots_[operations % kLatency];
    verdict.expect(
        dut_.result_o == oldest.expected, kNames[oldest.op],
        (std::uint64_t{oldest.t.a} << 32) | (std::uint64_t{oldest.t.b} << 16) | oldest.t.c);
  }

  Verdict verdict{"rtl.vlane"};
  std::uint64_t operations = 0;

 private:
  struct Slot {
    std::uint32_t op;
    Triple t;
    std::uint16_t expected;
  };

  Vdut dut_;
  std::array<Slot, kLatency> slots_{};
};

int run(std::uint64_t random_operations) {
  Bench bench;
  Random random(1);
  const std::vector<std::uint16_t> corners = few_corners16();
  for (const std::uint16_t a : corners) {
    for (const std::uint16_t b : corners) {
      for (std::uint32_t op = 0; op < kOperations; ++op)
        bench.check(op, {a, b, corners[random.below(static_cast<std::uint32_t>(corners.size()))]});
    }
  }
  for (std::uint64_t i = 0; i < random_operations; ++i) {
    Triple t = random_triple(random);
    if (random.percent(10)) t.b = t.a;
    if (random.percent(10)) t.b = t.a ^ 0x8000U;
    bench.check(random.below(kOperations), t);
  }
  for (std::size_t i = 1; i < kLatency; ++i) bench.check(8, {0, 0, 0});
  return bench.verdict.report(std::to_string(bench.operations) + " operations of 13 kinds");
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 2'000'000));
}

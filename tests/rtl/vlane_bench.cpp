// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_vlane against the definition of each operation: every pair of corners under every operation,
// then random operations and operands cycle by cycle, with gaps in which a stage does not step.
#include <algorithm>

#include "Vdut.h"
#include "golden_vector.h"

namespace tilewright::rtl {
namespace {

constexpr std::size_t kLatency = 3;
constexpr std::uint32_t kOperations = 14;
constexpr std::array<const char*, kOperations> kNames{
    "ADD", "SUB", "MUL",      "FMA",      "MAX",    "MIN",    "LT",
    "SEL", "MOV", "F16_BF16", "BF16_F16", "F16_I8", "I8_F16", "PACK"};

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
    case 12:
      return convert(kI8, kF16);
    default:
      return static_cast<std::uint16_t>((t.b & 0xffU) << 8 | (t.a & 0xffU));
  }
}

class Bench {
 public:
  // An operation that begins in this cycle, or without `begins` none: the operands are there all
  // the same.
  void check(std::uint32_t op, Triple t, bool begins = true) {
    dut_.op_i = static_cast<std::uint8_t>(op);
    dut_.a_i = t.a;
    dut_.b_i = t.b;
    dut_.c_i = t.c;
    std::rotate(slots_.begin(), slots_.end() - 1, slots_.end());
    slots_[0] = {begins, op, t, golden_lane(op, t)};
    std::uint32_t step = 0;
    for (std::size_t s = 0; s < kLatency; ++s) step |= (slots_[s].valid ? 1U : 0U) << s;
    dut_.step_i = static_cast<std::uint8_t>(step);
    clock(dut_);
    const Slot& oldest = slots_.back();
    if (!oldest.valid) return;
    ++operations;
    verdict.expect(
        dut_.result_o == oldest.expected, kNames[oldest.op],
        (std::uint64_t{oldest.t.a} << 32) | (std::uint64_t{oldest.t.b} << 16) | oldest.t.c);
  }

  Verdict verdict{"rtl.vlane"};
  std::uint64_t operations = 0;

 private:
  struct Slot {
    bool valid = false;
    std::uint32_t op = 0;
    Triple t{};
    std::uint16_t expected = 0;
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
    if (random.percent(10)) t.b = static_cast<std::uint16_t>(t.a ^ 1U << random.below(16));
    bench.check(random.below(kOperations), t, random.percent(80));
  }
  for (std::size_t i = 1; i < kLatency; ++i) bench.check(8, {0, 0, 0}, false);
  return bench.verdict.report(std::to_string(bench.operations) + " operations of 14 kinds");
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 2'000'000));
}

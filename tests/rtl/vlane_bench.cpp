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
constexpr std::array<const char*, kLaneOperations> kNames{
    "ADD", "SUB", "MUL",      "FMA",      "MAX",    "MIN",    "LT",
    "SEL", "MOV", "F16_BF16", "BF16_F16", "F16_I8", "I8_F16", "PACK"};

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
      for (std::uint32_t op = 0; op < kLaneOperations; ++op)
        bench.check(op, {a, b, corners[random.below(static_cast<std::uint32_t>(corners.size()))]});
    }
  }
  for (std::uint64_t i = 0; i < random_operations; ++i) {
    Triple t = random_triple(random);
    if (random.percent(10)) t.b = t.a;
    if (random.percent(10)) t.b = static_cast<std::uint16_t>(t.a ^ 1U << random.below(16));
    bench.check(random.below(kLaneOperations), t, random.percent(80));
  }
  for (std::size_t i = 1; i < kLatency; ++i) bench.check(8, {0, 0, 0}, false);
  return bench.verdict.report(std::to_string(bench.operations) + " operations of 14 kinds");
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 2'000'000));
}

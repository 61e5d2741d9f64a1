// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_alu against 64-bit arithmetic of the host: every operation and branch over pairs of corners,
// then random pairs, of which a quarter are near each other.
#include <array>
#include <vector>

#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

constexpr std::array<std::uint8_t, 10> kOperations{0, 8, 1, 2, 3, 4, 5, 13, 6, 7};
constexpr std::array<std::uint8_t, 8> kBranches{0, 1, 2, 3, 4, 5, 6, 7};

std::int64_t as_signed(std::uint32_t x) {
  return static_cast<std::int32_t>(x);
}

std::uint32_t result(std::uint8_t op, std::uint32_t a, std::uint32_t b) {
  const std::uint32_t shift = b % 32;
  switch (op) {
    case 0:
      return static_cast<std::uint32_t>(std::uint64_t{a} + b);
    case 8:
      return static_cast<std::uint32_t>(std::uint64_t{a} - b);
    case 1:
      return static_cast<std::uint32_t>(std::uint64_t{a} << shift);
    case 2:
      return as_signed(a) < as_signed(b) ? 1 : 0;
    case 3:
      return a < b ? 1 : 0;
    case 4:
      return (a | b) & ~(a & b);
    case 5:
      return static_cast<std::uint32_t>(std::uint64_t{a} / (std::uint64_t{1} << shift));
    case 13: {  // division that rounds down
      const std::int64_t by = std::int64_t{1} << shift, x = as_signed(a);
      return static_cast<std::uint32_t>((x - ((x % by) + by) % by) / by);
    }
    case 6:
      return ~(~a & ~b);
    default:
      return ~(~a | ~b);
  }
}

bool taken(std::uint8_t branch, std::uint32_t a, std::uint32_t b) {
  switch (branch) {
    case 0:
      return a == b;
    case 1:
      return a != b;
    case 4:
      return as_signed(a) < as_signed(b);
    case 5:
      return as_signed(a) >= as_signed(b);
    case 6:
      return a < b;
    case 7:
      return a >= b;
    default:
      return false;
  }
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  Vdut dut;
  Verdict verdict("rtl.alu");
  std::uint64_t checks = 0;
  const auto check = [&](std::uint32_t a, std::uint32_t b) {
    dut.a_i = a;
    dut.b_i = b;
    for (const std::uint8_t op : kOperations) {
      dut.op_i = op;
      dut.branch_i = kBranches[checks % kBranches.size()];
      dut.eval();
      verdict.expect(dut.result_o == result(op, a, b), "result", op);
      verdict.expect((dut.taken_o != 0) == taken(dut.branch_i, a, b), "taken", dut.branch_i);
      ++checks;
    }
  };
  std::vector<std::uint32_t> corners;
  for (std::uint32_t base : {0U, 0x80000000U, 0x55555555U, 0x10000U}) {
    for (std::uint32_t step = 0; step < 34; ++step) corners.push_back(base + step - 1);
  }
  for (const std::uint32_t a : corners)
    for (const std::uint32_t b : corners) check(a, b);
  Random random(3);
  const std::uint64_t pairs = size_argument(argc, argv, 300000);
  for (std::uint64_t i = 0; i < pairs; ++i) {
    const std::uint32_t a = random.word();
    check(a, random.percent(25) ? a + random.below(5) - 2 : random.word());
  }
  return verdict.report(std::to_string(checks) + " results and branches");
}

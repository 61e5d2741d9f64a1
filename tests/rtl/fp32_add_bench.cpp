// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_fp32_add against the host's binary32 addition: every pair of a corner list, then random pairs
// of four kinds (any bits, close exponents, subnormals, near-cancellation).
#include <vector>

#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

std::vector<std::uint32_t> corners() {
  std::vector<std::uint32_t> values;
  constexpr std::uint32_t kFractions[] = {0,        1,        2,        3,       0x3FFFFF,
                                          0x400000, 0x400001, 0x7FFFFE, 0x7FFFFF};
  constexpr std::uint32_t kExponents[] = {0,   1,   2,   3,   22,  23,  24,  25,  26, 126,
                                          127, 128, 151, 152, 228, 229, 253, 254, 255};
  for (std::uint32_t sign : {0U, 1U}) {
    for (std::uint32_t exponent : kExponents) {
      for (std::uint32_t fraction : kFractions)
        values.push_back((sign << 31) | (exponent << 23) | fraction);
    }
  }
  return values;
}

struct Pair {
  std::uint32_t a, b;
};

Pair random_pair(Random& random) {
  const std::uint32_t a = random.word(), b = random.word();
  switch (random.below(4)) {
    case 0:
      return {a, b};
    case 1: {  // exponents at most 31 apart, all alignment shifts
      const std::uint32_t exponent = (((a >> 23) & 0xFF) + random.below(63)) & 0xFF;
      return {a, (b & 0x807FFFFF) | (exponent << 23)};
    }
    case 2:  // subnormals and the smallest normals
      return {a & 0x81FFFFFF, b & 0x81FFFFFF};
    default:  // b = -a with a few low bits changed
      return {a, (a ^ 0x80000000) + random.below(16) - 8};
  }
}

int run(std::uint64_t pairs) {
  Vdut dut;
  Verdict verdict("rtl.fp32_add");
  reset(dut);
  dut.en_i = 1;
  const auto check = [&](std::uint32_t a, std::uint32_t b) {
    dut.a_i = a;
    dut.b_i = b;
    clock(dut);
    verdict.expect(dut.sum_o == host_add(a, b), "sum differs from the host",
                   (std::uint64_t{a} << 32) | b);
  };
  const std::vector<std::uint32_t> corner = corners();
  for (std::uint32_t a : corner)
    for (std::uint32_t b : corner) check(a, b);
  Random random(1);
  for (std::uint64_t i = 0; i < pairs; ++i) {
    const Pair pair = random_pair(random);
    check(pair.a, pair.b);
  }
  // Nothing is shown without en_i.
  dut.a_i = std::bit_cast<std::uint32_t>(1.0F);
  dut.b_i = dut.a_i;
  clock(dut);
  dut.en_i = 0;
  dut.a_i = 0;
  clock(dut);
  verdict.expect(dut.sum_o == 0, "a sum without enable");
  return verdict.report(std::to_string(corner.size() * corner.size()) + " corner pairs, " +
                        std::to_string(pairs) + " random pairs against the host's addition");
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 4'000'000));
}

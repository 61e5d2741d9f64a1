// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_vsfu against the simulator's functions: any function of any register, cycle by cycle, with
// gaps before a start and before a result is taken. VLEN is the model's.
#include <array>

#include "Vdut.h"
#include "network_bench.h"
#include "verify/iss/vector.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kLanes = VLEN / 16, kLatency = 12;

std::uint16_t golden(std::uint32_t function, std::uint16_t a) {
  if (function == 0) return iss::fp16_exp2(a);
  return function == 1 ? iss::fp16_rcp(a) : iss::fp16_rsqrt(a);
}

class Bench {
 public:
  Bench() { reset(dut_); }

  void cycle(std::uint64_t at) {
    draw();
    dut_.eval();
    check(at);
    step();
    clock(dut_);
  }
  int report(std::uint64_t cycles) const {
    return verdict_.report(std::to_string(registers_) + " registers in " + std::to_string(cycles) +
                           " cycles");
  }

 private:
  bool valid() const { return busy_ && age_ >= kLatency; }

  void draw() {
    for (std::uint32_t w = 0; w < kLanes / 2; ++w) set_word(dut_.a_i, w, random_.word());
    dut_.function_i = static_cast<std::uint8_t>(random_.below(3));
    dut_.vd_i = static_cast<std::uint8_t>(random_.below(16));
    dut_.start_i = !busy_ && random_.percent(60) ? 1 : 0;
    dut_.taken_i = valid() && random_.percent(60) ? 1 : 0;
  }

  void check(std::uint64_t at) {
    verdict_.expect((dut_.free_o != 0) == !busy_, "free", at);
    verdict_.expect((dut_.valid_o != 0) == valid(), "valid", at);
    if (!valid()) return;
    verdict_.expect(dut_.vd_o == vd_, "register", at);
    for (std::uint32_t l = 0; l < kLanes; ++l) {
      const std::uint32_t result = word(dut_.result_o, l / 2) >> 16 * (l % 2) & 0xffff;
      verdict_.expect(result == expected_[l], "lane", at);
    }
  }

  void step() {
    ++age_;
    if (dut_.taken_i != 0) busy_ = false;
    if (dut_.start_i == 0) return;
    busy_ = true;
    age_ = 1;
    ++registers_;
    vd_ = dut_.vd_i;
    for (std::uint32_t l = 0; l < kLanes; ++l) {
      const std::uint32_t a = word(dut_.a_i, l / 2) >> 16 * (l % 2);
      expected_[l] = golden(dut_.function_i, static_cast<std::uint16_t>(a));
    }
  }

  Vdut dut_;
  Verdict verdict_{"rtl.vsfu"};
  Random random_{44};
  bool busy_ = false;
  std::uint32_t age_ = 0, vd_ = 0;
  std::array<std::uint16_t, kLanes> expected_{};
  std::uint64_t registers_ = 0;
};

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  Bench bench;
  const std::uint64_t cycles = size_argument(argc, argv, 200'000);
  for (std::uint64_t i = 0; i < cycles; ++i) bench.cycle(i);
  return bench.report(cycles);
}

// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_vissue against its definition and the instruction table: any vector instructions, any
// registers waited for, units free or not. VDPNUM and VRWP are the model's.
#include <array>
#include <span>
#include <vector>

#include "Vdut.h"
#include "arch/isa/isa.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kWordBits = 25;  // of an instruction its bits from 7 on

struct Vector {
  const isa::Instruction* i = nullptr;
  isa::Operands o;

  bool reads_vd() const { return i->op == isa::Op::kVfma || i->op == isa::Op::kVsel; }
  bool writes() const { return isa::has(i->format, isa::Operand::kVd); }
  bool access() const {
    return i->op == isa::Op::kVld || i->op == isa::Op::kVst || i->op == isa::Op::kVldw;
  }
  bool special() const {
    return i->op == isa::Op::kVexp2 || i->op == isa::Op::kVrcp || i->op == isa::Op::kVrsqrt;
  }
  bool by_lane() const { return !access() && !special(); }
  // A mask of the registers that it waits for.
  std::uint32_t waits_for() const {
    std::uint32_t mask = 0;
    if (isa::has(i->format, isa::Operand::kVs1)) mask |= 1U << o.rs1;
    if (isa::has(i->format, isa::Operand::kVs2)) mask |= 1U << o.rs2;
    if (reads_vd() || writes()) mask |= 1U << o.rd;
    return mask;
  }
};

class Bench {
 public:
  Bench() {
    for (const isa::Instruction& i : isa::instructions()) {
      if (i.unit == isa::Unit::kVector) table_.push_back(&i);
    }
  }
  void check(std::uint64_t at) {
    draw();
    dut_.eval();
    std::uint32_t busy = dut_.pending_i, writes = 0, issue = 0, banks = 0;
    bool open = true, conflict = false, access_free = dut_.access_free_i != 0,
         sfu_free = dut_.sfu_free_i != 0;
    for (std::uint32_t n = 0; n < VDPNUM; ++n) {
      const Vector& v = group_[n];
      const std::uint32_t bank = 1U << (v.o.rd % VRWP);
      const bool waits =
          (v.waits_for() & busy) != 0 || (v.access() && !access_free) || (v.special() && !sfu_free);
      open = open && (dut_.valid_i >> n & 1) != 0 && !waits;
      if (open && v.by_lane() && (banks & bank) != 0) {
        conflict = true;
        open = false;
      }
      verdict_.expect((dut_.access_o >> n & 1) == (v.access() ? 1 : 0), "an access", at);
      verdict_.expect((dut_.sfu_o >> n & 1) == (v.special() ? 1 : 0), "a special function", at);
      verdict_.expect((dut_.by_lane_o >> n & 1) == (v.by_lane() ? 1 : 0), "a lane operation", at);
      if (!open) continue;
      issue |= 1U << n;
      access_free = access_free && !v.access();
      sfu_free = sfu_free && !v.special();
      if (v.writes()) writes |= 1U << v.o.rd;
      busy |= writes;
      if (v.by_lane()) banks |= bank;
    }
    issued_ += issue != 0 ? 1 : 0;
    verdict_.expect(dut_.issue_o == issue, "issue", at);
    verdict_.expect(dut_.writes_o == writes, "registers that will be written", at);
    verdict_.expect((dut_.conflict_o != 0) == conflict, "conflict", at);
  }
  int report(std::uint64_t checks) const {
    return verdict_.report(std::to_string(checks) + " groups, of " + std::to_string(issued_) +
                           " some issued");
  }

 private:
  void draw() {
    // Few registers now and then, so that instructions depend on each other.
    const std::uint32_t registers = random_.percent(50) ? 0x0f : 0x03;
    std::array<std::uint32_t, (VDPNUM * kWordBits + 31) / 32> words{};
    for (std::uint32_t n = 0; n < VDPNUM; ++n) {
      const isa::Instruction* i = table_[random_.below(static_cast<std::uint32_t>(table_.size()))];
      const std::uint32_t fields = registers << 7 | registers << 15 | registers << 20;
      const std::uint32_t w = i->match | (random_.word() & ~i->mask & (fields | 0xfe007000U));
      group_[n] = {i, isa::operands_of(i->format, w)};
      for (std::uint32_t b = 0; b < kWordBits; ++b) {
        const std::uint32_t place = n * kWordBits + b;
        words[place / 32] |= (w >> (7 + b) & 1) << (place % 32);
      }
    }
    for (std::uint32_t k = 0; k < words.size(); ++k) set_word(dut_.word_i, k, words[k]);
    dut_.valid_i = static_cast<std::uint8_t>((1U << random_.below(VDPNUM + 1)) - 1);
    dut_.pending_i = static_cast<std::uint16_t>(random_.word() & random_.word() & random_.word());
    dut_.access_free_i = random_.percent(80) ? 1 : 0;
    dut_.sfu_free_i = random_.percent(80) ? 1 : 0;
  }

  Vdut dut_;
  Verdict verdict_{"rtl.vissue"};
  Random random_{35};
  std::vector<const isa::Instruction*> table_;
  std::array<Vector, VDPNUM> group_;
  std::uint64_t issued_ = 0;
};

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  Bench bench;
  const std::uint64_t checks = size_argument(argc, argv, 200'000);
  for (std::uint64_t i = 0; i < checks; ++i) bench.check(i);
  return bench.report(checks);
}

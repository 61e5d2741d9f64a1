// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_dispatch against its definition and the instruction table: any words at any address, any
// room, in a loop or not, any of the registers known. FETCH, STANUM and XDPNUM are the model's.
#include <algorithm>
#include <array>
#include <span>

#include "Vdut.h"
#include "decoded.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kKindBits = 4;

struct Lane {
  std::uint32_t word = 0, pc = 0;
  std::optional<Decoded> d;

  // A jal to no word is as illegal as no instruction.
  bool legal() const { return d && !(d->is_jal() && (*d->imm & 2) != 0); }
  bool halts() const { return d && d->kind == kHalt; }
  bool branches() const {
    return d && (d->kind == kBranch || d->kind == kJalr || d->kind == kLoop);
  }
};

// Where the program goes.
struct Way {
  std::uint32_t lanes = 0;
  bool jumps = false, branches = false, loops = false;
  std::uint32_t leads_to = 0, link = 0;
};

class Bench {
 public:
  void check(std::uint64_t at) {
    draw();
    dut_.eval();
    check_way(at);
    for (std::uint32_t n = 0; n < XDPNUM; ++n) {
      verdict_.expect(word(dut_.lane_pc_o, n) == lanes_[n].pc, "a lane's pc", at);
      if (n < FETCH)
        verdict_.expect(word(dut_.lane_word_o, n) == lanes_[n].word, "a lane's word", at);
      if (n < FETCH && lanes_[n].d) check_lane(n, *lanes_[n].d, at);
    }
  }
  int report(std::uint64_t checks) const {
    return verdict_.report(std::to_string(checks) + " groups, " + std::to_string(jumps_) +
                           " that jump");
  }

 private:
  static std::uint32_t bits(const auto& port, std::uint32_t index, std::uint32_t width) {
    const std::uint32_t low = index * width, shift = low % 32;
    std::uint64_t both = word(port, low / 32);
    if (shift + width > 32) both |= std::uint64_t{word(port, low / 32 + 1)} << 32;
    return static_cast<std::uint32_t>(both >> shift) & ((1U << width) - 1);
  }

  // Instructions of every kind alike; now and then no instruction.
  std::uint32_t any_word() {
    if (random_.percent(4)) return random_.word();
    const auto table = isa::instructions();
    const isa::Instruction& i = table[random_.below(static_cast<std::uint32_t>(table.size()))];
    std::uint32_t w = i.match | (random_.word() & ~i.mask);
    if (i.op == isa::Op::kJal && random_.percent(60)) w &= ~(1U << 21);
    return w;
  }

  void draw() {
    dut_.open_i = random_.percent(90) ? 1 : 0;
    dut_.room_i = static_cast<std::uint8_t>(random_.below(STANUM + 1));
    dut_.count_i = static_cast<std::uint8_t>(random_.below(FETCH + 1));
    dut_.cycle_i = random_.word();
    dut_.id_i = random_.word();
    dut_.pc_i = random_.word() & ~3U;
    const bool simple = random_.percent(40);  // nothing that ends a group
    for (std::uint32_t n = 0; n < std::max<std::uint32_t>(FETCH, XDPNUM); ++n) {
      std::uint32_t w = n < FETCH ? any_word() : 0;
      while (simple && n < FETCH && !runs_on(w)) w = any_word();
      if (n < FETCH) set_word(dut_.words_i, n, w);
      if (n < XDPNUM) lanes_[n] = {w, dut_.pc_i + 4 * n, n < FETCH ? decoded(w) : std::nullopt};
    }
    dut_.loop_open_i = random_.percent(50) ? 1 : 0;
    dut_.loop_begin_i = random_.word();
    // The end of one of the lanes, or nearly.
    const std::uint32_t off = random_.percent(50) ? 0 : 1U << random_.below(32);
    dut_.loop_end_i = (dut_.pc_i + 4 * (1 + random_.below(XDPNUM))) ^ off;
    dut_.reg_known_i = static_cast<std::uint8_t>(random_.below(1U << (2 * XDPNUM)));
    for (std::uint32_t k = 0; k < 2 * XDPNUM; ++k) set_word(dut_.reg_value_i, k, random_.word());
  }
  static bool runs_on(std::uint32_t w) {
    const Lane lane{w, 0, decoded(w)};
    return lane.legal() && !lane.halts() && !lane.branches() && !lane.d->is_jal();
  }

  // Lanes in order, up to the first that can't go, or after which the program goes elsewhere.
  Way way() const {
    Way w;
    if (dut_.open_i == 0) return w;
    const std::uint32_t most = std::min<std::uint32_t>({dut_.count_i, dut_.room_i, XDPNUM});
    for (const Lane& lane : std::span(lanes_).first(most)) {
      if (!lane.legal() || lane.halts()) break;
      ++w.lanes;
      const bool jal = lane.d->is_jal();
      const bool turns =
          dut_.loop_open_i != 0 && !jal && !lane.branches() && lane.pc + 4 == dut_.loop_end_i;
      if (!jal && !turns && !lane.branches()) continue;
      w.branches = lane.branches();
      w.jumps = !w.branches;
      w.loops = turns;
      if (turns)
        w.leads_to = dut_.loop_begin_i;
      else if (lane.d->imm)
        w.leads_to = lane.pc + *lane.d->imm;
      w.link = lane.pc + 4;
      break;
    }
    return w;
  }

  void check_way(std::uint64_t at) {
    const Way w = way();
    const Lane& first = lanes_[0];
    jumps_ += w.jumps ? 1 : 0;
    verdict_.expect(dut_.dispatch_o == (1U << w.lanes) - 1, "lanes that enter", at);
    verdict_.expect(dut_.take_o == w.lanes, "words taken", at);
    verdict_.expect((dut_.jumps_o != 0) == w.jumps, "jumps", at);
    verdict_.expect((dut_.branches_o != 0) == w.branches, "branches", at);
    verdict_.expect((dut_.loops_o != 0) == w.loops, "turns of the loop", at);
    if (w.jumps || w.branches) {
      verdict_.expect(dut_.leads_to_o == w.leads_to, "where it leads", at);
      verdict_.expect(dut_.link_o == w.link, "link", at);
    }
    const bool any = dut_.count_i != 0;
    verdict_.expect((dut_.bad_o != 0) == (any && !first.legal()), "bad", at);
    verdict_.expect((dut_.halts_o != 0) == (any && first.halts()), "halts", at);
    if (first.halts()) verdict_.expect(dut_.code_o == (*first.d->imm & 0xfff), "code", at);
  }

  void check_lane(std::uint32_t n, const Decoded& d, std::uint64_t at) {
    verdict_.expect(bits(dut_.kind_o, n, kKindBits) == d.kind, "kind", at);
    verdict_.expect(bits(dut_.rd_o, n, 5) == d.rd, "rd", at);
    verdict_.expect(bits(dut_.rs_o, n, 5) == d.rs1, "rs1", at);
    verdict_.expect(bits(dut_.rs_o, XDPNUM + n, 5) == d.rs2, "rs2", at);
    if (d.op) verdict_.expect(bits(dut_.op_o, n, 4) == *d.op, "op", at);
    if (d.imm) {
      const std::uint32_t mask = d.imm_mask & 0xfff;
      verdict_.expect((bits(dut_.offset_o, n, 12) & mask) == (*d.imm & mask), "offset", at);
    }
    check_operand(n, first_value(n, d), ~0U, at);
    if (d.second) check_operand(XDPNUM + n, second_value(d), d.imm_mask, at);
  }
  // nullopt: what the register is.
  std::optional<std::uint32_t> first_value(std::uint32_t n, const Decoded& d) const {
    if (d.first == FirstOperand::kPc) return lanes_[n].pc;
    if (d.first == FirstOperand::kCycle) return dut_.cycle_i;
    if (d.first == FirstOperand::kId) return dut_.id_i;
    return std::nullopt;
  }
  static std::optional<std::uint32_t> second_value(const Decoded& d) {
    if (d.second == SecondOperand::kLink) return 4;
    if (d.second == SecondOperand::kImmediate) return d.imm.value_or(0);
    return std::nullopt;
  }
  void check_operand(std::uint32_t k, std::optional<std::uint32_t> wanted, std::uint32_t mask,
                     std::uint64_t at) {
    const bool known = wanted || (dut_.reg_known_i >> k & 1) != 0;
    const std::uint32_t value = wanted ? *wanted : word(dut_.reg_value_i, k);
    if (!wanted) mask = ~0U;
    verdict_.expect((dut_.known_o >> k & 1) == (known ? 1 : 0), "operand known", at);
    verdict_.expect((word(dut_.value_o, k) & mask) == (value & mask), "operand", at);
  }

  Vdut dut_;
  Verdict verdict_{"rtl.dispatch"};
  Random random_{23};
  std::array<Lane, XDPNUM> lanes_;
  std::uint64_t jumps_ = 0;
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

// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// What a co-simulation of the core must have met, counted over the instructions in program order:
//
//   instruction x hazard x stall   every instruction with every hazard that it can have, with and
//                                  without a memory or unit that refused in the last cycles
//   instruction x corner           of every operand its corners, and an operation's cases: taken or
//                                  not, the lanes of a word, turns of a loop, the quotient that
//                                  overflows
//
// in each of the configurations that a bench is built with. A hazard is with one of the two
// instructions before.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "arch/isa/isa.h"
#include "verify/iss/core.h"

namespace tilewright::rtl {

class FunctionalPlan {
 public:
  FunctionalPlan() {
    for (const isa::Instruction& i : isa::instructions()) {
      if (i.op == isa::Op::kHalt) continue;  // it does not retire
      for (const std::string& hazard : hazards_of(i)) {
        hits_[named(i, hazard)] = 0;
        hits_[named(i, hazard + ", stalled")] = 0;
      }
      for (const std::string& corner : corners_of(i)) hits_[named(i, corner)] = 0;
    }
  }

  void begin() {
    before_ = {};
    after_jump_ = false;
    stored_ = kNowhere;
  }

  // The next one: what the simulator did, and the contents of its registers before.
  void see(const iss::Retired& r, std::uint32_t a, std::uint32_t b, bool stalled) {
    const isa::Instruction* i = isa::decode(r.word);
    if (i == nullptr) return;
    const isa::Operands o = isa::operands_of(i->format, r.word);
    const Uses uses{reads_a(*i) ? o.rs1 : kNone, reads_b(*i) ? o.rs2 : kNone,
                    writes(*i) ? o.rd : kNone};
    for (const std::string& hazard : hazards_in(uses, r))
      hit(*i, stalled ? hazard + ", stalled" : hazard);
    for (const std::string& corner : corners_in(*i, o, r, a, b)) hit(*i, corner);
    before_ = {uses, before_[0]};
    after_jump_ = r.next_pc != r.pc + 4;
    if (r.written_bytes > 0) stored_ = r.address / 4;
  }

  std::size_t size() const { return hits_.size(); }
  std::vector<std::string> missing() const {
    std::vector<std::string> names;
    for (const auto& [name, count] : hits_) {
      if (count == 0) names.push_back(name);
    }
    return names;
  }

 private:
  using Names = std::vector<std::string>;
  static constexpr std::uint32_t kNowhere = ~std::uint32_t{0};
  static constexpr std::uint8_t kNone = 0;  // x0 depends on nothing
  struct Uses {
    std::uint8_t a = kNone, b = kNone, d = kNone;
  };
  static constexpr std::array<std::pair<std::uint32_t, const char*>, 5> kCorners{
      {{0, "0"}, {1, "1"}, {0x7fffffff, "2^31-1"}, {0x80000000, "-2^31"}, {0xffffffff, "-1"}}};

  static bool reads_a(const isa::Instruction& i) {
    return isa::has(i.format, isa::Operand::kRs1) || isa::has(i.format, isa::Operand::kAddress);
  }
  static bool reads_b(const isa::Instruction& i) { return isa::has(i.format, isa::Operand::kRs2); }
  static bool writes(const isa::Instruction& i) { return isa::has(i.format, isa::Operand::kRd); }
  static bool is_load(isa::Op op) { return op >= isa::Op::kLb && op <= isa::Op::kLhu; }
  static bool is_store(isa::Op op) { return op >= isa::Op::kSb && op <= isa::Op::kSw; }
  static bool is_branch(isa::Op op) { return op >= isa::Op::kBeq && op <= isa::Op::kBgeu; }
  static std::uint32_t bytes(isa::Op op) {
    using isa::Op;
    if (!is_load(op) && !is_store(op)) return 0;
    if (op == Op::kLw || op == Op::kSw) return 4;
    return op == Op::kLh || op == Op::kLhu || op == Op::kSh ? 2 : 1;
  }

  static std::string named(const isa::Instruction& i, const std::string& what) {
    return std::string(i.mnemonic) + ": " + what;
  }
  void hit(const isa::Instruction& i, const std::string& what) {
    const auto at = hits_.find(named(i, what));
    if (at != hits_.end()) ++at->second;
  }

  // Those that it can have.
  static Names hazards_of(const isa::Instruction& i) {
    Names names{"no hazard", "after a jump"};
    if (reads_a(i)) names.emplace_back("first operand just written");
    if (reads_b(i)) names.emplace_back("second operand just written");
    if (writes(i)) names.insert(names.end(), {"destination just written", "destination just read"});
    if (is_load(i.op)) names.emplace_back("word last stored");
    return names;
  }
  Names hazards_in(const Uses& uses, const iss::Retired& r) const {
    Names names;
    if (after_jump_) names.emplace_back("after a jump");
    const auto with = [&](std::uint8_t reg, auto Uses::*other) {
      return reg != kNone && (before_[0].*other == reg || before_[1].*other == reg);
    };
    if (with(uses.a, &Uses::d)) names.emplace_back("first operand just written");
    if (with(uses.b, &Uses::d)) names.emplace_back("second operand just written");
    if (with(uses.d, &Uses::d)) names.emplace_back("destination just written");
    if (with(uses.d, &Uses::a) || with(uses.d, &Uses::b))
      names.emplace_back("destination just read");
    if (r.read_bytes > 0 && r.address / 4 == stored_) names.emplace_back("word last stored");
    if (names.empty()) names.emplace_back("no hazard");
    return names;
  }

  static Names corners_of(const isa::Instruction& i) {
    using isa::Op;
    Names names;
    const bool any_a = bytes(i.op) == 0 && i.op != Op::kJalr && i.op != Op::kLoop;
    for (const auto& [value, name] : kCorners) {
      if (reads_a(i) && any_a) names.push_back(std::string("first operand ") + name);
      if (reads_b(i)) names.push_back(std::string("second operand ") + name);
    }
    if (writes(i)) names.emplace_back("into x0");
    if (is_branch(i.op)) names.insert(names.end(), {"taken", "not taken"});
    if (i.op == Op::kBlt) names.emplace_back("taken backwards");
    if (i.op == Op::kDiv || i.op == Op::kRem) names.emplace_back("-2^31 by -1");
    if (i.op == Op::kLoop) names.insert(names.end(), {"no turn", "one turn", "more turns"});
    if (i.format == isa::Format::kShift) names.insert(names.end(), {"by 0", "by 31"});
    if (bytes(i.op) > 0) {
      for (std::uint32_t lane = 0; lane < 4; lane += bytes(i.op)) names.push_back(lane_name(lane));
    }
    if (is_load(i.op)) names.insert(names.end(), {"highest bit 0", "highest bit 1"});
    return names;
  }
  static std::string lane_name(std::uint32_t lane) {
    return "byte " + std::to_string(lane) + " of a word";
  }
  static Names corners_in(const isa::Instruction& i, const isa::Operands& o, const iss::Retired& r,
                          std::uint32_t a, std::uint32_t b) {
    using isa::Op;
    Names names;
    for (const auto& [value, name] : kCorners) {
      if (a == value) names.push_back(std::string("first operand ") + name);
      if (b == value) names.push_back(std::string("second operand ") + name);
    }
    if (writes(i) && o.rd == 0) names.emplace_back("into x0");
    const bool goes = r.next_pc != r.pc + 4;
    if (is_branch(i.op) && o.imm != 4) names.emplace_back(goes ? "taken" : "not taken");
    if (goes && o.imm < 0) names.emplace_back("taken backwards");
    if (a == 0x80000000 && b == 0xffffffff) names.emplace_back("-2^31 by -1");
    if (i.op == Op::kLoop)
      names.emplace_back(a == 0 ? "no turn" : (a == 1 ? "one turn" : "more turns"));
    if (o.imm == 0 || o.imm == 31) names.emplace_back(o.imm == 0 ? "by 0" : "by 31");
    if (bytes(i.op) > 0) names.push_back(lane_name(r.address % 4));
    if (is_load(i.op)) {
      const bool high = (r.data >> (8 * bytes(i.op) - 1) & 1U) != 0;
      names.emplace_back(high ? "highest bit 1" : "highest bit 0");
    }
    return names;
  }

  std::map<std::string, std::uint64_t> hits_;
  std::array<Uses, 2> before_{};
  bool after_jump_ = false;
  std::uint32_t stored_ = kNowhere;  // the word that was last stored to
};

}  // namespace tilewright::rtl

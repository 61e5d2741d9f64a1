// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// What a core retires, in any order, stepped beside the instruction-set simulator in the order of
// dispatch: pc, word, result, store and command must agree.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <type_traits>
#include <utility>

#include "command_number.h"
#include "network_bench.h"
#include "verify/iss/core.h"

namespace tilewright::rtl {

struct Retirement {
  std::uint32_t pc = 0, word = 0, value = 0, address = 0, mask = 0;
  // Where the bench saw them: the operands; the command; the word that the vector unit got.
  struct Pair {
    std::uint32_t first, second;
  };
  std::optional<Pair> operands{}, given{};  // a and b; number and flags
  std::optional<std::uint32_t> vector_word{};
  bool stalled = false;  // a memory or unit refused something lately
};

inline constexpr std::uint32_t kNoCommand = 15;

class Retirements {
 public:
  // `settled` is called after every instruction of the simulator.
  using Settled = std::function<void(const Retirement&, const iss::Retired&)>;
  Retirements(iss::Core& core, Verdict& verdict, Settled settled = {})
      : core_(core), verdict_(verdict), settled_(std::move(settled)) {}

  void begin() {
    pending_.clear();
    next_ = 0;
  }
  void see(std::uint32_t order, const Retirement& r) {
    verdict_.expect(order >= next_ && pending_.emplace(order, r).second, "retired twice", order);
  }
  // Steps the simulator over every instruction whose turn it is; how many. One that waits for what
  // another tile's simulator has not done yet stays.
  std::uint32_t settle() {
    const std::uint32_t before = next_;
    for (auto at = pending_.begin(); at != pending_.end() && at->first == next_ && verdict_.ok();
         at = pending_.erase(at)) {
      if (at->second.operands) compare_operands(at->second);
      const iss::Retired golden = core_.step();
      if (core_.blocked()) break;
      compare(at->second, golden);
      if (settled_) settled_(at->second, golden);
      ++next_;
    }
    return next_ - before;
  }
  bool none_left() const { return pending_.empty(); }

 private:
  void compare(const Retirement& r, const iss::Retired& golden) {
    const isa::Instruction* i = isa::decode(golden.word);
    verdict_.expect(r.pc == golden.pc, "pc", golden.pc);
    verdict_.expect(r.word == golden.word, "word", golden.pc);
    if (i == nullptr) return;
    if (golden.is_command) {
      const iss::Command& c = golden.command;
      if (i->unit == isa::Unit::kVector) {
        verdict_.expect(r.value == c.a, "operand of a vector instruction", golden.pc);
        verdict_.expect(!r.vector_word || *r.vector_word == c.word, "vector word", golden.pc);
        return;
      }
      verdict_.expect(r.address == c.a && r.value == c.b, "operands of a command", golden.pc);
      verdict_.expect(!r.given || (r.given->first == command_number(golden.word) &&
                                   r.given->second == (c.flags & 0xfff)),
                      "command", golden.pc);
      return;
    }
    if (i->op == isa::Op::kCycle) {
      core_.set_x(golden.rd, r.value);
    } else if (golden.rd != 0) {
      verdict_.expect(r.value == golden.rd_value, "value", golden.pc);
    }
    const bool stores = golden.written_bytes > 0;
    verdict_.expect((r.mask != 0) == stores, "store", golden.pc);
    if (!stores) return;
    const std::uint32_t lane = golden.address % 4;
    const std::uint32_t bytes = golden.written_bytes;
    const std::uint64_t mask = (std::uint64_t{1} << (8 * bytes)) - 1;
    verdict_.expect(r.address == golden.address, "address", golden.pc);
    verdict_.expect(r.mask == ((1U << bytes) - 1) << lane, "mask", golden.pc);
    verdict_.expect(((r.value >> (8 * lane)) & mask) == golden.data, "data", golden.pc);
  }

  // Contents of the registers that it reads, before it.
  void compare_operands(const Retirement& r) {
    const isa::Instruction* i = isa::decode(r.word);
    if (i == nullptr) return;
    const isa::Operands o = isa::operands_of(i->format, r.word);
    const bool a =
        isa::has(i->format, isa::Operand::kRs1) || isa::has(i->format, isa::Operand::kAddress);
    const bool b = isa::has(i->format, isa::Operand::kRs2);
    verdict_.expect(!a || r.operands->first == core_.x(o.rs1), "first operand", r.pc);
    verdict_.expect(!b || r.operands->second == core_.x(o.rs2), "second operand", r.pc);
  }

  iss::Core& core_;
  Verdict& verdict_;
  Settled settled_;
  std::map<std::uint32_t, Retirement> pending_;
  std::uint32_t next_ = 0;
};

}  // namespace tilewright::rtl

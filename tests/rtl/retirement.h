// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// What a core retires, in any order, stepped beside the instruction-set simulator in the order of
// dispatch: pc, word, result, store and command must agree.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <type_traits>

#include "network_bench.h"
#include "verify/iss/core.h"

namespace tilewright::rtl {

// The k-th 32 bits of a port, however wide Verilator made it.
template <typename Port>
std::uint32_t word(const Port& port, std::uint32_t k) {
  if constexpr (std::is_integral_v<Port>) {
    return static_cast<std::uint32_t>(std::uint64_t{port} >> (32 * k));
  } else {
    return port[k];
  }
}
template <typename Port>
void set_word(Port& port, std::uint32_t k, std::uint32_t value) {
  if constexpr (std::is_integral_v<Port>) {
    const std::uint64_t mask = std::uint64_t{0xffffffff} << (32 * k);
    port = static_cast<Port>((std::uint64_t{port} & ~mask) | std::uint64_t{value} << (32 * k));
  } else {
    port[k] = value;
  }
}

struct Retirement {
  std::uint32_t pc = 0, word = 0, value = 0, address = 0, mask = 0;
  struct Given {
    std::uint32_t number, flags;
  };
  std::optional<Given> given{};  // the command, where the bench saw it
};

inline constexpr std::uint32_t kNoCommand = 15;

// CMD_* of tcc_core_pkg.
inline std::uint32_t command_number(isa::Op op) {
  switch (op) {
    case isa::Op::kWptr:
      return 0;
    case isa::Op::kGemv:
      return 1;
    case isa::Op::kAdda:
      return 2;
    case isa::Op::kRead:
      return 3;
    case isa::Op::kWait:
      return 7;
    case isa::Op::kSend:
      return 8;
    case isa::Op::kRecv:
      return 9;
    case isa::Op::kRadd:
      return 10;
    default:
      return kNoCommand;
  }
}

class Retirements {
 public:
  Retirements(iss::Core& core, Verdict& verdict) : core_(core), verdict_(verdict) {}

  void begin() {
    pending_.clear();
    next_ = 0;
  }
  void see(std::uint32_t order, const Retirement& r) {
    verdict_.expect(order >= next_ && pending_.emplace(order, r).second, "retired twice", order);
  }
  // Steps the simulator over every instruction whose turn it is; how many.
  std::uint32_t settle() {
    const std::uint32_t before = next_;
    for (auto at = pending_.begin(); at != pending_.end() && at->first == next_ && verdict_.ok();
         at = pending_.erase(at)) {
      compare(at->second);
      ++next_;
    }
    return next_ - before;
  }
  bool none_left() const { return pending_.empty(); }

 private:
  void compare(const Retirement& r) {
    const iss::Retired golden = core_.step();
    const isa::Instruction* i = isa::decode(golden.word);
    verdict_.expect(r.pc == golden.pc, "pc", golden.pc);
    verdict_.expect(r.word == golden.word, "word", golden.pc);
    if (i == nullptr) return;
    if (golden.is_command) {
      const iss::Command& c = golden.command;
      if (i->unit == isa::Unit::kVector) {
        verdict_.expect(r.value == c.a, "operand of a vector instruction", golden.pc);
        return;
      }
      verdict_.expect(r.address == c.a && r.value == c.b, "operands of a command", golden.pc);
      verdict_.expect(!r.given || (r.given->number == command_number(c.op) &&
                                   r.given->flags == (c.flags & 0xfff)),
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

  iss::Core& core_;
  Verdict& verdict_;
  std::map<std::uint32_t, Retirement> pending_;
  std::uint32_t next_ = 0;
};

}  // namespace tilewright::rtl

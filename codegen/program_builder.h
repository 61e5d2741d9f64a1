// Straight-line tile programs: commands whose operands are numbers, and what brings those into
// registers.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "arch/isa/isa.h"

namespace tilewright {

class ProgramBuilder {
 public:
  // `a` and `b` become the contents of the instruction's registers; what it has not is ignored.
  // Throws Error TW-GEN-080 for flags out of range.
  void command(isa::Op op, std::uint32_t a = 0, std::uint32_t b = 0, std::uint32_t flags = 0);
  void wait(std::uint32_t units) { command(isa::Op::kWait, 0, 0, units); }
  void halt(std::uint32_t code = 0) { command(isa::Op::kHalt, 0, 0, code); }

  const std::vector<std::uint32_t>& words() const { return words_; }

 private:
  struct Register {
    std::uint32_t value = 0;
    std::uint64_t used = 0;  // when last; 0: never
  };
  // One that holds the number; made from another one near it where there is one.
  std::uint8_t with(std::uint32_t value, std::uint8_t keep);
  void emit(isa::Op op, const isa::Operands& operands);

  std::array<Register, isa::kRegisters> registers_{};
  std::uint64_t clock_ = 0;
  std::vector<std::uint32_t> words_;
};

// Second operand of n.send, n.recv and n.radd.
constexpr std::uint32_t peer_operand(std::uint32_t x, std::uint32_t y, std::uint32_t words) {
  return words | x << 16 | y << 22;
}

}  // namespace tilewright

// The vector unit of a tile: its registers and instructions, one after the other. Operations by
// lane are fp16, rounded once to nearest even; every NaN result is 0x7e00.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "verify/iss/core.h"

namespace tilewright::iss {

// a * b + c with one rounding; 2^a, 1 / a, 1 / sqrt(a) of fp16.
std::uint16_t fp16_fma(std::uint16_t a, std::uint16_t b, std::uint16_t c);
std::uint16_t fp16_exp2(std::uint16_t a);
std::uint16_t fp16_rcp(std::uint16_t a);
std::uint16_t fp16_rsqrt(std::uint16_t a);

class Vector {
 public:
  // vlen in bits. `wmem`: rows of VLEN bits; it and `dmem` outlive the unit.
  Vector(std::uint32_t vlen, std::span<const std::uint8_t> wmem, std::span<std::uint8_t> dmem);

  // command.a: the contents of rs1, where that is no vector register.
  Outcome execute(const Command& command, const isa::Operands& operands);

 private:
  using Register = std::vector<std::uint16_t>;

  Outcome access(const Command& command, const isa::Operands& operands);

  std::uint32_t lanes_, row_bytes_;
  std::span<const std::uint8_t> wmem_;
  std::span<std::uint8_t> dmem_;
  std::array<Register, isa::kVectorRegisters> registers_;
};

}  // namespace tilewright::iss

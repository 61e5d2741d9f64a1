#include "codegen/program_builder.h"

#include <algorithm>

#include "support/error.h"

namespace tilewright {
namespace {

using isa::Format;
using isa::Op;

std::int32_t signed_part(std::uint32_t value, int bits) {
  return static_cast<std::int32_t>(value << (32 - bits)) >> (32 - bits);
}

}  // namespace

void ProgramBuilder::emit(Op op, const isa::Operands& operands) {
  const auto word = isa::encode(isa::instruction(op), operands);
  if (!word) throw Error("TW-GEN-080", "an operand does not fit its instruction", "tile program");
  words_.push_back(*word);
}

// The least recently used register is given up, but not `keep`.
std::uint8_t ProgramBuilder::with(std::uint32_t value, std::uint8_t keep) {
  if (value == 0) return 0;
  std::uint8_t oldest = 0, near = 0;
  const isa::ImmediateRange range = isa::immediate_range(Format::kI);
  ++clock_;
  for (std::uint8_t r = 1; r < isa::kRegisters; ++r) {
    Register& x = registers_[r];
    if (x.used != 0 && x.value == value) {
      x.used = clock_;
      return r;
    }
    if (x.used != 0 && range.holds(static_cast<std::int32_t>(value - x.value))) near = r;
    if (r != keep && (oldest == 0 || x.used < registers_[oldest].used)) oldest = r;
  }
  const bool small = range.holds(static_cast<std::int32_t>(value));
  if (near != 0 && !small) {
    emit(Op::kAddi, {oldest, near, 0, static_cast<std::int32_t>(value - registers_[near].value)});
  } else {
    const std::int32_t low = signed_part(value, 12);
    const auto high = static_cast<std::int32_t>(value - static_cast<std::uint32_t>(low));
    if (high != 0) emit(Op::kLui, {oldest, 0, 0, high});
    if (low != 0 || high == 0)
      emit(Op::kAddi, {oldest, high != 0 ? oldest : std::uint8_t{0}, 0, low});
  }
  registers_[oldest] = {value, clock_};
  return oldest;
}

void ProgramBuilder::command(Op op, std::uint32_t a, std::uint32_t b, std::uint32_t flags) {
  const Format format = isa::instruction(op).format;
  isa::Operands operands;
  if (isa::has(format, isa::Operand::kRs1)) operands.rs1 = with(a, 0);
  if (isa::has(format, isa::Operand::kRs2)) operands.rs2 = with(b, operands.rs1);
  operands.imm = static_cast<std::int32_t>(flags);
  emit(op, operands);
}

}  // namespace tilewright

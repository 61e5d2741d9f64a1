// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// What the core's decoder must make of a word, from the instruction table. Needs the floor arch.
#pragma once

#include <cstdint>
#include <optional>

#include "arch/isa/isa.h"
#include "command_number.h"

namespace tilewright::rtl {

enum Kind : std::uint8_t {
  kAlu,
  kBranch,
  kJalr,
  kLoop,
  kMulDiv,
  kLoad,
  kStore,
  kHalt,
  kCommand,
  kVector
};  // tcc_core_pkg

enum class FirstOperand : std::uint8_t { kRegister, kPc, kCycle, kId };
enum class SecondOperand : std::uint8_t { kRegister, kImmediate, kLink };

// What is nullopt can be anything.
struct Decoded {
  isa::Op instruction;
  Kind kind;
  std::uint8_t rd, rs1, rs2;
  std::optional<std::uint32_t> op;  // of tcc_alu; CMD_*; funct3 for every other unit
  FirstOperand first;
  std::optional<SecondOperand> second;
  std::optional<std::uint32_t> imm;
  std::uint32_t imm_mask = ~0U;  // bits of imm that count

  bool is_jal() const { return instruction == isa::Op::kJal; }
};

inline Kind kind_of(const isa::Instruction& i) {
  if (i.op == isa::Op::kHalt) return kHalt;
  if (i.unit == isa::Unit::kVector) return kVector;
  const bool ours = i.unit == isa::Unit::kTensor || i.unit == isa::Unit::kNetwork;
  if (i.op == isa::Op::kWait || (ours && i.op != isa::Op::kId)) return kCommand;
  if (i.op == isa::Op::kJalr) return kJalr;
  if (i.op == isa::Op::kLoop) return kLoop;
  if (i.unit == isa::Unit::kMulDiv) return kMulDiv;
  if (i.format == isa::Format::kB) return kBranch;
  if (i.format == isa::Format::kLoad) return kLoad;
  if (i.format == isa::Format::kS) return kStore;
  return kAlu;
}

inline std::uint32_t op_of(const isa::Instruction& i, std::uint32_t word) {
  const bool adds = i.format == isa::Format::kU || i.format == isa::Format::kJ ||
                    i.format == isa::Format::kRd || i.op == isa::Op::kLoop;
  if (adds) return 0;
  if (kind_of(i) == kCommand) return command_number(word);
  const bool has_alternative = i.format == isa::Format::kR || i.format == isa::Format::kShift;
  return ((word >> 12) & 7) | (has_alternative ? (word >> 30 & 1) << 3 : 0);
}

inline FirstOperand first_operand_of(const isa::Instruction& i) {
  if (i.op == isa::Op::kJal || i.op == isa::Op::kAuipc) return FirstOperand::kPc;
  if (i.op == isa::Op::kCycle) return FirstOperand::kCycle;
  if (i.op == isa::Op::kId) return FirstOperand::kId;
  return FirstOperand::kRegister;
}

inline SecondOperand second_operand_of(const isa::Instruction& i) {
  if (i.op == isa::Op::kJal) return SecondOperand::kLink;
  const bool two_registers =
      isa::has(i.format, isa::Operand::kRs2) || i.op == isa::Op::kLoop || kind_of(i) == kCommand;
  return two_registers ? SecondOperand::kRegister : SecondOperand::kImmediate;
}

inline bool has_immediate(isa::Format f) {
  return isa::has(f, isa::Operand::kNumber) || isa::has(f, isa::Operand::kUpper) ||
         isa::has(f, isa::Operand::kTarget) || isa::has(f, isa::Operand::kAddress);
}

// nullopt: no instruction. A jal's distance is not looked at.
inline std::optional<Decoded> decoded(std::uint32_t word) {
  const isa::Instruction* i = isa::decode(word);
  if (i == nullptr) return std::nullopt;
  const isa::Operands o = isa::operands_of(i->format, word);
  Decoded d{i->op,        kind_of(*i),          o.rd,         o.rs1,       o.rs2,
            std::nullopt, first_operand_of(*i), std::nullopt, std::nullopt};
  if (d.kind == kVector) {  // the unit gets the word; of the core's registers it reads rs1 alone
    const bool scalar =
        isa::has(i->format, isa::Operand::kRs1) || isa::has(i->format, isa::Operand::kAddress);
    d.rd = d.rs2 = 0;
    if (!scalar) d.rs1 = 0;
    d.second = SecondOperand::kImmediate;
    d.imm = word;
    return d;
  }
  if (d.kind != kHalt) {
    d.op = op_of(*i, word);
    d.second = second_operand_of(*i);
  }
  if (has_immediate(i->format)) d.imm = static_cast<std::uint32_t>(o.imm);
  if (i->format == isa::Format::kShift) d.imm_mask = 31;
  return d;
}

}  // namespace tilewright::rtl

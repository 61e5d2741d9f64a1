#include "arch/isa/disassemble.h"

#include <iomanip>
#include <sstream>

#include "arch/isa/isa.h"

namespace tilewright::isa {
namespace {

std::string hex(std::uint32_t value) {
  std::ostringstream text;
  text << "0x" << std::hex << value;
  return text.str();
}

std::string text_of(Operand operand, const Operands& o, std::uint32_t pc) {
  const auto imm = static_cast<std::uint32_t>(o.imm);
  switch (operand) {
    case Operand::kRd:
      return std::string(register_name(o.rd));
    case Operand::kRs1:
      return std::string(register_name(o.rs1));
    case Operand::kRs2:
      return std::string(register_name(o.rs2));
    case Operand::kVd:
      return vector_register_name(o.rd);
    case Operand::kVs1:
      return vector_register_name(o.rs1);
    case Operand::kVs2:
      return vector_register_name(o.rs2);
    case Operand::kNumber:
      return std::to_string(o.imm);
    case Operand::kUpper:
      return hex(imm >> 12);
    case Operand::kTarget:
      return hex(pc + imm);
    case Operand::kAddress:
      return std::to_string(o.imm) + "(" + std::string(register_name(o.rs1)) + ")";
  }
  return "";
}

}  // namespace

std::string disassemble(std::uint32_t word, std::uint32_t pc) {
  const Instruction* instruction = decode(word);
  if (instruction == nullptr) return ".word " + hex(word);
  const Operands values = operands_of(instruction->format, word);
  std::string text(instruction->mnemonic);
  std::string_view before = " ";
  for (const Operand operand : operands(instruction->format)) {
    text.append(before).append(text_of(operand, values, pc));
    before = ", ";
  }
  return text;
}

}  // namespace tilewright::isa

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

std::string operands_text(Format format, const Operands& o, std::uint32_t pc) {
  const auto x = [](int number) { return std::string(register_name(number)); };
  const auto v = vector_register_name;
  std::string imm = std::to_string(o.imm);
  const std::string target = hex(pc + static_cast<std::uint32_t>(o.imm));
  switch (format) {
    case Format::kR:
      return x(o.rd) + ", " + x(o.rs1) + ", " + x(o.rs2);
    case Format::kI:
    case Format::kShift:
      return x(o.rd) + ", " + x(o.rs1) + ", " + imm;
    case Format::kLoad:
      return x(o.rd) + ", " + imm + "(" + x(o.rs1) + ")";
    case Format::kS:
      return x(o.rs2) + ", " + imm + "(" + x(o.rs1) + ")";
    case Format::kB:
      return x(o.rs1) + ", " + x(o.rs2) + ", " + target;
    case Format::kU:
      return x(o.rd) + ", " + hex(static_cast<std::uint32_t>(o.imm) >> 12);
    case Format::kJ:
      return x(o.rd) + ", " + target;
    case Format::kCode:
      return imm;
    case Format::kRd:
      return x(o.rd);
    case Format::kPair:
      return x(o.rs1) + ", " + x(o.rs2);
    case Format::kFlags1:
      return x(o.rs1) + ", " + imm;
    case Format::kFlags2:
      return x(o.rs1) + ", " + x(o.rs2) + ", " + imm;
    case Format::kVvv:
      return v(o.rd) + ", " + v(o.rs1) + ", " + v(o.rs2);
    case Format::kVv:
      return v(o.rd) + ", " + v(o.rs1);
    case Format::kVvi:
      return v(o.rd) + ", " + v(o.rs1) + ", " + imm;
    case Format::kVx:
      return v(o.rd) + ", " + x(o.rs1);
    case Format::kVload:
      return v(o.rd) + ", " + imm + "(" + x(o.rs1) + ")";
    case Format::kVstore:
      return v(o.rs2) + ", " + imm + "(" + x(o.rs1) + ")";
  }
  return "";
}

}  // namespace

std::string disassemble(std::uint32_t word, std::uint32_t pc) {
  const Instruction* instruction = decode(word);
  if (instruction == nullptr) return ".word " + hex(word);
  const Operands operands = operands_of(instruction->format, word);
  return std::string(instruction->mnemonic) + " " +
         operands_text(instruction->format, operands, pc);
}

}  // namespace tilewright::isa

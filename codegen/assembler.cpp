#include "codegen/assembler.h"

#include <fmt/format.h>

#include <algorithm>

#include "arch/isa/disassemble.h"
#include "arch/isa/isa.h"
#include "codegen/asm_expression.h"
#include "codegen/asm_pseudo.h"
#include "support/error.h"

namespace tilewright {
namespace {

using isa::Format;
using isa::Operands;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

std::string_view without_comment(std::string_view line) {
  return line.substr(0, std::min(line.find('#'), line.find("//")));
}

// Between commas; none for a blank text.
std::vector<std::string> split_operands(std::string_view text) {
  std::vector<std::string> parts;
  if (trimmed(text).empty()) return parts;
  while (true) {
    const auto comma = text.find(',');
    parts.emplace_back(trimmed(text.substr(0, comma)));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

// One word to be: an instruction, or with an empty mnemonic the expression of .word.
struct Slot {
  int line;
  AsmInstruction text;
};

class Assembler {
 public:
  explicit Assembler(const std::string& name) : name_(name) {}

  AssembledProgram run(std::string_view text) {
    int line = 0;
    while (!text.empty()) {
      const auto end = text.find('\n');
      ++line;
      read_line(line, text.substr(0, end));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    for (const Slot& slot : slots_) {
      program_.words.push_back(word_of(slot));
      program_.lines.push_back(slot.line);
    }
    return std::move(program_);
  }

 private:
  std::string where(int line) const { return name_ + ":" + std::to_string(line); }
  std::uint32_t here() const { return static_cast<std::uint32_t>(4 * slots_.size()); }

  void read_line(int line, std::string_view text) {
    text = trimmed(without_comment(text));
    for (auto colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':')) {
      define(line, std::string(trimmed(text.substr(0, colon))), here());
      text = trimmed(text.substr(colon + 1));
    }
    if (text.empty()) return;
    const auto blank = text.find_first_of(" \t");
    AsmInstruction statement{std::string(text.substr(0, blank)), {}};
    if (blank != std::string_view::npos) statement.operands = split_operands(text.substr(blank));
    place(line, statement);
  }

  void define(int line, const std::string& symbol, std::uint32_t value) {
    if (!is_symbol_name(symbol)) {
      throw Error("TW-ASM-002", "'" + symbol + "' is no name", where(line),
                  "use letters, digits, '_' and '.', a digit not first");
    }
    if (program_.symbols.emplace(symbol, value).second) return;
    throw Error("TW-ASM-003", "'" + symbol + "' is defined twice", where(line));
  }

  void place(int line, const AsmInstruction& statement) {
    if (statement.mnemonic == ".equ") {
      if (statement.operands.size() != 2) refuse_operands(line, statement.mnemonic);
      define(line, statement.operands[0],
             static_cast<std::uint32_t>(value_of(statement.operands[1], here(), line)));
      return;
    }
    if (statement.mnemonic == ".word") {
      if (statement.operands.empty()) refuse_operands(line, statement.mnemonic);
      for (const std::string& value : statement.operands) slots_.push_back({line, {"", {value}}});
      return;
    }
    const auto instructions = expanded(statement, known_number(line, statement));
    if (!instructions) refuse_operands(line, statement.mnemonic);
    for (const AsmInstruction& i : *instructions) slots_.push_back({line, i});
  }

  // The number that li loads, if nothing in it is defined below.
  std::optional<std::int32_t> known_number(int line, const AsmInstruction& statement) const {
    if (statement.mnemonic != "li" || statement.operands.size() != 2) return std::nullopt;
    try {
      return static_cast<std::int32_t>(value_of(statement.operands[1], here(), line));
    } catch (const Error& e) {
      if (e.id() == "TW-ASM-003") return std::nullopt;
      throw;
    }
  }

  std::int64_t value_of(const std::string& text, std::uint32_t address, int line) const {
    const auto symbols = [&](const std::string& name) -> std::optional<std::int64_t> {
      if (name == ".") return address;
      const auto at = program_.symbols.find(name);
      if (at != program_.symbols.end()) return at->second;
      const auto flag = std::ranges::find(isa::flags(), name, &isa::Flag::name);
      if (flag == isa::flags().end()) return std::nullopt;
      return flag->value;
    };
    return expression_value(text, symbols, where(line));
  }

  [[noreturn]] void refuse_operands(int line, const std::string& mnemonic) const {
    throw Error("TW-ASM-002", "these are no operands of '" + mnemonic + "'", where(line));
  }

  std::uint8_t register_of(const std::string& text, int line) const {
    if (const auto number = isa::register_number(text)) return static_cast<std::uint8_t>(*number);
    throw Error("TW-ASM-002", "'" + text + "' is no register", where(line));
  }

  std::uint8_t vector_of(const std::string& text, int line) const {
    if (const auto number = isa::vector_register_number(text))
      return static_cast<std::uint8_t>(*number);
    throw Error("TW-ASM-002", "'" + text + "' is no vector register", where(line));
  }

  // "imm(rs1)"
  void read_address(const std::string& text, std::uint32_t address, int line, Operands& o) const {
    const auto open = text.rfind('(');
    if (open == std::string::npos || text.back() != ')')
      throw Error("TW-ASM-002", "'" + text + "' is no address", where(line), "write 8(x2)");
    const std::string base(
        trimmed(std::string_view(text).substr(open + 1, text.size() - open - 2)));
    o.rs1 = register_of(base, line);
    const std::string offset(trimmed(std::string_view(text).substr(0, open)));
    o.imm = offset.empty() ? 0 : narrow(value_of(offset, address, line), line);
  }

  std::int32_t narrow(std::int64_t value, int line) const {
    constexpr std::int64_t kHalf = std::int64_t{1} << 31;
    if (value >= -kHalf && value < kHalf) return static_cast<std::int32_t>(value);
    throw Error("TW-ASM-004", fmt::format("{} does not fit", value), where(line));
  }

  std::int32_t distance(const std::string& target, std::uint32_t address, int line) const {
    return narrow(value_of(target, address, line) - std::int64_t{address}, line);
  }

  // LUI's and AUIPC's operand counts pages of 4 KiB.
  std::int32_t upper(const std::string& text, std::uint32_t address, int line) const {
    constexpr std::int64_t kPages = 1 << 20;
    const std::int64_t pages = value_of(text, address, line);
    if (pages >= -kPages / 2 && pages < kPages)
      return static_cast<std::int32_t>(static_cast<std::uint32_t>(pages) << 12);
    throw Error("TW-ASM-004", fmt::format("{} is not within 20 bits", pages), where(line));
  }

  void read_operand(isa::Operand kind, const std::string& text, std::uint32_t address, int line,
                    Operands& o) const {
    switch (kind) {
      case isa::Operand::kRd:
        o.rd = register_of(text, line);
        break;
      case isa::Operand::kRs1:
        o.rs1 = register_of(text, line);
        break;
      case isa::Operand::kRs2:
        o.rs2 = register_of(text, line);
        break;
      case isa::Operand::kVd:
        o.rd = vector_of(text, line);
        break;
      case isa::Operand::kVs1:
        o.rs1 = vector_of(text, line);
        break;
      case isa::Operand::kVs2:
        o.rs2 = vector_of(text, line);
        break;
      case isa::Operand::kNumber:
        o.imm = narrow(value_of(text, address, line), line);
        break;
      case isa::Operand::kUpper:
        o.imm = upper(text, address, line);
        break;
      case isa::Operand::kTarget:
        o.imm = distance(text, address, line);
        break;
      case isa::Operand::kAddress:
        read_address(text, address, line, o);
        break;
    }
  }

  Operands operands_of(const Slot& slot, Format format, std::uint32_t address) const {
    const auto kinds = isa::operands(format);
    const std::vector<std::string>& text = slot.text.operands;
    if (text.size() != kinds.size()) refuse_operands(slot.line, slot.text.mnemonic);
    Operands o;
    for (std::size_t i = 0; i < kinds.size(); ++i)
      read_operand(kinds[i], text[i], address, slot.line, o);
    return o;
  }

  std::uint32_t word_of(const Slot& slot) const {
    const auto address = static_cast<std::uint32_t>(4 * program_.words.size());
    const auto& [mnemonic, text] = slot.text;
    if (mnemonic.empty()) return static_cast<std::uint32_t>(value_of(text[0], address, slot.line));
    const isa::Instruction* instruction = isa::find(mnemonic);
    if (instruction == nullptr) {
      throw Error("TW-ASM-001", "no instruction or directive is called '" + mnemonic + "'",
                  where(slot.line));
    }
    const Operands operands = operands_of(slot, instruction->format, address);
    if (const auto word = isa::encode(*instruction, operands)) return *word;
    const isa::ImmediateRange range = isa::immediate_range(instruction->format);
    throw Error("TW-ASM-004",
                fmt::format("'{}' takes {} to {} in steps of {}, not {}", mnemonic, range.lo,
                            range.hi, range.step, operands.imm),
                where(slot.line));
  }

  const std::string& name_;
  std::vector<Slot> slots_;
  AssembledProgram program_;
};

}  // namespace

AssembledProgram assemble(std::string_view text, const std::string& name) {
  return Assembler(name).run(text);
}

std::string listing(const AssembledProgram& program) {
  std::multimap<std::uint32_t, std::string> labels;
  for (const auto& [name, value] : program.symbols) labels.emplace(value, name);
  std::string text;
  for (std::size_t i = 0; i < program.words.size(); ++i) {
    const auto address = static_cast<std::uint32_t>(4 * i);
    const auto [begin, end] = labels.equal_range(address);
    for (auto at = begin; at != end; ++at) text += at->second + ":\n";
    text += fmt::format("{:6x}:  {:08x}  {}\n", address, program.words[i],
                        isa::disassemble(program.words[i], address));
  }
  return text;
}

}  // namespace tilewright

#include "codegen/asm_pseudo.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "arch/isa/isa.h"
#include "codegen/asm_expression.h"

namespace tilewright {
namespace {

// Operands of an expansion: text in which "@1", "@2", "@3" are the written ones.
struct Row {
  std::string_view name;
  std::size_t operands;
  std::string_view mnemonic;
  std::array<std::string_view, 3> becomes;
};

constexpr std::array kRows{
    Row{"nop", 0, "addi", {"x0", "x0", "0"}},   Row{"mv", 2, "addi", {"@1", "@2", "0"}},
    Row{"not", 2, "xori", {"@1", "@2", "-1"}},  Row{"neg", 2, "sub", {"@1", "x0", "@2"}},
    Row{"seqz", 2, "sltiu", {"@1", "@2", "1"}}, Row{"snez", 2, "sltu", {"@1", "x0", "@2"}},
    Row{"j", 1, "jal", {"x0", "@1"}},           Row{"call", 1, "jal", {"x1", "@1"}},
    Row{"jr", 1, "jalr", {"x0", "0(@1)"}},      Row{"ret", 0, "jalr", {"x0", "0(x1)"}},
    Row{"beqz", 2, "beq", {"@1", "x0", "@2"}},  Row{"bnez", 2, "bne", {"@1", "x0", "@2"}},
    Row{"blez", 2, "bge", {"x0", "@1", "@2"}},  Row{"bgez", 2, "bge", {"@1", "x0", "@2"}},
    Row{"bltz", 2, "blt", {"@1", "x0", "@2"}},  Row{"bgtz", 2, "blt", {"x0", "@1", "@2"}},
    Row{"bgt", 3, "blt", {"@2", "@1", "@3"}},   Row{"ble", 3, "bge", {"@2", "@1", "@3"}},
    Row{"bgtu", 3, "bltu", {"@2", "@1", "@3"}}, Row{"bleu", 3, "bgeu", {"@2", "@1", "@3"}},
};

// A pattern has one "@K" at most.
std::string filled(std::string_view pattern, const std::vector<std::string>& operands) {
  const auto at = pattern.find('@');
  if (at == std::string_view::npos) return std::string(pattern);
  const auto k = static_cast<std::size_t>(pattern[at + 1] - '1');
  return std::string(pattern.substr(0, at)) + operands.at(k) + std::string(pattern.substr(at + 2));
}

// li and la: lui and addi, or one of them where that is enough.
std::vector<AsmInstruction> number_into(const std::string& rd, const std::string& value,
                                        std::optional<std::int32_t> known) {
  const AsmInstruction high{"lui", {rd, "%hi(" + value + ")"}};
  if (known && isa::immediate_range(isa::Format::kI).holds(*known))
    return {{"addi", {rd, "x0", std::to_string(*known)}}};
  if (known && low_part(static_cast<std::uint32_t>(*known)) == 0) return {high};
  return {high, {"addi", {rd, rd, "%lo(" + value + ")"}}};
}

}  // namespace

std::optional<std::vector<AsmInstruction>> expanded(const AsmInstruction& written,
                                                    std::optional<std::int32_t> known) {
  const auto& [name, operands] = written;
  if (name == "li" || name == "la") {
    if (operands.size() != 2) return std::nullopt;
    return number_into(operands[0], operands[1], name == "li" ? known : std::nullopt);
  }
  const auto row = std::ranges::find(kRows, name, &Row::name);
  if (row == kRows.end()) return std::vector{written};
  if (row->operands != operands.size()) return std::nullopt;
  AsmInstruction result{std::string(row->mnemonic), {}};
  for (const std::string_view pattern : row->becomes) {
    if (!pattern.empty()) result.operands.push_back(filled(pattern, operands));
  }
  return std::vector{std::move(result)};
}

}  // namespace tilewright

// Pseudo-instructions: other spellings of one or two instructions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tilewright {

struct AsmInstruction {
  std::string mnemonic;
  std::vector<std::string> operands;
};

// What `written` stands for; itself when it is no pseudo-instruction; nullopt when it is one with
// another number of operands. `known`: the number that li loads, where it is known by now; else li
// takes two instructions.
std::optional<std::vector<AsmInstruction>> expanded(const AsmInstruction& written,
                                                    std::optional<std::int32_t> known);

}  // namespace tilewright

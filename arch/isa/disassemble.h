// The text of an instruction word, in the form that the assembler reads (codegen/assembler.h).
#pragma once

#include <cstdint>
#include <string>

namespace tilewright::isa {

// Targets of branches and jumps as absolute addresses, `pc` being the word's own. A word that is no
// instruction becomes ".word 0x...".
std::string disassemble(std::uint32_t word, std::uint32_t pc);

}  // namespace tilewright::isa

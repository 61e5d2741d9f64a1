// Assembly text to instruction words. One statement a line: "label:", an instruction as
// disassemble() writes it, a directive, or several of these with the label in front; "#" and "//"
// begin a comment.
//
//   .word EXPR, ...      words as they are
//   .equ NAME, EXPR      names a number; of what was defined above it
//
// EXPR: decimal and 0x numbers, names, "." (this address), + and -, %hi(EXPR) and %lo(EXPR), of
// which lui and addi make EXPR again; flags of the instruction set ("bank1+clr") are names, which a
// program may define otherwise. A branch's or jump's operand is its absolute target.
// Pseudo-instructions: nop, li, la, mv, not, neg, seqz, snez, j, jr, ret, call, beqz, bnez, blez,
// bgez, bltz, bgtz, bgt, ble, bgtu, bleu; call clobbers ra and reaches 1 MiB.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tilewright {

struct AssembledProgram {
  std::vector<std::uint32_t> words;              // from address 0 on
  std::map<std::string, std::uint32_t> symbols;  // labels (byte addresses) and names of .equ
  std::vector<int> lines;                        // that each word comes from, from 1 on
};

// Throws Error, with "NAME:LINE" as the place: TW-ASM-001 unknown instruction or directive, 002
// operands that do not fit it, 003 a symbol undefined or defined twice, 004 a number out of range.
AssembledProgram assemble(std::string_view text, const std::string& name);

// Address, word and instruction, a line each, with labels.
std::string listing(const AssembledProgram& program);

}  // namespace tilewright

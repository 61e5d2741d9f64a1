#include "codegen/isa_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "arch/isa/isa.h"
#include "codegen/template.h"

namespace tilewright {
namespace {

using isa::Format;
using isa::Instruction;
using isa::Unit;

constexpr std::string_view kFrom =
    "Generated from arch/isa/isa.cpp by `isa_files`: edit the table.";

// "t.gemv" to "T_GEMV".
std::string constant(std::string_view mnemonic) {
  std::string name;
  for (const char c : mnemonic)
    name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::string_view number_name(Format format) {
  switch (format) {
    case Format::kShift:
      return "amount";
    case Format::kFlags1:
    case Format::kFlags2:
      return "flags";
    case Format::kVvi:
      return "n";
    default:
      return "imm";
  }
}

std::string_view operand_name(isa::Operand operand, Format format) {
  switch (operand) {
    case isa::Operand::kRd:
      return "rd";
    case isa::Operand::kRs1:
      return "rs1";
    case isa::Operand::kRs2:
      return "rs2";
    case isa::Operand::kVd:
      return "vd";
    case isa::Operand::kVs1:
      return "vs1";
    case isa::Operand::kVs2:
      return "vs2";
    case isa::Operand::kUpper:
      return "imm";
    case isa::Operand::kTarget:
      return "target";
    case isa::Operand::kAddress:
      return "imm(rs1)";
    case isa::Operand::kNumber:
      break;
  }
  return number_name(format);
}

std::string operands_text(Format format) {
  std::string text;
  for (const isa::Operand operand : isa::operands(format))
    text.append(text.empty() ? "" : ", ").append(operand_name(operand, format));
  return text;
}

// The word, highest bit first: 0 and 1 where the instruction fixes them, "." where operands are.
std::string pattern(const Instruction& i) {
  std::string text;
  for (int bit = 31; bit >= 0; --bit) {
    const bool fixed = (i.mask >> bit & 1U) != 0;
    text += !fixed ? '.' : (i.match >> bit & 1U) != 0 ? '1' : '0';
    if (bit == 25 || bit == 20 || bit == 15 || bit == 12 || bit == 7) text += ' ';
  }
  return text;
}

constexpr std::string_view kPackage =
    R"(// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// @FROM@
//
// Opcodes, and which flags a command may have. Always referred to as tcc_isa_pkg::NAME.
package tcc_isa_pkg;

@OPCODES@
  // Flags that mean something to a command; the others must be 0.
@FLAGS@
endpackage
)";

std::string package_of_isa() {
  std::string opcodes, flags;
  for (const isa::Opcode& o : isa::opcodes())
    opcodes += fmt::format("  localparam logic [6:0] OPCODE_{:<8} = 7'h{:02x};\n", o.name, o.value);
  for (const Instruction& i : isa::instructions()) {
    if (i.flags == 0) continue;
    flags += fmt::format("  localparam logic [11:0] FLAGS_{:<6} = 12'h{:03x};\n",
                         constant(i.mnemonic), i.flags);
  }
  return fill(kPackage, {{"FROM", std::string(kFrom)}, {"OPCODES", opcodes}, {"FLAGS", flags}});
}

constexpr std::string_view kHeader =
    R"(/* Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
 *
 * @FROM@
 *
 * The tile's own instructions for C programs (riscv64-unknown-elf-gcc -march=rv32im). Addresses are
 * of DMEM; what a command reads or writes there is ordered by tcc_s_wait alone. `flags` must be
 * constant. docs/isa.md says what each does.
 */
#ifndef TCC_H
#define TCC_H

#include <stdint.h>

@FLAGS@
/* Second operand of tcc_n_send, tcc_n_recv, tcc_n_radd. */
#define TCC_PEER(x, y, words) ((uint32_t)(words) | (uint32_t)(x) << 16 | (uint32_t)(y) << 22)

@FUNCTIONS@
#endif
)";

std::string function_text(const Instruction& i) {
  const std::string name = "tcc_" + constant(i.mnemonic);
  std::string lower;
  for (const char c : name) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const std::string code = fmt::format("0x{:02x}, {}", i.match & 0x7f, i.match >> 12 & 7);
  switch (i.format) {
    case Format::kPair:
      return fmt::format(
          "static inline void {}(uint32_t a, uint32_t b) {{\n"
          "  __asm__ volatile(\".insn s {}, %1, 0(%0)\" ::\"r\"(a), \"r\"(b) : \"memory\");\n}}\n",
          lower, code);
    case Format::kFlags1:
      return fmt::format(
          "#define {}(address, flags) \\\n"
          "  __asm__ volatile(\".insn s {}, x0, %1(%0)\" ::\"r\"(address), \"i\"(flags) : "
          "\"memory\")\n",
          lower, code);
    case Format::kFlags2:
      return fmt::format(
          "#define {}(address, b, flags) \\\n"
          "  __asm__ volatile(\".insn s {}, %1, %2(%0)\" ::\"r\"(address), \"r\"(b), "
          "\"i\"(flags) : \\\n                   \"memory\")\n",
          lower, code);
    case Format::kRd:
      return fmt::format(
          "static inline uint32_t {}(void) {{\n  uint32_t value;\n"
          "  __asm__ volatile(\".insn i {}, %0, x0, 0\" : \"=r\"(value));\n  return value;\n}}\n",
          lower, code);
    case Format::kVvv:
      return fmt::format(
          "#define {}(vd, vs1, vs2) \\\n"
          "  __asm__ volatile(\".insn r {}, {}, x%0, x%1, x%2\" ::\"i\"(vd), \"i\"(vs1), "
          "\"i\"(vs2))\n",
          lower, code, i.match >> 25);
    case Format::kVv:
      return fmt::format(
          "#define {}(vd, vs1) \\\n"
          "  __asm__ volatile(\".insn r {}, {}, x%0, x%1, x0\" ::\"i\"(vd), \"i\"(vs1))\n",
          lower, code, i.match >> 25);
    case Format::kVvi:
      return fmt::format(
          "#define {}(vd, vs1, n) \\\n"
          "  __asm__ volatile(\".insn r {}, {}, x%0, x%1, x%2\" ::\"i\"(vd), \"i\"(vs1), "
          "\"i\"(n))\n",
          lower, code, i.match >> 25);
    case Format::kVx:
      return fmt::format(
          "#define {}(vd, value) \\\n"
          "  __asm__ volatile(\".insn r {}, {}, x%0, %1, x0\" ::\"i\"(vd), \"r\"(value))\n",
          lower, code, i.match >> 25);
    case Format::kVload:
      return fmt::format(
          "#define {}(vd, from, imm) \\\n"
          "  __asm__ volatile(\".insn i {}, x%0, %1, %2\" ::\"i\"(vd), \"r\"(from), "
          "\"i\"(imm) : \"memory\")\n",
          lower, code);
    case Format::kVstore:
      return fmt::format(
          "#define {}(vs2, to, imm) \\\n"
          "  __asm__ volatile(\".insn s {}, x%0, %2(%1)\" ::\"i\"(vs2), \"r\"(to), "
          "\"i\"(imm) : \"memory\")\n",
          lower, code);
    default:
      return fmt::format(
          "#define {}(imm) \\\n"
          "  __asm__ volatile(\".insn i {}, x0, x0, %0\" ::\"i\"(imm) : \"memory\")\n",
          lower, code);
  }
}

bool is_ours(const Instruction& i) {
  return i.unit == Unit::kTensor || i.unit == Unit::kNetwork || i.unit == Unit::kSystem ||
         i.unit == Unit::kVector;
}

std::string header_of_isa() {
  std::string flags, functions;
  for (const isa::Flag& f : isa::flags())
    flags += fmt::format("#define TCC_{} {:#x} /* {} */\n", constant(f.name), f.value, f.effect);
  for (const Instruction& i : isa::instructions()) {
    const bool in_c = is_ours(i) && i.op != isa::Op::kLoop;  // a loop is a compiler's to make
    if (in_c) functions += function_text(i) + "\n";
  }
  return fill(kHeader, {{"FROM", std::string(kFrom)}, {"FLAGS", flags}, {"FUNCTIONS", functions}});
}

constexpr std::string_view kDocument = R"(# The instruction set of a tile

<!-- @FROM@ -->

RV32IM without FENCE, ECALL, EBREAK and CSRs, and @OURS@ instructions of our own in the
custom opcodes. There are no traps: a tile stops, with `error_o`, where it can't go on. IMEM begins
at address 0 and can't be read as data; DMEM begins at 0x80000000.

Commands (`t.*`, `v.*`, `n.*`, `s.wait`) leave the core in the order of its loads and stores and
are done by units that run beside it. Tensor commands are done in order among themselves, so are
vector instructions, and messages for each direction. What a unit reads or writes in DMEM is ordered
against the core and the other units by `s.wait` alone.

`s.loop` makes the turns of a loop cost nothing: an instruction that is no branch, jump or `s.loop`
itself and ends where the target is leads back to the one after `s.loop` as long as there are turns
left. Another `s.loop` takes its place; a jump out of the loop leaves it open.

v0 to v15 have VLEN bits: lanes of 16, fp16
where nothing else is said, rounded to nearest even. `rtl/README.md` has the numbers and the layout
of matrices.

@TABLES@## Flags

Added up where an instruction has flags: `t.gemv a0, a1, bank1+clr`.

| name | value | meaning |
|---|---|---|
@FLAGS@
## Operands of messages

`n.send`, `n.recv`, `n.radd`: rs1 is the address of the words, a multiple of 4; rs2 holds their
number in bits 15..0, the peer's column in 21..16 and its row in 27..22; the flags are the channel, 0
to 255, which must be the same at both ends. A message begins when both ends have asked for it. No
words: a pure synchronisation.
)";

struct Section {
  std::string_view title;
  std::vector<Unit> units;
};

std::string table(const Section& section) {
  std::string text = fmt::format(
      "## {}\n\n| instruction | operands | word (31 first: funct7, rs2, rs1, funct3, rd, opcode) | "
      "effect |\n|---|---|---|---|\n",
      section.title);
  for (const Instruction& i : isa::instructions()) {
    if (std::ranges::find(section.units, i.unit) == section.units.end()) continue;
    text += fmt::format("| `{}` | {} | `{}` | {} |\n", i.mnemonic, operands_text(i.format),
                        pattern(i), i.effect);
  }
  return text + "\n";
}

std::string document_of_isa() {
  const std::array sections{Section{"Integer", {Unit::kAlu, Unit::kMulDiv}},
                            Section{"Branches and jumps", {Unit::kBranch}},
                            Section{"Loads and stores", {Unit::kLoadStore}},
                            Section{"Tensor engine", {Unit::kTensor}},
                            Section{"Vectors", {Unit::kVector}},
                            Section{"Network", {Unit::kNetwork}},
                            Section{"Tile", {Unit::kSystem}}};
  std::string tables, flags;
  for (const Section& section : sections) tables += table(section);
  for (const isa::Flag& f : isa::flags())
    flags += fmt::format("| `{}` | {:#x} | {} |\n", f.name, f.value, f.effect);
  const auto ours = std::ranges::count_if(isa::instructions(), is_ours);
  return fill(kDocument, {{"FROM", std::string(kFrom)},
                          {"OURS", std::to_string(ours)},
                          {"TABLES", tables},
                          {"FLAGS", flags}});
}

}  // namespace

std::vector<IsaFile> isa_files() {
  return {{"rtl/tcc_isa_pkg.sv", package_of_isa()},
          {"rtl/tcc.h", header_of_isa()},
          {"docs/isa.md", document_of_isa()}};
}

}  // namespace tilewright

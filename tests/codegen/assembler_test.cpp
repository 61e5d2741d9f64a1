// Assembly text to words and back.
#include "codegen/assembler.h"

#include <gtest/gtest.h>

#include "../error_id.h"
#include "arch/isa/disassemble.h"
#include "arch/isa/isa.h"
#include "support/random.h"

namespace tilewright {
namespace {

std::vector<std::uint32_t> words(const std::string& text) {
  return assemble(text, "test.s").words;
}

TEST(Assembler, ReadsWhatTheDisassemblerWrites) {
  RandomStream random(1, "assembler");
  std::vector<std::uint32_t> program;
  std::string text;
  for (int n = 0; n < 200; ++n) {
    for (const isa::Instruction& i : isa::instructions()) {
      const auto bits = static_cast<std::uint32_t>(random.below(std::uint64_t{1} << 32));
      std::uint32_t word = i.match | (bits & ~i.mask);
      const auto pc = static_cast<std::uint32_t>(4 * program.size());
      // A target below address 0 can't be written.
      const bool relative = isa::has(i.format, isa::Operand::kTarget);
      const std::int64_t target = std::int64_t{pc} + isa::operands_of(i.format, word).imm;
      if (relative && target < 0) word = i.match;
      program.push_back(word);
      text += isa::disassemble(word, pc) + "\n";
    }
    program.push_back(4 * static_cast<std::uint32_t>(n));  // no instruction
    text += isa::disassemble(program.back(), 0) + "\n";
  }
  EXPECT_EQ(words(text), program);
}

TEST(Assembler, FlagsHaveNames) {
  EXPECT_EQ(words("t.gemv a0, a1, bank1 + clr"), words("t.gemv x10, x11, 5"));
  EXPECT_EQ(words("t.rd a0, bank2+to_fp32+relu"), words("t.rd x10, 1282"));
  EXPECT_EQ(words("s.wait tensor + sends + receives"), words("s.wait 7"));
  EXPECT_EQ(words(".equ clr, 1\n t.add a0, clr"), words("t.add a0, 1"));  // the program's own
  EXPECT_EQ(id_of([] { words("t.add a0, 4096"); }), "TW-ASM-004");
}

TEST(Assembler, LabelsNamesAndComments) {
  const AssembledProgram program = assemble(
      "# a comment\n"
      ".equ LIMIT, 3 + 2\n"
      "start: again: addi t0, t0, 1   // counts\n"
      "  li t1, LIMIT\n"
      "\n"
      "  blt t0, t1, again\n"
      "  j end\n"
      "  .word end, LIMIT - 6, .\n"
      "end: s.halt 0\n",
      "loop.s");
  const std::vector<std::uint32_t> expected{0x00128293, 0x00500313, 0xfe62cce3, 0x0100006f,
                                            28,         0xffffffff, 24,         0x0000007b};
  EXPECT_EQ(program.words, expected);
  EXPECT_EQ(program.symbols.at("again"), 0U);
  EXPECT_EQ(program.symbols.at("end"), 28U);
  EXPECT_EQ(program.lines, (std::vector<int>{3, 4, 6, 7, 8, 8, 8, 9}));
  const std::string text = listing(program);
  EXPECT_NE(text.find("start:"), std::string::npos);
  EXPECT_NE(text.find("     8:  fe62cce3  blt x5, x6, 0x0"), std::string::npos) << text;
}

TEST(Assembler, PseudoInstructionsAreOtherSpellings) {
  EXPECT_EQ(words("nop"), words("addi x0, x0, 0"));
  EXPECT_EQ(words("mv a0, a1"), words("addi x10, x11, 0"));
  EXPECT_EQ(words("not a0, a1"), words("xori x10, x11, -1"));
  EXPECT_EQ(words("neg a0, a1"), words("sub x10, x0, x11"));
  EXPECT_EQ(words("seqz a0, a1"), words("sltiu x10, x11, 1"));
  EXPECT_EQ(words("snez a0, a1"), words("sltu x10, x0, x11"));
  EXPECT_EQ(words("j 8"), words("jal x0, 8"));
  EXPECT_EQ(words("call 8"), words("jal x1, 8"));
  EXPECT_EQ(words("jr t0"), words("jalr x0, 0(x5)"));
  EXPECT_EQ(words("ret"), words("jalr x0, (ra)"));
  EXPECT_EQ(words("beqz a0, 8"), words("beq x10, x0, 8"));
  EXPECT_EQ(words("bnez a0, 8"), words("bne x10, x0, 8"));
  EXPECT_EQ(words("blez a0, 8"), words("bge x0, x10, 8"));
  EXPECT_EQ(words("bgez a0, 8"), words("bge x10, x0, 8"));
  EXPECT_EQ(words("bltz a0, 8"), words("blt x10, x0, 8"));
  EXPECT_EQ(words("bgtz a0, 8"), words("blt x0, x10, 8"));
  EXPECT_EQ(words("bgt a0, a1, 8"), words("blt x11, x10, 8"));
  EXPECT_EQ(words("ble a0, a1, 8"), words("bge x11, x10, 8"));
  EXPECT_EQ(words("bgtu a0, a1, 8"), words("bltu x11, x10, 8"));
  EXPECT_EQ(words("bleu a0, a1, 8"), words("bgeu x11, x10, 8"));
  EXPECT_EQ(words("li a0, -2048"), words("addi x10, x0, -2048"));
  EXPECT_EQ(words("li a0, 0xffffffff"), words("addi x10, x0, -1"));
  EXPECT_EQ(words("li a0, 0x80000000"), words("lui x10, 0x80000"));
  EXPECT_EQ(words("li a0, 0x12345fff"), words("lui x10, 0x12346\naddi x10, x10, -1"));
  EXPECT_EQ(words("li a0, -1 - 4096"), words("lui x10, 0xfffff\naddi x10, x10, -1"));
  EXPECT_EQ(words("la a0, end\nend:"), words("lui x10, 0\naddi x10, x10, 8"));
  EXPECT_EQ(words("li a0, end\nend:").size(), 2U);  // known too late to be short
}

// What, where and with which id.
TEST(Assembler, MistakesAreNamedByLine) {
  const auto mistake = [](const std::string& line) {
    return id_of([&] { words("nop\n" + line); });
  };
  EXPECT_EQ(mistake("nope"), "TW-ASM-001");
  EXPECT_EQ(mistake(".data"), "TW-ASM-001");
  EXPECT_EQ(mistake("add x1, x2"), "TW-ASM-002");
  EXPECT_EQ(mistake("add x1, x2, x3, x4"), "TW-ASM-002");
  EXPECT_EQ(mistake("add x1, x2, 3"), "TW-ASM-002");
  EXPECT_EQ(mistake("add x1, x2, x32"), "TW-ASM-002");
  EXPECT_EQ(mistake("addi x1, x2, "), "TW-ASM-002");
  EXPECT_EQ(mistake("addi x1, x2, 3 4"), "TW-ASM-002");
  EXPECT_EQ(mistake("addi x1, x2, %mid(3)"), "TW-ASM-002");
  EXPECT_EQ(mistake("addi x1, x2, 0x"), "TW-ASM-002");
  EXPECT_EQ(mistake("lw x1, 4"), "TW-ASM-002");
  EXPECT_EQ(mistake("lw x1, 4(x2"), "TW-ASM-002");
  EXPECT_EQ(mistake("lw x1, )"), "TW-ASM-002");
  EXPECT_EQ(mistake("nop 1"), "TW-ASM-002");
  EXPECT_EQ(mistake("1a: nop"), "TW-ASM-002");
  EXPECT_EQ(mistake(".equ A"), "TW-ASM-002");
  EXPECT_EQ(mistake(".word"), "TW-ASM-002");
  EXPECT_EQ(mistake("j nowhere"), "TW-ASM-003");
  EXPECT_EQ(mistake("a: nop\na: nop"), "TW-ASM-003");
  EXPECT_EQ(mistake("addi x1, x2, 2048"), "TW-ASM-004");
  EXPECT_EQ(mistake("slli x1, x2, 32"), "TW-ASM-004");
  EXPECT_EQ(mistake("beq x1, x2, 3"), "TW-ASM-004");
  EXPECT_EQ(mistake("beq x1, x2, 0x10000"), "TW-ASM-004");
  EXPECT_EQ(mistake("lui x1, 0x100000"), "TW-ASM-004");
  EXPECT_EQ(mistake("li x1, 0x100000000"), "TW-ASM-004");
  try {
    words("nop\nnop\n  add x1");
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.where(), "test.s:3");
  }
}

}  // namespace
}  // namespace tilewright

// The instruction table, its encodings and its text.
#include "arch/isa/isa.h"

#include <gtest/gtest.h>

#include "arch/isa/disassemble.h"
#include "support/random.h"

namespace tilewright::isa {
namespace {

std::uint32_t random_word(RandomStream& random) {
  return static_cast<std::uint32_t>(random.below(std::uint64_t{1} << 32));
}

TEST(Isa, HoldsRv32imAndOurOwn) {
  int rv32im = 0, custom = 0;
  for (const Instruction& i : instructions()) {
    const std::uint32_t opcode = i.match & 0x7f;  // custom-0 to -3
    const bool ours = opcode == 0x0b || opcode == 0x2b || opcode == 0x5b || opcode == 0x7b;
    (ours ? custom : rv32im) += 1;
    EXPECT_EQ(i.match & ~i.mask, 0U) << i.mnemonic;
    EXPECT_EQ(find(i.mnemonic), &i);
    EXPECT_EQ(&instruction(i.op), &i);
    EXPECT_FALSE(i.effect.empty());
  }
  EXPECT_EQ(rv32im, 37 + 8);
  EXPECT_EQ(custom, 34);
  EXPECT_EQ(find("ecall"), nullptr);
}

TEST(Isa, NoWordIsTwoInstructions) {
  for (const Instruction& a : instructions()) {
    for (const Instruction& b : instructions()) {
      if (&a == &b) continue;
      EXPECT_NE((a.match ^ b.match) & a.mask & b.mask, 0U) << a.mnemonic << " " << b.mnemonic;
    }
  }
}

// Every bit of a legal word is of the instruction or of an operand.
TEST(Isa, AWordIsItsInstructionAndItsOperands) {
  RandomStream random(1, "isa");
  for (const Instruction& i : instructions()) {
    for (int n = 0; n < 2000; ++n) {
      const std::uint32_t word = i.match | (random_word(random) & ~i.mask);
      ASSERT_EQ(decode(word), &i) << i.mnemonic;
      const Operands operands = operands_of(i.format, word);
      EXPECT_EQ(encode(i, operands), word) << i.mnemonic;
      EXPECT_TRUE(immediate_range(i.format).holds(operands.imm));
    }
  }
}

TEST(Isa, MostWordsAreNoInstruction) {
  EXPECT_EQ(decode(0), nullptr);
  EXPECT_EQ(decode(~0U), nullptr);
  EXPECT_EQ(decode(0x00000073), nullptr);  // ecall
  EXPECT_EQ(decode(0x00100073), nullptr);  // ebreak
  EXPECT_EQ(decode(0x0ff0000f), nullptr);  // fence
  EXPECT_EQ(decode(0xc0002573), nullptr);  // rdcycle
  EXPECT_EQ(decode(0x40001013), nullptr);  // slli with a bit of srai
}

TEST(Isa, ImmediatesBeyondTheirRangeAreRefused) {
  for (const Instruction& i : instructions()) {
    const ImmediateRange range = immediate_range(i.format);
    for (const std::int64_t imm : {range.lo - range.step, range.hi + range.step, range.lo + 1}) {
      if (imm != static_cast<std::int32_t>(imm) || range.holds(imm)) continue;
      EXPECT_FALSE(encode(i, {1, 2, 3, static_cast<std::int32_t>(imm)}))
          << i.mnemonic << " " << imm;
    }
    EXPECT_TRUE(encode(i, {1, 2, 3, static_cast<std::int32_t>(range.lo)})) << i.mnemonic;
    EXPECT_TRUE(encode(i, {1, 2, 3, static_cast<std::int32_t>(range.hi)})) << i.mnemonic;
    EXPECT_FALSE(encode(i, {32, 0, 0, 0})) << i.mnemonic;
  }
}

TEST(Isa, RegistersHaveTwoNames) {
  EXPECT_EQ(register_number("x31"), 31);
  EXPECT_EQ(register_number("t6"), 31);
  EXPECT_EQ(register_number("zero"), 0);
  EXPECT_EQ(register_number("s0"), 8);
  EXPECT_EQ(register_number("fp"), 8);
  EXPECT_EQ(register_number("x32"), std::nullopt);
  EXPECT_EQ(register_name(7), "x7");
}

TEST(Isa, TextOfAWord) {
  EXPECT_EQ(disassemble(0xffd30293, 0), "addi x5, x6, -3");
  EXPECT_EQ(disassemble(0x00412083, 0), "lw x1, 4(x2)");
  EXPECT_EQ(disassemble(0xfe208ee3, 0x100), "beq x1, x2, 0xfc");
  EXPECT_EQ(disassemble(0x123452b7, 0), "lui x5, 0x12345");
  EXPECT_EQ(disassemble(0x0000007b, 0), "s.halt 0");
  EXPECT_EQ(disassemble(0x00b5128b, 0), "t.gemv x10, x11, 5");
  EXPECT_EQ(disassemble(0x80b5128b, 0), "t.gemv x10, x11, 2053");
  EXPECT_EQ(disassemble(0x063101ab, 0), "v.fma v3, v2, v3");
  EXPECT_EQ(disassemble(0x063901ab, 0), ".word 0x63901ab");  // v18
  EXPECT_EQ(disassemble(0x00000073, 0), ".word 0x73");
}

}  // namespace
}  // namespace tilewright::isa

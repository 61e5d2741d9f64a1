// The simulator of a tile's scalar core, against the manual.
#include "verify/iss/core.h"

#include <gtest/gtest.h>

#include "../error_id.h"
#include "codegen/assembler.h"

namespace tilewright::iss {
namespace {

Core ran(const std::string& text, const MemorySizes& sizes = {}) {
  Core core(sizes);
  core.load(assemble(text, "test.s").words);
  core.run(10000);
  return core;
}

TEST(Iss, RunsToItsHalt) {
  const Core core =
      ran("  li t0, 10\n"
          "  li a0, 0\n"
          "loop: add a0, a0, t0\n"
          "  addi t0, t0, -1\n"
          "  bnez t0, loop\n"
          "  s.halt 7\n");
  EXPECT_EQ(core.state(), CoreState::kHalted);
  EXPECT_EQ(core.halt_code(), 7);
  EXPECT_EQ(core.x(10), 55U);
  EXPECT_EQ(core.retired(), 2 + 3 * 10 + 1U);
}

TEST(Iss, TurnsOfALoopCostNoInstruction) {
  const Core core =
      ran("  li t0, 10\n"
          "  s.loop t0, end\n"
          "  addi a0, a0, 3\n"
          "  addi a1, a1, 1\n"
          "end: s.loop x0, past\n"  // no turns
          "  li a0, 0\n"
          "past: s.halt 0\n");
  EXPECT_EQ(core.state(), CoreState::kHalted);
  EXPECT_EQ(core.x(10), 30U);
  EXPECT_EQ(core.x(11), 10U);
  EXPECT_EQ(core.retired(), 2 + 2 * 10 + 1 + 1U);
}

// A loop that was left is open, and goes on when its end is passed; another takes its place.
TEST(Iss, ABranchOrAnotherLoopEndsATurnOfItsOwn) {
  const Core core =
      ran("  li t0, 4\n"
          "  s.loop t0, end\n"
          "  addi a0, a0, 1\n"
          "  beqz x0, out\n"
          "back: addi a1, a1, 1\n"
          "end: addi a2, a2, 1\n"
          "  s.halt 0\n"
          "out: addi a3, a3, 1\n"
          "  li t1, 2\n"
          "  blt a3, t1, back\n"
          "  s.loop t1, last\n"
          "  addi a4, a4, 1\n"
          "last: j back\n");
  EXPECT_EQ(core.state(), CoreState::kHalted);
  EXPECT_EQ(core.x(10), 2U);  // one turn before the branch, one that it goes back to
  EXPECT_EQ(core.x(11), 2U);
  EXPECT_EQ(core.x(12), 1U);
  EXPECT_EQ(core.x(14), 2U);
}

TEST(Iss, ABranchAtTheEndOfALoopLeavesIt) {
  const Core core = ran("li t0, 3\ns.loop t0, end\naddi a0, a0, 1\nbnez x0, end\nend: s.halt 0\n");
  EXPECT_EQ(core.state(), CoreState::kHalted);
  EXPECT_EQ(core.x(10), 1U);
}

// Quotients and remainders that the manual names.
TEST(Iss, DivisionHasNoErrors) {
  const Core core =
      ran("li t0, 7\nli t1, 0\nli t2, 0x80000000\nli t3, -1\n"
          "div s2, t0, t1\ndivu s3, t0, t1\nrem s4, t0, t1\nremu s5, t0, t1\n"
          "div s6, t2, t3\nrem s7, t2, t3\ndivu s8, t2, t3\nremu s9, t2, t3\n"
          "li t4, -7\nli t5, 2\ndiv s10, t4, t5\nrem s11, t4, t5\ns.halt 0");
  EXPECT_EQ(core.x(18), ~0U);
  EXPECT_EQ(core.x(19), ~0U);
  EXPECT_EQ(core.x(20), 7U);
  EXPECT_EQ(core.x(21), 7U);
  EXPECT_EQ(core.x(22), 0x80000000U);
  EXPECT_EQ(core.x(23), 0U);
  EXPECT_EQ(core.x(24), 0U);
  EXPECT_EQ(core.x(25), 0x80000000U);
  EXPECT_EQ(core.x(26), static_cast<std::uint32_t>(-3));
  EXPECT_EQ(core.x(27), static_cast<std::uint32_t>(-1));
}

TEST(Iss, BytesAndHalvesAreExtendedOnLoadAndCutOnStore) {
  const Core core =
      ran("lui t0, 0x80000\nli t1, 0x818283f4\nsw t1, 4(t0)\nsh t1, 10(t0)\nsb t1, 15(t0)\n"
          "lb s2, 4(t0)\nlbu s3, 4(t0)\nlh s4, 4(t0)\nlhu s5, 4(t0)\nlw s6, 8(t0)\nlw s7, 12(t0)\n"
          "s.halt 0");
  ASSERT_EQ(core.state(), CoreState::kHalted);
  EXPECT_EQ(core.x(18), 0xfffffff4U);
  EXPECT_EQ(core.x(19), 0xf4U);
  EXPECT_EQ(core.x(20), 0xffff83f4U);
  EXPECT_EQ(core.x(21), 0x83f4U);
  EXPECT_EQ(core.x(22), 0x83f40000U);
  EXPECT_EQ(core.x(23), 0xf4000000U);
  EXPECT_EQ(core.dmem()[4], 0xf4);
}

TEST(Iss, X0StaysZero) {
  const Core core = ran("addi x0, x0, 5\nlui x0, 3\njal x0, next\nnext: mv a0, x0\ns.halt 0");
  EXPECT_EQ(core.state(), CoreState::kHalted);
  EXPECT_EQ(core.x(0), 0U);
  EXPECT_EQ(core.x(10), 0U);
}

// A tile stops before an instruction that it can't execute, and says why.
TEST(Iss, FaultsStopTheCore) {
  const auto fault = [](const std::string& text) {
    const Core core = ran("nop\nlui t0, 0x80000\n" + text, {256, 1024});
    EXPECT_EQ(core.state(), CoreState::kFaulted) << text;
    EXPECT_EQ(core.pc(), 8U) << text;
    EXPECT_EQ(core.retired(), 2U) << text;
    EXPECT_EQ(core.x(10), 0U) << text;
    return core.fault();
  };
  EXPECT_EQ(fault(".word 0"), Fault::kIllegal);
  EXPECT_EQ(fault(".word 0x73"), Fault::kIllegal);
  EXPECT_EQ(fault(""), Fault::kFetch);
  EXPECT_EQ(fault("jal a0, 10"), Fault::kTarget);
  EXPECT_EQ(fault("jalr a0, 2(t0)"), Fault::kTarget);
  EXPECT_EQ(fault("beq x0, x0, 14"), Fault::kTarget);
  EXPECT_EQ(fault("lw a0, 2(t0)"), Fault::kAlignment);
  EXPECT_EQ(fault("lh a0, 1(t0)"), Fault::kAlignment);
  EXPECT_EQ(fault("sw t0, 1(t0)"), Fault::kAlignment);
  EXPECT_EQ(fault("lw a0, 0(x0)"), Fault::kOutOfRange);
  EXPECT_EQ(fault("lbu a0, 1024(t0)"), Fault::kOutOfRange);
  EXPECT_EQ(fault("sb a0, -1(t0)"), Fault::kOutOfRange);
  EXPECT_EQ(ran("jalr a0, 1(x0)").fault(), Fault::kNone);  // the lowest bit is dropped
}

TEST(Iss, AProgramMustFit) {
  Core core({16, 1024});
  EXPECT_EQ(id_of([&] { core.load(std::vector<std::uint32_t>(5)); }), "TW-ISS-001");
  core.load(std::vector<std::uint32_t>(4));
  core.run(1);
  EXPECT_EQ(core.fault(), Fault::kIllegal);
}

TEST(Iss, StepsShowWhatRetired) {
  Core core({});
  core.load(assemble("lui t0, 0x80000\nli t1, -2\nsh t1, 6(t0)\nlh a0, 6(t0)\n"
                     "bne a0, x0, end\nnop\nend: jal x0, 24",
                     "test.s")
                .words);
  core.step();
  core.step();
  const Retired store = core.step(), load = core.step(), branch = core.step();
  EXPECT_EQ(store.order, 2U);
  EXPECT_EQ(store.pc, 8U);
  EXPECT_EQ(store.address, kDmemBase + 6);
  EXPECT_EQ(store.written_bytes, 2);
  EXPECT_EQ(store.data, 0xfffeU);
  EXPECT_EQ(store.rd, 0);
  EXPECT_EQ(load.read_bytes, 2);
  EXPECT_EQ(load.data, 0xfffeU);
  EXPECT_EQ(load.rd, 10);
  EXPECT_EQ(load.rd_value, 0xfffffffeU);
  EXPECT_EQ(branch.next_pc, 24U);
  EXPECT_EQ(branch.rd, 0);
}

}  // namespace
}  // namespace tilewright::iss

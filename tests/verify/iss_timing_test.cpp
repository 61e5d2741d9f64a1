// When instructions happen: counted by hand from what the headers of rtl/ say. That the RTL does
// the same, program by program, is rtl.timing_*'s to show.
#include "verify/iss/timing.h"

#include <gtest/gtest.h>

#include "codegen/assembler.h"
#include "support/error.h"
#include "verify/iss/mesh.h"

namespace tilewright::iss {
namespace {

constexpr std::uint32_t kVlen = 128, kLanes = kVlen / 16;

std::string repeated(const std::string& line, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += line + "\n";
  return text;
}

const std::vector<std::uint8_t>& wmem() {
  static const std::vector<std::uint8_t> bytes(65536);
  return bytes;
}

Cycle cycles(const std::string& text, const TimingShape& shape) {
  Mesh mesh(1, 1);
  Tile& tile = mesh.add({kVlen, {}, 1, 1}, wmem());
  tile.time(shape);
  tile.core().load(assemble(text + "s.halt 0\n", "test.s").words);
  EXPECT_EQ(mesh.run(), MeshState::kHalted) << mesh.explanation();
  return mesh.cycles();
}

// Cycles that `times` more of a line take.
Cycle cost(const std::string& before, const std::string& line, const TimingShape& shape,
           int times = 32) {
  return cycles(before + repeated(line, 8 + times), shape) -
         cycles(before + repeated(line, 8), shape);
}

constexpr TimingShape kWide{4, 16, 4, 4, 1, 1, kVlen, 64};

TEST(Timing, AnEmptyProgram) {
  // The start pulse in cycle 0, the halt is visible in 1, done in 2.
  EXPECT_EQ(cycles("", {}), 2U);
}

TEST(Timing, OneStationTakesOneInstructionInTwoCycles) {
  EXPECT_EQ(cost("", "addi x1, x0, 1", {}), 64U);
}

TEST(Timing, TheLeastOfFetchDispatchAndBusesIsTheRate) {
  for (const std::uint32_t rate : {1U, 2U, 4U}) {
    TimingShape shape = kWide;
    shape.fetch_size = rate;
    EXPECT_EQ(cost("", "addi x1, x0, 1", shape), 32 / rate) << "fetch " << rate;
    shape = kWide;
    shape.xdpnum = rate;
    EXPECT_EQ(cost("", "addi x1, x0, 1", shape), 32 / rate) << "dispatch " << rate;
    shape = kWide;
    shape.xr_wp = rate;
    EXPECT_EQ(cost("", "addi x1, x0, 1", shape), 32 / rate) << "buses " << rate;
  }
}

TEST(Timing, ChainsTakeTheLatencyOfTheirOperations) {
  EXPECT_EQ(cost("", "addi x1, x1, 1", kWide), 32U);
  EXPECT_EQ(cost("", "mul x1, x1, x1", kWide), 32U * 4);  // three, and one to be taken again
  EXPECT_EQ(cost("", "divu x1, x1, x1", kWide), 32U * 35);
  const std::string address = "lui x1, 0x80000\nsw x1, 0(x1)\n";
  EXPECT_EQ(cost(address, "lw x1, 0(x1)", kWide), 32U * 2);
}

TEST(Timing, AStationWaitsForWhatIsBeforeIt) {
  TimingShape shape = kWide;
  shape.stanum = 4;
  const std::string slow = "divu x2, x3, x4\n";
  // Three more enter beside the quotient, the others wait for it.
  EXPECT_GT(cycles(slow + repeated("addi x1, x0, 1", 16), shape),
            cycles(slow + repeated("addi x1, x0, 1", 3), shape) + 2);
  shape.stanum = 32;
  EXPECT_EQ(cycles(slow + repeated("addi x1, x0, 1", 16), shape),
            cycles(slow + repeated("addi x1, x0, 1", 3), shape));
}

TEST(Timing, BranchesWaitAndLoopsDoNot) {
  TimingShape shape;
  shape.stanum = 8;
  const std::string body = "addi x2, x2, 1\naddi x3, x3, 1\n";
  const Cycle branches =
      cycles("li x1, 32\nagain:\n" + body + "addi x1, x1, -1\nbnez x1, again\n", shape);
  const Cycle loops = cycles("li x1, 32\ns.loop x1, end\n" + body + "end:\n", shape);
  EXPECT_EQ(
      branches - cycles("li x1, 1\nagain:\n" + body + "addi x1, x1, -1\nbnez x1, again\n", shape),
      31U * (4 + 1));  // the branch is executed in the cycle after its dispatch
  EXPECT_EQ(loops - cycles("li x1, 1\ns.loop x1, end\n" + body + "end:\n", shape), 31U * 2);
}

TEST(Timing, VectorUnitsAndBanks) {
  TimingShape shape{4, 16, 4, 4, 2, 2, kVlen, 64};
  std::string two_banks, one_bank;
  for (int i = 0; i < 16; ++i) {
    two_banks += i % 2 == 0 ? "v.mv v2, v0\n" : "v.mv v3, v0\n";
    one_bank += i % 2 == 0 ? "v.mv v2, v0\n" : "v.mv v4, v0\n";
  }
  // Every second writes the register that the one two before writes: five cycles apart.
  EXPECT_EQ(cycles(two_banks, shape), cycles(one_bank, shape) - 1);
  EXPECT_EQ(cost("", "v.add v1, v1, v0", shape, 8), 8U * 5);
  EXPECT_EQ(cost("v.mv v1, v0\n", "v.rcp v1, v1", shape, 8), 8U * 13);
}

TEST(Timing, AProductAndItsReadOut) {
  // tcc_tensor: K + 16 cycles from the offer of GEMV to idle; in sixteen more K, sixteen.
  const auto product = [](int k) {
    return "li x2, 0x80000000\nli x3, " + std::to_string(k) + "\nt.gemv x2, x3, clr\nt.rd x2, 0\n";
  };
  TimingShape shape;
  shape.stanum = 8;
  EXPECT_EQ(cycles(product(256), shape) - cycles(product(128), shape), 128U);
  // Products behind each other in two banks: K + 1 cycles each, the read-outs are hidden.
  const std::string pair =
      "t.gemv x2, x3, clr\nt.rd x2, 0\nt.gemv x2, x3, bank1+clr\nt.rd x2, bank1";
  EXPECT_EQ(cost("li x2, 0x80000000\nli x3, 64\n", pair, shape, 4), 8U * 65);
}

TEST(Timing, RefusesWhatIsNoInstruction) {
  Retired r;
  r.word = 0;
  EXPECT_THROW(Timing({}).retire(r), Error);
}

TEST(Timing, RefusesAMeshThatIsNotTimed) {
  Mesh mesh(1, 1);
  mesh.add({kVlen, {}, 1, 1}, wmem());
  EXPECT_THROW(static_cast<void>(mesh.cycles()), Error);
}

// tcc_ni: one word over one hop, both commands at once, takes 12 cycles.
TEST(Timing, AMessage) {
  Mesh mesh(2, 1);
  for (std::uint32_t x = 0; x < 2; ++x) {
    Tile& tile = mesh.add({kVlen, {}, 2, 1}, wmem());
    tile.time({});
    const std::string own = x == 0 ? "n.send x2, x3, 1\n" : "n.recv x2, x3, 1\n";
    tile.core().load(assemble("li x2, 0x80000000\nli x3, " + std::to_string((1 - x) << 16 | 1) +
                                  "\n" + own + "s.wait sends+receives\ns.halt 0\n",
                              "test.s")
                         .words);
  }
  EXPECT_EQ(mesh.run(), MeshState::kHalted) << mesh.explanation();
  EXPECT_GT(mesh.tile(1, 0).timing()->cycles(), mesh.tile(0, 0).timing()->cycles());
  EXPECT_EQ(mesh.cycles(), mesh.tile(1, 0).timing()->cycles());
  const Cycle without = cycles("li x2, 0x80000000\nli x3, 1\nn.id x4\n", {});
  EXPECT_EQ(mesh.cycles() - without, 12U + 1);
}

}  // namespace
}  // namespace tilewright::iss

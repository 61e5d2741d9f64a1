// The simulator of whole tiles and meshes: the units' commands, messages, and what goes wrong.
#include "verify/iss/mesh.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstring>

#include "codegen/assembler.h"
#include "split_gemv.h"

namespace tilewright::iss {
namespace {

constexpr std::uint32_t kVlen = 128, kLanes = kVlen / 16;

std::vector<std::uint32_t> words(const std::string& text) {
  return assemble(text, "test.s").words;
}

template <typename T>
std::vector<std::uint8_t> bytes(const std::vector<T>& values) {
  std::vector<std::uint8_t> result(values.size() * sizeof(T));
  std::memcpy(result.data(), values.data(), result.size());
  return result;
}

template <typename T>
T at(const Core& core, std::size_t offset) {
  T value{};
  std::memcpy(&value, &core.dmem()[offset], sizeof value);
  return value;
}

template <typename T>
void put(Core& core, std::size_t offset, const std::vector<T>& values) {
  const auto raw = bytes(values);
  std::copy(raw.begin(), raw.end(), core.dmem().begin() + static_cast<std::ptrdiff_t>(offset));
}

constexpr std::uint16_t kOne = 0x3c00, kTwo = 0x4000, kThree = 0x4200;

struct OneTile {
  explicit OneTile(const std::vector<std::uint8_t>& wmem)
      : mesh(1, 1), tile(mesh.add({kVlen, {}, 1, 1}, wmem)) {}
  Core& run(const std::string& text) {
    tile.core().load(words(text));
    state = mesh.run();
    return tile.core();
  }
  Mesh mesh;
  Tile& tile;
  MeshState state = MeshState::kRunning;
};

// Row k of the matrix is k + 1 in every lane.
std::vector<std::uint8_t> rising_rows(const std::vector<std::uint16_t>& values) {
  std::vector<std::uint16_t> rows;
  for (const std::uint16_t value : values) rows.insert(rows.end(), kLanes, value);
  return bytes(rows);
}

TEST(IssTile, ProductOfAVectorAndAMatrix) {
  const auto wmem = rising_rows({kOne, kTwo, kThree});
  OneTile one(wmem);
  put<std::uint16_t>(one.tile.core(), 0, {kOne, kOne, kTwo});
  const Core& core = one.run(
      "li a0, 0x80000000\nli a1, 3\nli a2, 0\nli a3, 1\n"
      "t.wptr a2, a3\n t.gemv a0, a1, bank1+clr\n"
      "li a0, 0x80000010\n t.rd a0, bank1\n li a0, 0x80000020\n t.rd a0, bank1+to_fp32\n"
      "t.add a0, bank1\n li a0, 0x80000040\n t.rd a0, bank1+to_int32\n"
      "s.wait tensor\n s.halt 0");
  ASSERT_EQ(one.state, MeshState::kHalted) << one.mesh.explanation();
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    EXPECT_EQ(at<std::uint16_t>(core, 0x10 + 2 * lane), 0x4880);  // 1 + 2 + 2 * 3 = 9
    EXPECT_EQ(at<float>(core, 0x20 + 4 * lane), 9.0F);
    EXPECT_EQ(at<std::int32_t>(core, 0x40 + 4 * lane), 18);
  }
}

TEST(IssTile, ABatchUsesEachRowForAllItsVectors) {
  const auto wmem = rising_rows({kOne, kTwo});
  OneTile one(wmem);
  put<std::uint16_t>(one.tile.core(), 0x00, {kOne, kOne});
  put<std::uint16_t>(one.tile.core(), 0x10, {kTwo, kOne});
  put<std::uint16_t>(one.tile.core(), 0x20, {kOne, kThree});
  const Core& core = one.run(
      "li a0, 0x80000000\nli a1, 2\nli a2, 0\nli a3, 1\n"
      "t.wptr a2, a3\n t.gemv a0, a1, bank2+clr+batch3\n"
      "li a0, 0x80000040\n t.rd a0, bank2+to_int32\n li a0, 0x80000060\n t.rd a0, bank3+to_int32\n"
      "li a0, 0x80000080\n t.rd a0, to_int32\n s.halt 0");
  ASSERT_EQ(one.state, MeshState::kHalted) << one.mesh.explanation();
  EXPECT_EQ(at<std::int32_t>(core, 0x40), 3);
  EXPECT_EQ(at<std::int32_t>(core, 0x60), 4);
  EXPECT_EQ(at<std::int32_t>(core, 0x80), 7);
}

TEST(IssTile, BytesAndBfloatsAndAMatrixInDmem) {
  const auto wmem = bytes(std::vector<std::uint16_t>(kLanes, 0x02ff));  // -1, 2
  OneTile one(wmem);
  put<std::uint16_t>(one.tile.core(), 0x00, {0xfd7f});                // 127, -3
  put<std::uint16_t>(one.tile.core(), 0x10, {0x4040});                // 3
  put<std::uint16_t>(one.tile.core(), 0x20, {0xc000, 0x3f80, 0x40});  // -2, 1, 2^-127
  const Core& core = one.run(
      "li a0, 0x80000000\nli a1, 1\nli a2, 0\nli a3, 1\n"
      "t.wptr a2, a3\n t.gemv a0, a1, clr+int8\n"
      "li a0, 0x80000040\n t.rd a0, to_int32\n"
      "li a2, 2\n t.wptr a2, a3\n li a0, 0x80000010\n t.gemv a0, a1, bank1+clr+bf16+dmem\n"
      "li a0, 0x80000060\n t.rd a0, bank1+to_fp32\n"
      "li a0, 0x80000080\n t.rd a0, bank1+to_bf16\n li a0, 0x80000090\n t.rd a0, bank1+relu\n"
      "s.halt 0");
  ASSERT_EQ(one.state, MeshState::kHalted) << one.mesh.explanation();
  EXPECT_EQ(at<std::int32_t>(core, 0x40), -127 - 6);
  EXPECT_EQ(at<float>(core, 0x60), -6.0F);
  EXPECT_EQ(at<float>(core, 0x64), 3.0F);
  EXPECT_EQ(at<float>(core, 0x68), 0.0F);  // below 2^-48
  EXPECT_EQ(at<std::uint16_t>(core, 0x80), 0xc0c0);
  EXPECT_EQ(at<std::uint16_t>(core, 0x90), 0);
}

// Each of these stops the tile.
TEST(IssTile, CommandsOutsideTheirRangesAreRefused) {
  const auto wmem = rising_rows({kOne});
  const std::string x = "li a0, 0x80000000\nli a1, 1\nli a2, 0\nli a3, 1\n";
  for (const std::string bad :
       {"addi a0, a0, 8\nt.rd a0, 0", "li a0, 0\nt.rd a0, 0", "li a0, 0x8000fff0\nt.rd a0, to_fp32",
        "li a1, 0\nt.gemv a0, a1, clr", "li a1, 32769\nt.gemv a0, a1, clr",
        "t.gemv a0, a1, clr+bf16+int8", "t.gemv a0, a1, relu", "t.add a0, relu", "t.rd a0, clr",
        "li a1, 2\nt.gemv a0, a1, clr",  // one row of WMEM
        "li a2, 0x1000000\nt.wptr a2, a3", "li a3, 32768\nt.wptr a2, a3", "s.wait 64",
        "addi a0, a0, 2\nn.send a0, a1, 0", "n.send a0, a1, 256",
        "li a1, 0x10001\nn.send a0, a1, 0", "li a1, 0x400001\nn.recv a0, a1, 0",
        "li a1, 16385\nn.radd a0, a1, 0", "li a1, 0x10000001\nn.recv a0, a1, 0"}) {
    OneTile one(wmem);
    one.run(x + bad + "\ns.halt 0");
    EXPECT_EQ(one.state, MeshState::kFaulted) << bad;
    EXPECT_EQ(one.tile.core().fault(), Fault::kCommand) << bad;
  }
  OneTile one(wmem);
  one.run(x + "t.wptr a2, a3\nt.gemv a0, a1, clr\nt.rd a0, 0\ns.halt 0");
  EXPECT_EQ(one.state, MeshState::kHalted);
}

// Two tiles beside each other.
struct TwoTiles {
  TwoTiles() : mesh(2, 1) {
    for (int i = 0; i < 2; ++i) mesh.add({kVlen, {}, 1, 1}, {});
  }
  void run(const std::string& west, const std::string& east) {
    const std::string prologue = "li a0, 0x80000000\nli s0, 4\nli s1, 0x10004\n";  // 4 words
    mesh.tile(0, 0).core().load(words(prologue + west));
    mesh.tile(1, 0).core().load(words(prologue + east));
    state = mesh.run();
  }
  Core& east() { return mesh.tile(1, 0).core(); }
  Mesh mesh;
  MeshState state = MeshState::kRunning;
};

TEST(IssMesh, MessagesCopyAndAdd) {
  TwoTiles two;
  put<float>(two.mesh.tile(0, 0).core(), 0, {1, 2, 3, 4});
  put<float>(two.east(), 0x40, {10, 20, 30, std::bit_cast<float>(0xff800001U)});
  two.run("n.send a0, s1, 7\nn.send a0, s1, 8\ns.wait sends\ns.halt 0",
          "n.recv a0, s0, 7\naddi a0, a0, 64\nn.radd a0, s0, 8\ns.wait receives\n"
          "n.id a5\ns.halt 0");
  ASSERT_EQ(two.state, MeshState::kHalted) << two.mesh.explanation();
  EXPECT_EQ(at<float>(two.east(), 12), 4.0F);
  EXPECT_EQ(at<float>(two.east(), 0x44), 22.0F);
  EXPECT_EQ(at<std::uint32_t>(two.east(), 0x4c), 0x7fc00000U);
  EXPECT_EQ(two.east().x(15), 1U);
}

// The east answers the first message while it is open for the second, which waits for the answer.
TEST(IssMesh, AWaitMayLeaveReceivesOpen) {
  const auto run = [](const std::string& left) {
    TwoTiles two;
    two.run("n.send a0, s1, 1\nn.recv a0, s1, 2\ns.wait receives\nn.send a0, s1, 3\ns.halt 0",
            "n.recv a0, s0, 1\nn.recv a0, s0, 3\ns.wait receives" + left +
                "\nn.send a0, s0, 2\ns.halt 0");
    return two.state;
  };
  EXPECT_EQ(run("+left1"), MeshState::kHalted);
  EXPECT_EQ(run(""), MeshState::kDeadlock);
}

TEST(IssMesh, SaysWhoWaitsForWhom) {
  TwoTiles two;
  two.run("n.recv a0, s1, 7\ns.wait receives\ns.halt 0",
          "n.recv a0, s0, 7\ns.wait receives\ns.halt 0");
  EXPECT_EQ(two.state, MeshState::kDeadlock);
  EXPECT_NE(two.mesh.explanation().find("tile (0, 0)"), std::string::npos);
  TwoTiles ended;  // one that ends with a message that nobody takes
  ended.run("n.send a0, s1, 7\ns.halt 0", "s.halt 0");
  EXPECT_EQ(ended.state, MeshState::kDeadlock);
}

TEST(IssMesh, AMessageOfAnotherChannelOrLengthIsAFault) {
  for (const std::string other : {"n.recv a0, s0, 8", "addi s0, s0, 1\nn.recv a0, s0, 7"}) {
    TwoTiles two;
    two.run("n.send a0, s1, 7\ns.halt 0", other + "\ns.halt 0");
    EXPECT_EQ(two.state, MeshState::kFaulted) << other;
    EXPECT_NE(two.mesh.explanation().find("expects"), std::string::npos);
  }
}

std::vector<std::uint8_t> bytes_of(const std::vector<rtl::Row>& rows) {
  std::vector<std::uint8_t> result;
  for (const rtl::Row& row : rows) {
    const auto part = bytes(row);
    result.insert(result.end(), part.begin(), part.end());
  }
  return result;
}

// The product that the RTL's mesh computes (rtl.mesh_gemv_*), from the same programs.
TEST(IssMesh, ProductSplitOverSixteenTiles) {
  constexpr rtl::TileShape kTile{kVlen, 2, 16};
  constexpr rtl::Split kSplit{4, 4, 32, 48, 16};
  const rtl::Problem problem = rtl::make_problem(kSplit, 5);
  Mesh mesh(kSplit.columns, kSplit.rows);
  std::vector<std::vector<std::uint8_t>> wmem;
  for (std::uint32_t t = 0; t < 16; ++t)
    wmem.push_back(bytes_of(rtl::TilePart(kSplit, kTile, t % 4, t / 4).wmem(problem)));
  for (std::uint32_t t = 0; t < 16; ++t) {
    const rtl::TilePart part(kSplit, kTile, t % 4, t / 4);
    Core& core = mesh.add({kVlen, {4096, 16384}, 1, 1}, wmem[t]).core();
    core.load(rtl::program_words(part.program(), kVlen));
    const auto dmem = bytes_of(part.dmem(problem));
    std::copy(dmem.begin(), dmem.end(), core.dmem().begin());
  }
  ASSERT_EQ(mesh.run(), MeshState::kHalted) << mesh.explanation();
  const rtl::Layout at(kSplit, kTile);
  for (std::uint32_t n = 0; n < kSplit.outputs(); ++n) {
    const std::size_t offset = std::size_t{at.result} * (kVlen / 8) + 2 * std::size_t{n};
    EXPECT_EQ(iss::at<std::uint16_t>(mesh.tile(0, 0).core(), offset),
              rtl::golden_output(kSplit, problem, n))
        << n;
  }
}

}  // namespace
}  // namespace tilewright::iss

// The simulator of a tile's scalar core and our assembler, against Debian's RISC-V binutils, GCC
// and qemu. Skipped where these are not installed.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "arch/isa/disassemble.h"
#include "arch/isa/isa.h"
#include "codegen/assembler.h"
#include "models/half.h"
#include "support/file.h"
#include "support/random.h"
#include "support/scratch.h"
#include "verify/iss/core.h"
#include "verify/iss/tile.h"
#include "verify/process.h"

namespace tilewright::iss {
namespace {

namespace fs = std::filesystem;
constexpr int kTimeout = 60;
const std::string kPrefix = "riscv64-unknown-elf-";

bool has(const std::string& tool) {
  return run_tool({tool, "--version"}, fs::temp_directory_path(), kTimeout).ok();
}

// Words of a little-endian image.
std::vector<std::uint32_t> words_of(const std::string& bytes) {
  std::vector<std::uint32_t> words((bytes.size() + 3) / 4);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    words[i / 4] |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]))
                    << (8 * (i % 4));
  return words;
}

class RiscvTools : public testing::Test {
 protected:
  void SetUp() override {
    if (!has(kPrefix + "gcc") || !has("qemu-riscv32"))
      GTEST_SKIP() << "needs the packages gcc-riscv64-unknown-elf and qemu-user";
  }

  void tool(std::vector<std::string> arguments) const {
    const ToolRun run = run_tool(arguments, folder_.path(), kTimeout);
    ASSERT_TRUE(run.ok()) << arguments.front() << ": " << run.output;
  }
  // Compiles and links; `origin` is the address of the code.
  void build(const std::vector<std::string>& sources, const std::string& origin,
             const std::string& out) const {
    std::vector<std::string> arguments{kPrefix + "gcc",
                                       "-O2",
                                       "-march=rv32im",
                                       "-mabi=ilp32",
                                       "-nostdlib",
                                       "-ffreestanding",
                                       "-fno-builtin",
                                       "-Wall",
                                       "-Werror",
                                       "-Wl,--defsym=TEXT_ORIGIN=" + origin,
                                       "-T",
                                       program("program.ld")};
    arguments.insert(arguments.end(), sources.begin(), sources.end());
    arguments.insert(arguments.end(), {"-lgcc", "-o", out});
    tool(arguments);
  }
  std::string section(const std::string& elf, const std::string& name) const {
    tool({kPrefix + "objcopy", "-O", "binary", "-j", name, elf, "section.bin"});
    return read_file(folder_.path() / "section.bin");
  }
  std::string emulated(const std::string& elf) const {
    const ToolRun run = run_tool({"qemu-riscv32", elf}, folder_.path(), kTimeout);
    EXPECT_TRUE(run.ok()) << run.output;
    return run.output;
  }
  static std::string program(const std::string& name) {
    return (fs::path(TILEWRIGHT_TEST_PROGRAMS) / name).string();
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_.path() / name) << text;
  }

  ScratchFolder folder_;
};

// Bodies of random instructions whose loads, stores and jumps stay inside: forward, and in 2 KiB
// from x31 on.
class RandomBody {
 public:
  explicit RandomBody(std::uint64_t seed) : random_(seed, "iss") {}

  std::string text(int count) {
    std::string body;
    for (int i = 0; i < count; ++i) body += line(i, count) + "\n";
    return body + "end:\n";
  }

 private:
  std::string x(int below = 31) {
    return "x" + std::to_string(random_.below(static_cast<std::uint64_t>(below)));
  }

  std::string line(int i, int count) {
    const std::string label = "l" + std::to_string(i) + ": ";
    const auto all = isa::instructions();
    while (true) {
      const isa::Instruction& chosen = all[random_.below(all.size())];
      const std::string name(chosen.mnemonic);
      const bool ours = chosen.unit == isa::Unit::kSystem || chosen.unit == isa::Unit::kTensor ||
                        chosen.unit == isa::Unit::kNetwork || chosen.unit == isa::Unit::kVector;
      if (ours || chosen.op == isa::Op::kJalr) continue;
      return label + name + " " + operands(chosen, i, count);
    }
  }

  std::string operands(const isa::Instruction& i, int at, int count) {
    // Registers that hold extremes now and then make the corners of arithmetic likely.
    const auto distance = static_cast<int>(1 + random_.below(8));
    const std::string target =
        at + distance < count ? "l" + std::to_string(at + distance) : std::string("end");
    const auto number = [&](std::int64_t lo, std::int64_t hi) {
      return std::to_string(
          lo + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(hi - lo + 1))));
    };
    switch (i.format) {
      case isa::Format::kR:
        return x() + ", " + x() + ", " + x();
      case isa::Format::kI:
        return x() + ", " + x() + ", " + number(-2048, 2047);
      case isa::Format::kShift:
        return x() + ", " + x() + ", " + number(0, 31);
      case isa::Format::kLoad:
        return x() + ", " + offset(i) + "(x31)";
      case isa::Format::kS:
        return x() + ", " + offset(i) + "(x31)";
      case isa::Format::kB:
        return x() + ", " + x() + ", " + target;
      case isa::Format::kU:
        return x() + ", " + number(0, (1 << 20) - 1);
      case isa::Format::kJ:
        return x() + ", " + target;
      default:
        return "";
    }
  }

  std::string offset(const isa::Instruction& i) {
    const bool half = i.mnemonic.find('h') != std::string_view::npos;
    const bool word = i.mnemonic.find('w') != std::string_view::npos;
    const std::uint64_t step = word ? 4 : half ? 2 : 1;
    return std::to_string(step * random_.below(2048 / step));
  }

  RandomStream random_;
};

TEST_F(RiscvTools, OurWordsAreThoseOfTheGnuAssembler) {
  const std::string body = RandomBody(1).text(4000);
  write("body.s", body);
  tool({kPrefix + "as", "-march=rv32im", "-mabi=ilp32", "body.s", "-o", "body.o"});
  tool({kPrefix + "ld", "-melf32lriscv", "-Ttext=0", "-e0", "body.o", "-o", "body.elf"});
  EXPECT_EQ(assemble(body, "body.s").words, words_of(section("body.elf", ".text")));
}

// Registers and memory after the same random program.
TEST_F(RiscvTools, RandomProgramsEndAsUnderQemu) {
  constexpr std::uint32_t kOrigin = 0x10000;  // Linux maps no address 0
  std::string set_up = "lui x31, 0x80000\n", dump;
  RandomStream random(7, "registers");
  for (int r = 1; r < 31; ++r) {
    const std::uint64_t kinds = random.below(4);
    const std::uint64_t value = kinds == 0   ? 0x80000000
                                : kinds == 1 ? 0xffffffff - random.below(3)
                                             : random.below(std::uint64_t{1} << 32);
    set_up += "li x" + std::to_string(r) + ", " + std::to_string(value) + "\n";
  }
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const std::string body = set_up + RandomBody(seed).text(3000);
    for (int r = 0; r < 31 && seed == 1; ++r)
      dump += "sw x" + std::to_string(r) + ", " + std::to_string(4 * r) + "(x31)\n";
    const std::string after = "addi x31, x31, 1024\naddi x31, x31, 1024\n" + dump;
    write("body.s", ".globl _start\n.section .text.start\n.option norelax\n_start:\n" + body +
                        after +
                        "li a0, 1\nlui a1, 0x80000\nli a2, 2176\nli a7, 64\necall\n"
                        "li a0, 0\nli a7, 93\necall\n.bss\n.space 65536\n");
    build({"body.s"}, std::to_string(kOrigin), "body.elf");
    const std::string expected = emulated("body.elf");

    Core core({128 * 1024, 64 * 1024});
    std::vector<std::uint32_t> program(kOrigin / 4);
    program.front() = assemble("j " + std::to_string(kOrigin), "jump").words.front();
    for (const std::uint32_t word : assemble(body + after + "s.halt 0", "body.s").words)
      program.push_back(word);
    core.load(program);
    core.run(1000000);
    ASSERT_EQ(core.state(), CoreState::kHalted) << seed;
    ASSERT_EQ(expected.size(), 2176U);
    const auto dmem = core.dmem().first(2176);
    EXPECT_TRUE(std::equal(dmem.begin(), dmem.end(), expected.begin(), [](std::uint8_t a, char b) {
      return a == static_cast<std::uint8_t>(b);
    })) << seed;
  }
}

TEST_F(RiscvTools, CProgramsEndAsUnderQemu) {
  for (const std::string name : {"sort", "crc", "matrix", "strings"}) {
    build({program("linux_start.s"), program(name + ".c")}, "0x10000", "linux.elf");
    const std::vector<std::uint32_t> expected = words_of(emulated("linux.elf"));
    ASSERT_EQ(expected.size(), 1U) << name;
    EXPECT_NE(expected.front(), 0U) << name;  // the program found itself wrong

    build({program("tile_start.s"), program(name + ".c")}, "0", "tile.elf");
    Core core({16 * 1024, 64 * 1024});
    core.load(words_of(section("tile.elf", ".text")));
    const std::string data = section("tile.elf", ".data");
    std::copy(data.begin(), data.end(), core.dmem().begin());
    core.run(10'000'000);
    ASSERT_EQ(core.state(), CoreState::kHalted) << name;
    EXPECT_EQ(core.x(10), expected.front()) << name;
    std::printf("%s: %lld instructions\n", name.c_str(), static_cast<long long>(core.retired()));
  }
}

// A C program that commands the units through rtl/tcc.h.
TEST_F(RiscvTools, SoftmaxByTheUnits) {
  constexpr std::uint32_t kVlen = 256, kRow = kVlen / 8, kCount = 64;
  constexpr std::uint16_t kOne = 0x3c00;
  build({program("tile_start.s"), program("softmax.c"),
         "-I" + (fs::path(TILEWRIGHT_SOURCE_DIR) / "rtl").string()},
        "0", "tile.elf");
  std::vector<std::uint8_t> ones(kRow);
  for (std::size_t i = 0; i < kRow; i += 2) std::memcpy(&ones[i], &kOne, 2);
  Tile tile({kVlen, {16 * 1024, 64 * 1024}, 1, 1}, {}, ones);
  Core& core = tile.core();
  core.load(words_of(section("tile.elf", ".text")));
  const std::string data = section("tile.elf", ".data");
  std::copy(data.begin(), data.end(), core.dmem().begin());
  RandomStream random(3, "softmax");
  std::vector<double> scores;
  for (std::uint32_t i = 0; i < kCount; ++i) {
    const double score = static_cast<double>(random.below(2048)) / 128 - 8;
    scores.push_back(score);
    const auto bits = models::to_half(score);
    std::memcpy(&core.dmem()[2 * i], &bits, 2);
  }
  tile.run(100000);
  ASSERT_EQ(core.state(), CoreState::kHalted) << static_cast<int>(core.fault());
  double sum = 0;
  for (const double score : scores) sum += std::exp(score);
  for (std::uint32_t i = 0; i < kCount; ++i) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, &core.dmem()[core.x(10) - kDmemBase + 2 * i], 2);
    EXPECT_NEAR(models::from_half(bits), std::exp(scores[i]) / sum, 2e-3) << i;
  }
}

}  // namespace
}  // namespace tilewright::iss

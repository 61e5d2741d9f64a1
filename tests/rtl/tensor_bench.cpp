// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_tensor against the golden tensor engine: random command streams over every operand class, bit
// for bit, then the measured utilisation. VLEN is a compile-time definition, equal to the model's
// parameter.
#include <algorithm>
#include <set>

#include "Vdut.h"
#include "golden_tensor.h"
#include "network_bench.h"

namespace {

using namespace tilewright::rtl;

constexpr std::size_t kVlen = VLEN;
constexpr std::size_t kLanes = kVlen / 16;
constexpr std::size_t kWords = kVlen / 32;
constexpr std::uint32_t kDmemRows = 1024;  // the model's DmemAw = 10
constexpr std::uint32_t kWmemRows = 8192;
constexpr std::uint64_t kPatience =
    100000;  // cycles: a full queue of the longest commands takes less

enum class Operands { kNormal, kAnyFinite, kSubnormal, kSpecial, kCancel };
constexpr std::array kClasses{Operands::kNormal, Operands::kAnyFinite, Operands::kSubnormal,
                              Operands::kSpecial, Operands::kCancel};

std::uint16_t operand(Operands kind, Random& random) {
  const auto bits = static_cast<std::uint16_t>(random.word());
  const auto finite =
      static_cast<std::uint16_t>((bits & 0x7C00U) == 0x7C00U ? bits ^ 0x4000U : bits);
  switch (kind) {
    case Operands::kNormal:  // around one, as weights and activations are
      return static_cast<std::uint16_t>((bits & 0x83FFU) | ((10U + random.below(8)) << 10));
    case Operands::kSubnormal:
      return bits & 0x83FFU;
    case Operands::kSpecial: {
      if (random.below(64) != 0) return finite;
      static constexpr std::array<std::uint16_t, 6> kSpecials{0x7C00, 0xFC00, 0x7E00,
                                                              0x7C01, 0x0000, 0x8000};
      return kSpecials[random.below(kSpecials.size())];
    }
    default:
      return finite;
  }
}

// The engine with both memories, beside the golden engine that sees the same commands.
class Bench {
 public:
  Bench() : golden(kVlen, kDmemRows, kWmemRows), dmem_(kDmemRows, Row(kWords)) { reset(model_); }

  void write_dmem(std::uint32_t row, const Row& data) { golden.dmem[row] = dmem_[row] = data; }

  // Offers the command until it is taken.
  void issue(const Command& command) {
    model_.cmd_valid_i = 1;
    model_.cmd_op_i = static_cast<std::uint8_t>(command.op());
    model_.cmd_arg_i = command.arg();
    model_.eval();
    for (std::uint64_t waited = 0; !model_.cmd_ready_o; ++waited) {
      if (waited > kPatience) fail("command never taken");
      cycle();
    }
    cycle();
    model_.cmd_valid_i = 0;
    model_.eval();
    golden.execute(command);
  }

  void wait_idle() {
    for (std::uint64_t waited = 0; !model_.idle_o; ++waited) {
      if (waited > kPatience) fail("engine never idle");
      cycle();
    }
  }

  void compare() {
    for (std::uint32_t row = 0; row < kDmemRows; ++row) {
      if (dmem_[row] == golden.dmem[row]) continue;
      verdict.expect(false, "DMEM row differs from golden", row);
      dmem_[row] = golden.dmem[row];
    }
  }

  std::uint64_t cycles = 0, weight_rows = 0;
  GoldenTensor golden;
  Verdict verdict{"tensor"};

 private:
  // A hung engine ends the bench.
  [[noreturn]] void fail(const char* what) {
    verdict.expect(false, what, cycles);
    std::exit(verdict.report("hung"));
  }

  void cycle() {
    const bool read = model_.dm_req_o && !model_.dm_we_o;
    const std::uint32_t row = model_.dm_addr_o, weight = model_.wm_addr_o;
    const bool weights = model_.wm_req_o;
    if (model_.dm_req_o && model_.dm_we_o)
      for (std::size_t i = 0; i < kWords; ++i) dmem_[row][i] = model_.dm_wdata_o[i];
    verdict.expect(!weights || weight < kWmemRows, "WMEM address", weight);
    model_.clk_i = 1;
    model_.eval();
    if (read)
      for (std::size_t i = 0; i < kWords; ++i) model_.dm_rdata_i[i] = dmem_[row][i];
    if (weights) {
      for (std::size_t i = 0; i < kWords; ++i)
        model_.wm_rdata_i[i] = golden.wmem[weight % kWmemRows][i];
    }
    model_.clk_i = 0;
    model_.eval();
    ++cycles;
    weight_rows += weights;
  }

  Vdut model_;
  std::vector<Row> dmem_;
};

Row random_row(Operands kind, Random& random) {
  Row row(kWords);
  for (std::size_t i = 0; i < kLanes; ++i) set_half(row, i, operand(kind, random));
  // Cancellation: pairs of equal activations, which meet weights of opposite sign.
  if (kind == Operands::kCancel) {
    for (std::size_t i = 0; i + 1 < kLanes; i += 2)
      if (random.below(16) != 0) set_half(row, i + 1, half_at(row, i));
  }
  return row;
}

// WMEM in five equal regions, one an operand class; odd rows of the cancelling region negate the
// even ones.
void fill_wmem(GoldenTensor& golden, Random& random) {
  const std::size_t region = kWmemRows / kClasses.size();
  for (std::size_t row = 0; row < kWmemRows; ++row) {
    const Operands kind = kClasses[std::min(row / region, kClasses.size() - 1)];
    golden.wmem[row] = random_row(kind == Operands::kCancel ? Operands::kAnyFinite : kind, random);
    if (kind == Operands::kCancel && row % 2 == 1) {
      golden.wmem[row] = golden.wmem[row - 1];
      for (auto& word : golden.wmem[row]) word ^= 0x80008000U;
    }
  }
}

// fp32 operands for ADDF: any bits, or in the accumulator's range.
Row random_fp32_row(Random& random) {
  Row row(kWords);
  for (auto& word : row) {
    word = random.word();
    if (random.below(8) != 0) word = (word & 0x807FFFFFU) | ((90 + random.below(84)) << 23);
  }
  return row;
}

// Random commands. Rows 0..511 hold operands, 512..1023 results. A row written since the last WAIT
// is not read, and MOVE does not write it again: that is the engine's contract with the compiler.
class Stream {
 public:
  Stream(Bench& bench, Random& random) : bench_(bench), random_(random) {}

  void run(std::uint64_t commands) {
    refill();
    for (unsigned bank : {0U, 1U}) bench_.issue(addf(0, bank, true));
    for (std::uint64_t i = 0; i < commands; ++i) {
      step();
      if (i % 64 == 63) {
        barrier();
        refill();
      }
    }
    barrier();
  }
  std::uint64_t products = 0, read_outs = 0;

 private:
  void barrier() {
    bench_.wait_idle();
    bench_.compare();
    written_.clear();
  }

  // Fresh operands: 256 rows of fp16 (a class for each 32 rows), 256 rows of fp32.
  void refill() {
    for (std::uint32_t row = 0; row < 256; ++row)
      bench_.write_dmem(row, random_row(kClasses[(row / 32) % kClasses.size()], random_));
    for (std::uint32_t row = 256; row < 512; ++row)
      bench_.write_dmem(row, random_fp32_row(random_));
  }

  void step() {
    const unsigned bank = random_.below(2);
    switch (random_.below(10)) {
      case 0: {
        const bool backwards = random_.below(8) == 0;
        const auto stride = static_cast<std::int16_t>(backwards               ? -1
                                                      : random_.below(2) == 0 ? 1
                                                                              : 3);
        bench_.issue(wptr(random_.below(kWmemRows / 4) + (backwards ? kWmemRows / 2 : 0), stride));
        break;
      }
      case 1:
        issue_addf(bank);
        break;
      case 2:
        issue_move();
        break;
      case 3:
      case 4:
      case 5:
        issue_rd(bank);
        break;
      default:
        issue_gemv(bank);
        break;
    }
  }

  void issue_gemv(unsigned bank) {
    static constexpr std::array<std::uint32_t, 6> kLimits{1, 3, 40, 40, 300, 1000};
    const std::uint32_t k = 1 + random_.below(kLimits[random_.below(kLimits.size())]);
    const auto rows = static_cast<std::uint32_t>((k + kLanes - 1) / kLanes);
    // Keep the weight pointer inside WMEM.
    const std::int64_t end =
        std::int64_t{bench_.golden.pointer} + std::int64_t{bench_.golden.stride} * k;
    if (end < 0 || end > kWmemRows) bench_.issue(wptr(2 * random_.below(kWmemRows / 4), 1));
    bench_.issue(gemv(random_.below(256 - rows + 1), k, bank, random_.below(3) != 0));
    products += k * kLanes;
  }

  void issue_addf(unsigned bank) {
    const bool own = random_.below(2) == 0;  // a row that a read-out wrote, or random fp32
    const std::uint32_t row = own ? 512 + random_.below(511) : 256 + random_.below(255);
    if (written_.contains(row) || written_.contains(row + 1)) barrier();
    bench_.issue(addf(row, bank, random_.below(2) == 0));
  }

  void issue_move() {
    const std::uint32_t rows = 1 + random_.below(6);
    const std::uint32_t from = random_.below(512), to = 512 + random_.below(512 - rows);
    for (std::uint32_t i = 0; i < rows; ++i) {
      if (written_.contains(from + i) || written_.contains(to + i)) {
        barrier();
        break;
      }
    }
    bench_.issue(move(from, rows, to));
    for (std::uint32_t i = 0; i < rows; ++i) written_.insert(to + i);
  }

  void issue_rd(unsigned bank) {
    const bool fp32 = random_.below(2) == 0;
    const std::uint32_t row = 512 + random_.below(511);
    bench_.issue(rd(row, bank, fp32, random_.below(4) == 0));
    written_.insert(row);
    if (fp32) written_.insert(row + 1);
    ++read_outs;
  }

  Bench& bench_;
  Random& random_;
  std::set<std::uint32_t> written_;
};

// 32768 products of the largest magnitude: the accumulator's guard bits must hold them.
void check_guard_bits(Bench& bench) {
  Row largest(kWords, 0x7BFF7BFFU), negative(kWords, 0xFBFFFBFFU);
  const auto saved = bench.golden.wmem;
  for (auto& row : bench.golden.wmem) row = largest;
  for (std::uint32_t row = 0; row < 2; ++row) bench.write_dmem(row, row == 0 ? largest : negative);
  for (std::uint32_t sign = 0; sign < 2; ++sign) {
    bench.issue(wptr(sign, 0));
    for (std::uint32_t part = 0; part < 32768 / kLanes; ++part)
      bench.issue(gemv(sign, kLanes, sign, part == 0));
    bench.issue(rd(512 + 2 * sign, sign, true));
  }
  bench.wait_idle();
  bench.compare();
  for (std::uint32_t sign = 0; sign < 2; ++sign) {
    const ExactSum& sum = bench.golden.sums[sign][0];
    bench.verdict.expect(!sum.positive_infinity() && !sum.negative_infinity(), "golden overflowed");
  }
  bench.golden.wmem = saved;
}

struct Utilisation {
  double alone, streaming;
};

// Share of cycles that issue a weight row: one GEMV with its read-out from command to idle, and 16
// in a row.
Utilisation measure(Bench& bench, std::uint32_t k) {
  Utilisation result{};
  for (const std::uint32_t repeats : {1U, 16U}) {
    const std::uint64_t cycles = bench.cycles, rows = bench.weight_rows;
    for (std::uint32_t i = 0; i < repeats; ++i) {
      if (i == 0 || bench.golden.pointer + k > kWmemRows) bench.issue(wptr(0));
      bench.issue(gemv(0, k, i % 2));
      bench.issue(rd(900 + i, i % 2));
    }
    bench.wait_idle();
    const double share =
        static_cast<double>(bench.weight_rows - rows) / static_cast<double>(bench.cycles - cycles);
    (repeats == 1 ? result.alone : result.streaming) = share;
  }
  bench.compare();
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  Bench bench;
  Random random(kVlen);
  fill_wmem(bench.golden, random);
  Stream stream(bench, random);
  stream.run(size_argument(argc, argv, 4000));
  check_guard_bits(bench);

  std::string figures = "VLEN " + std::to_string(kVlen) + ", " + std::to_string(stream.products) +
                        " random products, " + std::to_string(stream.read_outs) +
                        " read-outs bit-exact; utilisation alone/streaming";
  for (const std::uint32_t k : {16U, 64U, 128U, 256U, 1024U, 4096U}) {
    const Utilisation u = measure(bench, k);
    char text[64];
    std::snprintf(text, sizeof text, " K=%u %.1f/%.1f%%", k, 100 * u.alone, 100 * u.streaming);
    figures += text;
    if (k >= 256) bench.verdict.expect(u.streaming > 0.95 && u.alone > 0.90, "utilisation", k);
    if (k >= 4096) bench.verdict.expect(u.streaming > 0.99 && u.alone > 0.99, "utilisation", k);
  }
  return bench.verdict.report(figures);
}

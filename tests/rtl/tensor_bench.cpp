// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_tensor against the golden tensor engine: random command streams over every type, format,
// batch and operand class and both places of the matrix, bit for bit, then the measured
// utilisation. VLEN is a compile-time definition, equal to the model's parameter.
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
constexpr std::uint32_t kDmemRows = 1000;  // the model's
constexpr unsigned kBanks = 4;
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

  void issue(const Command& command) {
    offer(command);
    golden.execute(command);
  }

  // Offers the command until it is taken.
  void offer(const Command& command) {
    model_.cmd_valid_i = 1;
    model_.cmd_op_i = static_cast<std::uint8_t>(command.op);
    model_.cmd_arg_i = command.arg;
    model_.eval();
    for (std::uint64_t waited = 0; !model_.cmd_ready_o; ++waited) {
      if (waited > kPatience) fail("command never taken");
      cycle();
    }
    cycle();
    model_.cmd_valid_i = 0;
    model_.eval();
  }

  // Cycles in which nothing is offered.
  void pause(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) cycle();
  }

  void wait_idle() {
    for (std::uint64_t waited = 0; !model_.idle_o; ++waited) {
      if (waited > kPatience) fail("engine never idle");
      cycle();
    }
    verdict.expect(!model_.wm_hold_o, "WMEM is held when idle", cycles);
  }

  void compare() {
    for (std::uint32_t row = 0; row < kDmemRows; ++row) {
      if (dmem_[row] == golden.dmem[row]) continue;
      verdict.expect(false, "DMEM row differs from golden", row);
      dmem_[row] = golden.dmem[row];
    }
  }

  // Counted: cycles, reads of WMEM, accesses of DMEM, matrix rows refused by DMEM's end.
  std::uint64_t cycles = 0, weight_rows = 0, dmem_accesses = 0, refused = 0;
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
    verdict.expect(!weights || model_.wm_hold_o, "WMEM is read and not held", weight);
    verdict.expect(!model_.dm_req_o || row < kDmemRows, "DMEM address", row);
    dmem_accesses += model_.dm_req_o;
    refused += model_.dm_oob_o;
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

// Random commands. Rows 0..511 hold operands, the others results. A row written since the last WAIT
// is not read: that is the engine's contract with the compiler.
class Stream {
 public:
  Stream(Bench& bench, Random& random) : bench_(bench), random_(random) {}

  void run(std::uint64_t commands) {
    refill();
    for (unsigned bank = 0; bank < kBanks; ++bank) bench_.issue(addf(0, bank, true));
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
    const unsigned bank = random_.below(kBanks);
    if (random_.below(8) == 0) bench_.pause(random_.below(40));
    switch (random_.below(9)) {
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
      case 3:
      case 4:
        issue_rd(bank);
        break;
      default:
        issue_gemv(bank);
        break;
    }
  }

  void issue_gemv(unsigned bank) {
    static constexpr std::array<std::uint32_t, 6> kLimits{1, 3, 40, 40, 300, 1000};
    Gemv how{.bank = bank,
             .clr = random_.below(3) != 0,
             .batch = random_.below(2) == 0 ? 1 : 1 + random_.below(4),
             .type = random_.below(3),
             .dmem = random_.below(3) == 0};
    const std::uint32_t k = 1 + random_.below(kLimits[random_.below(kLimits.size())]);
    const auto rows = static_cast<std::uint32_t>((k + kLanes - 1) / kLanes);
    if (rows * how.batch > 256) how.batch = 1;
    if (how.dmem)
      point_into_dmem(k);
    else
      point_into_wmem(k);
    bench_.issue(gemv(random_.below(256 - rows * how.batch + 1), k, how));
    products += std::uint64_t{k} * kLanes * how.batch;
  }

  std::int64_t end_of_matrix(std::uint32_t k) const {
    return std::int64_t{bench_.golden.pointer} + std::int64_t{bench_.golden.stride} * k;
  }

  // Keep the pointer inside WMEM.
  void point_into_wmem(std::uint32_t k) {
    if (end_of_matrix(k) < 0 || end_of_matrix(k) > kWmemRows)
      bench_.issue(wptr(2 * random_.below(kWmemRows / 4), 1));
  }

  // Anywhere in DMEM, results included, in any direction.
  void point_into_dmem(std::uint32_t k) {
    if (random_.below(2) == 0 || end_of_matrix(k) < 0 || end_of_matrix(k) > kDmemRows) {
      const bool backwards = random_.below(2) == 0;
      const std::uint32_t first = random_.below(kDmemRows - k + 1);
      if (k <= kDmemRows / 3 && random_.below(4) == 0)
        bench_.issue(wptr(random_.below(kDmemRows - 3 * k + 1), 3));
      else
        bench_.issue(backwards ? wptr(first + k - 1, -1) : wptr(first, 1));
    }
    const std::int64_t stride = bench_.golden.stride, pointer = bench_.golden.pointer;
    for (std::int64_t i = 0; i < k; ++i) {
      if (written_.contains(static_cast<std::uint32_t>(pointer + stride * i))) {
        barrier();
        break;
      }
    }
  }

  void issue_addf(unsigned bank) {
    const bool own = random_.below(2) == 0;  // a row that a read-out wrote, or random fp32
    const std::uint32_t row = own ? 512 + random_.below(kDmemRows - 513) : 256 + random_.below(255);
    if (written_.contains(row) || written_.contains(row + 1)) barrier();
    bench_.issue(addf(row, bank, random_.below(2) == 0));
  }

  void issue_rd(unsigned bank) {
    const unsigned format = random_.below(4);
    const std::uint32_t row = 512 + random_.below(kDmemRows - 513);
    bench_.issue(rd(row, bank, format, random_.below(4) == 0));
    written_.insert(row);
    if (is_wide(static_cast<ReadAs>(format))) written_.insert(row + 1);
    ++read_outs;
  }

  Bench& bench_;
  Random& random_;
  std::set<std::uint32_t> written_;
};

// 32768 products of the largest magnitude: the accumulator's guard bits must hold them, and int32
// must hold those of int8; twice as many saturate it.
void check_guard_bits(Bench& bench) {
  const auto rows = [](std::uint32_t word) { return Row(kWords, word); };
  const auto saved = bench.golden.wmem;
  const auto accumulate = [&](unsigned bank, Type type, std::uint32_t products) {
    bench.issue(wptr(0, 0));
    for (std::uint32_t part = 0; part < products / kLanes; ++part)
      bench.issue(gemv(bank, kLanes,
                       {.bank = bank, .clr = part == 0, .type = static_cast<unsigned>(type)}));
  };
  bench.write_dmem(0, rows(0x7BFF7BFFU));
  bench.write_dmem(1, rows(0xFBFFFBFFU));
  bench.write_dmem(2, rows(0x80808080U));
  bench.write_dmem(3, rows(0x80808080U));
  bench.golden.wmem[0] = rows(0x7BFF7BFFU);
  for (unsigned bank = 0; bank < 2; ++bank) accumulate(bank, Type::kFp16, 32768);
  bench.wait_idle();
  bench.golden.wmem[0] = rows(0x80808080U);
  accumulate(2, Type::kInt8, 32768);
  accumulate(3, Type::kInt8, 65536);
  for (unsigned bank = 0; bank < kBanks; ++bank) {
    for (unsigned format = 0; format < 4; ++format)
      bench.issue(rd(512 + 10 * bank + 2 * format, bank, format));
    const ExactSum& sum = bench.golden.sums[bank][0];
    bench.verdict.expect(!sum.positive_infinity() && !sum.negative_infinity(), "golden overflowed");
  }
  bench.wait_idle();
  bench.verdict.expect(bench.golden.dmem[512 + 24][0] == 0x40000000U, "32768 pairs of int8");
  bench.verdict.expect(bench.golden.dmem[512 + 34][0] == 0x7FFFFFFFU, "int32 does not saturate");
  bench.compare();
  bench.golden.wmem = saved;
}

// A matrix that passes the end of DMEM: its rows beyond are not read, and each is reported.
void check_dmem_end(Bench& bench) {
  static constexpr std::uint32_t kInside = 5, kBeyond = 9;
  bench.issue(wptr(kDmemRows - kInside));
  const std::uint64_t before = bench.refused;
  bench.issue(wptr(kDmemRows - kInside));
  // The golden engine, which has no such rows, does not see the command: the bank is cleared after.
  bench.offer(gemv(0, kInside + kBeyond, {.dmem = true}));
  bench.wait_idle();
  bench.pause(1);
  bench.verdict.expect(bench.refused - before == kBeyond, "rows beyond DMEM", bench.refused);
  bench.issue(wptr(0));
}

// A command by itself: idle when its effect is there, and not before. A product's first row is
// issued three cycles after the command is taken, and is in its accumulator three cycles later; an
// addition has eight steps; read-outs begin after two cycles and take twelve or fifteen.
void check_idle(Bench& bench) {
  const auto cycles = [&](const Command& command) {
    const std::uint64_t before = bench.cycles;
    bench.issue(command);
    bench.wait_idle();
    const std::uint64_t taken = bench.cycles - before;
    bench.compare();
    return taken;
  };
  for (const std::uint32_t k : {1U, 2U, 50U}) {
    const std::uint64_t taken = cycles(gemv(0, k, {.bank = k % kBanks}));
    bench.verdict.expect(taken == k + 5, "a product by itself", taken);
  }
  const std::uint64_t sum = cycles(addf(0, 1, true));
  bench.verdict.expect(sum == 13, "an addition by itself", sum);
  const std::uint64_t narrow = cycles(rd(900, 1)), wide = cycles(rd(900, 1, 1));
  bench.verdict.expect(narrow == 14, "a read-out by itself", narrow);
  bench.verdict.expect(wide == 17, "a read-out of two rows by itself", wide);
}

constexpr std::uint32_t kRepeats = 16;

struct Utilisation {
  double alone, streaming;
};

// What a run of commands cost.
struct Cost {
  std::uint64_t cycles, weight_rows, dmem_accesses;
};

template <typename Run>
Cost cost_of(Bench& bench, Run run) {
  const Cost before{bench.cycles, bench.weight_rows, bench.dmem_accesses};
  run();
  bench.wait_idle();
  const Cost cost{bench.cycles - before.cycles, bench.weight_rows - before.weight_rows,
                  bench.dmem_accesses - before.dmem_accesses};
  bench.compare();
  return cost;
}

double share(std::uint64_t part, std::uint64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

void point_to_wmem(Bench& bench, std::uint32_t k, bool first) {
  if (first || bench.golden.pointer + k > kWmemRows) bench.issue(wptr(0));
}

// Share of cycles that use a weight row: one GEMV with its read-out from command to idle, and 16 in
// a row.
Utilisation measure_gemv(Bench& bench, std::uint32_t k, Type type) {
  const unsigned format = type == Type::kInt8 ? static_cast<unsigned>(ReadAs::kInt32) : 0;
  const auto run = [&](std::uint32_t repeats) {
    const Cost cost = cost_of(bench, [&] {
      for (std::uint32_t i = 0; i < repeats; ++i) {
        point_to_wmem(bench, k, i == 0);
        bench.issue(gemv(0, k, {.bank = i % kBanks, .type = static_cast<unsigned>(type)}));
        bench.issue(rd(900 + 2 * i, i % kBanks, format));
      }
    });
    return share(cost.weight_rows, cost.cycles);
  };
  return {run(1), run(kRepeats)};
}

// A stream of batches, each with its read-outs: the share of the lanes' products, and the reads of
// WMEM by those of single GEMVs. Only read-outs may hold it up, never x: those after the first hold
// the queue, and a batch of four begins while its last bank is being read out.
void measure_batch(Bench& bench, std::uint32_t batch, std::uint32_t k, std::string& figures) {
  static constexpr std::uint32_t kReadOut = 13, kBankWait = 5, kStart = 30;
  const Cost cost = cost_of(bench, [&] {
    for (std::uint32_t i = 0; i < kRepeats; ++i) {
      point_to_wmem(bench, k, i == 0);
      const unsigned bank = (batch * i) % kBanks;
      bench.issue(gemv(0, k, {.bank = bank, .batch = batch}));
      for (unsigned b = 0; b < batch; ++b)
        bench.issue(rd(900 + batch * i + b, (bank + b) % kBanks));
    }
  });
  const double busy = share(std::uint64_t{batch} * k * kRepeats, cost.cycles);
  const double reads = share(cost.weight_rows, std::uint64_t{k} * kRepeats);
  bench.verdict.expect(busy >= 0.90, "utilisation of a batch", k);
  const std::uint32_t waits = kReadOut * (batch - 1) + 1 + (batch == kBanks ? kBankWait : 0);
  bench.verdict.expect(cost.cycles <= kRepeats * (batch * k + waits) + kStart,
                       "a batch waits for x", cost.cycles);
  bench.verdict.expect(reads <= 1.05, "WMEM reads of a batch", cost.weight_rows);
  char text[80];
  std::snprintf(text, sizeof text, "; batch %u K=%u %.1f%% with %.2f WMEM reads a row", batch, k,
                100 * busy, reads);
  figures += text;
}

// Products with a matrix in DMEM: a row a cycle, except where the port reads x or writes results.
void measure_dmem(Bench& bench, std::uint32_t k, std::string& figures) {
  const Cost cost = cost_of(bench, [&] {
    for (std::uint32_t i = 0; i < kRepeats; ++i) {
      bench.issue(wptr(i));
      bench.issue(gemv(0, k, {.bank = i % kBanks, .dmem = true}));
      bench.issue(rd(900 + i, i % kBanks));
    }
  });
  const double busy = share(std::uint64_t{k} * kRepeats, cost.cycles);
  const double port = share(cost.dmem_accesses, cost.cycles);
  bench.verdict.expect(cost.weight_rows == 0, "WMEM read for a matrix in DMEM", cost.weight_rows);
  bench.verdict.expect(port >= 0.98, "DMEM port with a matrix in DMEM", k);
  char text[80];
  std::snprintf(text, sizeof text, "; matrix in DMEM K=%u %.1f%%, port %.1f%%", k, 100 * busy,
                100 * port);
  figures += text;
}

// Operands of the largest measured products.
void fill_dmem(Bench& bench, Random& random) {
  for (std::uint32_t row = 0; row < 512; ++row)
    bench.write_dmem(row, random_row(Operands::kNormal, random));
}

}  // namespace

int main(int argc, char** argv) {
  Bench bench;
  Random random(kVlen);
  fill_wmem(bench.golden, random);
  Stream stream(bench, random);
  stream.run(size_argument(argc, argv, VLEN > 1024 ? 2000 : 4000));
  check_guard_bits(bench);
  check_dmem_end(bench);
  check_idle(bench);

  std::string figures = "VLEN " + std::to_string(kVlen) + ", " + std::to_string(stream.products) +
                        " random products, " + std::to_string(stream.read_outs) +
                        " read-outs bit-exact; utilisation alone/streaming";
  fill_dmem(bench, random);
  for (const Type type : {Type::kFp16, Type::kInt8}) {
    figures += type == Type::kFp16 ? " fp16" : "; int8";
    for (const std::uint32_t k : {16U, 64U, 128U, 256U, 1024U, 4096U}) {
      if (type == Type::kInt8 && k > 1024) continue;
      const Utilisation u = measure_gemv(bench, k, type);
      char text[64];
      std::snprintf(text, sizeof text, " K=%u %.1f/%.1f%%", k, 100 * u.alone, 100 * u.streaming);
      figures += text;
      if (k >= 256) bench.verdict.expect(u.streaming > 0.95 && u.alone > 0.90, "utilisation", k);
      if (k >= 4096) bench.verdict.expect(u.streaming > 0.99 && u.alone > 0.99, "utilisation", k);
    }
  }
  for (const std::uint32_t batch : {3U, 4U})
    for (const std::uint32_t k : {256U, 1024U}) measure_batch(bench, batch, k, figures);
  for (const std::uint32_t k : {256U, 512U}) measure_dmem(bench, k, figures);
  return bench.verdict.report(figures);
}

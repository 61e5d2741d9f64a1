// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_compute beside the simulator's tensor engine and vector unit: random commands to the one,
// instructions to the other and accesses of the network's port at the same time, each in a window
// of DMEM of its own, which change; all of DMEM is compared, through that port. Then rows past the
// end of each memory. The model's parameters are VLEN, DMEM_KIB, WMEM_KIB, STANUM, VDPNUM and VRWP,
// its image of WMEM is wmem.hex.
#include <array>
#include <cstring>
#include <deque>

#include "Vdut.h"
#include "command.h"
#include "image.h"
#include "vector_stream.h"
#include "verify/iss/tensor.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kRowBytes = VLEN / 8, kRowWords = VLEN / 32, kLanes = VLEN / 16;
constexpr std::uint32_t kRows = DMEM_KIB * 1024 / kRowBytes,
                        kWmemRows = WMEM_KIB * 1024 / kRowBytes;
constexpr std::uint32_t kWindow = kRows / 3;  // rows of the tensor engine, vector unit, network
constexpr unsigned kBanks = 4;
constexpr std::uint64_t kPatience = 20'000;  // cycles

iss::Command to_simulator(const Command& c) {
  constexpr std::array kOps{isa::Op::kWptr, isa::Op::kGemv, isa::Op::kAdda, isa::Op::kRead};
  const isa::Op op = kOps[static_cast<std::size_t>(c.op)];
  if (c.op == Op::kWptr)
    return {.op = op, .a = c.base(), .b = static_cast<std::uint32_t>(std::int32_t{c.stride()})};
  const std::uint32_t count = c.op == Op::kGemv ? c.count() : 0;
  return {.op = op, .a = iss::kDmemBase + c.row() * kRowBytes, .b = count, .flags = c.flags()};
}

class Bench {
 public:
  Bench() {
    for (auto& byte : wmem_) byte = static_cast<std::uint8_t>(random_.next());
    for (auto& byte : dmem_) byte = static_cast<std::uint8_t>(random_.next());
    std::vector<std::vector<std::uint32_t>> rows(kWmemRows, std::vector<std::uint32_t>(kRowWords));
    for (std::uint32_t r = 0; r < kWmemRows; ++r)
      std::memcpy(rows[r].data(), &wmem_[std::size_t{r} * kRowBytes], kRowBytes);
    write_image("wmem.hex", rows);  // read at the first evaluation
    reset(dut_);
    for (std::uint32_t row = 0; row < kRows; ++row) write(row);
    begin();
  }

  // A while in which all three work, then all is compared.
  void run() {
    const std::uint32_t turn = random_.below(3);
    const auto window = [&](std::uint32_t user) {
      return RowWindow{(user + turn) % 3 * kWindow, kWindow};
    };
    network_ = window(2);
    prepare(window(0), window(1));
    offer_percent_ = 30 + random_.below(71);
    work();
    compare();
  }

  // A product that passes the end of a memory, or an access of the vector unit's: so many faults.
  void past_the_end() {
    offer_percent_ = 100;
    const std::uint32_t beyond = 1 + random_.below(9);
    switch (random_.below(4)) {
      case 0:
        commands_ = {wptr(kWmemRows - 3), gemv(0, 3 + beyond, {})};
        expect_faults(beyond);
        break;
      case 1:
        commands_ = {wptr(kRows - 3), gemv(0, 3 + beyond, {.dmem = true})};
        expect_faults(beyond);
        break;
      case 2:
        instructions_ = {vector_instruction(isa::Op::kVldw, {1, 0, 0, 0}, kWmemRows + beyond)};
        expect_faults(1);
        break;
      default:
        instructions_ = {stream_.bad_access(kRows)};
        expect_faults(1);
    }
    begin();
  }

  int report() const {
    return verdict_.report(std::to_string(commands_done_) + " commands, " +
                           std::to_string(instructions_done_) + " vector instructions, " +
                           std::to_string(accesses_) + " accesses of the network in " +
                           std::to_string(cycles_) + " cycles");
  }

 private:
  using Bytes = std::vector<std::uint8_t>;

  // Registers and sums hold nothing until they are written.
  void begin() {
    dut_.cmd_valid_i = 0;
    dut_.vec_valid_i = 0;
    dut_.n_req_i = 0;
    reset(dut_);
    network_ = {0, 0};
    offer_percent_ = 100;
    for (std::uint8_t v = 0; v < isa::kVectorRegisters; ++v)
      add(vector_instruction(isa::Op::kVsplat, {v, 0, 0, 0}, random_.word()));
    add(wptr(0));
    for (unsigned bank = 0; bank < kBanks; ++bank) add(gemv(0, 1, {.bank = bank, .type = 2}));
    work();
  }

  void add(const Command& c) {
    commands_.push_back(c);
    tensor_.execute(to_simulator(c));
  }
  void add(const VectorInstruction& i) {
    instructions_.push_back(i);
    i.execute(vector_);
  }

  // The tensor engine reads the first half of its window and writes the other: what it has written
  // it must not read before it is idle.
  void prepare(const RowWindow& tensor, const RowWindow& vector) {
    const std::uint32_t half = tensor.rows / 2;
    for (int i = 0; i < 24; ++i) {
      const unsigned bank = random_.below(kBanks);
      switch (random_.below(4)) {
        case 0:
          add(rd(tensor.first + half + random_.below(half - 1), bank, random_.below(4),
                 random_.percent(25)));
          break;
        case 1:
          add(addf(tensor.first + random_.below(half - 1), bank, random_.percent(50)));
          break;
        default:
          multiply(tensor.first, half, bank);
      }
    }
    for (unsigned bank = 0; bank < kBanks; ++bank) add(rd(tensor.first + half + 2 * bank, bank, 1));
    for (int i = 0; i < 150; ++i) add(stream_.next(vector));
    for (std::uint8_t v = 0; v < isa::kVectorRegisters; ++v)
      add(stream_.store(v, vector.first + v));
  }

  void multiply(std::uint32_t first, std::uint32_t rows, unsigned bank) {
    Gemv how{.bank = bank,
             .clr = random_.percent(60),
             .batch = 1 + random_.below(4),
             .type = random_.below(3),
             .dmem = random_.percent(30)};
    const std::uint32_t k = 1 + random_.below(4 * kLanes);
    const std::uint32_t x_rows = how.batch * ((k + kLanes - 1) / kLanes);
    add(how.dmem ? wptr(first + random_.below(rows - k + 1))
                 : wptr(random_.below(kWmemRows - k + 1)));
    add(gemv(first + random_.below(rows - x_rows + 1), k, how));
  }

  void work() {
    dut_.eval();
    for (std::uint64_t waited = 0; !commands_.empty() || !instructions_.empty() || !idle();
         ++waited) {
      if (waited > kPatience) {
        verdict_.expect(false, "never idle", cycles_);
        std::exit(verdict_.report("hung"));
      }
      cycle();
    }
  }
  bool idle() const { return dut_.t_idle_o != 0 && dut_.v_idle_o != 0; }

  void cycle() {
    offer_command();
    offer_instructions();
    access();
    dut_.eval();
    faults_ += dut_.fault_o;
    verdict_.expect(faults_allowed_ || dut_.fault_o == 0, "fault", cycles_);
    const bool taken = dut_.cmd_valid_i != 0 && dut_.cmd_ready_o != 0;
    clock(dut_);
    ++cycles_;
    if (taken) {
      commands_.pop_front();
      ++commands_done_;
    }
    check_read();
  }

  void offer_command() {
    dut_.cmd_valid_i = !commands_.empty() && random_.percent(offer_percent_) ? 1 : 0;
    const Command c = commands_.empty() ? wptr(random_.word()) : commands_.front();
    dut_.cmd_op_i = static_cast<std::uint8_t>(c.op);
    dut_.cmd_arg_i = c.arg;
  }

  void offer_instructions() {
    dut_.eval();
    std::uint32_t count = 0;
    for (std::uint32_t n = 0; n < VDPNUM; ++n) {
      const bool there = n < instructions_.size();
      set_word(dut_.vec_word_i, n, there ? instructions_[n].word : random_.word());
      set_word(dut_.vec_x_i, n, there ? instructions_[n].x : random_.word());
      if (there && n < dut_.vec_room_o && count == n && random_.percent(offer_percent_)) ++count;
    }
    dut_.vec_valid_i = static_cast<std::uint8_t>((1U << count) - 1);
    instructions_.erase(instructions_.begin(), instructions_.begin() + count);
    instructions_done_ += count;
  }

  // The network's port: any, in its window.
  void access() {
    dut_.n_req_i = network_.rows > 0 && random_.percent(70) ? 1 : 0;
    const std::uint32_t row = network_.first + random_.below(network_.rows | 1);
    const std::uint32_t enable = random_.percent(50) ? 0 : random_.word();
    drive(row, dut_.n_req_i != 0 ? enable : random_.word());
    accesses_ += dut_.n_req_i;
  }

  // A bit of `enable` a byte; none: a read.
  void drive(std::uint32_t row, std::uint32_t enable) {
    dut_.n_addr_i = static_cast<std::uint16_t>(row);
    for (std::uint32_t w = 0; w < kRowWords; ++w) set_word(dut_.n_wdata_i, w, random_.word());
    static_assert(kRowBytes <= 32);
    set_word(dut_.n_we_i, 0, kRowBytes == 32 ? enable : enable & ((1ULL << kRowBytes) - 1));
    if (dut_.n_req_i == 0) return;
    std::uint8_t* at = &dmem_[std::size_t{row} * kRowBytes];
    if (word(dut_.n_we_i, 0) == 0) {
      std::memcpy(read_.data(), at, kRowBytes);
      was_read_ = true;
    }
    for (std::uint32_t b = 0; b < kRowBytes; ++b) {
      if ((enable >> b & 1) != 0)
        at[b] = static_cast<std::uint8_t>(word(dut_.n_wdata_i, b / 4) >> 8 * (b % 4));
    }
  }

  // What was read last stays.
  void check_read() {
    for (std::uint32_t w = 0; was_read_ && w < kRowWords; ++w)
      verdict_.expect(word(dut_.n_rdata_o, w) == read_[w], "read of the network", cycles_);
  }

  void write(std::uint32_t row) {
    dut_.n_req_i = 1;
    drive(row, ~0U);
    clock(dut_);
  }

  void compare() {
    for (std::uint32_t row = 0; row < kRows; ++row) {
      dut_.n_req_i = 1;
      drive(row, 0);
      clock(dut_);
      check_read();
    }
    dut_.n_req_i = 0;
  }

  // Of the commands and instructions that are there, which no golden executes.
  void expect_faults(std::uint32_t expected) {
    network_ = {0, 0};
    faults_ = 0;
    faults_allowed_ = true;
    const std::uint64_t stop = cycles_ + 60;
    while (cycles_ < stop) cycle();
    verdict_.expect(faults_ == expected, "faults", faults_);
    faults_allowed_ = false;
  }

  Random random_{46};
  Verdict verdict_{"rtl.compute"};
  Vdut dut_;
  Bytes wmem_ = Bytes(std::size_t{kWmemRows} * kRowBytes);
  Bytes dmem_ = Bytes(std::size_t{kRows} * kRowBytes);
  iss::Tensor tensor_{VLEN, wmem_, dmem_};
  iss::Vector vector_{VLEN, wmem_, dmem_};
  VectorStream stream_{VLEN, kWmemRows, random_};
  std::deque<Command> commands_;
  std::deque<VectorInstruction> instructions_;
  RowWindow network_;
  std::array<std::uint32_t, kRowWords> read_{};
  bool was_read_ = false;  // something
  bool faults_allowed_ = false;
  std::uint32_t offer_percent_ = 100, faults_ = 0;
  std::uint64_t cycles_ = 0, commands_done_ = 0, instructions_done_ = 0, accesses_ = 0;
};

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  Bench bench;
  const std::uint64_t runs = size_argument(argc, argv, 60);
  for (std::uint64_t i = 0; i < runs; ++i) {
    bench.run();
    bench.past_the_end();
  }
  return bench.report();
}

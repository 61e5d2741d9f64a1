// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_seq with models of its units that stall at random: every command reaches its unit once and in
// order, WAIT and HALT hold until the named units are idle, and every kind of illegal program ends
// with error_o. Definition: FETCH_SIZE. The model's other parameters: ImemKib 2, Vlen 256, DmemKib
// 48, mesh 5 x 3.
#include <array>

#include "Vdut.h"
#include "command.h"
#include "network_bench.h"

namespace {

using namespace tilewright::rtl;

constexpr std::size_t kBlocks = 2 * 256 / FETCH_SIZE;
constexpr std::uint32_t kLanes = 256 / 16, kRows = 48 * 8192 / 256, kDmemWords = 48 * 256;
constexpr std::uint32_t kMeshCols = 5, kMeshRows = 3;

bool to_tensor(Op op) {
  return op >= Op::kWptr && op <= Op::kMove;
}
bool to_network(Op op) {
  return op >= Op::kSend && op <= Op::kRadd;
}

// The written definition of a legal command, in the words of rtl/README.md.
bool legal(const Command& c) {
  const std::uint32_t rows = (c.count() + kLanes - 1) / kLanes;
  switch (c.op()) {
    case Op::kHalt:
      return c.field(0, 8) == 0;
    case Op::kGemv:
      return c.count() >= 1 && c.count() <= 32768 && c.row() + rows <= kRows;
    case Op::kAddf:
      return c.row() + 2 <= kRows;
    case Op::kRd:
      return c.row() + (c.fp32() ? 2 : 1) <= kRows;
    case Op::kMove:
      return c.count() >= 1 && c.row() + c.count() <= kRows && c.destination() + c.count() <= kRows;
    case Op::kSend:
    case Op::kRecv:
    case Op::kRadd:
      return c.field(0, 17) + c.field(17, 16) <= kDmemWords && c.field(41, 6) < kMeshCols &&
             c.field(47, 6) < kMeshRows;
    case Op::kWptr:
    case Op::kWait:
      return true;
  }
  return false;
}

// A unit that takes a command when it feels like it and is then busy for a random time.
struct Unit {
  std::uint32_t busy = 0;
  bool ready = true;
};

class Bench {
 public:
  explicit Bench(std::uint64_t seed) : random_(seed) { reset(model_); }

  // Runs a program to done_o; stall is the percentage of cycles in which a unit is not ready.
  // Returns the cycles.
  std::uint64_t run(const std::vector<Command>& program, std::uint32_t stall, bool expect_error) {
    program_ = &program;
    position_ = 0;
    stall_ = stall;
    blocks_ = imem_blocks(program, FETCH_SIZE);
    blocks_.resize(kBlocks, overrun_ ? blocks_.back() : std::vector<std::uint32_t>(FETCH_SIZE));
    model_.start_i = 1;
    cycle();
    model_.start_i = 0;
    std::uint64_t cycles = 0;
    for (; !model_.done_o && cycles < 1000000; ++cycles) cycle();
    verdict.expect(model_.done_o, "never done");
    verdict.expect(model_.error_o == expect_error, "error_o", expect_error);
    while (at_wait()) ++position_;  // the last ones before HALT have nothing behind them to see
    if (!expect_error) {
      verdict.expect((*program_)[position_].op() == Op::kHalt, "commands lost", position_);
      verdict.expect(tensor_.busy == 0 && send_.busy == 0 && recv_.busy == 0,
                     "HALT with a busy unit");
    }
    ++programs;
    tensor_ = send_ = recv_ = Unit{};
    for (int i = 0; i < 3; ++i) cycle();
    verdict.expect(model_.done_o, "done_o must stay");
    return cycles;
  }

  void set_overrun(bool overrun) { overrun_ = overrun; }
  void set_faults(bool wmem, bool network) {
    model_.wm_oob_i = wmem;
    model_.ni_err_i = network;
  }

  Verdict verdict{"seq"};
  std::uint64_t programs = 0, commands = 0;

 private:
  void cycle() {
    for (Unit* unit : {&tensor_, &send_, &recv_}) unit->ready = !random_.percent(stall_);
    model_.t_ready_i = tensor_.ready;
    model_.t_idle_i = tensor_.busy == 0;
    model_.send_busy_i = send_.busy != 0;
    model_.recv_busy_i = recv_.busy != 0;
    model_.eval();
    Unit& network = model_.ni_op_o == 0 ? send_ : recv_;
    model_.ni_ready_i = network.ready && (network.busy == 0);
    model_.eval();
    pass_wait();
    for (Unit* unit : {&tensor_, &send_, &recv_})
      if (unit->busy > 0) --unit->busy;
    if (model_.t_valid_o && model_.t_ready_i) take_tensor();
    if (model_.ni_valid_o && model_.ni_ready_i) take_network(network);
    const bool read = model_.im_req_o;
    const std::size_t block = model_.im_addr_o;
    verdict.expect(!read || block < kBlocks, "IMEM address", block);
    model_.clk_i = 1;
    model_.eval();
    if (read) load(blocks_[block % kBlocks]);
    model_.clk_i = 0;
    model_.eval();
  }

  bool at_wait() const {
    return position_ < program_->size() && (*program_)[position_].op() == Op::kWait;
  }

  // A WAIT is over in a cycle in which its units are idle and no command is offered; until then
  // none may be.
  void pass_wait() {
    if (!at_wait()) return;
    verdict.expect(!model_.t_valid_o && !model_.ni_valid_o, "command passed a WAIT", position_);
    const std::uint32_t units = (*program_)[position_].field(0, 3);
    const bool held = ((units & kWaitTensor) != 0 && tensor_.busy != 0) ||
                      ((units & kWaitSend) != 0 && send_.busy != 0) ||
                      ((units & kWaitRecv) != 0 && recv_.busy != 0);
    if (!held) ++position_;
  }

  void take(bool (*belongs)(Op), std::uint64_t word) {
    const Command& expected = (*program_)[position_];
    verdict.expect(belongs(expected.op()) && expected.word == word, "wrong command at a unit",
                   position_);
    ++position_;
    ++commands;
  }

  void take_tensor() {
    take(to_tensor, (std::uint64_t{model_.t_op_o} << 56) | model_.t_arg_o);
    if (stall_ > 0) tensor_.busy += 1 + random_.below(20);
  }

  void take_network(Unit& unit) {
    const Op op = static_cast<Op>(model_.ni_op_o + static_cast<int>(Op::kSend));
    take(to_network, transfer(op, model_.ni_addr_o, model_.ni_len_o, model_.ni_ch_o,
                              model_.ni_peer_x_o, model_.ni_peer_y_o)
                         .word);
    if (stall_ > 0) unit.busy += 1 + random_.below(40);
  }

  void load(const std::vector<std::uint32_t>& block) {
#if FETCH_SIZE == 1
    model_.im_rdata_i = block[0];
#elif FETCH_SIZE == 2
    model_.im_rdata_i = (std::uint64_t{block[1]} << 32) | block[0];
#else
    for (std::size_t i = 0; i < FETCH_SIZE; ++i) model_.im_rdata_i[i] = block[i];
#endif
  }

  Vdut model_;
  Random random_;
  const std::vector<Command>* program_ = nullptr;
  std::vector<std::vector<std::uint32_t>> blocks_;
  std::size_t position_ = 0;
  std::uint32_t stall_ = 0;
  bool overrun_ = false;
  Unit tensor_, send_, recv_;
};

Command random_legal(Random& random) {
  switch (random.below(9)) {
    case 0:
      return wptr(random.below(1U << 24), static_cast<std::int16_t>(random.word()));
    case 1:
      return gemv(random.below(512), 1 + random.below(4096), random.below(2), random.below(2) != 0);
    case 2:
      return addf(random.below(kRows - 1), random.below(2), random.below(2) != 0);
    case 3:
      return rd(random.below(kRows - 1), random.below(2), random.below(2) != 0,
                random.below(2) != 0);
    case 4:
      return move(random.below(512), 1 + random.below(512), random.below(512));
    case 5:
    case 6:
    case 7:
      return transfer(static_cast<Op>(6 + random.below(3)), random.below(kDmemWords / 2),
                      random.below(1000), random.below(256), random.below(kMeshCols),
                      random.below(kMeshRows));
    default:
      return wait(random.below(8));
  }
}

// As many commands as IMEM holds with a HALT at the end, or fewer.
std::vector<Command> random_program(Random& random, std::size_t length) {
  std::vector<Command> program;
  for (std::size_t i = 0; i < length; ++i) program.push_back(random_legal(random));
  program.push_back(halt());
  return program;
}

constexpr std::size_t kCapacity = FETCH_SIZE == 1 ? kBlocks / 2 : kBlocks * (FETCH_SIZE / 2);

// Words close to every limit, legal or not: the program ends with an error exactly if one is
// illegal.
void check_legality(Bench& bench, Random& random, std::uint64_t count) {
  const auto near = [&](std::uint32_t limit) { return limit - 2 + random.below(4); };
  for (std::uint64_t i = 0; i < count; ++i) {
    Command c;
    switch (random.below(7)) {
      case 0: {
        const std::uint32_t row = random.below(2) == 0 ? near(kRows) : random.below(kRows);
        c = gemv(
            row,
            random.below(2) == 0 ? random.below(3) : near((kRows - std::min(row, kRows)) * kLanes),
            0);
        break;
      }
      case 1:
        c = gemv(0, random.below(2) == 0 ? near(32768) : 65535, 1);
        break;
      case 2:
        c = random.below(2) == 0 ? addf(near(kRows), 0, true)
                                 : rd(near(kRows), 0, random.below(2) != 0);
        break;
      case 3: {
        const std::uint32_t rows = random.below(5);
        c = random.below(2) == 0 ? move(near(kRows - rows), rows, 0)
                                 : move(0, rows, near(kRows - rows));
        break;
      }
      case 4: {
        const std::uint32_t length = random.below(65536);
        c = transfer(Op::kSend, length > kDmemWords ? 0 : near(kDmemWords - length + 2), length, 0,
                     0, 0);
        break;
      }
      case 5:
        c = transfer(Op::kRecv, 0, 1, 1, near(kMeshCols), near(kMeshRows));
        break;
      default:
        c = {(std::uint64_t{random.below(256)} << 56) | random.below(2)};
        break;
    }
    if (c.op() == Op::kWait || (c.op() == Op::kHalt && legal(c))) continue;
    bench.run({c, halt()}, 0, !legal(c));
  }
}

}  // namespace

int main(int argc, char** argv) {
  Bench bench(FETCH_SIZE);
  Random random(7);
  for (std::uint64_t i = 0; i < size_argument(argc, argv, 300); ++i) {
    bench.run(random_program(random, i == 0 ? 0 : 1 + random.below(kCapacity - 2)),
              random.below(4) * 25, false);
  }
  check_legality(bench, random, 3000);

  // HALT with a code, faults of the units, and a program without HALT.
  bench.run({wptr(0), halt(3)}, 0, true);
  bench.set_faults(true, false);
  bench.run({wait(kWaitTensor), halt()}, 0, true);
  bench.set_faults(false, true);
  bench.run({wait(kWaitTensor), halt()}, 0, true);
  bench.set_faults(false, false);
  bench.set_overrun(true);
  bench.run(std::vector<Command>(kCapacity, wptr(5)), 0, true);
  bench.set_overrun(false);

  // Throughput: tensor commands to a unit that is always ready.
  std::vector<Command> straight(kCapacity - 1, wptr(1));
  straight.push_back(halt());
  const std::uint64_t cycles = bench.run(straight, 0, false);
  const double rate = static_cast<double>(straight.size()) / static_cast<double>(cycles);
  bench.verdict.expect(rate > (FETCH_SIZE == 1 ? 0.48 : 0.9), "commands a cycle");
  char text[160];
  std::snprintf(text, sizeof text,
                "FETCH_SIZE %d, %llu programs, %llu commands, %.3f commands a cycle", FETCH_SIZE,
                static_cast<unsigned long long>(bench.programs),
                static_cast<unsigned long long>(bench.commands), rate);
  return bench.verdict.report(text);
}

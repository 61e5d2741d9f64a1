// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_vector beside the simulator's vector unit: random instructions, as many at once as there is
// room for, memories that refuse; DMEM is compared when all is done. Then when a single instruction
// is done, how many a cycle start, and addresses that no row has. VLEN, STANUM, VDPNUM, VRWP and
// DMEM_KIB are the model's.
#include <algorithm>
#include <cstring>
#include <string>

#include "Vdut.h"
#include "vector_stream.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kRowBytes = VLEN / 8, kRowWords = VLEN / 32;
constexpr std::uint32_t kRows = DMEM_KIB * 1024 / kRowBytes, kWmemRows = 1U << 12;
constexpr std::uint64_t kPatience = 10'000;  // cycles

class Bench {
 public:
  Bench() {
    for (auto& byte : wmem_) byte = static_cast<std::uint8_t>(random_.next());
    for (auto& byte : dmem_) byte = static_cast<std::uint8_t>(random_.next());
    std::memcpy(golden_dmem_.data(), dmem_.data(), dmem_.size());
    begin();
  }

  // Random ones, then all registers to memory.
  void run(std::uint32_t instructions) {
    refuse_percent_ = random_.below(60);
    offer_percent_ = 40 + random_.below(61);
    const RowWindow window{random_.below(kRows - 40), 1 + random_.below(40)};
    for (std::uint32_t i = 0; i < instructions; ++i) push(stream_.next(window));
    for (std::uint8_t v = 0; v < isa::kVectorRegisters; ++v)
      push(stream_.store(v, random_.below(kRows)));
    finish();
  }

  // Cycles from an instruction's hand-over, with nobody else in the unit, until all is done.
  void alone(isa::Op op, std::uint32_t expected) {
    refuse_percent_ = 0;
    offer_percent_ = 100;
    const bool access = op == isa::Op::kVld || op == isa::Op::kVst || op == isa::Op::kVldw;
    const std::uint32_t x = op == isa::Op::kVldw ? 5 : iss::kDmemBase;
    const std::uint64_t from = cycles_;
    push(vector_instruction(op, {1, access ? std::uint8_t{0} : std::uint8_t{2}, 3, 0}, x));
    const std::uint64_t taken = wait_idle() - from;
    verdict_.expect(taken == expected, "when one instruction is done", taken);
    finish();
  }

  // As many a cycle as there are units and banks, where none depends on another.
  void independent(std::uint32_t instructions) {
    refuse_percent_ = 0;
    offer_percent_ = 100;
    const std::uint64_t from = cycles_;
    for (std::uint32_t n = 0; n < instructions; ++n) {
      const auto vd = static_cast<std::uint8_t>(n % isa::kVectorRegisters);
      push(vector_instruction(isa::Op::kVsplat, {vd, 0, 0, 0}, random_.word()));
    }
    const std::uint64_t taken = wait_idle() - from;
    constexpr std::uint32_t kPerCycle = std::min(VDPNUM, VRWP), kDrain = 7;
    verdict_.expect(taken <= instructions / kPerCycle + kDrain, "instructions a cycle", taken);
    finish();
  }

  // It is reported once, and nothing happens.
  void bad_access() {
    refuse_percent_ = 0;
    offer_percent_ = 100;
    push(stream_.bad_access(kRows), false);
    flush();
    std::uint32_t faults = 0;
    const std::uint64_t before = requests_;
    for (int i = 0; i < 10; ++i) {
      dut_.eval();
      faults += dut_.fault_o;
      cycle();
    }
    verdict_.expect(faults == 1, "a bad address is reported once", faults);
    verdict_.expect(requests_ == before, "a request with a bad address", cycles_);
    begin();
  }

  int report() const {
    return verdict_.report(std::to_string(instructions_) + " instructions in " +
                           std::to_string(cycles_) + " cycles");
  }

 private:
  using Bytes = std::vector<std::uint8_t>;

  // Registers hold nothing until they are written.
  void begin() {
    group_.clear();
    offer();
    reset(dut_);
    for (std::uint8_t v = 0; v < isa::kVectorRegisters; ++v)
      push(vector_instruction(isa::Op::kVsplat, {v, 0, 0, 0}, random_.word()));
    finish();
  }

  void push(const VectorInstruction& instruction, bool executes = true) {
    if (executes) instruction.execute(golden_);
    ++instructions_;
    group_.push_back(instruction);
    if (group_.size() == VDPNUM || !random_.percent(offer_percent_)) flush();
  }

  // Hands the group over, in parts where there is no room for all.
  void flush() {
    for (std::uint64_t waited = 0; !group_.empty(); ++waited) {
      if (waited > kPatience) fail("no room");
      offer();
      cycle();
      group_.erase(group_.begin(), group_.begin() + offered_);
    }
    offer();
  }

  // In this cycle.
  void offer() {
    dut_.eval();
    std::uint32_t most = dut_.room_o;
    if (random_.percent(100 - offer_percent_)) most = random_.below(most + 1);
    offered_ = static_cast<std::ptrdiff_t>(most < group_.size() ? most : group_.size());
    dut_.valid_i = static_cast<std::uint8_t>((1U << offered_) - 1);
    for (std::uint32_t n = 0; n < VDPNUM; ++n) {
      const bool there = n < group_.size();
      set_word(dut_.word_i, n, there ? group_[n].word : random_.word());
      set_word(dut_.x_i, n, there ? group_[n].x : random_.word());
    }
  }

  // The cycle in which it is.
  std::uint64_t wait_idle() {
    flush();
    dut_.eval();
    for (std::uint64_t waited = 0; dut_.idle_o == 0; ++waited) {
      if (waited > kPatience) fail("never idle");
      cycle();
      dut_.eval();
    }
    return cycles_;
  }

  void finish() {
    wait_idle();
    verdict_.expect(dut_.room_o == std::min(STANUM, VDPNUM), "idle and no room", cycles_);
    verdict_.expect(dmem_ == golden_dmem_, "DMEM", instructions_);
    dmem_ = golden_dmem_;
    const std::uint64_t before = requests_;
    for (std::uint32_t i = random_.below(8); i > 0; --i) {
      cycle();
      dut_.eval();
      verdict_.expect(dut_.idle_o != 0 && dut_.fault_o == 0, "idle no more", cycles_);
    }
    verdict_.expect(requests_ == before, "a request when idle", cycles_);
  }

  [[noreturn]] void fail(const char* what) {
    verdict_.expect(false, what, cycles_);
    std::exit(verdict_.report("hung"));
  }

  template <typename Port>
  static void fill(Port& port, const std::uint8_t* row) {
    for (std::uint32_t w = 0; w < kRowWords; ++w) {
      std::uint32_t value = 0;
      std::memcpy(&value, row + 4 * w, 4);
      set_word(port, w, value);
    }
  }

  // Rows that were read are there for one cycle only.
  void cycle() {
    dut_.dm_gnt_i = random_.percent(refuse_percent_) ? 0 : 1;
    dut_.wm_gnt_i = random_.percent(refuse_percent_) ? 0 : 1;
    dut_.eval();
    const bool dmem = dut_.dm_req_o != 0 && dut_.dm_gnt_i != 0;
    const bool wmem = dut_.wm_req_o != 0 && dut_.wm_gnt_i != 0, write = dut_.dm_we_o != 0;
    requests_ += dut_.dm_req_o + dut_.wm_req_o;
    const std::size_t at = std::size_t{dut_.dm_addr_o} % kRows * kRowBytes;
    const std::size_t weights = std::size_t{dut_.wm_addr_o} % kWmemRows * kRowBytes;
    verdict_.expect(!dmem || dut_.dm_addr_o < kRows, "row of DMEM", cycles_);
    verdict_.expect(!wmem || dut_.wm_addr_o < kWmemRows, "row of WMEM", cycles_);
    for (std::uint32_t w = 0; dmem && write && w < kRowWords; ++w) {
      const std::uint32_t value = word(dut_.dm_wdata_o, w);
      std::memcpy(&dmem_[at + 4 * w], &value, 4);
    }
    clock(dut_);
    for (std::uint32_t w = 0; w < kRowWords; ++w) {
      set_word(dut_.dm_rdata_i, w, random_.word());
      set_word(dut_.wm_rdata_i, w, random_.word());
    }
    if (dmem && !write) fill(dut_.dm_rdata_i, &dmem_[at]);
    if (wmem) fill(dut_.wm_rdata_i, &wmem_[weights]);
    ++cycles_;
  }

  Random random_{45};
  Verdict verdict_{"rtl.vector"};
  Vdut dut_;
  Bytes wmem_ = Bytes(std::size_t{kWmemRows} * kRowBytes);
  Bytes dmem_ = Bytes(std::size_t{kRows} * kRowBytes), golden_dmem_ = dmem_;
  iss::Vector golden_{VLEN, wmem_, golden_dmem_};
  VectorStream stream_{VLEN, kWmemRows, random_};
  std::vector<VectorInstruction> group_;  // to be handed over
  std::ptrdiff_t offered_ = 0;
  std::uint32_t refuse_percent_ = 0, offer_percent_ = 100;
  std::uint64_t cycles_ = 0, instructions_ = 0, requests_ = 0;
};

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  using tilewright::isa::Op;
  Bench bench;
  const std::uint64_t runs = size_argument(argc, argv, 400);
  for (std::uint64_t i = 0; i < runs; ++i) {
    bench.run(100);
    // A cycle in the queue, then what the unit's header says.
    bench.alone(Op::kVadd, 6);
    bench.alone(Op::kVexp2, 14);
    bench.alone(Op::kVld, 5);
    bench.alone(Op::kVldw, 5);
    bench.alone(Op::kVst, 3);
    bench.independent(64);
    bench.bad_access();
  }
  return bench.report();
}

// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Runs tcc_core beside the instruction-set simulator: every instruction that retires is stepped in
// the order of dispatch, and must agree in pc, word, result, store and command; DMEM must agree at
// the end. The units take commands when they like; they refuse those of kRefusedFlags.
// FETCH, XRWP, VDPNUM, IMEM_KIB and DMEM_KIB are the model's parameters.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <vector>

#include "Vdut.h"
#include "functional_plan.h"
#include "network_bench.h"
#include "retirement.h"
#include "verify/iss/core.h"

namespace tilewright::rtl {

inline constexpr std::uint32_t kImemBytes = IMEM_KIB * 1024, kDmemBytes = DMEM_KIB * 1024;
inline constexpr std::uint32_t kChannels = XRWP + VDPNUM;

inline constexpr std::uint32_t kRefusedFlags = 4095;

class CoreHarness {
 public:
  CoreHarness() {
    reset(dut_);
    dut_.id_i = kId;
    iss_.set_id(kId);
    iss_.attach([](const iss::Command& c) {
      return c.flags == kRefusedFlags ? iss::Outcome::kRefused : iss::Outcome::kDone;
    });
  }

  // One program from start to halt, `stalls` per cent of the cycles without DMEM. `data` is DMEM's
  // beginning; the rest is random. `name` is for messages.
  void run(const std::vector<std::uint32_t>& program, std::span<const std::uint8_t> data,
           std::uint32_t stalls, std::uint64_t name) {
    to_the_end(program, data, stalls, name);
    verdict_.expect(dut_.error_o == 0, "error", name);
    verdict_.expect(retirements_.none_left(), "an instruction before the last did not retire",
                    name);
    iss_.step();
    verdict_.expect(iss_.state() == iss::CoreState::kHalted &&
                        dut_.code_o == (static_cast<std::uint32_t>(iss_.halt_code()) & 0xfff),
                    "halt", name);
    verdict_.expect(std::equal(dmem_.begin(), dmem_.end(), iss_.dmem().begin()), "DMEM", name);
  }

  // One that ends in an error, which the simulator must reach too. Instructions after one with a
  // bad address may be done before it.
  void run_to_error(const std::vector<std::uint32_t>& program, std::uint64_t name) {
    to_the_end(program, {}, 0, name);
    verdict_.expect(dut_.error_o != 0, "no error", name);
    iss_.step();
    verdict_.expect(iss_.state() == iss::CoreState::kFaulted, "error where there is none", name);
    const bool access = iss_.fault() == iss::Fault::kAlignment ||
                        iss_.fault() == iss::Fault::kOutOfRange ||
                        iss_.fault() == iss::Fault::kCommand;
    verdict_.expect(retirements_.none_left() || access, "retired after the error", name);
  }

  // A unit fails while the program runs.
  void run_to_failure(const std::vector<std::uint32_t>& program, std::uint64_t name) {
    fails_at_ = cycles_ + 40;
    to_the_end(program, {}, 0, name);
    fails_at_ = ~std::uint64_t{0};
    dut_.units_fault_i = 0;
    verdict_.expect(dut_.error_o != 0, "no error of a unit", name);
  }

  void expect(bool holds, const char* what, std::uint64_t at) { verdict_.expect(holds, what, at); }
  std::uint32_t x(int number) const { return iss_.x(number); }  // after every comparison
  std::uint64_t cycles() const { return cycles_; }
  bool ok() const { return verdict_.ok(); }
  std::uint64_t retired() const { return retired_; }
  const FunctionalPlan& plan() const { return plan_; }
  int report() const {
    const double ipc = static_cast<double>(retired_) / static_cast<double>(cycles_);
    return verdict_.report(std::to_string(retired_) + " instructions in " +
                           std::to_string(cycles_) + " cycles, " + std::to_string(ipc) +
                           " a cycle");
  }

 private:
  void to_the_end(const std::vector<std::uint32_t>& program, std::span<const std::uint8_t> data,
                  std::uint32_t stalls, std::uint64_t name) {
    Random random(name);
    stalls_ = stalls;
    program_ = program;
    iss_.load(program_);
    for (std::uint8_t& byte : iss_.dmem()) byte = static_cast<std::uint8_t>(random.next());
    for (std::size_t i = 0; i < std::min<std::size_t>(data.size(), kDmemBytes); ++i)
      iss_.dmem()[i] = data[i];
    std::copy(iss_.dmem().begin(), iss_.dmem().end(), dmem_.begin());
    dut_.start_i = 1;
    tick(random);
    dut_.start_i = 0;
    retirements_.begin();
    plan_.begin();
    std::uint64_t last = cycles_;
    while (dut_.done_o == 0 && cycles_ < last + kPatience && verdict_.ok()) {
      if (observe() > 0) last = cycles_;
      tick(random);
    }
    verdict_.expect(dut_.done_o != 0, "no end", name);
    verdict_.expect(dut_.error_o != 0 || were_idle_, "halted before the units were idle", name);
  }

  // What retires in this cycle, then every instruction whose turn it is.
  std::uint32_t observe() {
    const bool given = dut_.cmd_valid_o != 0 && dut_.cmd_ready_i != 0;
    verdict_.expect(!given || ((dut_.ret_valid_o >> XRWP) & 1U) != 0,
                    "a command that no instruction gives", cycles_);
    for (std::uint32_t k = 0; k < kChannels; ++k) {
      if (((dut_.ret_valid_o >> k) & 1U) == 0) continue;
      Retirement r{word(dut_.ret_pc_o, k), word(dut_.ret_word_o, k), word(dut_.ret_value_o, k)};
      if (k == XRWP) {
        r.address = dut_.ret_address_o;
        r.mask = dut_.ret_mask_o;
        r.given = given ? Retirement::Pair{dut_.cmd_op_o, dut_.cmd_flags_o}
                        : Retirement::Pair{kNoCommand, 0};
      }
      r.stalled = cycles_ < refused_ + kLately;
      r.operands = Retirement::Pair{word(dut_.ret_a_o, k), word(dut_.ret_b_o, k)};
      if (k >= XRWP && (dut_.vec_valid_o >> (k - XRWP) & 1U) != 0)
        r.vector_word = word(dut_.vec_word_o, k - XRWP);
      retirements_.see(word(dut_.ret_order_o, k), r);
    }
    const std::uint32_t settled = retirements_.settle();
    retired_ += settled;
    return settled;
  }

  // A clock with the memories' answers.
  void tick(Random& random) {
    dut_.eval();
    const bool fetch = dut_.im_req_o != 0;
    const std::uint32_t block = dut_.im_addr_o;
    const bool access = dut_.dm_req_o != 0 && dut_.dm_ready_i != 0;
    const std::uint32_t at = dut_.dm_addr_o * 4, we = dut_.dm_we_o, data = dut_.dm_wdata_o;
    were_idle_ = dut_.units_idle_i != 0;
    clock(dut_);
    ++cycles_;
    for (std::uint32_t k = 0; fetch && k < FETCH; ++k) {
      const std::size_t index = std::size_t{block} * FETCH + k;
      set_word(dut_.im_rdata_i, k, index < program_.size() ? program_[index] : 0);
    }
    // DMEM shows a word for one cycle: a later one must not be needed.
    dut_.dm_rdata_i = random.word();
    if (access && we == 0) {
      std::uint32_t value = 0;
      std::memcpy(&value, &dmem_[at], 4);
      dut_.dm_rdata_i = value;
    }
    for (std::uint32_t b = 0; access && b < 4; ++b) {
      if (((we >> b) & 1U) != 0) dmem_[at + b] = static_cast<std::uint8_t>(data >> (8 * b));
    }
    dut_.dm_ready_i = random.percent(stalls_) ? 0 : 1;
    dut_.vec_room_i =
        static_cast<std::uint8_t>(random.percent(stalls_) ? 0 : random.below(VDPNUM + 1));
    dut_.units_idle_i = random.percent(stalls_) ? 0 : 1;
    dut_.units_fault_i = cycles_ >= fails_at_ ? 1 : 0;
    dut_.eval();
    const bool refused = dut_.cmd_valid_o != 0 && dut_.cmd_flags_o == kRefusedFlags;
    dut_.cmd_fault_i = refused ? 1 : 0;
    dut_.cmd_ready_i = !refused && !random.percent(stalls_) ? 1 : 0;
    dut_.eval();
    const bool command_waits = dut_.cmd_valid_o != 0 && dut_.cmd_ready_i == 0 && !refused;
    if ((dut_.dm_req_o != 0 && dut_.dm_ready_i == 0) || command_waits) refused_ = cycles_;
  }

  Vdut dut_;
  Verdict verdict_{"rtl.core"};
  iss::Core iss_{{kImemBytes, kDmemBytes}};
  static constexpr std::uint64_t kPatience = 500;  // cycles in which nothing retires
  static constexpr std::uint32_t kId = 0x00170029;

  std::vector<std::uint32_t> program_;
  std::array<std::uint8_t, kDmemBytes> dmem_{};
  FunctionalPlan plan_;
  Retirements retirements_{iss_, verdict_, [this](const Retirement& r, const iss::Retired& golden) {
                             plan_.see(golden, r.operands->first, r.operands->second, r.stalled);
                           }};
  std::uint32_t stalls_ = 0;
  static constexpr std::uint64_t kLately = 40;  // cycles; a quotient takes 34
  std::uint64_t cycles_ = kLately, retired_ = 0, fails_at_ = ~std::uint64_t{0};
  std::uint64_t refused_ = 0;  // the last cycle in which DMEM or a unit let the core wait
  bool were_idle_ = false;
};

}  // namespace tilewright::rtl

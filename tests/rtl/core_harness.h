// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Runs tcc_core beside the instruction-set simulator: every instruction that retires is stepped in
// the order of dispatch, and must agree in pc, word, result, store and command; DMEM must agree at
// the end. The units take commands when they like; they refuse those of kRefusedFlags.
// FETCH, XRWP, IMEM_KIB and DMEM_KIB are the model's parameters.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <span>
#include <type_traits>
#include <vector>

#include "Vdut.h"
#include "network_bench.h"
#include "verify/iss/core.h"

namespace tilewright::rtl {

inline constexpr std::uint32_t kImemBytes = IMEM_KIB * 1024, kDmemBytes = DMEM_KIB * 1024;
inline constexpr std::uint32_t kChannels = XRWP + 1;

// The k-th 32 bits of a port, however wide Verilator made it.
template <typename Port>
std::uint32_t word(const Port& port, std::uint32_t k) {
  if constexpr (std::is_integral_v<Port>) {
    return static_cast<std::uint32_t>(std::uint64_t{port} >> (32 * k));
  } else {
    return port[k];
  }
}
template <typename Port>
void set_word(Port& port, std::uint32_t k, std::uint32_t value) {
  if constexpr (std::is_integral_v<Port>) {
    const std::uint64_t mask = std::uint64_t{0xffffffff} << (32 * k);
    port = static_cast<Port>((std::uint64_t{port} & ~mask) | std::uint64_t{value} << (32 * k));
  } else {
    port[k] = value;
  }
}

struct Retirement {
  std::uint32_t pc = 0, word = 0, value = 0, address = 0, mask = 0;
  std::uint32_t command = 0, flags = 0;  // what the units were given
};

inline constexpr std::uint32_t kRefusedFlags = 4095;

// CMD_* of tcc_core_pkg.
inline std::uint32_t command_number(isa::Op op) {
  switch (op) {
    case isa::Op::kWptr:
      return 0;
    case isa::Op::kGemv:
      return 1;
    case isa::Op::kAdda:
      return 2;
    case isa::Op::kRead:
      return 3;
    case isa::Op::kWait:
      return 7;
    case isa::Op::kSend:
      return 8;
    case isa::Op::kRecv:
      return 9;
    case isa::Op::kRadd:
      return 10;
    default:
      return 15;
  }
}

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
    verdict_.expect(pending_.empty(), "an instruction before the last did not retire", name);
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
    verdict_.expect(pending_.empty() || access, "retired after the error", name);
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
    pending_.clear();
    next_ = 0;
    std::uint64_t last = cycles_;
    while (dut_.done_o == 0 && cycles_ < last + kPatience && verdict_.ok()) {
      const std::uint32_t before = next_;
      observe();
      if (next_ != before) last = cycles_;
      tick(random);
    }
    verdict_.expect(dut_.done_o != 0, "no end", name);
    verdict_.expect(dut_.error_o != 0 || were_idle_, "halted before the units were idle", name);
  }

  // What retires in this cycle, then every instruction whose turn it is.
  void observe() {
    for (std::uint32_t k = 0; k < kChannels; ++k) {
      if (((dut_.ret_valid_o >> k) & 1U) == 0) continue;
      Retirement r{word(dut_.ret_pc_o, k), word(dut_.ret_word_o, k), word(dut_.ret_value_o, k)};
      if (k == XRWP) {
        r.address = dut_.ret_address_o;
        r.mask = dut_.ret_mask_o;
        r.command = dut_.cmd_valid_o != 0 && dut_.cmd_ready_i != 0 ? dut_.cmd_op_o : 15;
        r.flags = dut_.cmd_flags_o;
        verdict_.expect(r.command == 15 || (word(dut_.cmd_a_o, 0) == r.address &&
                                            word(dut_.cmd_b_o, 0) == r.value),
                        "operands of a command", r.pc);
      }
      const std::uint32_t order = word(dut_.ret_order_o, k);
      verdict_.expect(order >= next_ && pending_.emplace(order, r).second, "retired twice", order);
    }
    for (auto at = pending_.begin(); at != pending_.end() && at->first == next_ && verdict_.ok();
         at = pending_.erase(at)) {
      compare(at->second);
      ++next_;
      ++retired_;
    }
  }

  void compare(const Retirement& r) {
    const iss::Retired golden = iss_.step();
    const isa::Instruction* i = isa::decode(golden.word);
    verdict_.expect(r.pc == golden.pc, "pc", golden.pc);
    verdict_.expect(r.word == golden.word, "word", golden.pc);
    if (i == nullptr) return;
    if (golden.is_command) {
      const iss::Command& c = golden.command;
      verdict_.expect(r.command == command_number(c.op) && r.flags == (c.flags & 0xfff) &&
                          r.address == c.a && r.value == c.b,
                      "command", golden.pc);
      return;
    }
    if (i->op == isa::Op::kCycle) {
      iss_.set_x(golden.rd, r.value);
    } else if (golden.rd != 0) {
      verdict_.expect(r.value == golden.rd_value, "value", golden.pc);
    }
    const bool stores = golden.written_bytes > 0;
    verdict_.expect((r.mask != 0) == stores, "store", golden.pc);
    if (!stores) return;
    const std::uint32_t lane = golden.address % 4;
    const std::uint32_t bytes = golden.written_bytes;
    const std::uint64_t mask = (std::uint64_t{1} << (8 * bytes)) - 1;
    verdict_.expect(r.address == golden.address, "address", golden.pc);
    verdict_.expect(r.mask == ((1U << bytes) - 1) << lane, "mask", golden.pc);
    verdict_.expect(((r.value >> (8 * lane)) & mask) == golden.data, "data", golden.pc);
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
    dut_.units_idle_i = random.percent(stalls_) ? 0 : 1;
    dut_.units_fault_i = cycles_ >= fails_at_ ? 1 : 0;
    dut_.eval();
    const bool refused = dut_.cmd_valid_o != 0 && dut_.cmd_flags_o == kRefusedFlags;
    dut_.cmd_fault_i = refused ? 1 : 0;
    dut_.cmd_ready_i = !refused && !random.percent(stalls_) ? 1 : 0;
    dut_.eval();
  }

  Vdut dut_;
  Verdict verdict_{"rtl.core"};
  iss::Core iss_{{kImemBytes, kDmemBytes}};
  static constexpr std::uint64_t kPatience = 500;  // cycles in which nothing retires
  static constexpr std::uint32_t kId = 0x00170029;

  std::vector<std::uint32_t> program_;
  std::array<std::uint8_t, kDmemBytes> dmem_{};
  std::map<std::uint32_t, Retirement> pending_;
  std::uint32_t next_ = 0, stalls_ = 0;
  std::uint64_t cycles_ = 0, retired_ = 0, fails_at_ = ~std::uint64_t{0};
  bool were_idle_ = false;
};

}  // namespace tilewright::rtl

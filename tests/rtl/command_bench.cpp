// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_command against its table: commands that are legal, legal at the edge of DMEM, or one bit
// from it; units that are ready or not; receives under way. VLEN, DMEM_KIB, MESH_COLS and MESH_ROWS
// are the model's.
#include <algorithm>
#include <array>
#include <optional>

#include "Vdut.h"
#include "arch/isa/isa.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

enum Op : std::uint8_t {
  kWptr,
  kGemv,
  kAdd,
  kRead,
  kWait = 7,
  kSend,
  kRecv,
  kRadd
};  // tcc_core_pkg::CMD_*

constexpr std::uint64_t kBase = 0x80000000, kBytes = DMEM_KIB * 1024;
constexpr std::uint32_t kRowBytes = VLEN / 8, kLanes = VLEN / 16, kMostRows = 32768;
constexpr std::uint32_t kMostReceives = 6;  // more than the network interface holds

struct Command {
  std::uint32_t op = 0, flags = 0, a = 0, b = 0;
  bool network() const { return op >= kSend && op <= kRadd; }
  bool tensor() const { return op <= kRead; }
};

// Flags that mean something, by the instruction table; nullopt: no command.
std::optional<std::uint32_t> flags_of(std::uint32_t op) {
  const auto of = [](isa::Op instruction) { return isa::instruction(instruction).flags; };
  switch (op) {
    case kWptr:
      return 0xfff;  // its word has no place for any
    case kGemv:
      return of(isa::Op::kGemv);
    case kAdd:
      return of(isa::Op::kAdda);
    case kRead:
      return of(isa::Op::kRead);
    case kWait:
      return of(isa::Op::kWait);
    case kSend:
      return of(isa::Op::kSend);
    case kRecv:
      return of(isa::Op::kRecv);
    case kRadd:
      return of(isa::Op::kRadd);
    default:
      return std::nullopt;
  }
}

std::uint64_t rows_of(const Command& c) {
  if (c.op == kGemv) return (std::uint64_t{c.b} + kLanes - 1) / kLanes * ((c.flags >> 3 & 3) + 1);
  if (c.op == kAdd) return 2;
  const std::uint32_t format = c.flags >> 8 & 3;
  return format == 1 || format == 2 ? 2 : 1;  // fp32, int32
}

bool in_dmem(std::uint64_t address, std::uint64_t bytes, std::uint64_t multiple) {
  return address >= kBase && address % multiple == 0 && address + bytes <= kBase + kBytes;
}

bool legal(const Command& c) {
  const auto flags = flags_of(c.op);
  if (!flags || (c.flags & ~*flags) != 0) return false;
  if (c.op == kWait) return true;
  if (c.op == kWptr) return c.a < 1U << 24 && c.b == static_cast<std::uint32_t>(std::int16_t(c.b));
  if (c.network()) {
    const bool there = (c.b >> 16 & 63) < MESH_COLS && (c.b >> 22 & 63) < MESH_ROWS;
    return there && c.b >> 28 == 0 && in_dmem(c.a, 4 * std::uint64_t{c.b & 0xffff}, 4);
  }
  if (c.op == kGemv && (c.b == 0 || c.b > kMostRows || (c.flags >> 5 & 3) == 3)) return false;
  return in_dmem(c.a, rows_of(c) * kRowBytes, kRowBytes);
}

class Bench {
 public:
  Bench() { reset(dut_); }

  void cycle(std::uint64_t at) {
    draw_command();
    draw_units();
    dut_.eval();
    check(at);
    const bool receive = dut_.ni_valid_o != 0 && dut_.ni_ready_i != 0 && command_.op != kSend;
    receives_ += (receive ? 1U : 0U) - dut_.recv_done_i;
    clock(dut_);
  }
  int report(std::uint64_t cycles) const {
    return verdict_.report(std::to_string(cycles) + " commands, " + std::to_string(legal_) +
                           " of them legal, " + std::to_string(waits_) + " waits over");
  }

 private:
  void draw_command() {
    constexpr std::array<std::uint32_t, 8> kOps = {kWptr, kGemv, kAdd,  kRead,
                                                   kWait, kSend, kRecv, kRadd};
    Command& c = command_;
    c.op = random_.percent(2) ? random_.below(16) : kOps[random_.below(kOps.size())];
    c.flags = random_.word() & flags_of(c.op).value_or(0) & (c.op == kWptr ? 0U : 0xfffU);
    if (c.op == kGemv && random_.percent(90)) c.flags &= ~(1U << 6);
    c.b = operand_b(c);
    c.a = c.op == kWptr ? random_.word() >> 8 : address(c);
    if (random_.percent(30)) {  // a bit from it
      std::uint32_t* const fields[] = {&c.a, &c.b, &c.flags};
      const std::uint32_t field = random_.below(3);
      *fields[field] ^= 1U << random_.below(field == 2 ? 12 : 32);
    }
    dut_.cmd_valid_i = random_.percent(90) ? 1 : 0;
    dut_.cmd_op_i = static_cast<std::uint8_t>(c.op);
    dut_.cmd_flags_i = static_cast<std::uint16_t>(c.flags);
    dut_.cmd_a_i = c.a;
    dut_.cmd_b_i = c.b;
  }
  std::uint32_t operand_b(const Command& c) {
    if (c.op == kWptr) return static_cast<std::uint32_t>(std::int16_t(random_.word()));
    if (c.op == kGemv) {
      if (random_.percent(5)) return kMostRows - 3 + random_.below(6);
      return 1 + ((random_.word() & 0x7fff) >> random_.below(16));
    }
    if (!c.network()) return random_.word();
    const std::uint32_t x = random_.below(MESH_COLS), y = random_.below(MESH_ROWS);
    return x << 16 | y << 22 | ((random_.word() & 0xffff) >> random_.below(16));
  }
  // In DMEM, at its very end, or a little beyond.
  std::uint32_t address(const Command& c) {
    const std::uint32_t unit = c.network() ? 4 : kRowBytes;
    const std::uint64_t units = c.network() ? c.b & 0xffff : rows_of(c), all = kBytes / unit;
    const std::uint64_t last = units <= all ? all - units : 0;
    std::uint64_t at = random_.below(static_cast<std::uint32_t>(last) + 1);
    if (random_.percent(40)) at = last + random_.below(3) - (last > 0 ? 1 : 0);
    return static_cast<std::uint32_t>(kBase + at * unit);
  }
  void draw_units() {
    const auto often = [&] { return static_cast<std::uint8_t>(random_.percent(70) ? 1 : 0); };
    const bool full = receives_ >= kMostReceives;
    dut_.t_ready_i = often();
    dut_.t_idle_i = often();
    dut_.t_fault_i = random_.percent(10) ? 1 : 0;
    dut_.ni_ready_i = full ? 0 : often();
    dut_.ni_fault_i = random_.percent(10) ? 1 : 0;
    dut_.send_busy_i = random_.percent(40) ? 1 : 0;
    dut_.recv_busy_i = receives_ > 0 && random_.percent(80) ? 1 : 0;
    dut_.recv_done_i = receives_ > 0 && random_.percent(25) ? 1 : 0;
    dut_.v_idle_i = often();
  }

  bool wait_over() const {
    const std::uint32_t f = command_.flags;
    const bool tensor = (f & 1) == 0 || dut_.t_idle_i != 0;
    const bool send = (f & 2) == 0 || dut_.send_busy_i == 0;
    const bool receive = (f & 4) == 0 || receives_ <= (f >> 4 & 3);
    const bool vector = (f & 8) == 0 || dut_.v_idle_i != 0;
    return tensor && send && receive && vector;
  }

  void check(std::uint64_t at) {
    const Command& c = command_;
    const bool valid = dut_.cmd_valid_i != 0, good = legal(c);
    legal_ += valid && good ? 1 : 0;
    verdict_.expect((dut_.cmd_fault_o != 0) == (valid && !good), "fault", at);
    verdict_.expect((dut_.t_valid_o != 0) == (valid && good && c.tensor()), "to the tensor engine",
                    at);
    verdict_.expect((dut_.ni_valid_o != 0) == (valid && good && c.network()), "to the network", at);
    if (valid) {
      const bool over = c.op == kWait && good && wait_over();
      waits_ += over ? 1 : 0;
      const bool ready =
          good && (c.op == kWait ? over : (c.network() ? dut_.ni_ready_i : dut_.t_ready_i) != 0);
      verdict_.expect((dut_.cmd_ready_o != 0) == ready, "accepted", at);
    }
    if (dut_.t_valid_o != 0) check_tensor(at);
    if (dut_.ni_valid_o != 0) check_network(at);
    const bool idle =
        dut_.t_idle_i != 0 && dut_.v_idle_i != 0 && dut_.send_busy_i == 0 && dut_.recv_busy_i == 0;
    verdict_.expect((dut_.units_idle_o != 0) == idle, "idle", at);
    verdict_.expect((dut_.units_fault_o != 0) == (dut_.t_fault_i != 0 || dut_.ni_fault_i != 0),
                    "a unit's fault", at);
  }
  void check_tensor(std::uint64_t at) {
    const Command& c = command_;
    const std::uint64_t arguments = dut_.t_arg_o;
    verdict_.expect(dut_.t_op_o == c.op, "operation", at);
    if (c.op == kWptr) {
      verdict_.expect((arguments & 0xffffff) == c.a && arguments >> 32 == (c.b & 0xffff), "step",
                      at);
      return;
    }
    verdict_.expect((arguments & 0xffff) == (c.a - kBase) / kRowBytes, "row", at);
    verdict_.expect(arguments >> 32 == c.flags, "flags", at);
    if (c.op == kGemv) verdict_.expect((arguments >> 16 & 0xffff) == c.b, "number", at);
  }
  void check_network(std::uint64_t at) {
    const Command& c = command_;
    verdict_.expect(dut_.ni_op_o == (c.op & 3), "operation", at);
    verdict_.expect(dut_.ni_peer_x_o == (c.b >> 16 & 63) && dut_.ni_peer_y_o == c.b >> 22, "peer",
                    at);
    verdict_.expect(dut_.ni_ch_o == c.flags, "channel", at);
    verdict_.expect(dut_.ni_len_o == (c.b & 0xffff), "length", at);
    if ((c.b & 0xffff) != 0) verdict_.expect(dut_.ni_addr_o == (c.a - kBase) / 4, "address", at);
  }

  Vdut dut_;
  Verdict verdict_{"rtl.command"};
  Random random_{25};
  Command command_;
  std::uint32_t receives_ = 0;
  std::uint64_t legal_ = 0, waits_ = 0;
};

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  Bench bench;
  const std::uint64_t cycles = size_argument(argc, argv, 500'000);
  for (std::uint64_t i = 0; i < cycles; ++i) bench.cycle(i);
  return bench.report(cycles);
}

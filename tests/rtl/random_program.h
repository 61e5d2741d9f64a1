// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Constrained-random programs for the core: every instruction, operands with many corners, accesses
// inside DMEM, forward branches and jumps, counted loops, calls through registers. Commands to the
// units have any operands, for a bench that plays the units; RandomTileProgram's are legal.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "arch/isa/isa.h"
#include "network_bench.h"

namespace tilewright::rtl {

class RandomProgram {
 public:
  // x31 holds the base of DMEM, x30 counts loops, x29 holds targets; bodies use the others.
  explicit RandomProgram(std::uint64_t seed, std::uint32_t dmem_bytes)
      : random_(seed), window_(dmem_bytes < kWindow ? dmem_bytes : kWindow) {}
  virtual ~RandomProgram() = default;

  // Ends in s.halt; about `count` words.
  std::vector<std::uint32_t> make(std::uint32_t count) {
    words_.clear();
    near_ = 1 + random_.below(29);  // how many registers are in use: few make many hazards
    emit(isa::Op::kLui, {31, 0, 0, std::int32_t{-0x7fffffff - 1}});
    emit(isa::Op::kAddi, {31, 31, 0, 2047});  // so that offsets reach both ways
    for (std::uint8_t r = 1; r < 29; ++r) number_into(r);
    prologue();
    while (words_.size() < count) {
      switch (random_.below(28)) {
        case 0:
          loop();
          break;
        case 1:
          far_jump();
          break;
        case 2:
          special();
          break;
        case 3:
          hardware_loop();
          break;
        case 4:
          endless_loop();
          break;
        case 5:
          fresh_address();
          break;
        case 6:
          two_corners();
          break;
        default:
          any(random_.below(kAhead + 1));
      }
    }
    for (std::uint32_t i = 0; i < kAhead; ++i)
      emit(isa::Op::kAddi, {0, 0, 0, 0});  // where last jumps land
    epilogue();
    emit(isa::Op::kHalt, {0, 0, 0, static_cast<std::int32_t>(random_.below(2048))});
    return words_;
  }

 protected:
  static constexpr std::uint32_t kAhead = 5;  // words that a branch or jump passes over, at most
  static constexpr std::uint32_t kWindow = 4096;  // bytes that loads and stores reach

  virtual bool allowed(const isa::Instruction&) const { return true; }
  virtual void prologue() {}
  virtual void special() { any(0); }
  virtual void epilogue() {}

  void emit(isa::Op op, const isa::Operands& operands) {
    words_.push_back(isa::encode(isa::instruction(op), operands).value());
  }

  std::uint8_t x() { return static_cast<std::uint8_t>(random_.below(near_)); }

  void number_into(std::uint8_t r) {
    number_into(r, random_.percent(40) ? corner() : random_.word());
  }
  std::uint32_t corner() {
    constexpr std::uint32_t kCorners[] = {0, 1, 2, 0x7fffffff, 0x80000000, 0x80000001, 0xffffffff};
    return kCorners[random_.below(7)];
  }
  void number_into(std::uint8_t r, std::uint32_t value) {
    const auto low = static_cast<std::int32_t>(value << 20) >> 20;
    emit(isa::Op::kLui, {r, 0, 0, static_cast<std::int32_t>((value + 0x800) & 0xfffff000)});
    emit(isa::Op::kAddi, {r, r, 0, low});
  }

  // An instruction whose jump, if it is one, leads `ahead` words past the next.
  void any(std::uint32_t ahead) {
    const auto all = isa::instructions();
    isa::Op op = isa::Op::kHalt;
    while (op == isa::Op::kHalt || op == isa::Op::kJalr || op == isa::Op::kLoop ||
           !allowed(isa::instruction(op)))
      op = all[random_.below(static_cast<std::uint32_t>(all.size()))].op;
    const isa::Instruction& i = isa::instruction(op);
    isa::Operands o{x(), x(), x(), 0};
    const isa::ImmediateRange range = isa::immediate_range(i.format);
    if (i.unit == isa::Unit::kVector) {
      o.rd %= isa::kVectorRegisters;
      o.rs1 %= isa::kVectorRegisters;
      o.rs2 %= isa::kVectorRegisters;
    }
    switch (i.format) {
      case isa::Format::kB:
      case isa::Format::kJ:
        o.imm = static_cast<std::int32_t>(4 + 4 * ahead);
        break;
      case isa::Format::kLoad:
      case isa::Format::kS:
        o.rs1 = 31;
        o.imm = offset(i.op);
        break;
      case isa::Format::kFlags1:
      case isa::Format::kFlags2:
      case isa::Format::kCode:
        // Not all ones: see core_harness.h.
        o.imm =
            static_cast<std::int32_t>(random_.below(i.format == isa::Format::kCode ? 2048 : 4095));
        break;
      case isa::Format::kU:
        o.imm = static_cast<std::int32_t>(random_.word() & 0xfffff000);
        break;
      default:
        o.imm = static_cast<std::int32_t>(
            range.lo + random_.below(static_cast<std::uint32_t>(range.hi - range.lo + 1)));
    }
    emit(i.op, o);
  }

  // From DMEM's base + 2047.
  std::int32_t offset(isa::Op op) {
    using isa::Op;
    const std::uint32_t size = op == Op::kLw || op == Op::kSw                     ? 4
                               : op == Op::kLh || op == Op::kLhu || op == Op::kSh ? 2
                                                                                  : 1;
    // Few addresses, so that loads follow stores.
    const std::uint32_t span = random_.percent(70) ? 16 : window_ - 4;
    return static_cast<std::int32_t>(random_.below(span) / size * size) - 2047;
  }

  void loop() {
    const auto turns = static_cast<std::int32_t>(1 + random_.below(4));
    emit(isa::Op::kAddi, {30, 0, 0, turns});
    const std::size_t begin = words_.size();
    const std::uint32_t body = 1 + random_.below(6);
    for (std::uint32_t i = 0; i < body; ++i) any(0);
    emit(isa::Op::kAddi, {30, 30, 0, -1});
    const auto back =
        static_cast<std::int32_t>(4 * begin) - static_cast<std::int32_t>(4 * words_.size());
    emit(isa::Op::kBlt, {0, 0, 30, back});  // ends also when entered in its middle
  }

  // Of no to four turns; branches may jump within it, over its end too, which leaves it open for
  // whoever passes its end again; or another loop takes its place.
  void hardware_loop() {
    const std::uint32_t body = 1 + random_.below(8);
    pass_branches();
    emit(isa::Op::kAddi, {30, 0, 0, static_cast<std::int32_t>(random_.below(5))});
    few();  // with some, the number is there already
    emit(isa::Op::kLoop, {0, 30, 0, static_cast<std::int32_t>(4 + 4 * body)});
    for (std::uint32_t i = 0; i < body; ++i)
      any(random_.percent(30) ? random_.below(std::min(kAhead, body - i) + 1) : 0);
  }

  // Of far more turns than are taken: a branch leaves it. The number has few bits, each of which
  // the loop needs to go on.
  void endless_loop() {
    const std::uint32_t turns = (1U << (4 + random_.below(28))) + 1 + random_.below(2);
    const std::uint32_t body = 1 + random_.below(5);
    pass_branches();
    emit(isa::Op::kLui, {29, 0, 0, static_cast<std::int32_t>((turns + 0x800) & 0xfffff000)});
    emit(isa::Op::kAddi, {29, 29, 0, static_cast<std::int32_t>(turns << 20) >> 20});
    emit(isa::Op::kAddi, {30, 0, 0, static_cast<std::int32_t>(random_.below(4))});
    emit(isa::Op::kLoop, {0, 29, 0, static_cast<std::int32_t>(16 + 4 * body)});
    for (std::uint32_t i = 0; i < body; ++i) any(0);
    emit(isa::Op::kBge, {0, 0, 30, 12});  // out, over the end
    emit(isa::Op::kAddi, {30, 30, 0, -1});
    emit(isa::Op::kAddi, {x(), x(), 0, 1});
  }

  // An operation on two registers, both with corners.
  void two_corners() {
    isa::Op op = isa::Op::kHalt;
    while (isa::instruction(op).format != isa::Format::kR)
      op =
          isa::instructions()[random_.below(static_cast<std::uint32_t>(isa::instructions().size()))]
              .op;
    pass_branches();
    const auto a = static_cast<std::uint8_t>(1 + random_.below(28));
    const auto b = static_cast<std::uint8_t>(1 + random_.below(28));
    number_into(a, corner());
    number_into(b, corner());
    emit(op, {x(), a, b, 0});
  }

  // A load or store whose address was just computed.
  void fresh_address() {
    constexpr isa::Op kAccesses[] = {isa::Op::kLb,  isa::Op::kLh, isa::Op::kLw, isa::Op::kLbu,
                                     isa::Op::kLhu, isa::Op::kSb, isa::Op::kSh, isa::Op::kSw};
    const isa::Op op = kAccesses[random_.below(8)];
    const std::int32_t at = offset(op), part = at / 2;
    pass_branches();
    emit(isa::Op::kAddi, {29, 31, 0, part});
    few();
    emit(op, {x(), 29, x(), at - part});
  }
  // None to three in between, or a jump over them.
  void few() {
    const std::uint32_t count = random_.below(4);
    if (random_.percent(25))
      emit(isa::Op::kJal, {x(), 0, 0, static_cast<std::int32_t>(4 + 4 * count)});
    for (std::uint32_t n = 0; n < count; ++n) any(0);
  }

  // No branch from before leads in between what follows.
  void pass_branches() {
    for (std::uint32_t i = 0; i < kAhead; ++i) any(0);
  }

  // auipc and jalr over a few words, linking or not.
  void far_jump() {
    const std::uint32_t over = random_.below(5);
    pass_branches();
    const std::size_t from = words_.size();
    emit(isa::Op::kAuipc, {29, 0, 0, 0});
    few();
    const auto to = static_cast<std::uint32_t>(4 * (words_.size() + 1 - from) + 4 * over);
    emit(isa::Op::kJalr, {x(), 29, 0, static_cast<std::int32_t>(to + random_.below(2))});
    for (std::uint32_t i = 0; i < over; ++i) any(0);
  }

  Random random_;
  std::uint32_t window_, near_ = 1;
  std::vector<std::uint32_t> words_;
};

}  // namespace tilewright::rtl

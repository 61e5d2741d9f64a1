// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Random programs for a whole tile: those of RandomProgram with legal commands to the tensor
// engine, accesses of the vector unit and messages to the tile itself among them. Loads and stores
// keep to the window at DMEM's beginning, the units to the rows behind it, but for words that are
// exchanged when they are idle. Where one unit could see what another has not done yet, or too
// early, the program waits.
#pragma once

#include "random_program.h"

namespace tilewright::rtl {

class RandomTileProgram : public RandomProgram {
 public:
  RandomTileProgram(std::uint64_t seed, std::uint32_t vlen, std::uint32_t dmem_bytes,
                    std::uint32_t wmem_rows)
      : RandomProgram(seed, dmem_bytes),
        lanes_(vlen / 16),
        row_bytes_(vlen / 8),
        first_row_(kWindow / row_bytes_),
        rows_(dmem_bytes / row_bytes_ - first_row_),
        wmem_rows_(wmem_rows) {}

 protected:
  bool allowed(const isa::Instruction& i) const override {
    const bool unit = i.unit == isa::Unit::kTensor || i.unit == isa::Unit::kNetwork;
    const bool access = i.op == isa::Op::kVld || i.op == isa::Op::kVst || i.op == isa::Op::kVldw;
    return (!unit || i.op == isa::Op::kId) && i.op != isa::Op::kWait && !access;
  }

  // Vector registers hold nothing until they are written.
  void prologue() override {
    for (std::uint8_t v = 0; v < isa::kVectorRegisters; ++v)
      emit(isa::Op::kVsplat, {v, static_cast<std::uint8_t>(1 + random_.below(28)), 0, 0});
  }

  void special() override {
    pass_branches();
    switch (random_.below(10)) {
      case 0:
        read_out(random_.below(4), random_.below(rows_ - 1), random_.below(4));
        break;
      case 1:
        add();
        break;
      case 2:
        exchange();
        break;
      case 3:
      case 4:
        load_row();
        break;
      case 5:
        store_row(v(), random_.below(rows_));
        break;
      case 6:
        messages();
        break;
      default:
        multiply();
    }
  }

  // All banks and vector registers to the last rows, so that DMEM shows them.
  void epilogue() override {
    for (std::uint32_t bank = 0; bank < 4; ++bank) {
      read_out(bank, rows_ - 8 + 2 * bank, 1);
    }
    for (std::uint8_t r = 0; r < isa::kVectorRegisters; ++r) store_row(r, rows_ - 24 + r);
    wait(kTensor | kVectors);
  }

 private:
  static constexpr std::uint8_t kAddress = 28, kCount = 27;  // registers that commands use
  static constexpr std::uint32_t kTensor = 1, kSends = 2, kReceives = 4, kVectors = 8;  // of s.wait
  static constexpr std::uint32_t kLeft = 1 << 4;
  static constexpr std::uint32_t kDmem = 1 << 7;

  std::uint32_t address(std::uint32_t row) const {
    return 0x80000000 + (first_row_ + row) * row_bytes_;
  }
  void number(std::uint8_t r, std::uint32_t value) {
    const std::int32_t low = static_cast<std::int32_t>(value << 20) >> 20;
    emit(isa::Op::kLui,
         {r, 0, 0, static_cast<std::int32_t>(value - static_cast<std::uint32_t>(low))});
    emit(isa::Op::kAddi, {r, r, 0, low});
  }
  std::uint8_t v() { return static_cast<std::uint8_t>(random_.below(isa::kVectorRegisters)); }

  void wait(std::uint32_t units) {
    if (units == 0) return;
    emit(isa::Op::kWait, {0, 0, 0, static_cast<std::int32_t>(units)});
    if ((units & kTensor) != 0) tensor_reads_ = tensor_writes_ = false;
    if ((units & kVectors) != 0) vector_reads_ = vector_writes_ = false;
  }
  void wait_if(bool tensor, bool vectors) {
    wait((tensor ? kTensor : 0U) | (vectors ? kVectors : 0U));
  }

  void multiply() {
    wait_if(tensor_writes_, vector_writes_);
    const std::uint32_t batch = random_.percent(60) ? 1 : 1 + random_.below(4);
    const bool dmem = random_.percent(25);
    const std::uint32_t most = dmem ? rows_ / 2 : wmem_rows_ / 2;
    std::uint32_t k = 1 + random_.below(random_.percent(20) ? 3 * lanes_ : 20);
    if (k > most) k = most;
    const std::uint32_t x_rows = batch * ((k + lanes_ - 1) / lanes_);
    if (x_rows > rows_) return;
    const std::uint32_t step = 1 + random_.below(2);
    const std::uint32_t matrix_rows = dmem ? rows_ : wmem_rows_;
    const std::uint32_t from =
        random_.below(matrix_rows - step * (k - 1)) + (dmem ? first_row_ : 0);
    number(kAddress, from);
    number(kCount, step);
    emit(isa::Op::kWptr, {0, kAddress, kCount, 0});
    number(kAddress, address(random_.below(rows_ - x_rows + 1)));
    number(kCount, k);
    const std::uint32_t flags = random_.below(4) | (random_.percent(50) ? 4U : 0U) |
                                (batch - 1) << 3 | random_.below(3) << 5 | (dmem ? kDmem : 0U);
    emit(isa::Op::kGemv, {0, kAddress, kCount, static_cast<std::int32_t>(flags)});
    tensor_reads_ = true;
  }

  void add() {
    wait_if(tensor_writes_, vector_writes_);
    number(kAddress, address(random_.below(rows_ - 1)));
    const std::uint32_t flags = random_.below(4) | (random_.percent(50) ? 4U : 0U);
    emit(isa::Op::kAdda, {0, kAddress, 0, static_cast<std::int32_t>(flags)});
    tensor_reads_ = true;
  }

  void read_out(std::uint32_t bank, std::uint32_t row, std::uint32_t format) {
    wait_if(false, vector_reads_ || vector_writes_);
    number(kAddress, address(row));
    const std::uint32_t flags = bank | format << 8 | (random_.percent(25) ? 1U << 10 : 0U);
    emit(isa::Op::kRead, {0, kAddress, 0, static_cast<std::int32_t>(flags)});
    tensor_writes_ = true;
  }

  void load_row() {
    if (random_.percent(30)) {
      number(kAddress, random_.below(wmem_rows_));
      emit(isa::Op::kVldw, {v(), kAddress, 0, 0});
      return;
    }
    wait_if(tensor_writes_, false);
    number(kAddress, address(random_.below(rows_)) - 2 * row_bytes_);
    emit(isa::Op::kVld, {v(), kAddress, 0, static_cast<std::int32_t>(2 * row_bytes_)});
    vector_reads_ = true;
  }

  void store_row(std::uint8_t from, std::uint32_t row) {
    wait_if(tensor_reads_ || tensor_writes_, false);
    number(kAddress, address(row) + row_bytes_);
    emit(isa::Op::kVst, {0, kAddress, from, -static_cast<std::int32_t>(row_bytes_)});
    vector_writes_ = true;
  }

  // One or two from the lower half of the units' rows to the upper, of any length and alignment.
  void messages() {
    wait(kTensor | kVectors);
    const std::uint32_t half = rows_ * row_bytes_ / 8, most = std::min(half / 2, 70U);  // words
    const std::uint32_t count = 1 + random_.below(2);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t words = random_.below(most + 1);
      const std::uint32_t from = i * (half / 2) + random_.below(half / 2 - words + 1);
      const std::uint32_t to = half + i * (half / 2) + random_.below(half / 2 - words + 1);
      const auto channel = static_cast<std::int32_t>(random_.below(256));
      number(kCount, words);
      const auto send = [&] {
        number(kAddress, address(0) + 4 * from);
        emit(isa::Op::kSend, {0, kAddress, kCount, channel});
      };
      const bool first = random_.percent(50);
      if (first) send();
      number(kAddress, address(0) + 4 * to);
      emit(random_.percent(50) ? isa::Op::kRecv : isa::Op::kRadd, {0, kAddress, kCount, channel});
      if (!first) send();
    }
    if (random_.percent(50)) wait(kReceives | kLeft);
    wait(kSends | kReceives);
  }

  // A word of a result to the core, and one of the core's to where operands are.
  void exchange() {
    wait(kTensor | kVectors);
    number(kAddress, address(0) + 4 * random_.below(rows_ * row_bytes_ / 4));
    emit(isa::Op::kLw, {x(), kAddress, 0, 0});
    number(kAddress, address(0) + 4 * random_.below(rows_ * row_bytes_ / 4));
    emit(isa::Op::kSw, {0, kAddress, x(), 0});
  }

  std::uint32_t lanes_, row_bytes_, first_row_, rows_, wmem_rows_;
  bool tensor_reads_ = false, tensor_writes_ = false;  // since the last wait
  bool vector_reads_ = false, vector_writes_ = false;
};

}  // namespace tilewright::rtl

// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Random programs for a whole tile: those of RandomProgram with legal commands to the tensor
// engine, accesses of the vector unit and messages to the tile itself and to a second tile among
// them. Loads and stores keep to the window at DMEM's beginning, the units to the rows behind it,
// but for words that are exchanged when they are idle. Where one unit could see what another has
// not done yet, or too early, the program waits.
#pragma once

#include <array>

#include "random_program.h"

namespace tilewright::rtl {

// What two tiles, (0, 0) and (1, 0), send each other at one time: by sender, in order.
struct Talk {
  struct Message {
    std::uint32_t share, channel;  // of the longest that is possible, in 1/256
  };
  std::array<std::vector<Message>, 2> from;
};
// Both programs of a pair hold all of them, so that no end waits for ever.
inline std::vector<Talk> random_talks(std::uint64_t seed, std::uint32_t count) {
  Random random(seed);
  std::vector<Talk> talks(count);
  for (Talk& talk : talks) {
    for (auto& messages : talk.from) {
      messages.resize(random.below(3));  // the network interface holds two sends
      for (auto& m : messages) m = {random.below(257), random.below(256)};
    }
  }
  return talks;
}

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

  // For tile (x, 0), with the talks of its pair.
  void talk(std::uint32_t x, std::vector<Talk> talks) {
    x_here_ = x;
    talks_ = std::move(talks);
  }

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
        if (talked_ < talks_.size() && random_.percent(70)) {
          exchange_with_peer(talks_[talked_++]);
        } else {
          messages_to_itself();
        }
        break;
      default:
        multiply();
    }
  }

  // All banks and vector registers to the last rows, so that DMEM shows them.
  void epilogue() override {
    while (talked_ < talks_.size()) exchange_with_peer(talks_[talked_++]);
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
  void messages_to_itself() {
    wait(kTensor | kVectors);
    const std::uint32_t count = 1 + random_.below(2);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t words = random_.below(most_words() + 1);
      const std::uint32_t channel = random_.below(256);
      const bool first = random_.percent(50);
      if (first) send(i, x_here_, words, channel);
      receive(i, x_here_, words, channel);
      if (!first) send(i, x_here_, words, channel);
    }
    if (random_.percent(50)) wait(kReceives | kLeft);
    wait(kSends | kReceives);
  }

  void exchange_with_peer(const Talk& talk) {
    wait(kTensor | kVectors);
    const std::uint32_t peer = 1 - x_here_;
    const auto& sends = talk.from.at(x_here_);
    const auto& receives = talk.from.at(peer);
    std::uint32_t sent = 0, received = 0;
    while (sent < sends.size() || received < receives.size()) {
      const bool sends_now =
          received == receives.size() || (sent < sends.size() && random_.percent(50));
      const Talk::Message& m = sends_now ? sends[sent] : receives[received];
      const std::uint32_t words = most_words() * m.share / 256;
      if (sends_now) {
        send(sent++, peer, words, m.channel);
      } else {
        receive(received++, peer, words, m.channel);
      }
    }
    if (random_.percent(50)) wait(kReceives | kLeft);
    wait(kSends | kReceives);
  }

  // Words of the lower half of the units' rows; a quarter of them all holds the longest message.
  std::uint32_t half_words() const { return rows_ * row_bytes_ / 8; }
  std::uint32_t most_words() const { return std::min(half_words() / 2, 70U); }

  void send(std::uint32_t place, std::uint32_t peer, std::uint32_t words, std::uint32_t channel) {
    const std::uint32_t quarter = half_words() / 2;
    number(kCount, words | peer << 16);
    number(kAddress, address(0) + 4 * (place * quarter + random_.below(quarter - words + 1)));
    emit(isa::Op::kSend, {0, kAddress, kCount, static_cast<std::int32_t>(channel)});
  }
  void receive(std::uint32_t place, std::uint32_t peer, std::uint32_t words,
               std::uint32_t channel) {
    const std::uint32_t quarter = half_words() / 2;
    number(kCount, words | peer << 16);
    number(kAddress, address(0) + 4 * ((2 + place) * quarter + random_.below(quarter - words + 1)));
    emit(random_.percent(50) ? isa::Op::kRecv : isa::Op::kRadd,
         {0, kAddress, kCount, static_cast<std::int32_t>(channel)});
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
  std::uint32_t x_here_ = 0;
  std::vector<Talk> talks_;
  std::size_t talked_ = 0;
};

}  // namespace tilewright::rtl

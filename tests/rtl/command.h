// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The tile's 64-bit commands, as rtl/README.md tabulates them: encoder, decoder, and their layout
// in IMEM.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tilewright::rtl {

enum class Op : std::uint8_t {
  kHalt = 0,
  kWptr = 1,
  kGemv = 2,
  kAddf = 3,
  kRd = 4,
  kMove = 5,
  kSend = 6,
  kRecv = 7,
  kRadd = 8,
  kWait = 9
};

struct Command {
  std::uint64_t word = 0;

  Op op() const { return static_cast<Op>(word >> 56); }
  std::uint64_t arg() const { return word & ((std::uint64_t{1} << 56) - 1); }
  std::uint32_t field(unsigned lsb, unsigned width) const {
    return static_cast<std::uint32_t>((word >> lsb) & ((std::uint64_t{1} << width) - 1));
  }

  std::uint32_t row() const { return field(0, 16); }
  std::uint32_t count() const { return field(16, 16); }
  std::uint32_t bank() const { return field(32, 1); }
  bool clr() const { return field(33, 1) != 0; }
  bool fp32() const { return field(34, 1) != 0; }
  bool relu() const { return field(35, 1) != 0; }
  std::uint32_t destination() const { return field(36, 16); }
  std::uint32_t base() const { return field(0, 24); }
  std::int16_t stride() const { return static_cast<std::int16_t>(field(32, 16)); }
};

inline Command make_command(Op op, std::uint64_t arg) {
  return {(static_cast<std::uint64_t>(op) << 56) | arg};
}
inline Command halt(std::uint32_t code = 0) {
  return make_command(Op::kHalt, code);
}
inline Command wptr(std::uint32_t base, std::int16_t stride = 1) {
  return make_command(Op::kWptr, base | (std::uint64_t{static_cast<std::uint16_t>(stride)} << 32));
}
inline Command gemv(std::uint32_t x_row, std::uint32_t k, unsigned bank, bool clr = true) {
  return make_command(Op::kGemv, x_row | (std::uint64_t{k} << 16) | (std::uint64_t{bank} << 32) |
                                     (std::uint64_t{clr} << 33));
}
inline Command addf(std::uint32_t row, unsigned bank, bool clr) {
  return make_command(Op::kAddf, row | (std::uint64_t{bank} << 32) | (std::uint64_t{clr} << 33));
}
inline Command rd(std::uint32_t row, unsigned bank, bool fp32 = false, bool relu = false) {
  return make_command(Op::kRd, row | (std::uint64_t{bank} << 32) | (std::uint64_t{fp32} << 34) |
                                   (std::uint64_t{relu} << 35));
}
inline Command move(std::uint32_t source, std::uint32_t rows, std::uint32_t destination) {
  return make_command(Op::kMove,
                      source | (std::uint64_t{rows} << 16) | (std::uint64_t{destination} << 36));
}
// SEND, RECV, RADD: word address and length count 32-bit words of DMEM.
inline Command transfer(Op op, std::uint32_t word, std::uint32_t length, std::uint32_t channel,
                        std::uint32_t peer_x, std::uint32_t peer_y) {
  return make_command(op, word | (std::uint64_t{length} << 17) | (std::uint64_t{channel} << 33) |
                              (std::uint64_t{peer_x} << 41) | (std::uint64_t{peer_y} << 47));
}
inline constexpr unsigned kWaitTensor = 1, kWaitSend = 2, kWaitRecv = 4;
inline Command wait(unsigned units) {
  return make_command(Op::kWait, units);
}

// The program as IMEM blocks of fetch_size 32-bit words (tcc_seq_fetch's layout), first word first.
inline std::vector<std::vector<std::uint32_t>> imem_blocks(const std::vector<Command>& program,
                                                           std::size_t fetch_size) {
  std::vector<std::uint32_t> words;
  const std::size_t slots = fetch_size / 2;
  std::size_t slot = 0;
  for (const Command& command : program) {
    words.push_back(static_cast<std::uint32_t>(command.word));
    words.push_back(static_cast<std::uint32_t>(command.word >> 32));
    if (fetch_size > 1 && ++slot == slots) {
      slot = 0;
      if (fetch_size % 2 == 1) words.push_back(0);
    }
  }
  words.resize((words.size() + fetch_size - 1) / fetch_size * fetch_size);
  std::vector<std::vector<std::uint32_t>> blocks;
  for (std::size_t i = 0; i < words.size(); i += fetch_size) {
    blocks.emplace_back(words.begin() + static_cast<std::ptrdiff_t>(i),
                        words.begin() + static_cast<std::ptrdiff_t>(i + fetch_size));
  }
  return blocks;
}

}  // namespace tilewright::rtl

// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Commands of a tile: the tensor engine's, with their arguments as tcc_pkg lays them out, and those
// of a whole tile program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tilewright::rtl {

enum class Op : std::uint8_t {
  kWptr = 0,  // OP_* of tcc_pkg
  kGemv = 1,
  kAddf = 2,
  kRd = 3,
  kSend,
  kRecv,
  kRadd,
  kWait,
  kHalt
};

struct Command {
  Op op = Op::kHalt;
  std::uint64_t arg = 0;

  std::uint32_t field(unsigned lsb, unsigned width) const {
    return static_cast<std::uint32_t>((arg >> lsb) & ((std::uint64_t{1} << width) - 1));
  }

  // Tensor engine
  std::uint32_t row() const { return field(0, 16); }
  std::uint32_t count() const { return field(16, 16); }
  std::uint32_t flags() const { return field(32, 12); }
  std::uint32_t bank() const { return field(32, 2); }
  bool clr() const { return field(34, 1) != 0; }
  std::uint32_t batch() const { return field(35, 2) + 1; }
  std::uint32_t type() const { return field(37, 2); }
  bool dmem() const { return field(39, 1) != 0; }
  std::uint32_t format() const { return field(40, 2); }
  bool relu() const { return field(42, 1) != 0; }
  std::uint32_t base() const { return field(0, 24); }
  std::int16_t stride() const { return static_cast<std::int16_t>(field(32, 16)); }

  // Messages: address and length in 32-bit words
  std::uint32_t word() const { return field(0, 17); }
  std::uint32_t length() const { return field(17, 16); }
  std::uint32_t channel() const { return field(33, 8); }
  std::uint32_t peer_x() const { return field(41, 6); }
  std::uint32_t peer_y() const { return field(47, 6); }
};

inline Command halt(std::uint32_t code = 0) {
  return {Op::kHalt, code};
}
inline Command wptr(std::uint32_t base, std::int16_t stride = 1) {
  return {Op::kWptr, base | (std::uint64_t{static_cast<std::uint16_t>(stride)} << 32)};
}
struct Gemv {
  unsigned bank = 0;
  bool clr = true;
  unsigned batch = 1;  // vectors, in banks bank, bank + 1, ...
  unsigned type = 0;   // fp16, bf16, int8
  bool dmem = false;   // matrix from DMEM
};
inline Command gemv(std::uint32_t x_row, std::uint32_t k, const Gemv& how) {
  return {Op::kGemv, x_row | (std::uint64_t{k} << 16) | (std::uint64_t{how.bank} << 32) |
                         (std::uint64_t{how.clr} << 34) | (std::uint64_t{how.batch - 1} << 35) |
                         (std::uint64_t{how.type} << 37) | (std::uint64_t{how.dmem} << 39)};
}
inline Command gemv(std::uint32_t x_row, std::uint32_t k, unsigned bank, bool clr = true) {
  return gemv(x_row, k, {.bank = bank, .clr = clr});
}
inline Command addf(std::uint32_t row, unsigned bank, bool clr) {
  return {Op::kAddf, row | (std::uint64_t{bank} << 32) | (std::uint64_t{clr} << 34)};
}
// Formats: 0 fp16, 1 fp32, 2 int32, 3 bf16.
inline Command rd(std::uint32_t row, unsigned bank, unsigned format = 0, bool relu = false) {
  return {Op::kRd, row | (std::uint64_t{bank} << 32) | (std::uint64_t{format} << 40) |
                       (std::uint64_t{relu} << 42)};
}
inline Command transfer(Op op, std::uint32_t word, std::uint32_t length, std::uint32_t channel,
                        std::uint32_t peer_x, std::uint32_t peer_y) {
  return {op, word | (std::uint64_t{length} << 17) | (std::uint64_t{channel} << 33) |
                  (std::uint64_t{peer_x} << 41) | (std::uint64_t{peer_y} << 47)};
}
inline constexpr unsigned kWaitTensor = 1, kWaitSend = 2, kWaitRecv = 4;
inline Command wait(unsigned units) {
  return {Op::kWait, units};
}

}  // namespace tilewright::rtl

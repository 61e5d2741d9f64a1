// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// A program that keeps every part of a tile at work, and its images: rounds of a matrix-vector
// product streamed from WMEM with scalar arithmetic beside it, vector work on the results, and
// messages around a ring of all tiles, in which a tile's results are the next one's operands. The
// same at any VLEN: vectors have `k` fp16 elements, the matrix is k x k.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "codegen/assembler.h"
#include "golden_tensor.h"
#include "network_bench.h"
#include "tile_program.h"

namespace tilewright::rtl {

struct Workload {
  std::uint32_t vlen = 128, k = 64;      // k: a power of two
  std::uint32_t rounds = 4, scalar = 8;  // turns of the scalar loop a round
  // The ring: columns x rows tiles, row by row; one tile: no messages.
  std::uint32_t columns = 1, rows = 1, tile = 0;

  std::uint32_t tiles() const { return columns * rows; }
  std::uint32_t row_bytes() const { return vlen / 8; }
  std::uint32_t lanes() const { return vlen / 16; }
  std::uint32_t blocks() const { return std::max(1U, k / lanes()); }
  // Bytes of a vector of k elements in whole rows; x at the beginning, y behind it, then the
  // core's words.
  std::uint32_t vector_bytes() const { return blocks() * row_bytes(); }
  std::uint32_t wmem_rows() const { return blocks() * k; }
};

namespace workload {

inline std::string line(const std::string& text) {
  return "  " + text + "\n";
}

inline std::string equ(const std::string& name, std::uint32_t value) {
  return line(".equ " + name + ", " + std::to_string(value));
}

// Two banks: the read-out of one block beside the product of the next. s1: x, s2: y.
inline std::string products(const Workload& w) {
  std::string text = line("t.wptr zero, s4") + line("mv a1, s2");
  for (std::uint32_t block = 0; block < w.blocks(); ++block) {
    const std::string bank = block % 2 == 0 ? "" : "bank1";
    text += line("t.gemv s1, s3, " + (bank.empty() ? bank : bank + "+") + "clr") +
            line("t.rd a1, " + (bank.empty() ? "0" : bank)) + line("addi a1, a1, ROW");
  }
  return text;
}

// A mixing of words in the core, beside the products.
inline const char* scalar_loop() {
  return R"(
  li t0, SCALAR
mix:
  slli t1, s5, 13
  xor s5, s5, t1
  srli t1, s5, 17
  xor s5, s5, t1
  mul t2, s5, s6
  lw t3, 0(s7)
  add t3, t3, t2
  sw t3, 0(s7)
  addi t0, t0, -1
  bnez t0, mix
)";
}

// y = a bounded, smooth function of the product: what the next tile can multiply again.
inline const char* vector_loop() {
  return R"(
  s.wait tensor
  mv a1, s2
  li t0, BLOCKS
block:
  v.ld v1, 0(a1)
  v.mul v2, v1, v1
  v.fma v2, v1, v3
  v.max v2, v2, v4
  v.min v2, v2, v5
  v.swap v6, v2, 1
  v.sub v2, v2, v6
  v.exp2 v7, v2
  v.sub v7, v7, v5
  v.max v7, v7, v4
  v.min v7, v7, v5
  v.st v7, 0(a1)
  addi a1, a1, ROW
  addi t0, t0, -1
  bnez t0, block
  s.wait vectors
)";
}

inline const char* messages() {
  return R"(
  n.recv s1, s8, 1
  n.send s2, s9, 1
  s.wait sends+receives
)";
}

inline std::uint32_t peer(const Workload& w, std::uint32_t tile) {
  return peer_operand(tile % w.columns, tile / w.columns, w.k / 2);
}

}  // namespace workload

inline std::string program_text(const Workload& w) {
  using namespace workload;
  const std::uint32_t last = w.tiles() - 1;
  std::string text = equ("ROW", w.row_bytes()) + equ("BLOCKS", w.blocks()) +
                     equ("SCALAR", w.scalar) + equ("ROUNDS", w.rounds) + equ("K", w.k) +
                     equ("X", kDmemAddress) + equ("Y", kDmemAddress + w.vector_bytes()) +
                     equ("WORDS", kDmemAddress + 2 * w.vector_bytes()) +
                     equ("FROM", peer(w, w.tile == 0 ? last : w.tile - 1)) +
                     equ("TO", peer(w, w.tile == last ? 0 : w.tile + 1));
  text += R"(
  li s0, ROUNDS
  li s1, X
  li s2, Y
  li s3, K
  li s4, 1
  n.id s5
  addi s5, s5, 77
  li s6, 0x9e3779b1
  li s7, WORDS
  li s8, FROM
  li s9, TO
  li t0, 0xb800
  v.splat v3, t0
  li t0, 0xbc00
  v.splat v4, t0
  li t0, 0x3c00
  v.splat v5, t0
round:
)";
  text += products(w) + scalar_loop() + vector_loop() + (w.tiles() > 1 ? messages() : "");
  return text + line("addi s0, s0, -1") + line("bnez s0, round") + line("s.halt 0");
}

inline std::vector<std::uint32_t> program_words(const Workload& w) {
  return assemble(program_text(w), "workload.s").words;
}

// Random rows of fp16, each element with an exponent from `low` to `low` + 3.
inline std::vector<Row> random_rows(std::uint32_t rows, std::uint32_t vlen, std::uint32_t low,
                                    Random& random) {
  std::vector<Row> image(rows, Row(vlen / 32));
  for (Row& row : image) {
    for (std::uint32_t lane = 0; lane < vlen / 16; ++lane) {
      set_half(
          row, lane,
          static_cast<std::uint16_t>((random.word() & 0x83ffU) | ((low + random.below(4)) << 10)));
    }
  }
  return image;
}

inline std::vector<Row> wmem_image(const Workload& w) {
  Random random(1 + w.tile);
  return random_rows(w.wmem_rows(), w.vlen, 9, random);
}

// x, then zeros as far as the program looks.
inline std::vector<Row> dmem_image(const Workload& w) {
  Random random(1001 + w.tile);
  std::vector<Row> image = random_rows(w.blocks(), w.vlen, 11, random);
  image.resize(2 * w.blocks() + 1, Row(w.vlen / 32));
  return image;
}

}  // namespace tilewright::rtl

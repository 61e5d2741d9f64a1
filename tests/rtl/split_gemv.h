// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// One FP16 matrix-vector product y = W x on a mesh of tiles, which may differ in VLEN: operands,
// golden result, and every tile's program and memory images. Mesh column c owns a part of the
// outputs, mesh row r a part of K. Tiles send fp32 partial sums over the network to row 0, which
// adds them in the order of the rows (RADD), rounds to fp16 and sends its outputs to tile (0, 0).
// Communication of one chunk of outputs overlaps computation of the next. Data that travels is
// addressed in words, in which the order of the outputs is the same at every VLEN.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "command.h"
#include "golden_fp16.h"
#include "golden_tensor.h"
#include "network_bench.h"
#include "tile_program.h"

namespace tilewright::rtl {

struct TileShape {
  std::uint32_t vlen = 128, fetch_size = 2, dmem_kib = 16;
  constexpr std::uint32_t lanes() const { return vlen / 16; }
  constexpr std::uint32_t row_words() const { return vlen / 32; }
  constexpr std::uint32_t dmem_rows() const { return dmem_kib * 8192 / vlen; }
};

struct Split {
  std::uint32_t columns = 1, rows = 1;  // of the mesh
  std::uint32_t column_outputs = 0;     // outputs that a mesh column owns, a multiple of chunk
  std::uint32_t tile_k = 0;             // elements of x that a mesh row owns
  std::uint32_t chunk = 0;              // outputs a message, a multiple of every tile's lanes
  bool host = false;  // x comes from the host at (0, rows) and y goes to it; else x is in DMEM

  constexpr std::uint32_t outputs() const { return columns * column_outputs; }
  constexpr std::uint32_t k() const { return rows * tile_k; }
};

inline constexpr std::uint32_t kGatherChannel = 100, kInputChannel = 101, kResultChannel = 102;

// DMEM of a tile, in rows of its VLEN.
struct Layout {
  constexpr Layout(const Split& split, const TileShape& tile)
      : blocks(split.column_outputs / tile.lanes()),
        x(0),
        partial((split.tile_k + tile.lanes() - 1) / tile.lanes()),
        output(partial + 2 * blocks),
        result(output + blocks),
        end(result + split.outputs() / tile.lanes()) {}
  constexpr bool fits(const TileShape& tile) const { return end <= tile.dmem_rows(); }

  std::uint32_t blocks;   // of `lanes` outputs
  std::uint32_t x;        // this mesh row's part of x, fp16
  std::uint32_t partial;  // the column's partial sums, fp32
  std::uint32_t output;   // mesh row 0: the column's outputs, fp16
  std::uint32_t result;   // tile (0, 0): all outputs, fp16
  std::uint32_t end;
};

// weights[k][n], both fp16.
struct Problem {
  std::uint32_t outputs = 0;
  std::vector<std::uint16_t> x, weights;
  std::uint16_t weight(std::uint32_t k, std::uint32_t n) const {
    return weights[std::size_t{k} * outputs + n];
  }
};

// Magnitudes from 2^-5 to 2^3, both signs.
inline Problem make_problem(const Split& split, std::uint64_t seed) {
  Random random(seed);
  const auto operand = [&] {
    return static_cast<std::uint16_t>((random.word() & 0x83FFU) | ((10 + random.below(8)) << 10));
  };
  Problem problem{split.outputs(), std::vector<std::uint16_t>(split.k()), {}};
  problem.weights.resize(std::size_t{split.k()} * split.outputs());
  std::generate(problem.x.begin(), problem.x.end(), operand);
  std::generate(problem.weights.begin(), problem.weights.end(), operand);
  return problem;
}

// Each mesh row's part exactly, rounded once to fp32; the parts added in binary32 in the order of
// the rows; the sum rounded once to fp16.
inline std::uint16_t golden_output(const Split& split, const Problem& problem, std::uint32_t n) {
  std::uint32_t sum = 0;
  for (std::uint32_t row = 0; row < split.rows; ++row) {
    ExactSum exact;
    for (std::uint32_t k = row * split.tile_k; k < (row + 1) * split.tile_k; ++k)
      exact.add_product(problem.x[k], problem.weight(k, n));
    const std::uint32_t partial = exact.read(kFp32);
    sum = row == 0 ? partial : host_add(sum, partial);
  }
  ExactSum rounded;
  rounded.add_fp32(sum);
  return static_cast<std::uint16_t>(rounded.read(kFp16));
}

// Compares every output with the golden one, and that with plain double arithmetic: half an fp16
// place and the rounding of the partial sums.
template <typename Result>
void check_outputs(const Split& split, const Problem& problem, Result result, Verdict& verdict) {
  for (std::uint32_t n = 0; n < split.outputs(); ++n) {
    const std::uint16_t expected = golden_output(split, problem, n);
    verdict.expect(result(n) == expected, "output differs from golden", n);
    double sum = 0, magnitude = 0;
    for (std::uint32_t k = 0; k < split.k(); ++k) {
      const double product = to_double(problem.x[k]) * to_double(problem.weight(k, n));
      sum += product;
      magnitude += std::fabs(product);
    }
    const double error = std::fabs(to_double(expected) - sum);
    verdict.expect(error <= std::fabs(sum) * 0x1p-11 + magnitude * 0x1p-22,
                   "golden is not the product", n);
  }
}

// Program and images of the tile at (x, y).
class TilePart {
 public:
  TilePart(const Split& split, const TileShape& tile, std::uint32_t x, std::uint32_t y)
      : split_(split), tile_(tile), at_(split, tile), x_(x), y_(y) {}

  std::vector<Command> program() const {
    const std::uint32_t chunks = split_.column_outputs / split_.chunk;
    std::vector<Command> commands;
    if (split_.host) append(commands, take_x());
    append(commands, {wptr(0)});
    append(commands, compute(0));
    append(commands, {wait(kWaitTensor)});
    for (std::uint32_t chunk = 0; chunk < chunks; ++chunk) {
      if (chunk + 1 < chunks) append(commands, compute(chunk + 1));
      append(commands, reduce(chunk));
      append(commands, {wait(kWaitTensor | kWaitSend | kWaitRecv)});
    }
    if (y_ == 0) append(commands, gather());
    append(commands, {halt()});
    return commands;
  }

  // For each block of the tile's outputs, tile_k rows of that block's weights.
  std::vector<Row> wmem(const Problem& problem) const {
    std::vector<Row> rows;
    for (std::uint32_t block = 0; block < at_.blocks; ++block) {
      for (std::uint32_t k = 0; k < split_.tile_k; ++k) {
        Row row(tile_.row_words());
        for (std::uint32_t lane = 0; lane < tile_.lanes(); ++lane) {
          set_half(row, lane,
                   problem.weight(y_ * split_.tile_k + k,
                                  x_ * split_.column_outputs + block * tile_.lanes() + lane));
        }
        rows.push_back(std::move(row));
      }
    }
    return rows;
  }

  // The tile's part of x, zeros elsewhere.
  std::vector<Row> dmem(const Problem& problem) const {
    std::vector<Row> rows(tile_.dmem_rows(), Row(tile_.row_words()));
    for (std::uint32_t k = 0; k < split_.tile_k; ++k) {
      set_half(rows[at_.x + k / tile_.lanes()], k % tile_.lanes(),
               problem.x[y_ * split_.tile_k + k]);
    }
    return rows;
  }

 private:
  static void append(std::vector<Command>& commands, const std::vector<Command>& more) {
    commands.insert(commands.end(), more.begin(), more.end());
  }
  std::uint32_t word(std::uint32_t row) const { return row * tile_.row_words(); }
  std::uint32_t chunk_word(std::uint32_t chunk) const {
    return word(at_.partial) + chunk * split_.chunk;
  }
  Command with_host(Op op, std::uint32_t from, std::uint32_t words, std::uint32_t channel) const {
    return transfer(op, from, words, channel, 0, split_.rows);
  }

  std::vector<Command> take_x() const {
    return {with_host(Op::kRecv, word(at_.x), split_.tile_k / 2, kInputChannel), wait(kWaitRecv)};
  }

  std::vector<Command> compute(std::uint32_t chunk) const {
    const std::uint32_t blocks = split_.chunk / tile_.lanes();
    std::vector<Command> commands;
    for (std::uint32_t block = chunk * blocks; block < (chunk + 1) * blocks; ++block) {
      append(commands,
             {gemv(at_.x, split_.tile_k, block % 2), rd(at_.partial + 2 * block, block % 2, true)});
    }
    return commands;
  }

  // Row 0 adds the other rows' partial sums of the chunk, in the order of the rows; the others send
  // theirs.
  std::vector<Command> reduce(std::uint32_t chunk) const {
    if (y_ > 0) return {transfer(Op::kSend, chunk_word(chunk), split_.chunk, chunk, x_, 0)};
    std::vector<Command> commands;
    for (std::uint32_t from = 1; from < split_.rows; ++from)
      commands.push_back(transfer(Op::kRadd, chunk_word(chunk), split_.chunk, chunk, x_, from));
    return commands;
  }

  // Row 0: sums to fp16, then to tile (0, 0), and from there to the host.
  std::vector<Command> gather() const {
    const std::uint32_t words = split_.column_outputs / 2;
    std::vector<Command> commands;
    const std::uint32_t to = x_ == 0 ? at_.result : at_.output;
    for (std::uint32_t block = 0; block < at_.blocks; ++block) {
      append(commands, {addf(at_.partial + 2 * block, block % 2, true), rd(to + block, block % 2)});
    }
    commands.push_back(wait(kWaitTensor));
    if (x_ > 0) {
      commands.push_back(transfer(Op::kSend, word(at_.output), words, kGatherChannel, 0, 0));
      return commands;
    }
    for (std::uint32_t from = 1; from < split_.columns; ++from) {
      commands.push_back(
          transfer(Op::kRecv, word(at_.result) + from * words, words, kGatherChannel, from, 0));
    }
    if (split_.host) {
      append(commands,
             {wait(kWaitTensor | kWaitRecv),
              with_host(Op::kSend, word(at_.result), split_.outputs() / 2, kResultChannel)});
    }
    return commands;
  }

  Split split_;
  TileShape tile_;
  Layout at_;
  std::uint32_t x_, y_;
};

}  // namespace tilewright::rtl

// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// A compiler's schedule of an all-reduce: every tile of a mesh holds a vector of binary32 words,
// and in the end every tile holds the sum of all of them.
//
// Ring      The tiles form a ring of neighbours (a Hamiltonian cycle): East along row 0, then rows
//           1, 2, ... to and fro over columns 1 and up, and back North along column 0. Each message
//           crosses one link, and each link carries the messages of one tile.
// Chunks    The vector is cut into as many chunks as there are tiles, a chunk into `pieces`. In
//           step t the tile at position p of the ring sends chunk p - t and receives chunk p - t -
//           1 (modulo the number of tiles), piece by piece. While t is below tiles - 1 it adds what
//           it receives (RADD), which leaves it the whole sum of chunk p + 1; in the as many steps
//           that follow it stores it (RECV).
// Sums      The words of chunk c are added in the order of the ring from position c on: ((x[c] +
//           x[c + 1]) + x[c + 2]) + ... Every tile gets the same bits.
// Waits     A piece is sent on when it has come, one step before: its SEND waits until that
//           receive, the (m - pieces + 1)-th of the tile for message m, is done. Nothing else
//           waits: a chunk is overwritten only by sums that contain what was sent of it. Receives
//           are issued one message ahead of sends, so that with pieces >= 2 a tile has three of
//           them open and a grant leaves between two packets a whole packet before it is needed.
// Assumes   columns >= 2, rows >= 2 and even; words a multiple of tiles * pieces; a network
//           interface that queues two sends and three receives, in order.
#pragma once

#include <cstdint>
#include <vector>

namespace tilewright::rtl {

struct RingCommand {
  enum class Kind : std::uint8_t { kSend, kRecv, kRadd, kWait };
  Kind kind = Kind::kWait;
  std::uint32_t peer = 0;     // tile, row by row from the North-West
  std::uint32_t address = 0;  // first word
  std::uint32_t words = 0;
  std::uint32_t receives = 0;  // kWait: so many receives of this tile are done
};

class RingAllReduce {
 public:
  RingAllReduce(std::uint32_t columns, std::uint32_t rows, std::uint32_t base, std::uint32_t words,
                std::uint32_t pieces)
      : tiles_(columns * rows), base_(base), pieces_(pieces), piece_(words / (tiles_ * pieces)) {
    for (std::uint32_t x = 0; x < columns; ++x) ring_.push_back(x);
    for (std::uint32_t y = 1; y < rows; ++y) {
      for (std::uint32_t i = 1; i < columns; ++i)
        ring_.push_back(y * columns + (y % 2 == 1 ? columns - i : i));
    }
    for (std::uint32_t y = rows - 1; y > 0; --y) ring_.push_back(y * columns);
  }

  std::uint32_t tiles() const { return tiles_; }
  std::uint32_t tile(std::uint32_t position) const { return ring_[position % tiles_]; }
  // The chunk that a word belongs to, as an offset from the base address.
  std::uint32_t chunk(std::uint32_t offset) const { return offset / (piece_ * pieces_); }

  // The commands of the tile at a position of the ring.
  std::vector<RingCommand> program(std::uint32_t position) const {
    using Kind = RingCommand::Kind;
    const std::uint32_t before = tile(position + tiles_ - 1), after = tile(position + 1);
    std::vector<RingCommand> commands;
    const auto address = [&](std::uint32_t message, std::uint32_t back) {
      const std::uint32_t chunk = (position + 2 * tiles_ - message / pieces_ - back) % tiles_;
      return base_ + (chunk * pieces_ + message % pieces_) * piece_;
    };
    const auto receive = [&](std::uint32_t message) -> RingCommand {
      const bool add = message / pieces_ < tiles_ - 1;
      return {add ? Kind::kRadd : Kind::kRecv, before, address(message, 1), piece_, 0};
    };
    const std::uint32_t messages = 2 * (tiles_ - 1) * pieces_;
    commands.push_back(receive(0));
    for (std::uint32_t message = 0; message < messages; ++message) {
      if (message >= pieces_) commands.push_back({Kind::kWait, 0, 0, 0, message - pieces_ + 1});
      if (message + 1 < messages) commands.push_back(receive(message + 1));
      commands.push_back({Kind::kSend, after, address(message, 0), piece_, 0});
    }
    return commands;
  }

 private:
  std::uint32_t tiles_, base_, pieces_, piece_;
  std::vector<std::uint32_t> ring_;
};

}  // namespace tilewright::rtl

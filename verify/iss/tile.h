// A tile: core, tensor engine, vector unit, and the messages that its network interface has under
// way.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "verify/iss/core.h"
#include "verify/iss/tensor.h"
#include "verify/iss/timing.h"
#include "verify/iss/vector.h"

namespace tilewright::iss {

struct Place {
  std::uint32_t x = 0, y = 0;
  bool operator==(const Place&) const = default;
};

struct TileShape {
  std::uint32_t vlen = 128;  // bits
  MemorySizes memory;
  std::uint32_t columns = 1, rows = 1;  // of the network: where peers can be
};

// A message that a program asked for and that has not ended.
struct Transfer {
  Place peer;
  std::uint32_t channel = 0, offset = 0, words = 0;  // offset in bytes from DMEM's beginning
  bool adds = false;                                 // n.radd
};

class Tile {
 public:
  // `wmem`: rows of VLEN bits; it outlives the tile.
  Tile(const TileShape& shape, Place place, std::span<const std::uint8_t> wmem);
  // The core calls back into the tile.
  Tile(const Tile&) = delete;
  Tile& operator=(const Tile&) = delete;

  Core& core() { return core_; }
  const Core& core() const { return core_; }
  Place place() const { return place_; }

  // In the order of the program; the mesh takes the first of each when both ends have it.
  std::deque<Transfer>& sends() { return sends_; }
  std::deque<Transfer>& receives() { return receives_; }
  // Up to an end or to a command that has to wait for a message.
  std::uint64_t run(std::uint64_t most);
  // From now on, which is before the program begins, run() also says when things happen.
  void time(const TimingShape& shape) { timing_ = std::make_unique<Timing>(shape); }
  Timing* timing() { return timing_.get(); }  // nullptr: not timed
  bool done() const { return core_.state() != CoreState::kRunning; }

 private:
  Outcome execute(const Command& c);
  Outcome transfer(const Command& c);
  Outcome wait(std::uint32_t units) const;

  TileShape shape_;
  Place place_;
  Core core_;
  Tensor tensor_;
  Vector vector_;
  std::deque<Transfer> sends_, receives_;
  std::unique_ptr<Timing> timing_;
};

}  // namespace tilewright::iss

#include "verify/iss/tile.h"

namespace tilewright::iss {
namespace {

// How many of each the network interface holds.
constexpr std::size_t kMostSends = 2, kMostReceives = 3;
constexpr std::uint32_t kWaitSends = 2, kWaitReceives = 4, kWaitLeftLsb = 4;

bool known_flags(const Command& c) {
  return (c.flags & ~isa::instruction(c.op).flags) == 0;
}

}  // namespace

Tile::Tile(const TileShape& shape, Place place, std::span<const std::uint8_t> wmem)
    : shape_(shape),
      place_(place),
      core_(shape.memory),
      tensor_(shape.vlen, wmem, core_.dmem()),
      vector_(shape.vlen, wmem, core_.dmem()) {
  core_.set_id(place.x | place.y << 16);
  core_.attach([this](const Command& c) { return execute(c); });
}

std::uint64_t Tile::run(std::uint64_t most) {
  if (timing_ == nullptr) return core_.run(most);
  const std::uint64_t before = core_.retired();
  while (core_.state() == CoreState::kRunning && core_.retired() - before < most) {
    const Retired r = core_.step();
    if (core_.blocked() || core_.state() == CoreState::kFaulted) break;
    timing_->retire(r);
  }
  return core_.retired() - before;
}

Outcome Tile::execute(const Command& c) {
  const isa::Instruction& instruction = isa::instruction(c.op);
  if (instruction.unit == isa::Unit::kVector)
    return vector_.execute(c, isa::operands_of(instruction.format, c.word));
  switch (c.op) {
    case isa::Op::kWait:
      return known_flags(c) ? wait(c.flags) : Outcome::kRefused;
    case isa::Op::kSend:
    case isa::Op::kRecv:
    case isa::Op::kRadd:
      return transfer(c);
    default:
      return tensor_.execute(c);
  }
}

Outcome Tile::wait(std::uint32_t units) const {
  const bool waits =
      ((units & kWaitSends) != 0 && !sends_.empty()) ||
      ((units & kWaitReceives) != 0 && receives_.size() > (units >> kWaitLeftLsb & 3));
  return waits ? Outcome::kBlocked : Outcome::kDone;
}

Outcome Tile::transfer(const Command& c) {
  const bool sends = c.op == isa::Op::kSend;
  const Transfer t{{c.b >> 16 & 63, c.b >> 22 & 63},
                   c.flags,
                   c.a - kDmemBase,
                   c.b & 0xffff,
                   c.op == isa::Op::kRadd};
  if (c.b >> 28 != 0 || !known_flags(c) || t.peer.x >= shape_.columns || t.peer.y >= shape_.rows ||
      c.a < kDmemBase || c.a % 4 != 0 ||
      std::uint64_t{t.offset} + std::uint64_t{t.words} * 4 > core_.dmem().size()) {
    return Outcome::kRefused;
  }
  std::deque<Transfer>& under_way = sends ? sends_ : receives_;
  if (under_way.size() == (sends ? kMostSends : kMostReceives)) return Outcome::kBlocked;
  under_way.push_back(t);
  return Outcome::kDone;
}

}  // namespace tilewright::iss

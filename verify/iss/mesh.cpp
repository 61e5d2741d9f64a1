#include "verify/iss/mesh.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "support/error.h"

namespace tilewright::iss {
namespace {

// As tcc_fp32_add: every NaN is the canonical one.
std::uint32_t fp32_sum(std::uint32_t a, std::uint32_t b) {
  const float sum = std::bit_cast<float>(a) + std::bit_cast<float>(b);
  return std::isnan(sum) ? 0x7fc0'0000 : std::bit_cast<std::uint32_t>(sum);
}

void move_words(const Transfer& from, std::span<const std::uint8_t> source, const Transfer& to,
                std::span<std::uint8_t> target) {
  for (std::uint32_t i = 0; i < to.words; ++i) {
    std::uint32_t value = 0;
    std::memcpy(&value, &source[from.offset + 4 * i], 4);
    if (to.adds) {
      std::uint32_t there = 0;
      std::memcpy(&there, &target[to.offset + 4 * i], 4);
      value = fp32_sum(there, value);
    }
    std::memcpy(&target[to.offset + 4 * i], &value, 4);
  }
}

std::string name(const Tile& tile) {
  return fmt::format("tile ({}, {})", tile.place().x, tile.place().y);
}

}  // namespace

Tile& Mesh::add(const TileShape& shape, std::span<const std::uint8_t> wmem) {
  const auto index = static_cast<std::uint32_t>(tiles_.size());
  if (index == columns_ * rows_)
    throw Error("TW-ISS-002", "the mesh has all its tiles", "mesh", "add one for each place");
  TileShape placed = shape;
  placed.columns = columns_;
  placed.rows = rows_;
  tiles_.push_back(std::make_unique<Tile>(placed, Place{index % columns_, index / columns_}, wmem));
  return *tiles_.back();
}

// The first message that the tile waits for, if its sender has come to it.
bool Mesh::deliver_to(Tile& receiver) {
  if (receiver.receives().empty()) return false;
  const Transfer to = receiver.receives().front();
  Tile& sender = tile(to.peer.x, to.peer.y);
  if (sender.sends().empty() || sender.sends().front().peer != receiver.place()) return false;
  const Transfer from = sender.sends().front();
  sender.sends().pop_front();
  receiver.receives().pop_front();
  if (from.channel != to.channel || from.words != to.words) {
    mismatches_.push_back(
        fmt::format("{} expects {} words on channel {} from {}, which sends {} on {}",
                    name(receiver), to.words, to.channel, name(sender), from.words, from.channel));
    return false;
  }
  move_words(from, sender.core().dmem(), to, receiver.core().dmem());
  if (sender.timing() != nullptr && receiver.timing() != nullptr) {
    const auto distance = [](std::uint32_t a, std::uint32_t b) { return a < b ? b - a : a - b; };
    const Place a = sender.place(), b = receiver.place();
    const std::uint32_t hops = distance(a.x, b.x) + distance(a.y, b.y);
    Timing::deliver(
        *sender.timing(), *receiver.timing(),
        {to.words, hops, from.offset / 4, to.offset / 4, a.y * columns_ + a.x, to.adds});
  }
  return true;
}

bool Mesh::deliver() {
  bool delivered = false;
  for (const auto& tile : tiles_) {
    while (deliver_to(*tile)) delivered = true;
  }
  return delivered;
}

Cycle Mesh::cycles() const {
  Cycle last = 0;
  for (const auto& tile : tiles_) {
    if (tile->timing() == nullptr)
      throw Error("TW-ISS-004", "not timed", name(*tile), "call Tile::time before the run");
    last = std::max(last, tile->timing()->cycles());
  }
  return last;
}

MeshState Mesh::run(std::uint64_t most) {
  while (true) {
    std::uint64_t retired = 0;
    for (const auto& tile : tiles_) retired += tile->run(most);
    const bool delivered = deliver();
    const auto faulted = [](const auto& t) { return t->core().state() == CoreState::kFaulted; };
    if (!mismatches_.empty() || std::ranges::any_of(tiles_, faulted)) return MeshState::kFaulted;
    // s.halt waits for the units: what is under way must end.
    const auto ended = [](const auto& t) {
      return t->done() && t->sends().empty() && t->receives().empty();
    };
    if (std::ranges::all_of(tiles_, ended)) return MeshState::kHalted;
    if (retired == 0 && !delivered) return MeshState::kDeadlock;
  }
}

std::string Mesh::explanation() const {
  if (!mismatches_.empty()) return mismatches_.front();
  for (const auto& tile : tiles_) {
    const Core& core = tile->core();
    const bool waits = !tile->sends().empty() || !tile->receives().empty() || core.blocked();
    if (core.state() == CoreState::kFaulted || waits) {
      return fmt::format("{} at {:#x}: {}", name(*tile), core.pc(),
                         core.state() == CoreState::kFaulted ? "stopped" : "waits for a message");
    }
  }
  return "";
}

std::uint64_t Mesh::retired() const {
  std::uint64_t sum = 0;
  for (const auto& tile : tiles_) sum += tile->core().retired();
  return sum;
}

}  // namespace tilewright::iss

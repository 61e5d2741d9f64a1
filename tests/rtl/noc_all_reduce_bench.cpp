// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The all-reduce of ring_all_reduce.h on 8x8 network nodes: 64 KiB of binary32 partial sums a tile,
// every word of every tile compared with the sum in the schedule's order. Link use is the number of
// cycles in which a flit (data, header or grant) moves over the busiest link, over the makespan:
// the cycles from the first command offered to the last interface idle. The argument is the seed.
#include <cinttypes>

#include "ni_mesh.h"
#include "ring_all_reduce.h"

#ifndef LEAST_PERCENT
#error "LEAST_PERCENT comes from the build rule"
#endif

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kWords = kMemoryWords, kPieces = 2;
constexpr std::uint32_t kChannel = 3;
static_assert(kWords * 4 == 64 * 1024);

std::vector<Command> commands_of(const std::vector<RingCommand>& program) {
  std::vector<Command> commands;
  for (const RingCommand& from : program) {
    const Op op = from.kind == RingCommand::Kind::kSend   ? kSend
                  : from.kind == RingCommand::Kind::kRecv ? kRecv
                  : from.kind == RingCommand::Kind::kRadd ? kRadd
                                                          : kWait;
    commands.push_back({op, from.peer, kChannel, from.address, from.words, from.receives});
  }
  return commands;
}

// Magnitudes from 2^-7 to 2^8: sums round in nearly every place, so their order shows.
std::uint32_t random_value(Random& random) {
  return (random.word() & 0x807FFFFFU) | ((120 + random.below(16)) << 23);
}

// From the definition: the words of chunk c added around the ring from position c on.
std::vector<std::uint32_t> golden_sums(Network& network, const RingAllReduce& ring) {
  std::vector<std::uint32_t> sums(kWords);
  for (std::uint32_t word = 0; word < kWords; ++word) {
    const std::uint32_t first = ring.chunk(word);
    std::uint32_t sum = network.node(ring.tile(first)).memory[word];
    for (std::uint32_t i = 1; i < ring.tiles(); ++i)
      sum = host_add(sum, network.node(ring.tile(first + i)).memory[word]);
    sums[word] = sum;
  }
  return sums;
}

int run(std::uint64_t seed) {
  Verdict verdict("rtl.noc_all_reduce_" + std::to_string(VLEN) + "_" + std::to_string(DFLIT_WIDTH));
  Random random(seed);
  Network network(verdict);
  const RingAllReduce ring(kSide, kSide, 0, kWords, kPieces);
  for (std::uint32_t position = 0; position < ring.tiles(); ++position) {
    Node& node = network.node(ring.tile(position));
    for (auto& word : node.memory) word = random_value(random);
    const auto commands = commands_of(ring.program(position));
    node.program.assign(commands.begin(), commands.end());
  }
  const auto sums = golden_sums(network, ring);

  const std::uint64_t cycles = network.run(random, 0, 0, 200'000);
  std::uint64_t busiest = 0;
  for (std::uint32_t i = 0; i < kNodes; ++i) {
    verdict.expect(!network.node(i).model.err_o, "error flag on a correct program", i);
    for (std::uint32_t word = 0; word < kWords; ++word) {
      verdict.expect(network.node(i).memory[word] == sums[word], "a sum differs",
                     i * kWords + word);
    }
    for (std::uint32_t port = 0; port < 4; ++port)
      busiest = std::max(busiest, network.transfers(i, port));
  }
  const double use = 100.0 * static_cast<double>(busiest) / static_cast<double>(cycles);
  verdict.expect(use >= LEAST_PERCENT, "link use below its floor", busiest);
  char text[200];
  std::snprintf(text, sizeof text,
                "64 KiB of binary32 on %ux%u bit-exact in %" PRIu64 " cycles, busiest link %" PRIu64
                " transfers = %.1f %%",
                kSide, kSide, cycles, busiest, use);
  return verdict.report(text);
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 9));
}

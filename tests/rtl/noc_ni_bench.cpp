// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_ni behind tcc_router, one model object a node: SEND, RECV and RADD of random lengths (0, 1,
// around a flit, around a row, long) between random pairs of a 4x4 mesh, itself included, at any
// alignment, with random stalls of links and memories; at every receive's done flag its words, and
// in the end every memory, are compared with a model that executes the messages one after the
// other. Then the rates of long transfers and of short ones back to back, and the error cases.
#include "ni_mesh.h"

#ifndef MESSAGES
#error "MESSAGES comes from the build rule"
#endif

namespace tilewright::rtl {
namespace {

// Sends read below, receives write from here.
constexpr std::uint32_t kReceiveBase = kMemoryWords / 2;
constexpr std::uint32_t kLongest = 1024;  // no random message is longer
static_assert(kLongest >= 2 * kFlitWords + 2 && kLongest > kRowWords + 2);

std::uint32_t random_length(Random& random) {
  switch (random.below(9)) {
    case 0:
      return 0;
    case 1:
      return 1;
    case 2:
      return kFlitWords - 2 + random.below(4);  // around one flit
    case 3:
      return 2 * kFlitWords - 2 + random.below(4);  // around two
    case 4:
      return kRowWords - 2 + random.below(4);  // around a row
    case 5:
      return random.below(200);
    default:
      return 1 + random.below(16);
  }
}

// Any bits, or values close enough to each other that sums round and cancel.
std::uint32_t random_value(Random& random) {
  const std::uint32_t bits = random.word();
  return random.percent(20) ? bits : (bits & 0x807FFFFF) | ((120 + random.below(16)) << 23);
}

using Memories = std::vector<std::vector<std::uint32_t>>;

// Appends one message to both programs and executes it on the model memories.
void add_message(Network& network, Memories& golden, Random& random) {
  // Start addresses; mostly few, so that receives meet each other's results, often of the last
  // message; of the whole half now and then.
  const std::uint32_t range = random.percent(50)   ? 2 * kRowWords
                              : random.percent(80) ? 2048
                                                   : kReceiveBase - kLongest;
  const std::uint32_t src = random.below(kNodes), dst = random.below(kNodes),
                      length = random_length(random);
  const Op op = random.percent(50) ? kRecv : kRadd;
  const std::uint32_t channel = random.below(256), from = random.below(range),
                      to = kReceiveBase + random.below(range);
  const Command send{kSend, dst, channel, from, length}, receive{op, src, channel, to, length};
  // Either order is fine when a node talks to itself; the engines run side by side.
  network.node(dst).program.push_back(receive);
  network.node(src).program.push_back(send);
  for (std::uint32_t i = 0; i < length; ++i) {
    std::uint32_t& word = golden[dst][to + i];
    const std::uint32_t sent = golden[src][from + i];
    word = op == kRecv ? sent : host_add(word, sent);
  }
  const auto first = golden[dst].begin() + to;
  network.node(dst).expected.push_back({to, {first, first + length}});
}

std::uint64_t random_messages(Network& network, Verdict& verdict, std::uint64_t messages,
                              std::uint32_t stall_percent, Random& random) {
  Memories golden(kNodes);
  for (std::uint32_t i = 0; i < kNodes; ++i) {
    for (auto& word : network.node(i).memory) word = random_value(random);
    golden[i] = network.node(i).memory;
    network.node(i).done = 0;
  }
  for (std::uint64_t i = 0; i < messages; ++i) add_message(network, golden, random);
  const std::uint64_t cycles =
      network.run(random, stall_percent, stall_percent / 2, 400 * messages + 20'000);
  std::uint64_t done = 0;
  for (std::uint32_t i = 0; i < kNodes; ++i) {
    done += network.node(i).done;
    verdict.expect(network.node(i).expected.empty(), "a receive without a done flag", i);
    verdict.expect(!network.node(i).model.err_o, "error flag on a correct program", i);
    for (std::uint32_t a = 0; a < kMemoryWords; ++a) {
      verdict.expect(network.node(i).memory[a] == golden[i][a], "memory differs",
                     i * kMemoryWords + a);
    }
  }
  verdict.expect(done == messages, "as many done flags as receives", done);
  return cycles;
}

// Cycles of `count` messages over one hop, all commands issued as soon as they are taken; with
// `both_ways` as many come back at the same time. `offset`: of all addresses, in words.
std::uint64_t transfer(Network& network, Op op, std::uint32_t length, std::uint32_t offset,
                       std::uint32_t count, bool both_ways, Random& random) {
  for (std::uint32_t i = 0; i < count; ++i) {
    for (std::uint32_t from = 0; from < (both_ways ? 2U : 1U); ++from) {
      network.node(from).program.push_back({kSend, 1 - from, 9, offset, length});
      network.node(1 - from).program.push_back({op, from, 9, kReceiveBase + offset, length});
    }
  }
  return network.run(random, 0, 0, 100'000);
}

// A long message at the rate of one flit a cycle, or of the memory: `accesses` a row at the busier
// end. A flit wider than a row comes in slices of a row, and goes out when all are there.
void check_rate(std::uint64_t cycles, std::uint32_t length, std::uint32_t accesses,
                const char* what, Verdict& verdict) {
  constexpr std::uint32_t kSlices = (kFlitWords + kRowWords - 1) / kRowWords;
  const std::uint32_t flits = (length + 2 + kFlitWords - 1) / kFlitWords;
  const std::uint32_t rows = (length + kRowWords - 1) / kRowWords + 1;
  verdict.expect(cycles <= std::max(flits * kSlices, accesses * rows) + kSlices + 30, what, cycles);
}

// One mismatching pair: the receiver must flag it, both must end.
void error_case(Network& network, Verdict& verdict, const Command& send, const Command& receive,
                const char* what, Random& random) {
  network.reset_all();
  network.node(1).memory.assign(kMemoryWords, 0x12345678);
  network.node(0).program = {send};
  network.node(1).program = {receive};
  network.run(random, 0, 0, 10000);
  verdict.expect(network.node(1).model.err_o, what);
  // Never a word outside the posted buffer.
  for (std::uint32_t a = 0; a < kMemoryWords; ++a) {
    if (a < receive.address || a >= receive.address + receive.length) {
      verdict.expect(network.node(1).memory[a] == 0x12345678,
                     "a word outside the buffer was written", a);
    }
  }
}

int run(std::uint64_t messages) {
  Verdict verdict("rtl.noc_ni_" + std::to_string(VLEN) + "_" + std::to_string(DFLIT_WIDTH));
  Network network(verdict);
  Random random(6);

  std::uint64_t cycles = 0;
  for (std::uint32_t stall_percent : {0U, 20U, 50U})
    cycles += random_messages(network, verdict, messages / 3, stall_percent, random);

  constexpr std::uint32_t kLong = 2000, kShort = 64, kBrief = 8, kMany = 40;
  const std::uint64_t one = transfer(network, kRecv, 1, 0, 1, false, random);
  const std::uint64_t recv = transfer(network, kRecv, kLong, 0, 1, false, random);
  const std::uint64_t radd = transfer(network, kRadd, kLong, 0, 1, false, random);
  check_rate(recv, kLong, 1, "RECV is slower than a flit a cycle", verdict);
  check_rate(radd, kLong, 2, "RADD is slower than a flit a cycle", verdict);
  for (const std::uint32_t offset : {0U, 1U, kRowWords - 1}) {
    check_rate(transfer(network, kRecv, kLong, offset, 1, true, random), kLong, 2,
               "SEND beside RECV is slower than a flit a cycle", verdict);
    check_rate(transfer(network, kRadd, kLong, offset, 1, true, random), kLong, 3,
               "SEND beside RADD is slower than a flit a cycle", verdict);
  }
  const std::uint64_t stream = transfer(network, kRadd, kShort, 0, kMany, false, random);
  const std::uint32_t stream_flits = kMany * ((kShort + 2 + kFlitWords - 1) / kFlitWords);
  // Shorter than the round trip of a grant, of which two are under way.
  const std::uint64_t brief = transfer(network, kRecv, kBrief, 0, kMany, false, random);
  const std::uint32_t brief_flits = kMany * ((kBrief + 2 + kFlitWords - 1) / kFlitWords);
  if (DFLIT_WIDTH == 64) verdict.expect(one == 12, "a word over one hop", one);
  if (DFLIT_WIDTH == 64 && 8 * kRowWords <= kShort) {  // no row is waited for by the next message
    verdict.expect(stream <= stream_flits + 20, "a gap between messages", stream);
    verdict.expect(brief <= brief_flits + 20, "a gap between short messages", brief);
  }

  const Command send{kSend, 1, 3, 100, 40};
  error_case(network, verdict, send, {kRecv, 0, 4, 9000, 40}, "a wrong channel is not flagged",
             random);
  error_case(network, verdict, send, {kRecv, 0, 3, 9000, 7}, "a packet too long is not flagged",
             random);
  error_case(network, verdict, send, {kRadd, 0, 3, 9000, 90}, "a packet too short is not flagged",
             random);
  error_case(network, verdict, send, {kRadd, 0, 3, 9000, 0}, "a packet for length 0 is not flagged",
             random);
  network.reset_all();
  network.node(2).program = {{kReserved, 0, 0, 0, 0}};
  network.run(random, 0, 0, 100);
  verdict.expect(network.node(2).model.err_o, "a reserved operation is not flagged");

  const unsigned long long sent = messages / 3 * 3;
  char text[320];
  std::snprintf(text, sizeof text,
                "%llu messages on 4x4 in %llu cycles under 0-50 %% stalls of links and memories; "
                "one hop: 1 word %llu cycles, %u words RECV %llu, RADD %llu cycles (%u flits); %u "
                "RADDs of %u words back to back %llu cycles (%u flits)",
                sent, static_cast<unsigned long long>(cycles), static_cast<unsigned long long>(one),
                kLong, static_cast<unsigned long long>(recv), static_cast<unsigned long long>(radd),
                (kLong + 2 + kFlitWords - 1) / kFlitWords, kMany, kShort,
                static_cast<unsigned long long>(stream), stream_flits);
  return verdict.report(text);
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, MESSAGES));
}

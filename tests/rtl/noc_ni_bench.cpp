// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_ni behind tcc_router, one model object a node: SEND, RECV and RADD of random lengths (0, 1,
// around a flit, long) between random pairs of a 4x4 mesh, itself included, with random link
// stalls; every memory is compared word by word with a model that executes the messages one after
// the other. Then the rates of long transfers and the error cases.
#include <algorithm>
#include <deque>
#include <memory>
#include <vector>

#include "Vdut.h"
#include "network_bench.h"

#if !defined(DFLIT_WIDTH) || !defined(MESSAGES)
#error "DFLIT_WIDTH and MESSAGES come from the build rule"
#endif

namespace tilewright::rtl {
namespace {

using F = Flit<DFLIT_WIDTH>;
constexpr std::uint32_t kSide = 4, kNodes = kSide * kSide;  // MeshCols, MeshRows of the model
constexpr std::uint32_t kMemoryWords = 1U << 14;            // DmemAw of the model
constexpr std::uint32_t kReceiveBase =
    kMemoryWords / 2;  // sends read below, receives write from here

enum Op : std::uint8_t { kSend, kRecv, kRadd, kReserved };

struct Command {
  Op op = kSend;
  std::uint32_t peer = 0, channel = 0, address = 0, length = 0;
};

struct Node {
  Vdut model;
  std::vector<std::uint32_t> memory = std::vector<std::uint32_t>(kMemoryWords);
  std::deque<Command> program;
};

class Network {
 public:
  explicit Network(Verdict& verdict);

  // Runs every program to its end; returns the cycles. `stall_percent`: a link idles that often in
  // a cycle; `pause_percent`: a node waits that often before it issues.
  std::uint64_t run(Random& random, std::uint32_t stall_percent, std::uint32_t pause_percent,
                    std::uint64_t limit);
  Node& node(std::uint32_t index) { return *nodes_[index]; }
  void reset_all();

 private:
  void exchange_links(Random& random, std::uint32_t stall_percent);
  void offer_command(Node& node, bool pause);
  bool finished() const;

  std::vector<std::unique_ptr<Node>> nodes_;
  Verdict& verdict_;
};

Network::Network(Verdict& verdict) : verdict_(verdict) {
  for (std::uint32_t i = 0; i < kNodes; ++i) nodes_.push_back(std::make_unique<Node>());
  reset_all();
}

void Network::reset_all() {
  for (std::uint32_t i = 0; i < kNodes; ++i) {
    nodes_[i]->model.x_i = static_cast<std::uint8_t>(i % kSide);
    nodes_[i]->model.y_i = static_cast<std::uint8_t>(i / kSide);
    nodes_[i]->model.cmd_valid_i = 0;
    nodes_[i]->model.in_valid_i = 0;
    reset(nodes_[i]->model);
  }
}

void Network::exchange_links(Random& random, std::uint32_t stall_percent) {
  for (auto& node : nodes_) {
    node->model.in_valid_i = 0;
    node->model.out_ready_i = 0;
  }
  for (std::uint32_t i = 0; i < kNodes; ++i) {
    const auto neighbour = mesh_neighbours(i, kSide, kSide);
    Vdut& from = nodes_[i]->model;
    for (std::uint32_t port = 0; port < neighbour.size(); ++port) {
      if (!neighbour[port]) {
        verdict_.expect((from.out_valid_o & (1U << port)) == 0, "a flit leaves the mesh", i);
        continue;
      }
      if (random.percent(stall_percent)) continue;
      Vdut& to = nodes_[*neighbour[port]]->model;
      const std::uint32_t facing = (port + 2) % 4;
      if ((from.out_valid_o >> port) & 1U) {
        drive(to.in_flit_i[facing], sample<F>(from.out_flit_o[port]));
        to.in_valid_i = static_cast<std::uint8_t>(to.in_valid_i | (1U << facing));
      }
      if ((to.in_ready_o >> facing) & 1U)
        from.out_ready_i = static_cast<std::uint8_t>(from.out_ready_i | (1U << port));
    }
  }
}

void Network::offer_command(Node& node, bool pause) {
  node.model.cmd_valid_i = !node.program.empty() && !pause;
  if (node.program.empty()) return;
  const Command& command = node.program.front();
  node.model.cmd_op_i = command.op;
  node.model.cmd_peer_x_i = static_cast<std::uint8_t>(command.peer % kSide);
  node.model.cmd_peer_y_i = static_cast<std::uint8_t>(command.peer / kSide);
  node.model.cmd_ch_i = static_cast<std::uint8_t>(command.channel);
  node.model.cmd_addr_i = static_cast<std::uint16_t>(command.address);
  node.model.cmd_len_i = static_cast<std::uint16_t>(command.length);
}

bool Network::finished() const {
  return std::all_of(nodes_.begin(), nodes_.end(),
                     [](const auto& node) { return node->program.empty() && !node->model.busy_o; });
}

std::uint64_t Network::run(Random& random, std::uint32_t stall_percent, std::uint32_t pause_percent,
                           std::uint64_t limit) {
  std::uint64_t cycles = 0;
  while (!finished()) {
    exchange_links(random, stall_percent);
    for (auto& node : nodes_) {
      Vdut& model = node->model;
      offer_command(*node, random.percent(pause_percent));
      model.eval();
      const bool accepted = model.cmd_valid_i && model.cmd_ready_o;
      const bool request = model.dm_req_o, write = model.dm_we_o;
      const std::uint32_t address = model.dm_addr_o, data = model.dm_wdata_o;
      clock(model);
      if (accepted) node->program.pop_front();
      if (request && write) node->memory[address] = data;
      // Read data for one cycle only: anything else must not be looked at.
      model.dm_rdata_i = request && !write ? node->memory[address] : random.word();
      model.cmd_valid_i = 0;
      model.eval();
    }
    if (++cycles > limit) {
      verdict_.expect(false, "no progress", cycles);
      break;
    }
  }
  return cycles;
}

std::uint32_t random_length(Random& random) {
  constexpr std::uint32_t kFlitWords = DFLIT_WIDTH / 32;
  switch (random.below(8)) {
    case 0:
      return 0;
    case 1:
      return 1;
    case 2:
      return kFlitWords - 2 + random.below(4);  // around one flit
    case 3:
      return 2 * kFlitWords - 2 + random.below(4);  // around two
    case 4:
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
  constexpr std::uint32_t kRange =
      2048;  // start addresses; small, so that receives meet each other's results
  const std::uint32_t src = random.below(kNodes), dst = random.below(kNodes),
                      length = random_length(random);
  const Op op = random.percent(50) ? kRecv : kRadd;
  const std::uint32_t channel = random.below(256), from = random.below(kRange),
                      to = kReceiveBase + random.below(kRange);
  const Command send{kSend, dst, channel, from, length}, receive{op, src, channel, to, length};
  // Either order is fine when a node talks to itself; the engines run side by side.
  network.node(dst).program.push_back(receive);
  network.node(src).program.push_back(send);
  for (std::uint32_t i = 0; i < length; ++i) {
    std::uint32_t& word = golden[dst][to + i];
    const std::uint32_t sent = golden[src][from + i];
    word = op == kRecv ? sent : host_add(word, sent);
  }
}

std::uint64_t random_messages(Network& network, Verdict& verdict, std::uint64_t messages,
                              std::uint32_t stall_percent, Random& random) {
  Memories golden(kNodes);
  for (std::uint32_t i = 0; i < kNodes; ++i) {
    for (auto& word : network.node(i).memory) word = random_value(random);
    golden[i] = network.node(i).memory;
  }
  for (std::uint64_t i = 0; i < messages; ++i) add_message(network, golden, random);
  const std::uint64_t cycles =
      network.run(random, stall_percent, stall_percent / 2, 400 * messages + 20'000);
  for (std::uint32_t i = 0; i < kNodes; ++i) {
    verdict.expect(!network.node(i).model.err_o, "error flag on a correct program", i);
    for (std::uint32_t a = 0; a < kMemoryWords; ++a) {
      verdict.expect(network.node(i).memory[a] == golden[i][a], "memory differs",
                     i * kMemoryWords + a);
    }
  }
  return cycles;
}

// Cycles of one message over one hop, both commands issued at once.
std::uint64_t transfer(Network& network, Op op, std::uint32_t length, Random& random) {
  network.node(0).program = {{kSend, 1, 9, 0, length}};
  network.node(1).program = {{op, 0, 9, kReceiveBase, length}};
  return network.run(random, 0, 0, 100000);
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
  Verdict verdict("rtl.noc_ni_" + std::to_string(DFLIT_WIDTH));
  Network network(verdict);
  Random random(6);

  std::uint64_t cycles = 0;
  for (std::uint32_t stall_percent : {0U, 20U, 50U})
    cycles += random_messages(network, verdict, messages / 3, stall_percent, random);

  constexpr std::uint32_t kLong = 2000;
  const std::uint64_t one = transfer(network, kRecv, 1, random);
  const std::uint64_t recv = transfer(network, kRecv, kLong, random);
  const std::uint64_t radd = transfer(network, kRadd, kLong, random);
  // Filling or draining one flit is on top of a word a cycle (RECV) or two (RADD).
  verdict.expect(recv <= kLong + 2 * DFLIT_WIDTH / 32 + kLong / 20 + 20,
                 "RECV is slower than a word a cycle", recv);
  verdict.expect(radd <= 2 * kLong + 2 * DFLIT_WIDTH / 32 + 40,
                 "RADD is slower than a word in two cycles", radd);

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
  char text[256];
  std::snprintf(text, sizeof text,
                "%llu messages on 4x4 in %llu cycles under 0-50 %% link stalls; one hop: 1 word "
                "%llu cycles, %u "
                "words RECV %.3f and RADD %.3f cycles a word",
                sent, static_cast<unsigned long long>(cycles), static_cast<unsigned long long>(one),
                kLong, static_cast<double>(recv) / kLong, static_cast<double>(radd) / kLong);
  return verdict.report(text);
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, MESSAGES));
}

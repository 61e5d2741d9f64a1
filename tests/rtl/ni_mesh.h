// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// A mesh of network nodes (noc_node_top: tcc_ni behind tcc_router), one model object a node, each
// with a memory and a program played by the bench. Definitions: DFLIT_WIDTH, VLEN, SIDE (MeshCols
// and MeshRows of the model, whose DmemAw is 14).
#pragma once

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <vector>

#include "Vdut.h"
#include "network_bench.h"

#if !defined(DFLIT_WIDTH) || !defined(VLEN) || !defined(SIDE)
#error "DFLIT_WIDTH, VLEN and SIDE come from the build rule"
#endif

namespace tilewright::rtl {

using F = Flit<DFLIT_WIDTH>;
constexpr std::uint32_t kSide = SIDE, kNodes = kSide * kSide;
constexpr std::uint32_t kMemoryWords = 1U << 14;
constexpr std::uint32_t kRowWords = VLEN / 32, kFlitWords = DFLIT_WIDTH / 32;

enum Op : std::uint8_t { kSend, kRecv, kRadd, kReserved, kWait };

struct Command {
  Op op = kSend;
  std::uint32_t peer = 0, channel = 0, address = 0, length = 0;
  std::uint64_t receives = 0;  // kWait, the bench's own: holds the program until so many are done
};

// What a receive leaves in memory.
struct Received {
  std::uint32_t address = 0;
  std::vector<std::uint32_t> words;
};

struct Node {
  Vdut model;
  std::vector<std::uint32_t> memory = std::vector<std::uint32_t>(kMemoryWords);
  std::deque<Command> program;
  std::deque<Received> expected;  // of the receives to come; empty: not checked
  std::uint64_t done = 0;         // receives
  std::array<std::deque<std::uint32_t>, kNodes> grants;  // to others, to come: their channels
};

// The data memory of a node, for one clock cycle; whether it was used. A refused request must not
// count.
inline bool clock_with_memory(Node& node, bool refuse, Random& random) {
  Vdut& model = node.model;
  model.dm_gnt_i = !refuse;
  model.eval();
  const bool request = model.dm_req_o && !refuse;
  const std::uint64_t write = model.dm_we_o;
  const std::size_t row = std::size_t{model.dm_addr_o} * kRowWords;
  std::array<std::uint32_t, kRowWords> data{};
  for (std::size_t i = 0; i < kRowWords; ++i) data[i] = model.dm_wdata_o[i];
  clock(model);
  // Read data for one cycle only: anything else must not be looked at.
  for (std::size_t i = 0; i < kRowWords; ++i) {
    if (request && ((write >> i) & 1U) != 0) node.memory[row + i] = data[i];
    model.dm_rdata_i[i] = request && write == 0 ? node.memory[row + i] : random.word();
  }
  return request;
}

class Network {
 public:
  explicit Network(Verdict& verdict);

  // Runs every program to its end; returns the cycles. `stall_percent`: a link idles and a memory
  // refuses that often in a cycle; `pause_percent`: a node waits that often before it issues.
  std::uint64_t run(Random& random, std::uint32_t stall_percent, std::uint32_t pause_percent,
                    std::uint64_t limit);
  Node& node(std::uint32_t index) { return *nodes_[index]; }
  // Cycles in which a flit moved over the node's link to the North, East, South or West.
  std::uint64_t transfers(std::uint32_t node, std::uint32_t port) const {
    return transfers_[node][port];
  }
  void reset_all();

 private:
  void exchange_links(Random& random, std::uint32_t stall_percent);
  void offer_command(Node& node, bool pause);
  void accepted(std::uint32_t node);
  void check_grant(std::uint32_t node, const F& flit);
  void check_received(Node& node);
  bool finished() const;

  std::vector<std::unique_ptr<Node>> nodes_;
  std::array<std::array<std::uint64_t, 4>, kNodes> transfers_{};
  std::uint64_t events_ = 0;  // flits that moved, commands taken, accesses of memories
  Verdict& verdict_;
};

inline Network::Network(Verdict& verdict) : verdict_(verdict) {
  for (std::uint32_t i = 0; i < kNodes; ++i) nodes_.push_back(std::make_unique<Node>());
  reset_all();
}

inline void Network::reset_all() {
  for (std::uint32_t i = 0; i < kNodes; ++i) {
    nodes_[i]->model.x_i = static_cast<std::uint8_t>(i % kSide);
    nodes_[i]->model.y_i = static_cast<std::uint8_t>(i / kSide);
    nodes_[i]->model.cmd_valid_i = 0;
    nodes_[i]->model.in_valid_i = 0;
    for (auto& grants : nodes_[i]->grants) grants.clear();
    reset(nodes_[i]->model);
  }
}

inline void Network::exchange_links(Random& random, std::uint32_t stall_percent) {
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
        const F flit = sample<F>(from.out_flit_o[port]);
        drive(to.in_flit_i[facing], flit);
        to.in_valid_i = static_cast<std::uint8_t>(to.in_valid_i | (1U << facing));
        const bool moves = ((to.in_ready_o >> facing) & 1U) != 0;
        transfers_[i][port] += moves ? 1 : 0;
        events_ += moves ? 1 : 0;
        if (moves) check_grant(i, flit);
      }
      if ((to.in_ready_o >> facing) & 1U)
        from.out_ready_i = static_cast<std::uint8_t>(from.out_ready_i | (1U << port));
    }
  }
}

inline void Network::offer_command(Node& node, bool pause) {
  node.model.cmd_valid_i = 0;
  if (node.program.empty()) return;
  const Command& command = node.program.front();
  if (command.op == kWait) {
    if (node.done >= command.receives) node.program.pop_front();
    return;
  }
  node.model.cmd_valid_i = !pause;
  node.model.cmd_op_i = command.op;
  node.model.cmd_peer_x_i = static_cast<std::uint8_t>(command.peer % kSide);
  node.model.cmd_peer_y_i = static_cast<std::uint8_t>(command.peer / kSide);
  node.model.cmd_ch_i = static_cast<std::uint8_t>(command.channel);
  node.model.cmd_addr_i = static_cast<std::uint16_t>(command.address);
  node.model.cmd_len_i = static_cast<std::uint16_t>(command.length);
}

// The front command was. A receive's grant is sent to its source.
inline void Network::accepted(std::uint32_t node) {
  auto& program = nodes_[node]->program;
  const Command& command = program.front();
  const bool receives = command.op == kRecv || command.op == kRadd;
  if (receives && command.peer != node)
    nodes_[node]->grants[command.peer].push_back(command.channel);
  program.pop_front();
  ++events_;
}

// One that begins its way: one flit, the next receive's from there, and nothing else in it.
inline void Network::check_grant(std::uint32_t node, const F& flit) {
  const Header header = flit.header();
  if (!flit.head() || !header.grant || header.src_y * kSide + header.src_x != node) return;
  auto& grants = nodes_[node]->grants.at((header.dst_y * kSide + header.dst_x) % kNodes);
  verdict_.expect(!grants.empty(), "a grant without a receive", node);
  if (grants.empty()) return;
  Header expected = header;
  expected.channel = grants.front();
  expected.length = 0;
  F alone;
  alone.words[0] = encode(expected)[0];
  alone.words[1] = encode(expected)[1];
  alone.mark(true, true);
  verdict_.expect(flit == alone, "a grant", node);
  grants.pop_front();
}

inline void Network::check_received(Node& node) {
  verdict_.expect((node.model.busy_o != 0) == (node.model.send_busy_o || node.model.recv_busy_o),
                  "busy when neither engine is, or not when one is", node.done);
  if (!node.model.recv_done_o) return;
  ++node.done;
  if (node.expected.empty()) return;
  const Received& received = node.expected.front();
  for (std::size_t i = 0; i < received.words.size(); ++i) {
    verdict_.expect(node.memory[received.address + i] == received.words[i],
                    "a receive is done before its words are in memory", received.address + i);
  }
  node.expected.pop_front();
}

inline bool Network::finished() const {
  return std::all_of(nodes_.begin(), nodes_.end(),
                     [](const auto& node) { return node->program.empty() && !node->model.busy_o; });
}

inline std::uint64_t Network::run(Random& random, std::uint32_t stall_percent,
                                  std::uint32_t pause_percent, std::uint64_t limit) {
  constexpr std::uint64_t kPatience = 2000;
  std::uint64_t cycles = 0, quiet = 0;
  while (!finished()) {
    const std::uint64_t before = events_;
    exchange_links(random, stall_percent);
    for (std::uint32_t i = 0; i < kNodes; ++i) {
      Node& node = *nodes_[i];
      Vdut& model = node.model;
      offer_command(node, random.percent(pause_percent));
      model.eval();
      const bool taken = model.cmd_valid_i && model.cmd_ready_o;
      if (clock_with_memory(node, random.percent(stall_percent), random)) ++events_;
      if (taken) accepted(i);
      check_received(node);
      model.cmd_valid_i = 0;
      model.eval();
    }
    quiet = events_ == before ? quiet + 1 : 0;
    if (++cycles > limit || quiet > kPatience) {
      verdict_.expect(false, "no progress", cycles);
      break;
    }
  }
  return cycles;
}

}  // namespace tilewright::rtl

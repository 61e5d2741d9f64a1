// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// A k x k mesh of tcc_router: uniform random traffic at full and at 2 % load with a scoreboard over
// all flows, and a neighbour shift, the kind of traffic a compiler schedules. Prints accepted load
// against the bisection bound 4 / k.
#include <algorithm>
#include <deque>

#include "router_mesh.h"

namespace tilewright::rtl {
namespace {

using F = RouterMesh::F;

struct Packet {
  std::uint64_t id = 0, created = 0;
  std::uint32_t src = 0, dst = 0, length = 0;
};

struct Traffic {
  std::uint32_t packet_flits;
  double load;     // offered flits a node and cycle; 1 or more keeps every source backlogged
  bool neighbour;  // to the East neighbour instead of uniform random
};

struct Figures {
  double accepted = 0;  // flits a sending node and cycle
  double latency = 0;   // cycles from creation to the tail's arrival, mean
  std::uint64_t flits = 0;
};

class Mesh {
 public:
  Mesh(std::uint32_t side, Verdict& verdict)
      : side_(side), verdict_(verdict), routers_(side, verdict) {}

  Figures run(const Traffic& traffic, std::uint64_t warm_up, std::uint64_t measured,
              Random& random);

 private:
  struct Source {
    std::deque<Packet> queue;
    std::uint32_t index = 0;  // next flit of the front packet
  };
  struct Sink {
    std::optional<Packet> packet;
    std::uint32_t index = 0;
  };

  std::uint32_t nodes() const { return side_ * side_; }
  bool sends(const Traffic& t, std::uint32_t node) const {
    return !t.neighbour || node % side_ + 1 < side_;
  }
  F flit_of(const Packet& packet, std::uint32_t index) const {
    Header h{packet.dst % side_,
             packet.dst / side_,
             packet.src % side_,
             packet.src / side_,
             static_cast<std::uint32_t>(packet.id & 0xFF),
             packet.length};
    return make_flit<F>(h, index == 0, index + 1 == packet.length, packet.id * 64 + index);
  }
  void create(const Traffic& traffic, std::uint32_t node, Random& random);
  void receive(std::uint32_t node, const F& flit, Figures& figures, bool counted);

  std::uint32_t side_;
  Verdict& verdict_;
  RouterMesh routers_;
  std::vector<Source> sources_;
  std::vector<Sink> sinks_;
  std::vector<std::deque<Packet>> flows_;  // [src * nodes + dst], sent and not yet arrived
  std::uint64_t cycle_ = 0, next_id_ = 1, in_flight_ = 0, measured_packets_ = 0, latency_sum_ = 0;
};

void Mesh::create(const Traffic& traffic, std::uint32_t node, Random& random) {
  constexpr std::size_t kBacklog = 4;
  auto& queue = sources_[node].queue;
  if (!sends(traffic, node)) return;
  if (traffic.load >= 1.0 ? queue.size() >= kBacklog
                          : random.below(1'000'000) >= traffic.load * 1e6 / traffic.packet_flits)
    return;
  std::uint32_t dst = node + 1;
  if (!traffic.neighbour) {
    dst = random.below(nodes() - 1);
    if (dst >= node) ++dst;
  }
  queue.push_back({next_id_++, cycle_, node, dst, traffic.packet_flits});
  flows_[node * nodes() + dst].push_back(queue.back());
  ++in_flight_;
}

void Mesh::receive(std::uint32_t node, const F& flit, Figures& figures, bool counted) {
  Sink& sink = sinks_[node];
  if (!sink.packet) {
    const Header h = flit.header();
    auto& flow = flows_[(h.src_y * side_ + h.src_x) % nodes() * nodes() + node];
    if (flow.empty()) {
      verdict_.expect(false, "a packet nobody sent here", cycle_);
      return;
    }
    sink = {flow.front(), 0};
    flow.pop_front();
  }
  verdict_.expect(flit == flit_of(*sink.packet, sink.index++), "flit lost, changed or out of order",
                  cycle_);
  if (counted) ++figures.flits;
  if (sink.index < sink.packet->length) return;
  if (counted) {
    latency_sum_ += cycle_ - sink.packet->created;
    ++measured_packets_;
  }
  sink.packet.reset();
  --in_flight_;
}

Figures Mesh::run(const Traffic& traffic, std::uint64_t warm_up, std::uint64_t measured,
                  Random& random) {
  sources_.assign(nodes(), {});
  sinks_.assign(nodes(), {});
  flows_.assign(std::size_t{nodes()} * nodes(), {});
  measured_packets_ = latency_sum_ = 0;
  const std::uint64_t start = cycle_, stop = start + warm_up + measured, drain_limit = stop + 20000;
  Figures figures;
  while (cycle_ < stop || in_flight_ > 0) {
    routers_.exchange_links();
    const bool counted = cycle_ >= start + warm_up && cycle_ < stop;
    for (std::uint32_t node = 0; node < nodes(); ++node) {
      Source& source = sources_[node];
      if (cycle_ < stop) create(traffic, node, random);
      std::optional<F> offered;
      if (!source.queue.empty()) offered = flit_of(source.queue.front(), source.index);
      if (const auto flit = routers_.eject(node, true)) receive(node, *flit, figures, counted);
      if (routers_.inject(node, offered) && ++source.index == source.queue.front().length) {
        source.queue.pop_front();
        source.index = 0;
      }
    }
    routers_.clock_all();
    if (++cycle_ > drain_limit) {
      verdict_.expect(false, "packets are stuck", in_flight_);
      break;
    }
  }
  for (const auto& flow : flows_) verdict_.expect(flow.empty(), "a packet never arrived");
  const std::uint32_t senders = traffic.neighbour ? side_ * (side_ - 1) : nodes();
  figures.accepted = static_cast<double>(figures.flits) / static_cast<double>(senders * measured);
  figures.latency = static_cast<double>(latency_sum_) /
                    static_cast<double>(std::max<std::uint64_t>(measured_packets_, 1));
  return figures;
}

constexpr std::array<std::uint32_t, 3> kLengths = {1, 4, 16};  // flits a packet

int run(std::uint64_t cycles) {
  Verdict verdict("rtl.noc_mesh");
  Random random(5);
  std::uint64_t flits = 0;
  std::array<double, 3> share{};  // of the bisection bound on 8x8, a length
  for (std::uint32_t side : {4U, 8U}) {
    Mesh mesh(side, verdict);
    const double bound = std::min(1.0, 4.0 / side);
    for (std::size_t i = 0; i < kLengths.size(); ++i) {
      const std::uint32_t length = kLengths[i];
      const Figures full = mesh.run({length, 1.0, false}, 2000, cycles, random);
      const Figures light = mesh.run({length, 0.02, false}, 1000, cycles, random);
      std::printf(
          "%ux%u, %2u flits a packet: accepted %.3f flits/node/cycle at full load = %.0f %% of the "
          "bisection bound %.2f; latency to tail at 2 %% load %.1f cycles\n",
          side, side, length, full.accepted, 100 * full.accepted / bound, bound, light.latency);
      flits += full.flits + light.flits;
      share[i] = full.accepted / bound;
    }
    const Figures shift = mesh.run({16, 1.0, true}, 1000, cycles, random);
    std::printf("%ux%u neighbour shift: link use %.1f %%\n", side, side, 100 * shift.accepted);
    verdict.expect(shift.accepted > 0.999, "a scheduled neighbour shift does not fill its links");
    flits += shift.flits;
  }
  verdict.expect(share[0] >= 0.70, "single flits below 70 % of the bisection bound");
  verdict.expect(share[1] >= 0.60, "packets of four below 60 % of the bisection bound");
  verdict.expect(share[2] >= 0.48, "packets of sixteen below 48 % of the bisection bound");
  return verdict.report(std::to_string(flits) +
                        " measured flits checked, none lost, changed or reordered");
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 10'000));
}

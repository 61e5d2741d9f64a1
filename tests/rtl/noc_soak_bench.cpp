// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// An 8x8 mesh of tcc_router under uniform random traffic: packets of 1 to 20 flits, loads from
// light to beyond saturation, sinks that refuse in 0 to 60 % of the cycles. Every flit is known by
// its flow, its packet's number in the flow and its place in the packet: none may be lost, changed,
// repeated or out of order. No packet may be older than kOldest, from the cycle in which its head
// is first offered to its router to the one in which its tail is taken. The argument is the number
// of flit-hops (transfers from router to router).
#include <algorithm>
#include <deque>

#include "router_mesh.h"

namespace tilewright::rtl {
namespace {

using F = RouterMesh::F;
constexpr std::uint32_t kSide = 8, kNodes = kSide * kSide, kLongest = 20;
constexpr std::uint64_t kPhase = 4096;  // cycles between changes of load and back-pressure
constexpr std::uint64_t kOldest = 5'000;

struct Packet {
  std::uint32_t number = 0, length = 0;
  std::uint64_t offered = 0;
};

class Soak {
 public:
  Soak(Verdict& verdict, std::uint64_t seed) : verdict_(verdict), random_(seed) {}

  void run(std::uint64_t hops) {
    while (verdict_.ok() && (hops_ < hops || in_flight_ > 0)) {
      if (cycle_ % kPhase == 0) change_phase();
      hops_ += mesh_.exchange_links();
      for (std::uint32_t node = 0; node < kNodes; ++node) {
        receive(node);
        send(node, hops_ < hops);
      }
      mesh_.clock_all();
      ++cycle_;
      if (cycle_ % 512 == 0) look_for_old_packets();
    }
  }

  std::uint64_t hops() const { return hops_; }
  std::uint64_t flits() const { return flits_; }
  std::uint64_t packets() const { return packets_; }
  std::uint64_t cycles() const { return cycle_; }
  std::uint64_t oldest() const { return oldest_; }

 private:
  struct Source {
    Packet packet;
    std::uint32_t dst = 0, index = 0;
    bool active = false;
  };
  struct Sink {
    std::uint32_t src = 0, index = 0, refuse_percent = 0;
    bool inside = false;
  };

  std::deque<Packet>& flow(std::uint32_t src, std::uint32_t dst) {
    return flows_[src * kNodes + dst];
  }

  // The router reads the destination only: the rest of the header carries the packet's number.
  static F flit_of(std::uint32_t src, std::uint32_t dst, const Packet& packet,
                   std::uint32_t index) {
    const Header header{dst % kSide, dst / kSide,          src % kSide,
                        src / kSide, packet.number & 0xFF, (packet.number >> 8) & 0xFFFF};
    const std::uint64_t contents =
        (std::uint64_t{src * kNodes + dst} << 48) + (std::uint64_t{packet.number} << 8) + index;
    return make_flit<F>(header, index == 0, index + 1 == packet.length, contents);
  }

  void change_phase() {
    constexpr std::array<std::uint32_t, 4> kLoads = {100, 20, 60, 4};  // percent of the cycles
    load_percent_ = kLoads[(cycle_ / kPhase) % kLoads.size()];
    const std::uint32_t most = 20 * static_cast<std::uint32_t>(cycle_ / (4 * kPhase) % 4);
    for (Sink& sink : sinks_) sink.refuse_percent = random_.below(most + 1);
  }

  void send(std::uint32_t node, bool more) {
    Source& source = sources_[node];
    if (!source.active && more && random_.percent(load_percent_)) {
      source.dst = random_.below(kNodes - 1);
      if (source.dst >= node) ++source.dst;
      const std::uint32_t length = random_.percent(50) ? 1 : 1 + random_.below(kLongest);
      source.packet = {numbers_[node * kNodes + source.dst]++, length, cycle_};
      source.index = 0;
      source.active = true;
      flow(node, source.dst).push_back(source.packet);
      ++in_flight_;
    }
    std::optional<F> flit;
    if (source.active) flit = flit_of(node, source.dst, source.packet, source.index);
    if (mesh_.inject(node, flit) && ++source.index == source.packet.length) source.active = false;
  }

  void receive(std::uint32_t node) {
    Sink& sink = sinks_[node];
    const auto flit = mesh_.eject(node, !random_.percent(sink.refuse_percent));
    if (!flit) return;
    verdict_.expect(flit->head() == !sink.inside, "packets interleave", cycle_);
    if (flit->head()) {
      const Header header = flit->header();
      sink.src = (header.src_y * kSide + header.src_x) % kNodes;
      sink.index = 0;
      sink.inside = true;
    }
    auto& packets = flow(sink.src, node);
    if (packets.empty()) {
      verdict_.expect(false, "a flit nobody sent here", cycle_);
      return;
    }
    verdict_.expect(*flit == flit_of(sink.src, node, packets.front(), sink.index),
                    "flit lost, changed, repeated or out of order", cycle_);
    ++flits_;
    if (++sink.index < packets.front().length) return;
    check_age(packets.front());
    packets.pop_front();
    sink.inside = false;
    --in_flight_;
    ++packets_;
  }

  void check_age(const Packet& packet) {
    const std::uint64_t age = cycle_ - packet.offered;
    oldest_ = std::max(oldest_, age);
    verdict_.expect(age <= kOldest, "a packet is too old", age);
  }

  void look_for_old_packets() {
    for (const auto& packets : flows_)
      if (!packets.empty()) check_age(packets.front());
  }

  Verdict& verdict_;
  Random random_;
  RouterMesh mesh_{kSide, verdict_};
  std::array<Source, kNodes> sources_;
  std::array<Sink, kNodes> sinks_;
  std::vector<std::deque<Packet>> flows_ = std::vector<std::deque<Packet>>(kNodes * kNodes);
  std::vector<std::uint32_t> numbers_ = std::vector<std::uint32_t>(kNodes * kNodes);
  std::uint32_t load_percent_ = 0;
  std::uint64_t cycle_ = 0, in_flight_ = 0, hops_ = 0, flits_ = 0, packets_ = 0, oldest_ = 0;
};

int run(std::uint64_t hops) {
  Verdict verdict("rtl.noc_soak");
  Soak soak(verdict, 8);
  soak.run(hops);
  char text[256];
  std::snprintf(
      text, sizeof text,
      "%llu flit-hops, %llu flits of %llu packets in %llu cycles, none lost, changed, "
      "repeated or out of order; oldest packet %llu cycles (bound %llu)",
      static_cast<unsigned long long>(soak.hops()), static_cast<unsigned long long>(soak.flits()),
      static_cast<unsigned long long>(soak.packets()),
      static_cast<unsigned long long>(soak.cycles()),
      static_cast<unsigned long long>(soak.oldest()), static_cast<unsigned long long>(kOldest));
  return verdict.report(text);
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 3'000'000));
}

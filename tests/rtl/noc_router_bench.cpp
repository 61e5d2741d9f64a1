// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// One tcc_router at (kX, kY): random packets on all legal legs under random back-pressure, with a
// scoreboard that demands every flit once, whole, in order of its source-destination flow and on
// the output XY routing names; then latency when idle, throughput of a permutation, and fairness on
// one contended output.
#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <vector>

#include "Vdut.h"
#include "network_bench.h"

#ifndef DFLIT_WIDTH
#error "DFLIT_WIDTH comes from the build rule"
#endif

namespace tilewright::rtl {
namespace {

using F = Flit<DFLIT_WIDTH>;
enum Port : std::uint32_t { kNorth, kEast, kSouth, kWest, kLocal, kPorts };
constexpr std::uint32_t kX = 5, kY = 9;

// XY routing as the document states it, written independently of the RTL.
Port expected_output(const Header& h, std::uint32_t x = kX, std::uint32_t y = kY) {
  if (h.dst_x != x) return h.dst_x > x ? kEast : kWest;
  if (h.dst_y != y) return h.dst_y > y ? kSouth : kNorth;
  return kLocal;
}

// A destination that a packet coming in at `in` may have: x is settled before y, nothing turns
// back.
Header random_header(Random& random, std::uint32_t in) {
  Header h;
  h.src_x = in;
  h.channel = random.below(256);
  h.length = random.below(65536);
  const std::uint32_t west = random.below(kX), east = kX + 1 + random.below(63 - kX);
  const std::uint32_t north = random.below(kY), south = kY + 1 + random.below(63 - kY);
  h.dst_x = kX;
  h.dst_y = random.below(64);
  switch (in) {
    case kNorth:
      h.dst_y = random.percent(50) ? kY : south;
      break;
    case kSouth:
      h.dst_y = random.percent(50) ? kY : north;
      break;
    case kEast:
      if (random.percent(40)) h.dst_x = west;
      break;
    case kWest:
      if (random.percent(40)) h.dst_x = east;
      break;
    default:
      if (random.percent(60)) h.dst_x = random.percent(50) ? west : east;
      break;
  }
  if (h.dst_x == kX && random.percent(30)) h.dst_y = in == kNorth || in == kSouth ? h.dst_y : kY;
  return h;
}

// Whether XY routing brings a packet to an input of the router at (x, y).
bool comes_in(std::uint32_t in, const Header& h, std::uint32_t x, std::uint32_t y) {
  switch (in) {
    case kNorth:
      return h.dst_x == x && h.dst_y >= y;
    case kSouth:
      return h.dst_x == x && h.dst_y <= y;
    case kEast:
      return h.dst_x <= x;
    case kWest:
      return h.dst_x >= x;
    default:
      return true;
  }
}

struct Figures {
  std::uint64_t flits = 0, cycles = 0, latency_sum = 0, latency_max = 0;
};

// Offers random packets and checks what comes out, flow by flow.
class Scoreboard {
 public:
  Scoreboard(Verdict& verdict, std::uint64_t seed) : verdict_(verdict), random_(seed) {}

  // The next flit for a free input, if it has one now. No packet starts when `flits` are out.
  std::optional<F> next(std::uint32_t in, std::uint32_t idle_percent, std::uint64_t flits);
  // A flit that leaves at `out`.
  void check(std::uint32_t out, const F& flit);
  void end_cycle() { ++figures_.cycles; }

  std::uint64_t pending() const { return offered_ - figures_.flits; }
  std::uint64_t offered() const { return offered_; }
  const Figures& figures() const { return figures_; }
  Random& random() { return random_; }

 private:
  struct Expected {
    F flit;
    std::uint64_t offered_at;
  };
  struct Source {
    Header header;
    std::uint32_t left = 0;  // flits of the open packet still to offer
  };

  Verdict& verdict_;
  Random random_;
  Figures figures_;
  std::uint64_t offered_ = 0;
  std::array<Source, kPorts> sources_;
  std::array<std::deque<Expected>, kPorts * kPorts> flows_;  // [in * kPorts + out], in order
  std::array<std::optional<std::uint32_t>, kPorts> inside_;  // input whose packet an output is in
};

std::optional<F> Scoreboard::next(std::uint32_t in, std::uint32_t idle_percent,
                                  std::uint64_t flits) {
  Source& source = sources_[in];
  const bool head = source.left == 0;
  if ((head && offered_ >= flits) || random_.percent(idle_percent)) return std::nullopt;
  if (head) {
    source.header = random_header(random_, in);
    source.left = random_.percent(30) ? 1 : 1 + random_.below(12);
  }
  const F flit = make_flit<F>(source.header, head, --source.left == 0, ++offered_ * 2654435761U);
  flows_[in * kPorts + expected_output(source.header)].push_back({flit, figures_.cycles});
  return flit;
}

void Scoreboard::check(std::uint32_t out, const F& flit) {
  verdict_.expect(flit.head() != inside_[out].has_value(), "packets interleave", figures_.cycles);
  if (flit.head()) inside_[out] = flit.header().src_x;
  const std::uint32_t in = inside_[out].value_or(kPorts);
  ++figures_.flits;
  if (in >= kPorts || flows_[in * kPorts + out].empty()) {
    verdict_.expect(false, "a flit nobody sent to this output", figures_.cycles);
    return;
  }
  auto& flow = flows_[in * kPorts + out];
  verdict_.expect(flit == flow.front().flit, "flit lost, changed or out of order", figures_.cycles);
  const std::uint64_t latency = figures_.cycles - flow.front().offered_at;
  figures_.latency_sum += latency;
  figures_.latency_max = std::max(figures_.latency_max, latency);
  flow.pop_front();
  if (flit.tail()) inside_[out].reset();
}

class Bench {
 public:
  explicit Bench(Verdict& verdict) : verdict_(verdict) {
    dut_.x_i = kX;
    dut_.y_i = kY;
    reset(dut_);
  }

  // At least `flits` random flits; every 4096 cycles the sinks' and sources' duty changes.
  Figures random_traffic(std::uint64_t flits, std::uint64_t seed);
  // Cycles from a lone flit's offer to its valid output.
  std::uint64_t idle_latency(std::uint32_t in, const Header& header);
  // Flits an output and cycle for packets of `length` flits on five disjoint legs.
  double permutation_throughput(std::uint32_t length);
  // From every place of the diagonal along its row and its column; an output shows its flit before
  // it is ready.
  void routes();
  // Largest number of other packets that pass a waiting one when every input wants Local.
  std::uint64_t overtakes();

 private:
  void offer(std::uint32_t in, const std::optional<F>& flit) {
    if (flit) drive(dut_.in_flit_i[in], *flit);
    dut_.in_valid_i =
        static_cast<std::uint8_t>((dut_.in_valid_i & ~(1U << in)) | (flit ? 1U << in : 0U));
  }
  void route(std::uint32_t in, const Header& header, std::uint32_t place);
  bool offering(std::uint32_t in) const { return ((dut_.in_valid_i >> in) & 1U) != 0; }
  bool accepted(std::uint32_t in) const {
    return (dut_.in_valid_i & dut_.in_ready_o & (1U << in)) != 0;
  }
  bool delivered(std::uint32_t out) const {
    return (dut_.out_valid_o & dut_.out_ready_i & (1U << out)) != 0;
  }

  Vdut dut_;
  Verdict& verdict_;
};

Figures Bench::random_traffic(std::uint64_t flits, std::uint64_t seed) {
  Scoreboard board(verdict_, seed);
  Random& random = board.random();
  do {
    const std::uint64_t phase = board.figures().cycles >> 12;
    const auto stall_percent = static_cast<std::uint32_t>(10 * (phase % 6));  // 0..50 %
    const std::uint32_t idle_percent = phase % 4 == 0 ? 60 : 10;
    for (std::uint32_t in = 0; in < kPorts; ++in)
      if (!offering(in)) offer(in, board.next(in, idle_percent, flits));
    std::uint32_t ready = 0;
    for (std::uint32_t out = 0; out < kPorts; ++out)
      ready |= random.percent(stall_percent) ? 0U : 1U << out;
    dut_.out_ready_i = static_cast<std::uint8_t>(ready);
    dut_.eval();

    for (std::uint32_t out = 0; out < kPorts; ++out)
      if (delivered(out)) board.check(out, sample<F>(dut_.out_flit_o[out]));
    std::array<bool, kPorts> taken{};
    for (std::uint32_t in = 0; in < kPorts; ++in) taken[in] = accepted(in);
    clock(dut_);
    for (std::uint32_t in = 0; in < kPorts; ++in)
      if (taken[in]) offer(in, std::nullopt);
    board.end_cycle();
    if (!verdict_.ok() || board.figures().cycles > 20 * flits + 10000) {
      verdict_.expect(false, "stopped: flits missing", board.pending());
      break;
    }
  } while (board.offered() < flits || board.pending() > 0);
  return board.figures();
}

std::uint64_t Bench::idle_latency(std::uint32_t in, const Header& header) {
  offer(in, make_flit<F>(header, true, true, in));
  dut_.out_ready_i = 31;
  dut_.eval();
  std::uint64_t cycles = 0;
  while (dut_.out_valid_o == 0 && cycles < 100) {
    clock(dut_);
    offer(in, std::nullopt);
    ++cycles;
  }
  verdict_.expect(dut_.out_valid_o == 1U << expected_output(header), "wrong output", in);
  clock(dut_);
  return cycles;
}

void Bench::route(std::uint32_t in, const Header& header, std::uint32_t place) {
  if (!comes_in(in, header, place, place)) return;
  dut_.x_i = dut_.y_i = static_cast<std::uint8_t>(place);
  dut_.out_ready_i = 0;
  offer(in, make_flit<F>(header, true, true, in));
  clock(dut_);
  offer(in, std::nullopt);
  verdict_.expect(dut_.out_valid_o == 1U << expected_output(header, place, place), "route", place);
  dut_.out_ready_i = 31;
  clock(dut_);
}

void Bench::routes() {
  for (std::uint32_t place = 0; place < 64; ++place) {
    for (std::uint32_t there = 0; there < 64; ++there) {
      Header row, column;
      row.dst_x = column.dst_y = there;
      row.dst_y = column.dst_x = place;
      for (std::uint32_t in = 0; in < kPorts; ++in) {
        route(in, row, place);
        route(in, column, place);
      }
    }
  }
  dut_.x_i = kX;
  dut_.y_i = kY;
}

double Bench::permutation_throughput(std::uint32_t length) {
  constexpr std::array<Port, kPorts> kTarget = {kSouth, kWest, kNorth, kEast, kLocal};
  constexpr std::uint64_t kCycles = 1000;
  const auto header_to = [](Port out) {
    Header h;
    h.dst_x = out == kEast ? kX + 1 : out == kWest ? kX - 1 : kX;
    h.dst_y = out == kSouth ? kY + 1 : out == kNorth ? kY - 1 : kY;
    return h;
  };
  std::array<std::uint32_t, kPorts> index{};
  dut_.out_ready_i = 31;
  std::uint64_t flits = 0;
  const auto offer_next = [&](std::uint32_t in) {
    offer(in, make_flit<F>(header_to(kTarget[in]), index[in] == 0, index[in] == length - 1, in));
  };
  for (std::uint32_t in = 0; in < kPorts; ++in) offer_next(in);
  for (std::uint64_t cycle = 0; cycle < kCycles || dut_.out_valid_o != 0; ++cycle) {
    dut_.eval();
    for (std::uint32_t out = 0; out < kPorts; ++out)
      if (delivered(out) && cycle < kCycles) ++flits;
    std::array<bool, kPorts> taken{};
    for (std::uint32_t in = 0; in < kPorts; ++in) taken[in] = accepted(in);
    clock(dut_);
    for (std::uint32_t in = 0; in < kPorts; ++in) {
      if (!taken[in]) continue;
      index[in] = (index[in] + 1) % length;
      // After the measured cycles the open packets end.
      if (cycle >= kCycles && index[in] == 0) {
        offer(in, std::nullopt);
      } else {
        offer_next(in);
      }
    }
  }
  return static_cast<double>(flits) / (kPorts * kCycles);
}

std::uint64_t Bench::overtakes() {
  constexpr std::uint32_t kLength = 3;
  Random random(7);
  std::array<std::uint32_t, kPorts> index{};
  std::array<std::uint64_t, kPorts> passed{};  // packets of others since this input's last one
  std::uint64_t worst = 0;
  const auto offer_next = [&](std::uint32_t in) {
    Header h;
    h.dst_x = kX;
    h.dst_y = kY;
    h.src_x = in;
    offer(in, make_flit<F>(h, index[in] == 0, index[in] == kLength - 1, in));
  };
  for (std::uint32_t in = 0; in < kPorts; ++in) offer_next(in);
  for (std::uint64_t cycle = 0; cycle < 20000; ++cycle) {
    dut_.out_ready_i = random.percent(30) ? 0 : 31;
    dut_.eval();
    if (delivered(kLocal) && sample<F>(dut_.out_flit_o[kLocal]).head()) {
      const std::uint32_t winner = sample<F>(dut_.out_flit_o[kLocal]).header().src_x;
      for (std::uint32_t in = 0; in < kPorts; ++in) worst = std::max(worst, ++passed[in]);
      passed[winner] = 0;
    }
    std::array<bool, kPorts> taken{};
    for (std::uint32_t in = 0; in < kPorts; ++in) taken[in] = accepted(in);
    clock(dut_);
    for (std::uint32_t in = 0; in < kPorts; ++in) {
      if (!taken[in]) continue;
      index[in] = (index[in] + 1) % kLength;
      offer_next(in);
    }
  }
  return worst - 1;
}

int run(std::uint64_t flits) {
  Verdict verdict("rtl.noc_router_" + std::to_string(DFLIT_WIDTH));
  Bench bench(verdict);

  std::uint64_t latency = 0;
  Random random(3);
  for (std::uint32_t in = 0; in < kPorts; ++in) {
    for (int i = 0; i < 50; ++i)
      latency = std::max(latency, bench.idle_latency(in, random_header(random, in)));
  }
  verdict.expect(latency == 1, "idle latency is not one cycle", latency);

  bench.routes();
  const Figures figures = bench.random_traffic(flits, 4);
  const double single = bench.permutation_throughput(1), packets = bench.permutation_throughput(5);
  // One cycle of 1000 passes before the first flit is out.
  verdict.expect(single >= 0.999 && packets >= 0.999,
                 "permutation below one flit a cycle and output");
  const std::uint64_t overtakes = bench.overtakes();
  verdict.expect(overtakes <= 4, "round robin is not fair", overtakes);

  char text[320];
  std::snprintf(
      text, sizeof text,
      "%llu random flits in %llu cycles, latency mean %.2f max %llu under 0-50 %% stalls; idle "
      "%llu cycle a hop; permutation %.3f / %.3f flits/output/cycle (1 / 5 flits a packet); at "
      "most "
      "%llu packets pass a waiting one",
      static_cast<unsigned long long>(figures.flits),
      static_cast<unsigned long long>(figures.cycles),
      static_cast<double>(figures.latency_sum) /
          static_cast<double>(std::max<std::uint64_t>(figures.flits, 1)),
      static_cast<unsigned long long>(figures.latency_max),
      static_cast<unsigned long long>(latency), single, packets,
      static_cast<unsigned long long>(overtakes));
  return verdict.report(text);
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 1'000'000));
}

// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_pick against its definition: any stations taken, waiting, ready, of any kind, from any head
// on, with any room of the units. STANUM, XDPNUM and VDPNUM are the model's parameters.
#include <array>

#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

enum class Kind { kNone, kAlu, kMuldiv, kInOrder, kVector, kCount };

struct Station {
  bool waits = false, operands = false;
  Kind kind = Kind::kNone;
};

// What the outputs must be: a mask of stations for each lane and unit.
struct Picked {
  std::array<std::uint32_t, XDPNUM> alu{};
  std::array<std::uint32_t, VDPNUM> vector{};
  std::uint32_t muldiv = 0, in_order = 0;
  bool in_order_ready = false;
};

class Bench {
 public:
  void check(std::uint64_t at) {
    draw();
    dut_.eval();
    const Picked wanted = picked();
    for (std::uint32_t n = 0; n < XDPNUM; ++n)
      verdict_.expect(lane(dut_.alu_o, n) == wanted.alu[n], "integer units", at);
    for (std::uint32_t n = 0; n < VDPNUM; ++n)
      verdict_.expect(lane(dut_.vector_o, n) == wanted.vector[n], "vector lanes", at);
    verdict_.expect(dut_.muldiv_o == wanted.muldiv, "multiplier", at);
    verdict_.expect(dut_.in_order_o == wanted.in_order, "oldest access or command", at);
    verdict_.expect((dut_.in_order_ready_o != 0) == wanted.in_order_ready, "its readiness", at);
  }
  int report(std::uint64_t checks) const {
    return verdict_.report(std::to_string(checks) + " choices");
  }

 private:
  static std::uint32_t lane(std::uint32_t masks, std::uint32_t n) {
    return masks >> (n * STANUM) & ((1U << STANUM) - 1);
  }

  void draw() {
    head_ = random_.below(STANUM);
    count_ = random_.below(STANUM + 1);
    alu_room_ = random_.below(XDPNUM + 1);
    v_room_ = random_.percent(20) ? random_.below(64) : random_.below(VDPNUM + 2);
    // Now and then all of a kind, so that every lane and every age comes up.
    const bool alike = random_.percent(30);
    const auto common = any();
    const std::uint32_t share = 100 * random_.below(2) + 70 * random_.below(2);
    std::uint32_t waits = 0, operands = 0, kinds[static_cast<int>(Kind::kCount)] = {};
    for (std::uint32_t s = 0; s < STANUM; ++s) {
      stations_[s] = {random_.percent(share), random_.percent(share), alike ? common : any()};
      waits |= (stations_[s].waits ? 1U : 0U) << s;
      operands |= (stations_[s].operands ? 1U : 0U) << s;
      kinds[static_cast<int>(stations_[s].kind)] |= 1U << s;
    }
    dut_.head_i = static_cast<std::uint8_t>(head_);
    dut_.count_i = static_cast<std::uint8_t>(count_);
    dut_.alu_room_i = static_cast<std::uint8_t>(alu_room_);
    dut_.v_room_i = static_cast<std::uint8_t>(v_room_);
    dut_.waits_i = static_cast<std::uint8_t>(waits);
    dut_.operands_i = static_cast<std::uint8_t>(operands);
    dut_.to_alu_i = static_cast<std::uint8_t>(kinds[static_cast<int>(Kind::kAlu)]);
    dut_.to_muldiv_i = static_cast<std::uint8_t>(kinds[static_cast<int>(Kind::kMuldiv)]);
    dut_.in_order_i = static_cast<std::uint8_t>(kinds[static_cast<int>(Kind::kInOrder)]);
    dut_.vector_i = static_cast<std::uint8_t>(kinds[static_cast<int>(Kind::kVector)]);
  }
  Kind any() { return static_cast<Kind>(random_.below(static_cast<std::uint32_t>(Kind::kCount))); }

  // From the oldest on. Of what stays in order the first that cannot go holds up the rest; several
  // go at once only if all are vector instructions.
  Picked picked() const {
    Picked p;
    std::uint32_t alus = 0, vectors = 0;
    bool open = true;
    for (std::uint32_t age = 0; age < count_; ++age) {
      const std::uint32_t s = (head_ + age) % STANUM, mask = 1U << s;
      const Station& station = stations_[s];
      if (!station.waits) continue;
      const bool ready = station.operands;
      if (station.kind == Kind::kAlu && ready && alus < alu_room_) p.alu[alus++] |= mask;
      if (station.kind == Kind::kMuldiv && ready && p.muldiv == 0) p.muldiv = mask;
      if (!open) continue;
      if (station.kind == Kind::kVector) {
        open = ready && vectors < v_room_ && vectors < VDPNUM;
        if (open) p.vector[vectors++] |= mask;
      } else if (station.kind == Kind::kInOrder) {
        open = false;
        if (vectors == 0) {
          p.in_order = mask;
          p.in_order_ready = ready;
        }
      }
    }
    return p;
  }

  Vdut dut_;
  Verdict verdict_{"rtl.pick"};
  Random random_{9};
  std::uint32_t head_ = 0, count_ = 0, alu_room_ = 0, v_room_ = 0;
  std::array<Station, STANUM> stations_;
};

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  Bench bench;
  const std::uint64_t checks = size_argument(argc, argv, 200'000);
  for (std::uint64_t i = 0; i < checks; ++i) bench.check(i);
  return bench.report(checks);
}

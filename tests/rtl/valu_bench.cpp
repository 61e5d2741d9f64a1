// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_valu against the definition of its operations: any of them in any cycle or none, lanes by
// themselves, a number for all, exchanges over every distance. VLEN is the model's.
#include <algorithm>
#include <bit>
#include <span>
#include <vector>

#include "Vdut.h"
#include "golden_vector.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kLanes = VLEN / 16, kDistances = std::bit_width(kLanes) - 1;
constexpr std::size_t kLatency = 4;
enum Group : std::uint8_t { kByLane = 0, kSplat = 5, kSwap = 6 };  // tcc_vec_pkg::VG_*

using Row = std::array<std::uint16_t, kLanes>;

template <typename Port>
void drive_row(Port& port, const Row& row) {
  for (std::uint32_t w = 0; w < kLanes / 2; ++w)
    set_word(port, w, row[2 * w] | std::uint32_t{row[2 * w + 1]} << 16);
}

class Bench {
 public:
  Bench() { reset(dut_); }

  void cycle(std::uint64_t at) {
    std::rotate(slots_.begin(), slots_.end() - 1, slots_.end());
    slots_[0] = draw();
    clock(dut_);
    const Slot& oldest = slots_.back();
    verdict_.expect((dut_.valid_o != 0) == oldest.valid, "valid", at);
    if (!oldest.valid) return;
    ++operations_;
    verdict_.expect(dut_.vd_o == oldest.vd, "register", at);
    for (std::uint32_t l = 0; l < kLanes; ++l) {
      const std::uint32_t result = word(dut_.result_o, l / 2) >> 16 * (l % 2) & 0xffff;
      verdict_.expect(result == oldest.result[l], "lane", at);
    }
  }
  int report(std::uint64_t cycles) const {
    return verdict_.report(std::to_string(operations_) + " operations in " +
                           std::to_string(cycles) + " cycles");
  }

 private:
  struct Slot {
    bool valid = false;
    std::uint32_t vd = 0;
    Row result{};
  };

  // The operands of this cycle, and what becomes of them.
  Slot draw() {
    constexpr std::array<Group, 3> kGroups{kByLane, kSplat, kSwap};
    const Group group = kGroups[random_.below(3)];
    const std::uint32_t op = random_.below(kLaneOperations), vd = random_.below(16);
    const std::uint32_t distance = random_.below(group == kSwap ? kDistances : 8);
    const auto x = static_cast<std::uint16_t>(random_.word());
    Row a, b, c;
    for (std::uint32_t l = 0; l < kLanes; ++l) {
      const Triple t = random_triple(random_);
      a[l] = t.a, b[l] = t.b, c[l] = t.c;
    }
    drive_row(dut_.a_i, a);
    drive_row(dut_.b_i, b);
    drive_row(dut_.c_i, c);
    dut_.start_i = random_.percent(80) ? 1 : 0;
    dut_.group_i = group;
    dut_.op_i = static_cast<std::uint8_t>(op);
    dut_.distance_i = static_cast<std::uint8_t>(distance);
    dut_.vd_i = static_cast<std::uint8_t>(vd);
    dut_.x_i = x;
    Slot slot{dut_.start_i != 0, vd, {}};
    for (std::uint32_t l = 0; l < kLanes; ++l) {
      if (group == kByLane) slot.result[l] = golden_lane(op, {a[l], b[l], c[l]});
      if (group == kSplat) slot.result[l] = x;
      if (group == kSwap) slot.result[l] = a[l ^ 1U << distance];
    }
    return slot;
  }

  Vdut dut_;
  Verdict verdict_{"rtl.valu"};
  Random random_{43};
  std::array<Slot, kLatency> slots_{};
  std::uint64_t operations_ = 0;
};

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  Bench bench;
  const std::uint64_t cycles = size_argument(argc, argv, 50'000);
  for (std::uint64_t i = 0; i < cycles; ++i) bench.cycle(i);
  return bench.report(cycles);
}

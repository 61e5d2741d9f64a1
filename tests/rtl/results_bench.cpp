// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_results against its definition: any results on all lanes at once, a branch among them or
// not. XDPNUM, XRWP and TAG_BITS are the model's parameters.
#include <array>
#include <optional>
#include <vector>

#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

enum Kind { kAlu, kBranch, kJalr, kLoop };  // tcc_core_pkg

struct Result {
  std::uint32_t tag = 0, value = 0;
};

struct Lane {
  bool valid = false, taken = false;
  std::uint32_t kind = 0;
  Result result;
};

constexpr std::uint32_t kTagBits = TAG_BITS, kKindBits = 4;

class Bench {
 public:
  void check(std::uint64_t at) {
    draw();
    dut_.eval();
    buses(at);
    branches(at);
  }
  int report(std::uint64_t checks) const {
    return verdict_.report(std::to_string(checks) + " cycles");
  }

 private:
  void draw() {
    const bool loads = random_.percent(40), multiplies = random_.percent(40);
    load_ = loads ? std::optional(any()) : std::nullopt;
    product_ = multiplies ? std::optional(any()) : std::nullopt;
    const Result shown_load = load_.value_or(any()), shown_product = product_.value_or(any());
    dut_.load_valid_i = loads ? 1 : 0;
    dut_.load_tag_i = static_cast<std::uint8_t>(shown_load.tag);
    dut_.load_value_i = shown_load.value;
    dut_.product_valid_i = multiplies ? 1 : 0;
    dut_.product_tag_i = static_cast<std::uint8_t>(shown_product.tag);
    dut_.product_i = shown_product.value;
    dut_.branch_target_i = random_.word();
    dut_.link_i = random_.word();
    dut_.alu_valid_i = dut_.alu_taken_i = 0;
    std::uint32_t kinds = 0, tags = 0;
    const std::uint32_t most = XRWP - taken(), branch = random_.below(XDPNUM);
    for (std::uint32_t n = 0; n < XDPNUM; ++n) {
      Lane& lane = lanes_[n];
      lane = {n < most && random_.percent(70), random_.percent(50), kAlu, any()};
      if (n == branch) lane.kind = random_.below(4);
      if (!lane.valid) lane.kind = random_.below(1U << kKindBits);
      dut_.alu_valid_i |= static_cast<std::uint8_t>((lane.valid ? 1U : 0U) << n);
      dut_.alu_taken_i |= static_cast<std::uint8_t>((lane.taken ? 1U : 0U) << n);
      kinds |= lane.kind << (kKindBits * n);
      tags |= lane.result.tag << (kTagBits * n);
      set_word(dut_.alu_result_i, n, lane.result.value);
    }
    dut_.alu_kind_i = static_cast<std::uint16_t>(kinds);
    dut_.alu_tag_i = static_cast<std::uint16_t>(tags);
  }

  Result any() { return {random_.below(1U << kTagBits), random_.word()}; }
  bool product_taken() const { return product_ && (load_ ? 1 : 0) < XRWP; }
  std::uint32_t taken() const { return (load_ ? 1U : 0U) + (product_taken() ? 1U : 0U); }

  // A load, a product, then the lanes.
  void buses(std::uint64_t at) {
    std::vector<std::optional<Result>> expected;
    if (load_) expected.push_back(load_);
    if (product_taken()) expected.push_back(product_);
    verdict_.expect((dut_.product_taken_o != 0) == product_taken(), "product", at);
    const std::uint32_t room = XRWP - taken();
    verdict_.expect(dut_.alu_room_o == (room < XDPNUM ? room : XDPNUM), "room", at);
    for (const Lane& lane : lanes_) {
      Result result = lane.result;
      if (lane.kind == kJalr) result.value = dut_.link_i;
      expected.push_back(lane.valid ? std::optional(result) : std::nullopt);
    }
    expected.resize(XRWP);
    for (std::uint32_t k = 0; k < XRWP; ++k) {
      const Result seen{dut_.bus_tag_o >> (kTagBits * k) & ((1U << kTagBits) - 1),
                        word(dut_.bus_value_o, k)};
      verdict_.expect((dut_.bus_valid_o >> k & 1U) == (expected[k] ? 1U : 0U), "valid", at);
      const Result wanted = expected[k].value_or(Result{});
      verdict_.expect(seen.tag == wanted.tag && seen.value == wanted.value, "bus", at);
    }
  }

  // Of a jump through a register the target is its result.
  void branches(std::uint64_t at) {
    bool resolves = false, away = false, loops = false;
    std::uint32_t target = dut_.branch_target_i, turns = 0;
    for (const Lane& lane : lanes_) {
      if (!lane.valid || lane.kind == kAlu) continue;
      resolves = true;
      away = lane.kind == kJalr || lane.taken;
      if (lane.kind == kJalr) target = lane.result.value & ~1U;
      if (lane.kind != kLoop) continue;
      loops = !lane.taken;
      turns = lane.result.value;
    }
    verdict_.expect((dut_.resolves_o != 0) == resolves, "resolves", at);
    verdict_.expect((dut_.leads_away_o != 0) == away, "leads away", at);
    verdict_.expect(dut_.target_o == target, "target", at);
    verdict_.expect((dut_.loops_o != 0) == loops && dut_.turns_o == turns, "loop", at);
  }

  Vdut dut_;
  Verdict verdict_{"rtl.results"};
  Random random_{5};
  std::optional<Result> load_, product_;
  std::array<Lane, XDPNUM> lanes_;
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

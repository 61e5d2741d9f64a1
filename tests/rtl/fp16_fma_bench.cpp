// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_fp16_fma, many copies at once, as adder, multiplier and fused multiply-add: products of
// corner lists, then random operands. The argument is the number of random multiply-adds, or "add"
// or "mul": every pair of operands, 2^32 of them.
#include <algorithm>
#include <string_view>

#include "Vdut.h"
#include "golden_vector.h"

namespace tilewright::rtl {
namespace {

constexpr std::size_t kCopies = COPIES;
constexpr std::size_t kLatency = 3;

class Bench {
 public:
  Bench() { model_.eval(); }

  void check(Triple t, std::uint16_t expected) {
    Batch& batch = batches_[batch_ % kLatency];
    batch.operands[filled_] = t;
    batch.expected[filled_] = expected;
    put(model_.a_i, t.a);
    put(model_.b_i, t.b);
    put(model_.c_i, t.c);
    if (++filled_ == kCopies) step();
  }

  // Everything still in the units.
  void drain() {
    while (filled_ != 0) check({0, 0, 0}, 0);
    for (std::size_t i = 1; i < kLatency; ++i)
      for (std::size_t copy = 0; copy < kCopies; ++copy) check({0, 0, 0}, 0);
  }

  Verdict verdict{"rtl.fp16_fma"};

 private:
  struct Batch {
    std::array<Triple, kCopies> operands{};
    std::array<std::uint16_t, kCopies> expected{};
  };

  template <typename Port>
  void put(Port& port, std::uint16_t value) {
    std::uint32_t& word = port[filled_ / 2];
    word = filled_ % 2 == 0 ? value : word | (std::uint32_t{value} << 16);
  }

  // The edge that takes the batch just filled shows the one of kLatency - 1 edges before.
  void step() {
    clock(model_);
    filled_ = 0;
    ++batch_;
    if (batch_ < kLatency) return;
    const Batch& oldest = batches_[batch_ % kLatency];
    for (std::size_t copy = 0; copy < kCopies; ++copy) {
      const auto result =
          static_cast<std::uint16_t>(model_.result_o[copy / 2] >> (16 * (copy % 2)));
      const Triple& t = oldest.operands[copy];
      verdict.expect(result == oldest.expected[copy], "a * b + c",
                     (std::uint64_t{t.a} << 32) | (std::uint64_t{t.b} << 16) | t.c);
    }
  }

  Vdut model_;
  std::array<Batch, kLatency> batches_{};
  std::size_t filled_ = 0;
  std::uint64_t batch_ = 0;
};

void check_add(Bench& bench, std::uint16_t a, std::uint16_t b) {
  bench.check({a, kOne16, b}, golden_add(a, b));
}

void check_mul(Bench& bench, std::uint16_t a, std::uint16_t b) {
  bench.check({a, b, kNegativeZero16}, golden_mul(a, b));
}

void check_fma(Bench& bench, Triple t) {
  bench.check(t, golden_fma(t.a, t.b, t.c));
}

template <typename Check>
int every_pair(Bench& bench, Check check, const char* what) {
  for (std::uint32_t a = 0; a < 0x10000; ++a)
    for (std::uint32_t b = 0; b < 0x10000; ++b)
      check(bench, static_cast<std::uint16_t>(a), static_cast<std::uint16_t>(b));
  bench.drain();
  return bench.verdict.report(std::string("all 2^32 pairs of ") + what);
}

int sample(Bench& bench, std::uint64_t fused) {
  const std::vector<std::uint16_t> many = many_corners16(), few = few_corners16();
  for (const std::uint16_t a : many) {
    for (const std::uint16_t b : many) {
      check_add(bench, a, b);
      check_mul(bench, a, b);
    }
  }
  for (const std::uint16_t a : few)
    for (const std::uint16_t b : few)
      for (const std::uint16_t c : few) check_fma(bench, {a, b, c});
  Random random(1);
  const std::uint64_t pairs = std::min<std::uint64_t>(fused, 2'000'000);
  for (std::uint64_t i = 0; i < pairs; ++i) {
    const std::uint32_t bits = random.word();
    const auto a = static_cast<std::uint16_t>(bits), b = static_cast<std::uint16_t>(bits >> 16);
    check_add(bench, a, b);
    check_mul(bench, a, b);
  }
  for (std::uint64_t i = 0; i < fused; ++i) check_fma(bench, random_triple(random));
  bench.drain();
  return bench.verdict.report(
      std::to_string(many.size() * many.size() + pairs) + " sums and as many products, " +
      std::to_string(few.size() * few.size() * few.size() + fused) + " fused multiply-adds");
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  Bench bench;
  const std::string_view argument = argc > 1 ? argv[1] : "";
  if (argument == "add") return every_pair(bench, check_add, "sums");
  if (argument == "mul") return every_pair(bench, check_mul, "products");
  return sample(bench, size_argument(argc, argv, 4'000'000));
}

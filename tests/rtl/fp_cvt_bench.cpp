// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_fp_cvt against the host's conversions: every value of every 16-bit format to every format;
// fp32 at all edges of the targets and at random. The argument is the number of random fp32, or
// "all": all 2^32 of them to fp16. Then all formats mixed, cycle by cycle.
#include <string_view>
#include <type_traits>

#include "Vdut.h"
#include "golden_vector.h"

namespace tilewright::rtl {
namespace {

constexpr std::size_t kLatency = 3;
constexpr bool kWide = WIDE;

struct Request {
  FormatCode from, to;
  std::uint32_t value;
};

class Bench {
 public:
  Bench() {
    dut_.step_i = 7;
    dut_.eval();
  }

  void check(Request request) {
    dut_.from_i = request.from;
    dut_.to_i = request.to;
    dut_.value_i = static_cast<std::remove_reference_t<decltype(dut_.value_i)>>(request.value);
    clock(dut_);
    const std::size_t slot = conversions % kLatency;
    expected_[slot] = golden_convert(request.from, request.to, request.value);
    requests_[slot] = request;
    if (++conversions < kLatency) return;
    const std::size_t oldest = conversions % kLatency;
    const Request& of = requests_[oldest];
    verdict.expect(dut_.result_o == expected_[oldest], "conversion: formats and value",
                   (std::uint64_t{of.from} << 40) | (std::uint64_t{of.to} << 36) | of.value);
  }

  void drain() {
    for (std::size_t i = 1; i < kLatency; ++i) check({kB16, kB16, 0});
  }

  Verdict verdict{"rtl.fp_cvt"};
  std::uint64_t conversions = 0;

 private:
  Vdut dut_;
  std::array<std::uint32_t, kLatency> expected_{};
  std::array<Request, kLatency> requests_{};
};

// fp32 whose cut-off bits are at and about a tie, for every fp16 and every bf16 they leave.
void check_edges(Bench& bench) {
  for (std::uint32_t kept = 0; kept < 0x10000; ++kept) {
    for (const std::uint32_t low : {0U, 1U, 0x1000U, 0x7FFFU, 0x8000U, 0x8001U, 0xFFFFU})
      for (const FormatCode to : {kF16, kB16, kF32, kI8})
        bench.check({kF32, to, (kept << 16) | low});
  }
  for (std::uint32_t exponent = 98; exponent <= 145; ++exponent) {
    for (std::uint32_t fraction = 0; fraction < 1024; ++fraction) {
      for (const std::uint32_t low : {0U, 1U, 0xFFFU, 0x1000U, 0x1001U, 0x1FFFU}) {
        const std::uint32_t magnitude = (exponent << 23) | (fraction << 13) | low;
        bench.check({kF32, kF16, magnitude});
        bench.check({kF32, kF16, magnitude | kFp32.sign});
      }
    }
  }
}

int run(std::uint64_t random_values) {
  Bench bench;
  const std::vector<FormatCode> formats =
      kWide ? std::vector{kF16, kB16, kI8, kF32} : std::vector{kF16, kB16, kI8};
  Random random(1);
  for (std::uint32_t value = 0; value < 0x10000; ++value) {
    for (const FormatCode from : formats)
      for (const FormatCode to : formats)
        if (from != kF32) bench.check({from, to, (random.word() << 16) | value});
  }
  if (kWide) check_edges(bench);
  const auto kinds = static_cast<std::uint32_t>(formats.size());
  for (std::uint64_t i = 0; i < random_values; ++i) {
    if (kWide) bench.check({kF32, formats[i % kinds], random.word()});
    bench.check({formats[random.below(kinds)], formats[random.below(kinds)], random.word()});
  }
  bench.drain();
  return bench.verdict.report(std::to_string(bench.conversions) + " conversions");
}

int every_fp32() {
  Bench bench;
  for (std::uint64_t value = 0; value < std::uint64_t{1} << 32; ++value)
    bench.check({kF32, kF16, static_cast<std::uint32_t>(value)});
  bench.drain();
  return bench.verdict.report("all 2^32 fp32 to fp16");
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  if (kWide && argc > 1 && std::string_view(argv[1]) == "all") return every_fp32();
  return run(size_argument(argc, argv, 1'000'000));
}

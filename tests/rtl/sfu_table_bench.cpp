// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_fp16_sfu_table against the table made anew from the functions. With the argument "print" it
// writes the entries as they stand in the module instead.
#include <string_view>

#include "Vdut.h"
#include "sfu_table.h"

namespace tilewright::rtl {
namespace {

constexpr std::array<Sfu, 3> kFunctions{kExp2, kRcp, kRsqrt};
constexpr std::array<const char*, 3> kNames{"EXP2", "RCP", "RSQRT"};

void print_entry(Sfu function, std::uint32_t segment, bool upper_half, const Line& line) {
  std::printf("      {tcc_vec_pkg::SFU_%s, 6'd%u%s = {16'd%u, 8'd%u};\n", kNames[function], segment,
              upper_half ? ", 1'b1}: line" : "}: whole", line.c0 - (1U << (kSfuC0 - 1)), line.c1);
}

// A case over whole segments, then one over those whose upper half has a line of its own.
void print() {
  for (const bool halves : {false, true}) {
    for (const Sfu function : kFunctions) {
      const std::vector<Segment> segments = sfu_segments(function);
      for (std::uint32_t i = 0; i < kSfuSegments; ++i) {
        if (!halves) print_entry(function, i, false, segments[i].low);
        if (halves && segments[i].halved()) print_entry(function, i, true, segments[i].high);
      }
    }
  }
}

int compare() {
  Vdut dut;
  Verdict verdict("rtl.sfu_table");
  int entries = 0;
  for (const Sfu function : kFunctions) {
    const std::vector<Segment> segments = sfu_segments(function);
    for (std::uint32_t i = 0; i < kSfuSegments; ++i) {
      const Segment& segment = segments[i];
      entries += segment.halved() ? 2 : 1;
      for (std::uint8_t half = 0; half < 2; ++half) {
        const Line& line = half == 0 ? segment.low : segment.high;
        verdict.expect(line.c0 >> (kSfuC0 - 1) == 1, "no line", i);
        dut.function_i = function;
        dut.segment_i = static_cast<std::uint8_t>(i);
        dut.half_i = half;
        dut.eval();
        verdict.expect(dut.c0_o == line.c0 && dut.c1_o == line.c1, kNames[function], i);
      }
    }
  }
  return verdict.report(std::to_string(entries) + " entries made anew");
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  if (argc > 1 && std::string_view(argv[1]) == "print") {
    print();
    return EXIT_SUCCESS;
  }
  return compare();
}

// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The golden arithmetic of the vector unit against the half-precision instructions of qemu's
// RISC-V, which computes with a library of its own: products of corners, then random operands. The
// argument is the number of random ones.
#include <bit>
#include <fstream>
#include <vector>

#include "golden_vector.h"

namespace tilewright::rtl {
namespace {

// As zfh.c has it.
struct Results {
  std::uint16_t add, sub, mul, fma, min, max, less, integer;
  std::uint32_t single;
  std::uint16_t back, pad;
};

template <typename Record>
void write(const char* file, const std::vector<Record>& records) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(records.data()),
            static_cast<std::streamsize>(records.size() * sizeof(Record)));
}

template <typename Record>
std::vector<Record> read(const char* file, std::size_t count) {
  std::vector<Record> records(count);
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(records.data()),
          static_cast<std::streamsize>(count * sizeof(Record)));
  if (!in || in.peek() != std::ifstream::traits_type::eof()) records.clear();
  return records;
}

int run(std::uint64_t random_operands) {
  Verdict verdict("rtl.golden_zfh");
  std::vector<Triple> operands;
  const std::vector<std::uint16_t> corners = few_corners16();
  for (const std::uint16_t a : corners)
    for (const std::uint16_t b : corners)
      for (const std::uint16_t c : corners) operands.push_back({a, b, c});
  Random random(2);
  for (std::uint64_t i = 0; i < random_operands; ++i) operands.push_back(random_triple(random));
  write("operands.bin", operands);
  const int status = std::system(QEMU " -cpu rv64,Zfh=true " PROGRAM " <operands.bin >results.bin");
  verdict.expect(status == 0, "qemu failed");
  const auto results = read<Results>("results.bin", operands.size());
  verdict.expect(results.size() == operands.size(), "results missing");
  for (std::size_t i = 0; i < results.size(); ++i) {
    const Triple& t = operands[i];
    const Results& r = results[i];
    verdict.expect(r.add == golden_add(t.a, t.b), "add", i);
    verdict.expect(r.sub == golden_add(t.a, t.b ^ 0x8000U), "sub", i);
    verdict.expect(r.mul == golden_mul(t.a, t.b), "mul", i);
    verdict.expect(r.fma == golden_fma(t.a, t.b, t.c), "fma", i);
    verdict.expect(r.max == golden_extreme(t.a, t.b, true), "max", i);
    verdict.expect(r.min == golden_extreme(t.a, t.b, false), "min", i);
    verdict.expect((r.less != 0) == (doubles()[t.a] < doubles()[t.b]), "less", i);
    verdict.expect(r.single == golden_convert(kF16, kF32, t.a), "fp16 to fp32", i);
    verdict.expect(r.back == golden_convert(kF32, kF16, (std::uint32_t{t.a} << 16) | t.b),
                   "fp32 to fp16", i);
    // There a NaN is the largest integer, here it is zero.
    verdict.expect(is_nan16(t.a) || r.integer == golden_convert(kF16, kI8, t.a), "integer", i);
  }
  return verdict.report(std::to_string(results.size()) + " operands under ten instructions");
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 500'000));
}

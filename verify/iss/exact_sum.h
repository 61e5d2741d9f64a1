// One accumulator of the tensor engine: 96 bits of fixed point, last bit 2^-48, with sticky flags.
// Sums of products are exact and independent of their order; a result is rounded once.
#pragma once

#include <cstdint>

namespace tilewright::iss {

__extension__ typedef __int128 Int128;

// Of a product's operands. int8: two of them, the low byte first.
enum class Element : std::uint8_t { kFp16, kBf16, kInt8 };
enum class Format : std::uint8_t { kFp16, kFp32, kInt32, kBf16 };

class ExactSum {
 public:
  // bf16: cut towards zero below 2^-48, infinite from 2^47 on.
  void add_product(Element type, std::uint16_t x, std::uint16_t w);
  void add_fp32(std::uint32_t bits);  // cut and bounded in the same way

  // Rounded to nearest even; int32: rounded down, saturated, the largest number for NaN. With relu,
  // +0 for what is negative. Bits of a 16-bit format are the low ones.
  std::uint32_t read(Format format, bool relu) const;

 private:
  std::uint32_t read_int32(bool relu) const;
  void add_units(Int128 term);
  void add_magnitude(std::uint64_t magnitude, int shift, bool negative);
  void add_infinity(bool negative) { (negative ? minus_ : plus_) = true; }

  Int128 units_ = 0;
  bool nan_ = false, plus_ = false, minus_ = false;
};

}  // namespace tilewright::iss

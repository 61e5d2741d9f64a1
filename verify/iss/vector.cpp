#include "verify/iss/vector.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "verify/iss/exact_sum.h"

namespace tilewright::iss {
namespace {

using isa::Op;

constexpr std::uint16_t kSign = 0x8000, kNan = 0x7e00, kInfinity = 0x7c00, kOne = 0x3c00;
constexpr std::uint16_t kBf16Nan = 0x7fc0, kBf16Infinity = 0x7f80;

bool is_nan(std::uint16_t h) {
  return (h & ~kSign) > kInfinity;
}
bool is_zero(std::uint16_t h) {
  return (h & ~kSign) == 0;
}

double number_of(std::uint16_t h) {
  const int field = h >> 10 & 31, fraction = h & 1023;
  double magnitude =
      field == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, field - 25);
  if (field == 31) {
    magnitude = fraction != 0 ? std::numeric_limits<double>::quiet_NaN()
                              : std::numeric_limits<double>::infinity();
  }
  return (h & kSign) != 0 ? -magnitude : magnitude;
}

// Nearest, ties to even, of a format with so many significant bits, whose subnormals end at
// 2^floor.
std::uint16_t rounded(double x, int precision, int floor, std::uint16_t infinity,
                      std::uint16_t nan) {
  if (std::isnan(x)) return nan;
  const auto sign = static_cast<std::uint16_t>(std::signbit(x) ? kSign : 0);
  const double magnitude = std::fabs(x);
  if (magnitude == 0) return sign;
  if (std::isinf(magnitude)) return sign | infinity;
  const int last = std::max(std::ilogb(magnitude) - (precision - 1), floor);
  const double places = std::nearbyint(std::ldexp(magnitude, -last));
  // Hidden bit and exponent add up, and so does a carry.
  const auto bits = static_cast<std::int64_t>(places) +
                    (static_cast<std::int64_t>(last - floor) << (precision - 1));
  return static_cast<std::uint16_t>(sign | std::min<std::int64_t>(bits, infinity));
}
std::uint16_t fp16_of(double x) {
  return rounded(x, 11, -24, kInfinity, kNan);
}

std::uint16_t larger(std::uint16_t a, std::uint16_t b, bool smallest) {
  if (is_nan(a) && is_nan(b)) return kNan;
  if (is_nan(a)) return b;
  if (is_nan(b)) return a;
  // -0 is below +0.
  const double x = number_of(a), y = number_of(b);
  const bool below = x < y || (x == y && (a & kSign) != 0);
  return below != smallest ? b : a;
}

std::uint16_t to_int8(std::uint16_t a) {
  if (is_nan(a)) return 0;
  const double x = std::clamp(std::nearbyint(number_of(a)), -128.0, 127.0);
  return static_cast<std::uint16_t>(static_cast<std::int16_t>(x));
}

double bf16_number(std::uint16_t b) {
  return static_cast<double>(std::bit_cast<float>(std::uint32_t{b} << 16));
}

// 2^x by 64 lines c0 + c1 dx for the fraction of x: what the hardware computes, and at most one
// last place from the rounded power. c0 counts 2^-17 and begins at 1/2, c1 counts 2^-23.
struct Line {
  std::uint16_t c0;
  std::uint8_t c1;
};
constexpr std::array<Line, 64> kExp2Lines{
    {{1, 89},      {714, 90},    {1435, 91},   {2164, 92},   {2903, 93},   {3647, 94},
     {4400, 95},   {5162, 96},   {5929, 98},   {6712, 98},   {7498, 99},   {8288, 101},
     {9092, 102},  {9911, 102},  {10728, 104}, {11559, 105}, {12401, 106}, {13250, 107},
     {14107, 108}, {14973, 110}, {15851, 111}, {16738, 111}, {17632, 113}, {18537, 114},
     {19452, 116}, {20378, 117}, {21309, 119}, {22262, 119}, {23218, 120}, {24183, 122},
     {25162, 123}, {26146, 125}, {27154, 124}, {28154, 127}, {29178, 127}, {30205, 131},
     {31247, 132}, {32305, 133}, {33368, 135}, {34449, 135}, {35537, 137}, {36637, 139},
     {37746, 141}, {38872, 142}, {40007, 144}, {41152, 146}, {42323, 146}, {43495, 148},
     {44683, 150}, {45885, 151}, {47094, 154}, {48323, 155}, {49561, 157}, {50813, 159},
     {52083, 160}, {53367, 161}, {54658, 164}, {55964, 166}, {57291, 167}, {58629, 169},
     {59979, 171}, {61346, 173}, {62730, 174}, {64122, 177}}};

}  // namespace

// Exact, then rounded once. An exact zero has the sign of its terms, if they agree.
std::uint16_t fp16_fma(std::uint16_t a, std::uint16_t b, std::uint16_t c) {
  ExactSum sum;
  sum.add_product(Element::kFp16, a, b);
  sum.add_product(Element::kFp16, c, kOne);
  const auto result = static_cast<std::uint16_t>(sum.read(Format::kFp16, false));
  const bool product_is_zero = is_zero(a) || is_zero(b);
  if (result != 0 || !product_is_zero || !is_zero(c)) return result;
  return static_cast<std::uint16_t>((a ^ b) & c & kSign);
}

std::uint16_t fp16_exp2(std::uint16_t a) {
  constexpr int kFraction = 15;
  if (is_nan(a)) return kNan;
  const double x = number_of(a);
  if (x >= 16) return kInfinity;
  if (x <= -28) return 0;
  // Fixed point, rounded down; an exact negative number comes out one unit low, which the lines
  // make up for.
  const auto magnitude = static_cast<std::int32_t>(std::ldexp(std::fabs(x), kFraction));
  const std::int32_t fixed = (a & kSign) != 0 ? ~magnitude : magnitude;
  const Line line = kExp2Lines[static_cast<std::size_t>(fixed >> 9 & 63)];
  const std::uint32_t dx = static_cast<std::uint32_t>(fixed) & 511;
  const std::uint32_t sum = ((1U << 16 | line.c0) << 6) + line.c1 * dx;
  const std::int32_t whole = fixed >> kFraction;
  const int subnormal_shift = std::max(0, -14 - whole);
  const std::uint32_t kept = (sum >> 11) >> subnormal_shift;  // one bit behind the last place
  const auto exponent = static_cast<std::uint32_t>(std::max(0, whole + 14));
  return static_cast<std::uint16_t>((exponent << 10) + (kept >> 1) + (kept & 1));
}

std::uint16_t fp16_rcp(std::uint16_t a) {
  return fp16_of(1 / number_of(a));
}

std::uint16_t fp16_rsqrt(std::uint16_t a) {
  if (is_zero(a)) return a | kInfinity;
  return fp16_of(1 / std::sqrt(number_of(a)));
}

namespace {

// What an instruction makes of one lane.
std::uint16_t lane(Op op, std::uint16_t a, std::uint16_t b, std::uint16_t c) {
  switch (op) {
    case Op::kVadd:
      return fp16_fma(a, kOne, b);
    case Op::kVsub:
      return fp16_fma(a, kOne, b ^ kSign);
    case Op::kVmul:
      return fp16_fma(a, b, kSign);
    case Op::kVfma:
      return fp16_fma(a, b, c);
    case Op::kVmax:
      return larger(a, b, false);
    case Op::kVmin:
      return larger(a, b, true);
    case Op::kVlt:
      return number_of(a) < number_of(b) ? 0xffff : 0;
    case Op::kVsel:
      return (c & kSign) != 0 ? a : b;
    case Op::kVtoBf16:
      return rounded(number_of(a), 8, -133, kBf16Infinity, kBf16Nan);
    case Op::kVfromBf16:
      return fp16_of(bf16_number(a));
    case Op::kVtoInt8:
      return to_int8(a);
    case Op::kVfromInt8:
      return fp16_of(static_cast<std::int8_t>(a));
    case Op::kVpack:
      return static_cast<std::uint16_t>((b << 8) | (a & 0xff));
    case Op::kVexp2:
      return fp16_exp2(a);
    case Op::kVrcp:
      return fp16_rcp(a);
    case Op::kVrsqrt:
      return fp16_rsqrt(a);
    default:
      return a;
  }
}

}  // namespace

Vector::Vector(std::uint32_t vlen, std::span<const std::uint8_t> wmem, std::span<std::uint8_t> dmem)
    : lanes_(vlen / 16), row_bytes_(vlen / 8), wmem_(wmem), dmem_(dmem) {
  for (Register& r : registers_) r.resize(lanes_);
}

Outcome Vector::access(const Command& command, const isa::Operands& o) {
  const std::uint32_t at = command.a + static_cast<std::uint32_t>(o.imm);
  std::span<const std::uint8_t> memory = dmem_;
  std::size_t offset = at - kDmemBase;
  if (command.op == Op::kVldw) {
    memory = wmem_;
    offset = std::size_t{at} * row_bytes_;
  } else if (at < kDmemBase || at % row_bytes_ != 0) {
    return Outcome::kRefused;
  }
  if (offset + row_bytes_ > memory.size()) return Outcome::kRefused;
  if (command.op == Op::kVst) {
    std::memcpy(&dmem_[offset], registers_[o.rs2].data(), row_bytes_);
  } else {
    std::memcpy(registers_[o.rd].data(), &memory[offset], row_bytes_);
  }
  return Outcome::kDone;
}

Outcome Vector::execute(const Command& command, const isa::Operands& o) {
  switch (command.op) {
    case Op::kVld:
    case Op::kVst:
    case Op::kVldw:
      return access(command, o);
    case Op::kVsplat:
      registers_[o.rd].assign(lanes_, static_cast<std::uint16_t>(command.a));
      return Outcome::kDone;
    case Op::kVswap: {
      const Register from = registers_[o.rs1];
      const std::uint32_t distance = 1U << o.imm;
      for (std::uint32_t l = 0; l < lanes_; ++l)
        registers_[o.rd][l] = from[distance < lanes_ ? l ^ distance : l];
      return Outcome::kDone;
    }
    default: {
      const Register a = registers_[o.rs1], b = registers_[o.rs2];
      Register& d = registers_[o.rd];
      for (std::uint32_t l = 0; l < lanes_; ++l) d[l] = lane(command.op, a[l], b[l], d[l]);
      return Outcome::kDone;
    }
  }
}

}  // namespace tilewright::iss

#include "frontend/interpret/value.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "frontend/interpret/number_format.h"
#include "frontend/interpret/rounding.h"
#include "support/error.h"

namespace tilewright {
namespace {

static_assert(std::endian::native == std::endian::little, "files hold little-endian numbers");

bool is_double(DType type, Precision precision) {
  return type == DType::kFloat64 ||
         (precision == Precision::kFloat64 &&
          (type == DType::kFloat32 || type == DType::kFloat16 || type == DType::kBFloat16));
}

// Bits of an integer type and whether it has a sign.
struct Integer {
  unsigned bits;
  bool has_sign;
};

Integer integer(DType type) {
  switch (type) {
    case DType::kInt8:
      return {8, true};
    case DType::kInt16:
      return {16, true};
    case DType::kInt32:
      return {32, true};
    case DType::kInt64:
      return {64, true};
    case DType::kUint8:
      return {8, false};
    case DType::kUint16:
      return {16, false};
    case DType::kUint32:
      return {32, false};
    case DType::kUint64:
      return {64, false};
    case DType::kInt4:
      return {4, true};
    case DType::kUint4:
      return {4, false};
    case DType::kInt2:
      return {2, true};
    case DType::kUint2:
      return {2, false};
    case DType::kBool:
      return {1, false};
    default:
      throw Error("TW-RUN-002",
                  std::string("tensors of type ") + dtype_name(type) + " are not computed");
  }
}

std::int64_t wrapped(std::int64_t x, Integer type) {
  const unsigned unused = 64 - type.bits;
  const std::uint64_t high = static_cast<std::uint64_t>(x) << unused;
  return type.has_sign ? static_cast<std::int64_t>(high) >> unused
                       : static_cast<std::int64_t>(high >> unused);
}

// The rounding that `type` asks for under `precision`; nullptr: none.
const FloatFormat* rounding(DType type, Precision precision) {
  const bool wide = type == DType::kFloat16 || type == DType::kBFloat16;
  return wide && precision == Precision::kFloat64 ? nullptr : narrow_format(type);
}

template <typename From, typename To>
To plain_cast(From x) {
  if constexpr (std::is_floating_point_v<From> && std::is_same_v<To, std::int64_t>) {
    return kernel::saturated<std::int64_t>(static_cast<double>(x));
  } else if constexpr (std::is_floating_point_v<From> && std::is_same_v<To, std::uint64_t>) {
    const double wide = static_cast<double>(x);
    return wide >= 0x1p63 && wide < 0x1p64
               ? static_cast<std::uint64_t>(wide)
               : static_cast<std::uint64_t>(kernel::saturated<std::int64_t>(wide));
  } else {
    return static_cast<To>(x);
  }
}

template <typename T>
void append_bytes(std::string& out, T x) {
  out.append(reinterpret_cast<const char*>(&x), sizeof(T));
}

template <typename T>
T element_at(std::string_view bytes, std::size_t i) {
  T x;
  std::memcpy(&x, bytes.data() + i * sizeof(T), sizeof(T));
  return x;
}

// The bits of element `i` of a type of at most 32 bits.
std::uint32_t bits_at(std::string_view bytes, std::size_t i, unsigned width) {
  const std::size_t first = i * width;
  if (width < 8) {
    const auto byte = static_cast<std::uint8_t>(bytes[first / 8]);
    return (static_cast<unsigned>(byte) >> (first % 8)) & ((1U << width) - 1);
  }
  std::uint32_t bits = 0;
  std::memcpy(&bits, bytes.data() + first / 8, width / 8);
  return bits;
}

void append_bits(std::string& out, std::size_t i, std::uint32_t bits, unsigned width) {
  if (width < 8) {
    const std::size_t first = i * width;
    if (first % 8 == 0) out += '\0';
    out.back() = static_cast<char>(static_cast<unsigned char>(out.back()) |
                                   ((bits & ((1U << width) - 1)) << (first % 8)));
    return;
  }
  out.append(reinterpret_cast<const char*>(&bits), width / 8);
}

unsigned width_of(DType type) {
  return static_cast<unsigned>(dtype_bytes(type, 4) * 2);
}

double real_at(DType type, std::string_view bytes, std::size_t i) {
  if (type == DType::kFloat32) return element_at<float>(bytes, i);
  if (type == DType::kFloat64) return element_at<double>(bytes, i);
  return decode(*narrow_format(type), bits_at(bytes, i, width_of(type)));
}

std::int64_t integer_at(DType type, std::string_view bytes, std::size_t i) {
  const Integer kind = integer(type);
  if (type == DType::kBool) return bytes[i] != 0 ? 1 : 0;
  if (kind.bits == 64) return element_at<std::int64_t>(bytes, i);
  return wrapped(static_cast<std::int64_t>(bits_at(bytes, i, kind.bits)), kind);
}

}  // namespace

std::int64_t Value::count() const {
  return std::visit([](const auto& x) { return static_cast<std::int64_t>(x.size()); }, elements);
}

bool is_floating(DType type) {
  return type == DType::kFloat32 || type == DType::kFloat64 || narrow_format(type) != nullptr;
}

std::int64_t held_bytes(DType type, std::int64_t count, Precision precision) {
  const bool single = is_floating(type) && !is_double(type, precision);
  return dtype_bytes(single ? DType::kFloat32 : DType::kFloat64, count);
}

Value make_value(DType type, Shape shape, Precision precision) {
  Value value;
  const auto count = static_cast<std::size_t>(product(shape));
  value.type = type;
  value.shape = std::move(shape);
  if (is_double(type, precision)) {
    value.elements = std::vector<double>(count);
  } else if (is_floating(type)) {
    value.elements = std::vector<float>(count);
  } else if (type == DType::kUint64) {
    value.elements = std::vector<std::uint64_t>(count);
  } else {
    static_cast<void>(integer(type));
    value.elements = std::vector<std::int64_t>(count);
  }
  return value;
}

void settle(Value& value, Precision precision) {
  if (is_floating(value.type)) {
    const FloatFormat* const format = rounding(value.type, precision);
    if (format == nullptr) return;
    const auto round = [&](auto& x) {
      x = static_cast<std::decay_t<decltype(x)>>(round_to(*format, static_cast<double>(x), false));
    };
    std::visit(
        [&](auto& elements) {
          for (auto& x : elements) round(x);
        },
        value.elements);
    return;
  }
  const Integer type = integer(value.type);
  if (type.bits == 64) return;
  for (std::int64_t& x : std::get<std::vector<std::int64_t>>(value.elements)) x = wrapped(x, type);
}

void settle_ints(DType type, std::vector<std::int64_t>& values) {
  if (type == DType::kBool) {
    for (std::int64_t& x : values) x = x != 0 ? 1 : 0;
    return;
  }
  const bool other = is_floating(type) || type == DType::kString || type == DType::kComplex64 ||
                     type == DType::kComplex128 || type == DType::kUndefined;
  if (other || integer(type).bits == 64) return;
  for (std::int64_t& x : values) x = wrapped(x, integer(type));
}

void settle_reals(DType type, std::vector<double>& values) {
  const FloatFormat* const format = narrow_format(type);
  for (double& x : values) {
    if (format != nullptr) x = round_to(*format, x, false);
    if (type == DType::kFloat32) x = static_cast<double>(static_cast<float>(x));
  }
}

Value converted(const Value& value, DType type, Precision precision, bool saturate) {
  Value out = make_value(type, value.shape, precision);
  std::visit(
      [&](const auto& from, auto& to) {
        using From = typename std::decay_t<decltype(from)>::value_type;
        using To = typename std::decay_t<decltype(to)>::value_type;
        if (type == DType::kBool) {
          for (std::size_t i = 0; i < from.size(); ++i) to[i] = from[i] != From{0} ? To{1} : To{0};
          return;
        }
        const FloatFormat* const format = rounding(type, precision);
        const bool limits = saturate && type != DType::kFloat16 && type != DType::kBFloat16;
        for (std::size_t i = 0; i < from.size(); ++i) {
          to[i] = format == nullptr
                      ? plain_cast<From, To>(from[i])
                      : static_cast<To>(round_to(*format, static_cast<double>(from[i]), limits));
        }
      },
      value.elements, out.elements);
  if (!is_floating(type)) settle(out, precision);
  return out;
}

Value value_of_bytes(DType type, Shape shape, std::string_view bytes, Precision precision) {
  const std::int64_t count = product(shape);
  if (dtype_bytes(type, count) != static_cast<std::int64_t>(bytes.size())) {
    throw Error("TW-RUN-003", std::to_string(bytes.size()) + " bytes for " + std::to_string(count) +
                                  " elements of type " + dtype_name(type));
  }
  Value value = make_value(type, std::move(shape), precision);
  std::visit(
      [&](auto& to) {
        using T = typename std::decay_t<decltype(to)>::value_type;
        for (std::size_t i = 0; i < to.size(); ++i) {
          if constexpr (std::is_floating_point_v<T>) {
            to[i] = static_cast<T>(real_at(type, bytes, i));
          } else {
            to[i] = static_cast<T>(integer_at(type, bytes, i));
          }
        }
      },
      value.elements);
  return value;
}

std::string bytes_of_value(const Value& value) {
  std::string out;
  out.reserve(static_cast<std::size_t>(dtype_bytes(value.type, value.count())));
  const FloatFormat* const format = narrow_format(value.type);
  const unsigned width = value.type == DType::kBool ? 8 : width_of(value.type);
  const auto append = [&](std::size_t i, auto x) {
    if (value.type == DType::kFloat32) {
      append_bytes(out, static_cast<float>(x));
    } else if (value.type == DType::kFloat64) {
      append_bytes(out, static_cast<double>(x));
    } else if (format != nullptr) {
      append_bits(out, i, encode(*format, round_to(*format, static_cast<double>(x), false)), width);
    } else if (width == 64) {
      append_bytes(out, static_cast<std::uint64_t>(x));
    } else {
      append_bits(out, i, static_cast<std::uint32_t>(static_cast<std::int64_t>(x)), width);
    }
  };
  std::visit(
      [&](const auto& from) {
        for (std::size_t i = 0; i < from.size(); ++i) append(i, from[i]);
      },
      value.elements);
  return out;
}

std::vector<std::int64_t> as_ints(const Value& value) {
  if (const auto* const ints = std::get_if<std::vector<std::int64_t>>(&value.elements))
    return *ints;
  if (const auto* const large = std::get_if<std::vector<std::uint64_t>>(&value.elements)) {
    return {large->begin(), large->end()};
  }
  throw Error("TW-RUN-001", std::string("a tensor of type ") + dtype_name(value.type) +
                                " where integers are needed");
}

std::vector<double> as_reals(const Value& value) {
  return std::visit([](const auto& x) { return std::vector<double>(x.begin(), x.end()); },
                    value.elements);
}

}  // namespace tilewright

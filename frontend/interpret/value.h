// A tensor that is there: type, shape and elements.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "frontend/graph.h"
#include "frontend/op_view.h"

namespace tilewright {

// What tensors of float32, float16 and bfloat16 are computed in: as declared (float32, rounded to
// the narrower types after every operator), or all in float64 without rounding, which tells a
// wrong transformation of a graph from rounding.
enum class Precision { kDeclared, kFloat64 };

// Row-major. float: the floating-point types up to 32 bits. double: float64, and those under
// kFloat64. int64: integers and booleans, but for uint64. A narrow type's elements always are
// values of that type.
using Elements = std::variant<std::vector<float>, std::vector<double>, std::vector<std::int64_t>,
                              std::vector<std::uint64_t>>;

struct Value {
  DType type = DType::kUndefined;
  Shape shape;
  Elements elements;
  std::int64_t count() const;  // elements
};

bool is_floating(DType type);
// Bytes of a float16 or an int64 of ours, not of the file's.
std::int64_t held_bytes(DType type, std::int64_t count, Precision precision);

// Zeros. Throws Error TW-RUN-002 for strings and complex numbers.
Value make_value(DType type, Shape shape, Precision precision);

// Elements that a computation left anywhere become values of the type: floats round to nearest
// even, integers wrap.
void settle(Value& value, Precision precision);

// The same for values of a tensor of `type` that a shape rule keeps as integers, or as reals.
void settle_ints(DType type, std::vector<std::int64_t>& values);
void settle_reals(DType type, std::vector<double>& values);

// The same elements as another type, as Cast does it: floats truncate towards zero to integers and
// saturate to float8 when asked.
Value converted(const Value& value, DType type, Precision precision, bool saturate = true);

// From and to dense little-endian bytes (int4 and float4: two a byte, the first in the low half).
// Throws Error TW-RUN-002, TW-RUN-003 (length).
Value value_of_bytes(DType type, Shape shape, std::string_view bytes, Precision precision);
std::string bytes_of_value(const Value& value);

// Integers as they are, reals as doubles; Error TW-RUN-001 when it holds the other kind.
std::vector<std::int64_t> as_ints(const Value& value);
std::vector<double> as_reals(const Value& value);  // takes integers too

}  // namespace tilewright

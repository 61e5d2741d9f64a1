#include <array>

#include "frontend/graph.h"
#include "support/error.h"

namespace tilewright {
namespace {

struct DTypeRow {
  const char* name;
  int bits;
};

// In the order of DType.
constexpr std::array<DTypeRow, 27> kRows = {
    {{"undefined", 0},  {"float32", 32},       {"float16", 16},     {"bfloat16", 16},
     {"float64", 64},   {"int8", 8},           {"int16", 16},       {"int32", 32},
     {"int64", 64},     {"uint8", 8},          {"uint16", 16},      {"uint32", 32},
     {"uint64", 64},    {"bool", 8},           {"float8e4m3fn", 8}, {"float8e4m3fnuz", 8},
     {"float8e5m2", 8}, {"float8e5m2fnuz", 8}, {"float8e8m0", 8},   {"float4e2m1", 4},
     {"int4", 4},       {"uint4", 4},          {"int2", 2},         {"uint2", 2},
     {"string", 0},     {"complex64", 64},     {"complex128", 128}}};

const DTypeRow& row(DType type) {
  return kRows.at(static_cast<std::size_t>(type));
}

}  // namespace

const char* dtype_name(DType type) {
  return row(type).name;
}

std::int64_t dtype_bytes(DType type, std::int64_t count) {
  const std::int64_t bits = row(type).bits;
  if (bits >= 8) {
    std::int64_t bytes = 0;
    if (__builtin_mul_overflow(count, bits / 8, &bytes)) {
      throw Error("TW-GRAPH-003", "a tensor's size does not fit 64 bits");
    }
    return bytes;
  }
  const std::int64_t packed = bits == 0 ? 1 : 8 / bits;  // elements a byte
  return bits == 0 ? 0 : count / packed + (count % packed != 0 ? 1 : 0);
}

std::int64_t Tensor::elements() const {
  std::int64_t count = 1;
  bool overflow = false, empty = false;
  for (const std::int64_t dim : shape) {
    empty = empty || dim == 0;
    overflow = overflow || __builtin_mul_overflow(count, dim == 0 ? 1 : dim, &count);
  }
  if (overflow) {
    throw Error("TW-GRAPH-003", "the number of elements does not fit 64 bits", "tensor " + name);
  }
  return empty ? 0 : count;
}

}  // namespace tilewright

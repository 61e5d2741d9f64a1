#include <algorithm>
#include <cmath>

#include "support/error.h"
#include "surrogate/surrogate.h"

namespace tilewright {
namespace {

struct Format {
  const char* name;
  double bits;
};
constexpr double kGroup = 32, kScaleBits = 16;
constexpr Format kFormats[] = {{"fp16", 16},
                               {"int8", 8},
                               {"int4", 4 + kScaleBits / kGroup},
                               {"int3", 3 + kScaleBits / kGroup}};

const Format& format_of(WeightFormat format) {
  return kFormats[static_cast<std::size_t>(format)];
}

}  // namespace

WeightFormat parse_weight_format(const std::string& text) {
  for (const WeightFormat format :
       {WeightFormat::kFp16, WeightFormat::kInt8, WeightFormat::kInt4, WeightFormat::kInt3}) {
    if (text == format_of(format).name) return format;
  }
  throw Error("TW-SURR-005", "'" + text + "' is not a format of weights", "--weights",
              "take fp16, int8, int4 or int3");
}

double bits_of(WeightFormat format) {
  return format_of(format).bits;
}

Workload with_weights(Workload workload, WeightFormat format) {
  const auto bytes = [&](std::int64_t count) {
    return static_cast<std::int64_t>(std::ceil(static_cast<double>(count) * bits_of(format) / 8));
  };
  const auto product = [&](std::int32_t op) {
    return op >= 0 && workload.ops[static_cast<std::size_t>(op)].groups > 0;
  };
  for (WorkOp& op : workload.ops) op.weight_bytes = 0;
  workload.totals.weight_bytes = 0;
  for (WeightTensor& weight : workload.weights) {
    if (product(weight.owner)) {
      weight.bytes = bytes(weight.count);
      weight.dtype = format_of(format).name;
    }
    if (weight.owner >= 0)
      workload.ops[static_cast<std::size_t>(weight.owner)].weight_bytes += weight.bytes;
    workload.totals.weight_bytes += weight.bytes;
  }
  return workload;
}

}  // namespace tilewright

#include "frontend/interpret/rounding.h"

#include <algorithm>
#include <cmath>

#include "frontend/interpret/number_format.h"
#include "support/error.h"

namespace tilewright::kernel {

Rounding::Rounding(DType type) : type_(type) {
  if (narrow_format(type) != nullptr) return;
  const double bits = static_cast<double>(dtype_bytes(type, 4)) * 2;
  switch (type) {
    case DType::kInt2:
    case DType::kInt4:
    case DType::kInt8:
    case DType::kInt16:
    case DType::kInt32:
      least_ = -std::exp2(bits - 1);
      most_ = -least_ - 1;
      return;
    case DType::kUint2:
    case DType::kUint4:
    case DType::kUint8:
    case DType::kUint16:
    case DType::kUint32:
      most_ = std::exp2(bits) - 1;
      return;
    default:
      throw Error("TW-RUN-001", std::string("nothing is quantised to type ") + dtype_name(type));
  }
}

double Rounding::quantised(double x, double zero, bool saturate) const {
  if (const FloatFormat* const format = narrow_format(type_)) {
    return round_to(*format, x + zero, saturate);
  }
  if (std::isnan(x)) return 0;
  return std::clamp(std::nearbyint(x) + zero, least_, most_);
}

void store(const std::vector<double>& from, Value& to) {
  std::visit(
      [&](auto& out) {
        using T = typename std::decay_t<decltype(out)>::value_type;
        if (from.size() > out.size())
          throw Error("TW-SHAPE-001", "a result does not fit its shape");
        std::transform(from.begin(), from.end(), out.begin(),
                       [](double x) { return saturated<T>(x); });
      },
      to.elements);
}

}  // namespace tilewright::kernel

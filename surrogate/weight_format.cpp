#include <algorithm>
#include <cmath>

#include "support/error.h"
#include "support/name_rules.h"
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

WeightFormat parse_format(const std::string& text) {
  for (const WeightFormat format :
       {WeightFormat::kFp16, WeightFormat::kInt8, WeightFormat::kInt4, WeightFormat::kInt3}) {
    if (text == format_of(format).name) return format;
  }
  throw Error("TW-SURR-005", "'" + text + "' is not a format of weights", "--weights",
              "take fp16, int8, int4 or int3, and others for some tensors as in int4,*head*=fp16");
}

bool feeds_product(const WeightTensor& weight, const Workload& workload) {
  return weight.owner >= 0 && workload.ops[static_cast<std::size_t>(weight.owner)].groups > 0;
}

void check_rules(const WeightFormats& formats, const Workload& workload) {
  for (const auto& rule : formats.rules) {
    const std::string& pattern = rule.first;
    const bool used = std::any_of(
        workload.weights.begin(), workload.weights.end(), [&](const WeightTensor& weight) {
          return feeds_product(weight, workload) && matches_pattern(pattern, weight.name);
        });
    if (!used) {
      throw Error("TW-SURR-008", "no weight of a product has a name like '" + pattern + "'",
                  "--weights", "the weights of the model: 'weights' in workload.json");
    }
  }
}

}  // namespace

WeightFormats parse_weight_formats(const std::string& text) {
  const NameRules parsed = parse_name_rules(text, "--weights");
  WeightFormats formats = parse_format(parsed.otherwise);
  for (const auto& [pattern, format] : parsed.rules)
    formats.rules.emplace_back(pattern, parse_format(format));
  return formats;
}

WeightFormat WeightFormats::of(const std::string& tensor) const {
  const auto rule = std::find_if(rules.begin(), rules.end(),
                                 [&](const auto& r) { return matches_pattern(r.first, tensor); });
  return rule == rules.end() ? otherwise : rule->second;
}

double bits_of(WeightFormat format) {
  return format_of(format).bits;
}

Workload with_weights(Workload workload, const WeightFormats& formats) {
  check_rules(formats, workload);
  for (WorkOp& op : workload.ops) op.weight_bytes = 0;
  workload.totals.weight_bytes = 0;
  for (WeightTensor& weight : workload.weights) {
    if (feeds_product(weight, workload)) {
      const Format& format = format_of(formats.of(weight.name));
      weight.bytes =
          static_cast<std::int64_t>(std::ceil(static_cast<double>(weight.count) * format.bits / 8));
      weight.dtype = format.name;
    }
    if (weight.owner >= 0)
      workload.ops[static_cast<std::size_t>(weight.owner)].weight_bytes += weight.bytes;
    workload.totals.weight_bytes += weight.bytes;
  }
  return workload;
}

}  // namespace tilewright

#include "surrogate/widths.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "support/error.h"

namespace tilewright {
namespace {

constexpr double kMib = 1048576.0, kByteBits = 8;

// All products alike.
Widths uniform(WeightFormat format) {
  Widths p;
  p.weight_bits = p.stored_bits = bits_of(format);
  if (format == WeightFormat::kFp16) return p;
  p.activation_bits = p.lane_bits = kByteBits;
  (format == WeightFormat::kInt8 ? p.share_int8 : p.share_int4) = 1;
  return p;
}

// Means over products, each weighted by what the quantity counts: reads of weights, weights kept,
// activations carried, multiply-accumulates.
class Mean {
 public:
  explicit Mean(double banks) : banks_(banks) {}
  void add(const WorkOp& op, const Widths& p) {
    const auto k = static_cast<double>(op.k), m = static_cast<double>(op.m);
    const auto positions = static_cast<double>(op.positions);
    const double products = op.runs * static_cast<double>(op.groups) * k * m * positions;
    if (op.weight_count > 0) reads_.add(products / std::min(positions, banks_), p.weight_bits);
    stored_.add(static_cast<double>(op.weight_count), p.stored_bits);
    activations_.add(op.runs * static_cast<double>(op.groups) * positions * k, p.activation_bits);
    lanes_.add(products, p.lane_bits);
    int8_.add(products, p.share_int8);
    int4_.add(products, p.share_int4);
  }
  Widths value() const {
    Widths p;
    p.weight_bits = reads_.value(p.weight_bits);
    p.stored_bits = stored_.value(p.stored_bits);
    p.activation_bits = activations_.value(p.activation_bits);
    p.lane_bits = lanes_.value(p.lane_bits);
    p.share_int8 = int8_.value(0);
    p.share_int4 = int4_.value(0);
    return p;
  }

 private:
  struct Sum {
    double total = 0, weight = 0;
    void add(double w, double x) {
      total += w * x;
      weight += w;
    }
    double value(double otherwise) const { return weight > 0 ? total / weight : otherwise; }
  };
  double banks_;
  Sum reads_, stored_, activations_, lanes_, int8_, int4_;
};

// Of each operator its largest weight; nullptr where it owns none.
std::vector<const WeightTensor*> weight_of_ops(const Workload& workload) {
  std::vector<const WeightTensor*> of(workload.ops.size(), nullptr);
  for (const WeightTensor& weight : workload.weights) {
    if (weight.owner < 0) continue;
    const WeightTensor*& largest = of[static_cast<std::size_t>(weight.owner)];
    if (largest == nullptr || weight.count > largest->count) largest = &weight;
  }
  return of;
}

// Products of two activations are computed as the others are in the mean.
Widths mixed(const Workload& workload, const WeightFormats& formats, double banks) {
  const auto weights = weight_of_ops(workload);
  Mean mean(banks);
  for (std::size_t i = 0; i < workload.ops.size(); ++i) {
    const WorkOp& op = workload.ops[i];
    if (op.groups > 0 && weights[i] != nullptr) mean.add(op, uniform(formats.of(weights[i]->name)));
  }
  return mean.value();
}

bool multiplies_integers(const WorkOp& op) {
  constexpr std::array<std::string_view, 4> kTypes = {"QLinearMatMul", "QLinearConv",
                                                      "MatMulInteger", "ConvInteger"};
  return std::find(kTypes.begin(), kTypes.end(), op.type) != kTypes.end();
}

Widths as_in_file(const Workload& workload, double weight_bits) {
  Mean mean(1);
  for (const WorkOp& op : workload.ops) {
    if (op.groups <= 0) continue;
    Widths p = uniform(multiplies_integers(op) ? WeightFormat::kInt8 : WeightFormat::kFp16);
    p.weight_bits = p.stored_bits = weight_bits;
    mean.add(op, p);
  }
  Widths p = mean.value();
  p.weight_bits = p.stored_bits = weight_bits;
  return p;
}

}  // namespace

Widths widths_of(const Workload* workload, const WorkloadConstants& constants, bool printed,
                 const std::optional<WeightFormats>& formats, double banks) {
  if (!formats) {
    if (printed || workload == nullptr || !(constants.parameters > 0)) return {};
    return as_in_file(*workload, kByteBits * kMib * constants.weight_mib / constants.parameters);
  }
  if (formats->rules.empty()) return uniform(formats->otherwise);
  if (workload == nullptr) {
    throw Error("TW-SURR-009", "the printed workload has no tensors to choose among", "--weights",
                "give the MODEL, or one format for all");
  }
  return mixed(*workload, *formats, banks);
}

}  // namespace tilewright

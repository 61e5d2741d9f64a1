// Quantisation: weights, activations and the KV cache of a graph go through narrower numbers. The
// result is a graph in QDQ form: weights as integers with DequantizeLinear, activations through
// QuantizeLinear and DequantizeLinear (or a pair of casts), so that any runtime computes what is
// reported.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "frontend/graph.h"
#include "frontend/interpret/value.h"
#include "frontend/quantise/calibration.h"

namespace tilewright {

enum class Narrow { kNone, kFloat16, kBFloat16, kInt8, kInt4 };
enum class Granularity { kTensor, kChannel, kGroup };

// Of one product: its weight, and its other operand.
struct ProductNumbers {
  Narrow weights = Narrow::kInt8;
  Granularity granularity = Granularity::kChannel;
  Narrow activations = Narrow::kNone;
};

struct QuantiseOptions {
  ProductNumbers numbers;                        // activations: one scale a tensor
  std::map<std::string, ProductNumbers> others;  // of products whose weight has this name
  std::int64_t group = 32;                       // rows a scale, with kGroup
  // New keys and values; integers with one scale a head (Eq. 29), s = max |.| / 127: of the token,
  // or with `fixed_cache_scales` calibrated once for all tokens.
  Narrow cache = Narrow::kNone;
  bool fixed_cache_scales = false;
  CalibrationMethod calibration = CalibrationMethod::kBest;
  double percentile = 99.99;
};

// Of one product (MatMul, Gemm, Conv, Gather of a table).
struct LayerReport {
  std::string name, type;
  double weight_snr_db = 0, output_snr_db = 0;  // infinite where nothing changed; NaN: no weight
};

struct QuantisedModel {
  Graph graph;
  CalibrationMethod calibration;  // the one that was taken
  std::vector<LayerReport> layers;
  double output_snr_db = 0;  // of the first output, over all batches
  double argmax_agreement =
      0;  // share of its rows along the last axis with the same largest element
  std::int64_t bytes_before = 0, bytes_after = 0;  // of the weights that were quantised
};

// `batches`: inputs in the graph's order, at least one. Throws Error TW-QUANT-001 (nothing to
// quantise, no batch, a group that does not fit), and what the interpreter throws.
QuantisedModel quantise(const Graph& graph, const std::vector<std::vector<Value>>& batches,
                        const QuantiseOptions& options);

}  // namespace tilewright

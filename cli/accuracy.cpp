#include "cli/accuracy.h"

#include <fmt/format.h>

#include <cmath>

#include "frontend/quantise/quantise.h"
#include "support/error.h"
#include "support/json.h"

namespace tilewright {
namespace {

ProductNumbers numbers_of(WeightFormat format) {
  switch (format) {
    case WeightFormat::kFp16:
      return {Narrow::kFloat16, Granularity::kTensor, Narrow::kFloat16};
    case WeightFormat::kInt8:
      return {Narrow::kInt8, Granularity::kChannel, Narrow::kInt8};
    case WeightFormat::kInt4:
      return {Narrow::kInt4, Granularity::kGroup, Narrow::kInt8};
    case WeightFormat::kInt3:
      break;
  }
  throw Error("TW-CLI-024", "the front end quantises to no int3, so its effect can't be measured",
              "--weights", "take fp16, int8 or int4, or a model without weights");
}

QuantiseOptions options_of(const Graph& graph, const WeightFormats& formats) {
  QuantiseOptions options;
  options.numbers = numbers_of(formats.otherwise);
  options.calibration = CalibrationMethod::kMinMax;  // a look; `tilewright quantise` tries them all
  for (const Tensor& tensor : graph.tensors) {
    if (!tensor.is_weight) continue;
    const WeightFormat format = formats.of(tensor.name);
    if (format != formats.otherwise) options.others.emplace(tensor.name, numbers_of(format));
  }
  return options;
}

}  // namespace

Accuracy accuracy_of(const ModelOptions& model, const InputOptions& inputs,
                     const WeightFormats& formats, std::uint64_t seed) {
  std::optional<ScratchFolder> scratch;
  InputOptions fed = inputs;
  Accuracy accuracy;
  accuracy.random_inputs = fed.inputs.empty();
  if (accuracy.random_inputs) fed.unfed = "random";
  const Session session = open_session_of(model, fed, seed, scratch);
  const QuantisedModel quantised =
      quantise(session.graph, {session.inputs}, options_of(session.graph, formats));
  accuracy.output_snr_db = quantised.output_snr_db;
  accuracy.argmax_agreement = quantised.argmax_agreement;
  return accuracy;
}

std::string accuracy_text(const Accuracy& a) {
  const std::string snr = std::isfinite(a.output_snr_db)
                              ? fmt::format("SNR {:.1f} dB", a.output_snr_db)
                          : a.output_snr_db > 0 ? "exact"
                                                : "lost";
  return fmt::format("{}, {:.1f} % of the rows of the output have the same largest element ({})",
                     snr, 100 * a.argmax_agreement,
                     a.random_inputs ? "random inputs: give some with --input" : "given inputs");
}

Json to_json(const Accuracy& a) {
  return {{"output_snr_db", std::isfinite(a.output_snr_db) ? Json(a.output_snr_db) : Json(nullptr)},
          {"argmax_agreement", a.argmax_agreement},
          {"inputs", a.random_inputs ? "random" : "given"}};
}

}  // namespace tilewright

// What formats of weights do to the outputs of a model that brings its weights.
#pragma once

#include <cstdint>
#include <string>

#include "cli/options.h"
#include "cli/tensor_inputs.h"
#include "support/json_fwd.h"
#include "surrogate/surrogate.h"

namespace tilewright {

struct Accuracy {
  double output_snr_db = 0;     // of the first output; infinite where nothing changed
  double argmax_agreement = 0;  // share of its rows with the same largest element
  bool random_inputs = false;   // for lack of given ones: floats normal, integers zero
};

// The front end quantises the weights in their formats, and the activations of products with
// integer weights to int8, by their largest values, and runs both. Throws Error TW-CLI-024 (int3,
// which it does not have) and what quantise() and the interpreter throw.
Accuracy accuracy_of(const ModelOptions& model, const InputOptions& inputs,
                     const WeightFormats& formats, std::uint64_t seed);

std::string accuracy_text(const Accuracy& accuracy);
Json to_json(const Accuracy& accuracy);

}  // namespace tilewright

#include <cmath>
#include <numbers>

#include "models/decoder.h"

namespace tilewright::models {
namespace {

struct Llama31Rope {
  double factor = 8, low_frequency_factor = 1, high_frequency_factor = 4, original_context = 8192;
};

// Long waves are stretched by `factor`, short ones kept, those between interpolated.
double stretched(double frequency, const Llama31Rope& rope) {
  const double waves = rope.original_context * frequency / (2 * std::numbers::pi);
  if (waves < rope.low_frequency_factor) {
    return frequency / rope.factor;
  }
  if (waves > rope.high_frequency_factor) {
    return frequency;
  }
  const double smooth = (waves - rope.low_frequency_factor) /
                        (rope.high_frequency_factor - rope.low_frequency_factor);
  return (1 - smooth) * frequency / rope.factor + smooth * frequency;
}

}  // namespace

std::vector<float> inverse_frequencies(const DecoderShape& shape) {
  const int head = shape.hidden / shape.heads;
  std::vector<float> result;
  for (int i = 0; i < head; i += 2) {
    const double plain = std::pow(shape.rope_theta, -static_cast<double>(i) / head);
    result.push_back(static_cast<float>(shape.llama31_rope ? stretched(plain, {}) : plain));
  }
  return result;
}

}  // namespace tilewright::models

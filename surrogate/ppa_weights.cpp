// The weights of the score's terms as a choice of the user.
#include <charconv>
#include <cmath>

#include "support/error.h"
#include "surrogate/surrogate.h"

namespace tilewright {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw Error("TW-SURR-010", what, "--ppa-weights",
              "give three numbers of at least 0, for rate, power and area: 0.4,0.4,0.2");
}

}  // namespace

PpaWeights parse_ppa_weights(const std::string& text) {
  PpaWeights weights{};
  const char *at = text.data(), *end = text.data() + text.size();
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (i > 0 && (at == end || *at++ != ',')) refuse("'" + text + "' is not three numbers");
    const auto parsed = std::from_chars(at, end, weights[i]);
    if (parsed.ec != std::errc()) refuse("'" + text + "' is not three numbers");
    at = parsed.ptr;
  }
  if (at != end) refuse("'" + text + "' is not three numbers");
  normalised(weights);
  return weights;
}

PpaWeights normalised(const PpaWeights& weights) {
  double sum = 0;
  for (const double w : weights) {
    if (!std::isfinite(w) || w < 0) refuse("a weight is negative or not finite");
    sum += w;
  }
  if (!(sum > 0) || !std::isfinite(sum)) refuse("the weights have no finite positive sum");
  return {weights[0] / sum, weights[1] / sum, weights[2] / sum};
}

}  // namespace tilewright

// ONNX's back-end conformance tests: an archive of KIND/TEST/model.onnx with
// test_data_set_N/input_k.pb and output_k.pb, run by the reference interpreter.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "frontend/interpret/value.h"

namespace tilewright {

// ONNX's own: numpy.testing.assert_allclose. Narrower types than float32 are held to two units in
// the last place, integers to equality, and to one step behind an operator that quantises.
struct Tolerance {
  double relative = 1e-3, absolute = 1e-7;
};

struct ConformanceResult {
  std::string kind, test;
  std::int64_t opset = 0;
  std::vector<std::string> operators;  // distinct, "domain.Type"
  bool passed = false;
  std::string reason;  // why not, one line
};

// Runs every test of the archive in order. Throws Error TW-ARCHIVE-00x for the archive; a test that
// cannot be run fails with the error's text.
std::vector<ConformanceResult> run_conformance(
    const std::filesystem::path& archive,
    const std::function<void(const ConformanceResult&, std::size_t tests)>& on_result = {});

// Where `got` is not `expected`: type, shape, or the worst element. Empty when it is.
// `quantises`: integers may differ by one.
std::string difference(const Value& got, const Value& expected, const Tolerance& tolerance,
                       bool quantises = false);

struct ConformanceShare {
  std::int64_t passed = 0, all = 0;
  double share() const {
    return all == 0 ? 0 : static_cast<double>(passed) / static_cast<double>(all);
  }
};
// Tests up to `newest` and beyond, and by operator (tests in which it occurs).
struct ConformanceSummary {
  ConformanceShare settled, newer;
  std::map<std::string, ConformanceShare> by_operator;
};
inline constexpr std::int64_t kSettledOpset = 17;
ConformanceSummary summarise(const std::vector<ConformanceResult>& results);

}  // namespace tilewright

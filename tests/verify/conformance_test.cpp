#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "../error_id.h"
#include "../frontend/onnx_writer.h"
#include "support/archive.h"
#include "verify/conformance/conformance.h"

namespace tilewright::testing {
namespace {

std::string model(const std::string& type, std::int64_t opset) {
  OnnxWriter writer(opset);
  writer.input("x", {2}).output("y").node(type, {"x"}, {"y"});
  return writer.bytes();
}

// A test whose input is (1, -2).
void add(std::vector<std::pair<std::string, std::string>>& files, const std::string& name,
         const std::string& model, const std::vector<float>& expected) {
  files.emplace_back("node/" + name + "/model.onnx", model);
  files.emplace_back("node/" + name + "/test_data_set_0/input_0.pb", float_tensor({1, -2}));
  files.emplace_back("node/" + name + "/test_data_set_0/output_0.pb", float_tensor(expected));
}

TEST(Conformance, CountsAndSaysWhy) {
  std::vector<std::pair<std::string, std::string>> files;
  add(files, "right", model("Neg", 13), {-1, 2});
  add(files, "nearly", model("Neg", 13), {-1.0005F, 2});
  add(files, "wrong", model("Abs", 13), {1, 3});
  add(files, "shape", model("Abs", 18), {1, 2, 3});
  add(files, "broken", "no model", {1});
  const TemporaryFolder folder;
  const auto results = run_conformance(folder.write("tests.zip", zip_of(files)));
  std::map<std::string, std::string> reasons;
  for (const ConformanceResult& r : results) reasons[r.test] = r.passed ? "passed" : r.reason;
  EXPECT_EQ(reasons["right"], "passed");
  EXPECT_EQ(reasons["nearly"], "passed");
  EXPECT_EQ(reasons["wrong"],
            "output 0: 1 of 2 elements, element 1 is 2.000000 instead of 3.000000");
  EXPECT_EQ(reasons["shape"], "output 0: shape [2] instead of [3]");
  EXPECT_NE(reasons["broken"].find("TW-ONNX"), std::string::npos);

  const ConformanceSummary summary = summarise(results);
  EXPECT_EQ(summary.settled.passed, 2);
  EXPECT_EQ(summary.settled.all, 4);  // what cannot be read counts here
  EXPECT_EQ(summary.newer.passed, 0);
  EXPECT_EQ(summary.newer.all, 1);
  EXPECT_EQ(summary.by_operator.at("Abs").all, 2);
  EXPECT_EQ(summary.by_operator.at("Neg").passed, 2);
}

TEST(Conformance, TheUpstreamSuite) {
  const char* const data = std::getenv("TILEWRIGHT_DATA");
  if (data == nullptr) GTEST_SKIP() << "TILEWRIGHT_DATA does not lead to the data";
  const auto results =
      run_conformance(std::filesystem::path(data) / "onnx/onnx_conformance.tar.xz");
  const ConformanceSummary summary = summarise(results);
  EXPECT_EQ(summary.settled.all, 605);
  EXPECT_EQ(summary.newer.all, 276);
  EXPECT_GE(summary.settled.share(), 0.98);
  EXPECT_GE(summary.newer.share(), 0.85);
  for (const ConformanceResult& r : results) EXPECT_TRUE(r.passed || !r.reason.empty()) << r.test;
}

}  // namespace
}  // namespace tilewright::testing

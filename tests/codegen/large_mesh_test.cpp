// The paper's largest mesh: 41 x 42 tiles, flits of 6784 bits, 16 configurations, hundreds of ROM
// depths.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <iostream>

#include "support/scratch.h"
#include "synthetic.h"
#include "verify/verify.h"

namespace tilewright {
namespace {

TEST(LargeMesh, LintAndStructureHold) {
  const ScratchFolder folder;
  emit_without_weights(synthetic_design(41, 42, {6784, 8, 2}, random_configs(16, 1), 300, 1),
                       folder.path());
  for (const GateResult& result :
       run_gates(folder.path(), static_cast<int>(GateLevel::kStructure))) {
    if (result.name == "lint" || result.name == "structure") {
      EXPECT_TRUE(result.ran && result.passed) << result.name << ": " << result.detail;
      EXPECT_LT(result.seconds, 600) << result.name;
      std::cout << result.name << ": " << result.figure << ", " << result.seconds << " s\n";
    }
  }
  rusage children{};
  getrusage(RUSAGE_CHILDREN, &children);
  std::cout << "largest tool: " << children.ru_maxrss / 1024 << " MB\n";
  EXPECT_LT(children.ru_maxrss, 8L << 20) << "KiB";
}

}  // namespace
}  // namespace tilewright

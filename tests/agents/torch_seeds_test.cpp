// Acceptance over five seeds; minutes.
#include "learners.h"
#include "torch_cases.h"

namespace tilewright::rl {
namespace {

using namespace toys;

class FiveSeeds : public testing::TestWithParam<std::uint64_t> {};

TEST_P(FiveSeeds, PendulumBySac) {
  const double mean = pendulum_by_sac(GetParam());
  std::printf("mean return %.1f\n", mean);
  EXPECT_GT(mean, -200);
}

TEST_P(FiveSeeds, PendulumByPpo) {
  const double mean = pendulum_by_ppo(GetParam());
  std::printf("mean return %.1f\n", mean);
  EXPECT_GT(mean, -200);
}

TEST_P(FiveSeeds, PoleByReinforce) {
  const double mean = pole_by_reinforce(GetParam());
  std::printf("mean length %.1f of %d\n", mean, Pole::kSteps);
  EXPECT_GT(mean, 400);
}

INSTANTIATE_TEST_SUITE_P(Seeds, FiveSeeds, testing::Range<std::uint64_t>(1, 6));

}  // namespace
}  // namespace tilewright::rl

// That the learners learn: one seed of each here, five under the label `learning`.
#include "learners.h"
#include "torch_cases.h"

namespace tilewright::rl {
namespace {

using namespace toys;

TEST(Pendulum, IsSwungUpBySac) {
  const double mean = pendulum_by_sac(1);
  std::printf("mean return %.1f\n", mean);
  EXPECT_GT(mean, -200);
}

TEST(Pendulum, IsSwungUpByPpo) {
  const double mean = pendulum_by_ppo(1);
  std::printf("mean return %.1f\n", mean);
  EXPECT_GT(mean, -200);
}

TEST(Pole, IsBalancedByReinforce) {
  const double mean = pole_by_reinforce(1);
  std::printf("mean length %.1f of %d\n", mean, Pole::kSteps);
  EXPECT_GT(mean, 400);
}

TEST(MixedBandit, OptimumIsReachedBySac) {
  at::set_num_threads(1);
  const Shape shape{.states = 1, .heads = 2, .choices = 3, .moves = 2};
  SacSettings s;
  s.hidden = 64;
  s.batch = 64;
  s.discount = 0;
  s.learning_rate = 3e-3;
  s.normalise = false;
  s.entropy_target = -6;
  s.choice_entropy_target = 0.05;
  SacAgent agent(shape, s, {}, 11, RandomStream(11, "test/bandit"));
  agent.set_reward_scale({0, 1, false});
  const std::vector<float> state{1};
  for (int step = 0; step < 2000; ++step) {
    const auto action = agent.act(state, 1);
    agent.remember({state, action, mixed_bandit(action), state});
    if (step >= 64) agent.update();
  }
  const auto last = agent.act_by_mean(state);
  std::printf("reward %.4f of 1, moves %.3f %.3f\n", mixed_bandit(last),
              static_cast<double>(last[6]), static_cast<double>(last[7]));
  EXPECT_EQ(last[2], 1);
  EXPECT_EQ(last[3], 1);
  EXPECT_GT(mixed_bandit(last), 0.99);
}

// Where nothing but entropy is at stake, both temperatures drive it to its target.
TEST(Temperature, BothEntropiesConvergeToTheirTargets) {
  at::set_num_threads(1);
  const Shape shape{.states = 1, .heads = 2, .choices = 4, .moves = 3};
  for (const auto& [moves, choices] : {std::pair{-4.0, 1.0}, {-1.0, 2.0}}) {
    SacSettings s;
    s.hidden = 32;
    s.batch = 64;
    s.discount = 0;
    s.learning_rate = 3e-3;
    s.temperature_rate = 0.02;
    s.normalise = false;
    s.entropy_target = moves;
    s.choice_entropy_target = choices;
    SacAgent agent(shape, s, {}, 12, RandomStream(12, "test/entropy"));
    agent.set_reward_scale({0, 1, false});
    const std::vector<float> state{1};
    double seen_moves = 0, seen_choices = 0;
    constexpr int kSteps = 1500, kLast = 200;
    for (int step = 0; step < kSteps; ++step) {
      const auto action = agent.act(state, 1);
      double reward = 2 * static_cast<double>(action[0] + action[5]);
      for (std::size_t i = 8; i < 11; ++i) reward -= std::pow(static_cast<double>(action[i]), 2);
      agent.remember({state, action, reward, state});
      if (step >= 64) agent.update();
      if (step >= kSteps - kLast) {
        seen_moves += agent.status().entropy / kLast;
        seen_choices += agent.status().choice_entropy / kLast;
      }
    }
    std::printf("entropy %.2f of %.2f, of choices %.2f of %.2f; alpha %.4f %.4f\n", seen_moves,
                moves, seen_choices, choices, agent.status().alpha.moves,
                agent.status().alpha.choices);
    EXPECT_NEAR(seen_moves, moves, 0.3);
    EXPECT_NEAR(seen_choices, choices, 0.15);
  }
}

}  // namespace
}  // namespace tilewright::rl

// Planning in the world model: the fast forward passes against torch's, and what a plan promises.
#include "agents/torch/mpc.h"

#include "agents/torch/design_outcome.h"
#include "agents/torch/design_task.h"
#include "agents/torch/distributions.h"
#include "torch_cases.h"

namespace tilewright::rl {
namespace {

using namespace testing_cases;
using Eigen::MatrixXf;

const Shape& kShape = design_shape();

struct Models {
  torch::Generator random;
  Policy policy;
  WorldModel world;
  explicit Models(std::int64_t experts, std::uint64_t seed = 51)
      : random(generator(seed)),
        policy(kShape, 256, experts),
        world(kShape, kWorldOutputs, WorldSettings{}) {
    draw_parameters(*policy, random);
    draw_parameters(*world, random);
  }
  Tensor states(std::int64_t count) {
    return torch::empty({count, kShape.states}).normal_(0, 1, random);
  }
  std::vector<float> action(const Tensor& state) {
    const torch::NoGradGuard no_grad;
    const Tensor a =
        sample_action(policy->forward(state), draw_noise(kShape, 1, random)).inputs.contiguous();
    return {a.data_ptr<float>(), a.data_ptr<float>() + a.numel()};
  }
};

// [N, F] of torch is [F, N] of Eigen in memory.
MatrixXf columns(const Tensor& rows) {
  const Tensor held = rows.contiguous();
  return Eigen::Map<const MatrixXf>(held.data_ptr<float>(), held.size(1), held.size(0));
}

std::span<const float> span_of(const Tensor& row) {
  return {row.data_ptr<float>(), static_cast<std::size_t>(row.numel())};
}

TEST(Dense, EqualsTorch) {
  const torch::NoGradGuard no_grad;
  for (const std::int64_t experts : {1, 4}) {
    Models m(experts);
    const Tensor states = m.states(64);
    DensePolicy policy(m.policy, 64);
    MatrixXf steps(kShape.steps(), 64);
    policy.means(columns(states), steps);
    const Tensor action = world_steps(kShape, mean_action(m.policy->forward(states)));
    EXPECT_LT((steps - columns(action)).cwiseAbs().maxCoeff(), 1e-4) << experts;

    DenseWorld world(m.world, kShape, 64);
    MatrixXf moved = columns(states), outputs(kWorldOutputs, 64);
    world.advance(moved, steps);
    world.outputs(moved, outputs);
    const Tensor next = m.world->next(states, action);
    EXPECT_LT((moved - columns(next)).cwiseAbs().maxCoeff(), 1e-4);
    EXPECT_LT((outputs - columns(m.world->outputs(next))).cwiseAbs().maxCoeff(), 1e-4);
  }
}

TEST(Dense, FollowsTheWeights) {
  const torch::NoGradGuard no_grad;
  Models m(1);
  DenseWorld world(m.world, kShape, 2);
  m.world->layers().third->bias.add_(1);
  const Tensor states = m.states(2), steps = torch::zeros({2, kShape.steps()});
  MatrixXf moved = columns(states);
  world.advance(moved, columns(steps));
  EXPECT_LT((moved - columns(m.world->next(states, steps))).cwiseAbs().maxCoeff(), 1e-4);
}

// Eq. 71 by torch, one candidate at a time; `later` are the states whose means come next.
double return_of(Models& m, const Tensor& state, const std::vector<float>& action,
                 const std::vector<float>& own, const MpcSettings& s) {
  const auto tensor = [](const std::vector<float>& a) {
    return torch::tensor(at::ArrayRef<float>(a)).unsqueeze(0);
  };
  Tensor at = state, followed = state;
  Tensor step = world_steps(kShape, tensor(action)), nominal = world_steps(kShape, tensor(own));
  double value = 0;
  for (int h = 0; h < s.horizon; ++h) {
    at = m.world->next(at, step);
    followed = m.world->next(followed, nominal);
    value += std::pow(s.discount, h) * m.world->outputs(at)[0][0].item<double>();
    nominal = world_steps(kShape, mean_action(m.policy->forward(followed)));
    step = s.own_later_actions ? world_steps(kShape, mean_action(m.policy->forward(at))) : nominal;
  }
  return value;
}

class Planned : public testing::TestWithParam<bool> {
 protected:
  MpcSettings settings() const { return {.own_later_actions = GetParam()}; }
};

TEST_P(Planned, ValuesAreTheReturnsOfWhatIsExecuted) {
  const torch::NoGradGuard no_grad;
  Models m(4);
  Mpc mpc(m.policy, m.world, kWorldOutputs, settings());
  RandomStream random(52, "test/mpc");
  for (int i = 0; i < 5; ++i) {
    const Tensor state = m.states(1);
    const auto own = m.action(state);
    const MpcPlan plan = mpc.plan(span_of(state), own, random, predicted_reward());
    EXPECT_NEAR(plan.policy_value, return_of(m, state, own, own, settings()), 1e-3);
    EXPECT_NEAR(plan.value, return_of(m, state, plan.action, own, settings()), 1e-3);
  }
}

TEST_P(Planned, IsNeverWorseThanThePolicyUnderTheModel) {
  const torch::NoGradGuard no_grad;
  int better = 0;
  for (std::uint64_t seed = 60; seed < 64; ++seed) {
    Models m(4, seed);
    Mpc mpc(m.policy, m.world, kWorldOutputs, settings());
    RandomStream random(seed, "test/mpc");
    for (int i = 0; i < 50; ++i) {
      const Tensor state = m.states(1);
      const auto own = m.action(state);
      const MpcPlan plan = mpc.plan(span_of(state), own, random, predicted_reward());
      EXPECT_GE(plan.value, plan.policy_value);
      EXPECT_EQ(plan.values.size(), 64u);
      EXPECT_EQ(plan.value,
                static_cast<double>(*std::max_element(plan.values.begin(), plan.values.end())));
      better += plan.value > plan.policy_value ? 1 : 0;
    }
  }
  EXPECT_GT(better, 150);  // of 200: 63 more looks nearly always find something
}

INSTANTIATE_TEST_SUITE_P(LaterActions, Planned, testing::Bool(), [](const auto& test) {
  return std::string(test.param ? "Own" : "Shared");
});

TEST(Mpc, PlansItsMovesOnlyAndWithinTheirRange) {
  Models m(1);
  Mpc mpc(m.policy, m.world, kWorldOutputs, {});
  RandomStream random(53, "test/mpc");
  const Tensor state = m.states(1);
  const auto own = m.action(state);
  const MpcPlan plan = mpc.plan(span_of(state), own, random, predicted_reward());
  ASSERT_EQ(plan.action.size(), own.size());
  int moved = 0;
  for (std::size_t i = 0; i < own.size(); ++i) {
    const bool planned = i >= 20 && i < 32;  // FETCH to the clock, after the 20 of the heads
    EXPECT_TRUE(planned || plan.action[i] == own[i]) << i;
    if (plan.action[i] != own[i]) ++moved;
    EXPECT_LE(std::fabs(plan.action[i]), 1);
  }
  EXPECT_GT(moved, 0);
}

TEST(Mpc, FollowsTheRewardThatItIsGiven) {
  const torch::NoGradGuard no_grad;
  Models m(1);
  // A world where move 0 pushes feature 3, and nothing else happens.
  const auto& l = m.world->layers();
  for (const auto& layer : {l.first, l.second, l.third}) {
    layer->weight.zero_();
    layer->bias.zero_();
  }
  l.first->weight[0][kShape.states + kShape.heads] = 1;
  l.first->bias[0] = 10;  // where GELU is linear
  l.second->weight[0][0] = 1;
  l.third->weight[3][0] = 1;
  l.third->bias[3] = -10;
  Mpc mpc(m.policy, m.world, kWorldOutputs, {.candidates = 256, .horizon = 1, .noise = 1});
  const Tensor state = torch::zeros({1, kShape.states});
  std::vector<float> own(static_cast<std::size_t>(kShape.inputs()), 0.0F);
  for (std::size_t head = 0; head < 4; ++head) own[head * 5 + 2] = 1;
  for (const float target : {-0.5F, 0.5F}) {
    RandomStream random(54, "test/mpc");
    const ModelReward near = [&](const auto& states, const auto& /*outputs*/, auto rewards) {
      rewards = -(states.row(3).array() - target).square();
    };
    const MpcPlan plan = mpc.plan(span_of(state), own, random, near);
    EXPECT_NEAR(plan.action[20], target, 0.1);
    EXPECT_NEAR(plan.policy_value, -0.25, 1e-3);
  }
}

TEST(Mpc, OneStreamOnePlan) {
  Models m(4);
  Mpc mpc(m.policy, m.world, kWorldOutputs, {});
  const Tensor state = m.states(1);
  const auto own = m.action(state);
  RandomStream first(55, "test/mpc"), second(55, "test/mpc");
  EXPECT_EQ(mpc.plan(span_of(state), own, first, predicted_reward()).action,
            mpc.plan(span_of(state), own, second, predicted_reward()).action);
}

}  // namespace
}  // namespace tilewright::rl

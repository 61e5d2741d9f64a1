// PPO and REINFORCE: probabilities, advantages and losses against other ways to compute them.
#include "agents/torch/on_policy.h"

#include "agents/torch/design_task.h"
#include "torch_cases.h"

namespace tilewright::rl {
namespace {

using namespace testing_cases;

const Shape& kShape = design_shape();

struct Acted {
  torch::Generator random = generator(81);
  Policy policy;
  Critic value{kShape.states, 16, false};
  PpoBatch batch;

  explicit Acted(std::int64_t experts) : policy(kShape, 16, experts) {
    draw_parameters(*policy, random);
    draw_parameters(*value, random);
    policy->to(torch::kDouble);
    value->to(torch::kDouble);
    const torch::NoGradGuard no_grad;
    batch.states = normal({9, kShape.states}, random);
    const PolicyHeads heads = policy->forward(batch.states);
    batch.actions = draw_raw_action(heads, double_noise(kShape, 9, random));
    // Of another policy: ratios on both sides of the clip and within.
    batch.log_p = log_probability(kShape, heads, batch.actions) + 0.3 * normal({9}, random);
    batch.advantages = normal({9}, random);
    batch.returns = normal({9}, random);
  }
};

TEST(PolicyGradient, ProbabilityIsThatOfTheSquashedActionUpToTanh) {
  Acted a(1);
  const PolicyHeads heads = a.policy->forward(a.batch.states);
  const Tensor moves = a.batch.actions.narrow(1, kShape.one_hot(), kShape.moves);
  const Tensor noise = (moves - heads.mean) / heads.log_std.exp();
  const TanhGaussian t = tanh_gaussian(heads.mean, heads.log_std, noise);
  const Tensor tanh_factor = torch::log(1 - t.action.square() + 1e-6).sum(1);
  const Tensor choice =
      (torch::softmax(heads.logits, -1).flatten(1) * a.batch.actions.narrow(1, 0, kShape.one_hot()))
          .view({-1, kShape.heads, kShape.choices})
          .sum(-1)
          .log()
          .sum(-1);
  EXPECT_TRUE(torch::allclose(log_probability(kShape, heads, a.batch.actions),
                              t.log_density + tanh_factor + choice, 1e-9, 1e-9));
  EXPECT_TRUE(torch::allclose(
      squashed(kShape, a.batch.actions).narrow(1, kShape.one_hot(), kShape.moves), t.action));
}

TEST(PolicyGradient, EntropyIsTheMeanSurprise) {
  torch::Generator random = generator(82);
  const Shape shape{.states = 1, .heads = 1, .choices = 3, .moves = 2};
  const std::int64_t draws = 200000;
  const PolicyHeads heads{torch::tensor({0.3, -0.5, 1.0}, kDouble).expand({draws, 1, 3}),
                          torch::tensor({0.2, -1.0}, kDouble).expand({draws, 2}),
                          torch::tensor({-0.5, 0.4}, kDouble).expand({draws, 2}), Tensor()};
  const Tensor raw = draw_raw_action(heads, double_noise(shape, draws, random));
  EXPECT_NEAR(policy_entropy(heads)[0].item<double>(),
              -log_probability(shape, heads, raw).mean().item<double>(), 0.01);
}

TEST(PolicyGradient, PpoGradientsAreFiniteDifferences) {
  for (const std::int64_t experts : {1, 4}) {
    Acted a(experts);
    PpoSettings s;
    s.balance = 0.3;
    s.entropy_weight = 0.1;
    const double clipped = ppo_loss(a.policy, a.value, a.batch, s).clipped.item<double>();
    EXPECT_GT(clipped, 0);
    EXPECT_LT(clipped, 1);
    const auto loss = [&] { return ppo_loss(a.policy, a.value, a.batch, s).total; };
    expect_gradients(a.policy->parameters(), loss);
    expect_gradients(a.value->parameters(), loss);
  }
}

TEST(PolicyGradient, ReinforceGradientsAreFiniteDifferences) {
  for (const std::int64_t experts : {1, 4}) {
    Acted a(experts);
    expect_gradients(a.policy->parameters(), [&] {
      return reinforce_loss(a.policy, {a.batch.states, a.batch.actions, a.batch.advantages}, 0.1,
                            0.3);
    });
  }
}

TEST(PolicyGradient, NothingIsGainedBeyondTheClip) {
  Acted a(1);
  PpoSettings s;
  a.batch.advantages = torch::ones({9}, kDouble);
  const Tensor now =
      log_probability(kShape, a.policy->forward(a.batch.states), a.batch.actions).detach();
  a.batch.log_p = now - 1;  // ratio e
  EXPECT_NEAR(ppo_loss(a.policy, a.value, a.batch, s).policy.item<double>(), -1.2, 1e-9);
  a.batch.log_p = now + 1;  // ratio 1/e: lost in full
  EXPECT_NEAR(ppo_loss(a.policy, a.value, a.batch, s).policy.item<double>(), -std::exp(-1.0), 1e-9);
}

std::vector<WalkStep> walks_of(const std::vector<double>& rewards, std::size_t cut,
                               std::size_t ended) {
  std::vector<WalkStep> steps(rewards.size());
  for (std::size_t i = 0; i < rewards.size(); ++i) steps[i].reward = rewards[i];
  steps[cut].cut = true;
  steps[ended].ended = true;
  return steps;
}

TEST(Advantages, AreSumsOfErrorsWithinAWalk) {
  const auto steps = walks_of({1, 2, 3, 4, 5}, 1, 4);
  const std::vector<double> v{0.1, 0.2, 0.3, 0.4, 0.5}, next{0.2, 0.9, 0.4, 0.5, 7};
  const double g = 0.9, l = 0.8;
  const std::vector<double> delta{1 + g * 0.2 - 0.1, 2 + g * 0.9 - 0.2, 3 + g * 0.4 - 0.3,
                                  4 + g * 0.5 - 0.4, 5 - 0.5};  // the task ended: no 7
  const auto a = advantages(steps, v, next, g, l);
  const double k = g * l;
  EXPECT_NEAR(a[0], delta[0] + k * delta[1], 1e-12);
  EXPECT_NEAR(a[1], delta[1], 1e-12);  // cut
  EXPECT_NEAR(a[2], delta[2] + k * delta[3] + k * k * delta[4], 1e-12);
  EXPECT_NEAR(a[4], delta[4], 1e-12);
}

TEST(Advantages, ReturnsToGoStopWhereWalksDo) {
  const auto g = returns_to_go(walks_of({1, 2, 3, 4, 5}, 1, 4), 0.5);
  EXPECT_NEAR(g[0], 2, 1e-12);
  EXPECT_NEAR(g[1], 2, 1e-12);
  EXPECT_NEAR(g[2], 3 + 2 + 1.25, 1e-12);
}

}  // namespace
}  // namespace tilewright::rl

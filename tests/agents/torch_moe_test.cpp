// Mixture of experts: what is mixed, how the balance loss counts, and what gates learn.
#include "agents/torch/design_task.h"
#include "torch_cases.h"

namespace tilewright::rl {
namespace {

using namespace testing_cases;

constexpr std::int64_t kExperts = 4;

Policy make_policy(const Shape& shape, std::int64_t hidden, std::int64_t experts,
                   std::uint64_t seed) {
  torch::Generator random = generator(seed);
  Policy policy(shape, hidden, experts);
  draw_parameters(*policy, random);
  return policy;
}

// The plain policy of one expert's head.
Policy expert_alone(const Policy& mixture, std::int64_t expert) {
  const torch::NoGradGuard no_grad;
  const auto& from = mixture->layers();
  const Shape& shape = mixture->shape();
  Policy policy(shape, from.second->weight.size(0), 1);
  const auto copy = [](const torch::nn::Linear& to, const Tensor& weight, const Tensor& bias) {
    to->weight.copy_(weight);
    to->bias.copy_(bias);
  };
  copy(policy->layers().first, from.first->weight, from.first->bias);
  copy(policy->layers().second, from.second->weight, from.second->bias);
  const std::int64_t width = shape.head_width();
  copy(policy->layers().head, from.head->weight.narrow(0, expert * width, width),
       from.head->bias.narrow(0, expert * width, width));
  return policy;
}

TEST(Mixture, MixesMeansLogStdsAndProbabilitiesByTheGate) {
  const torch::NoGradGuard no_grad;
  Policy mixture = make_policy(design_shape(), 16, kExperts, 21);
  torch::Generator random = generator(22);
  const Tensor states = torch::empty({6, design_shape().states}).normal_(0, 1, random);
  const PolicyHeads mixed = mixture->forward(states);
  EXPECT_TRUE(torch::allclose(mixed.gate.sum(1), torch::ones({6})));
  Tensor mean = torch::zeros_like(mixed.mean), log_std = torch::zeros_like(mixed.log_std);
  Tensor probability = torch::zeros_like(mixed.logits);
  for (std::int64_t k = 0; k < kExperts; ++k) {
    const PolicyHeads one = expert_alone(mixture, k)->forward(states);
    const Tensor share = mixed.gate.select(1, k).unsqueeze(1);
    mean += share * one.mean;
    log_std += share * one.log_std;
    probability += share.unsqueeze(2) * torch::softmax(one.logits, -1);
  }
  EXPECT_TRUE(torch::allclose(mixed.mean, mean, 1e-4, 1e-5));
  EXPECT_TRUE(torch::allclose(mixed.log_std, log_std, 1e-4, 1e-5));
  EXPECT_TRUE(torch::allclose(torch::softmax(mixed.logits, -1), probability, 1e-4, 1e-5));
}

TEST(Mixture, AGateThatIsSureIsOneExpert) {
  const torch::NoGradGuard no_grad;
  Policy mixture = make_policy(design_shape(), 16, kExperts, 23);
  mixture->layers().gate->weight.zero_();
  mixture->layers().gate->bias.copy_(torch::tensor({0.0, 0.0, 200.0, 0.0}));
  const Tensor states = torch::ones({1, design_shape().states});
  const PolicyHeads mixed = mixture->forward(states);
  const PolicyHeads one = expert_alone(mixture, 2)->forward(states);
  EXPECT_TRUE(torch::allclose(mixed.mean, one.mean, 1e-5, 1e-6));
  EXPECT_TRUE(torch::allclose(torch::softmax(mixed.logits, -1), torch::softmax(one.logits, -1)));
}

TEST(Mixture, BalanceIsOneForEvenUseAndKForOneExpert) {
  const Tensor even = torch::eye(kExperts).repeat({3, 1});
  EXPECT_NEAR(balance_loss(even).item<double>(), 1, 1e-6);
  Tensor one = torch::zeros({5, kExperts});
  one.select(1, 1).fill_(1);
  EXPECT_NEAR(balance_loss(one).item<double>(), kExperts, 1e-6);
  // f is by argmax and G by the mean: 4 (.5 .5 + .5 .3).
  const Tensor gates = torch::tensor({{0.6, 0.2, 0.1, 0.1}, {0.4, 0.4001, 0.1, 0.0999}});
  EXPECT_NEAR(balance_loss(gates).item<double>(), 4 * (0.5 * 0.5 + 0.5 * 0.30005), 1e-6);
}

TEST(Mixture, BalanceDrawsGatesAwayFromTheCrowdedExpert) {
  Tensor logits = torch::tensor({{2.0, 0.0, 0.0, 0.0}, {1.5, 0.2, 0.0, 0.0}}, kDouble);
  logits.set_requires_grad(true);
  balance_loss(torch::softmax(logits, 1)).backward();
  for (std::int64_t row = 0; row < 2; ++row) {
    EXPECT_GT(logits.grad()[row][0].item<double>(), 0);
    EXPECT_LT(logits.grad()[row][1].item<double>(), 0);
  }
}

TEST(Mixture, UseIsMeasured) {
  const GateUse even = gate_use(torch::full({8, kExperts}, 0.25));
  EXPECT_NEAR(even.entropy, 1, 1e-6);
  EXPECT_NEAR(even.least_share, 1, 1e-6);
  const GateUse split = gate_use(torch::eye(kExperts));
  EXPECT_NEAR(split.entropy, 0, 1e-6);
  EXPECT_NEAR(split.least_share, 1, 1e-6);
}

// Mutual information of state and expert, in nats: entropy of the mean gate less the mean entropy
// of the gates.
double gate_information(const Tensor& gate) {
  const Tensor mean = gate.mean(0);
  const Tensor whole = -(mean * mean.clamp_min(1e-12).log()).sum();
  return (whole + (gate * gate.clamp_min(1e-12).log()).sum(1).mean()).item<double>();
}

// Four regimes that want another choice and other moves each, through a trunk of one unit, which
// cannot tell four regimes apart: only gates that follow the state can.
struct Regimes {
  Shape shape{.states = 4, .heads = 1, .choices = 4, .moves = 3};
  Tensor states = torch::eye(4).repeat({16, 1});
  Tensor choices = torch::eye(4).repeat({16, 1});
  Tensor moves =
      torch::tensor({{0.7, 0.7, -0.7}, {-0.7, 0.7, 0.7}, {0.7, -0.7, 0.7}, {-0.7, -0.7, -0.7}})
          .repeat({16, 1});

  // Mean of 1 for the right choice, less the squared distance of the moves: at most 1.
  Tensor value(const Tensor& inputs) const {
    const Tensor right = (inputs.narrow(1, 0, 4) * choices).sum(1);
    return (right - (inputs.narrow(1, 4, 3) - moves).square().mean(1)).mean();
  }
  Tensor loss(Policy& policy, torch::Generator& random) const {
    const PolicyHeads heads = policy->forward(states);
    const SampledAction a = sample_action(heads, draw_noise(shape, states.size(0), random));
    const Tensor soft = 0.01 * (a.log_density - a.entropy).mean() - value(a.inputs);
    return heads.gate.defined() ? soft + 0.01 * balance_loss(heads.gate) : soft;
  }
};

double trained_value(const Regimes& task, Policy& policy, std::uint64_t seed) {
  torch::Generator random = generator(seed);
  draw_parameters(*policy, random);
  torch::optim::Adam optimiser(policy->parameters(), torch::optim::AdamOptions(0.01));
  for (int step = 0; step < 1500; ++step) {
    optimiser.zero_grad();
    task.loss(policy, random).backward();
    optimiser.step();
  }
  const torch::NoGradGuard no_grad;
  return task.value(mean_action(policy->forward(task.states))).item<double>();
}

TEST(Mixture, GatesUseEveryExpertAndFollowTheState) {
  at::set_num_threads(1);
  const Regimes task;
  Policy plain(task.shape, 1), mixture(task.shape, 1, kExperts);
  const double without = trained_value(task, plain, 31);
  const double with = trained_value(task, mixture, 31);
  const torch::NoGradGuard no_grad;
  const Tensor gate = mixture->forward(torch::eye(4)).gate;
  const GateUse use = gate_use(gate);
  const double information = gate_information(gate);
  std::printf(
      "value %.3f of 1, %.3f without experts; least share %.2f of even; state and expert "
      "share %.3f of %.3f nats\n",
      with, without, use.least_share, information, std::log(4.0));
  EXPECT_GT(with, 0.9);
  EXPECT_LT(without, with - 0.2);
  EXPECT_GT(use.least_share, 0.5);
  EXPECT_GT(information, 0.5 * std::log(4.0));
}

}  // namespace
}  // namespace tilewright::rl

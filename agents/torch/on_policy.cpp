#include "agents/torch/on_policy.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/nn/utils/clip_grad.h>

#include <algorithm>
#include <cmath>

#include "agents/torch/tensor_archive.h"

namespace tilewright::rl {
namespace {

template <typename Field>
Tensor rows_of(const std::vector<WalkStep>& steps, Field field) {
  const auto width = static_cast<std::int64_t>(field(steps.front()).size());
  const Tensor rows = torch::empty({static_cast<std::int64_t>(steps.size()), width});
  float* to = rows.data_ptr<float>();
  for (const WalkStep& s : steps) to = std::copy(field(s).begin(), field(s).end(), to);
  return rows;
}

const std::vector<float>& state_of(const WalkStep& s) {
  return s.state;
}
const std::vector<float>& action_of(const WalkStep& s) {
  return s.action;
}
const std::vector<float>& next_of(const WalkStep& s) {
  return s.next_state;
}

std::vector<double> numbers_of(const Tensor& t) {
  const Tensor held = t.to(torch::kDouble).contiguous();
  return {held.data_ptr<double>(), held.data_ptr<double>() + held.numel()};
}

Tensor column_of(const std::vector<double>& numbers) {
  return torch::tensor(at::ArrayRef<double>(numbers), torch::kFloat);
}

std::vector<Tensor> all_parameters(const torch::nn::Module& a, const torch::nn::Module& b) {
  std::vector<Tensor> all = a.parameters();
  for (const Tensor& p : b.parameters()) all.push_back(p);
  return all;
}

}  // namespace

OnPolicyLearner::OnPolicyLearner(const Shape& shape, std::int64_t hidden, std::int64_t experts,
                                 double least_deviation, std::uint64_t seed)
    : generator_(at::make_generator<at::CPUGeneratorImpl>(seed)),
      policy_(shape, hidden, experts),
      normaliser_(shape.states, least_deviation) {
  draw_parameters(*policy_, generator_);
}

Tensor OnPolicyLearner::act(const Tensor& observations) {
  const torch::NoGradGuard no_grad;
  const PolicyHeads heads = policy_->forward(normaliser_.apply(observations));
  return draw_raw_action(heads, draw_noise(shape(), observations.size(0), generator_));
}

Tensor OnPolicyLearner::act_by_mean(const Tensor& observations) {
  const torch::NoGradGuard no_grad;
  return raw_mean_action(policy_->forward(normaliser_.apply(observations)));
}

void OnPolicyLearner::observe(const std::vector<WalkStep>& steps) {
  for (const WalkStep& s : steps) normaliser_.add(s.next_state);
}

Ppo::Ppo(const Shape& shape, const PpoSettings& settings, std::uint64_t seed)
    : OnPolicyLearner(shape, settings.hidden, settings.experts, settings.least_deviation, seed),
      settings_(settings),
      value_(shape.states, settings.hidden, false),
      parameters_(all_parameters(*policy_, *value_)),
      optimiser_(parameters_, torch::optim::AdamOptions(settings.learning_rate)) {
  draw_parameters(*value_, generator_);
}

PpoBatch Ppo::prepare(const std::vector<WalkStep>& steps) {
  const torch::NoGradGuard no_grad;
  for (const double sum : returns_to_go(steps, settings_.discount)) {
    returns_seen_ += 1;
    const double before = sum - returns_mean_;
    returns_mean_ += before / returns_seen_;
    returns_squares_ += before * (sum - returns_mean_);
  }
  const double scale = std::max(std::sqrt(returns_squares_ / returns_seen_), 1e-6);
  std::vector<WalkStep> scaled = steps;
  for (WalkStep& s : scaled) s.reward /= scale;

  PpoBatch batch;
  batch.states = normaliser_.apply(rows_of(steps, state_of));
  batch.actions = rows_of(steps, action_of);
  batch.log_p = log_probability(shape(), policy_->forward(batch.states), batch.actions);
  const std::vector<double> values = numbers_of(value_->forward(batch.states));
  const std::vector<double> next =
      numbers_of(value_->forward(normaliser_.apply(rows_of(steps, next_of))));
  batch.advantages =
      column_of(advantages(scaled, values, next, settings_.discount, settings_.lambda));
  batch.returns = batch.advantages + column_of(values);
  batch.advantages =
      (batch.advantages - batch.advantages.mean()) / (batch.advantages.std(false) + 1e-8);
  return batch;
}

void Ppo::descend(const PpoBatch& batch) {
  const PpoLoss loss = ppo_loss(policy_, value_, batch, settings_);
  optimiser_.zero_grad();
  loss.total.backward();
  torch::nn::utils::clip_grad_norm_(parameters_, settings_.gradient_most);
  optimiser_.step();
  status_.entropy = loss.entropy.item<double>();
  status_.policy_loss = loss.policy.item<double>();
  status_.value_loss = loss.value.item<double>();
  status_.clipped = loss.clipped.item<double>();
  if (loss.gate.defined()) status_.gate = gate_use(loss.gate);
}

void Ppo::learn(const std::vector<WalkStep>& steps) {
  if (steps.empty()) return;
  const PpoBatch all = prepare(steps);
  const auto count = static_cast<std::int64_t>(steps.size());
  for (int epoch = 0; epoch < settings_.epochs; ++epoch) {
    const Tensor order =
        torch::randperm(count, generator_, torch::TensorOptions().dtype(torch::kLong));
    for (std::int64_t first = 0; first < count; first += settings_.minibatch) {
      const Tensor rows = order.narrow(0, first, std::min(settings_.minibatch, count - first));
      const auto of = [&](const Tensor& t) { return t.index_select(0, rows); };
      descend(
          {of(all.states), of(all.actions), of(all.log_p), of(all.advantages), of(all.returns)});
    }
  }
  observe(steps);
}

Reinforce::Reinforce(const Shape& shape, const ReinforceSettings& settings, std::uint64_t seed)
    : OnPolicyLearner(shape, settings.hidden, settings.experts, settings.least_deviation, seed),
      settings_(settings),
      optimiser_(policy_->parameters(), torch::optim::AdamOptions(settings.learning_rate)) {}

void Reinforce::learn(const std::vector<WalkStep>& steps) {
  if (steps.empty()) return;
  std::vector<double> weights = returns_to_go(steps, settings_.discount);
  double mean = 0, square = 0;
  for (const double g : weights) {
    mean += g / static_cast<double>(weights.size());
    square += g * g / static_cast<double>(weights.size());
  }
  const double rate = begun_ ? settings_.baseline_rate : 1;
  begun_ = true;
  mean_ += rate * (mean - mean_);
  square_ += rate * (square - square_);
  const double deviation = std::sqrt(std::max(square_ - mean_ * mean_, 1e-12));
  for (double& g : weights) g = (g - mean_) / deviation;

  const ReinforceBatch batch{normaliser_.apply(rows_of(steps, state_of)), rows_of(steps, action_of),
                             column_of(weights)};
  const Tensor loss = reinforce_loss(policy_, batch, settings_.entropy_weight, settings_.balance);
  optimiser_.zero_grad();
  loss.backward();
  optimiser_.step();
  const torch::NoGradGuard no_grad;
  const PolicyHeads heads = policy_->forward(batch.states);
  status_.entropy = policy_entropy(heads).mean().item<double>();
  status_.policy_loss = loss.item<double>();
  status_.baseline = mean_;
  if (heads.gate.defined()) status_.gate = gate_use(heads.gate);
  observe(steps);
}

void OnPolicyLearner::persist(StateArchive& archive) {
  rl::persist(archive, generator_);
  rl::persist(archive, *policy_);
  normaliser_.persist(archive);
  OnPolicyStatus& s = status_;
  archive(s.entropy, s.policy_loss, s.value_loss, s.clipped, s.baseline, s.gate.entropy,
          s.gate.least_share);
}

void Ppo::persist(StateArchive& archive) {
  OnPolicyLearner::persist(archive);
  rl::persist(archive, *value_);
  rl::persist(archive, optimiser_);
  archive(returns_seen_, returns_mean_, returns_squares_);
}

void Reinforce::persist(StateArchive& archive) {
  OnPolicyLearner::persist(archive);
  rl::persist(archive, optimiser_);
  archive(mean_, square_, begun_);
}

}  // namespace tilewright::rl

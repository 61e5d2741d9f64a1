#include "agents/torch/sac.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "agents/torch/fused_sac.h"
#include "agents/torch/tensor_archive.h"

namespace tilewright::rl {
namespace {

std::vector<Tensor> parameters_of(const std::array<Critic, 2>& critics) {
  std::vector<Tensor> all;
  for (const Critic& critic : critics) {
    for (Tensor& p : critic->parameters()) all.push_back(p);
  }
  return all;
}

Tensor lower_value(std::array<Critic, 2>& critics, const Tensor& inputs) {
  return torch::min(critics[0]->forward(inputs), critics[1]->forward(inputs));
}

std::array<Critic, 2> make_critics(const Shape& shape, const SacSettings& s) {
  return {Critic(shape.critic_inputs(), s.hidden, s.layer_norm),
          Critic(shape.critic_inputs(), s.hidden, s.layer_norm)};
}

Tensor row_of(std::span<const float> values) {
  return torch::tensor(at::ArrayRef<float>(values.data(), values.size())).unsqueeze(0);
}

std::vector<float> row_at(const Tensor& rows, std::int64_t row) {
  const float* first = rows.data_ptr<float>() + row * rows.size(1);
  return {first, first + rows.size(1)};
}

Shape seen_by_critics(const Shape& shape, const SacSettings& settings) {
  Shape seen = shape;
  if (!settings.arrival) seen.places.clear();
  return seen;
}

}  // namespace

SacNetworks::SacNetworks(const Shape& shape, const SacSettings& settings,
                         torch::Generator& generator)
    : policy(seen_by_critics(shape, settings), settings.hidden, settings.experts),
      critics(make_critics(policy->shape(), settings)),
      targets(make_critics(policy->shape(), settings)),
      arrival(no_gain(policy->shape())) {
  draw_parameters(*policy, generator);
  for (std::size_t i = 0; i < critics.size(); ++i) {
    draw_parameters(*critics[i], generator);
    blend_parameters(*targets[i], *critics[i], 1);
  }
}

Tensor bellman_target(SacNetworks& nets, const Batch& batch, const ActionNoise& noise,
                      double discount, const Temperatures& alpha) {
  const torch::NoGradGuard no_grad;
  const SampledAction next = sample_action(nets.policy->forward(batch.next_states), noise);
  const Tensor inputs = critic_inputs(nets.shape(), nets.arrival, batch.next_states, next.inputs);
  const Tensor value = lower_value(nets.targets, inputs) - alpha.moves * next.log_density +
                       alpha.choices * next.entropy;
  return batch.rewards + discount * value;
}

CriticLoss critic_loss(SacNetworks& nets, const Batch& batch, const Tensor& target) {
  const Tensor inputs = critic_inputs(nets.shape(), nets.arrival, batch.states, batch.actions);
  CriticLoss result{torch::zeros({}, target.options()), torch::zeros_like(target)};
  for (Critic& critic : nets.critics) {
    const Tensor error = critic->forward(inputs) - target;
    result.loss = result.loss + (batch.weights * error.square()).mean();
    result.error += error.detach().abs() / static_cast<double>(nets.critics.size());
  }
  return result;
}

ActorLoss actor_loss(SacNetworks& nets, const Tensor& states, const ActionNoise& noise,
                     const Temperatures& alpha, double balance, bool relaxed) {
  const PolicyHeads heads = nets.policy->forward(states);
  const SampledAction action = sample_action(heads, noise, relaxed);
  const Tensor value =
      lower_value(nets.critics, critic_inputs(nets.shape(), nets.arrival, states, action.inputs));
  Tensor loss = (alpha.moves * action.log_density - alpha.choices * action.entropy - value).mean();
  if (heads.gate.defined()) loss = loss + balance * balance_loss(heads.gate);
  return {loss, action.log_density.mean(), action.entropy.mean(), heads.gate};
}

double tuned_temperature(double alpha, double entropy, double target, const SacSettings& settings) {
  const double step = settings.temperature_rate * std::clamp(target - entropy, -1.0, 1.0);
  return std::clamp(alpha * std::exp(step), settings.temperature_least, settings.temperature_most);
}

GateUse gate_use(const Tensor& gate) {
  const torch::NoGradGuard no_grad;
  const auto experts = static_cast<double>(gate.size(1));
  const Tensor entropy = -(gate * gate.clamp_min(1e-12).log()).sum(1).mean();
  return {entropy.item<double>() / std::log(experts), gate.mean(0).min().item<double>() * experts};
}

void persist(StateArchive& archive, SacStatus& s) {
  archive(s.critic_loss, s.entropy, s.choice_entropy, s.alpha.moves, s.alpha.choices,
          s.gate.entropy, s.gate.least_share);
}

Tensor RewardScale::apply(const Tensor& rewards) const {
  const Tensor scaled = (rewards - centre) / spread;
  return squash ? scaled.tanh() : scaled;
}

double RewardScale::apply(double reward) const {
  const double scaled = (reward - centre) / spread;
  return squash ? std::tanh(scaled) : scaled;
}

double RewardScale::restore(double scaled) const {
  constexpr double kMost = 0.9993;  // tanh(4): the inverse is lost in rounding beyond
  return centre + spread * (squash ? std::atanh(std::clamp(scaled, -kMost, kMost)) : scaled);
}

RewardScale recent_scale(const std::vector<double>& rewards, std::size_t window) {
  constexpr double kLeastSpread = 1e-3;
  if (rewards.empty()) return {};
  const auto count = static_cast<std::ptrdiff_t>(std::min(window, rewards.size()));
  std::vector<double> recent(rewards.end() - count, rewards.end());
  std::sort(recent.begin(), recent.end());
  const auto at = [&](double share) {
    return recent[static_cast<std::size_t>(share * static_cast<double>(recent.size() - 1))];
  };
  return {at(0.5), std::max(at(0.75) - at(0.25), kLeastSpread)};
}

SacAgent::SacAgent(const Shape& shape, const SacSettings& settings, const std::vector<float>& gains,
                   std::uint64_t generator_seed, RandomStream sampling, std::int64_t notes)
    : settings_(settings),
      gains_(torch::tensor(at::ArrayRef<float>(gains))),
      generator_(at::make_generator<at::CPUGeneratorImpl>(generator_seed)),
      sampling_(std::move(sampling)),
      nets_(shape, settings, generator_),
      policy_optimiser_(nets_.policy->parameters(),
                        torch::optim::AdamOptions(settings.learning_rate)),
      critic_optimiser_(parameters_of(nets_.critics),
                        torch::optim::AdamOptions(settings.learning_rate)),
      normaliser_(settings.normalise ? Normaliser(shape.states, settings.least_deviation)
                                     : Normaliser::identity(shape.states)),
      replay_(shape, settings.replay, notes) {
  if (settings.fused) {
    fused_ = std::make_shared<FusedSac>(nets_, settings, settings.threads);
  }
  status_.alpha = {settings.temperature, settings.temperature};
}

void SacAgent::observe(std::span<const float> state) {
  normaliser_.add(state);
  if (nets_.shape().places.empty()) return;
  nets_.arrival.gains = gains_ * normaliser_.scale().index_select(0, nets_.arrival.places);
}

std::vector<float> SacAgent::act(std::span<const float> state, std::int64_t candidates,
                                 const std::vector<std::vector<float>>& proposals) {
  const torch::NoGradGuard no_grad;
  const Shape& shape = nets_.shape();
  const Tensor seen = normaliser_.apply(row_of(state));
  const Tensor own = sample_action(nets_.policy->forward(seen.expand({candidates, shape.states})),
                                   draw_noise(shape, candidates, generator_))
                         .inputs;
  const auto proposed = static_cast<std::int64_t>(proposals.size());
  const Tensor actions = torch::empty({candidates + proposed, shape.inputs()});
  actions.narrow(0, 0, candidates).copy_(own);
  float* next = actions.data_ptr<float>() + candidates * shape.inputs();
  for (const std::vector<float>& p : proposals) next = std::copy(p.begin(), p.end(), next);
  std::int64_t pick = 0;
  if (actions.size(0) > 1) {
    const Tensor states = seen.expand({actions.size(0), shape.states});
    const Tensor inputs = critic_inputs(shape, nets_.arrival, states, actions);
    // The higher of the two: where they disagree there is something to learn.
    const Tensor values =
        torch::max(nets_.critics[0]->forward(inputs), nets_.critics[1]->forward(inputs));
    pick = values.argmax().item<std::int64_t>();
  }
  return row_at(actions, pick);
}

std::vector<float> SacAgent::act_by_mean(std::span<const float> state) {
  const torch::NoGradGuard no_grad;
  const Tensor seen = normaliser_.apply(row_of(state));
  return row_at(mean_action(nets_.policy->forward(seen)).contiguous(), 0);
}

Batch SacAgent::update() {
  Batch batch = replay_.sample(settings_.batch, sampling_);
  batch.states = normaliser_.apply(batch.states);
  batch.next_states = normaliser_.apply(batch.next_states);
  batch.rewards = reward_scale_.apply(batch.rewards);
  if (fused_) {
    update_fused(batch);
    return batch;
  }
  update_critics(batch);
  update_policy(batch.states);
  for (std::size_t i = 0; i < nets_.critics.size(); ++i) {
    blend_parameters(*nets_.targets[i], *nets_.critics[i], settings_.target_rate);
  }
  return batch;
}

void SacAgent::update_critics(const Batch& batch) {
  const Tensor target =
      bellman_target(nets_, batch, draw_noise(nets_.shape(), settings_.batch, generator_),
                     settings_.discount, status_.alpha);
  const CriticLoss critic = critic_loss(nets_, batch, target);
  critic_optimiser_.zero_grad();
  critic.loss.backward();
  critic_optimiser_.step();
  replay_.reprioritise(batch.rows, critic.error);
  status_.critic_loss = critic.loss.item<double>();
}

void SacAgent::update_policy(const Tensor& states) {
  const ActorLoss actor =
      actor_loss(nets_, states, draw_noise(nets_.shape(), settings_.batch, generator_),
                 status_.alpha, settings_.balance);
  policy_optimiser_.zero_grad();
  // The critics' own gradients are not wanted, and not computed.
  actor.loss.backward({}, false, false, nets_.policy->parameters());
  policy_optimiser_.step();
  status_.entropy = -actor.log_density.item<double>();
  status_.choice_entropy = actor.choice_entropy.item<double>();
  if (actor.gate.defined()) status_.gate = gate_use(actor.gate);
  tune_temperatures();
}

void SacAgent::update_fused(const Batch& batch) {
  const auto noise = fused_->draw(nets_.shape(), settings_.batch, generator_);
  const FusedSac::Outcome& outcome = fused_->update(nets_, batch, noise, status_.alpha);
  replay_.reprioritise(batch.rows, outcome.error);
  status_.critic_loss = outcome.critic_loss;
  status_.entropy = -outcome.log_density;
  status_.choice_entropy = outcome.choice_entropy;
  if (settings_.experts > 1) status_.gate = outcome.gate;
  tune_temperatures();
}

void SacAgent::tune_temperatures() {
  auto& alpha = status_.alpha;
  alpha.moves =
      tuned_temperature(alpha.moves, status_.entropy, settings_.entropy_target, settings_);
  alpha.choices = tuned_temperature(alpha.choices, status_.choice_entropy,
                                    settings_.choice_entropy_target, settings_);
}

void SacAgent::persist_networks(StateArchive& archive) {
  rl::persist(archive, *nets_.policy);
  for (std::size_t i = 0; i < nets_.critics.size(); ++i) {
    rl::persist(archive, *nets_.critics[i]);
    rl::persist(archive, *nets_.targets[i]);
  }
  rl::persist(archive, {nets_.arrival.gains});
  normaliser_.persist(archive);
}

void SacAgent::persist(StateArchive& archive) {
  persist_networks(archive);
  if (fused_) {
    FusedSac::Optimiser held = fused_->optimiser();
    rl::persist(archive, {held.policy, held.critics});
    archive(held.steps);
    if (archive.reads()) fused_->set_optimiser(held);
  } else {
    rl::persist(archive, policy_optimiser_);
    rl::persist(archive, critic_optimiser_);
  }
  rl::persist(archive, generator_);
  replay_.persist(archive);
  archive(sampling_, reward_scale_.centre, reward_scale_.spread, reward_scale_.squash);
  rl::persist(archive, status_);
}

void SacAgent::persist_learned(StateArchive& archive) {
  constexpr double kObservationsKept = 100;
  persist_networks(archive);
  if (archive.reads()) normaliser_.forget(kObservationsKept);
}

}  // namespace tilewright::rl

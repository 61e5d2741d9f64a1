#include "agents/torch/sac.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>
#include <utility>

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

Tensor places_of_actions() {
  std::vector<std::int64_t> places;
  for (const std::size_t p : policy_places_of_actions())
    places.push_back(static_cast<std::int64_t>(p));
  return torch::tensor(places);
}

std::array<Critic, 2> make_critics(std::int64_t hidden, bool layer_norm) {
  return {Critic(hidden, layer_norm), Critic(hidden, layer_norm)};
}

}  // namespace

SacNetworks::SacNetworks(std::int64_t hidden, bool layer_norm, torch::Generator& generator)
    : policy(hidden),
      critics(make_critics(hidden, layer_norm)),
      targets(make_critics(hidden, layer_norm)),
      arrival{places_of_actions(), torch::zeros({static_cast<std::int64_t>(kActionCount)})} {
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
  const Tensor value =
      lower_value(nets.targets, critic_inputs(nets.arrival, batch.next_states, next.inputs)) -
      alpha.moves * next.log_density + alpha.mesh * next.entropy;
  return batch.rewards + discount * value;
}

CriticLoss critic_loss(SacNetworks& nets, const Batch& batch, const Tensor& target) {
  const Tensor inputs = critic_inputs(nets.arrival, batch.states, batch.actions);
  CriticLoss result{torch::zeros({}, target.options()), torch::zeros_like(target)};
  for (Critic& critic : nets.critics) {
    const Tensor error = critic->forward(inputs) - target;
    result.loss = result.loss + (batch.weights * error.square()).mean();
    result.error += error.detach().abs() / static_cast<double>(nets.critics.size());
  }
  return result;
}

ActorLoss actor_loss(SacNetworks& nets, const Tensor& states, const ActionNoise& noise,
                     const Temperatures& alpha, bool relaxed) {
  const SampledAction action = sample_action(nets.policy->forward(states), noise, relaxed);
  const Tensor value =
      lower_value(nets.critics, critic_inputs(nets.arrival, states, action.inputs));
  const Tensor loss =
      (alpha.moves * action.log_density - alpha.mesh * action.entropy - value).mean();
  return {loss, action.log_density.mean(), action.entropy.mean()};
}

double tuned_temperature(double alpha, double entropy, double target, const SacSettings& settings) {
  const double step = settings.temperature_rate * std::clamp(target - entropy, -1.0, 1.0);
  return std::clamp(alpha * std::exp(step), settings.temperature_least, settings.temperature_most);
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

SacAgent::SacAgent(const SacSettings& settings, const ActionGains& gains,
                   std::uint64_t generator_seed, RandomStream sampling)
    : settings_(settings),
      gains_(torch::tensor(at::ArrayRef<float>(gains))),
      generator_(at::make_generator<at::CPUGeneratorImpl>(generator_seed)),
      sampling_(std::move(sampling)),
      nets_(settings.hidden, settings.layer_norm, generator_),
      policy_optimiser_(nets_.policy->parameters(),
                        torch::optim::AdamOptions(settings.learning_rate)),
      critic_optimiser_(parameters_of(nets_.critics),
                        torch::optim::AdamOptions(settings.learning_rate)),
      replay_(settings.replay) {
  status_.alpha = {settings.temperature, settings.temperature};
}

void SacAgent::observe(const PolicyState& state) {
  normaliser_.add(state);
  nets_.arrival.gains = gains_ * normaliser_.scale().index_select(0, nets_.arrival.places);
}

ActionInputs SacAgent::act(const PolicyState& state, std::int64_t candidates,
                           const std::vector<ActionInputs>& proposals) {
  const torch::NoGradGuard no_grad;
  const Tensor seen = normaliser_.apply(torch::tensor(at::ArrayRef<float>(state)).unsqueeze(0));
  const Tensor own = sample_action(nets_.policy->forward(seen.expand({candidates, kStates})),
                                   draw_noise(candidates, generator_))
                         .inputs;
  const auto proposed = static_cast<std::int64_t>(proposals.size());
  const Tensor actions = torch::empty({candidates + proposed, kActionInputs});
  actions.narrow(0, 0, candidates).copy_(own);
  float* next = actions.data_ptr<float>() + candidates * kActionInputs;
  for (const ActionInputs& p : proposals) next = std::copy(p.begin(), p.end(), next);
  std::int64_t pick = 0;
  if (actions.size(0) > 1) {
    const Tensor states = seen.expand({actions.size(0), kStates});
    const Tensor inputs = critic_inputs(nets_.arrival, states, actions);
    // The higher of the two: where they disagree there is something to learn.
    const Tensor values =
        torch::max(nets_.critics[0]->forward(inputs), nets_.critics[1]->forward(inputs));
    pick = values.argmax().item<std::int64_t>();
  }
  ActionInputs chosen{};
  std::copy_n(actions.data_ptr<float>() + pick * kActionInputs, chosen.size(), chosen.begin());
  return chosen;
}

void SacAgent::update() {
  Batch batch = replay_.sample(settings_.batch, sampling_);
  batch.states = normaliser_.apply(batch.states);
  batch.next_states = normaliser_.apply(batch.next_states);
  batch.rewards = ((batch.rewards - reward_scale_.centre) / reward_scale_.spread).tanh();
  update_critics(batch);
  update_policy(batch.states);
  for (std::size_t i = 0; i < nets_.critics.size(); ++i) {
    blend_parameters(*nets_.targets[i], *nets_.critics[i], settings_.target_rate);
  }
}

void SacAgent::update_critics(const Batch& batch) {
  const Tensor target = bellman_target(nets_, batch, draw_noise(settings_.batch, generator_),
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
      actor_loss(nets_, states, draw_noise(settings_.batch, generator_), status_.alpha);
  policy_optimiser_.zero_grad();
  // The critics' own gradients are not wanted, and not computed.
  actor.loss.backward({}, false, false, nets_.policy->parameters());
  policy_optimiser_.step();
  status_.entropy = -actor.log_density.item<double>();
  status_.mesh_entropy = actor.mesh_entropy.item<double>();
  auto& alpha = status_.alpha;
  alpha.moves =
      tuned_temperature(alpha.moves, status_.entropy, settings_.entropy_target, settings_);
  alpha.mesh =
      tuned_temperature(alpha.mesh, status_.mesh_entropy, settings_.mesh_entropy_target, settings_);
}

}  // namespace tilewright::rl

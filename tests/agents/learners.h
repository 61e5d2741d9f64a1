// Training runs that the learning tests share: one seed each.
#pragma once

#include <ATen/Parallel.h>

#include <array>
#include <string>

#include "agents/torch/on_policy.h"
#include "agents/torch/sac.h"
#include "toys.h"

namespace tilewright::rl::toys {

inline Tensor rows_of(const std::vector<std::vector<float>>& rows) {
  const auto width = static_cast<std::int64_t>(rows.front().size());
  const Tensor t = torch::empty({static_cast<std::int64_t>(rows.size()), width});
  float* to = t.data_ptr<float>();
  for (const auto& row : rows) to = std::copy(row.begin(), row.end(), to);
  return t;
}

inline std::vector<float> row_of(const Tensor& rows, std::int64_t row) {
  const Tensor held = rows.contiguous();
  const float* first = held.data_ptr<float>() + row * held.size(1);
  return {first, first + held.size(1)};
}

// Mean return of 20 walks of the policy without chance, from starts of their own.
template <typename Act>
double pendulum_return(std::uint64_t seed, const Act& act) {
  constexpr int kWalks = 20;
  RandomStream random(seed, "test/pendulum/evaluation");
  double sum = 0;
  for (int walk = 0; walk < kWalks; ++walk) {
    Pendulum pendulum;
    pendulum.reset(random);
    for (int i = 0; i < Pendulum::kSteps; ++i) {
      sum += pendulum.step(static_cast<double>(act(pendulum.state())));
    }
  }
  return sum / kWalks;
}

inline double pendulum_by_sac(std::uint64_t seed) {
  at::set_num_threads(1);
  SacSettings s;
  s.hidden = 64;
  s.batch = 128;
  s.discount = 0.98;
  s.learning_rate = 2e-3;
  s.layer_norm = false;
  s.normalise = false;
  s.target_rate = 0.01;
  s.temperature = 0.2;
  s.entropy_target = -1;
  s.replay.exponent = 0;
  SacAgent agent(Pendulum::shape(), s, {}, seed, RandomStream(seed, "test/pendulum/replay"));
  agent.set_reward_scale({0, 8, false});
  RandomStream random(seed, "test/pendulum");
  constexpr int kWalks = 30, kWarmup = 500;
  int steps = 0;
  for (int walk = 0; walk < kWalks; ++walk) {
    Pendulum pendulum;
    pendulum.reset(random);
    for (int i = 0; i < Pendulum::kSteps; ++i, ++steps) {
      const auto before = pendulum.state();
      const auto action = steps < kWarmup
                              ? std::vector<float>{static_cast<float>(random.uniform(-1, 1))}
                              : agent.act(before, 1);
      const double reward = pendulum.step(static_cast<double>(action[0]));
      agent.remember({before, action, reward, pendulum.state()});
      if (steps >= kWarmup) agent.update();
    }
  }
  return pendulum_return(seed, [&](const auto& state) { return agent.act_by_mean(state)[0]; });
}

inline double pendulum_by_ppo(std::uint64_t seed) {
  at::set_num_threads(1);
  PpoSettings s;
  s.hidden = 64;
  s.discount = 0.95;
  s.entropy_weight = 0.01;
  s.learning_rate = 5e-4;
  s.minibatch = 128;
  const Shape shape = Pendulum::shape();
  Ppo ppo(shape, s, seed);
  RandomStream random(seed, "test/pendulum");
  constexpr std::size_t kAtOnce = 16;
  constexpr int kRounds = 60;  // of one walk of each
  for (int round = 0; round < kRounds; ++round) {
    std::array<Pendulum, kAtOnce> pendulums;
    std::array<std::vector<WalkStep>, kAtOnce> walks;
    for (Pendulum& p : pendulums) p.reset(random);
    for (int i = 0; i < Pendulum::kSteps; ++i) {
      std::vector<std::vector<float>> states;
      for (const Pendulum& p : pendulums) states.push_back(p.state());
      const Tensor raw = ppo.act(rows_of(states));
      const Tensor moves = squashed(shape, raw);
      for (std::size_t k = 0; k < kAtOnce; ++k) {
        const auto row = static_cast<std::int64_t>(k);
        const double reward = pendulums[k].step(moves[row][0].item<double>());
        walks[k].push_back({states[k], row_of(raw, row), reward, pendulums[k].state(), false,
                            i + 1 == Pendulum::kSteps});
      }
    }
    std::vector<WalkStep> all;
    for (const auto& walk : walks) all.insert(all.end(), walk.begin(), walk.end());
    ppo.learn(all);
  }
  return pendulum_return(seed, [&](const auto& state) {
    return squashed(shape, ppo.act_by_mean(rows_of({state}))).template item<float>();
  });
}

// `count` walks of a pole at once.
inline std::vector<std::vector<WalkStep>> pole_walks(OnPolicyLearner& learner, std::size_t count,
                                                     bool by_mean, RandomStream& random) {
  std::vector<Pole> poles(count);
  std::vector<std::vector<WalkStep>> walks(count);
  for (Pole& p : poles) p.reset(random);
  for (int i = 0; i < Pole::kSteps; ++i) {
    std::vector<std::vector<float>> states;
    for (const Pole& p : poles) states.push_back(p.state());
    if (std::all_of(poles.begin(), poles.end(), [](const Pole& p) { return p.fallen(); })) break;
    const Tensor seen = rows_of(states);
    const Tensor actions = by_mean ? learner.act_by_mean(seen) : learner.act(seen);
    for (std::size_t k = 0; k < count; ++k) {
      if (poles[k].fallen()) continue;
      const auto action = row_of(actions, static_cast<std::int64_t>(k));
      poles[k].step(action[1] > 0.5F);
      const bool fallen = poles[k].fallen();
      walks[k].push_back(
          {states[k], action, 1, poles[k].state(), fallen, !fallen && i + 1 == Pole::kSteps});
    }
  }
  return walks;
}

// Mean length of 20 walks of the policy without chance.
inline double pole_by_reinforce(std::uint64_t seed) {
  at::set_num_threads(1);
  ReinforceSettings s;
  s.hidden = 32;
  s.learning_rate = 5e-3;
  s.entropy_weight = 0;
  Reinforce learner(Pole::shape(), s, seed);
  RandomStream random(seed, "test/pole");
  constexpr int kRounds = 150;
  constexpr std::size_t kWalks = 10;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<WalkStep> all;
    for (const auto& walk : pole_walks(learner, kWalks, false, random)) {
      all.insert(all.end(), walk.begin(), walk.end());
    }
    learner.learn(all);
  }
  RandomStream starts(seed, "test/pole/evaluation");
  constexpr std::size_t kEvaluated = 20;
  double sum = 0;
  for (const auto& walk : pole_walks(learner, kEvaluated, true, starts)) {
    sum += static_cast<double>(walk.size()) / kEvaluated;
  }
  return sum;
}

}  // namespace tilewright::rl::toys

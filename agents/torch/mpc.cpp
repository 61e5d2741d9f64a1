#include "agents/torch/mpc.h"

#include <algorithm>

namespace tilewright::rl {

using Eigen::Index;

ModelReward predicted_reward() {
  return [](const Eigen::Ref<const Eigen::MatrixXf>& /*states*/,
            const Eigen::Ref<const Eigen::MatrixXf>& outputs,
            Eigen::Ref<Eigen::RowVectorXf> rewards) { rewards = outputs.row(0); };
}

Mpc::Mpc(const Policy& policy, const WorldModel& world, std::int64_t outputs,
         const MpcSettings& settings)
    : shape_(policy->shape()),
      settings_(settings),
      policy_(policy, settings.candidates),
      world_(world, shape_, settings.candidates),
      mean_(shape_.steps()),
      states_(shape_.states, settings.candidates),
      steps_(shape_.steps(), settings.candidates),
      firsts_(shape_.steps(), settings.candidates),
      outputs_(outputs, settings.candidates),
      rewards_(settings.candidates),
      values_(settings.candidates) {}

// Eq. 70 on the planned moves, blended by Eq. 72; the rest is the policy's.
void Mpc::draw_candidates(const std::vector<float>& own, RandomStream& random) {
  const float middle = static_cast<float>((shape_.choices - 1) / 2);
  for (Index head = 0; head < shape_.heads; ++head) {
    const auto first = own.begin() + head * shape_.choices;
    const auto choice = std::max_element(first, first + shape_.choices) - first;
    firsts_.row(head).setConstant(middle > 0 ? (static_cast<float>(choice) - middle) / middle
                                             : 0.0F);
  }
  for (Index i = 0; i < shape_.moves; ++i) {
    firsts_.row(shape_.heads + i).setConstant(own[static_cast<std::size_t>(shape_.one_hot() + i)]);
  }
  const auto blend = static_cast<float>(settings_.blend);
  for (Index k = 1; k < settings_.candidates; ++k) {
    for (Index i = settings_.first_move; i < settings_.first_move + settings_.moves; ++i) {
      const Index row = shape_.heads + i;
      const auto noise = static_cast<float>(settings_.noise * random.normal());
      const float drawn = std::clamp(mean_[row] + noise, -1.0F, 1.0F);
      firsts_(row, k) = blend * drawn + (1 - blend) * firsts_(row, 0);
    }
  }
}

// Eq. 71: values_ of the first actions, from the state in all columns of states_.
void Mpc::roll_out(const ModelReward& reward) {
  steps_ = firsts_;
  values_.setZero();
  float discount = 1;
  for (std::int64_t h = 0; h < settings_.horizon; ++h) {
    if (h > 0 && settings_.own_later_actions) policy_.means(states_, steps_);
    if (h > 0 && !settings_.own_later_actions) {
      policy_.means(states_.leftCols(1), steps_.leftCols(1));
      steps_.rightCols(steps_.cols() - 1).colwise() = steps_.col(0);
    }
    world_.advance(states_, steps_);
    world_.outputs(states_, outputs_);
    reward(states_, outputs_, rewards_);
    values_ += discount * rewards_;
    discount *= static_cast<float>(settings_.discount);
  }
}

MpcPlan Mpc::plan(std::span<const float> state, const std::vector<float>& own, RandomStream& random,
                  const ModelReward& reward) {
  states_.colwise() = Eigen::Map<const Eigen::VectorXf>(state.data(), shape_.states);
  policy_.means(states_.leftCols(1), mean_);
  draw_candidates(own, random);
  roll_out(reward);
  // A value that is no number loses; the policy's action stays where nothing is better.
  Index best = 0;
  for (Index k = 1; k < values_.size(); ++k) {
    if (values_[k] > values_[best]) best = k;
  }
  MpcPlan plan;
  plan.action = own;
  for (Index i = settings_.first_move; i < settings_.first_move + settings_.moves; ++i) {
    plan.action[static_cast<std::size_t>(shape_.one_hot() + i)] = firsts_(shape_.heads + i, best);
  }
  plan.value = static_cast<double>(values_[best]);
  plan.policy_value = static_cast<double>(values_[0]);
  plan.values.assign(values_.data(), values_.data() + values_.size());
  return plan;
}

}  // namespace tilewright::rl

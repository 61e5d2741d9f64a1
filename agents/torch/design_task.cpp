#include "agents/torch/design_task.h"

#include <algorithm>

namespace tilewright::rl {
namespace {

constexpr std::int64_t kChoices = 2 * kMeshDeltaMax + 1;

Shape make_shape() {
  Shape shape;
  shape.states = kPolicyStateSize;
  shape.heads = kMeshActions;
  shape.choices = kChoices;
  shape.moves = kContinuousActions;
  shape.idle_moves = kMeshActions;
  for (const std::size_t p : policy_places_of_actions()) {
    shape.places.push_back(static_cast<std::int64_t>(p));
  }
  return shape;
}

std::vector<float> with_choices(const std::array<std::int64_t, kMeshActions>& choices) {
  std::vector<float> action(static_cast<std::size_t>(design_shape().inputs()));
  for (std::size_t head = 0; head < kMeshActions; ++head) {
    action[head * kChoices + static_cast<std::size_t>(choices[head])] = 1;
  }
  return action;
}

std::int64_t any_choice(RandomStream& random) {
  return static_cast<std::int64_t>(random.below(kChoices));
}

}  // namespace

const Shape& design_shape() {
  static const Shape kShape = make_shape();
  return kShape;
}

StepAction to_step(const std::vector<float>& action) {
  StepAction step;
  for (std::size_t head = 0; head < kMeshActions; ++head) {
    const auto* first = action.data() + head * static_cast<std::size_t>(kChoices);
    const auto* most = std::max_element(first, first + kChoices);
    step.mesh[head] = static_cast<int>(most - first) - kMeshDeltaMax;
  }
  const auto moves = static_cast<std::size_t>(design_shape().one_hot());
  for (std::size_t i = 0; i < kContinuousActions; ++i) {
    step.move[kMeshActions + i] = static_cast<double>(action[moves + i]);
  }
  return step;
}

std::vector<float> gains_of(const DesignBox& box) {
  std::vector<float> gains(kActionCount, static_cast<float>(kStepSize));
  for (std::size_t i = 0; i < kMeshActions; ++i) {
    gains[i] = static_cast<float>(1 / std::max(box.hi[i] - box.lo[i], 1.0));
  }
  return gains;
}

std::vector<float> sparse_action(RandomStream& random) {
  constexpr double kMovedShare = 0.15;
  constexpr double kDeviation = 1;
  std::array<std::int64_t, kMeshActions> choices{};
  for (std::int64_t& choice : choices) {
    choice = random.uniform() < kMovedShare ? any_choice(random) : kMeshDeltaMax;
  }
  std::vector<float> action = with_choices(choices);
  for (auto i = static_cast<std::size_t>(design_shape().one_hot()); i < action.size(); ++i) {
    if (random.uniform() >= kMovedShare) continue;
    const double move = std::clamp(kDeviation * random.normal(), -1.0, 1.0);
    action[i] = static_cast<float>(move);
  }
  return action;
}

std::vector<float> dense_action(RandomStream& random) {
  std::array<std::int64_t, kMeshActions> choices{};
  for (std::int64_t& choice : choices) choice = any_choice(random);
  std::vector<float> action = with_choices(choices);
  for (auto i = static_cast<std::size_t>(design_shape().one_hot()); i < action.size(); ++i) {
    action[i] = static_cast<float>(random.uniform(-1, 1));
  }
  return action;
}

}  // namespace tilewright::rl

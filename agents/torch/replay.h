// Transitions in a ring; uniform sampling.
#pragma once

#include <vector>

#include "agents/torch/networks.h"
#include "support/random.h"

namespace tilewright::rl {

struct Batch {
  Tensor states, actions, rewards, next_states;  // [B, 52], [B, 46], [B], [B, 52]
};

using ActionInputs = std::array<float, kActionInputs>;

class Replay {
 public:
  explicit Replay(std::int64_t capacity);

  void add(const PolicyState& state, const ActionInputs& action, double reward,
           const PolicyState& next_state);
  std::int64_t size() const { return size_; }
  // With replacement; size() > 0.
  Batch sample(std::int64_t count, RandomStream& random) const;

 private:
  std::int64_t capacity_, size_ = 0, next_ = 0;
  std::vector<float> rows_;  // state, action, reward, next state
};

}  // namespace tilewright::rl

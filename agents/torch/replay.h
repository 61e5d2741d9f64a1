// Transitions in a ring, drawn in proportion to how surprising they were (Schaul et al. 2016;
// equations.md Eq. 47), or uniformly.
#pragma once

#include <span>
#include <vector>

#include "agents/sum_tree.h"
#include "agents/torch/networks.h"
#include "support/random.h"

namespace tilewright::rl {

struct ReplaySettings {
  std::int64_t capacity = 100000;
  double exponent = 0.6;          // a of P(k) = p_k^a / sum; 0: uniform
  double correction = 0.4;        // beta of the importance weights at the start
  double correction_step = 6e-5;  // a batch, up to 1
  double least_priority = 1e-3;   // p_k = |TD error| + this
};

struct Transition {
  std::span<const float> state, action;  // [states], [inputs]
  double reward = 0;
  std::span<const float> next_state;  // [states]
  std::span<const float> notes = {};  // what else somebody learns from, as many as the replay's
};

struct Batch {
  Tensor states, actions, rewards, next_states;  // [B, states], [B, inputs], [B], [B, states]
  Tensor weights;                  // [B], (K P(k))^-beta over the largest of the batch
  std::vector<std::int64_t> rows;  // where they lie, for reprioritise()
  Tensor notes;                    // [B, notes]
};

class Replay {
 public:
  Replay(const Shape& shape, const ReplaySettings& settings, std::int64_t notes = 0);

  // At the largest priority seen so far: everything is looked at once. Spans of the shape's sizes.
  void add(const Transition& transition);
  std::int64_t size() const { return size_; }
  // With replacement; size() > 0. Anneals the correction by one step.
  Batch sample(std::int64_t count, RandomStream& random);
  // TD errors [B] of what sample() gave; their signs do not matter.
  void reprioritise(const std::vector<std::int64_t>& rows, const Tensor& errors);
  double correction() const { return correction_; }
  void persist(StateArchive& archive);

 private:
  ReplaySettings settings_;
  std::int64_t states_, inputs_, notes_, width_;
  std::int64_t size_ = 0, next_ = 0;
  double correction_, largest_ = 1;  // p^a
  SumTree priorities_;
  std::vector<float> rows_;  // state, action, reward, next state, notes
};

}  // namespace tilewright::rl

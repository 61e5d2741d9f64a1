// The world model (equations.md Eq. 69): where an action leads, and what is to be seen there. All
// states are normalised; shapes as in shape.h.
#pragma once

#include "agents/torch/networks.h"

namespace tilewright::rl {

struct WorldSettings {
  std::int64_t first = 128, second = 64;  // widths of the transition
  std::int64_t head = 64;                 // width of the head
  double learning_rate = 5e-4;            // half the critics'
};

// An action as the world model reads it, each number within -1..1: a head's choice counted from the
// middle one over its largest (half the mesh delta), then the moves. [B, inputs] -> [B, steps]
Tensor world_steps(const Shape& shape, const Tensor& actions);

// next = state + f(state, step), f: 82 -> 128 -> 64 -> 52 with GELU for designs; and a head on the
// next state, 52 -> 64 -> outputs, for quantities that follow from where one is.
class WorldModelImpl : public torch::nn::Module {
 public:
  WorldModelImpl(const Shape& shape, std::int64_t outputs, const WorldSettings& settings);
  Tensor next(const Tensor& states, const Tensor& steps);  // [B, states]
  Tensor outputs(const Tensor& next_states);               // [B, outputs]

  struct Layers {
    torch::nn::Linear first, second, third, head_first, head_second;
  };
  const Layers& layers() const { return layers_; }

 private:
  Layers layers_;
};
TORCH_MODULE(WorldModel);

struct WorldBatch {
  Tensor states, steps, next_states;  // [B, states], [B, steps], [B, states]
  Tensor targets;                     // [B, outputs]
};
struct WorldLoss {
  Tensor transition;  // mean squared error of the change of state, over batch and features
  Tensor head;        // mean squared error of the outputs on the predicted next states, whose own
                      // error it does not train
  Tensor total() const { return transition + head; }
};
WorldLoss world_loss(WorldModel& model, const WorldBatch& batch);

// Mean squared change of state: the error of predicting that nothing changes.
Tensor persistence_error(const WorldBatch& batch);

// A world model that is trained online.
class WorldLearner {
 public:
  WorldLearner(const Shape& shape, std::int64_t outputs, const WorldSettings& settings,
               torch::Generator& generator);
  void update(const WorldBatch& batch);
  void persist(StateArchive& archive);
  WorldModel& model() { return model_; }
  std::int64_t updates() const { return updates_; }

  // Over the last hundred updates or so, on batches before they were learned from.
  double transition_error() const { return transition_error_; }
  double persistence() const { return persistence_; }
  double head_error() const { return head_error_; }
  // After `least` updates, and better than predicting that nothing changes.
  bool trained(std::int64_t least) const {
    return updates_ >= least && transition_error_ < persistence_;
  }

 private:
  WorldModel model_;
  torch::optim::Adam optimiser_;
  std::int64_t updates_ = 0;
  double transition_error_ = 0, persistence_ = 0, head_error_ = 0;
};

}  // namespace tilewright::rl

// Policy and critic (equations.md Eq. 1-5, 56). Shapes: B is the batch.
#pragma once

#include <torch/nn.h>
#include <torch/optim/adam.h>

#include <array>
#include <cstdint>

#include "mdp/environment.h"
#include "mdp/state.h"

namespace tilewright::rl {

using torch::Tensor;

inline constexpr std::int64_t kStates = kPolicyStateSize;               // 52
inline constexpr std::int64_t kMeshHeads = kMeshActions;                // 4
inline constexpr std::int64_t kMeshChoices = 2 * kMeshDeltaMax + 1;     // 5
inline constexpr std::int64_t kMeshInputs = kMeshHeads * kMeshChoices;  // 20, one-hot
inline constexpr std::int64_t kMoves = kContinuousActions;              // 26 live
inline constexpr std::int64_t kActionInputs = kMeshInputs + kMoves;     // 46

struct PolicyHeads {
  Tensor logits;   // [B, 4, 5]
  Tensor mean;     // [B, 26]
  Tensor log_std;  // [B, 26], within [-20, 2]
};

// 52 -> hidden -> hidden with GELU, then one head of 80: 20 logits, 30 means, 30 log-stds, of which
// the mesh's four are not live.
class PolicyImpl : public torch::nn::Module {
 public:
  explicit PolicyImpl(std::int64_t hidden);
  PolicyHeads forward(const Tensor& states);

 private:
  torch::nn::Linear first_, second_, head_;
};
TORCH_MODULE(Policy);

// Where in the observed state an action leads: each of the 30 places of the unit box plus what the
// action adds to it. It is a plain function of state and action, and spares the critic from
// learning that an action is a step.
struct Arrival {
  Tensor places;  // [30], of the actions among the 52 features
  Tensor gains;   // [30], change of the normalised feature by a unit of action or one tile
};

// State, one-hot mesh deltas, moves, and where they lead: [B, 128].
inline constexpr std::int64_t kCriticInputs =
    kStates + kActionInputs + static_cast<std::int64_t>(kActionCount);
Tensor critic_inputs(const Arrival& arrival, const Tensor& states, const Tensor& actions);

// 128 -> hidden -> hidden -> 1; layer norm keeps the values of actions never tried from running
// away.
class CriticImpl : public torch::nn::Module {
 public:
  CriticImpl(std::int64_t hidden, bool layer_norm);
  Tensor forward(const Tensor& inputs);  // [B]

 private:
  torch::nn::Linear first_, second_, head_;
  torch::nn::LayerNorm norm_first_{nullptr}, norm_second_{nullptr};
};
TORCH_MODULE(Critic);

// Uniform within 1/sqrt(inputs), from `generator` alone; zero biases.
void draw_parameters(torch::nn::Module& module, torch::Generator& generator);
// target <- rate * source + (1 - rate) * target (Eq. 47).
void blend_parameters(torch::nn::Module& target, const torch::nn::Module& source, double rate);

}  // namespace tilewright::rl

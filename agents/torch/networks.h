// Policy and critic (equations.md Eq. 1-5, 54-56). Shapes: B is the batch; see shape.h for the
// rest.
#pragma once

#include <torch/nn.h>
#include <torch/optim/adam.h>

#include <array>
#include <cstdint>
#include <vector>

#include "agents/torch/shape.h"

namespace tilewright {
class StateArchive;
}

namespace tilewright::rl {

using torch::Tensor;

struct PolicyHeads {
  Tensor logits;   // [B, heads, choices]
  Tensor mean;     // [B, moves], before tanh
  Tensor log_std;  // [B, moves], within [-20, 2]
  Tensor gate;     // [B, experts], sums to 1; undefined for one expert
};

// states -> hidden -> hidden with GELU, then one linear head an expert: logits, means, log-stds. A
// softmax gate of the state mixes the experts (Eq. 54): means and log-stds linearly, so that the
// density stays a tanh-Gaussian's, and the discrete heads by their probabilities.
class PolicyImpl : public torch::nn::Module {
 public:
  PolicyImpl(Shape shape, std::int64_t hidden, std::int64_t experts = 1);
  PolicyHeads forward(const Tensor& states);
  const Shape& shape() const { return shape_; }

  // The layers, for code that walks through them without torch. `gate` is empty for one expert.
  struct Layers {
    torch::nn::Linear first, second, head, gate;
  };
  const Layers& layers() const { return layers_; }
  std::int64_t experts() const { return experts_; }

 private:
  Shape shape_;
  std::int64_t experts_;
  Layers layers_;
};
TORCH_MODULE(Policy);

// Load balance of a batch of gates [B, K] (Eq. 55 without its factor): K sum_k f_k G_k, with f_k
// the share of states whose largest gate is k, which carries no gradient, and G_k the mean gate. 1
// when all experts are used alike, up to K when one is.
Tensor balance_loss(const Tensor& gate);

// Where in the observed state an action leads: each place that an action moves plus what the action
// adds to it. It is a plain function of state and action, and spares the critic from learning that
// an action is a step. Empty for shapes without places.
struct Arrival {
  Tensor places;  // [steps], long
  Tensor gains;   // [steps], change of the normalised feature by a unit of a move or one choice
};
Arrival no_gain(const Shape& shape);

// One number a head, its choice counted from the middle one, and one a move: [B, steps].
Tensor step_values(const Shape& shape, const Tensor& actions);
// State, action, and where it leads: [B, critic_inputs].
Tensor critic_inputs(const Shape& shape, const Arrival& arrival, const Tensor& states,
                     const Tensor& actions);

// inputs -> hidden -> hidden -> 1 with GELU; layer norm before it when asked.
class CriticImpl : public torch::nn::Module {
 public:
  CriticImpl(std::int64_t inputs, std::int64_t hidden, bool layer_norm);
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

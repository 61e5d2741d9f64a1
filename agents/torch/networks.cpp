#include "agents/torch/networks.h"

#include <cmath>
#include <utility>

namespace tilewright::rl {
namespace {

constexpr double kLogStdLeast = -20, kLogStdMost = 2;  // Eq. 5

Tensor places_of(const Shape& shape) {
  return torch::tensor(shape.places, torch::TensorOptions().dtype(torch::kLong));
}

}  // namespace

PolicyImpl::PolicyImpl(Shape shape, std::int64_t hidden, std::int64_t experts)
    : shape_(std::move(shape)),
      experts_(experts),
      layers_{register_module("first", torch::nn::Linear(shape_.states, hidden)),
              register_module("second", torch::nn::Linear(hidden, hidden)),
              register_module("head", torch::nn::Linear(hidden, experts * shape_.head_width())),
              nullptr} {
  if (experts > 1)
    layers_.gate = register_module("gate", torch::nn::Linear(shape_.states, experts));
}

PolicyHeads PolicyImpl::forward(const Tensor& states) {
  const Tensor trunk = torch::gelu(layers_.second(torch::gelu(layers_.first(states))));
  const std::int64_t batch = states.size(0), width = shape_.head_width();
  const Tensor all = layers_.head(trunk).view({batch, experts_, width});
  const Tensor logits =
      all.narrow(2, 0, shape_.one_hot()).view({batch, experts_, shape_.heads, shape_.choices});
  const std::int64_t means = shape_.one_hot() + shape_.idle_moves;
  const std::int64_t log_stds = means + shape_.moves + shape_.idle_moves;
  if (experts_ == 1) {
    const Tensor only = all.select(1, 0);
    return {logits.select(1, 0), only.narrow(1, means, shape_.moves),
            only.narrow(1, log_stds, shape_.moves).clamp(kLogStdLeast, kLogStdMost), Tensor()};
  }
  const Tensor log_gate = torch::log_softmax(layers_.gate(states), 1);
  const Tensor gate = log_gate.exp();
  const Tensor mixed = (gate.unsqueeze(2) * all).sum(1);
  PolicyHeads heads{Tensor(), mixed.narrow(1, means, shape_.moves),
                    mixed.narrow(1, log_stds, shape_.moves).clamp(kLogStdLeast, kLogStdMost), gate};
  heads.logits =
      shape_.heads == 0
          ? logits.select(1, 0)
          : torch::logsumexp(
                log_gate.view({batch, experts_, 1, 1}) + torch::log_softmax(logits, -1), 1);
  return heads;
}

Tensor balance_loss(const Tensor& gate) {
  const std::int64_t experts = gate.size(1);
  const Tensor routed =
      torch::zeros_like(gate).scatter_(1, gate.detach().argmax(1, true), 1.0).mean(0);
  return static_cast<double>(experts) * (routed * gate.mean(0)).sum();
}

Arrival no_gain(const Shape& shape) {
  return {places_of(shape), torch::zeros({static_cast<std::int64_t>(shape.places.size())})};
}

Tensor step_values(const Shape& shape, const Tensor& actions) {
  const Tensor moves = actions.narrow(1, shape.one_hot(), shape.moves);
  if (shape.heads == 0) return moves;
  const std::int64_t middle = (shape.choices - 1) / 2;
  const Tensor values = torch::arange(-middle, shape.choices - middle, actions.options());
  const Tensor chosen =
      actions.narrow(1, 0, shape.one_hot()).view({-1, shape.heads, shape.choices}).matmul(values);
  return torch::cat({chosen, moves}, 1);
}

Tensor critic_inputs(const Shape& shape, const Arrival& arrival, const Tensor& states,
                     const Tensor& actions) {
  if (shape.places.empty()) return torch::cat({states, actions}, 1);
  const Tensor arrived =
      states.index_select(1, arrival.places) + step_values(shape, actions) * arrival.gains;
  return torch::cat({states, actions, arrived}, 1);
}

CriticImpl::CriticImpl(std::int64_t inputs, std::int64_t hidden, bool layer_norm)
    : first_(register_module("first", torch::nn::Linear(inputs, hidden))),
      second_(register_module("second", torch::nn::Linear(hidden, hidden))),
      head_(register_module("head", torch::nn::Linear(hidden, 1))) {
  if (!layer_norm) return;
  const torch::nn::LayerNormOptions options({hidden});
  norm_first_ = register_module("norm_first", torch::nn::LayerNorm(options));
  norm_second_ = register_module("norm_second", torch::nn::LayerNorm(options));
}

Tensor CriticImpl::forward(const Tensor& inputs) {
  Tensor x = first_(inputs);
  if (norm_first_) x = norm_first_(x);
  x = second_(torch::gelu(x));
  if (norm_second_) x = norm_second_(x);
  return head_(torch::gelu(x)).squeeze(1);
}

void draw_parameters(torch::nn::Module& module, torch::Generator& generator) {
  const torch::NoGradGuard no_grad;
  for (const auto& child : module.modules(false)) {
    auto* linear = child->as<torch::nn::Linear>();
    if (linear == nullptr) continue;
    const double bound = 1 / std::sqrt(static_cast<double>(linear->weight.size(1)));
    linear->weight.uniform_(-bound, bound, generator);
    linear->bias.zero_();
  }
}

void blend_parameters(torch::nn::Module& target, const torch::nn::Module& source, double rate) {
  const torch::NoGradGuard no_grad;
  auto to = target.parameters();
  const auto from = source.parameters();
  for (std::size_t i = 0; i < to.size(); ++i) to[i].lerp_(from[i], rate);
}

}  // namespace tilewright::rl

#include "agents/torch/networks.h"

#include <cmath>

namespace tilewright::rl {
namespace {

constexpr double kLogStdLeast = -20, kLogStdMost = 2;  // Eq. 5
constexpr std::int64_t kHeadWidth = kMeshInputs + 2 * static_cast<std::int64_t>(kActionCount);

}  // namespace

PolicyImpl::PolicyImpl(std::int64_t hidden)
    : first_(register_module("first", torch::nn::Linear(kStates, hidden))),
      second_(register_module("second", torch::nn::Linear(hidden, hidden))),
      head_(register_module("head", torch::nn::Linear(hidden, kHeadWidth))) {}

PolicyHeads PolicyImpl::forward(const Tensor& states) {
  const Tensor trunk = torch::gelu(second_(torch::gelu(first_(states))));
  const Tensor head = head_(trunk);
  const auto actions = static_cast<std::int64_t>(kActionCount);
  const std::int64_t means = kMeshInputs + kMeshHeads, log_stds = means + actions;
  return {head.narrow(1, 0, kMeshInputs).view({-1, kMeshHeads, kMeshChoices}),
          head.narrow(1, means, kMoves),
          head.narrow(1, log_stds, kMoves).clamp(kLogStdLeast, kLogStdMost)};
}

Tensor critic_inputs(const Arrival& arrival, const Tensor& states, const Tensor& actions) {
  const Tensor tiles = torch::arange(-kMeshDeltaMax, kMeshDeltaMax + 1, actions.options());
  const Tensor mesh =
      actions.narrow(1, 0, kMeshInputs).view({-1, kMeshHeads, kMeshChoices}).matmul(tiles);
  const Tensor step = torch::cat({mesh, actions.narrow(1, kMeshInputs, kMoves)}, 1);
  const Tensor arrived = states.index_select(1, arrival.places) + step * arrival.gains;
  return torch::cat({states, actions, arrived}, 1);
}

CriticImpl::CriticImpl(std::int64_t hidden, bool layer_norm)
    : first_(register_module("first", torch::nn::Linear(kCriticInputs, hidden))),
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

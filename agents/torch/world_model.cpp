#include "agents/torch/world_model.h"

#include <algorithm>

#include "agents/torch/tensor_archive.h"

namespace tilewright::rl {
namespace {

torch::nn::Linear linear(std::int64_t inputs, std::int64_t outputs) {
  return torch::nn::Linear(inputs, outputs);
}

// Mean of the first values, then an exponential average over about a hundred.
void follow(double& average, double value, std::int64_t count) {
  constexpr std::int64_t kWindow = 100;
  average += (value - average) / static_cast<double>(std::min(count, kWindow));
}

}  // namespace

Tensor world_steps(const Shape& shape, const Tensor& actions) {
  const Tensor values = step_values(shape, actions);
  const std::int64_t largest = (shape.choices - 1) / 2;
  if (shape.heads == 0 || largest == 0) return values;
  return torch::cat(
      {values.narrow(1, 0, shape.heads) / largest, values.narrow(1, shape.heads, shape.moves)}, 1);
}

WorldModelImpl::WorldModelImpl(const Shape& shape, std::int64_t outputs,
                               const WorldSettings& settings)
    : layers_{register_module("first", linear(shape.states + shape.steps(), settings.first)),
              register_module("second", linear(settings.first, settings.second)),
              register_module("third", linear(settings.second, shape.states)),
              register_module("head_first", linear(shape.states, settings.head)),
              register_module("head_second", linear(settings.head, outputs))} {}

Tensor WorldModelImpl::next(const Tensor& states, const Tensor& steps) {
  const Tensor first = torch::gelu(layers_.first(torch::cat({states, steps}, 1)));
  return states + layers_.third(torch::gelu(layers_.second(first)));
}

Tensor WorldModelImpl::outputs(const Tensor& next_states) {
  return layers_.head_second(torch::gelu(layers_.head_first(next_states)));
}

WorldLoss world_loss(WorldModel& model, const WorldBatch& batch) {
  const Tensor next = model->next(batch.states, batch.steps);
  return {(next - batch.next_states).square().mean(),
          (model->outputs(next.detach()) - batch.targets).square().mean()};
}

Tensor persistence_error(const WorldBatch& batch) {
  return (batch.next_states - batch.states).square().mean();
}

WorldLearner::WorldLearner(const Shape& shape, std::int64_t outputs, const WorldSettings& settings,
                           torch::Generator& generator)
    : model_(shape, outputs, settings),
      optimiser_(model_->parameters(), torch::optim::AdamOptions(settings.learning_rate)) {
  draw_parameters(*model_, generator);
  // At first nothing changes: what is learned is only ever better than persistence.
  const torch::NoGradGuard no_grad;
  model_->layers().third->weight.zero_();
}

void WorldLearner::update(const WorldBatch& batch) {
  const WorldLoss loss = world_loss(model_, batch);
  optimiser_.zero_grad();
  loss.total().backward();
  optimiser_.step();
  ++updates_;
  follow(transition_error_, loss.transition.item<double>(), updates_);
  follow(head_error_, loss.head.item<double>(), updates_);
  follow(persistence_, persistence_error(batch).item<double>(), updates_);
}

void WorldLearner::persist(StateArchive& archive) {
  rl::persist(archive, *model_);
  rl::persist(archive, optimiser_);
  archive(updates_, transition_error_, persistence_, head_error_);
}

}  // namespace tilewright::rl

#include "agents/torch/lookahead.h"

#include <ATen/CPUGeneratorImpl.h>

#include <utility>

#include "agents/torch/design_task.h"
#include "agents/torch/tensor_archive.h"

namespace tilewright::rl {
namespace {

constexpr double kLeastDeviation = 0.01;  // of an outcome: a hundredth in a logarithm

}  // namespace

Lookahead::Lookahead(const Policy& policy, const LookaheadSettings& settings, std::uint64_t seed,
                     RandomStream noise)
    : settings_(settings),
      generator_(at::make_generator<at::CPUGeneratorImpl>(seed)),
      learner_(policy->shape(), kWorldOutputs, settings.world, generator_),
      outcomes_(kOutcomes, kLeastDeviation),
      mpc_(policy, learner_.model(), kWorldOutputs, settings.mpc),
      reward_(predicted_reward()),
      noise_(std::move(noise)) {}

void Lookahead::update(const Batch& batch) {
  const Tensor rows = observed_rows(batch.notes);
  if (rows.size(0) == 0) return;
  const auto of = [&](const Tensor& t) { return t.index_select(0, rows); };
  learner_.update({of(batch.states), world_steps(design_shape(), of(batch.actions)),
                   of(batch.next_states),
                   world_targets(of(batch.rewards), of(batch.notes), outcomes_)});
}

MpcPlan Lookahead::improve(std::span<const float> state, const std::vector<float>& own) {
  return mpc_.plan(state, own, noise_, reward_);
}

Lookahead::Arrival Lookahead::expect(const Tensor& state, const Tensor& step) {
  const torch::NoGradGuard no_grad;
  const Tensor next = learner_.model()->next(state.unsqueeze(0), step.unsqueeze(0));
  return {next.squeeze(0), learner_.model()->outputs(next)[0][0].item<double>()};
}

void Lookahead::persist(StateArchive& archive) {
  rl::persist(archive, generator_);
  learner_.persist(archive);
  outcomes_.persist(archive);
  archive(noise_);
}

}  // namespace tilewright::rl

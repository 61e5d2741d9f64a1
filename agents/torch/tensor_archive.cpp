#include "agents/torch/tensor_archive.h"

#include <algorithm>
#include <memory>

namespace tilewright::rl {

void persist(StateArchive& archive, const std::vector<Tensor>& tensors) {
  const torch::NoGradGuard no_grad;
  for (const Tensor& tensor : tensors) {
    TORCH_CHECK(tensor.is_contiguous() && tensor.scalar_type() == torch::kFloat);
    float* first = tensor.data_ptr<float>();
    const std::int64_t count = tensor.numel();
    std::vector<float> values(first, first + count);
    archive(values);
    archive.require(std::ssize(values) == count);
    if (archive.reads()) std::copy(values.begin(), values.end(), first);
  }
}

void persist(StateArchive& archive, torch::nn::Module& module) {
  persist(archive, module.parameters());
}

void persist(StateArchive& archive, torch::Generator& generator) {
  const Tensor state = generator.get_state();
  auto* first = state.data_ptr<std::uint8_t>();
  std::vector<std::uint8_t> bytes(first, first + state.numel());
  archive(bytes);
  archive.require(std::ssize(bytes) == state.numel());
  if (!archive.reads()) return;
  std::copy(bytes.begin(), bytes.end(), first);
  generator.set_state(state);
}

void persist(StateArchive& archive, torch::optim::Adam& optimiser) {
  for (const Tensor& p : optimiser.param_groups().front().params()) {
    auto& held = optimiser.state()[c10::guts::to_string(p.unsafeGetTensorImpl())];
    if (!held) {  // before its first step
      auto fresh = std::make_unique<torch::optim::AdamParamState>();
      fresh->step(0);
      fresh->exp_avg(torch::zeros_like(p, torch::MemoryFormat::Preserve));
      fresh->exp_avg_sq(torch::zeros_like(p, torch::MemoryFormat::Preserve));
      held = std::move(fresh);
    }
    auto& state = static_cast<torch::optim::AdamParamState&>(*held);
    std::int64_t step = state.step();
    archive(step);
    state.step(step);
    persist(archive, {state.exp_avg(), state.exp_avg_sq()});
  }
}

}  // namespace tilewright::rl

// A whole update of SacAgent without autograd: the losses of sac.h, their gradients, Adam and the
// targets, in loops of this folder's own beside LibTorch's tensors. It reads and writes the
// parameters where LibTorch keeps them, so whoever acts, plans or saves sees the same values; its
// own are Adam's moments. The tests hold it against autograd.
//
// The batch is worked in two halves whose gradients are added in one order, by one thread or two:
// the bytes depend on neither their number nor their timing.
#pragma once

#include <memory>
#include <vector>

#include "agents/torch/sac.h"

namespace tilewright::rl {

class FusedSac {
 public:
  // For `nets`, which were made by `settings`; they are not kept. `threads`: 1 or 2.
  FusedSac(SacNetworks& nets, const SacSettings& settings, int threads = 1);
  ~FusedSac();
  FusedSac(const FusedSac&) = delete;
  FusedSac& operator=(const FusedSac&) = delete;

  struct Noise {
    ActionNoise target, actor;
  };
  // In the order in which SacAgent draws it.
  Noise draw(const Shape& shape, std::int64_t batch, torch::Generator& generator) const;

  struct Outcome {
    double critic_loss = 0;
    Tensor error;  // [B] as CriticLoss has it; overwritten by the next update
    double log_density = 0, choice_entropy = 0;  // means over the batch
    GateUse gate;
    double flops = 0;  // of the matrix products
  };
  // `nets` must have single precision; `batch` is normalised and scaled, of the settings' size.
  const Outcome& update(SacNetworks& nets, const Batch& batch, const Noise& noise,
                        const Temperatures& alpha);

  // What continues a run beside the networks: moments [2, all parameters], updates done.
  struct Optimiser {
    Tensor policy, critics;
    std::int64_t steps = 0;
  };
  Optimiser optimiser() const;
  void set_optimiser(const Optimiser& held);  // of networks of the same sizes

  // Of the last update, in the order of parameters(): of both critics together, as the optimiser of
  // SacAgent has them, before their step; of the policy, with the critics after it.
  std::vector<Tensor> critic_gradients() const;
  std::vector<Tensor> policy_gradients() const;

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

}  // namespace tilewright::rl

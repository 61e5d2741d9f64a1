// Networks of torch, read where their weights lie and applied by Eigen without its allocations: for
// decisions that take many small forward passes. A column is one sample.
#pragma once

#include <Eigen/Core>

#include "agents/torch/networks.h"
#include "agents/torch/world_model.h"

namespace tilewright::rl {

// A linear layer of single precision; valid while its module lives.
struct DenseLayer {
  using Weights =
      Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
  explicit DenseLayer(const torch::nn::Linear& layer);
  Weights weight;                          // [outputs, inputs]
  Eigen::Map<const Eigen::VectorXf> bias;  // [outputs]
};

// 0.5 x (1 + erf(x / sqrt 2)), in place.
void apply_gelu(Eigen::MatrixXf& x);

// The policy without chance, as steps of the world model: largest of the mixed probabilities of
// each head, tanh of the means.
class DensePolicy {
 public:
  DensePolicy(const Policy& policy, Eigen::Index columns_most);
  // [states, N] -> [steps, N], N up to columns_most.
  void means(Eigen::Ref<const Eigen::MatrixXf> states, Eigen::Ref<Eigen::MatrixXf> steps);

 private:
  void mix_expert(Eigen::Index expert, Eigen::Index columns);

  Policy policy_;
  Eigen::MatrixXf first_, second_, head_, gate_, mixed_;
};

class DenseWorld {
 public:
  DenseWorld(const WorldModel& model, const Shape& shape, Eigen::Index columns_most);
  // `states` [states, N] become the next ones under `steps` [steps, N].
  void advance(Eigen::Ref<Eigen::MatrixXf> states, Eigen::Ref<const Eigen::MatrixXf> steps);
  // Outputs [outputs, N] of next states.
  void outputs(Eigen::Ref<const Eigen::MatrixXf> states, Eigen::Ref<Eigen::MatrixXf> out);

 private:
  WorldModel model_;
  Eigen::Index states_;
  Eigen::MatrixXf input_, first_, second_, head_;
};

}  // namespace tilewright::rl

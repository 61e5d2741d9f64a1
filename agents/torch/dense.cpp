#include "agents/torch/dense.h"

#include <unsupported/Eigen/SpecialFunctions>

namespace tilewright::rl {
namespace {

using Eigen::Index;

template <typename In>
void forward(const DenseLayer& layer, const In& in, Eigen::MatrixXf& out) {
  out.resize(layer.weight.rows(), in.cols());
  out.noalias() = layer.weight * in;
  out.colwise() += layer.bias;
}

// Columns become probabilities.
template <typename Block>
void softmax(Block&& block) {
  block.array() = (block.rowwise() - block.colwise().maxCoeff().eval()).array().exp();
  block.array().rowwise() /= block.colwise().sum().eval().array();
}

}  // namespace

DenseLayer::DenseLayer(const torch::nn::Linear& layer)
    : weight(layer->weight.data_ptr<float>(), layer->weight.size(0), layer->weight.size(1)),
      bias(layer->bias.data_ptr<float>(), layer->bias.size(0)) {}

void apply_gelu(Eigen::MatrixXf& x) {
  constexpr float kRootHalf = 0.70710678F;
  x.array() *= 0.5F * (1 + (x.array() * kRootHalf).erf());
}

DensePolicy::DensePolicy(const Policy& policy, Index columns_most) : policy_(policy) {
  const Shape& shape = policy_->shape();
  const Index hidden = policy_->layers().second->weight.size(0);
  const Index live = shape.one_hot() + shape.idle_moves + shape.moves;
  first_.resize(hidden, columns_most);
  second_.resize(hidden, columns_most);
  head_.resize(live, columns_most);
  gate_.resize(policy_->experts(), columns_most);
  mixed_.resize(live, columns_most);
}

// Adds an expert's logits' probabilities and its means, weighed by its gate. Log-stds are not read.
void DensePolicy::mix_expert(Index expert, Index columns) {
  const Shape& shape = policy_->shape();
  const DenseLayer layer(policy_->layers().head);
  const Index first_row = expert * shape.head_width();
  head_.noalias() = layer.weight.middleRows(first_row, head_.rows()) * second_;
  head_.colwise() += layer.bias.segment(first_row, head_.rows());
  for (Index head = 0; head < shape.heads; ++head) {
    softmax(head_.middleRows(head * shape.choices, shape.choices));
  }
  for (Index c = 0; c < columns; ++c) mixed_.col(c) += gate_(expert, c) * head_.col(c);
}

void DensePolicy::means(Eigen::Ref<const Eigen::MatrixXf> states,
                        Eigen::Ref<Eigen::MatrixXf> steps) {
  const Shape& shape = policy_->shape();
  const PolicyImpl::Layers& layers = policy_->layers();
  const Index columns = states.cols();
  forward(DenseLayer(layers.first), states, first_);
  apply_gelu(first_);
  forward(DenseLayer(layers.second), first_, second_);
  apply_gelu(second_);
  if (policy_->experts() > 1) {
    forward(DenseLayer(layers.gate), states, gate_);
    softmax(gate_);
  } else {
    gate_.setOnes(1, columns);
  }
  head_.resize(head_.rows(), columns);
  mixed_.setZero(head_.rows(), columns);
  for (Index k = 0; k < policy_->experts(); ++k) mix_expert(k, columns);

  const Index middle = (shape.choices - 1) / 2;
  for (Index head = 0; head < shape.heads; ++head) {
    for (Index c = 0; c < columns; ++c) {
      Index choice = 0;
      mixed_.col(c).segment(head * shape.choices, shape.choices).maxCoeff(&choice);
      steps(head, c) =
          middle == 0 ? 0 : static_cast<float>(choice - middle) / static_cast<float>(middle);
    }
  }
  steps.bottomRows(shape.moves) =
      mixed_.middleRows(shape.one_hot() + shape.idle_moves, shape.moves).array().tanh();
}

DenseWorld::DenseWorld(const WorldModel& model, const Shape& shape, Index columns_most)
    : model_(model), states_(shape.states) {
  const WorldModelImpl::Layers& layers = model_->layers();
  input_.resize(layers.first->weight.size(1), columns_most);
  first_.resize(layers.first->weight.size(0), columns_most);
  second_.resize(layers.second->weight.size(0), columns_most);
  head_.resize(layers.head_first->weight.size(0), columns_most);
}

void DenseWorld::advance(Eigen::Ref<Eigen::MatrixXf> states,
                         Eigen::Ref<const Eigen::MatrixXf> steps) {
  const WorldModelImpl::Layers& layers = model_->layers();
  input_.resize(input_.rows(), states.cols());
  input_.topRows(states_) = states;
  input_.bottomRows(steps.rows()) = steps;
  forward(DenseLayer(layers.first), input_, first_);
  apply_gelu(first_);
  forward(DenseLayer(layers.second), first_, second_);
  apply_gelu(second_);
  const DenseLayer third(layers.third);
  states.noalias() += third.weight * second_;
  states.colwise() += third.bias;
}

void DenseWorld::outputs(Eigen::Ref<const Eigen::MatrixXf> states,
                         Eigen::Ref<Eigen::MatrixXf> out) {
  const WorldModelImpl::Layers& layers = model_->layers();
  forward(DenseLayer(layers.head_first), states, head_);
  apply_gelu(head_);
  const DenseLayer second(layers.head_second);
  out.noalias() = second.weight * head_;
  out.colwise() += second.bias;
}

}  // namespace tilewright::rl

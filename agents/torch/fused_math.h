// The arithmetic of fused_sac: products of matrices, hidden layers a row at a time, and Adam, on
// storage of the caller's. Matrices are row-major. Nothing here allocates or keeps state, and sums
// have one order, which depends on sizes alone.
#pragma once

#include <Eigen/Core>

#include <cstdint>

namespace tilewright::rl::fused {

using Eigen::Index;
using Rows = Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Row = Eigen::Array<float, 1, Eigen::Dynamic>;

// A factor of a product as it lies in memory: `stride` floats from row to row.
struct Factor {
  const float* data;
  Index stride;
  bool transposed = false;
};

// c [rows, columns] = a [rows, depth] b [depth, columns]; left as it is when any of them is 0.
// Gives its FLOPs: 2 for a multiplication with its addition. Within the threads that OpenMP allows.
double multiply(Index rows, Index columns, Index depth, const Factor& a, const Factor& b, float* c,
                Index stride);

// inputs -> outputs, layer norm when `gain` is given, GELU.
struct Layer {
  Index inputs = 0, outputs = 0;
  const float *weight = nullptr, *bias = nullptr;  // [outputs, inputs], [outputs]
  const float *gain = nullptr, *shift = nullptr;   // [outputs]
};
// As many numbers, to add to; the weights' is written by weight_gradient().
struct LayerGradient {
  float *weight = nullptr, *bias = nullptr, *gain = nullptr, *shift = nullptr;
};

// What a pass forward leaves for the pass back.
struct LayerState {
  Rows normal;             // [rows, outputs] normalised products; products without layer norm
  Rows output, slope;      // [rows, outputs], slope of the GELU
  Eigen::ArrayXf inverse;  // [rows] 1 / deviation
  void resize(Index rows, Index outputs);
};

// Forward over the first `rows` rows; `slopes` false leaves out what only the pass back needs.
// Gives its FLOPs.
double forward(const Layer& layer, const Factor& input, Index rows, bool slopes, LayerState& state);

// Back through GELU and layer norm of one row: `d` [outputs] is the loss's derivative by the
// output and becomes that by the product. Adds to the gradients of bias, gain and shift if given.
void backward_row(const Layer& layer, const LayerState& state, Index row, float* d,
                  const LayerGradient* gradient);
// The weights' gradient from derivatives by the products [rows, outputs]. Gives its FLOPs.
double weight_gradient(const Layer& layer, const Rows& d, const Factor& input, Index rows,
                       const LayerGradient& gradient);

float dot(const float* a, const float* b, Index n);
float sum(const float* a, Index n);
void add_scaled(float factor, const float* a, Index n, float* to);  // to += factor a
void scale(float factor, const float* a, Index n, float* to);       // to = factor a

// One step of Adam (Kingma and Ba 2015), as LibTorch has it.
struct AdamStep {
  float rate;  // over 1 - beta1^t
  float root;  // 1 / sqrt(1 - beta2^t)
  static constexpr double kBeta1 = 0.9, kBeta2 = 0.999;
  static constexpr float kLeast = 1e-8F;
  AdamStep(double learning_rate, std::int64_t step);
};
// A stretch of parameters, their moments, and their gradient in two parts. Where `target` is given,
// it then follows the parameter by `follow` (equations.md Eq. 47).
struct AdamRange {
  Index size;
  float *parameter, *first, *second;
  const float *gradient, *more_gradient;
  float* target;
};
void step(const AdamStep& adam, const AdamRange& range, float follow);

}  // namespace tilewright::rl::fused

// Every kernel of the interpreter: reads the node's inputs, writes its outputs as the operator's
// text says. Errors as NodeRun gives them. One declaration a kernel; the operator's line in its
// family's table (frontend/ops_*.cpp) names it.
#pragma once

#include "frontend/interpret/node_run.h"

namespace tilewright::kernel {

// activations.cpp
void neg(NodeRun& op);
void abs(NodeRun& op);
void sign(NodeRun& op);
void relu(NodeRun& op);
void bitwise_not(NodeRun& op);
void logical_not(NodeRun& op);
void floor(NodeRun& op);
void ceil(NodeRun& op);
void round(NodeRun& op);
void sqrt(NodeRun& op);
void reciprocal(NodeRun& op);
void exp(NodeRun& op);
void log(NodeRun& op);
void sin(NodeRun& op);
void cos(NodeRun& op);
void tan(NodeRun& op);
void asin(NodeRun& op);
void acos(NodeRun& op);
void atan(NodeRun& op);
void sinh(NodeRun& op);
void cosh(NodeRun& op);
void tanh(NodeRun& op);
void asinh(NodeRun& op);
void acosh(NodeRun& op);
void atanh(NodeRun& op);
void erf(NodeRun& op);
void is_nan(NodeRun& op);
void is_inf(NodeRun& op);
void sigmoid(NodeRun& op);
void leaky_relu(NodeRun& op);
void prelu(NodeRun& op);
void thresholded_relu(NodeRun& op);
void elu(NodeRun& op);
void celu(NodeRun& op);
void selu(NodeRun& op);
void hard_sigmoid(NodeRun& op);
void hard_swish(NodeRun& op);
void swish(NodeRun& op);
void softplus(NodeRun& op);
void softsign(NodeRun& op);
void mish(NodeRun& op);
void gelu(NodeRun& op);
void shrink(NodeRun& op);
void clip(NodeRun& op);
void cast(NodeRun& op);
void cast_like(NodeRun& op);
void bit_cast(NodeRun& op);
void random_normal(NodeRun& op);
void random_uniform(NodeRun& op);
void bernoulli(NodeRun& op);

// attention.cpp
void attention(NodeRun& op);
void rotary_embedding(NodeRun& op);

// contrib.cpp
void ms_gelu(NodeRun& op);
void fast_gelu(NodeRun& op);
void quick_gelu(NodeRun& op);
void bias_add(NodeRun& op);
void skip_layer_normalization(NodeRun& op);
void skip_simplified_layer_normalization(NodeRun& op);
void simplified_layer_normalization(NodeRun& op);
void pulp_rms_norm(NodeRun& op);
void ms_rotary_embedding(NodeRun& op);
void group_query_attention(NodeRun& op);
void multi_head_attention(NodeRun& op);
void matmul_nbits(NodeRun& op);

// convolutions.cpp
void conv(NodeRun& op);
void conv_integer(NodeRun& op);
void qlinear_conv(NodeRun& op);
void conv_transpose(NodeRun& op);
void max_pool(NodeRun& op);
void average_pool(NodeRun& op);
void lp_pool(NodeRun& op);
void global_max_pool(NodeRun& op);
void global_average_pool(NodeRun& op);
void global_lp_pool(NodeRun& op);

// elementwise.cpp
void add(NodeRun& op);
void sub(NodeRun& op);
void mul(NodeRun& op);
void div(NodeRun& op);
void mod(NodeRun& op);
void min(NodeRun& op);
void max(NodeRun& op);
void sum(NodeRun& op);
void mean(NodeRun& op);
void pow(NodeRun& op);
void bit_shift(NodeRun& op);
void bitwise_and(NodeRun& op);
void bitwise_or(NodeRun& op);
void bitwise_xor(NodeRun& op);
void equal(NodeRun& op);
void less(NodeRun& op);
void less_or_equal(NodeRun& op);
void greater(NodeRun& op);
void greater_or_equal(NodeRun& op);
void logical_and(NodeRun& op);
void logical_or(NodeRun& op);
void logical_xor(NodeRun& op);
void where(NodeRun& op);

// moves.cpp
void identity(NodeRun& op);
void dropout(NodeRun& op);
void transpose(NodeRun& op);
void concat(NodeRun& op);
void split(NodeRun& op);
void slice(NodeRun& op);
void gather(NodeRun& op);
void gather_elements(NodeRun& op);
void gather_nd(NodeRun& op);
void scatter_elements(NodeRun& op);
void scatter_nd(NodeRun& op);
void tensor_scatter(NodeRun& op);
void reverse_sequence(NodeRun& op);
void trilu(NodeRun& op);
void pad(NodeRun& op);
void tile(NodeRun& op);
void expand(NodeRun& op);
void depth_to_space(NodeRun& op);
void space_to_depth(NodeRun& op);
void center_crop_pad(NodeRun& op);

// normalisations.cpp
void layer_normalization(NodeRun& op);
void rms_normalization(NodeRun& op);
void instance_normalization(NodeRun& op);
void group_normalization(NodeRun& op);
void batch_normalization(NodeRun& op);
void mean_variance_normalization(NodeRun& op);
void lp_normalization(NodeRun& op);
void lrn(NodeRun& op);

// products.cpp
void matmul(NodeRun& op);
void gemm(NodeRun& op);
void fused_matmul(NodeRun& op);
void matmul_integer(NodeRun& op);
void qlinear_matmul(NodeRun& op);
void einsum(NodeRun& op);
void determinant(NodeRun& op);

// quantised.cpp
void quantize_linear(NodeRun& op);
void dequantize_linear(NodeRun& op);
void dynamic_quantize_linear(NodeRun& op);

// reductions.cpp
void reduce_sum(NodeRun& op);
void reduce_mean(NodeRun& op);
void reduce_l1(NodeRun& op);
void reduce_l2(NodeRun& op);
void reduce_sum_square(NodeRun& op);
void reduce_log_sum(NodeRun& op);
void reduce_prod(NodeRun& op);
void reduce_max(NodeRun& op);
void reduce_min(NodeRun& op);
void reduce_log_sum_exp(NodeRun& op);
void arg_max(NodeRun& op);
void arg_min(NodeRun& op);
void softmax(NodeRun& op);
void log_softmax(NodeRun& op);
void hardmax(NodeRun& op);
void cum_sum(NodeRun& op);
void cum_prod(NodeRun& op);
void top_k(NodeRun& op);

// resampling.cpp
void resize(NodeRun& op);
void affine_grid(NodeRun& op);
void grid_sample(NodeRun& op);
void col2im(NodeRun& op);

// shapes.cpp
void shape_of(NodeRun& op);
void size_of(NodeRun& op);
void constant_of_shape(NodeRun& op);
void eye_like(NodeRun& op);
void range(NodeRun& op);
void hann_window(NodeRun& op);
void hamming_window(NodeRun& op);
void blackman_window(NodeRun& op);
void non_zero(NodeRun& op);
void compress(NodeRun& op);
void unique(NodeRun& op);
void one_hot(NodeRun& op);
void max_unpool(NodeRun& op);
void non_max_suppression(NodeRun& op);

// recurrent.cpp
void rnn(NodeRun& op);
void gru(NodeRun& op);
void lstm(NodeRun& op);

// spectral.cpp
void dft(NodeRun& op);
void stft(NodeRun& op);
void mel_weight_matrix(NodeRun& op);

}  // namespace tilewright::kernel

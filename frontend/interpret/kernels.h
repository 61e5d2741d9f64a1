// Every kernel of the interpreter: reads the node's inputs, writes its outputs as the operator's
// text says. Errors as OpRun gives them. One declaration a kernel; the operator's line in its
// family's table (frontend/ops_*.cpp) names it.
#pragma once

#include "frontend/interpret/op_run.h"

namespace tilewright::kernel {

// activations.cpp
void neg(OpRun& op);
void abs(OpRun& op);
void sign(OpRun& op);
void relu(OpRun& op);
void bitwise_not(OpRun& op);
void logical_not(OpRun& op);
void floor(OpRun& op);
void ceil(OpRun& op);
void round(OpRun& op);
void sqrt(OpRun& op);
void reciprocal(OpRun& op);
void exp(OpRun& op);
void log(OpRun& op);
void sin(OpRun& op);
void cos(OpRun& op);
void tan(OpRun& op);
void asin(OpRun& op);
void acos(OpRun& op);
void atan(OpRun& op);
void sinh(OpRun& op);
void cosh(OpRun& op);
void tanh(OpRun& op);
void asinh(OpRun& op);
void acosh(OpRun& op);
void atanh(OpRun& op);
void erf(OpRun& op);
void is_nan(OpRun& op);
void is_inf(OpRun& op);
void sigmoid(OpRun& op);
void leaky_relu(OpRun& op);
void prelu(OpRun& op);
void thresholded_relu(OpRun& op);
void elu(OpRun& op);
void celu(OpRun& op);
void selu(OpRun& op);
void hard_sigmoid(OpRun& op);
void hard_swish(OpRun& op);
void swish(OpRun& op);
void softplus(OpRun& op);
void softsign(OpRun& op);
void mish(OpRun& op);
void gelu(OpRun& op);
void shrink(OpRun& op);
void clip(OpRun& op);
void cast(OpRun& op);
void cast_like(OpRun& op);
void bit_cast(OpRun& op);
void random_normal(OpRun& op);
void random_uniform(OpRun& op);
void bernoulli(OpRun& op);

// attention.cpp
void attention(OpRun& op);
void rotary_embedding(OpRun& op);

// contrib.cpp
void ms_gelu(OpRun& op);
void fast_gelu(OpRun& op);
void quick_gelu(OpRun& op);
void bias_add(OpRun& op);
void skip_layer_normalization(OpRun& op);
void skip_simplified_layer_normalization(OpRun& op);
void simplified_layer_normalization(OpRun& op);
void pulp_rms_norm(OpRun& op);
void ms_rotary_embedding(OpRun& op);
void group_query_attention(OpRun& op);
void multi_head_attention(OpRun& op);
void matmul_nbits(OpRun& op);

// convolutions.cpp
void conv(OpRun& op);
void conv_integer(OpRun& op);
void qlinear_conv(OpRun& op);
void conv_transpose(OpRun& op);
void max_pool(OpRun& op);
void average_pool(OpRun& op);
void lp_pool(OpRun& op);
void global_max_pool(OpRun& op);
void global_average_pool(OpRun& op);
void global_lp_pool(OpRun& op);

// elementwise.cpp
void add(OpRun& op);
void sub(OpRun& op);
void mul(OpRun& op);
void div(OpRun& op);
void mod(OpRun& op);
void min(OpRun& op);
void max(OpRun& op);
void sum(OpRun& op);
void mean(OpRun& op);
void pow(OpRun& op);
void bit_shift(OpRun& op);
void bitwise_and(OpRun& op);
void bitwise_or(OpRun& op);
void bitwise_xor(OpRun& op);
void equal(OpRun& op);
void less(OpRun& op);
void less_or_equal(OpRun& op);
void greater(OpRun& op);
void greater_or_equal(OpRun& op);
void logical_and(OpRun& op);
void logical_or(OpRun& op);
void logical_xor(OpRun& op);
void where(OpRun& op);

// moves.cpp
void identity(OpRun& op);
void dropout(OpRun& op);
void transpose(OpRun& op);
void concat(OpRun& op);
void split(OpRun& op);
void slice(OpRun& op);
void gather(OpRun& op);
void gather_elements(OpRun& op);
void gather_nd(OpRun& op);
void scatter_elements(OpRun& op);
void scatter_nd(OpRun& op);
void tensor_scatter(OpRun& op);
void reverse_sequence(OpRun& op);
void trilu(OpRun& op);
void pad(OpRun& op);
void tile(OpRun& op);
void expand(OpRun& op);
void depth_to_space(OpRun& op);
void space_to_depth(OpRun& op);
void center_crop_pad(OpRun& op);

// normalisations.cpp
void layer_normalization(OpRun& op);
void rms_normalization(OpRun& op);
void instance_normalization(OpRun& op);
void group_normalization(OpRun& op);
void batch_normalization(OpRun& op);
void mean_variance_normalization(OpRun& op);
void lp_normalization(OpRun& op);
void lrn(OpRun& op);

// products.cpp
void matmul(OpRun& op);
void gemm(OpRun& op);
void fused_matmul(OpRun& op);
void matmul_integer(OpRun& op);
void qlinear_matmul(OpRun& op);
void einsum(OpRun& op);
void determinant(OpRun& op);

// quantised.cpp
void quantize_linear(OpRun& op);
void dequantize_linear(OpRun& op);
void dynamic_quantize_linear(OpRun& op);

// reductions.cpp
void reduce_sum(OpRun& op);
void reduce_mean(OpRun& op);
void reduce_l1(OpRun& op);
void reduce_l2(OpRun& op);
void reduce_sum_square(OpRun& op);
void reduce_log_sum(OpRun& op);
void reduce_prod(OpRun& op);
void reduce_max(OpRun& op);
void reduce_min(OpRun& op);
void reduce_log_sum_exp(OpRun& op);
void arg_max(OpRun& op);
void arg_min(OpRun& op);
void softmax(OpRun& op);
void log_softmax(OpRun& op);
void hardmax(OpRun& op);
void cum_sum(OpRun& op);
void cum_prod(OpRun& op);
void top_k(OpRun& op);

// resampling.cpp
void resize(OpRun& op);
void affine_grid(OpRun& op);
void grid_sample(OpRun& op);
void col2im(OpRun& op);

// shapes.cpp
void shape_of(OpRun& op);
void size_of(OpRun& op);
void constant_of_shape(OpRun& op);
void eye_like(OpRun& op);
void range(OpRun& op);
void hann_window(OpRun& op);
void hamming_window(OpRun& op);
void blackman_window(OpRun& op);
void non_zero(OpRun& op);
void compress(OpRun& op);
void unique(OpRun& op);
void one_hot(OpRun& op);
void max_unpool(OpRun& op);
void non_max_suppression(OpRun& op);

// recurrent.cpp
void rnn(OpRun& op);
void gru(OpRun& op);
void lstm(OpRun& op);

// spectral.cpp
void dft(OpRun& op);
void stft(OpRun& op);
void mel_weight_matrix(OpRun& op);

}  // namespace tilewright::kernel

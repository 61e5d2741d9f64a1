// The blocks of a diffusion model's U-Net, decomposed to standard operators. Activations are
// [batch, channels, height, width]; names are those of Hugging Face's diffusers.
#pragma once

#include <string>

#include "models/graph_builder.h"

namespace tilewright::models {

// What every block shares.
struct UnetBlocks {
  GraphBuilder& g;
  std::int64_t groups = 8;  // of a group normalisation
  std::int64_t heads = 1;   // of an attention
  std::int64_t time = 0;    // width of the timestep's embedding
  double epsilon = 1e-5;    // of a group normalisation
};

struct ConvShape {
  std::int64_t in = 0, out = 0, kernel = 3, stride = 1;
};
// With a bias; the same height and width at stride 1, half of them at stride 2. `name` is the
// module, "PREFIX.NAME.weight" its kernel.
Value emit_conv(const UnetBlocks& u, const std::string& prefix, const std::string& name,
                const ConvShape& conv, const Value& x, const Value& result = "");

Value emit_silu(const UnetBlocks& u, const Value& x);

// GroupNormalization as exporters write it before operator set 18: the channels of a group laid out
// as one for InstanceNormalization, then scale and bias.
Value emit_group_norm(const UnetBlocks& u, const std::string& prefix, const std::string& name,
                      std::int64_t channels, const Value& x);

// linear_2(silu(linear_1(s))) of the sinusoids s = [cos, sin](timestep * 10000^(-2i / width)):
// timestep [batch] -> [batch, time].
Value emit_timestep(const UnetBlocks& u, std::int64_t width, const Value& timestep);

// shortcut(x) + conv2(silu(norm2(conv1(silu(norm1(x))) + linear(silu(embedding))))); the shortcut
// is a convolution of one element where in and out differ, else x.
Value emit_resnet(const UnetBlocks& u, const std::string& prefix, std::int64_t in, std::int64_t out,
                  const Value& x, const Value& embedding);

// x + out(attention(q, k, v of norm(x))) among the side * side positions.
Value emit_attention(const UnetBlocks& u, const std::string& prefix, std::int64_t channels,
                     std::int64_t side, const Value& x);

// Every element twice along height and width, then a convolution.
Value emit_upsampler(const UnetBlocks& u, const std::string& prefix, std::int64_t channels,
                     const Value& x);

}  // namespace tilewright::models

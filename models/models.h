// Builders of real ONNX files, as an exporter would write them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tilewright {

struct ModelInfo {
  std::string name, description;
};
std::vector<ModelInfo> builtin_models();
bool is_builtin_model(const std::string& name);

// The serialised ModelProto. `seed` fills weights that are stored inside the file; models with
// external weights name a data file that need not exist. Throws Error TW-MODEL-001 for an unknown
// name.
std::string build_model(const std::string& name, std::uint64_t seed);

// A geometry for tests and studies: the same decoder builder with other sizes.
struct DecoderShape {
  int layers = 2, hidden = 64, heads = 4, kv_heads = 2, ffn = 128, vocabulary = 256;
  bool external_weights = false, half = true, tied_embedding = false;
  double rope_theta = 10000;
  bool llama31_rope = false;  // Llama 3.1's stretching of the low frequencies
  double norm_epsilon = 1e-5;
  // Mixture of experts in the place of the feed-forward network, as Mixtral has it: each token goes
  // through `experts_per_token` of `experts`. 0: a dense network.
  int experts = 0, experts_per_token = 2;
  // Graph name, prefix of the weights' random streams, and stem of the external data file.
  std::string name = "decoder";
};
// One decode step: inputs input_ids, position_ids [batch_size, sequence_length] and
// past_key_values.L.{key,value} [batch_size, kv_heads, past_sequence_length, hidden / heads];
// outputs logits (FP32) [batch_size, sequence_length, vocabulary] and present.L.{key,value} of
// total_sequence_length = past + sequence. Throws Error TW-MODEL-002 for sizes that do not fit
// together.
std::string build_decoder(const DecoderShape& shape, std::uint64_t seed);

// A denoising U-Net of `widths.size()` levels, each with `blocks` residual blocks on the way down
// and one more on the way up, half of the height and width from one level to the next, and
// self-attention on the last. FP32 weights inside the file. The defaults are those of unet-tiny.
struct UnetShape {
  int size = 16, channels = 4;  // of the sample: height = width; latents
  std::vector<int> widths = {32, 64, 64};
  int blocks = 1, groups = 8, heads = 2;
  double norm_epsilon = 1e-5;
  std::string name = "unet";  // graph name and prefix of the weights' random streams
};
// One denoising step: inputs sample [batch_size, channels, size, size] and timestep [batch_size]
// (int64); output out_sample of the sample's shape. Throws Error TW-MODEL-002.
std::string build_unet(const UnetShape& shape, std::uint64_t seed);

// Writes a llama2.c checkpoint (legacy format, or version 1) as such a decoder with its weights in
// float32, or float16 when `half`: the rotary embedding's pairs become halves apart, as exporters
// have them, so that the cache holds a head's elements in that order. Beyond 1 GiB of weights they
// go into OUTPUT_data. Throws Error TW-MODEL-003 for a file that is no such checkpoint,
// TW-FILE-00x.
void convert_checkpoint(const std::filesystem::path& checkpoint, bool half,
                        const std::filesystem::path& output);

}  // namespace tilewright

// The built-in models, one file each; models.cpp lists them.
#pragma once

#include <cstdint>
#include <string>

namespace tilewright::models {

std::string build_llama31_8b(std::uint64_t seed);
std::string build_llama_tiny(std::uint64_t seed);
std::string build_mixtral_8x7b(std::uint64_t seed);
std::string build_mixtral_tiny(std::uint64_t seed);
std::string build_smolvlm_256m(std::uint64_t seed);
std::string build_siglip_b16(std::uint64_t seed);
std::string build_convnet_tiny(std::uint64_t seed);
std::string build_unet_tiny(std::uint64_t seed);

}  // namespace tilewright::models

#include "models/models.h"

#include <algorithm>
#include <array>

#include "models/builders.h"
#include "support/error.h"

namespace tilewright {
namespace {

struct Entry {
  const char* name;
  const char* description;
  std::string (*build)(std::uint64_t seed);
};

constexpr std::array kCatalogue = {
    Entry{"llama-3.1-8b",
          "Llama 3.1 8B, FP16, decode step with KV cache; weights external, need not exist",
          models::build_llama31_8b},
    Entry{"smolvlm-256m",
          "SmolVLM 256M, FP16, vision encoder and decode step; weights external, need not exist",
          models::build_smolvlm_256m},
    Entry{"siglip-b16",
          "SigLIP-base vision encoder, 512 pixels, FP16; weights external, need not exist",
          models::build_siglip_b16},
    Entry{"llama-tiny", "a 4-layer Llama of 3.8 M seeded FP16 weights, stored inside the file",
          models::build_llama_tiny},
    Entry{"convnet-tiny", "a small CNN for 32x32 images, seeded FP32 weights inside the file",
          models::build_convnet_tiny},
    Entry{"mixtral-8x7b",
          "Mixtral 8x7B, FP16, decode step with 2 of 8 experts; weights external, need not exist",
          models::build_mixtral_8x7b},
    Entry{"mixtral-tiny",
          "a 4-layer Mixtral, 2 of 8 experts, 3.6 M seeded FP16 weights inside the file",
          models::build_mixtral_tiny},
    Entry{"unet-tiny",
          "a denoising step of a small diffusion U-Net, seeded FP32 weights inside the file",
          models::build_unet_tiny},
};

const Entry* find(const std::string& name) {
  const auto* const found = std::find_if(kCatalogue.begin(), kCatalogue.end(),
                                         [&](const Entry& e) { return name == e.name; });
  return found == kCatalogue.end() ? nullptr : found;
}

}  // namespace

std::vector<ModelInfo> builtin_models() {
  std::vector<ModelInfo> result;
  result.reserve(kCatalogue.size());
  for (const Entry& entry : kCatalogue) {
    result.push_back({entry.name, entry.description});
  }
  return result;
}

bool is_builtin_model(const std::string& name) {
  return find(name) != nullptr;
}

std::string build_model(const std::string& name, std::uint64_t seed) {
  const Entry* entry = find(name);
  if (entry == nullptr) {
    std::string known;
    for (const Entry& one : kCatalogue) {
      known += (known.empty() ? "" : ", ") + std::string(one.name);
    }
    throw Error("TW-MODEL-001", "there is no built-in model of this name", name,
                "choose one of: " + known);
  }
  return entry->build(seed);
}

}  // namespace tilewright

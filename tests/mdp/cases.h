// Problems that the tests of mdp/ and agents/ search.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "frontend/frontend.h"
#include "mdp/problem.h"
#include "models/models.h"
#include "nodes/calibration.h"

namespace tilewright::testing_cases {

inline const Calibration& calibration() {
  static const Calibration loaded = load_calibration("paper", TILEWRIGHT_SOURCE_DIR);
  return loaded;
}

inline std::string printed_workload(Mode mode) {
  return mode == Mode::kHighPerformance ? "llama-3.1-8b" : "smolvlm-256m";
}

// A printed workload at L0; no graph is needed.
inline std::shared_ptr<const Surrogate> printed_surrogate(const std::string& node, Mode mode) {
  return std::make_shared<const Surrogate>(calibration(), find_node(calibration(), node), mode,
                                           nullptr, Overrides{}, printed_workload(mode));
}

// A small decoder, through a real ONNX file.
inline std::shared_ptr<const Workload> small_decoder() {
  static const auto workload = [] {
    const auto file = std::filesystem::temp_directory_path() /
                      ("tilewright-small-decoder-" + std::to_string(::getpid()) + ".onnx");
    std::ofstream(file, std::ios::binary) << build_decoder(DecoderShape{}, 1);
    const LoadOptions options;
    auto counted =
        std::make_shared<const Workload>(make_workload(load_graph(file, options), options));
    std::filesystem::remove(file);
    return counted;
  }();
  return workload;
}

inline std::shared_ptr<const Surrogate> mapped_surrogate(const std::string& node) {
  return std::make_shared<const Surrogate>(calibration(), find_node(calibration(), node),
                                           Mode::kHighPerformance, small_decoder());
}

}  // namespace tilewright::testing_cases

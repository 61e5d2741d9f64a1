// A MODEL argument made into a workload.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "frontend/graph.h"
#include "frontend/workload.h"
#include "support/scratch.h"

namespace tilewright {

struct Source {
  std::string argument;        // built-in name, or the file's name without its folder
  std::string sha256;          // of the .onnx or workload.json
  std::optional<Graph> graph;  // absent when read from a workload.json
  std::shared_ptr<const Workload> workload;
  std::optional<ScratchFolder>
      scratch;  // holds a built-in model's file while its weights may be read
};

// Built-in models are always built with the same weights; `tilewright model --seed` writes others.
inline constexpr std::uint64_t kModelSeed = 0;

// Throws Error TW-CLI-006 for a name that is neither a file nor built in.
void require_model(const std::string& model);

Graph load_graph_of(const std::string& model, const LoadOptions& options,
                    std::optional<ScratchFolder>& scratch);
// Throws what the front end and require_model throw.
// Whether the numbers of any weight are there, in the file or beside it.
bool brings_weights(const Graph& graph);

Source load_source(const std::string& model, const LoadOptions& options);

}  // namespace tilewright

// --input arguments of verbs that run a model.
#pragma once

#include <string>
#include <vector>

#include "cli/options.h"
#include "frontend/interpret/session.h"
#include "support/scratch.h"

namespace tilewright {

struct InputOptions {
  std::vector<std::string> inputs;  // FILE, or NAME=FILE for a file with one tensor
  std::string unfed = "refuse";     // refuse, zeros, random
};

// --input alone.
void add_option(CLI::App& verb, InputOptions& inputs);
// MODEL, its inputs, and what binds open dimensions.
void add_options(CLI::App& verb, ModelOptions& model, InputOptions& inputs);

// Throws Error TW-CLI-021 for NAME=FILE with several tensors, and what read_tensor_file throws.
std::vector<NamedValue> read_inputs(const std::vector<std::string>& arguments);

// The model (built-in or a file) and its inputs. `scratch` holds a built-in model's file.
Session open_session_of(const ModelOptions& model, const InputOptions& inputs, std::uint64_t seed,
                        std::optional<ScratchFolder>& scratch);

}  // namespace tilewright

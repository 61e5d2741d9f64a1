// The gates, one file each, and the table that lists them is in verify.cpp. A gate returns its
// verdict; an Error that it throws counts as its failure. Name and seconds are filled in by the
// caller.
#pragma once

#include <filesystem>
#include <string>

#include "verify/verify.h"

namespace tilewright {

GateResult passed(std::string figure);
GateResult failed(std::string figure, std::string detail);
GateResult not_run(std::string why);

using Gate = GateResult (*)(const std::filesystem::path& folder, const GateOptions& options);

GateResult gate_files(const std::filesystem::path& folder, const GateOptions& options);
GateResult gate_weights(const std::filesystem::path& folder, const GateOptions& options);
GateResult gate_channels(const std::filesystem::path& folder, const GateOptions& options);
GateResult gate_lint(const std::filesystem::path& folder, const GateOptions& options);
GateResult gate_benches(const std::filesystem::path& folder, const GateOptions& options);
GateResult gate_structure(const std::filesystem::path& folder, const GateOptions& options);
GateResult gate_synth(const std::filesystem::path& folder, const GateOptions& options);
GateResult gate_formal(const std::filesystem::path& folder, const GateOptions& options);

}  // namespace tilewright

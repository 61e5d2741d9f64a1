#include "cli/source.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/log.h"
#include "frontend/frontend.h"
#include "models/models.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

std::string builtin_names() {
  std::string names;
  for (const ModelInfo& info : builtin_models()) names += (names.empty() ? "" : ", ") + info.name;
  return names;
}

Source from_workload_file(const fs::path& file) {
  Source source;
  source.argument = file.filename().string();
  const std::string text = read_file(file);
  source.sha256 = sha256(text);
  source.workload = std::make_shared<const Workload>(
      workload_from_json(parse_json(text, file.string()), file.string()));
  return source;
}

void report(const Source& source) {
  const Workload& w = *source.workload;
  log_phase(
      fmt::format("model {}: {} operators, {} weight tensors of {} bytes, {:.4g} GFLOP a {}, "
                  "SHA-256 {}",
                  source.argument, w.totals.operators, w.totals.weight_tensors,
                  w.totals.weight_bytes, 1e-9 * w.totals.flops_per_unit, w.unit, source.sha256));
  const auto opaque = std::count_if(w.ops.begin(), w.ops.end(),
                                    [](const WorkOp& op) { return op.kind == OpKind::kOpaque; });
  if (opaque > 0) {
    log_warning(
        fmt::format("{} operators of {} are not known: counted as data movement alone, "
                    "their arithmetic is missing",
                    opaque, source.argument));
  }
}

}  // namespace

void require_model(const std::string& model) {
  std::error_code code;
  if (!is_builtin_model(model) && !fs::exists(model, code)) {
    throw Error("TW-CLI-006", "no such file, and no built-in model of that name", model,
                "give an .onnx file or one of " + builtin_names());
  }
}

bool brings_weights(const Graph& graph) {
  return std::any_of(graph.tensors.begin(), graph.tensors.end(), [](const Tensor& t) {
    const bool stored = t.is_weight && t.location.kind != WeightLocation::Kind::kNone;
    std::error_code code;
    return stored && (t.location.kind != WeightLocation::Kind::kExternal ||
                      fs::is_regular_file(t.location.file, code));
  });
}

Graph load_graph_of(const std::string& model, const LoadOptions& options,
                    std::optional<ScratchFolder>& scratch) {
  if (is_builtin_model(model)) {
    scratch.emplace();
    const fs::path file = scratch->path() / (model + ".onnx");
    write_scratch(file, build_model(model, kModelSeed));
    return load_graph(file, options);
  }
  require_model(model);
  return load_graph(model, options);
}

namespace {

Source from_graph(const std::string& model, const LoadOptions& options) {
  Source source;
  source.argument = fs::path(model).filename().string();
  source.graph = load_graph_of(model, options, source.scratch);
  source.sha256 = source.graph->sha256;
  source.workload = std::make_shared<const Workload>(make_workload(*source.graph, options));
  return source;
}

}  // namespace

Source load_source(const std::string& model, const LoadOptions& options) {
  Source source = fs::path(model).extension() == ".json" ? from_workload_file(model)
                                                         : from_graph(model, options);
  report(source);
  return source;
}

}  // namespace tilewright

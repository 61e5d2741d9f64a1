#include "cli/source.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <utility>

#include "frontend/frontend.h"
#include "models/models.h"
#include "support/error.h"
#include "support/file.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

std::string builtin_names() {
  std::string names;
  for (const ModelInfo& info : builtin_models()) names += (names.empty() ? "" : ", ") + info.name;
  return names;
}

// Without the sync that a file of the user's gets: this one goes with the process.
void write_scratch(const fs::path& file, const std::string& bytes) {
  std::ofstream out(file, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.flush();
  if (!out)
    throw Error("TW-FILE-003", "can't be written", file.string(),
                "check the space left there, or set TMPDIR");
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

}  // namespace

ScratchFolder::ScratchFolder() {
  std::string name = (fs::temp_directory_path() / "tilewright-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw Error("TW-FILE-003", "can't be created", name, "check TMPDIR");
  }
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code code;
  if (!path_.empty()) fs::remove_all(path_, code);
}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

Graph load_graph_of(const std::string& model, const LoadOptions& options,
                    std::optional<ScratchFolder>& scratch) {
  if (is_builtin_model(model)) {
    scratch.emplace();
    const fs::path file = scratch->path() / (model + ".onnx");
    write_scratch(file, build_model(model, kModelSeed));
    return load_graph(file, options);
  }
  std::error_code code;
  if (!fs::exists(model, code)) {
    throw Error("TW-CLI-006", "no such file, and no built-in model of that name", model,
                "give an .onnx file or one of " + builtin_names());
  }
  return load_graph(model, options);
}

Source load_source(const std::string& model, const LoadOptions& options) {
  if (fs::path(model).extension() == ".json") return from_workload_file(model);
  Source source;
  source.argument = fs::path(model).filename().string();
  source.graph = load_graph_of(model, options, source.scratch);
  source.sha256 = source.graph->sha256;
  source.workload = std::make_shared<const Workload>(make_workload(*source.graph, options));
  return source;
}

}  // namespace tilewright

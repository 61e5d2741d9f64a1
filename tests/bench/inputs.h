// Inputs that the benchmarks share.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include "frontend/frontend.h"
#include "models/models.h"
#include "support/file.h"

namespace tilewright::bench {

// A built-in model as a file, removed at the end of the process.
class ModelFile {
 public:
  explicit ModelFile(const std::string& name)
      : path_(std::filesystem::temp_directory_path() /
              ("tilewright-bench-" + std::to_string(::getpid()) + "-" + name + ".onnx")) {
    write_file(path_, build_model(name, 0));
  }
  ~ModelFile() { std::filesystem::remove(path_); }
  ModelFile(const ModelFile&) = delete;
  ModelFile& operator=(const ModelFile&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::shared_ptr<const Workload> workload(const std::string& name) {
  const ModelFile file(name);
  const LoadOptions options;
  return std::make_shared<Workload>(make_workload(load_graph(file.path(), options), options));
}

}  // namespace tilewright::bench

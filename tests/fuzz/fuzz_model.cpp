// Any bytes as a model: refused in one line, or loaded, counted, optimised, run and written.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "frontend/frontend.h"
#include "frontend/interpret/interpreter.h"
#include "frontend/passes/run_passes.h"
#include "frontend/write_onnx.h"
#include "support/error.h"

namespace {

using namespace tilewright;

// The bytes as a file without a disk.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* bytes, std::size_t size) : fd_(::memfd_create("model", 0)) {
    if (fd_ < 0 || ::write(fd_, bytes, size) != static_cast<ssize_t>(size)) std::abort();
  }
  ~MemoryFile() { ::close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

template <typename F>
void attempt(F f) {
  try {
    f();
  } catch (const Error& error) {
    // A broken promise of ours is a finding; everything else is an answer.
    if (error.kind() == ErrorKind::kInternal) std::abort();
  }
}

void run(const Graph& graph) {
  std::vector<Value> inputs;
  std::int64_t elements = 0;
  for (const std::int32_t input : graph.inputs) {
    const Tensor& tensor = graph.tensors[static_cast<std::size_t>(input)];
    elements += tensor.elements();
    if (elements > 1 << 20) return;
    inputs.push_back(make_value(tensor.type, tensor.shape, Precision::kDeclared));
  }
  RunOptions options;
  options.most_bytes = 256 << 20;
  options.most_work = 1e8;
  Interpreter(graph, options).run(inputs);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const MemoryFile file(bytes, size);
  LoadOptions options;
  options.context = 3;
  attempt([&] {
    Graph graph = load_graph(file.path(), options);
    attempt([&] { static_cast<void>(make_workload(graph, options)); });
    attempt([&] { run(graph); });
    attempt([&] {
      run_passes(graph);
      attempt([&] { run(graph); });
      static_cast<void>(onnx_of_graph(graph));
    });
  });
  return 0;
}

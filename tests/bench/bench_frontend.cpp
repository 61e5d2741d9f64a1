// Time to load, count and optimise ONNX files. tests/bench/onnx_load.py is the same in Python's
// onnx package.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "frontend/passes/run_passes.h"
#include "inputs.h"

namespace tilewright {
namespace {

void load(benchmark::State& state, const char* name) {
  const bench::ModelFile file(name);
  const LoadOptions options;
  for (auto _ : state) benchmark::DoNotOptimize(load_graph(file.path(), options).nodes.size());
}
BENCHMARK_CAPTURE(load, llama_8b, "llama-3.1-8b")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(load, smolvlm, "smolvlm-256m")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(load, convnet_tiny, "convnet-tiny")->Unit(benchmark::kMillisecond);

// From the file to the optimised graph of one decode step; the weights need not exist.
void specialise(benchmark::State& state, const char* name) {
  const bench::ModelFile file(name);
  const LoadOptions options;
  std::size_t nodes = 0;
  for (auto _ : state) {
    Graph graph = load_graph(file.path(), options);
    run_passes(graph);
    nodes = graph.nodes.size();
  }
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  state.counters["operators"] = static_cast<double>(nodes);
  state.counters["peak_MB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}
BENCHMARK_CAPTURE(specialise, llama_8b, "llama-3.1-8b")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(specialise, smolvlm, "smolvlm-256m")->Unit(benchmark::kMillisecond);

void count(benchmark::State& state, const char* name) {
  const bench::ModelFile file(name);
  const LoadOptions options;
  const auto graph = load_graph(file.path(), options);
  for (auto _ : state) benchmark::DoNotOptimize(make_workload(graph, options).ops.size());
}
BENCHMARK_CAPTURE(count, llama_8b, "llama-3.1-8b")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tilewright

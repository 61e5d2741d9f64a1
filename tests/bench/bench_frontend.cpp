// Time to load and count ONNX files.
#include <benchmark/benchmark.h>

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

void count(benchmark::State& state, const char* name) {
  const bench::ModelFile file(name);
  const LoadOptions options;
  const auto graph = load_graph(file.path(), options);
  for (auto _ : state) benchmark::DoNotOptimize(make_workload(graph, options).ops.size());
}
BENCHMARK_CAPTURE(count, llama_8b, "llama-3.1-8b")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tilewright

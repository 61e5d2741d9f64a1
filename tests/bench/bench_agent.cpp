// The agent's own time: one decision of MPC, one update of what it learns.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include "agents/torch/design_outcome.h"
#include "agents/torch/design_task.h"
#include "agents/torch/mpc.h"
#include "agents/torch/sac.h"

namespace tilewright::rl {
namespace {

torch::Generator generator() {
  at::set_num_threads(1);
  return at::make_generator<at::CPUGeneratorImpl>(1);
}

// 64 candidates, horizon 5. Arguments: experts; later actions at each candidate's own states.
void BM_MpcDecision(benchmark::State& state) {
  torch::Generator random = generator();
  const Shape& shape = design_shape();
  Policy policy(shape, 256, state.range(0));
  WorldModel world(shape, kWorldOutputs, WorldSettings{});
  draw_parameters(*policy, random);
  draw_parameters(*world, random);
  Mpc mpc(policy, world, kWorldOutputs, {.own_later_actions = state.range(1) == 1});
  const std::vector<float> seen(static_cast<std::size_t>(shape.states), 0.3F);
  const std::vector<float> own(static_cast<std::size_t>(shape.inputs()), 0.1F);
  RandomStream stream(1, "bench/mpc");
  const ModelReward reward = predicted_reward();
  for (auto _ : state) {
    benchmark::DoNotOptimize(mpc.plan(seen, own, stream, reward).value);
  }
}
BENCHMARK(BM_MpcDecision)
    ->ArgNames({"experts", "own_later_actions"})
    ->ArgsProduct({{1, 4}, {0, 1}})
    ->Unit(benchmark::kMicrosecond);

// Batch 256, hidden 256. Argument: experts.
void BM_SacUpdate(benchmark::State& state) {
  at::set_num_threads(1);
  const Shape& shape = design_shape();
  SacSettings settings;
  settings.experts = state.range(0);
  SacAgent agent(shape, settings, std::vector<float>(kActionCount, 0.1F), 1,
                 RandomStream(1, "bench/replay"));
  RandomStream random(2, "bench/transitions");
  std::vector<float> before(static_cast<std::size_t>(shape.states)), after = before;
  for (int i = 0; i < 1000; ++i) {
    for (float& x : before) x = static_cast<float>(random.uniform());
    for (float& x : after) x = static_cast<float>(random.uniform());
    agent.observe(after);
    agent.remember({before, sparse_action(random), random.normal(), after});
  }
  for (auto _ : state) agent.update();
}
BENCHMARK(BM_SacUpdate)->ArgName("experts")->Arg(1)->Arg(4)->Unit(benchmark::kMillisecond);

// Batch 256.
void BM_WorldUpdate(benchmark::State& state) {
  torch::Generator random = generator();
  const Shape& shape = design_shape();
  WorldLearner learner(shape, kWorldOutputs, WorldSettings{}, random);
  const auto draw = [&](std::int64_t width) {
    return torch::empty({256, width}).normal_(0, 1, random);
  };
  const WorldBatch batch{draw(shape.states), draw(shape.steps()), draw(shape.states),
                         draw(kWorldOutputs)};
  for (auto _ : state) learner.update(batch);
}
BENCHMARK(BM_WorldUpdate)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tilewright::rl

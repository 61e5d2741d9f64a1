// An update of SAC: LibTorch's way and ours, beside what the processor could do at best, and the
// share of what surrounds the networks. tests/bench/compare_updates.sh sets it beside Python.
// Settings of a search with four experts: batch 256, hidden 256, layer norm, place of arrival.
// Noise is drawn within an update; replay is left out except where it is named.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>
#include <cblas.h>
#include <omp.h>

#include <chrono>
#include <string>

#include "agents/torch/design_task.h"
#include "agents/torch/fused_math.h"
#include "agents/torch/fused_sac.h"

namespace tilewright::rl {
namespace {

using fused::Index;
using fused::Rows;

SacSettings settings_for(std::int64_t experts, bool fused = false, int threads = 1) {
  SacSettings s;
  s.experts = experts;
  s.fused = fused;
  s.threads = threads;
  return s;
}

// Networks, a batch, and LibTorch's update of them as SacAgent has it.
struct Learner {
  SacSettings settings;
  torch::Generator random = at::make_generator<at::CPUGeneratorImpl>(1);
  SacNetworks nets;
  Batch batch;
  torch::optim::Adam policy, critics;
  Temperatures alpha{0.05, 0.05};

  explicit Learner(const SacSettings& s)
      : settings(s),
        nets(design_shape(), s, random),
        policy(nets.policy->parameters(), torch::optim::AdamOptions(s.learning_rate)),
        critics(parameters_of(nets), torch::optim::AdamOptions(s.learning_rate)) {
    nets.arrival.gains = torch::full({design_shape().steps()}, 0.1F);
    const auto draw = [&](std::int64_t width) {
      return torch::empty({s.batch, width}).normal_(0, 1, random);
    };
    batch = {draw(design_shape().states),
             draw(design_shape().inputs()),
             draw(1).squeeze(1).tanh(),
             draw(design_shape().states),
             torch::rand({s.batch}),
             {},
             {}};
  }
  static std::vector<Tensor> parameters_of(SacNetworks& nets) {
    std::vector<Tensor> all;
    for (Critic& c : nets.critics) {
      for (const Tensor& p : c->parameters()) all.push_back(p);
    }
    return all;
  }
  void update() {
    const Tensor target = bellman_target(
        nets, batch, draw_noise(nets.shape(), settings.batch, random), settings.discount, alpha);
    const CriticLoss critic = critic_loss(nets, batch, target);
    critics.zero_grad();
    critic.loss.backward();
    critics.step();
    const ActorLoss actor =
        actor_loss(nets, batch.states, draw_noise(nets.shape(), settings.batch, random), alpha,
                   settings.balance);
    policy.zero_grad();
    actor.loss.backward({}, false, false, nets.policy->parameters());
    policy.step();
    if (actor.gate.defined()) benchmark::DoNotOptimize(gate_use(actor.gate));
    for (std::size_t i = 0; i < nets.critics.size(); ++i) {
      blend_parameters(*nets.targets[i], *nets.critics[i], settings.target_rate);
    }
  }
};

void set_library_threads(int threads) {
  at::set_num_threads(threads);
  openblas_set_num_threads(threads);
}

// Products of the shapes of an update, each thread its own: nothing else can be faster than the
// update's FLOPs at this rate. The best of several rounds: what the machine can do, not what others
// leave of it.
double product_rate(int threads) {
  struct Shape3 {
    Index rows, columns, depth;
    bool a, b;
  };
  constexpr Shape3 kShapes[] = {{128, 256, 256, false, true}, {128, 256, 128, false, true},
                                {320, 128, 256, false, true}, {128, 256, 256, false, false},
                                {128, 256, 320, true, false}, {256, 256, 128, true, false},
                                {256, 128, 128, true, false}, {320, 256, 128, false, false}};
  double best = 0;
  for (int round = 0; round < 40; ++round) {
    double flops = 0;
    const auto start = std::chrono::steady_clock::now();
#pragma omp parallel num_threads(threads) reduction(+ : flops)
    {
      omp_set_num_threads(1);
      thread_local Rows a = Rows::Constant(320, 320, 0.5F), b = a, c = a;
      for (int i = 0; i < 8; ++i) {
        for (const Shape3& s : kShapes) {
          flops +=
              fused::multiply(s.rows, s.columns, s.depth, {a.data(), s.a ? s.rows : s.depth, s.a},
                              {b.data(), s.b ? s.depth : s.columns, s.b}, c.data(), s.columns);
        }
      }
    }
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    best = std::max(best, flops / spent.count());
  }
  return best;
}

double rate_of(int threads) {
  static const std::array<double, 2> kRates{product_rate(1), product_rate(2)};
  return kRates[static_cast<std::size_t>(threads - 1)];
}

void BM_LibTorch(benchmark::State& state) {
  set_library_threads(static_cast<int>(state.range(1)));
  Learner learner(settings_for(state.range(0)));
  for (auto _ : state) learner.update();
  set_library_threads(1);
}

// Counters: GFLOP of an update's products, the floor they make, and how many times it takes.
void BM_Fused(benchmark::State& state) {
  set_library_threads(1);
  const auto threads = static_cast<int>(state.range(1));
  Learner learner(settings_for(state.range(0)));
  FusedSac fused(learner.nets, learner.settings, threads);
  double flops = 0;
  const double rate = rate_of(threads);
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) {
    const FusedSac::Noise noise =
        fused.draw(learner.nets.shape(), learner.settings.batch, learner.random);
    flops = fused.update(learner.nets, learner.batch, noise, learner.alpha).flops;
  }
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  state.counters["GFLOP"] = flops * 1e-9;
  state.counters["floor_ms"] = 1e3 * flops / rate;
  state.counters["times_floor"] =
      spent.count() / static_cast<double>(state.iterations()) / (flops / rate);
}

template <typename Keep>
void fill(const Keep& keep) {
  constexpr int kTransitions = 20000;
  RandomStream random(2, "bench/transitions");
  std::vector<float> before(static_cast<std::size_t>(design_shape().states)), after = before;
  for (int i = 0; i < kTransitions; ++i) {
    for (float& x : before) x = static_cast<float>(random.uniform());
    for (float& x : after) x = static_cast<float>(random.uniform());
    keep(Transition{before, sparse_action(random), random.normal(), after});
  }
}

// A whole update of the agent, replay included. Arguments: experts, threads.
void BM_Agent(benchmark::State& state) {
  set_library_threads(1);
  SacAgent agent(design_shape(),
                 settings_for(state.range(0), true, static_cast<int>(state.range(1))),
                 std::vector<float>(kActionCount, 0.1F), 1, RandomStream(1, "bench/replay"));
  fill([&](const Transition& t) {
    agent.observe(t.next_state);
    agent.remember(t);
  });
  for (auto _ : state) agent.update();
}

// What surrounds the networks: sampling, normalising, new priorities.
void BM_Replay(benchmark::State& state) {
  set_library_threads(1);
  const SacSettings s;
  Replay replay(design_shape(), s.replay);
  Normaliser normaliser(design_shape().states, s.least_deviation);
  fill([&](const Transition& t) {
    normaliser.add(t.next_state);
    replay.add(t);
  });
  const RewardScale scale{0, 1, true};
  RandomStream random(1, "bench/replay");
  const Tensor errors = torch::rand({s.batch});
  for (auto _ : state) {
    const Batch batch = replay.sample(s.batch, random);
    benchmark::DoNotOptimize(normaliser.apply(batch.states));
    benchmark::DoNotOptimize(normaliser.apply(batch.next_states));
    benchmark::DoNotOptimize(scale.apply(batch.rewards));
    replay.reprioritise(batch.rows, errors);
  }
}

void BM_Noise(benchmark::State& state) {
  set_library_threads(1);
  Learner learner(settings_for(1));
  const FusedSac fused(learner.nets, learner.settings);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        fused.draw(learner.nets.shape(), learner.settings.batch, learner.random));
  }
}

void cases(benchmark::internal::Benchmark* b) {
  b->ArgNames({"experts", "threads"})
      ->ArgsProduct({{1, 4}, {1, 2}})
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime();
}
BENCHMARK(BM_LibTorch)->Apply(cases);
BENCHMARK(BM_Fused)->Apply(cases);
BENCHMARK(BM_Agent)->Apply(cases);
BENCHMARK(BM_Replay)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(BM_Noise)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace tilewright::rl

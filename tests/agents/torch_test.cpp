// The mathematics of the learning agent: densities against numerical integration, gradients against
// finite differences, temperatures against their targets.
#include "agents/torch/design_task.h"
#include "agents/torch/sac.h"
#include "torch_cases.h"

namespace tilewright::rl {
namespace {

using namespace testing_cases;

const Shape& kShape = design_shape();
const std::int64_t kMoves = kShape.moves, kStates = kShape.states, kHeads = kShape.heads;

SacSettings small(std::int64_t experts = 1) {
  SacSettings s;
  s.hidden = 16;
  s.experts = experts;
  return s;
}

TEST(TanhGaussian, DensityIntegratesToOne) {
  for (const auto& [mean, log_std] : {std::pair{0.0, -1.0}, {0.7, -0.5}, {-1.2, 0.2}}) {
    // Over u, of which a = tanh(u) is a function: the density of a, times da.
    const int steps = 20000;
    const Tensor u = torch::linspace(-9, 9, steps + 1, kDouble);
    const Tensor noise = ((u - mean) / std::exp(log_std)).unsqueeze(1);
    const auto full = [&](double v) { return torch::full({steps + 1, 1}, v, kDouble); };
    const TanhGaussian t = tanh_gaussian(full(mean), full(log_std), noise);
    const Tensor a = t.action.squeeze(1);
    const Tensor density = t.log_density.exp();
    const double integral = torch::trapezoid(density, a).item<double>();
    EXPECT_NEAR(integral, 1, 1e-3) << mean << " " << log_std;
    const double mean_by_density = torch::trapezoid(density * a, a).item<double>();
    torch::Generator random = generator(1);
    const Tensor draws = torch::empty({400000}, kDouble).normal_(0, 1, random);
    const double sampled = torch::tanh(mean + std::exp(log_std) * draws).mean().item<double>();
    EXPECT_NEAR(mean_by_density, sampled, 3e-3);
  }
}

TEST(TanhGaussian, DimensionsAdd) {
  torch::Generator random = generator(2);
  const Tensor mean = torch::empty({5, kMoves}).normal_(0, 1, random);
  const Tensor log_std = torch::empty({5, kMoves}).normal_(-1, 0.3, random);
  const Tensor noise = torch::empty({5, kMoves}).normal_(0, 1, random);
  Tensor sum = torch::zeros({5});
  for (std::int64_t i = 0; i < kMoves; ++i) {
    sum = sum + tanh_gaussian(mean.narrow(1, i, 1), log_std.narrow(1, i, 1), noise.narrow(1, i, 1))
                    .log_density;
  }
  EXPECT_TRUE(torch::allclose(sum, tanh_gaussian(mean, log_std, noise).log_density, 1e-5, 1e-4));
}

TEST(HeadChoice, FrequenciesFollowTheSoftmax) {
  torch::Generator random = generator(3);
  const std::int64_t draws = 200000;
  const Tensor logits =
      torch::tensor({0.0, 1.0, -1.0, 0.5, 2.0}).expand({draws, kHeads, kShape.choices});
  const HeadChoice choice = head_choice(logits, draw_noise(kShape, draws, random).gumbel);
  const Tensor p = torch::softmax(logits[0][0], -1);
  const Tensor frequency = choice.one_hot.mean(0);
  for (std::int64_t head = 0; head < kHeads; ++head) {
    EXPECT_LT((frequency[head] - p).abs().max().item<double>(), 5e-3);
  }
  EXPECT_TRUE(torch::allclose(choice.one_hot.sum(-1), torch::ones({draws, kHeads})));
  const double entropy = -(p * p.log()).sum().item<double>();
  EXPECT_NEAR(choice.entropy[0].item<double>(), 4 * entropy, 1e-4);
}

struct SmallCase {
  torch::Generator random = generator(4);
  SacNetworks nets;
  Batch batch;
  ActionNoise noise;

  explicit SmallCase(std::int64_t experts = 1) : nets(kShape, small(experts), random) {
    nets.policy->to(torch::kDouble);
    for (Critic& critic : nets.critics) critic->to(torch::kDouble);
    for (Critic& critic : nets.targets) critic->to(torch::kDouble);
    batch = {normal({7, kStates}, random),
             normal({7, kShape.inputs()}, random),
             normal({7}, random),
             normal({7, kStates}, random),
             normal({7}, random).abs() + 0.1,
             {},
             {}};
    nets.arrival.gains = torch::full({kShape.steps()}, 0.7, kDouble);
    noise = double_noise(kShape, 7, random);
  }
};

TEST(Losses, CriticGradientsAreFiniteDifferences) {
  SmallCase c;
  const Tensor target = bellman_target(c.nets, c.batch, c.noise, 0.9, {0.1, 0.2});
  for (Critic& critic : c.nets.critics) {
    expect_gradients(critic->parameters(),
                     [&] { return critic_loss(c.nets, c.batch, target).loss; });
  }
}

TEST(Losses, ActorGradientsAreFiniteDifferences) {
  // The hard choice is a step function; the relaxed one carries the same gradient path.
  for (const std::int64_t experts : {1, 4}) {
    SmallCase c(experts);
    expect_gradients(c.nets.policy->parameters(), [&] {
      return actor_loss(c.nets, c.batch.states, c.noise, {0.1, 0.2}, 0.3, true).loss;
    });
  }
}

TEST(Losses, TargetIsRewardPlusDiscountedSoftValue) {
  SmallCase c;
  const Temperatures alpha{0.3, 0.4};
  const Tensor none = bellman_target(c.nets, c.batch, c.noise, 0, alpha);
  EXPECT_TRUE(torch::equal(none, c.batch.rewards));
  const SampledAction a = sample_action(c.nets.policy->forward(c.batch.next_states), c.noise);
  const Tensor inputs = critic_inputs(kShape, c.nets.arrival, c.batch.next_states, a.inputs);
  const Tensor q =
      torch::min(c.nets.targets[0]->forward(inputs), c.nets.targets[1]->forward(inputs));
  const Tensor want = c.batch.rewards + 0.7 * (q - 0.3 * a.log_density + 0.4 * a.entropy);
  EXPECT_TRUE(torch::allclose(bellman_target(c.nets, c.batch, c.noise, 0.7, alpha), want));
}

TEST(Networks, TargetsFollowSlowly) {
  torch::Generator random = generator(5);
  SacNetworks nets(kShape, small(), random);
  const Tensor source = nets.critics[0]->parameters()[0];
  Tensor target = nets.targets[0]->parameters()[0];
  EXPECT_TRUE(torch::equal(source, target));
  {
    const torch::NoGradGuard no_grad;
    target.zero_();
  }
  blend_parameters(*nets.targets[0], *nets.critics[0], 0.25);
  EXPECT_TRUE(torch::allclose(target, 0.25 * source));
}

TEST(Networks, PolicyHasTheWidthsOfThePaper) {
  torch::Generator random = generator(6);
  SacNetworks nets(kShape, SacSettings{}, random);
  std::int64_t weights = 0;
  for (const Tensor& p : nets.policy->parameters()) weights += p.dim() == 2 ? p.numel() : 0;
  EXPECT_EQ(weights, 52 * 256 + 256 * 256 + 256 * 80);
}

TEST(Temperature, MovesTowardsItsTargetWithinItsBounds) {
  SacSettings s;
  EXPECT_GT(tuned_temperature(0.1, -30, -26, s), 0.1);
  EXPECT_LT(tuned_temperature(0.1, -20, -26, s), 0.1);
  EXPECT_EQ(tuned_temperature(s.temperature_most, -100, -26, s), s.temperature_most);
  EXPECT_EQ(tuned_temperature(s.temperature_least, 10, -26, s), s.temperature_least);
}

TEST(Normaliser, CentresAndScales) {
  Normaliser normaliser(kStates, 0.05);
  RandomStream random(1, "test/normaliser");
  const Tensor rows = torch::empty({500, kStates});
  for (std::int64_t i = 0; i < 500; ++i) {
    PolicyState state{};
    state[0] = static_cast<float>(0.5 + 0.2 * random.normal());
    state[1] = 0.25F;
    normaliser.add(state);
    for (std::int64_t j = 0; j < kStates; ++j) rows[i][j] = state[static_cast<std::size_t>(j)];
  }
  const Tensor seen = normaliser.apply(rows);
  EXPECT_NEAR(seen.select(1, 0).mean().item<double>(), 0, 1e-4);
  EXPECT_NEAR(seen.select(1, 0).std(false).item<double>(), 1, 0.01);
  EXPECT_EQ(seen.select(1, 1).abs().max().item<double>(), 0);
}

TEST(Rewards, ScaleFollowsTheRecentOnes) {
  std::vector<double> rewards(100, -50.0);
  for (int i = 0; i < 101; ++i) rewards.push_back(1 + 0.001 * i);
  const RewardScale scale = recent_scale(rewards, 101);
  EXPECT_NEAR(scale.centre, 1.05, 1e-12);
  EXPECT_NEAR(scale.spread, 0.05, 1e-12);
  EXPECT_EQ(recent_scale({2.0}, 10).centre, 2.0);
  EXPECT_GT(recent_scale({2.0, 2.0}, 10).spread, 0);
}

TEST(CriticInputs, SayWhereAnActionLeads) {
  torch::Generator random = generator(8);
  SacNetworks nets(kShape, small(), random);
  nets.arrival.gains = torch::ones({kShape.steps()});
  const Tensor states = torch::zeros({1, kStates});
  Tensor actions = torch::zeros({1, kShape.inputs()});
  actions[0][4] = 1;                   // W: +2
  actions[0][5] = 1;                   // H: -2
  actions[0][12] = 1;                  // SCx: 0
  actions[0][kShape.one_hot()] = 0.5;  // FETCH
  const Tensor arrived = critic_inputs(kShape, nets.arrival, states, actions)
                             .narrow(1, kStates + kShape.inputs(), 30)[0];
  EXPECT_EQ(arrived[kMeshW].item<float>(), 2);
  EXPECT_EQ(arrived[kMeshH].item<float>(), -2);
  EXPECT_EQ(arrived[kScX].item<float>(), 0);
  EXPECT_EQ(arrived[kFetch].item<float>(), 0.5F);
  EXPECT_EQ(arrived[kStanum].item<float>(), 0);
}

// One state, one move.
const Shape tiny{.states = 1, .moves = 1};
const std::vector<float> zero{0};

TEST(Replay, KeepsTheNewest) {
  Replay replay(tiny, {.capacity = 4});
  for (int i = 0; i < 6; ++i) replay.add({zero, zero, i * 1.0, zero});
  EXPECT_EQ(replay.size(), 4);
  RandomStream random(1, "test/replay");
  const Tensor rewards = replay.sample(400, random).rewards;
  EXPECT_EQ(rewards.min().item<double>(), 2);
  EXPECT_EQ(rewards.max().item<double>(), 5);
}

TEST(Replay, DrawsBySurpriseAndWeighsAgainstIt) {
  Replay replay(tiny, {.capacity = 8, .exponent = 0.6, .correction = 1, .least_priority = 0});
  for (int i = 0; i < 4; ++i) replay.add({zero, zero, i * 1.0, zero});
  RandomStream random(2, "test/replay");
  const Batch equal = replay.sample(64, random);
  EXPECT_TRUE(torch::allclose(equal.weights, torch::ones({64})));
  replay.reprioritise({0, 1, 2, 3}, torch::tensor({1.0F, -2.0F, 4.0F, 0.5F}));
  std::array<double, 4> p{};
  double sum = 0;
  for (std::size_t i = 0; i < 4; ++i) sum += p[i] = std::pow(std::array{1., 2., 4., .5}[i], 0.6);
  constexpr int kDraws = 40000;
  const Batch batch = replay.sample(kDraws, random);
  std::array<double, 4> drawn{};
  for (const std::int64_t row : batch.rows) drawn[static_cast<std::size_t>(row)] += 1.0 / kDraws;
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(drawn[i], p[i] / sum, 0.01) << i;
  // Weight times probability is the same for all: the mean of anything is that of uniform draws.
  for (int i = 0; i < 50; ++i) {
    const auto row = static_cast<std::size_t>(batch.rows[static_cast<std::size_t>(i)]);
    EXPECT_NEAR(batch.weights[i].item<double>() * p[row], p[3], 1e-5);
  }
}

TEST(Replay, TheCorrectionGrowsToOne) {
  Replay replay(tiny, {.capacity = 4, .correction = 0.5, .correction_step = 0.2});
  replay.add({zero, zero, 1, zero});
  RandomStream random(1, "test/replay");
  for (const double expected : {0.7, 0.9, 1.0, 1.0}) {
    replay.sample(1, random);
    EXPECT_NEAR(replay.correction(), expected, 1e-12);
  }
}

}  // namespace
}  // namespace tilewright::rl

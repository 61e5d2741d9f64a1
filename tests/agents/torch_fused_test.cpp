// The fused update of SAC against LibTorch: gradients of every parameter by autograd, whole updates
// by the losses of sac.h with torch's Adam, and the same bytes for any number of threads.
#include "agents/torch/fused_sac.h"

#include "agents/torch/design_task.h"
#include "torch_cases.h"

namespace tilewright::rl {
namespace {

using namespace testing_cases;

struct FusedCase {
  std::string name;
  std::int64_t experts;
  bool layer_norm, arrival;
  std::int64_t hidden = 64, batch = 48;
};

void PrintTo(const FusedCase& c, std::ostream* out) {
  *out << c.name;
}

SacSettings settings_of(const FusedCase& c) {
  SacSettings s;
  s.experts = c.experts;
  s.layer_norm = c.layer_norm;
  s.arrival = c.arrival;
  s.hidden = c.hidden;
  s.batch = c.batch;
  s.balance = 0.3;  // large enough to be seen in a gradient
  return s;
}

// Everything one side of a comparison needs; two of one seed are the same.
struct Side {
  SacSettings settings;
  torch::Generator random;
  SacNetworks nets;
  explicit Side(const SacSettings& s, const Shape& shape = design_shape())
      : settings(s), random(generator(31)), nets(shape, s, random) {
    if (!nets.shape().places.empty()) {
      nets.arrival.gains = torch::full({nets.shape().steps()}, 0.7F);
    }
    const torch::NoGradGuard no_grad;  // away from zero, where a bias could hide
    for (Tensor& p : parameters()) p.add_(torch::empty(p.sizes()).normal_(0, 0.02, random));
  }
  std::vector<Tensor> of(std::array<Critic, 2>& critics) {
    std::vector<Tensor> all;
    for (Critic& c : critics) {
      for (Tensor& p : c->parameters()) all.push_back(p);
    }
    return all;
  }
  std::vector<Tensor> parameters() {
    std::vector<Tensor> all = nets.policy->parameters();
    for (const Tensor& p : of(nets.critics)) all.push_back(p);
    for (const Tensor& p : of(nets.targets)) all.push_back(p);
    return all;
  }
};

Batch draw_batch(const Shape& shape, std::int64_t count, torch::Generator& random) {
  const auto draw = [&](std::int64_t width) {
    return torch::empty({count, width}).normal_(0, 1, random);
  };
  Tensor actions = draw(shape.inputs()).clamp(-1, 1);
  if (shape.heads > 0) {
    const Tensor choice = draw(shape.one_hot()).view({count, shape.heads, shape.choices});
    actions.narrow(1, 0, shape.one_hot())
        .copy_(torch::zeros_like(choice).scatter_(2, choice.argmax(2, true), 1).flatten(1));
  }
  return {draw(shape.states),
          actions,
          draw(1).squeeze(1),
          draw(shape.states),
          torch::empty({count}).uniform_(0.1, 1, random),
          {},
          {}};
}

double distance(const Tensor& a, const Tensor& b) {
  const Tensor flat = b.flatten().to(torch::kDouble);
  const Tensor off = a.flatten().to(torch::kDouble) - flat;
  return off.norm().item<double>() / std::max(flat.norm().item<double>(), 1e-9);
}

void expect_close(const std::vector<Tensor>& fused, const std::vector<Tensor>& expected,
                  double tolerance, const std::string& what) {
  ASSERT_EQ(fused.size(), expected.size());
  for (std::size_t i = 0; i < fused.size(); ++i) {
    EXPECT_GT(expected[i].abs().max().item<double>(), 0) << what << " " << i;
    EXPECT_LT(distance(fused[i], expected[i]), tolerance) << what << " " << i;
  }
}

std::vector<Tensor> gradients_of(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> all;
  for (const Tensor& p : parameters) all.push_back(p.grad());
  return all;
}

constexpr Temperatures kAlpha{0.07, 0.2};

void expect_gradients_of_autograd(const SacSettings& s, const Shape& shape) {
  Side torch_side(s, shape), fused_side(s, shape);
  torch::Generator random = generator(32);
  const Batch batch = draw_batch(shape, s.batch, random);
  FusedSac fused(fused_side.nets, s);
  const FusedSac::Noise noise = fused.draw(shape, s.batch, random);

  SacNetworks& nets = torch_side.nets;
  const Tensor target = bellman_target(nets, batch, noise.target, s.discount, kAlpha);
  const CriticLoss critic = critic_loss(nets, batch, target);
  critic.loss.backward();
  const FusedSac::Outcome& outcome = fused.update(fused_side.nets, batch, noise, kAlpha);
  expect_close(fused.critic_gradients(), gradients_of(torch_side.of(nets.critics)), 3e-5, "critic");
  EXPECT_LT(distance(outcome.error, critic.error), 1e-5);
  EXPECT_NEAR(outcome.critic_loss, critic.loss.item<double>(), 1e-4 * outcome.critic_loss);

  // The policy learns from the critics after their step.
  for (std::size_t i = 0; i < 2; ++i) {
    blend_parameters(*nets.critics[i], *fused_side.nets.critics[i], 1);
  }
  const ActorLoss actor = actor_loss(nets, batch.states, noise.actor, kAlpha, s.balance);
  actor.loss.backward({}, false, false, nets.policy->parameters());
  expect_close(fused.policy_gradients(), gradients_of(nets.policy->parameters()), 3e-5, "policy");
  if (shape.moves > 0) {
    EXPECT_NEAR(outcome.log_density, actor.log_density.item<double>(),
                1e-4 * std::fabs(outcome.log_density));
  }
  if (shape.heads > 0) {
    EXPECT_NEAR(outcome.choice_entropy, actor.choice_entropy.item<double>(), 1e-4);
  }
  if (s.experts > 1) {
    const GateUse use = gate_use(actor.gate);
    EXPECT_NEAR(outcome.gate.entropy, use.entropy, 1e-5);
    EXPECT_NEAR(outcome.gate.least_share, use.least_share, 1e-5);
  }
}

class FusedUpdate : public testing::TestWithParam<FusedCase> {};

TEST_P(FusedUpdate, GradientsAreThoseOfAutograd) {
  expect_gradients_of_autograd(settings_of(GetParam()), design_shape());
}

// SacAgent's update by LibTorch, without what surrounds the networks.
class TorchLearner {
 public:
  explicit TorchLearner(Side& side)
      : side_(side),
        policy_(side.nets.policy->parameters(), adam(side)),
        critics_(side.of(side.nets.critics), adam(side)) {}
  void update(const Batch& batch, const FusedSac::Noise& noise) {
    SacNetworks& nets = side_.nets;
    const SacSettings& s = side_.settings;
    const Tensor target = bellman_target(nets, batch, noise.target, s.discount, kAlpha);
    critics_.zero_grad();
    critic_loss(nets, batch, target).loss.backward();
    critics_.step();
    policy_.zero_grad();
    actor_loss(nets, batch.states, noise.actor, kAlpha, s.balance)
        .loss.backward({}, false, false, nets.policy->parameters());
    policy_.step();
    for (std::size_t i = 0; i < 2; ++i) {
      blend_parameters(*nets.targets[i], *nets.critics[i], s.target_rate);
    }
  }

 private:
  static torch::optim::AdamOptions adam(const Side& side) {
    return torch::optim::AdamOptions(side.settings.learning_rate);
  }
  Side& side_;
  torch::optim::Adam policy_, critics_;
};

// Adam divides by the gradient's size, so that rounding of a gradient near zero moves a parameter
// as far as a gradient does: what is compared is the way that each tensor has gone.
TEST_P(FusedUpdate, FiftyUpdatesGoWhereLibTorchGoes) {
  const SacSettings s = settings_of(GetParam());
  Side start(s), torch_side(s), fused_side(s);
  TorchLearner learner(torch_side);
  FusedSac fused(fused_side.nets, s);
  torch::Generator random = generator(33);
  for (int i = 0; i < 50; ++i) {
    const Batch batch = draw_batch(design_shape(), s.batch, random);
    const FusedSac::Noise noise = fused.draw(design_shape(), s.batch, random);
    learner.update(batch, noise);
    fused.update(fused_side.nets, batch, noise, kAlpha);
  }
  const auto from = start.parameters(), by_torch = torch_side.parameters(),
             by_fused = fused_side.parameters();
  for (std::size_t i = 0; i < from.size(); ++i) {
    const Tensor way = (by_torch[i] - from[i]).detach();
    EXPECT_GT(way.norm().item<double>(), 0) << i;
    EXPECT_LT(distance((by_fused[i] - from[i]).detach(), way), 1e-3) << i;
  }
}

TEST_P(FusedUpdate, BytesDependOnNeitherRunNorThreads) {
  const SacSettings s = settings_of(GetParam());
  Side one(s), again(s), two(s);
  FusedSac a(one.nets, s, 1), b(again.nets, s, 1), c(two.nets, s, 2);
  torch::Generator random = generator(34);
  for (int i = 0; i < 5; ++i) {
    const Batch batch = draw_batch(design_shape(), s.batch, random);
    const FusedSac::Noise noise = a.draw(design_shape(), s.batch, random);
    const Tensor error = a.update(one.nets, batch, noise, kAlpha).error.clone();
    EXPECT_TRUE(torch::equal(error, b.update(again.nets, batch, noise, kAlpha).error));
    EXPECT_TRUE(torch::equal(error, c.update(two.nets, batch, noise, kAlpha).error));
  }
  const auto first = one.parameters(), second = again.parameters(), third = two.parameters();
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_TRUE(torch::equal(first[i], second[i])) << i;
    EXPECT_TRUE(torch::equal(first[i], third[i])) << i;
  }
}

TEST_P(FusedUpdate, GoesOnFromItsOptimiser) {
  const SacSettings s = settings_of(GetParam());
  Side one(s), two(s);
  FusedSac whole(one.nets, s);
  auto part = std::make_unique<FusedSac>(two.nets, s);
  torch::Generator random = generator(37);
  for (int i = 0; i < 4; ++i) {
    const Batch batch = draw_batch(design_shape(), s.batch, random);
    const FusedSac::Noise noise = whole.draw(design_shape(), s.batch, random);
    whole.update(one.nets, batch, noise, kAlpha);
    part->update(two.nets, batch, noise, kAlpha);
    const FusedSac::Optimiser held = part->optimiser();
    part = std::make_unique<FusedSac>(two.nets, s);
    part->set_optimiser(held);
  }
  const auto first = one.parameters(), second = two.parameters();
  for (std::size_t i = 0; i < first.size(); ++i)
    EXPECT_TRUE(torch::equal(first[i], second[i])) << i;
}

INSTANTIATE_TEST_SUITE_P(
    Cases, FusedUpdate,
    testing::Values(FusedCase{"Plain", 1, false, false}, FusedCase{"Norm", 1, true, false},
                    FusedCase{"Arrival", 1, false, true}, FusedCase{"NormArrival", 1, true, true},
                    FusedCase{"Experts", 4, false, false}, FusedCase{"ExpertsNorm", 4, true, false},
                    FusedCase{"ExpertsArrival", 4, false, true},
                    FusedCase{"ExpertsNormArrival", 4, true, true},
                    // Sizes that neither packets nor halves divide, and those of a search.
                    FusedCase{"Odd", 3, true, true, 27, 13}, FusedCase{"One", 4, true, true, 20, 1},
                    FusedCase{"Search", 4, true, true, 256, 256}),
    [](const auto& tested) { return tested.param.name; });

// An agent with a memory of 300 transitions after 50 updates, and what the policy then does.
std::vector<float> trained_agent(bool fused, int threads) {
  SacSettings s = settings_of({"", 4, true, true});
  s.fused = fused;
  s.threads = threads;
  const Shape& shape = design_shape();
  SacAgent agent(shape, s, std::vector<float>(static_cast<std::size_t>(shape.steps()), 0.1F), 35,
                 RandomStream(35, "test/replay"));
  RandomStream random(36, "test/transitions");
  std::vector<float> before(static_cast<std::size_t>(shape.states)), after = before;
  for (int i = 0; i < 300; ++i) {
    for (float& x : before) x = static_cast<float>(random.uniform());
    for (float& x : after) x = static_cast<float>(random.uniform());
    agent.observe(after);
    agent.remember({before, sparse_action(random), random.normal(), after});
  }
  for (int i = 0; i < 50; ++i) agent.update();
  const SacStatus& status = agent.status();
  std::vector<float> seen = agent.act_by_mean(before);
  for (const double x : {status.critic_loss, status.entropy, status.choice_entropy,
                         status.alpha.moves, status.gate.entropy, status.gate.least_share}) {
    seen.push_back(static_cast<float>(x));
  }
  return seen;
}

TEST(FusedAgent, LearnsWhatLibTorchLearns) {
  const std::vector<float> by_torch = trained_agent(false, 1), by_fused = trained_agent(true, 1);
  ASSERT_EQ(by_fused.size(), by_torch.size());
  for (std::size_t i = 0; i < by_fused.size(); ++i) {
    EXPECT_NEAR(by_fused[i], by_torch[i], 2e-3 * std::max(1.0F, std::fabs(by_torch[i]))) << i;
  }
  EXPECT_EQ(trained_agent(true, 2), by_fused);
}

TEST(FusedShapes, WithoutHeadsOrWithoutMoves) {
  SacSettings s = settings_of({"", 1, false, false});
  expect_gradients_of_autograd(s, {.states = 3, .moves = 1});
  expect_gradients_of_autograd(s, {.states = 4, .heads = 1, .choices = 2});
  s.experts = 2;
  expect_gradients_of_autograd(s, {.states = 5, .heads = 2, .choices = 3, .moves = 2});
}

}  // namespace
}  // namespace tilewright::rl

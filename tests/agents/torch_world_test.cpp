// The world model: its gradients, what it is at first, and that it learns transitions.
#include "agents/torch/world_model.h"

#include "agents/torch/design_outcome.h"
#include "agents/torch/design_task.h"
#include "cases.h"
#include "torch_cases.h"

namespace tilewright::rl {
namespace {

using namespace testing_cases;
using namespace tilewright::testing_cases;

WorldBatch random_batch(const Shape& shape, std::int64_t count, std::int64_t outputs,
                        torch::Generator& random) {
  const Tensor states = normal({count, shape.states}, random);
  return {states, normal({count, shape.steps()}, random),
          states + 0.1 * normal({count, shape.states}, random), normal({count, outputs}, random)};
}

TEST(WorldModel, GradientsAreFiniteDifferences) {
  torch::Generator random = generator(41);
  const Shape& shape = design_shape();
  WorldModel model(shape, kWorldOutputs, WorldSettings{.first = 12, .second = 9, .head = 7});
  draw_parameters(*model, random);
  model->to(torch::kDouble);
  const WorldBatch batch = random_batch(shape, 6, kWorldOutputs, random);
  const auto& l = model->layers();
  std::vector<Tensor> transition, head;
  for (const auto& layer : {l.first, l.second, l.third}) {
    transition.insert(transition.end(), {layer->weight, layer->bias});
  }
  for (const auto& layer : {l.head_first, l.head_second}) {
    head.insert(head.end(), {layer->weight, layer->bias});
  }
  // The head does not train the transition, so that each has its own loss.
  expect_gradients(transition, [&] { return world_loss(model, batch).transition; });
  expect_gradients(head, [&] { return world_loss(model, batch).head; });
  for (Tensor& p : transition) p.grad().zero_();
  world_loss(model, batch).head.backward();
  for (const Tensor& p : transition) EXPECT_EQ(p.grad().abs().max().item<double>(), 0);
}

TEST(WorldModel, HasTheWidthsOfThePaper) {
  WorldModel model(design_shape(), kWorldOutputs, WorldSettings{});
  EXPECT_EQ(model->layers().first->weight.sizes(), (at::IntArrayRef{128, 82}));
  EXPECT_EQ(model->layers().second->weight.sizes(), (at::IntArrayRef{64, 128}));
  EXPECT_EQ(model->layers().third->weight.sizes(), (at::IntArrayRef{52, 64}));
  EXPECT_EQ(model->layers().head_second->weight.sizes(), (at::IntArrayRef{5, 64}));
}

TEST(WorldModel, ReadsHalfTheMeshDeltas) {
  const Shape& shape = design_shape();
  Tensor actions = torch::zeros({1, shape.inputs()});
  actions[0][4] = 1;   // W: +2
  actions[0][6] = 1;   // H: -1
  actions[0][12] = 1;  // SCx: 0
  actions[0][15] = 1;  // SCy: -2
  actions[0][shape.inputs() - 1] = -0.25;
  const Tensor steps = world_steps(shape, actions)[0];
  EXPECT_EQ(steps.size(0), 30);
  EXPECT_EQ(steps[0].item<float>(), 1);
  EXPECT_EQ(steps[1].item<float>(), -0.5F);
  EXPECT_EQ(steps[2].item<float>(), 0);
  EXPECT_EQ(steps[3].item<float>(), -1);
  EXPECT_EQ(steps[29].item<float>(), -0.25F);
}

TEST(WorldModel, AtFirstNothingChanges) {
  torch::Generator random = generator(42);
  const Shape& shape = design_shape();
  WorldLearner learner(shape, kWorldOutputs, WorldSettings{}, random);
  const Tensor states = torch::empty({3, shape.states}).normal_(0, 1, random);
  EXPECT_TRUE(
      torch::equal(learner.model()->next(states, torch::zeros({3, shape.steps()})), states));
  EXPECT_FALSE(learner.trained(0));
}

// Transitions of a real search: a walk at L0 of sparse steps from the best design so far.
const std::vector<float> kEveryMember(kEnsemble, 1.0F);
struct Walk {
  std::vector<std::vector<float>> before, action, after, notes;
  std::vector<double> reward;
};
Walk walk_of(const Problem& problem, int steps) {
  Walk walk;
  RandomStream random(43, "test/walk");
  Environment environment(problem, [&](const ActionVector& u) { return problem.evaluate(u); });
  Evaluation best = environment.reset();
  const auto seen = [](const Evaluation& e) {
    const PolicyState s = policy_state(e.state);
    return std::vector<float>(s.begin(), s.end());
  };
  for (int i = 0; i < steps; ++i) {
    environment.reset(i % 4 == 0 ? best : environment.current());
    const Evaluation from = environment.current();
    const std::vector<float> action = i % 2 == 0 ? sparse_action(random) : dense_action(random);
    walk.reward.push_back(environment.step(to_step(action)).reward);
    const Evaluation& to = environment.current();
    walk.before.push_back(seen(from));
    walk.action.push_back(action);
    walk.after.push_back(seen(to));
    walk.notes.push_back(design_notes(figures_of(outcome_of(from)), outcome_of(to), kEveryMember));
    if (better(to, best)) best = to;
  }
  return walk;
}

Tensor rows_of(const std::vector<std::vector<float>>& rows, std::size_t first, std::size_t last) {
  const Tensor t = torch::empty(
      {static_cast<std::int64_t>(last - first), static_cast<std::int64_t>(rows.front().size())});
  for (std::size_t i = first; i < last; ++i) {
    std::copy(rows[i].begin(), rows[i].end(),
              t.data_ptr<float>() + (i - first) * rows.front().size());
  }
  return t;
}

TEST(WorldModel, BeatsPersistenceOnHeldOutTransitionsOfASearch) {
  at::set_num_threads(1);
  const Problem problem(printed_surrogate("7nm", Mode::kHighPerformance), Level::kL0);
  constexpr std::size_t kLearned = 1500, kAll = 2000;
  const Walk walk = walk_of(problem, kAll);
  const Shape& shape = design_shape();
  Normaliser states(shape.states, 0.05), outcomes(kOutcomes, 0.05);
  for (std::size_t i = 0; i < kLearned; ++i) {
    states.add(walk.after[i]);
    outcomes.add(std::span<const float>(walk.notes[i]).subspan(kFigures, kOutcomes));
  }
  const RewardScale scale =
      recent_scale({walk.reward.begin(), walk.reward.begin() + kLearned}, 256);
  const auto batch_of = [&](std::size_t first, std::size_t last) {
    std::vector<float> rewards;
    for (std::size_t i = first; i < last; ++i) {
      rewards.push_back(static_cast<float>(scale.apply(walk.reward[i])));
    }
    return WorldBatch{
        states.apply(rows_of(walk.before, first, last)),
        world_steps(shape, rows_of(walk.action, first, last)),
        states.apply(rows_of(walk.after, first, last)),
        world_targets(torch::tensor(rewards), rows_of(walk.notes, first, last), outcomes)};
  };
  const WorldBatch learned = batch_of(0, kLearned), held_out = batch_of(kLearned, kAll);
  torch::Generator random = generator(44);
  WorldLearner learner(shape, kWorldOutputs, WorldSettings{}, random);
  for (int update = 0; update < 1500; ++update) {
    const Tensor pick = torch::randint(static_cast<std::int64_t>(kLearned), {256}, random,
                                       torch::TensorOptions().dtype(torch::kLong));
    const auto of = [&](const Tensor& t) { return t.index_select(0, pick); };
    learner.update(
        {of(learned.states), of(learned.steps), of(learned.next_states), of(learned.targets)});
  }
  const torch::NoGradGuard no_grad;
  const WorldLoss loss = world_loss(learner.model(), held_out);
  const double persistence = persistence_error(held_out).item<double>();
  const Tensor next = learner.model()->next(held_out.states, held_out.steps);
  const Tensor error = (learner.model()->outputs(next) - held_out.targets).square().mean(0) /
                       (held_out.targets - held_out.targets.mean(0)).square().mean(0);
  std::printf(
      "held out: transition %.4f, persistence %.4f; share of variance not explained: "
      "reward %.2f, rate %.2f, power %.2f, area %.2f, margin %.2f\n",
      loss.transition.item<double>(), persistence, error[0].item<double>(), error[1].item<double>(),
      error[2].item<double>(), error[3].item<double>(), error[4].item<double>());
  EXPECT_TRUE(learner.trained(500));
  EXPECT_LT(loss.transition.item<double>(), 0.5 * persistence);
  EXPECT_LT(error.narrow(0, 1, 3).max().item<double>(), 0.3);
}

TEST(Outcome, NotesComeBackAsTheyWere) {
  const auto row = [](const std::vector<float>& weights) {
    return torch::tensor(at::ArrayRef<float>(design_notes({1, 2, 3}, {4, 5, 6, 0.25F}, weights)))
        .unsqueeze(0);
  };
  const Tensor notes = torch::cat({row({0, 1, 0, 1, 1}), row({0, 0, 0, 0, 0})});
  EXPECT_EQ(notes.size(1), kNotes);
  EXPECT_EQ(bases(notes)[0][1].item<float>(), 2);
  EXPECT_EQ(outcomes_after(notes)[0][3].item<float>(), 0.25F);
  EXPECT_EQ(figures_after(notes)[0][2].item<float>(), 6);
  EXPECT_EQ(member_weights(notes)[0].sum().item<float>(), 3);
  EXPECT_TRUE(torch::equal(observed_rows(notes), torch::zeros({1}, torch::kLong)));
}

TEST(Outcome, ScoreIsThatOfTheEvaluation) {
  const Problem problem(printed_surrogate("7nm", Mode::kLowPower), Level::kL0);
  const Evaluation e = problem.evaluate(problem.initial_unit());
  const Outcome o = outcome_of(e);
  const std::vector<double> logs{static_cast<double>(o[0]), static_cast<double>(o[1]),
                                 static_cast<double>(o[2])};
  EXPECT_NEAR(score_of(logs, problem.surrogate().references()), e.score, 1e-5);
}

TEST(Outcome, IsOfTheEvaluation) {
  Evaluation e;
  e.tok_s = std::exp(2.0);
  e.power_mw = std::exp(3.0);
  e.area_mm2 = 0;
  e.margins.fill(0.5);
  e.margins[1] = -7;
  const Outcome o = outcome_of(e);
  EXPECT_NEAR(o[kLogRate], 2, 1e-6);
  EXPECT_NEAR(o[kLogPower], 3, 1e-6);
  EXPECT_TRUE(std::isfinite(o[kLogArea]));
  EXPECT_EQ(o[kLeastMargin], -1);
}

}  // namespace
}  // namespace tilewright::rl

// The learned correction: its gradients, its limit, and when it is believed.
#include "agents/torch/correction.h"

#include "agents/torch/design_task.h"
#include "torch_cases.h"

namespace tilewright::rl {
namespace {

using namespace testing_cases;

CorrectionSettings small(double limit) {
  CorrectionSettings s;
  s.hidden = 8;
  s.limit = limit;
  return s;
}

TEST(Correction, GradientsAreFiniteDifferences) {
  for (const double limit : {0.0, 0.2}) {
    torch::Generator random = generator(71);
    const Shape& shape = design_shape();
    Ensemble ensemble(shape, small(limit));
    ensemble->draw(random);
    ensemble->to(torch::kDouble);
    const CorrectionBatch batch{normal({6, shape.states}, random),
                                normal({6, shape.steps()}, random), normal({6, 3}, random),
                                normal({6, 3}, random), (normal({6, 5}, random) > 0).to(kDouble)};
    expect_gradients(ensemble->parameters(), [&] { return correction_loss(ensemble, batch); });
  }
}

TEST(Correction, MembersLearnFromTheirOwnTransitions) {
  torch::Generator random = generator(72);
  const Shape& shape = design_shape();
  Ensemble ensemble(shape, small(0));
  ensemble->draw(random);
  Tensor weights = torch::ones({6, 5});
  weights.select(1, 2).zero_();
  const CorrectionBatch batch{torch::ones({6, shape.states}), torch::ones({6, shape.steps()}),
                              torch::zeros({6, 3}), torch::ones({6, 3}), weights};
  correction_loss(ensemble, batch).backward();
  for (const Tensor& p : ensemble->parameters()) {
    EXPECT_EQ(p.grad()[2].abs().max().item<double>(), 0);
    EXPECT_GT(p.grad()[1].abs().max().item<double>(), 0);
  }
}

TEST(Correction, KeepsWithinItsLimit) {
  torch::Generator random = generator(73);
  const Shape& shape = design_shape();
  Ensemble ensemble(shape, small(0.2));
  ensemble->draw(random);
  const Tensor states = torch::empty({50, shape.states}).normal_(0, 30, random);
  const double most =
      ensemble->forward(states, torch::zeros({50, shape.steps()})).abs().max().item<double>();
  EXPECT_LE(most, 0.2 + 1e-6);
  EXPECT_GT(most, 0.15);
}

TEST(Correction, IsBelievedWhenItIsSureAndNothingBetterIsPromised) {
  EXPECT_TRUE(cheap_is_enough(0.85, 0.8, 1.01, 1.00));
  EXPECT_FALSE(cheap_is_enough(0.75, 0.8, 1.01, 1.00));
  EXPECT_FALSE(cheap_is_enough(0.99, 0.8, 0.99, 1.00));
  // Nothing feasible is known: whatever it is, it is looked at.
  EXPECT_FALSE(cheap_is_enough(1, 0.8, 2, std::numeric_limits<double>::infinity()));
}

TEST(Correction, BootstrapLeavesNoTransitionToNobody) {
  CorrectionSettings s;
  s.keep = 0.3;
  RandomStream random(74, "test/bootstrap");
  double kept = 0;
  for (int i = 0; i < 2000; ++i) {
    double sum = 0;
    for (const float w : bootstrap_weights(s, random)) sum += static_cast<double>(w);
    EXPECT_GE(sum, 1);
    kept += sum / 2000;
  }
  // Five times .3, and one where there would have been none: .7^5.
  EXPECT_NEAR(kept, 1.5 + std::pow(0.7, 5), 0.08);
}

// Learns a quadratic law of the step; sure where it has seen steps, unsure far from them.
TEST(Correction, LearnsALawAndKnowsWhereItDoesNot) {
  at::set_num_threads(1);
  torch::Generator random = generator(75);
  const Shape shape{.states = 2, .moves = 2};
  CorrectionSettings s;
  s.hidden = 32;
  s.learning_rate = 5e-3;
  Correction correction(shape, s, random);
  RandomStream masks(76, "test/bootstrap");
  const auto law = [](const Tensor& states, const Tensor& steps) {
    const Tensor a = 0.3 * steps.select(1, 0), b = 0.2 * steps.select(1, 1).square();
    return torch::stack({a + b, 0.1 * states.select(1, 0) - b, a - 0.2 * states.select(1, 1)}, 1);
  };
  const auto draw = [&](std::int64_t count) { return torch::rand({count, 2}, random) * 2 - 1; };
  const Tensor states = draw(512), steps = draw(512), base = draw(512).select(1, 0).unsqueeze(1);
  const Tensor bases = base.expand({512, 3});
  const Tensor weights = torch::empty({512, 5});
  for (std::int64_t i = 0; i < 512; ++i) {
    const auto w = bootstrap_weights(s, masks);
    std::copy(w.begin(), w.end(), weights.data_ptr<float>() + 5 * i);
  }
  const Tensor state = torch::tensor({0.2F, -0.4F}), step = torch::tensor({0.5F, -0.3F});
  const Tensor nothing = torch::zeros({3});
  EXPECT_LT(correction.expect(state, step, nothing).confidence, 0.8);  // knows nothing yet
  for (int i = 0; i < 1500; ++i) {
    correction.update({states, steps, bases, bases + law(states, steps), weights});
  }
  const Corrected inside = correction.expect(state, step, torch::full({3}, 2.0));
  const Tensor want = 2 + law(state.unsqueeze(0), step.unsqueeze(0))[0];
  for (std::int64_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(inside.mean[static_cast<std::size_t>(i)], want[i].item<double>(), 0.02);
  }
  const Corrected outside = correction.expect(5 * state, 5 * step, nothing);
  std::printf("confidence %.3f where it learned, %.3f far away\n", inside.confidence,
              outside.confidence);
  EXPECT_GT(inside.confidence, 0.8);
  EXPECT_LT(outside.confidence, 0.5);
}

}  // namespace
}  // namespace tilewright::rl

// The learned model of the evaluation, against mathematics and against the evaluation.
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "agents/model/descent.h"
#include "agents/model/priors.h"
#include "agents/searcher.h"
#include "cases.h"
#include "searches.h"

namespace tilewright::model {
namespace {

using namespace testing_cases;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

const std::vector<Index> kRoughInputs{0, 2};

MatrixXd random_points(Index rows, Index columns, const char* name) {
  RandomStream random(5, name);
  MatrixXd x(rows, columns);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = random.uniform();
  return x;
}

// Two outputs of three inputs, one of them jagged.
MatrixXd some_outputs(const MatrixXd& x) {
  MatrixXd y(x.rows(), 2);
  y.col(0) = (3 * x.col(0)).array().sin() + x.col(1).array().square();
  y.col(1) = x.col(2).array() * x.col(0).array() + 0.05 * (40 * x.col(0)).array().cos();
  return y;
}

Kernel some_kernel() {
  Kernel k;
  k.smooth_lengths.resize(3);
  k.smooth_lengths << 0.7, 1.9, 1.1;
  k.rough_lengths.resize(2);
  k.rough_lengths << 0.2, 0.4;
  k.rough_variance = 0.3;
  k.noise = 2e-3;
  return k;
}

// The documented formula, one pair at a time.
double covariance(const Kernel& k, const VectorXd& a, const VectorXd& b, const VectorXd& mean) {
  double smooth = 0, rough = 0;
  for (Index i = 0; i < a.size(); ++i) {
    smooth += std::pow((a[i] - b[i]) / k.smooth_lengths[i], 2);
  }
  for (std::size_t i = 0; i < kRoughInputs.size(); ++i) {
    const Index j = kRoughInputs[i];
    rough += std::pow((a[j] - b[j]) / k.rough_lengths[static_cast<Index>(i)], 2);
  }
  return std::exp(-smooth / 2) + k.rough_variance * std::exp(-rough / 2) +
         k.linear * (a - mean).dot(b - mean);
}

// Posterior at `queries` by the formulas of the textbook, centred at the means of the first `own`
// points, against what the process says.
void expect_posterior(const GaussianProcess& process, const MatrixXd& x, const MatrixXd& y,
                      Index own) {
  const Kernel& k = process.kernel();
  const Index n = x.rows();
  const VectorXd centre = x.topRows(own).colwise().mean();
  MatrixXd gram(n, n);
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < n; ++j) gram(i, j) = covariance(k, x.row(i), x.row(j), centre);
    gram(i, i) += k.noise;
  }
  const MatrixXd inverse = gram.inverse();
  const Eigen::RowVectorXd mean = y.topRows(own).colwise().mean();
  const MatrixXd centred = y.rowwise() - mean;

  const MatrixXd queries = random_points(4, 3, "queries");
  const Eigen::MatrixXf asked = queries.cast<float>();
  const auto prediction = process.predict(asked);
  const Eigen::VectorXf deviation = process.deviation(asked, prediction, {0, 1, 2, 3});
  for (Index q = 0; q < 4; ++q) {
    VectorXd row(n);
    for (Index i = 0; i < n; ++i) row[i] = covariance(k, queries.row(q), x.row(i), centre);
    const Eigen::RowVectorXd expected = row.transpose() * inverse * centred + mean;
    for (Index m = 0; m < 2; ++m) {
      EXPECT_NEAR(static_cast<double>(prediction.mean(q, m)), expected[m], 2e-4);
    }
    const double variance =
        covariance(k, queries.row(q), queries.row(q), centre) + k.noise - row.dot(inverse * row);
    EXPECT_NEAR(static_cast<double>(deviation[q]), std::sqrt(variance), 2e-3);
  }
}

TEST(GaussianProcess, PosteriorIsTheTextbooks) {
  const MatrixXd x = random_points(12, 3, "points"), y = some_outputs(x);
  GaussianProcess process(3, kRoughInputs);
  process.condition(x, y);
  expect_posterior(process, x, y, 12);
}

TEST(GaussianProcess, GradientOfTheLikelihoodIsThatOfItsValue) {
  const MatrixXd x = random_points(20, 3, "points");
  MatrixXd y = some_outputs(x);
  y.rowwise() -= y.colwise().mean().eval();
  const Kernel kernel = some_kernel();
  const Likelihood at = negative_log_likelihood(kernel, kRoughInputs, x, y);
  constexpr double kStep = 1e-5;
  for (Index i = 0; i < at.gradient.size(); ++i) {
    const auto moved = [&](double step) {
      Kernel k = kernel;
      const double factor = std::exp(step);
      if (i < 3)
        k.smooth_lengths[i] *= factor;
      else if (i < 5)
        k.rough_lengths[i - 3] *= factor;
      else if (i == 5)
        k.noise *= factor;
      else
        k.rough_variance *= factor;
      return negative_log_likelihood(k, kRoughInputs, x, y).value;
    };
    const double slope = (moved(kStep) - moved(-kStep)) / (2 * kStep);
    EXPECT_NEAR(at.gradient[i], slope, 1e-5 * std::max(1.0, std::abs(slope))) << i;
  }
}

TEST(GaussianProcess, TuningLowersTheObjective) {
  const MatrixXd x = random_points(40, 3, "points"), y = some_outputs(x);
  GaussianProcess process(3, kRoughInputs);
  process.condition(x, y);
  MatrixXd standard = y.rowwise() - y.colwise().mean();
  standard.array().rowwise() /=
      (standard.colwise().squaredNorm() / static_cast<double>(standard.rows())).array().sqrt();
  const double before = negative_log_likelihood(process.kernel(), kRoughInputs, x, standard).value;
  RandomStream random(1, "tune");
  process.tune(40, 100, random);
  EXPECT_LT(negative_log_likelihood(process.kernel(), kRoughInputs, x, standard).value, before - 1);
}

TEST(GaussianProcess, AppendingIsConditioningOnMore) {
  const MatrixXd x = random_points(15, 3, "points"), y = some_outputs(x);
  GaussianProcess process(3, kRoughInputs);
  process.condition(x.topRows(13), y.topRows(13));
  process.append(x.row(13), y.row(13));
  process.append(x.row(14), y.row(14));
  EXPECT_EQ(process.points(), 15);
  expect_posterior(process, x, y, 13);
}

class LearnedEvaluation : public testing::Test {
 protected:
  std::vector<Evaluation> near_initial(std::size_t count, const char* name) const {
    RandomStream random(3, name);
    std::vector<Evaluation> log;
    while (log.size() < count) {
      ActionVector unit = problem_.initial_unit();
      for (double& u : unit) {
        if (random.uniform() < 0.3) u = std::clamp(u + 0.2 * random.normal(), 0.0, 1.0);
      }
      log.push_back(problem_.evaluate(unit));
    }
    return log;
  }
  Problem problem_{printed_surrogate("3nm", Mode::kHighPerformance), Level::kL0};
};

TEST_F(LearnedEvaluation, TheJudgeIsTheScore) {
  const Judge judge(problem_);
  for (const Evaluation& e : near_initial(50, "judge")) {
    const Judgement j = judge(model_outputs(e).cast<float>());
    EXPECT_NEAR(static_cast<double>(j.score), e.score, 1e-5);
    const bool split = e.margins[kMarginSplit] >= 0;
    EXPECT_EQ(j.shortage <= 1e-6F && split, e.feasible);
  }
}

TEST_F(LearnedEvaluation, PredictsDesignsThatItHasNotSeen) {
  EvaluationModel model(problem_, {}, RandomStream(1, "model"));
  model.learn(near_initial(200, "seen"), true);
  const std::vector<Evaluation> unseen = near_initial(100, "unseen");
  std::vector<Point> points;
  for (const Evaluation& e : unseen) points.push_back(legal_point(e.unit, problem_.box()));
  const auto rating = model.rate(points);
  double error = 0, spread = 0, mean = 0;
  for (const Evaluation& e : unseen) mean += std::log(e.tok_s) / 100;
  for (std::size_t i = 0; i < unseen.size(); ++i) {
    const double truth = std::log(unseen[i].tok_s);
    error += std::pow(static_cast<double>(rating.mean[i][kRate]) - truth, 2);
    spread += std::pow(mean - truth, 2);
  }
  EXPECT_LT(error, 0.1 * spread);  // explains nine tenths of the variance of log tok/s
}

// Knows nothing: jagged in one variable, and of no bearing on the evaluation.
class Noise final : public Prior {
 public:
  bool is_mean() const override { return true; }
  std::vector<Outputs> expect(const std::vector<Point>& points) const override {
    std::vector<Outputs> expected;
    for (const Point& p : points)
      expected.emplace_back(Outputs::Constant(static_cast<float>(std::sin(1e4 * p.unit[kVlen]))));
    return expected;
  }
};

// Of a few evaluations alone, without and with a prior: the node's own closed form, and a model of
// another node.
TEST_F(LearnedEvaluation, APriorMakesFewEvaluationsGoFar) {
  const Problem other(printed_surrogate("7nm", Mode::kHighPerformance), Level::kL0);
  std::vector<Evaluation> earlier;
  for (const Evaluation& e : near_initial(200, "earlier"))
    earlier.push_back(other.evaluate_design(e.design));
  const std::vector<Evaluation> unseen = near_initial(100, "unseen");
  std::vector<Point> points;
  for (const Evaluation& e : unseen) points.push_back(legal_point(e.unit, problem_.box()));
  const auto error = [&](std::shared_ptr<const Prior> prior) {
    EvaluationModel model(problem_, {}, RandomStream(1, "model"), std::move(prior));
    model.learn(near_initial(25, "seen"), true);
    const auto rating = model.rate(points);
    double sum = 0;
    for (std::size_t i = 0; i < unseen.size(); ++i)
      sum += std::abs(static_cast<double>(rating.mean[i][kRate]) - std::log(unseen[i].tok_s));
    return sum / 100;
  };
  const double none = error(nullptr);
  const std::uint64_t asked = Surrogate::l0_calls();
  const double learned = error(earlier_prior(problem_, {}, earlier, RandomStream(1, "earlier")));
  EXPECT_LT(learned, 0.5 * none);
  EXPECT_LT(error(closed_form_prior(problem_)), 0.2 * none);
  EXPECT_GT(Surrogate::l0_calls(), asked);
  // One that knows nothing does little harm.
  const double misled = error(std::make_shared<Noise>());
  std::printf("error of log tok/s: none %.4f, learned %.4f, noise %.4f\n", none, learned, misled);
  EXPECT_LT(misled, 1.5 * none);
}

TEST_F(LearnedEvaluation, ThePlannersDesignIsLegalAndNew) {
  EvaluationModel model(problem_, {}, RandomStream(1, "model"));
  const std::vector<Evaluation> log = near_initial(60, "seen");
  model.learn(log, true);
  std::set<ActionVector> known;
  for (const Evaluation& e : log) known.insert(e.unit);
  Planner planner(problem_, {}, RandomStream(1, "plan"));
  const Evaluation* best = &log.front();
  for (const Evaluation& e : log) best = better(e, *best) ? &e : best;
  const Point chosen = planner.plan(model, best->score, {best->unit}, {}, known);
  EXPECT_FALSE(known.contains(chosen.unit));
  EXPECT_EQ(problem_.evaluate(chosen.unit).unit, chosen.unit);
}

std::array<long, 2> mesh_of(const Evaluation& e) {
  return {std::lround(e.design[kMeshW]), std::lround(e.design[kMeshH])};
}

TEST_F(LearnedEvaluation, AConfinedDescentKeepsToItsMeshUntilReleased) {
  const std::vector<Evaluation> seen = near_initial(60, "seen");
  const DesignBox& box = problem_.box();
  ActionVector design = seen.front().design;
  design[kMeshW] = 20;
  design[kMeshH] = 31;
  const ActionVector unit = to_unit(design, box);
  DescentSettings settings;
  settings.first = 10;
  Descent descent(problem_, settings,
                  Confinement{{unit[kMeshW], unit[kMeshH]}, seen.front().unit, seen},
                  {RandomStream(1, "first"), RandomStream(1, "tune"), RandomStream(1, "plan")});
  EXPECT_FALSE(descent.best().feasible);
  std::set<ActionVector> known;
  const auto step = [&](const std::vector<ActionVector>& proposals) {
    std::vector<Evaluation> found;
    for (const ActionVector& u : descent.next(known, proposals)) {
      found.push_back(problem_.evaluate(u));
      known.insert(found.back().unit);
    }
    descent.observe(found);
    return found;
  };
  for (int batch = 0; batch < 3; ++batch) {
    for (const Evaluation& e : step({seen.back().unit}))
      EXPECT_EQ(mesh_of(e), (std::array<long, 2>{20, 31}));
  }
  EXPECT_EQ(descent.own(), 10 + 2 * settings.batch);
  EXPECT_EQ(std::ssize(descent.log()), 60 + descent.own());
  descent.release();
  bool elsewhere = false;
  for (int batch = 0; batch < 3; ++batch) {
    for (const Evaluation& e : step({})) elsewhere |= mesh_of(e) != std::array<long, 2>{20, 31};
  }
  EXPECT_TRUE(elsewhere);
}

// After the race, each challenger looks at one mesh: the leader's with a row or column more or
// less. Among large meshes nobody challenges.
TEST(Race, NeighboursChallengeASmallMesh) {
  SearchOptions options = options_of(600, 2);
  options.settings = {{"descents", "2"}, {"tune_steps", "3"}};
  const Problem small(printed_surrogate("14nm", Mode::kLowPower), Level::kL0);
  const SearchResult result = run_search(small, "model", options);
  std::map<double, std::set<std::array<long, 2>>> meshes;  // by descent
  std::map<double, std::int64_t> first;
  for (std::size_t i = 1; i < result.log.size(); ++i) {
    const double descent = result.diagnostics[i][0];
    if (descent < 2) continue;
    meshes[descent].insert(mesh_of(result.log[i]));
    first.emplace(descent, static_cast<std::int64_t>(i));
  }
  ASSERT_FALSE(meshes.empty());
  // Until the first challenge: the leader.
  const Evaluation* leader = &result.log.front();
  for (std::int64_t i = 0; i < first.begin()->second; ++i) {
    const Evaluation& e = result.log[static_cast<std::size_t>(i)];
    if (better(e, *leader)) leader = &e;
  }
  const std::array<long, 2> leads = mesh_of(*leader);
  const std::array<long, 2> challenges = *meshes.begin()->second.begin();
  EXPECT_EQ(std::abs(leads[0] - challenges[0]) + std::abs(leads[1] - challenges[1]), 1);
  EXPECT_EQ(meshes.rbegin()->second.size(), 1U);  // the last challenger was not released

  const Problem large(printed_surrogate("3nm", Mode::kHighPerformance), Level::kL0);
  for (const std::vector<double>& row : run_search(large, "model", options).diagnostics)
    EXPECT_LT(row[0], 2);
}

}  // namespace
}  // namespace tilewright::model

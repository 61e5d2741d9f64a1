#include "agents/model/planner.h"

#include <algorithm>
#include <cereal/types/optional.hpp>
#include <cmath>
#include <numeric>
#include <utility>

#include "support/state_archive.h"

namespace tilewright::model {
namespace {

using Eigen::Index;

// Of a generation, the share whose expected outputs look best is rated with its uncertainty.
constexpr double kRatedShare = 0.3;
// Far below any expected improvement that matters: orders designs that promise none.
constexpr float kTieBreak = 1e-6F;

}  // namespace

ActionVector varied(const std::vector<ActionVector>& parents, double least_step,
                    RandomStream& random) {
  const auto pick = [&]() -> const ActionVector& { return parents[random.below(parents.size())]; };
  ActionVector child = pick();
  const double kind = random.uniform();
  const double step = std::pow(10.0, random.uniform(std::log10(least_step), -0.5));
  if (kind < 0.5) {
    const double share =
        static_cast<double>(1 + random.below(4)) / static_cast<double>(kActionCount);
    const bool anew = random.uniform() < 0.4;
    for (double& u : child) {
      if (random.uniform() >= share) continue;
      u = anew ? random.uniform() : u + step * random.normal();
    }
  } else if (kind < 0.8) {
    for (double& u : child) u += step * random.normal();
  } else {
    const ActionVector& other = pick();
    for (std::size_t i = 0; i < child.size(); ++i) {
      if (random.uniform() < 0.5) child[i] = other[i];
    }
  }
  for (double& u : child) u = std::clamp(u, 0.0, 1.0);
  return child;
}

Planner::Planner(const Problem& problem, const PlannerSettings& settings, RandomStream random)
    : box_(problem.box()), settings_(settings), random_(std::move(random)) {}

std::vector<Planner::Member> Planner::rated(const EvaluationModel& model, std::vector<Point> points,
                                            float best_score,
                                            const std::vector<Outputs>& samples) const {
  const EvaluationModel::Rating rating = model.rate(points);
  std::vector<Member> members(points.size());
  std::vector<Index> order(points.size());
  std::iota(order.begin(), order.end(), Index{0});
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Judgement j = model.judge()(rating.mean[i]);
    members[i] = {std::move(points[i]), -kTieBreak * (j.score + j.shortage)};
  }
  const auto looked_at =
      static_cast<std::ptrdiff_t>(std::ceil(kRatedShare * static_cast<double>(order.size())));
  const auto promising = [&](Index a, Index b) {
    return members[static_cast<std::size_t>(a)].worth > members[static_cast<std::size_t>(b)].worth;
  };
  std::stable_sort(order.begin(), order.end(), promising);
  order.resize(static_cast<std::size_t>(looked_at));
  const std::vector<Outputs> deviations = model.deviations(rating, order);
  for (std::size_t k = 0; k < order.size(); ++k) {
    const auto i = static_cast<std::size_t>(order[k]);
    float improvement = 0;
    for (const Outputs& z : samples) {
      const Outputs drawn = rating.mean[i] + z.cwiseProduct(deviations[k]);
      const Judgement j = model.judge()(drawn);
      if (j.shortage <= 0) improvement += std::max(0.0F, best_score - j.score);
    }
    members[i].worth += improvement / static_cast<float>(samples.size());
  }
  return members;
}

Point Planner::plan(const EvaluationModel& model, double best_score,
                    const std::vector<ActionVector>& starts,
                    const std::vector<ActionVector>& proposals, const std::set<ActionVector>& known,
                    int rounds) {
  std::vector<Outputs> samples(static_cast<std::size_t>(settings_.samples));
  for (Outputs& z : samples) {
    for (Index i = 0; i < kOutputs; ++i) z[i] = static_cast<float>(random_.normal());
  }
  const std::size_t count = 1 + random_.below(starts.size());
  std::vector<ActionVector> parents(starts.begin(),
                                    starts.begin() + static_cast<std::ptrdiff_t>(count));
  const auto fresh = [&](std::size_t designs, const std::vector<ActionVector>& given) {
    std::vector<Point> points;
    points.reserve(designs + given.size());
    for (const ActionVector& unit : given) points.push_back(legal_point(kept_to(unit), box_));
    while (points.size() < designs + given.size()) {
      points.push_back(legal_point(kept_to(varied(parents, settings_.least_step, random_)), box_));
    }
    std::erase_if(points, [&](const Point& p) { return known.contains(p.unit); });
    return points;
  };
  const auto worthier = [](const Member& a, const Member& b) { return a.worth > b.worth; };

  const auto best = static_cast<float>(best_score);
  std::vector<Member> members =
      rated(model, fresh(static_cast<std::size_t>(settings_.pool), proposals), best, samples);
  for (int g = 0; g < rounds * settings_.generations; ++g) {
    std::stable_sort(members.begin(), members.end(), worthier);
    members.resize(std::min(members.size(), static_cast<std::size_t>(settings_.parents)));
    if (members.empty()) break;
    parents.clear();
    for (const Member& m : members) parents.push_back(m.point.unit);
    std::vector<Member> children =
        rated(model, fresh(static_cast<std::size_t>(settings_.offspring), {}), best, samples);
    std::move(children.begin(), children.end(), std::back_inserter(members));
  }
  if (members.empty()) {  // everything near is known: somewhere else
    ActionVector unit;
    for (double& u : unit) u = random_.uniform();
    return legal_point(kept_to(unit), box_);
  }
  return std::max_element(members.begin(), members.end(),
                          [](const Member& a, const Member& b) { return a.worth < b.worth; })
      ->point;
}

ActionVector Planner::kept_to(ActionVector unit) const {
  if (mesh_) {
    unit[kMeshW] = mesh_->front();
    unit[kMeshH] = mesh_->back();
  }
  return unit;
}

void Planner::persist(StateArchive& archive) {
  archive(random_, mesh_);
}

}  // namespace tilewright::model

#include "agents/model/priors.h"

#include <cmath>
#include <utility>

namespace tilewright::model {
namespace {

class ClosedForm final : public Prior {
 public:
  explicit ClosedForm(const Problem& problem) : surrogate_(problem.surrogate()) {}
  // As a mean it would lead to its own optimum.
  bool is_mean() const override { return false; }

  std::vector<Outputs> expect(const std::vector<Point>& points) const override {
    std::vector<ActionVector> designs;
    designs.reserve(points.size());
    for (const Point& p : points) designs.push_back(p.design);
    std::vector<L0Row> rows(points.size());
    surrogate_.evaluate_l0(designs, rows);
    std::vector<Outputs> expected;
    expected.reserve(points.size());
    for (const L0Row& row : rows) {
      Evaluation e;
      e.tok_s = row.tok_s;
      e.power_mw = row.power_mw;
      e.area_mm2 = row.area_mm2;
      e.margins = row.margins;
      expected.push_back(model_outputs(e).cast<float>());
    }
    return expected;
  }

 private:
  const Surrogate& surrogate_;
};

class Earlier final : public Prior {
 public:
  Earlier(const Problem& problem, const ModelSettings& settings,
          const std::vector<Evaluation>& earlier, RandomStream random)
      : model_(problem, with_points(settings, std::ssize(earlier)), std::move(random)) {
    model_.learn(earlier, true);
  }
  bool is_mean() const override { return true; }
  std::vector<Outputs> expect(const std::vector<Point>& points) const override {
    return model_.rate(points).mean;
  }

 private:
  // It is conditioned once: more points than a model that follows a search can have.
  static ModelSettings with_points(ModelSettings settings, std::ptrdiff_t count) {
    constexpr std::int64_t kMost = 1000;
    settings.points_most = std::max(settings.points_most, std::min<std::int64_t>(kMost, count));
    settings.first_steps *= 2;
    return settings;
  }

  EvaluationModel model_;
};

}  // namespace

std::unique_ptr<const Prior> closed_form_prior(const Problem& problem) {
  return std::make_unique<ClosedForm>(problem);
}

std::unique_ptr<const Prior> earlier_prior(const Problem& problem, const ModelSettings& settings,
                                           const std::vector<Evaluation>& earlier,
                                           RandomStream random) {
  return std::make_unique<Earlier>(problem, settings, earlier, std::move(random));
}

}  // namespace tilewright::model

#include "agents/model/evaluation_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "mdp/normalise.h"
#include "support/state_archive.h"

namespace tilewright::model {
namespace {

using Eigen::Index;

constexpr Index kLeastTunePoints = 8;  // fewer say nothing about lengths

// Columns in which the evaluation is jagged: what decides how many tiles an operator takes and how
// much falls on each.
std::vector<Index> rough_inputs() {
  const auto extra = static_cast<Index>(kActionCount);
  return {kMeshW, kMeshH, kVlen, kDmem, kRhoMm, kRhoCv, kRhoGen, extra, extra + 1, extra + 2};
}

double log_room(double margin) {
  constexpr double kLeast = 1e-3;
  return std::log(std::max(1 + margin, kLeast));
}

bool preferred(const Evaluation* a, const Evaluation* b) {
  return better(*a, *b);
}

// At most `most` of the log: half of them the best, the others the newest.
std::vector<const Evaluation*> chosen_points(const std::vector<Evaluation>& log, std::size_t most) {
  std::vector<const Evaluation*> all;
  for (const Evaluation& e : log) {
    if (e.tok_s > 0 && e.power_mw > 0 && e.area_mm2 > 0) all.push_back(&e);
  }
  if (all.size() <= most) return all;
  const auto newest = static_cast<std::ptrdiff_t>(most / 2);
  std::vector<const Evaluation*> chosen(all.end() - newest, all.end());
  all.resize(all.size() - static_cast<std::size_t>(newest));
  const auto best = static_cast<std::ptrdiff_t>(most) - newest;
  std::stable_sort(all.begin(), all.end(), preferred);
  chosen.insert(chosen.end(), all.begin(), all.begin() + best);
  return chosen;
}

}  // namespace

Eigen::RowVectorXd model_inputs(const ActionVector& design, const ActionVector& unit) {
  Eigen::RowVectorXd inputs(kInputs);
  const auto own = static_cast<Index>(kActionCount);
  for (Index i = 0; i < own; ++i) inputs[i] = unit[static_cast<std::size_t>(i)];
  // A factor of 50 or so becomes about one, as in the unit box.
  const double tiles = design[kMeshW] * design[kMeshH];
  inputs[own] = std::log(tiles) / 4;
  inputs[own + 1] = std::log(tiles * design[kRhoMm]) / 4;
  inputs[own + 2] = std::log(tiles * design[kRhoGen]) / 4;
  inputs[own + 3] = std::log(design[kMeshW] / design[kMeshH]) / 2;
  return inputs;
}

Eigen::RowVectorXd model_outputs(const Evaluation& e) {
  Eigen::RowVectorXd outputs(kOutputs);
  outputs << std::log(e.tok_s), std::log(e.power_mw), std::log(e.area_mm2),
      log_room(e.margins[kMarginDmem]), log_room(e.margins[kMarginImem]),
      log_room(e.margins[kMarginWmem]), log_room(e.margins[kMarginWcap]);
  return outputs;
}

Judge::Judge(const Problem& problem) : references_(problem.surrogate().references()) {}

Judgement Judge::operator()(const Outputs& o) const {
  const References& r = references_;
  const auto lack = [](double log_room) { return static_cast<float>(std::max(0.0, -log_room)); };
  const auto value = [&](Output output) { return std::exp(static_cast<double>(o[output])); };
  const double rate = value(kRate), power = value(kPower), area = value(kArea);
  Judgement j;
  j.score = static_cast<float>(r.weights[0] * bounded_ratio(r.tok_s, rate) +
                               r.weights[1] * bounded_ratio(power, r.power_mw) +
                               r.weights[2] * bounded_ratio(area, r.area_mm2));
  j.shortage = lack(std::log(r.power_budget_mw / power)) + lack(std::log(r.area_budget_mm2 / area));
  if (r.min_tok_s > 0) j.shortage += lack(std::log(rate / r.min_tok_s));
  for (Index i = kDmemRoom; i < kOutputs; ++i) j.shortage += lack(static_cast<double>(o[i]));
  return j;
}

Point legal_point(const ActionVector& unit, const DesignBox& box) {
  const ActionVector design = project(from_unit(unit, box), box);
  return point_of(design, box);
}

Point point_of(const ActionVector& design, const DesignBox& box) {
  Point point;
  point.design = design;
  point.unit = to_unit(design, box);
  point.inputs = model_inputs(design, point.unit).cast<float>();
  return point;
}

EvaluationModel::EvaluationModel(const Problem& problem, const ModelSettings& settings,
                                 RandomStream random, std::shared_ptr<const Prior> prior)
    : judge_(problem),
      box_(problem.box()),
      settings_(settings),
      random_(std::move(random)),
      process_(kInputs + (prior ? kOutputs : 0), rough_inputs()),
      prior_(std::move(prior)) {}

Eigen::MatrixXf EvaluationModel::inputs_of(const std::vector<Point>& points) const {
  const auto rows = static_cast<Index>(points.size());
  Eigen::MatrixXf inputs(rows, kInputs + (prior_ ? kOutputs : 0));
  for (Index i = 0; i < rows; ++i)
    inputs.row(i).head(kInputs) = points[static_cast<std::size_t>(i)].inputs;
  if (prior_) {
    const std::vector<Outputs> expected = prior_->expect(points);
    for (Index i = 0; i < rows; ++i)
      inputs.row(i).tail(kOutputs) = expected[static_cast<std::size_t>(i)];
  }
  return inputs;
}

Outputs EvaluationModel::mean_at(const Eigen::MatrixXf& inputs, Index row) const {
  if (!prior_) return Outputs::Zero();
  return trust_.cwiseProduct(inputs.row(row).tail(kOutputs));
}

// The slope of what was found over what was expected, within 0..1; 1 until there is enough to tell.
void EvaluationModel::fit_trust(const Eigen::MatrixXf& inputs, const Eigen::MatrixXd& y) {
  constexpr double kTiny = 1e-12;
  trust_ = Outputs::Constant(prior_ && prior_->is_mean() ? 1 : 0);
  if (trust_.isZero() || y.rows() < kLeastTunePoints) return;
  const Eigen::MatrixXd prior = inputs.rightCols(kOutputs).cast<double>();
  const Eigen::MatrixXd expected = prior.rowwise() - prior.colwise().mean();
  const Eigen::MatrixXd found = y.rowwise() - y.colwise().mean();
  for (Index i = 0; i < kOutputs; ++i) {
    const double slope =
        expected.col(i).dot(found.col(i)) / (expected.col(i).squaredNorm() + kTiny);
    trust_[i] = static_cast<float>(std::clamp(slope, 0.0, 1.0));
  }
}

void EvaluationModel::learn(const std::vector<Evaluation>& log, bool tune) {
  const auto chosen = chosen_points(log, static_cast<std::size_t>(settings_.points_most));
  Eigen::MatrixXd y(static_cast<Index>(chosen.size()), kOutputs);
  std::vector<Point> points;
  for (const Evaluation* e : chosen) {
    y.row(static_cast<Index>(points.size())) = model_outputs(*e);
    points.push_back(point_of(e->design, box_));
  }
  const Eigen::MatrixXf inputs = inputs_of(points);
  fit_trust(inputs, y);
  for (Index i = 0; i < y.rows(); ++i) y.row(i) -= mean_at(inputs, i).cast<double>();
  process_.condition(inputs.cast<double>(), y);
  if (!tune || y.rows() < kLeastTunePoints) return;
  process_.tune(tuned_ ? settings_.steps : settings_.first_steps, settings_.tune_points, random_);
  tuned_ = true;
}

void EvaluationModel::persist(StateArchive& archive) {
  archive(random_, tuned_);
  process_.persist(archive);
}

void EvaluationModel::pretend(const Point& point) {
  const Rating expected = rate({point});
  const Outputs deviation = expected.mean.front() - mean_at(expected.inputs, 0);
  process_.append(expected.inputs.row(0).cast<double>().transpose(),
                  deviation.cast<double>().transpose());
}

EvaluationModel::Rating EvaluationModel::rate(const std::vector<Point>& points) const {
  Rating rating;
  rating.inputs = inputs_of(points);
  rating.prediction = process_.predict(rating.inputs);
  rating.mean.resize(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto row = static_cast<Index>(i);
    rating.mean[i] = rating.prediction.mean.row(row) + mean_at(rating.inputs, row);
  }
  return rating;
}

std::vector<Outputs> EvaluationModel::deviations(const Rating& rating,
                                                 const std::vector<Index>& rows) const {
  const Eigen::VectorXf unit = process_.deviation(rating.inputs, rating.prediction, rows);
  std::vector<Outputs> deviations(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    deviations[i] = unit[static_cast<Index>(i)] * process_.scale();
  }
  return deviations;
}

}  // namespace tilewright::model

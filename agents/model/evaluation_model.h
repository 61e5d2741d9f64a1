// What a search learns of the evaluation: rate, power, area and the constraints' margins as
// functions of a legal design, by Gaussian processes on the designs that were evaluated. The score
// and the feasibility of a design follow from these by their definitions (surrogate.md sections 8
// and 9), so the model need not learn where the score bends.
#pragma once

#include <memory>
#include <vector>

#include "agents/model/gaussian_process.h"
#include "mdp/problem.h"

namespace tilewright::model {

// Logarithms of tok/s, mW, mm2 and of 1 + margin for margins that are not a function of these.
enum Output : Eigen::Index { kRate, kPower, kArea, kDmemRoom, kImemRoom, kWmemRoom, kWcapRoom };
inline constexpr Eigen::Index kOutputs = 7;
using Outputs = Eigen::Matrix<float, 1, kOutputs>;

// Places in the unit box, then logarithms of counts that follow from them: tiles, tiles of a matrix
// product and of other operators (Eq. 10-13), and the mesh's aspect.
inline constexpr Eigen::Index kInputs = static_cast<Eigen::Index>(kActionCount) + 4;
Eigen::RowVectorXd model_inputs(const ActionVector& design, const ActionVector& unit);
Eigen::RowVectorXd model_outputs(const Evaluation& e);

// Score and shortage of a design from its outputs.
struct Judgement {
  float score = 0;
  float shortage = 0;  // sum of the sizes of negative log-margins; 0: feasible
};
class Judge {
 public:
  explicit Judge(const Problem& problem);
  Judgement operator()(const Outputs& outputs) const;

 private:
  References references_;
};

// A legal design as the planner handles it.
struct Point {
  ActionVector design{}, unit{};  // projected
  Eigen::RowVectorXf inputs;
};
Point legal_point(const ActionVector& unit, const DesignBox& box);
Point point_of(const ActionVector& design, const DesignBox& box);  // a design that is legal

// What is known of the outputs before anything is evaluated: the closed form where it may be asked,
// or what was learned on another node or workload. The model reads it as further inputs, and so
// learns how far to trust it; one that is near may also be the mean that it starts from.
class Prior {
 public:
  virtual ~Prior() = default;
  virtual std::vector<Outputs> expect(const std::vector<Point>& points) const = 0;
  virtual bool is_mean() const = 0;
};

struct ModelSettings {
  std::int64_t points_most = 250;  // that the processes are conditioned on
  std::int64_t tune_points = 300;
  int first_steps = 40, steps = 10;  // of tuning
};

class EvaluationModel {
 public:
  EvaluationModel(const Problem& problem, const ModelSettings& settings, RandomStream random,
                  std::shared_ptr<const Prior> prior = nullptr);

  // Conditions on the log (the best of it and the newest, when it is long); tunes when asked.
  // Designs count by what they are, so that a log may come from a problem with another box.
  void learn(const std::vector<Evaluation>& log, bool tune);
  // What learn() needs beside a log.
  void persist(StateArchive& archive);
  // As if `point` had been evaluated and had given what the model expects.
  void pretend(const Point& point);

  struct Rating {
    std::vector<Outputs> mean;
    GaussianProcess::Prediction prediction;
    Eigen::MatrixXf inputs;
  };
  Rating rate(const std::vector<Point>& points) const;
  // Deviations of the outputs for chosen rows of a rating.
  std::vector<Outputs> deviations(const Rating& rating,
                                  const std::vector<Eigen::Index>& rows) const;

  const Judge& judge() const { return judge_; }
  const Kernel& kernel() const { return process_.kernel(); }

 private:
  Eigen::MatrixXf inputs_of(const std::vector<Point>& points) const;
  // How far the prior may be followed as a mean, by output.
  void fit_trust(const Eigen::MatrixXf& inputs, const Eigen::MatrixXd& y);
  // Of inputs_of(): the mean that the processes learn deviations from.
  Outputs mean_at(const Eigen::MatrixXf& inputs, Eigen::Index row) const;

  Judge judge_;
  DesignBox box_;
  ModelSettings settings_;
  RandomStream random_;
  GaussianProcess process_;
  std::shared_ptr<const Prior> prior_;
  Outputs trust_ = Outputs::Zero();
  bool tuned_ = false;
};

}  // namespace tilewright::model

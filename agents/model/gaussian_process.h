// Gaussian-process regression of several outputs that share one kernel (Rasmussen and Williams
// 2006, chapters 2 and 5):
//   k(x, x') = exp(-|x - x'|^2 / 2 over smooth lengths) + linear (x - mean).(x' - mean)
//              + rough_variance exp(-|x - x'|^2 / 2 over rough lengths, on the rough inputs only)
//              + noise where x = x'.
// The evaluation is smooth in most design variables and jagged in those that decide how operators
// fall on tiles; the second exponential is for these. Outputs are standardised inside.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "support/random.h"

namespace tilewright {
class StateArchive;
}

namespace tilewright::model {

struct Kernel {
  Eigen::VectorXd smooth_lengths;  // [D]
  Eigen::VectorXd rough_lengths;   // [R]
  double rough_variance = 0.1;
  double noise = 1e-3;
  double linear = 0.5;
};

class GaussianProcess {
 public:
  // `rough_inputs` are columns of the inputs, each below `inputs`.
  GaussianProcess(Eigen::Index inputs, std::vector<Eigen::Index> rough_inputs);

  // Takes N points [N, D] and their outputs [N, M], and conditions on them; N > 0.
  void condition(const Eigen::MatrixXd& x, const Eigen::MatrixXd& y);
  // `steps` of Adam on the negative log marginal likelihood of at most `most_points` of the points
  // (drawn without replacement), with log-normal priors; conditions again.
  void tune(int steps, Eigen::Index most_points, RandomStream& random);
  // The kernel; points come by condition().
  void persist(StateArchive& archive);
  // One more point, in O(N^2), without a new standardisation.
  void append(const Eigen::VectorXd& x, const Eigen::VectorXd& y);

  struct Prediction {
    Eigen::MatrixXf mean;        // [Q, M], in the outputs' units
    Eigen::MatrixXf covariance;  // [Q, N], with the points: what deviation() needs
  };
  Prediction predict(const Eigen::MatrixXf& x) const;  // [Q, D]
  // Posterior deviations [Q] of chosen rows of a prediction, in units of scale(); `x` as in
  // predict(). Includes what is rough at the shortest lengths (noise): another design is another
  // draw of it.
  Eigen::VectorXf deviation(const Eigen::MatrixXf& x, const Prediction& prediction,
                            const std::vector<Eigen::Index>& rows) const;

  Eigen::Index points() const { return x_.rows(); }
  const Eigen::RowVectorXf& scale() const { return scale_; }  // [M], deviations of the outputs
  const Kernel& kernel() const { return kernel_; }

 private:
  void factorise();
  Eigen::RowVectorXd prior_row(const Eigen::RowVectorXd& x) const;  // covariance with the points

  std::vector<Eigen::Index> rough_inputs_;
  Kernel kernel_;
  Eigen::MatrixXd x_, y_;  // y standardised
  Eigen::RowVectorXd x_mean_, y_mean_;
  Eigen::RowVectorXf scale_;
  Eigen::MatrixXd inverse_factor_;  // of the Cholesky factor, lower triangle
  Eigen::MatrixXd weights_;         // [N, M]
};

// The objective that tune() descends, and its gradient over
// [log smooth lengths, log rough lengths, log noise, log rough variance]; for tests too.
struct Likelihood {
  double value = 0;  // negative log, up to a constant, with the priors
  Eigen::VectorXd gradient;
};
Likelihood negative_log_likelihood(const Kernel& kernel, const std::vector<Eigen::Index>& rough,
                                   const Eigen::MatrixXd& x, const Eigen::MatrixXd& y);

}  // namespace tilewright::model

#include "agents/model/gaussian_process.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "support/state_archive.h"

namespace tilewright::model {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::MatrixXf;
using Eigen::RowVectorXd;
using Eigen::VectorXd;

constexpr double kLeastVariance = 1e-8;  // of a posterior, against rounding

template <typename Matrix>
Matrix columns(const Matrix& x, const std::vector<Index>& which) {
  Matrix chosen(x.rows(), static_cast<Index>(which.size()));
  for (std::size_t i = 0; i < which.size(); ++i) {
    chosen.col(static_cast<Index>(i)) = x.col(which[i]);
  }
  return chosen;
}

// exp(-|a - b|^2 / 2) between rows that are divided by the lengths already.
template <typename Matrix>
Matrix squared_exponential(const Matrix& a, const Matrix& b) {
  Matrix k = a * b.transpose();
  k.colwise() -= a.rowwise().squaredNorm() / 2;
  k.rowwise() -= b.rowwise().squaredNorm().transpose() / 2;
  k.array() = k.array().min(0).exp();
  return k;
}

MatrixXd over(const MatrixXd& x, const VectorXd& lengths) {
  return x.array().rowwise() / lengths.transpose().array();
}

// Log-normal prior of a hyperparameter: centre and deviation of its logarithm. Limits keep a short
// search from running away.
struct Prior {
  double centre, deviation, least, most;
};
constexpr Prior kSmooth{1.5, 0.8, 0.1, 20}, kRough{0.3, 1, 0.01, 20}, kNoise{3e-4, 2, 1e-5, 0.1},
    kRoughVariance{0.1, 1.4, 1e-4, 1};

double prior_cost(const Prior& prior, double log_value, double outputs, double& gradient) {
  const double off = (log_value - std::log(prior.centre)) / prior.deviation;
  gradient += outputs * off / prior.deviation;
  return outputs * off * off / 2;
}

VectorXd to_logs(const Kernel& k) {
  const Index d = k.smooth_lengths.size(), r = k.rough_lengths.size();
  VectorXd logs(d + r + 2);
  logs << k.smooth_lengths.array().log(), k.rough_lengths.array().log(), std::log(k.noise),
      std::log(k.rough_variance);
  return logs;
}

double limited(double log_value, const Prior& prior) {
  return std::clamp(std::exp(log_value), prior.least, prior.most);
}

Kernel from_logs(const VectorXd& logs, Kernel k) {
  const Index d = k.smooth_lengths.size(), r = k.rough_lengths.size();
  for (Index i = 0; i < d; ++i) k.smooth_lengths[i] = limited(logs[i], kSmooth);
  for (Index i = 0; i < r; ++i) k.rough_lengths[i] = limited(logs[d + i], kRough);
  k.noise = limited(logs[d + r], kNoise);
  k.rough_variance = limited(logs[d + r + 1], kRoughVariance);
  return k;
}

// d/d log length_j of half the trace of w k, where k is the exponential over `scaled` rows:
// the sum over pairs of w k (x_j - x'_j)^2 / length_j^2, halved. w and k are symmetric.
VectorXd length_gradient(const MatrixXd& w, const MatrixXd& k, const MatrixXd& scaled) {
  const MatrixXd wk = w.cwiseProduct(k);
  const VectorXd rows = wk.rowwise().sum();
  const MatrixXd mixed = wk * scaled;
  const VectorXd squares =
      (scaled.array().square().colwise() * rows.array()).colwise().sum().transpose();
  return squares - scaled.cwiseProduct(mixed).colwise().sum().transpose();
}

struct Adam {
  VectorXd first, second;
  int step = 0;
  explicit Adam(Index size) : first(VectorXd::Zero(size)), second(VectorXd::Zero(size)) {}

  VectorXd update(const VectorXd& gradient, double rate) {
    constexpr double kFirst = 0.9, kSecond = 0.98, kTiny = 1e-9;
    ++step;
    first = kFirst * first + (1 - kFirst) * gradient;
    second.array() = kSecond * second.array() + (1 - kSecond) * gradient.array().square();
    const VectorXd mean = first / (1 - std::pow(kFirst, step));
    const VectorXd square = second / (1 - std::pow(kSecond, step));
    return -rate * mean.array() / (square.array().sqrt() + kTiny);
  }
};

std::vector<Index> draw_rows(Index rows, Index most, RandomStream& random) {
  std::vector<Index> order(static_cast<std::size_t>(rows));
  std::iota(order.begin(), order.end(), Index{0});
  if (rows <= most) return order;
  for (Index i = 0; i < most; ++i) {
    const auto other = i + static_cast<Index>(random.below(static_cast<std::uint64_t>(rows - i)));
    std::swap(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(other)]);
  }
  order.resize(static_cast<std::size_t>(most));
  std::sort(order.begin(), order.end());
  return order;
}

MatrixXd rows_of(const MatrixXd& x, const std::vector<Index>& which) {
  MatrixXd chosen(static_cast<Index>(which.size()), x.cols());
  for (std::size_t i = 0; i < which.size(); ++i) {
    chosen.row(static_cast<Index>(i)) = x.row(which[i]);
  }
  return chosen;
}

}  // namespace

Likelihood negative_log_likelihood(const Kernel& kernel, const std::vector<Index>& rough,
                                   const MatrixXd& x, const MatrixXd& y) {
  const Index n = x.rows(), d = kernel.smooth_lengths.size(), r = kernel.rough_lengths.size();
  const auto outputs = static_cast<double>(y.cols());
  const MatrixXd scaled = over(x, kernel.smooth_lengths);
  const MatrixXd scaled_rough = over(columns(x, rough), kernel.rough_lengths);
  const MatrixXd smooth = squared_exponential(scaled, scaled);
  const MatrixXd jagged = kernel.rough_variance * squared_exponential(scaled_rough, scaled_rough);
  const MatrixXd centred = x.rowwise() - x.colwise().mean();
  MatrixXd k = smooth + jagged + kernel.linear * (centred * centred.transpose());
  k.diagonal().array() += kernel.noise;

  const Eigen::LLT<MatrixXd> factor(k);
  const MatrixXd inverse = factor.solve(MatrixXd::Identity(n, n));
  const MatrixXd weights = inverse * y;
  const MatrixXd w = outputs * inverse - weights * weights.transpose();

  Likelihood result;
  result.gradient = VectorXd::Zero(d + r + 2);
  result.gradient.head(d) = length_gradient(w, smooth, scaled);
  result.gradient.segment(d, r) = length_gradient(w, jagged, scaled_rough);
  result.gradient[d + r] = kernel.noise * w.trace() / 2;
  result.gradient[d + r + 1] = w.cwiseProduct(jagged).sum() / 2;
  result.value = y.cwiseProduct(weights).sum() / 2 +
                 outputs * factor.matrixLLT().diagonal().array().log().sum();
  const VectorXd logs = to_logs(kernel);
  for (Index i = 0; i < logs.size(); ++i) {
    const Prior& prior = i < d        ? kSmooth
                         : i < d + r  ? kRough
                         : i == d + r ? kNoise
                                      : kRoughVariance;
    result.value += prior_cost(prior, logs[i], outputs, result.gradient[i]);
  }
  return result;
}

GaussianProcess::GaussianProcess(Index inputs, std::vector<Index> rough_inputs)
    : rough_inputs_(std::move(rough_inputs)) {
  kernel_.smooth_lengths = VectorXd::Constant(inputs, 1.2);
  kernel_.rough_lengths = VectorXd::Constant(static_cast<Index>(rough_inputs_.size()), 0.3);
}

void GaussianProcess::condition(const MatrixXd& x, const MatrixXd& y) {
  constexpr double kLeastScale = 1e-6;
  x_ = x;
  x_mean_ = x.colwise().mean();
  y_mean_ = y.colwise().mean();
  y_ = y.rowwise() - y_mean_;
  const auto count = static_cast<double>(y.rows());
  const RowVectorXd scale = (y_.colwise().squaredNorm() / count).array().sqrt() + kLeastScale;
  y_.array().rowwise() /= scale.array();
  scale_ = scale.cast<float>();
  factorise();
}

void GaussianProcess::factorise() {
  const MatrixXd scaled = over(x_, kernel_.smooth_lengths);
  const MatrixXd rough = over(columns(x_, rough_inputs_), kernel_.rough_lengths);
  const MatrixXd centred = x_.rowwise() - x_mean_;
  MatrixXd k = squared_exponential(scaled, scaled) +
               kernel_.rough_variance * squared_exponential(rough, rough) +
               kernel_.linear * (centred * centred.transpose());
  k.diagonal().array() += kernel_.noise;
  const Eigen::LLT<MatrixXd> factor(k);
  inverse_factor_ = factor.matrixL().solve(MatrixXd::Identity(k.rows(), k.cols()));
  weights_ = factor.solve(y_);
}

void GaussianProcess::tune(int steps, Index most_points, RandomStream& random) {
  constexpr double kRate = 0.08;
  const std::vector<Index> rows = draw_rows(x_.rows(), most_points, random);
  const MatrixXd x = rows_of(x_, rows), y = rows_of(y_, rows);
  VectorXd logs = to_logs(kernel_);
  Adam adam(logs.size());
  for (int i = 0; i < steps; ++i) {
    const Likelihood at = negative_log_likelihood(kernel_, rough_inputs_, x, y);
    logs += adam.update(at.gradient, kRate);
    kernel_ = from_logs(logs, kernel_);
    logs = to_logs(kernel_);
  }
  factorise();
}

void GaussianProcess::persist(StateArchive& archive) {
  for (VectorXd* lengths : {&kernel_.smooth_lengths, &kernel_.rough_lengths}) {
    std::vector<double> held(lengths->begin(), lengths->end());
    archive(held);
    archive.require(std::ssize(held) == lengths->size());
    std::copy(held.begin(), held.end(), lengths->begin());
  }
  archive(kernel_.rough_variance, kernel_.noise, kernel_.linear);
}

RowVectorXd GaussianProcess::prior_row(const RowVectorXd& x) const {
  const MatrixXd point = x;
  const MatrixXd centred = x_.rowwise() - x_mean_;
  return squared_exponential(over(point, kernel_.smooth_lengths),
                             over(x_, kernel_.smooth_lengths)) +
         kernel_.rough_variance *
             squared_exponential(over(columns(point, rough_inputs_), kernel_.rough_lengths),
                                 over(columns(x_, rough_inputs_), kernel_.rough_lengths)) +
         kernel_.linear * ((x - x_mean_) * centred.transpose());
}

void GaussianProcess::append(const VectorXd& x, const VectorXd& y) {
  const Index n = x_.rows();
  const RowVectorXd row = x.transpose();
  const VectorXd projected = inverse_factor_ * prior_row(row).transpose();
  const double own =
      1 + kernel_.rough_variance + kernel_.noise + kernel_.linear * (row - x_mean_).squaredNorm();
  const double pivot = std::sqrt(std::max(own - projected.squaredNorm(), kLeastVariance));
  inverse_factor_.conservativeResize(n + 1, n + 1);
  inverse_factor_.col(n).setZero();
  inverse_factor_.row(n).head(n) =
      -(projected.transpose() * inverse_factor_.topLeftCorner(n, n)) / pivot;
  inverse_factor_(n, n) = 1 / pivot;
  x_.conservativeResize(n + 1, Eigen::NoChange);
  x_.row(n) = row;
  y_.conservativeResize(n + 1, Eigen::NoChange);
  y_.row(n) = (y.transpose() - y_mean_).array() / scale_.cast<double>().array();
  weights_ = inverse_factor_.transpose() * (inverse_factor_ * y_);
}

GaussianProcess::Prediction GaussianProcess::predict(const MatrixXf& x) const {
  const auto scaled = [&](const MatrixXf& rows, const VectorXd& lengths) -> MatrixXf {
    return rows.array().rowwise() / lengths.transpose().cast<float>().array();
  };
  const MatrixXf points = x_.cast<float>();
  const MatrixXf centred = (x_.rowwise() - x_mean_).cast<float>();
  const Eigen::RowVectorXf mean = x_mean_.cast<float>();
  Prediction p;
  p.covariance = squared_exponential(scaled(x, kernel_.smooth_lengths),
                                     scaled(points, kernel_.smooth_lengths));
  p.covariance +=
      static_cast<float>(kernel_.rough_variance) *
      squared_exponential(scaled(columns(x, rough_inputs_), kernel_.rough_lengths),
                          scaled(columns(points, rough_inputs_), kernel_.rough_lengths));
  p.covariance += static_cast<float>(kernel_.linear) * ((x.rowwise() - mean) * centred.transpose());
  p.mean = p.covariance * weights_.cast<float>();
  p.mean.array().rowwise() *= scale_.array();
  p.mean.rowwise() += y_mean_.cast<float>();
  return p;
}

Eigen::VectorXf GaussianProcess::deviation(const MatrixXf& x, const Prediction& prediction,
                                           const std::vector<Index>& rows) const {
  const auto count = static_cast<Index>(rows.size());
  MatrixXf covariance(points(), count);
  Eigen::VectorXf own(count);
  const Eigen::RowVectorXf mean = x_mean_.cast<float>();
  const double constant = 1 + kernel_.rough_variance + kernel_.noise;
  for (Index i = 0; i < count; ++i) {
    const Index row = rows[static_cast<std::size_t>(i)];
    covariance.col(i) = prediction.covariance.row(row).transpose();
    own[i] = static_cast<float>(constant) +
             static_cast<float>(kernel_.linear) * (x.row(row) - mean).squaredNorm();
  }
  const MatrixXf factor = inverse_factor_.cast<float>();
  const MatrixXf projected = factor.triangularView<Eigen::Lower>() * covariance;
  const Eigen::VectorXf explained = projected.colwise().squaredNorm().transpose();
  return (own - explained).array().max(static_cast<float>(kLeastVariance)).sqrt();
}

}  // namespace tilewright::model

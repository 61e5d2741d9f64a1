// LSTM, GRU, RNN. X [steps, batch, input], W [directions, gates x hidden, input], R [.., hidden],
// B [directions, 2 x gates x hidden], lengths, initial state (and cell, peepholes).
#include <algorithm>
#include <cmath>
#include <functional>

#include "frontend/interpret/broadcast.h"
#include "frontend/interpret/functions.h"
#include "frontend/interpret/kernels.h"
#include "frontend/interpret/rounding.h"

namespace tilewright::kernel {
namespace {

using Activation = std::function<double(double)>;

Activation activation(const NodeRun& op, const std::string& name, double alpha, double beta) {
  if (name == "Sigmoid") return sigmoid_of<double>;
  if (name == "Tanh") return [](double x) { return std::tanh(x); };
  if (name == "Relu") return [](double x) { return std::max(x, 0.0); };
  if (name == "Affine") return [=](double x) { return alpha * x + beta; };
  if (name == "LeakyRelu") return [=](double x) { return x < 0 ? alpha * x : x; };
  if (name == "HardSigmoid")
    return [=](double x) { return std::clamp(alpha * x + beta, 0.0, 1.0); };
  if (name == "Softsign") return [](double x) { return x / (1 + std::fabs(x)); };
  if (name == "Softplus") return [](double x) { return softplus_of(x); };
  op.refuse("activation '" + name + "'");
}

class Recurrence {
 public:
  Recurrence(NodeRun& op, std::size_t gates, std::vector<std::string> defaults)
      : op_(op), gates_(gates), batch_first_(op.attr_int("layout", 0) != 0) {
    steps_ = at(op.dim(0, batch_first_ ? 1 : 0));
    batch_ = at(op.dim(0, batch_first_ ? 0 : 1));
    input_ = at(op.dim(0, 2));
    directions_ = at(op.dim(1, 0));
    hidden_ = at(op.dim(2, 2));
    const auto all = static_cast<std::int64_t>(gates_ * hidden_);
    if (directions_ < 1 || directions_ > 2 || op.dim(1, 1) != all || op.dim(2, 1) != all ||
        op.dim(1, 2) != op.dim(0, 2) || op.dim(2, 0) != op.dim(1, 0))
      op.mismatch("weights of the recurrence");
    op.require_room(product({op.dim(1, 0), 2, all}), sizeof(double));
    op.require_room(product({op.dim(0, 0), op.dim(0, 1), op.dim(1, 0), op.dim(2, 2)}),
                    sizeof(double));
    x_ = op.reals(0);
    w_ = op.reals(1);
    r_ = op.reals(2);
    b_ = op.has(3) ? op.reals(3) : std::vector<double>(directions_ * 2 * gates_ * hidden_);
    if (w_.size() != directions_ * gates_ * hidden_ * input_ ||
        r_.size() != directions_ * gates_ * hidden_ * hidden_ ||
        b_.size() != directions_ * 2 * gates_ * hidden_) {
      op.mismatch("weights of the recurrence");
    }
    if (op.has(4)) {
      for (const std::int64_t n : op.ints(4)) {
        lengths_.push_back(std::min(at(std::max<std::int64_t>(n, 0)), steps_));
      }
    }
    lengths_.resize(batch_, steps_);
    clip_ = op.attr_float("clip", 0);
    read_activations(std::move(defaults));
  }

  // cell(direction, pre, state, cell state): one step of one sequence. pre: X W' + b, by gate; the
  // recurrent part is left to the cell, which differs.
  template <typename Step>
  void run(Step step, bool has_cell) {
    std::vector<double> all(steps_ * directions_ * batch_ * hidden_);
    std::vector<double> last(directions_ * batch_ * hidden_), last_cell(last.size());
    const std::vector<double> first = op_.has(5) ? op_.reals(5) : std::vector<double>(last.size());
    const std::vector<double> first_cell =
        has_cell && op_.has(6) ? op_.reals(6) : std::vector<double>(last.size());
    if (first.size() != last.size() || first_cell.size() != last.size())
      op_.mismatch("initial state");
    const std::string way = op_.attr_string("direction", "forward");
    for (std::size_t d = 0; d < directions_; ++d) {
      const bool back = way == "reverse" || d == 1;
      for (std::size_t n = 0; n < batch_; ++n) {
        std::vector<double> h = part(first, d, n), c = part(first_cell, d, n);
        for (std::size_t t = 0; t < std::min(lengths_[n], steps_); ++t) {
          const std::size_t place = back ? lengths_[n] - 1 - t : t;
          step(d, projected(d, place, n), h, c);
          for (std::size_t j = 0; j < hidden_; ++j) all[output_place(place, d, n) + j] = h[j];
        }
        for (std::size_t j = 0; j < hidden_; ++j) {
          last[state_place(d, n) + j] = h[j];
          last_cell[state_place(d, n) + j] = c[j];
        }
      }
    }
    if (op_.has_output(0)) store(all, op_.out(0));
    if (op_.has_output(1)) store(last, op_.out(1));
    if (op_.has_output(2)) store(last_cell, op_.out(2));
  }

  std::size_t hidden() const { return hidden_; }
  // R of this gate times the state, plus its bias.
  double recurrent(std::size_t d, std::size_t gate, std::size_t j,
                   const std::vector<double>& h) const {
    const std::size_t row = (d * gates_ + gate) * hidden_ + j;
    double sum = b_[(d * 2 * gates_ + gates_ + gate) * hidden_ + j];
    for (std::size_t k = 0; k < hidden_; ++k) sum += r_[row * hidden_ + k] * h[k];
    return sum;
  }
  double f(std::size_t d, std::size_t which, double x) const {
    if (clip_ > 0) x = std::clamp(x, -clip_, clip_);
    return activations_[d * activations_.size() / directions_ + which](x);
  }

 private:
  void read_activations(std::vector<std::string> defaults) {
    const auto given = op_.node().attributes.find("activations");
    std::vector<std::string> names;
    if (given != op_.node().attributes.end())
      names = std::get<std::vector<std::string>>(given->second);
    for (std::size_t d = 0; names.size() < directions_ * defaults.size(); ++d) {
      names.insert(names.end(), defaults.begin(), defaults.end());
    }
    const std::vector<double> alphas = op_.attr_floats("activation_alpha"),
                              betas = op_.attr_floats("activation_beta");
    for (std::size_t i = 0; i < names.size(); ++i) {
      activations_.push_back(activation(op_, names[i], i < alphas.size() ? alphas[i] : 0.01,
                                        i < betas.size() ? betas[i] : 0.5));
    }
  }
  std::vector<double> projected(std::size_t d, std::size_t t, std::size_t n) const {
    const std::size_t place = (batch_first_ ? n * steps_ + t : t * batch_ + n) * input_;
    std::vector<double> pre(gates_ * hidden_);
    for (std::size_t g = 0; g < pre.size(); ++g) {
      double sum = b_[d * 2 * gates_ * hidden_ + g];
      const std::size_t row = (d * gates_ * hidden_ + g) * input_;
      for (std::size_t k = 0; k < input_; ++k) sum += w_[row + k] * x_[place + k];
      pre[g] = sum;
    }
    return pre;
  }
  std::size_t output_place(std::size_t t, std::size_t d, std::size_t n) const {
    return (batch_first_ ? (n * steps_ + t) * directions_ + d
                         : (t * directions_ + d) * batch_ + n) *
           hidden_;
  }
  std::size_t state_place(std::size_t d, std::size_t n) const {
    return (batch_first_ ? n * directions_ + d : d * batch_ + n) * hidden_;
  }
  std::vector<double> part(const std::vector<double>& states, std::size_t d, std::size_t n) const {
    const auto from = states.begin() + static_cast<std::ptrdiff_t>(state_place(d, n));
    return {from, from + static_cast<std::ptrdiff_t>(hidden_)};
  }

  NodeRun& op_;
  std::size_t gates_;
  bool batch_first_;
  std::size_t steps_ = 0, batch_ = 0, input_ = 0, directions_ = 0, hidden_ = 0;
  std::vector<double> x_, w_, r_, b_;
  std::vector<std::size_t> lengths_;
  double clip_ = 0;
  std::vector<Activation> activations_;
};

}  // namespace

void rnn(NodeRun& op) {
  Recurrence net(op, 1, {"Tanh"});
  net.run(
      [&](std::size_t d, const std::vector<double>& pre, std::vector<double>& h,
          std::vector<double>&) {
        const std::vector<double> before = h;
        for (std::size_t j = 0; j < net.hidden(); ++j)
          h[j] = net.f(d, 0, pre[j] + net.recurrent(d, 0, j, before));
      },
      false);
}

// Gates: update, reset, hidden.
void gru(NodeRun& op) {
  Recurrence net(op, 3, {"Sigmoid", "Tanh"});
  const bool after = op.attr_int("linear_before_reset", 0) != 0;
  const std::size_t n = net.hidden();
  net.run(
      [&](std::size_t d, const std::vector<double>& pre, std::vector<double>& h,
          std::vector<double>&) {
        const std::vector<double> before = h;
        std::vector<double> reset(n), held(n);
        for (std::size_t j = 0; j < n; ++j)
          reset[j] = net.f(d, 0, pre[n + j] + net.recurrent(d, 1, j, before));
        for (std::size_t j = 0; j < n; ++j) held[j] = reset[j] * before[j];
        for (std::size_t j = 0; j < n; ++j) {
          const double update = net.f(d, 0, pre[j] + net.recurrent(d, 0, j, before));
          const double past =
              after ? reset[j] * net.recurrent(d, 2, j, before) : net.recurrent(d, 2, j, held);
          h[j] = (1 - update) * net.f(d, 1, pre[2 * n + j] + past) + update * before[j];
        }
      },
      false);
}

// Gates: input, output, forget, cell. Input 7: peepholes of input, output, forget.
void lstm(NodeRun& op) {
  Recurrence net(op, 4, {"Sigmoid", "Tanh", "Tanh"});
  const std::size_t n = net.hidden();
  const std::vector<double> peep =
      op.has(7) ? op.reals(7) : std::vector<double>(at(op.dim(1, 0)) * 3 * n);
  const bool coupled = op.attr_int("input_forget", 0) != 0;
  net.run(
      [&](std::size_t d, const std::vector<double>& pre, std::vector<double>& h,
          std::vector<double>& c) {
        const std::vector<double> before = h;
        const auto gate = [&](std::size_t g, std::size_t j) {
          return pre[g * n + j] + net.recurrent(d, g, j, before);
        };
        const auto seen = [&](std::size_t g, std::size_t j, double cell) {
          return peep.at((d * 3 + g) * n + j) * cell;
        };
        for (std::size_t j = 0; j < n; ++j) {
          const double in = net.f(d, 0, gate(0, j) + seen(0, j, c[j]));
          const double forget = coupled ? 1 - in : net.f(d, 0, gate(2, j) + seen(2, j, c[j]));
          c[j] = forget * c[j] + in * net.f(d, 1, gate(3, j));
          h[j] = net.f(d, 0, gate(1, j) + seen(1, j, c[j])) * net.f(d, 2, c[j]);
        }
      },
      true);
}

}  // namespace tilewright::kernel

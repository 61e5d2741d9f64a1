#include "agents/torch/fused_sac.h"

#include <omp.h>

#include <array>
#include <cmath>
#include <limits>

#include "agents/torch/fused_math.h"

namespace tilewright::rl {
namespace {

using namespace fused;

constexpr float kLeastProbability = std::numeric_limits<float>::min();

// Parameters of one optimiser in their order, with moments and the two halves' gradients in rows
// of one piece.
struct Parameters {
  std::vector<float*> at, target;  // targets are the critics' alone
  std::vector<Index> offset, size;
  std::vector<bool> matrix;  // whose gradient is written by one product; others add up
  Rows moments, gradients;   // [2, all]

  void describe(const std::vector<Tensor>& tensors) {
    Index all = 0;
    for (const Tensor& t : tensors) {
      offset.push_back(all);
      size.push_back(t.numel());
      matrix.push_back(t.dim() == 2 && t.size(0) > 1);
      all += t.numel();
    }
    at.resize(size.size());
    moments.setZero(2, all);
    gradients.setZero(2, all);
  }
  void find(const std::vector<Tensor>& tensors, std::vector<float*>& where) const {
    where.resize(size.size());
    for (std::size_t i = 0; i < size.size(); ++i) where[i] = tensors[i].data_ptr<float>();
  }
  float* gradient(Index half, std::size_t i) { return &gradients(half, offset[i]); }
  void clear_sums(Index half) {
    for (std::size_t i = 0; i < size.size(); ++i) {
      if (!matrix[i]) gradients.row(half).segment(offset[i], size[i]).setZero();
    }
  }
  std::vector<Tensor> summed() const {
    std::vector<Tensor> all;
    for (std::size_t i = 0; i < size.size(); ++i) {
      const Tensor t = torch::empty({size[i]});
      Eigen::Map<Row>(t.data_ptr<float>(), size[i]) = gradients.row(0).segment(offset[i], size[i]) +
                                                      gradients.row(1).segment(offset[i], size[i]);
      all.push_back(t);
    }
    return all;
  }
};

struct CriticLayers {
  Layer first, second;
  const float *head = nullptr, *head_bias = nullptr;
};
struct CriticGradient {
  LayerGradient first, second;
  float *head = nullptr, *head_bias = nullptr;
};
struct PolicyLayers {
  Layer first, second, head, gate;  // the last two are linear; no gate for one expert
};
struct PolicyGradient {
  LayerGradient first, second, head, gate;
};

// Order of CriticImpl's parameters: three linear layers, then the norms where there are any.
constexpr std::size_t kCriticPlain = 6, kCriticNormed = 10;

Layer layer_at(float* const* at, Index inputs, Index outputs) {
  return {inputs, outputs, at[0], at[1], nullptr, nullptr};
}
LayerGradient gradient_at(float* const* at) {
  return {at[0], at[1], nullptr, nullptr};
}

template <typename Critic, typename MakeLayer>
Critic critic_at(float* const* at, bool norm, const MakeLayer& make) {
  Critic c{make(at, 0), make(at + 2, 1), at[4], at[5]};
  if (norm) {
    c.first.gain = at[6];
    c.first.shift = at[7];
    c.second.gain = at[8];
    c.second.shift = at[9];
  }
  return c;
}

struct Columns {  // of what the critics read
  Index action, arrival, all;
};

// The policy's outputs for half a batch and what is sampled from them. A row is a feature, a column
// a state, so that every step below runs along the states.
struct Heads {
  Rows out;                 // [experts * width] outputs, logits as probabilities; then gradients
  Rows gate;                // [experts]
  Rows p, log_p, soft;      // [one_hot] mixed; softmax with the Gumbel noise
  Rows mean, log_std;       // [moves] mixed, the latter not yet clamped
  Rows move, spread, away;  // [moves] a, exp(log_std) noise, 1 - a^2
  Rows normal, gumbel;      // noise
  Rows d_action, d_log_p;   // [inputs], [one_hot]
  Row log_density, entropy, top, total;
  std::vector<Index> choice;  // [heads * states]
};

// Workspace of half a batch: rows `begin` to `begin + count`.
struct Half {
  Index begin = 0, count = 0;
  LayerState policy_first, policy_second;
  std::array<LayerState, 2> first, second;  // of the critics
  Rows inputs;                              // [count, columns.all]
  Rows d_first, d_second;                   // [count, hidden]
  Rows d_inputs;                            // [count, columns after the state]
  Rows d_gate;                              // [experts, count]
  Eigen::ArrayXf target;
  std::array<Eigen::ArrayXf, 2> value;
  std::vector<Index> order;  // rows by the critic that rates them lower
  Heads heads;
  Eigen::ArrayXd routed, gate_sum;  // [experts]
  double critic_loss = 0, log_density = 0, entropy = 0, gate_entropy = 0, flops = 0;
};

// Rows of observations or actions in a tensor.
struct Source {
  const float* data;
  Index stride;
  explicit Source(const Tensor& t) : data(t.data_ptr<float>()), stride(t.stride(0)) {}
  const float* row(Index i) const { return data + i * stride; }
};

// exp(x - max) over `count` rows from `first`, divided by its sum.
void softmax(Rows& x, Index first, Index count, Row& top, Row& total) {
  top = x.row(first);
  for (Index i = 1; i < count; ++i) top = top.max(x.row(first + i));
  total.setZero();
  for (Index i = 0; i < count; ++i) {
    x.row(first + i) = (x.row(first + i) - top).exp();
    total += x.row(first + i);
  }
  total = total.inverse();
  for (Index i = 0; i < count; ++i) x.row(first + i) *= total;
}

}  // namespace

struct FusedSac::Work {
  Shape shape;
  SacSettings settings;
  int threads;
  Index experts, hidden, width, means, log_stds;
  Columns columns;
  Parameters policy, critics;
  std::int64_t steps = 0;
  PolicyLayers policy_layers;
  std::array<CriticLayers, 2> critic_layers, target_layers;
  std::array<PolicyGradient, 2> policy_gradient;                 // by half
  std::array<std::array<CriticGradient, 2>, 2> critic_gradient;  // by half and critic
  std::array<Half, 2> halves;
  const float* gains = nullptr;
  float alpha_moves = 0, alpha_choices = 0;
  Outcome outcome;

  Work(Shape seen, const SacSettings& s, int thread_count);
  void bind(SacNetworks& nets);
  void resize(Half& half, Index begin, Index count);

  void policy_forward(Half& half, const Source& states, bool slopes);
  void mix(Heads& heads);
  void sample(Half& half, const ActionNoise& noise);
  void choose(Half& half);
  void fill_inputs(Half& half, const Source& states) const;
  void put_actions(Half& half) const;
  void put_arrivals(Half& half) const;
  void critic_forward(const CriticLayers& critic, Half& half, std::size_t i, bool slopes);

  void learn_critics(Half& half, Index side, const Batch& batch, const Noise& noise);
  void critic_backward(Half& half, Index side, std::size_t i, const float* weights);
  void learn_policy(Half& half, Index side, const Source& states);
  void value_gradient(Half& half);
  void action_gradient(Half& half);
  void head_gradient(Half& half);
  void policy_backward(Half& half, Index side, const Source& states);
  void step_all(Parameters& parameters, const AdamStep& adam, std::vector<float*>* targets,
                Index piece) const;
  void report();
};

FusedSac::Work::Work(Shape seen, const SacSettings& s, int thread_count)
    : shape(std::move(seen)),
      settings(s),
      threads(thread_count),
      experts(s.experts),
      hidden(s.hidden),
      width(shape.head_width()),
      means(shape.one_hot() + shape.idle_moves),
      log_stds(means + shape.moves + shape.idle_moves),
      columns{shape.states, shape.states + shape.inputs(), shape.critic_inputs()} {
  const Index first = (s.batch + 1) / 2;
  resize(halves[0], 0, first);
  resize(halves[1], first, s.batch - first);
  outcome.error = torch::zeros({s.batch});
}

void FusedSac::Work::resize(Half& half, Index begin, Index count) {
  half.begin = begin;
  half.count = count;
  half.policy_first.resize(count, hidden);
  half.policy_second.resize(count, hidden);
  for (std::size_t i = 0; i < 2; ++i) {
    half.first[i].resize(count, hidden);
    half.second[i].resize(count, hidden);
    half.value[i].resize(count);
  }
  half.inputs.resize(count, columns.all);
  half.d_first.resize(count, hidden);
  half.d_second.resize(count, hidden);
  half.d_inputs.resize(count, columns.all - columns.action);
  half.d_gate.resize(experts, count);
  half.target.resize(count);
  half.order.resize(static_cast<std::size_t>(count));
  half.routed.setZero(experts);
  half.gate_sum.setZero(experts);
  Heads& h = half.heads;
  h.out.resize(experts * width, count);
  h.gate.setOnes(experts, count);
  for (Rows* rows : {&h.p, &h.log_p, &h.soft, &h.gumbel, &h.d_log_p}) {
    rows->resize(shape.one_hot(), count);
  }
  for (Rows* rows : {&h.mean, &h.log_std, &h.move, &h.spread, &h.away, &h.normal}) {
    rows->resize(shape.moves, count);
  }
  h.d_action.resize(shape.inputs(), count);
  for (Row* row : {&h.log_density, &h.entropy, &h.top, &h.total}) row->resize(count);
  h.choice.resize(static_cast<std::size_t>(shape.heads * count));
}

// Where the parameters lie; they may have moved since the last update.
void FusedSac::Work::bind(SacNetworks& nets) {
  std::vector<Tensor> all[2];
  for (std::size_t i = 0; i < 2; ++i) {
    for (const Tensor& p : nets.critics[i]->parameters()) all[0].push_back(p);
    for (const Tensor& p : nets.targets[i]->parameters()) all[1].push_back(p);
  }
  const std::vector<Tensor> own = nets.policy->parameters();
  if (policy.size.empty()) {  // the first time
    policy.describe(own);
    critics.describe(all[0]);
  }
  policy.find(own, policy.at);
  critics.find(all[0], critics.at);
  critics.find(all[1], critics.target);
  const std::size_t each = settings.layer_norm ? kCriticNormed : kCriticPlain;
  const auto layer = [&](float* const* at, int i) {
    return layer_at(at, i == 0 ? columns.all : hidden, hidden);
  };
  for (std::size_t i = 0; i < 2; ++i) {
    critic_layers[i] = critic_at<CriticLayers>(&critics.at[i * each], settings.layer_norm, layer);
    target_layers[i] =
        critic_at<CriticLayers>(&critics.target[i * each], settings.layer_norm, layer);
  }
  float* const* at = policy.at.data();
  policy_layers = {layer_at(at, shape.states, hidden), layer_at(at + 2, hidden, hidden),
                   layer_at(at + 4, hidden, experts * width), Layer{}};
  if (experts > 1) policy_layers.gate = layer_at(at + 6, shape.states, experts);
  for (Index side = 0; side < 2; ++side) {
    const auto half = static_cast<std::size_t>(side);
    std::vector<float*> g(critics.size.size());
    for (std::size_t i = 0; i < g.size(); ++i) g[i] = critics.gradient(side, i);
    const auto gradient = [](float* const* where, int) { return gradient_at(where); };
    for (std::size_t i = 0; i < 2; ++i) {
      critic_gradient[half][i] =
          critic_at<CriticGradient>(&g[i * each], settings.layer_norm, gradient);
    }
    g.resize(policy.size.size());
    for (std::size_t i = 0; i < g.size(); ++i) g[i] = policy.gradient(side, i);
    policy_gradient[half] = {gradient_at(&g[0]), gradient_at(&g[2]), gradient_at(&g[4]),
                             experts > 1 ? gradient_at(&g[6]) : LayerGradient{}};
  }
  gains = shape.places.empty() ? nullptr : nets.arrival.gains.data_ptr<float>();
}

// --- The policy forward, and actions from it.

void FusedSac::Work::policy_forward(Half& half, const Source& states, bool slopes) {
  const Index n = half.count;
  const Factor input{states.row(half.begin), states.stride};
  Heads& h = half.heads;
  const PolicyLayers& l = policy_layers;
  half.flops += forward(l.first, input, n, slopes, half.policy_first);
  half.flops +=
      forward(l.second, {half.policy_first.output.data(), hidden}, n, slopes, half.policy_second);
  half.flops += multiply(l.head.outputs, n, hidden, {l.head.weight, hidden},
                         {half.policy_second.output.data(), hidden, true}, h.out.data(), n);
  for (Index i = 0; i < l.head.outputs; ++i) h.out.row(i) += l.head.bias[i];
  if (experts > 1) {
    half.flops += multiply(experts, n, shape.states, {l.gate.weight, shape.states},
                           {input.data, input.stride, true}, h.gate.data(), n);
    for (Index k = 0; k < experts; ++k) h.gate.row(k) += l.gate.bias[k];
    softmax(h.gate, 0, experts, h.top, h.total);
  }
  mix(h);
}

// Eq. 54: probabilities of the discrete heads, means and log-stds, by the gate. One expert has a
// gate of ones.
void FusedSac::Work::mix(Heads& h) {
  h.p.setZero();
  h.mean.setZero();
  h.log_std.setZero();
  for (Index k = 0; k < experts; ++k) {
    const Index first = k * width;
    for (Index head = 0; head < shape.heads; ++head) {
      softmax(h.out, first + head * shape.choices, shape.choices, h.top, h.total);
    }
    const auto gate = h.gate.row(k);
    for (Index i = 0; i < shape.one_hot(); ++i) h.p.row(i) += gate * h.out.row(first + i);
    for (Index i = 0; i < shape.moves; ++i) {
      h.mean.row(i) += gate * h.out.row(first + means + i);
      h.log_std.row(i) += gate * h.out.row(first + log_stds + i);
    }
  }
  h.p = h.p.max(kLeastProbability);
  h.log_p = h.p.log();
}

void FusedSac::Work::sample(Half& half, const ActionNoise& noise) {
  constexpr float kLogRootTwoPi = 0.918938533F;
  using Block = Eigen::Map<const Rows>;
  Heads& h = half.heads;
  h.normal =
      Block(noise.normal.data_ptr<float>() + half.begin * shape.moves, half.count, shape.moves)
          .transpose();
  h.gumbel = Block(noise.gumbel.data_ptr<float>() + half.begin * shape.one_hot(), half.count,
                   shape.one_hot())
                 .transpose();
  h.log_density.setConstant(static_cast<float>(shape.moves) * -kLogRootTwoPi);
  for (Index i = 0; i < shape.moves; ++i) {
    const auto log_std = h.log_std.row(i).max(-20.0F).min(2.0F);
    h.spread.row(i) = log_std.exp() * h.normal.row(i);
    // tanh u and 1 - tanh^2 u by exp(-2 |u|), the latter without cancellation.
    h.total = h.mean.row(i) + h.spread.row(i);
    h.top = (-2 * h.total.abs()).exp();
    h.move.row(i) = h.total.sign() * (1 - h.top) / (1 + h.top);
    h.away.row(i) = 4 * h.top / (1 + h.top).square();
    h.log_density -= 0.5F * h.normal.row(i).square() + log_std + (h.away.row(i) + 1e-6F).log();
  }
  choose(half);
}

// Eq. 6-7: the largest of log p + Gumbel noise in each head.
void FusedSac::Work::choose(Half& half) {
  Heads& h = half.heads;
  h.soft = h.log_p + h.gumbel;
  h.entropy.setZero();
  for (Index i = 0; i < shape.one_hot(); ++i) h.entropy -= h.p.row(i) * h.log_p.row(i);
  for (Index head = 0; head < shape.heads; ++head) {
    Index* choice = h.choice.data() + head * half.count;
    const Index first = head * shape.choices;
    for (Index s = 0; s < half.count; ++s) {
      h.soft.col(s).segment(first, shape.choices).maxCoeff(choice + s);
    }
    softmax(h.soft, first, shape.choices, h.top, h.total);
  }
}

// --- The critics forward.

void FusedSac::Work::fill_inputs(Half& half, const Source& states) const {
  for (Index s = 0; s < half.count; ++s) {
    std::copy_n(states.row(half.begin + s), shape.states, &half.inputs(s, 0));
  }
}

void FusedSac::Work::put_actions(Half& half) const {
  const Heads& h = half.heads;
  half.inputs.middleCols(columns.action, shape.one_hot()).setZero();
  for (Index head = 0; head < shape.heads; ++head) {
    const Index first = columns.action + head * shape.choices;
    for (Index s = 0; s < half.count; ++s) {
      half.inputs(s, first + h.choice[static_cast<std::size_t>(head * half.count + s)]) = 1;
    }
  }
  half.inputs.middleCols(columns.action + shape.one_hot(), shape.moves) = h.move.transpose();
  put_arrivals(half);
}

// Where the action leads: its place in the state plus what it adds.
void FusedSac::Work::put_arrivals(Half& half) const {
  if (gains == nullptr) return;
  const Index middle = (shape.choices - 1) / 2;
  for (Index s = 0; s < half.count; ++s) {
    float* row = &half.inputs(s, 0);
    const float* action = row + columns.action;
    for (Index i = 0; i < shape.steps(); ++i) {
      float value = 0;
      if (i < shape.heads) {
        const float* one_hot = action + i * shape.choices;
        for (Index c = 0; c < shape.choices; ++c)
          value += one_hot[c] * static_cast<float>(c - middle);
      } else {
        value = action[shape.one_hot() + i - shape.heads];
      }
      row[columns.arrival + i] = row[shape.places[static_cast<std::size_t>(i)]] + value * gains[i];
    }
  }
}

void FusedSac::Work::critic_forward(const CriticLayers& critic, Half& half, std::size_t i,
                                    bool slopes) {
  half.flops +=
      forward(critic.first, {half.inputs.data(), columns.all}, half.count, slopes, half.first[i]);
  half.flops += forward(critic.second, {half.first[i].output.data(), hidden}, half.count, slopes,
                        half.second[i]);
  for (Index s = 0; s < half.count; ++s) {
    half.value[i][s] = dot(&half.second[i].output(s, 0), critic.head, hidden) + *critic.head_bias;
  }
}

// --- Critics: Eq. 46-47.

void FusedSac::Work::learn_critics(Half& half, Index side, const Batch& batch, const Noise& noise) {
  if (half.count == 0) return;  // the second half of a batch of one
  half.flops = 0;
  half.critic_loss = 0;
  const Source next(batch.next_states), states(batch.states), actions(batch.actions);
  policy_forward(half, next, false);
  sample(half, noise.target);
  fill_inputs(half, next);
  put_actions(half);
  for (std::size_t i = 0; i < 2; ++i) critic_forward(target_layers[i], half, i, false);
  const Eigen::Map<const Eigen::ArrayXf> rewards(batch.rewards.data_ptr<float>() + half.begin,
                                                 half.count);
  half.target = rewards + static_cast<float>(settings.discount) *
                              (half.value[0].min(half.value[1]) -
                               alpha_moves * half.heads.log_density.transpose() +
                               alpha_choices * half.heads.entropy.transpose());

  fill_inputs(half, states);
  for (Index s = 0; s < half.count; ++s) {
    std::copy_n(actions.row(half.begin + s), shape.inputs(), &half.inputs(s, columns.action));
  }
  put_arrivals(half);
  std::fill_n(outcome.error.data_ptr<float>() + half.begin, half.count, 0.0F);
  critics.clear_sums(side);
  for (std::size_t i = 0; i < 2; ++i) {
    critic_forward(critic_layers[i], half, i, true);
    critic_backward(half, side, i, batch.weights.data_ptr<float>() + half.begin);
  }

  policy_forward(half, states, true);
  sample(half, noise.actor);
  half.routed.setZero();
  for (Index s = 0; s < half.count; ++s) {
    Index most = 0;
    half.heads.gate.col(s).maxCoeff(&most);
    half.routed[most] += 1;
  }
}

void FusedSac::Work::critic_backward(Half& half, Index side, std::size_t i, const float* weights) {
  const auto at = static_cast<std::size_t>(side);
  const CriticLayers& critic = critic_layers[i];
  const CriticGradient& gradient = critic_gradient[at][i];
  const auto batch = static_cast<float>(settings.batch);
  float* size = outcome.error.data_ptr<float>() + half.begin;
  for (Index s = 0; s < half.count; ++s) {
    const float error = half.value[i][s] - half.target[s];
    size[s] += 0.5F * std::fabs(error);
    half.critic_loss += static_cast<double>(weights[s]) * static_cast<double>(error * error);
    const float d = 2 * weights[s] * error / batch;
    add_scaled(d, &half.second[i].output(s, 0), hidden, gradient.head);
    *gradient.head_bias += d;
    float* row = &half.d_second(s, 0);
    scale(d, critic.head, hidden, row);
    backward_row(critic.second, half.second[i], s, row, &gradient.second);
  }
  half.flops += weight_gradient(critic.second, half.d_second, {half.first[i].output.data(), hidden},
                                half.count, gradient.second);
  half.flops += multiply(half.count, hidden, hidden, {half.d_second.data(), hidden},
                         {critic.second.weight, hidden}, half.d_first.data(), hidden);
  for (Index s = 0; s < half.count; ++s) {
    backward_row(critic.first, half.first[i], s, &half.d_first(s, 0), &gradient.first);
  }
  half.flops += weight_gradient(critic.first, half.d_first, {half.inputs.data(), columns.all},
                                half.count, gradient.first);
}

// --- Policy: Eq. 58, and the balance of Eq. 55.

void FusedSac::Work::learn_policy(Half& half, Index side, const Source& states) {
  if (half.count == 0) return;
  fill_inputs(half, states);
  put_actions(half);
  for (std::size_t i = 0; i < 2; ++i) critic_forward(critic_layers[i], half, i, true);
  value_gradient(half);
  action_gradient(half);
  const Heads& h = half.heads;
  half.log_density = h.log_density.cast<double>().sum();
  half.entropy = h.entropy.cast<double>().sum();
  half.gate_sum = h.gate.cast<double>().rowwise().sum();
  half.gate_entropy = -(h.gate * h.gate.max(1e-12F).log()).cast<double>().sum();
  head_gradient(half);
  policy_backward(half, side, states);
}

// Of -min(q) by what the critics read after the state. Each row goes back through the one critic
// that rates it lower: rows are sorted by it, and the products are over one batch, not two.
void FusedSac::Work::value_gradient(Half& half) {
  const float d = -1 / static_cast<float>(settings.batch);
  const Index inputs = columns.all - columns.action;
  Index begin = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    const CriticLayers& critic = critic_layers[i];
    Index end = begin;
    for (Index s = 0; s < half.count; ++s) {
      if ((half.value[0][s] <= half.value[1][s]) != (i == 0)) continue;
      float* row = &half.d_second(end, 0);
      scale(d, critic.head, hidden, row);
      backward_row(critic.second, half.second[i], s, row, nullptr);
      half.order[static_cast<std::size_t>(end++)] = s;
    }
    if (end == begin) continue;
    half.flops += multiply(end - begin, hidden, hidden, {&half.d_second(begin, 0), hidden},
                           {critic.second.weight, hidden}, &half.d_first(begin, 0), hidden);
    for (Index at = begin; at < end; ++at) {
      backward_row(critic.first, half.first[i], half.order[static_cast<std::size_t>(at)],
                   &half.d_first(at, 0), nullptr);
    }
    half.flops += multiply(end - begin, inputs, hidden, {&half.d_first(begin, 0), hidden},
                           {critic.first.weight + columns.action, columns.all},
                           &half.d_inputs(begin, 0), inputs);
    begin = end;
  }
}

// Sums what reaches an action directly and by its place of arrival.
void FusedSac::Work::action_gradient(Half& half) {
  const Index middle = (shape.choices - 1) / 2;
  for (Index at = 0; at < half.count; ++at) {
    const Index s = half.order[static_cast<std::size_t>(at)];
    const float* d = &half.d_inputs(at, 0);
    const float* arrival = d + shape.inputs();
    for (Index i = 0; i < shape.inputs(); ++i) {
      float value = d[i];
      if (gains != nullptr) {
        const bool discrete = i < shape.one_hot();
        const Index step = discrete ? i / shape.choices : shape.heads + i - shape.one_hot();
        const float by = discrete ? static_cast<float>(i % shape.choices - middle) : 1.0F;
        value += arrival[step] * gains[step] * by;
      }
      half.heads.d_action(i, s) = value;
    }
  }
}

// From actions to the outputs of the experts, in their place, and to the gate.
void FusedSac::Work::head_gradient(Half& half) {
  Heads& h = half.heads;
  const float batch = static_cast<float>(settings.batch);
  const float by_move = alpha_moves / batch, by_choice = alpha_choices / batch;
  for (Index head = 0; head < shape.heads; ++head) {
    const Index first = head * shape.choices;
    h.top.setZero();    // sum of soft times gradient
    h.total.setZero();  // minus the head's entropy
    for (Index i = first; i < first + shape.choices; ++i) {
      h.top += h.d_action.row(i) * h.soft.row(i);
      h.total += h.p.row(i) * h.log_p.row(i);
    }
    for (Index i = first; i < first + shape.choices; ++i) {
      h.d_log_p.row(i) = (h.d_action.row(i) - h.top) * h.soft.row(i) +
                         by_choice * h.p.row(i) * (h.log_p.row(i) - h.total);
    }
  }
  h.d_log_p /= h.p;  // by the mixed probability
  for (Index i = 0; i < shape.moves; ++i) {
    // By u, then by log_std; the density's Jacobian adds 2 a / (1 - a^2 + 1e-6).
    const auto move = h.move.row(i);
    h.mean.row(i) =
        (h.d_action.row(shape.one_hot() + i) + 2 * by_move * move / (h.away.row(i) + 1e-6F)) *
        h.away.row(i);
    h.log_std.row(i) = (h.log_std.row(i) >= -20.0F && h.log_std.row(i) <= 2.0F)
                           .select(h.mean.row(i) * h.spread.row(i) - by_move, 0.0F);
  }
  for (Index k = 0; k < experts; ++k) {
    const Index first = k * width;
    const auto gate = h.gate.row(k);
    auto d_gate = half.d_gate.row(k);
    d_gate.setZero();
    for (Index head = 0; head < shape.heads; ++head) {
      h.total.setZero();
      for (Index c = 0; c < shape.choices; ++c) {
        const Index i = head * shape.choices + c;
        h.total += h.out.row(first + i) * h.d_log_p.row(i);
      }
      d_gate += h.total;
      for (Index c = 0; c < shape.choices; ++c) {
        const Index i = head * shape.choices + c;
        h.out.row(first + i) *= gate * (h.d_log_p.row(i) - h.total);
      }
    }
    for (Index i = 0; i < shape.moves; ++i) {
      auto mean = h.out.row(first + means + i);
      auto log_std = h.out.row(first + log_stds + i);
      d_gate += h.mean.row(i) * mean + h.log_std.row(i) * log_std;
      mean = gate * h.mean.row(i);
      log_std = gate * h.log_std.row(i);
    }
    for (Index i = 0; i < shape.idle_moves; ++i) {
      h.out.row(first + shape.one_hot() + i).setZero();
      h.out.row(first + means + shape.moves + i).setZero();
    }
  }
}

void FusedSac::Work::policy_backward(Half& half, Index side, const Source& states) {
  Heads& h = half.heads;
  const Index n = half.count;
  const Factor input{states.row(half.begin), states.stride};
  const PolicyLayers& l = policy_layers;
  const PolicyGradient& gradient = policy_gradient[static_cast<std::size_t>(side)];
  policy.clear_sums(side);
  if (experts > 1) {
    h.total.setZero();
    for (Index k = 0; k < experts; ++k) {
      const double share = halves[0].routed[k] + halves[1].routed[k];
      const auto batch = static_cast<double>(settings.batch);
      half.d_gate.row(k) += static_cast<float>(settings.balance * static_cast<double>(experts) *
                                               share / (batch * batch));
      half.d_gate.row(k) *= h.gate.row(k);
      h.total += half.d_gate.row(k);
    }
    for (Index k = 0; k < experts; ++k) {
      half.d_gate.row(k) -= h.gate.row(k) * h.total;
      gradient.gate.bias[k] = sum(&half.d_gate(k, 0), n);
    }
    half.flops += multiply(experts, shape.states, n, {half.d_gate.data(), n}, input,
                           gradient.gate.weight, shape.states);
  }
  for (Index i = 0; i < l.head.outputs; ++i) gradient.head.bias[i] = sum(&h.out(i, 0), n);
  half.flops += multiply(l.head.outputs, hidden, n, {h.out.data(), n},
                         {half.policy_second.output.data(), hidden}, gradient.head.weight, hidden);
  half.flops += multiply(n, hidden, l.head.outputs, {h.out.data(), n, true},
                         {l.head.weight, hidden}, half.d_second.data(), hidden);
  for (Index s = 0; s < n; ++s) {
    backward_row(l.second, half.policy_second, s, &half.d_second(s, 0), &gradient.second);
  }
  half.flops += weight_gradient(l.second, half.d_second, {half.policy_first.output.data(), hidden},
                                n, gradient.second);
  half.flops += multiply(n, hidden, hidden, {half.d_second.data(), hidden},
                         {l.second.weight, hidden}, half.d_first.data(), hidden);
  for (Index s = 0; s < n; ++s) {
    backward_row(l.first, half.policy_first, s, &half.d_first(s, 0), &gradient.first);
  }
  half.flops += weight_gradient(l.first, half.d_first, input, n, gradient.first);
}

// --- All together.

// Every second stretch, so that two threads have as much.
void FusedSac::Work::step_all(Parameters& parameters, const AdamStep& adam,
                              std::vector<float*>* targets, Index piece) const {
  constexpr Index kStretch = 8192;
  Index next = 0;
  for (std::size_t i = 0; i < parameters.size.size(); ++i) {
    for (Index begin = 0; begin < parameters.size[i]; begin += kStretch) {
      if (next++ % 2 != piece) continue;
      const Index at = parameters.offset[i] + begin;
      step(adam,
           {std::min(kStretch, parameters.size[i] - begin), parameters.at[i] + begin,
            &parameters.moments(0, at), &parameters.moments(1, at), &parameters.gradients(0, at),
            &parameters.gradients(1, at), targets == nullptr ? nullptr : (*targets)[i] + begin},
           static_cast<float>(settings.target_rate));
    }
  }
}

void FusedSac::Work::report() {
  const auto batch = static_cast<double>(settings.batch);
  const auto both = [&](auto member) { return halves[0].*member + halves[1].*member; };
  outcome.critic_loss = both(&Half::critic_loss) / batch;
  outcome.log_density = both(&Half::log_density) / batch;
  outcome.choice_entropy = both(&Half::entropy) / batch;
  outcome.flops = both(&Half::flops);
  if (experts == 1) return;
  const auto count = static_cast<double>(experts);
  outcome.gate.entropy = both(&Half::gate_entropy) / batch / std::log(count);
  outcome.gate.least_share = (halves[0].gate_sum + halves[1].gate_sum).minCoeff() / batch * count;
}

FusedSac::FusedSac(SacNetworks& nets, const SacSettings& settings, int threads)
    : work_(std::make_unique<Work>(nets.shape(), settings, threads)) {
  work_->bind(nets);
}
FusedSac::~FusedSac() = default;

FusedSac::Noise FusedSac::draw(const Shape& shape, std::int64_t batch,
                               torch::Generator& generator) const {
  ActionNoise target = draw_noise(shape, batch, generator);
  return {std::move(target), draw_noise(shape, batch, generator)};
}

const FusedSac::Outcome& FusedSac::update(SacNetworks& nets, const Batch& batch, const Noise& noise,
                                          const Temperatures& alpha) {
  Work& w = *work_;
  w.bind(nets);
  w.alpha_moves = static_cast<float>(alpha.moves);
  w.alpha_choices = static_cast<float>(alpha.choices);
  const AdamStep adam(w.settings.learning_rate, ++w.steps);
  const Source states(batch.states);
#pragma omp parallel num_threads(w.threads)
  {
    omp_set_num_threads(1);  // of this thread's own: oneDNN would start more
#pragma omp for schedule(static, 1)
    for (Index i = 0; i < 2; ++i) {
      w.learn_critics(w.halves[static_cast<std::size_t>(i)], i, batch, noise);
    }
#pragma omp for schedule(static, 1)
    for (Index i = 0; i < 2; ++i) w.step_all(w.critics, adam, &w.critics.target, i);
#pragma omp for schedule(static, 1)
    for (Index i = 0; i < 2; ++i) w.learn_policy(w.halves[static_cast<std::size_t>(i)], i, states);
#pragma omp for schedule(static, 1)
    for (Index i = 0; i < 2; ++i) w.step_all(w.policy, adam, nullptr, i);
  }
  w.report();
  return w.outcome;
}

FusedSac::Optimiser FusedSac::optimiser() const {
  const auto copy = [](const Rows& moments) {
    const Tensor t = torch::empty({moments.rows(), moments.cols()});
    std::copy_n(moments.data(), moments.size(), t.data_ptr<float>());
    return t;
  };
  return {copy(work_->policy.moments), copy(work_->critics.moments), work_->steps};
}

void FusedSac::set_optimiser(const Optimiser& held) {
  std::copy_n(held.policy.data_ptr<float>(), held.policy.numel(), work_->policy.moments.data());
  std::copy_n(held.critics.data_ptr<float>(), held.critics.numel(), work_->critics.moments.data());
  work_->steps = held.steps;
}

std::vector<Tensor> FusedSac::critic_gradients() const {
  return work_->critics.summed();
}
std::vector<Tensor> FusedSac::policy_gradients() const {
  return work_->policy.summed();
}

}  // namespace tilewright::rl

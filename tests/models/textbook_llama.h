// The textbook Llama and Mixtral, written down a second time: plain loops in double.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "evaluator.h"
#include "models/models.h"

namespace tilewright::test {

using Vector = std::vector<double>;

// One sequence, token by token, with its own cache; a feed-forward network or a mixture of experts
// by the shape.
class TextbookLlama {
 public:
  TextbookLlama(const DecoderShape& shape, const onnx::GraphProto& graph) : shape_(shape) {
    for (const auto& weight : graph.initializer()) {
      weights_[weight.name()] = test::array_of(weight);
    }
    keys_.resize(static_cast<std::size_t>(shape.layers));
    values_.resize(keys_.size());
  }

  Vector next(int token) {
    const Array& table = weights_.at("model.embed_tokens.weight");
    Vector x(table.data.begin() + token * shape_.hidden,
             table.data.begin() + (token + 1) * shape_.hidden);
    for (int layer = 0; layer < shape_.layers; ++layer) {
      const std::string name = "model.layers." + std::to_string(layer) + ".";
      add(x, attention(layer, name + "self_attn.", norm(x, name + "input_layernorm")));
      const Vector between = norm(x, name + "post_attention_layernorm");
      add(x, shape_.experts > 0 ? mixture(name + "block_sparse_moe.", between)
                                : feed_forward(name + "mlp.", between));
    }
    ++position_;
    return times(norm(x, "model.norm"), "lm_head");
  }

  const std::set<std::size_t>& chosen() const { return chosen_; }  // experts, of all tokens so far

 private:
  static void add(Vector& x, const Vector& y) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] += y[i];
    }
  }

  Vector norm(const Vector& x, const std::string& name) const {
    double squares = 0;
    for (double v : x) {
      squares += v * v;
    }
    const double scale =
        1 / std::sqrt(squares / static_cast<double>(x.size()) + shape_.norm_epsilon);
    Vector result = x;
    for (std::size_t i = 0; i < x.size(); ++i) {
      result[i] *= scale * weights_.at(name + ".weight").data[i];
    }
    return result;
  }

  Vector times(const Vector& x, const std::string& name) const {
    const Array& w = weights_.at(name + ".weight");
    const auto columns = static_cast<std::size_t>(w.shape[1]);
    Vector result(columns, 0);
    for (std::size_t i = 0; i < x.size(); ++i) {
      for (std::size_t j = 0; j < columns; ++j) {
        result[j] += x[i] * w.data[i * columns + j];
      }
    }
    return result;
  }

  // Expert `expert` of stacked weights [experts, in, out].
  Vector times_expert(const Vector& x, const std::string& name, std::size_t expert) const {
    const Array& w = weights_.at(name + ".weight");
    const auto columns = static_cast<std::size_t>(w.shape[2]);
    const std::size_t first = expert * x.size() * columns;
    Vector result(columns, 0);
    for (std::size_t i = 0; i < x.size(); ++i) {
      for (std::size_t j = 0; j < columns; ++j) {
        result[j] += x[i] * w.data[first + i * columns + j];
      }
    }
    return result;
  }

  // Turns the pair (i, i + head/2) of every head by position * frequency.
  void rotate(Vector& x) const {
    const auto head = static_cast<std::size_t>(shape_.hidden / shape_.heads);
    for (std::size_t start = 0; start < x.size(); start += head) {
      for (std::size_t i = 0; i < head / 2; ++i) {
        const double angle = position_ * std::pow(shape_.rope_theta, -2.0 * static_cast<double>(i) /
                                                                         static_cast<double>(head));
        double &a = x[start + i], &b = x[start + i + head / 2];
        const double turned = a * std::cos(angle) - b * std::sin(angle);
        b = b * std::cos(angle) + a * std::sin(angle);
        a = turned;
      }
    }
  }

  Vector attention(int layer, const std::string& name, const Vector& x) {
    Vector query = times(x, name + "q_proj"), key = times(x, name + "k_proj");
    rotate(query);
    rotate(key);
    auto& keys = keys_[static_cast<std::size_t>(layer)];
    auto& values = values_[static_cast<std::size_t>(layer)];
    keys.push_back(key);
    values.push_back(times(x, name + "v_proj"));
    const auto head = static_cast<std::size_t>(shape_.hidden / shape_.heads);
    const auto share = static_cast<std::size_t>(shape_.heads / shape_.kv_heads);
    Vector mixed(x.size(), 0);
    for (std::size_t h = 0; h < x.size() / head; ++h) {
      Vector odds;
      double sum = 0;
      for (const Vector& k : keys) {
        double score = 0;
        for (std::size_t i = 0; i < head; ++i) {
          score += query[h * head + i] * k[h / share * head + i];
        }
        odds.push_back(std::exp(score / std::sqrt(static_cast<double>(head))));
        sum += odds.back();
      }
      for (std::size_t t = 0; t < keys.size(); ++t) {
        for (std::size_t i = 0; i < head; ++i) {
          mixed[h * head + i] += odds[t] / sum * values[t][h / share * head + i];
        }
      }
    }
    return times(mixed, name + "o_proj");
  }

  static Vector gated(Vector gate, const Vector& up) {
    for (std::size_t i = 0; i < gate.size(); ++i) {
      gate[i] = gate[i] / (1 + std::exp(-gate[i])) * up[i];
    }
    return gate;
  }

  Vector feed_forward(const std::string& name, const Vector& x) const {
    return times(gated(times(x, name + "gate_proj"), times(x, name + "up_proj")),
                 name + "down_proj");
  }

  // Every expert's answer, weighted by a softmax over the logits of the chosen alone (which equals
  // the softmax over all, scaled to the sum 1); a logit below the last chosen one has weight 0.
  Vector mixture(const std::string& name, const Vector& x) {
    const Vector logits = times(x, name + "gate");
    Vector sorted = logits;
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    const double last = sorted[static_cast<std::size_t>(shape_.experts_per_token) - 1];
    double sum = 0;
    for (const double logit : logits) {
      sum += logit >= last ? std::exp(logit) : 0;
    }
    Vector result(x.size(), 0);
    const std::string experts = name + "experts.";
    for (std::size_t e = 0; e < logits.size(); ++e) {
      const Vector gate = times_expert(x, experts + "gate_proj", e);
      const Vector up = times_expert(x, experts + "up_proj", e);
      const Vector answer = times_expert(gated(gate, up), experts + "down_proj", e);
      const double weight = logits[e] >= last ? std::exp(logits[e]) / sum : 0;
      if (weight > 0) {
        chosen_.insert(e);
      }
      for (std::size_t i = 0; i < x.size(); ++i) {
        result[i] += weight * answer[i];
      }
    }
    return result;
  }

  DecoderShape shape_;
  Arrays weights_;
  std::vector<std::vector<Vector>> keys_, values_;
  std::set<std::size_t> chosen_;
  int position_ = 0;
};

}  // namespace tilewright::test

// com.microsoft: what ONNX Runtime's optimiser fuses. Formulas: its ContribOperators.md.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

#include "frontend/attention.h"
#include "frontend/interpret/attend.h"
#include "frontend/interpret/broadcast.h"
#include "frontend/interpret/functions.h"
#include "frontend/interpret/kernels.h"
#include "frontend/interpret/rounding.h"

namespace tilewright::kernel {
namespace {

// f(x + bias), the bias along the last axis.
template <typename F>
void biased(NodeRun& op, F f) {
  std::vector<double> x = op.reals(0);
  if (op.has(1)) {
    const std::vector<double> bias = op.reals(1);
    if (bias.empty() || x.size() % bias.size() != 0) op.mismatch("the bias does not fit the input");
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += bias[i % bias.size()];
  }
  for (double& v : x) v = f(v);
  store(x, op.out(0));
}

struct NormInputs {
  std::size_t gamma;
  std::optional<std::size_t> beta, bias;
};

// Normalised rows of x in place.
void normalise_rows(NodeRun& op, std::vector<double>& x, bool centred, const NormInputs& inputs,
                    double default_epsilon) {
  const double epsilon = op.attr_float("epsilon", default_epsilon);
  const std::vector<double> gamma = op.reals(inputs.gamma);
  const std::vector<double> beta =
      inputs.beta && op.has(*inputs.beta) ? op.reals(*inputs.beta) : std::vector<double>{};
  const std::size_t width = gamma.size();
  if (width == 0 || x.size() % width != 0) op.mismatch("gamma does not fit the input");
  for (std::size_t row = 0; row < x.size(); row += width) {
    double mean = 0, square = 0;
    for (std::size_t i = 0; i < width; ++i) mean += centred ? x[row + i] : 0;
    mean /= static_cast<double>(width);
    for (std::size_t i = 0; i < width; ++i) square += (x[row + i] - mean) * (x[row + i] - mean);
    const double inverse = 1 / std::sqrt(square / static_cast<double>(width) + epsilon);
    for (std::size_t i = 0; i < width; ++i) {
      x[row + i] = (x[row + i] - mean) * inverse * gamma[i] + (beta.empty() ? 0 : beta.at(i));
    }
  }
}

void skip_norm(NodeRun& op, bool centred, const NormInputs& inputs) {
  std::vector<double> x = op.reals(0);
  const std::vector<double> skip = op.reals(1);
  const std::vector<double> bias =
      inputs.bias && op.has(*inputs.bias) ? op.reals(*inputs.bias) : std::vector<double>{};
  if (skip.empty() || x.size() % skip.size() != 0) op.mismatch("skip does not fit the input");
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] += skip[i % skip.size()] + (bias.empty() ? 0 : bias[i % bias.size()]);
  }
  if (op.has_output(3)) store(x, op.out(3));
  normalise_rows(op, x, centred, inputs, 1e-5);
  store(x, op.out(0));
}

// Cosines and sines by position.
struct Rotation {
  std::vector<double> cosines, sines;
  std::int64_t width = 0;
  Rotation(const NodeRun& op, std::size_t cosine, std::size_t sine)
      : cosines(op.reals(cosine)), sines(op.reals(sine)), width(op.dim(cosine, -1)) {}
  std::pair<double, double> at_position(std::int64_t position, std::int64_t pair) const {
    const auto rows = width == 0 ? 0 : static_cast<std::int64_t>(cosines.size()) / width;
    if (position < 0 || position >= rows) throw std::out_of_range("position");
    const std::size_t place = at(position * width + pair);
    return {cosines.at(place), sines.at(place)};
  }
};

}  // namespace

void ms_gelu(NodeRun& op) {
  biased(op, erf_gelu<double>);
}
void fast_gelu(NodeRun& op) {
  biased(op, tanh_gelu<double>);
}
void quick_gelu(NodeRun& op) {
  const double alpha = op.attr_float("alpha", 1.702);
  biased(op, [&](double x) { return x / (1 + std::exp(-alpha * x)); });
}
void bias_add(NodeRun& op) {
  biased(op, [](double x) { return x; });
  if (!op.has(2)) return;
  std::vector<double> y = as_reals(op.out(0));
  const std::vector<double> skip = op.reals(2);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += skip.at(i);
  store(y, op.out(0));
}

// input, skip, gamma, beta, bias
void skip_layer_normalization(NodeRun& op) {
  skip_norm(op, true, {2, 3, 4});
}
// input, skip, gamma, bias
void skip_simplified_layer_normalization(NodeRun& op) {
  skip_norm(op, false, {2, std::nullopt, 3});
}
// input, gamma
void simplified_layer_normalization(NodeRun& op) {
  std::vector<double> x = op.reals(0);
  normalise_rows(op, x, false, {1, std::nullopt, std::nullopt}, 1e-5);
  store(x, op.out(0));
}

// PULP's: the same with another default.
void pulp_rms_norm(NodeRun& op) {
  std::vector<double> x = op.reals(0);
  normalise_rows(op, x, false, {1, std::nullopt, std::nullopt}, 1e-6);
  store(x, op.out(0));
}

// input, position_ids, cos_cache, sin_cache; one id is where a sequence starts.
void ms_rotary_embedding(NodeRun& op) {
  const Rotation rotation(op, 2, 3);
  const std::int64_t given = op.attr_int("rotary_embedding_dim", 0);
  std::int64_t heads = op.attr_int("num_heads", 0);
  if (rotation.width == 0) op.mismatch("a cache of no angles");
  if (heads == 0) heads = op.rank(0) == 3 ? op.dim(0, 2) / (rotation.width * 2) : 1;
  Heads x = heads_from(op, 0, heads);
  const std::vector<std::int64_t> ids = op.ints(1);
  for (const std::int64_t id : ids) {
    if (id < 0 || id > 1LL << 48) op.mismatch("a position out of range");
  }
  rotate(x, given == 0 ? x.dim : given, op.attr_int("interleaved", 0) != 0,
         [&](std::int64_t b, std::int64_t s, std::int64_t pair) {
           const std::int64_t position =
               ids.size() == 1 ? ids[0] + s : ids.at(at(b * x.sequence + s));
           return rotation.at_position(position, pair);
         });
  store(op.rank(0) == 3 ? rows_of(x) : x.x, op.out(0));
}

// query, key, value, past_key, past_value, last positions, total length, cos_cache, sin_cache
void group_query_attention(NodeRun& op) {
  const std::int64_t heads = heads_of(op, "num_heads"), kv_heads = heads_of(op, "kv_num_heads");
  Heads q, k, v;
  if (op.has(1)) {
    q = heads_from(op, 0, heads);
    k = heads_from(op, 1, kv_heads);
    v = heads_from(op, 2, kv_heads);
  } else {  // packed: the heads of queries, keys and values side by side
    const Heads all = heads_from(op, 0, heads + 2 * kv_heads);
    const auto part = [&](std::int64_t first, std::int64_t count) {
      Heads h{all.batch, count, all.sequence, all.dim, {}};
      for (std::int64_t b = 0; b < all.batch; ++b) {
        const auto from = all.x.begin() + all.first(b, first, 0);
        h.x.insert(h.x.end(), from, from + count * all.sequence * all.dim);
      }
      return h;
    };
    q = part(0, heads);
    k = part(heads, kv_heads);
    v = part(heads + kv_heads, kv_heads);
  }
  if (v.dim != q.dim || k.sequence != q.sequence || v.sequence != q.sequence)
    op.mismatch("queries, keys and values");
  // Where each sequence's new tokens begin: behind what it has already seen.
  const std::vector<std::int64_t> last = op.ints(5);
  if (last.size() != at(q.batch)) op.mismatch("as many lengths as sequences are needed");
  const std::int64_t held = op.has(3) ? op.dim(3, 2) : 0;
  for (std::int64_t b = 0; b < q.batch; ++b) {
    if (last[at(b)] != held + q.sequence - 1)
      op.refuse("sequences of several lengths, or a buffer that is not full");
  }
  if (op.attr_int("do_rotary", 0) != 0) {
    const Rotation rotation(op, 7, 8);
    for (Heads* const x : {&q, &k}) {
      rotate(*x, 2 * rotation.width, op.attr_int("rotary_interleaved", 0) != 0,
             [&](std::int64_t, std::int64_t s, std::int64_t pair) {
               return rotation.at_position(held + s, pair);
             });
    }
  }
  k = appended(op, 3, k);
  v = appended(op, 4, v);
  Attending how;
  const double scale = op.attr_float("scale", 0);
  how.scale = scale == 0 ? 1 / std::sqrt(static_cast<double>(q.dim)) : scale;
  how.softcap = op.attr_float("softcap", 0);
  const std::int64_t window = op.attr_int("local_window_size", -1);
  how.bias = [&](std::int64_t, std::int64_t, std::int64_t s, std::int64_t t) {
    const std::int64_t position = held + s;
    const bool hidden = t > position || (window >= 0 && t <= position - window);
    return hidden ? -std::numeric_limits<double>::infinity() : 0.0;
  };
  store(rows_of(attend(op, q, k, v, how)), op.out(0));
  if (op.has_output(1)) store(k.x, op.out(1));
  if (op.has_output(2)) store(v.x, op.out(2));
}

// query, key, value, bias, key_padding_mask, attention_bias, past_key, past_value
void multi_head_attention(NodeRun& op) {
  const std::int64_t heads = heads_of(op, "num_heads");
  if (op.rank(0) != 3 || !op.has(1) || !op.has(2)) op.refuse("packed queries, keys and values");
  if (op.has(4)) op.refuse("a key padding mask");
  const auto projected = [&](std::size_t input, std::size_t part) {
    if (op.rank(input) == 4) return heads_from(op, input, heads);
    if (op.rank(input) != 3 || op.dim(input, 2) % heads != 0) op.mismatch("num_heads");
    std::vector<double> rows = op.reals(input);
    if (op.has(3)) {
      const std::vector<double> bias = op.reals(3);
      const std::size_t width = at(op.dim(input, 2)), first = part * at(op.dim(0, 2));
      for (std::size_t i = 0; i < rows.size(); ++i) rows[i] += bias.at(first + i % width);
    }
    return heads_of_rows(op.dim(input, 0), op.dim(input, 1), heads, rows);
  };
  const Heads q = projected(0, 0);
  const Heads k = appended(op, 6, projected(1, 1)), v = appended(op, 7, projected(2, 2));
  Attending how;
  const double scale = op.attr_float("scale", 0);
  how.scale = scale == 0 ? 1 / std::sqrt(static_cast<double>(q.dim)) : scale;
  const std::vector<double> bias = op.has(5) ? op.reals(5) : std::vector<double>{};
  const Shape shape = op.has(5) ? op.shape(5) : Shape{};
  if (!shape.empty() && shape.size() != 4) op.mismatch("an attention bias of rank 4 is needed");
  const bool causal = op.attr_int("unidirectional", 0) != 0;
  const std::int64_t past = k.sequence - q.sequence;
  how.bias = [&](std::int64_t b, std::int64_t h, std::int64_t s, std::int64_t t) {
    if (causal && t > s + past) return -std::numeric_limits<double>::infinity();
    if (shape.empty()) return 0.0;
    const std::int64_t row =
        ((shape[0] == 1 ? 0 : b) * shape[1] + (shape[1] == 1 ? 0 : h)) * shape[2] + s;
    return bias.at(at(row * shape[3] + t));
  };
  store(rows_of(attend(op, q, k, v, how)), op.out(0));
  if (op.has_output(1)) store(k.x, op.out(1));
  if (op.has_output(2)) store(v.x, op.out(2));
}

// A [.., K] times the matrix [N, K] that is packed in blocks of `bits` each with a scale.
void matmul_nbits(NodeRun& op) {
  const std::int64_t k = op.attr_int("K", 0), n = op.attr_int("N", 0);
  const std::int64_t bits = op.attr_int("bits", 4), block = op.attr_int("block_size", 32);
  if (bits != 4 || block < 16 || op.has(4))
    op.refuse("other than 4 bits, or with an index of groups");
  constexpr std::int64_t kMost = std::int64_t{1} << 28;
  if (k < 1 || n < 1 || k > kMost || n > kMost || block > kMost) op.mismatch("K, N or block_size");
  const std::int64_t blocks = (k + block - 1) / block;
  const std::vector<std::int64_t> packed = op.ints(1);
  const std::vector<double> scales = op.reals(2), a = op.reals(0);
  const bool zeros = op.has(3);
  const std::vector<std::int64_t> zero = zeros ? op.ints(3) : std::vector<std::int64_t>{};
  if (packed.size() != at(n * blocks * block / 2) || scales.size() != at(n * blocks)) {
    op.mismatch("the packed matrix does not have the size that K and N ask for");
  }
  const auto nibble = [](std::int64_t byte, std::int64_t i) {
    return (byte >> (4 * (i % 2))) & 15;
  };
  std::vector<double> y;
  const std::int64_t rows = k == 0 ? 0 : static_cast<std::int64_t>(a.size()) / k;
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < n; ++c) {
      double sum = 0;
      for (std::int64_t i = 0; i < k; ++i) {
        const std::int64_t group = c * blocks + i / block;
        const std::int64_t z =
            zeros ? nibble(zero.at(at(c * ((blocks + 1) / 2) + i / block / 2)), i / block) : 8;
        const std::int64_t w = nibble(packed[at((group * block + i % block) / 2)], i);
        sum += a[at(r * k + i)] * static_cast<double>(w - z) * scales[at(group)];
      }
      y.push_back(sum);
    }
  }
  if (op.has(5)) {
    const std::vector<double> bias = op.reals(5);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += bias.at(i % at(n));
  }
  store(y, op.out(0));
}

}  // namespace tilewright::kernel

// Attention and RotaryEmbedding of the standard domain.
#include <cmath>
#include <limits>

#include "frontend/interpret/attend.h"
#include "frontend/interpret/broadcast.h"
#include "frontend/interpret/kernels.h"
#include "frontend/interpret/rounding.h"

namespace tilewright::kernel {
namespace {

constexpr double kHidden = -std::numeric_limits<double>::infinity();

// The mask input as [batch, heads, queries, keys] with axes that may be 1; keys beyond it are
// hidden.
class Mask {
 public:
  Mask(const NodeRun& op, std::size_t input) {
    if (!op.has(input)) return;
    values_ = op.reals(input);
    if (op.input(input).type == DType::kBool) {
      for (double& v : values_) v = v != 0 ? 0 : kHidden;
    }
    shape_ = op.shape(input);
    if (shape_.size() > 4 || shape_.empty())
      op.mismatch("a mask of rank " + std::to_string(shape_.size()));
    shape_.insert(shape_.begin(), 4 - shape_.size(), 1);
  }
  // Each axis but the last is that of the scores, or 1.
  void check(const NodeRun& op, const Heads& q) const {
    const std::int64_t extents[] = {q.batch, q.heads, q.sequence};
    for (std::size_t i = 0; i < 3 && !shape_.empty(); ++i) {
      if (shape_[i] != 1 && shape_[i] != extents[i]) op.mismatch("the mask does not fit");
    }
  }
  double operator()(std::int64_t b, std::int64_t h, std::int64_t s, std::int64_t t) const {
    if (shape_.empty()) return 0;
    if (shape_[3] != 1 && t >= shape_[3]) return kHidden;
    const auto pick = [](std::int64_t i, std::int64_t extent) { return extent == 1 ? 0 : i; };
    const std::int64_t place =
        ((pick(b, shape_[0]) * shape_[1] + pick(h, shape_[1])) * shape_[2] + pick(s, shape_[2])) *
            shape_[3] +
        pick(t, shape_[3]);
    return values_.at(at(place));
  }

 private:
  std::vector<double> values_;
  Shape shape_;
};

}  // namespace

// Q, K, V, mask, past_key, past_value, keys that count (opset 24)
void attention(NodeRun& op) {
  const std::int64_t q_heads = op.attr_int("q_num_heads", 0),
                     kv_heads = op.attr_int("kv_num_heads", 0);
  const Heads q = heads_from(op, 0, q_heads);
  const Heads fresh = heads_from(op, 1, kv_heads);
  const std::int64_t past = op.has(4) ? op.dim(4, 2) : 0;
  const Heads k = appended(op, 4, fresh), v = appended(op, 5, heads_from(op, 2, kv_heads));
  const Mask mask(op, 3);
  mask.check(op, q);
  const bool causal = op.attr_int("is_causal", 0) != 0;
  const std::vector<std::int64_t> counted = op.has(6) ? op.ints(6) : std::vector<std::int64_t>{};
  Attending how;
  how.scale = op.attr_float("scale", 1 / std::sqrt(static_cast<double>(q.dim)));
  how.softcap = op.attr_float("softcap", 0);
  how.bias = [&](std::int64_t b, std::int64_t h, std::int64_t s, std::int64_t t) {
    if (!counted.empty() && t >= counted.at(at(b))) return kHidden;
    // With all keys in one buffer, the queries are the last of those that count.
    const std::int64_t offset = counted.empty() ? past : counted.at(at(b)) - q.sequence;
    if (causal && t > s + offset) return kHidden;
    return mask(b, h, s, t);
  };
  how.keep = static_cast<int>(op.attr_int("qk_matmul_output_mode", 0));
  std::vector<double> kept;
  const Heads y = attend(op, q, k, v, how, op.has_output(3) ? &kept : nullptr);
  store(op.rank(0) == 3 ? rows_of(y) : y.x, op.out(0));
  if (op.has_output(1)) store(k.x, op.out(1));
  if (op.has_output(2)) store(v.x, op.out(2));
  if (op.has_output(3)) store(kept, op.out(3));
}

// X, cos_cache, sin_cache, [position_ids]
void rotary_embedding(NodeRun& op) {
  Heads x = heads_from(op, 0, op.attr_int("num_heads", 0));
  const std::int64_t given = op.attr_int("rotary_embedding_dim", 0);
  const std::int64_t turned = given == 0 ? x.dim : given;
  if (turned > x.dim || turned % 2 != 0) op.mismatch("rotary_embedding_dim");
  const std::vector<double> cosines = op.reals(1), sines = op.reals(2);
  const std::int64_t width = op.dim(1, -1);
  const std::vector<std::int64_t> positions = op.has(3) ? op.ints(3) : std::vector<std::int64_t>{};
  rotate(x, turned, op.attr_int("interleaved", 0) != 0,
         [&](std::int64_t b, std::int64_t s, std::int64_t pair) {
           // Caches by position, or one row for every batch and step.
           const std::int64_t step = b * x.sequence + s;
           const std::int64_t row = positions.empty() ? step : positions.at(at(step));
           if (row < 0 || row > 1LL << 32) op.mismatch("a position out of range");
           const std::size_t place = at(row * width + pair);
           return std::pair(cosines.at(place), sines.at(place));
         });
  store(op.rank(0) == 3 ? rows_of(x) : x.x, op.out(0));
}

}  // namespace tilewright::kernel

#include "frontend/interpret/attend.h"

#include <algorithm>
#include <cmath>

#include "frontend/interpret/broadcast.h"
#include "support/error.h"

namespace tilewright::kernel {

Heads heads_of_rows(std::int64_t batch, std::int64_t sequence, std::int64_t heads,
                    const std::vector<double>& rows) {
  Heads out{batch, heads, sequence, 0, std::vector<double>(rows.size())};
  out.dim = rows.empty() ? 0 : static_cast<std::int64_t>(rows.size()) / (batch * sequence * heads);
  for (std::int64_t b = 0; b < batch; ++b) {
    for (std::int64_t s = 0; s < sequence; ++s) {
      for (std::int64_t h = 0; h < heads; ++h) {
        std::copy_n(rows.begin() + ((b * sequence + s) * heads + h) * out.dim, out.dim,
                    out.x.begin() + out.first(b, h, s));
      }
    }
  }
  return out;
}

Heads heads_from(const NodeRun& op, std::size_t input, std::int64_t heads) {
  if (op.rank(input) == 4) {
    return {op.dim(input, 0), op.dim(input, 1), op.dim(input, 2), op.dim(input, 3),
            op.reals(input)};
  }
  if (op.rank(input) != 3 || heads < 1 || heads > 1 << 20 || op.dim(input, 2) % heads != 0) {
    op.mismatch("input " + std::to_string(input) + " is not one of " + std::to_string(heads) +
                " heads");
  }
  return heads_of_rows(op.dim(input, 0), op.dim(input, 1), heads, op.reals(input));
}

Heads appended(const NodeRun& op, std::size_t past, Heads fresh) {
  if (!op.has(past) || op.input(past).elements() == 0) return fresh;
  const Heads old = heads_from(op, past, 0);
  if (old.batch != fresh.batch || old.heads != fresh.heads || old.dim != fresh.dim) {
    op.mismatch("the past does not fit the new keys or values");
  }
  Heads all{fresh.batch, fresh.heads, old.sequence + fresh.sequence, fresh.dim, {}};
  for (std::int64_t n = 0; n < fresh.batch * fresh.heads; ++n) {
    for (const Heads* const part : {&old, static_cast<const Heads*>(&fresh)}) {
      const std::int64_t each = part->sequence * part->dim;
      all.x.insert(all.x.end(), part->x.begin() + n * each, part->x.begin() + (n + 1) * each);
    }
  }
  return all;
}

std::vector<double> rows_of(const Heads& heads) {
  std::vector<double> rows(heads.x.size());
  for (std::int64_t b = 0; b < heads.batch; ++b) {
    for (std::int64_t h = 0; h < heads.heads; ++h) {
      for (std::int64_t s = 0; s < heads.sequence; ++s) {
        std::copy_n(heads.x.begin() + heads.first(b, h, s), heads.dim,
                    rows.begin() + ((b * heads.sequence + s) * heads.heads + h) * heads.dim);
      }
    }
  }
  return rows;
}

namespace {

// In place; all zeros where nothing may be seen.
void softmax(std::vector<double>& scores) {
  const double most = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (double& s : scores) {
    s = std::isinf(most) && most < 0 ? 0 : std::exp(s - most);
    sum += s;
  }
  for (double& s : scores) s = sum == 0 ? 0 : s / sum;
}

}  // namespace

Heads attend(const NodeRun& op, const Heads& q, const Heads& k, const Heads& v,
             const Attending& how, std::vector<double>* kept) {
  if (k.heads < 1 || q.heads % k.heads != 0 || v.heads != k.heads || k.dim != q.dim ||
      v.sequence != k.sequence || k.batch != q.batch || v.batch != q.batch) {
    op.mismatch("queries, keys and values do not fit each other");
  }
  const std::int64_t rows = product({q.batch, q.heads, q.sequence});
  op.require_room(product({rows, v.dim}), sizeof(double));
  op.require_room(k.sequence, sizeof(double));
  if (kept != nullptr) op.require_room(product({rows, k.sequence}), sizeof(double));
  Heads y{q.batch, q.heads, q.sequence, v.dim, {}};
  y.x.resize(at(rows * v.dim));
  const std::int64_t shared = q.heads / k.heads;
  std::vector<double> scores(at(k.sequence));
  for (std::int64_t b = 0; b < q.batch; ++b) {
    for (std::int64_t h = 0; h < q.heads; ++h) {
      for (std::int64_t s = 0; s < q.sequence && k.sequence > 0; ++s) {
        const auto keep = [&](int stage) {
          if (kept != nullptr && how.keep == stage)
            kept->insert(kept->end(), scores.begin(), scores.end());
        };
        const double* const query = q.x.data() + q.first(b, h, s);
        for (std::int64_t t = 0; t < k.sequence; ++t) {
          const double* const key = k.x.data() + k.first(b, h / shared, t);
          double sum = 0;
          for (std::int64_t d = 0; d < q.dim; ++d) sum += query[d] * key[d];
          scores[at(t)] = sum * how.scale;
        }
        keep(0);
        if (how.softcap != 0) {
          for (double& x : scores) x = how.softcap * std::tanh(x / how.softcap);
        }
        keep(1);
        for (std::int64_t t = 0; t < k.sequence && how.bias; ++t)
          scores[at(t)] += how.bias(b, h, s, t);
        keep(2);
        softmax(scores);
        keep(3);
        double* const out = y.x.data() + y.first(b, h, s);
        for (std::int64_t t = 0; t < k.sequence; ++t) {
          const double* const value = v.x.data() + v.first(b, h / shared, t);
          for (std::int64_t d = 0; scores[at(t)] != 0 && d < v.dim; ++d)
            out[d] += scores[at(t)] * value[d];
        }
      }
    }
  }
  return y;
}

void rotate(Heads& x, std::int64_t turned, bool neighbours,
            const std::function<std::pair<double, double>(std::int64_t, std::int64_t,
                                                          std::int64_t)>& angle) {
  if (turned < 0 || turned > x.dim || turned % 2 != 0)
    throw Error("TW-SHAPE-001", "more elements are to be turned than a row has, or an odd number");
  const std::int64_t half = turned / 2;
  for (std::int64_t b = 0; b < x.batch; ++b) {
    for (std::int64_t h = 0; h < x.heads; ++h) {
      for (std::int64_t s = 0; s < x.sequence; ++s) {
        double* const row = x.x.data() + x.first(b, h, s);
        for (std::int64_t i = 0; i < half; ++i) {
          const auto [cosine, sine] = angle(b, s, i);
          double& real = row[neighbours ? 2 * i : i];
          double& imaginary = row[neighbours ? 2 * i + 1 : half + i];
          const double turned_real = cosine * real - sine * imaginary;
          imaginary = sine * real + cosine * imaginary;
          real = turned_real;
        }
      }
    }
  }
}

}  // namespace tilewright::kernel

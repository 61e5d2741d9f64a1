// Scaled dot-product attention, whatever the operator around it is called. Computed in float64.
#pragma once

#include <functional>
#include <vector>

#include "frontend/interpret/node_run.h"

namespace tilewright::kernel {

// [batch, heads, sequence, dim], row-major.
struct Heads {
  std::int64_t batch = 0, heads = 0, sequence = 0, dim = 0;
  std::vector<double> x;
  std::int64_t first(std::int64_t b, std::int64_t h, std::int64_t s) const {
    return ((b * heads + h) * sequence + s) * dim;
  }
};

// From [batch, heads, sequence, dim] as it is, or [batch, sequence, heads x dim]. Error
// TW-SHAPE-001.
Heads heads_from(const NodeRun& op, std::size_t input, std::int64_t heads);
Heads heads_of_rows(std::int64_t batch, std::int64_t sequence, std::int64_t heads,
                    const std::vector<double>& rows);  // [batch, sequence, heads x dim]
// `past` (input of the node, absent: none) with `fresh` behind it.
Heads appended(const NodeRun& op, std::size_t past, Heads fresh);
// [batch, sequence, heads x dim].
std::vector<double> rows_of(const Heads& heads);

struct Attending {
  double scale = 1, softcap = 0;
  // Added to the score of a query and a key; -infinity hides the key.
  std::function<double(std::int64_t batch, std::int64_t head, std::int64_t query, std::int64_t key)>
      bias;
  // The scores as they come (0), after the cap (1), with the bias (2), after softmax (3).
  int keep = -1;
};

// [batch, heads of q, queries, dim of v]. A query that may see no key gets zeros. Heads of q are a
// multiple of those of k and v: neighbours share. `kept`: [batch, heads, queries, keys].
Heads attend(const NodeRun& op, const Heads& q, const Heads& k, const Heads& v,
             const Attending& how, std::vector<double>* kept = nullptr);

// Turns pairs of the first `turned` elements of each row of `x` by angles: cosines and sines of
// (batch, position, pair). Pairs are neighbours, or halves apart. Error TW-SHAPE-001 where a row
// has fewer.
void rotate(Heads& x, std::int64_t turned, bool neighbours,
            const std::function<std::pair<double, double>(std::int64_t, std::int64_t,
                                                          std::int64_t)>& angle);

}  // namespace tilewright::kernel

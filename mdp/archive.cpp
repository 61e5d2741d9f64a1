#include "mdp/archive.h"

#include <algorithm>
#include <tuple>

#include "mdp/normalise.h"

namespace tilewright {
namespace {

// At least as good in all three.
bool covers(const Evaluation& a, const Evaluation& b) {
  return a.tok_s >= b.tok_s && a.power_mw <= b.power_mw && a.area_mm2 <= b.area_mm2;
}

bool before(const Evaluation& a, const Evaluation& b) {
  return std::tie(b.tok_s, a.power_mw, a.area_mm2, a.design) <
         std::tie(a.tok_s, b.power_mw, b.area_mm2, b.design);
}

}  // namespace

double weighted_score(const Evaluation& e, const PpaWeights& weights,
                      const References& references) {
  return weights[0] * bounded_ratio(references.tok_s, e.tok_s) +
         weights[1] * bounded_ratio(e.power_mw, references.power_mw) +
         weights[2] * bounded_ratio(e.area_mm2, references.area_mm2);
}

bool ParetoArchive::add(const Evaluation& e) {
  if (!e.feasible) return false;
  const auto covered = [&](const Evaluation& m) { return covers(m, e); };
  if (std::any_of(members_.begin(), members_.end(), covered)) return false;
  std::erase_if(members_, [&](const Evaluation& m) { return covers(e, m); });
  members_.insert(std::upper_bound(members_.begin(), members_.end(), e, before), e);
  return true;
}

const Evaluation* ParetoArchive::select(const PpaWeights& weights,
                                        const References& references) const {
  const Evaluation* best = nullptr;
  double least = 0;
  for (const Evaluation& m : members_) {
    const double value = weighted_score(m, weights, references);
    if (best == nullptr || value < least) {
      best = &m;
      least = value;
    }
  }
  return best;
}

}  // namespace tilewright

// What would make a design feasible, and what a limit that binds is worth: single actions, by the
// closed form.
#include <fmt/format.h>

#include <cmath>

#include "surrogate/impl.h"
#include "surrogate/kernel_inl.h"

namespace tilewright {
namespace {

kernel::Point<double> point_of(const ActionVector& actions) {
  kernel::Point<double> p{};
  std::copy(actions.begin(), actions.end(), p.a);
  return p;
}

kernel::Terms<double> terms_of(const kernel::Case& c, const ActionVector& actions) {
  kernel::Terms<double> terms{};
  kernel::evaluate<double>(c, point_of(actions), nullptr, terms);
  return terms;
}

// f(action, distance in the unit box, design) for every single action moved over its whole range.
template <typename F>
void for_each_move(const ActionVector& actions, const DesignBox& box, F f) {
  constexpr int kSteps = 64;
  const ActionVector unit = to_unit(actions, box);
  for (std::size_t i = 0; i < kActionCount; ++i) {
    for (int step = 0; step <= kSteps; ++step) {
      ActionVector moved = unit;
      moved[i] = static_cast<double>(step) / kSteps;
      f(i, std::fabs(moved[i] - unit[i]), project(from_unit(moved, box), box));
    }
  }
}

constexpr double kRelaxed = 0.10;  // how much of a limit is given away

// What the closed form says a move does to the margins leaves all of them but `which` legal.
bool only_breaks(std::size_t which, const Margins& margins, const double* now, const double* then) {
  for (std::size_t m = 0; m < kMarginCount; ++m) {
    const double least = m == which ? -kRelaxed : 0.0;
    if (margins[m] + then[m] - now[m] < std::min(margins[m], least)) return false;
  }
  return true;
}

}  // namespace

std::vector<std::string> Surrogate::advise(const ActionVector& actions, const Ppa& ppa) const {
  std::vector<std::string> lines;
  const kernel::Terms<double> now = terms_of(impl_->c, actions);
  for (std::size_t m = 0; m < kMarginCount; ++m) {
    if (ppa.margins[m] >= -impl_->c.c.feasible_tolerance) continue;
    const double gap = -ppa.margins[m];
    std::string line = std::string(margin_name(m)) + " misses by " + std::to_string(gap);
    // Which single action gains the gap with the least move of the unit box.
    double least = 2;
    std::size_t best = kActionCount;
    ActionVector best_design{};
    for_each_move(actions, impl_->box,
                  [&](std::size_t i, double distance, const ActionVector& design) {
                    if (distance >= least) return;
                    if (terms_of(impl_->c, design).margins[m] - now.margins[m] < gap) return;
                    least = distance;
                    best = i;
                    best_design = design;
                  });
    if (best == kActionCount) {
      line += "; no single action closes it: relax the budget or change several";
    } else {
      line += "; " + std::string(action_info(best).name) + " from " +
              std::to_string(actions[best]) + " to " + std::to_string(best_design[best]) +
              " would close it";
    }
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> Surrogate::relaxations(const ActionVector& actions, const Ppa& ppa) const {
  std::vector<std::string> lines;
  const kernel::Terms<double> now = terms_of(impl_->c, actions);
  for (const std::size_t m : {kMarginPower, kMarginArea, kMarginDmem, kMarginWcap, kMarginRate}) {
    if (ppa.margins[m] > kBindingMargin) continue;
    double best_score = now.score;
    std::string move;
    for_each_move(actions, impl_->box, [&](std::size_t i, double, const ActionVector& design) {
      const kernel::Terms<double> then = terms_of(impl_->c, design);
      if (then.score >= best_score || !only_breaks(m, ppa.margins, now.margins, then.margins))
        return;
      best_score = then.score;
      move = fmt::format(
          "{} from {:.4g} to {:.4g}: rate {:+.1f} %, power {:+.1f} %, area {:+.1f} %",
          action_info(i).name, actions[i], design[i], 100 * (then.tok_s / now.tok_s - 1),
          100 * (then.power / now.power - 1), 100 * (then.area / now.area - 1));
    });
    lines.push_back(fmt::format("{} binds ({:+.2g}); {:.0f} % of it given away would {}",
                                margin_name(m), ppa.margins[m], 100 * kRelaxed,
                                move.empty() ? "not help a single action" : "allow " + move));
  }
  if (lines.empty()) lines.emplace_back("no limit binds: the score alone holds this design");
  return lines;
}

}  // namespace tilewright

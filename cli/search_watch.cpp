#include "cli/search_watch.h"

#include <fmt/format.h>

#include <algorithm>

namespace tilewright {
namespace {

// A column of the searcher's diagnostics and how it is shown.
struct Shown {
  const char* column;
  const char* text;
};
constexpr Shown kShown[] = {{"entropy", "entropy"}, {"alpha", "alpha"}, {"gate_entropy", "gates"}};

std::optional<double> figure(const Searcher& searcher, const std::vector<double>& row,
                             const char* column) {
  const std::vector<std::string> names = searcher.diagnostics();
  const auto at = std::find(names.begin(), names.end(), column) - names.begin();
  if (at >= std::ssize(row)) return std::nullopt;
  return row[static_cast<std::size_t>(at)];
}

}  // namespace

SearchWatch::SearchWatch(std::int64_t evaluations)
    : progress_("search", evaluations), marked_at_(Clock::now()) {}

double SearchWatch::update_rate(double updates) {
  const auto now = Clock::now();
  const double seconds = std::chrono::duration<double>(now - marked_at_).count();
  if (seconds >= 1) {
    rate_ = (updates - marked_) / seconds;
    marked_at_ = now;
    marked_ = updates;
  }
  return rate_;
}

// Of the evaluation before: a searcher notes its figures after the evaluation.
std::string SearchWatch::learning(std::int64_t done, const Searcher& searcher) {
  if (done == 0) return "";
  const std::vector<double> row = searcher.diagnostics_row(done - 1);
  const auto updates = figure(searcher, row, "updates");
  if (!updates) return "";
  std::string text;
  for (const Shown& shown : kShown) {
    if (const auto value = figure(searcher, row, shown.column))
      text += fmt::format(", {} {:.3g}", shown.text, *value);
  }
  return text + fmt::format(", {:.0f} updates/s", update_rate(*updates));
}

void SearchWatch::evaluated(std::int64_t done, const Evaluation& e, const Searcher& searcher) {
  feasible_ += e.feasible ? 1 : 0;
  if (!best_ || better(e, *best_)) best_ = e;
  if (!progress_.due()) return;
  progress_.update(
      done, fmt::format("best {:.4f}, {:.0f} % feasible{}", best_->score,
                        100.0 * static_cast<double>(feasible_) / static_cast<double>(done + 1),
                        learning(done, searcher)));
}

}  // namespace tilewright

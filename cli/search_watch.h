// What a search says of itself on a terminal while it runs.
#pragma once

#include <chrono>
#include <optional>

#include "agents/searcher.h"
#include "support/progress.h"

namespace tilewright {

class SearchWatch {
 public:
  explicit SearchWatch(std::int64_t evaluations);
  void evaluated(std::int64_t done, const Evaluation& e, const Searcher& searcher);

 private:
  using Clock = std::chrono::steady_clock;
  std::string learning(std::int64_t done, const Searcher& searcher);
  // Updates a second since a moment at least a second ago.
  double update_rate(double updates);

  Progress progress_;
  std::int64_t feasible_ = 0;
  std::optional<Evaluation> best_;
  Clock::time_point marked_at_;
  double marked_ = 0, rate_ = 0;
};

}  // namespace tilewright

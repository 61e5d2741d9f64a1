// Early stop: a search ends when nothing better was found for long, and nothing better is promised.
#pragma once

#include <cstdint>

namespace tilewright {
class StateArchive;
}

namespace tilewright::rl {

class Convergence {
 public:
  // `patience` evaluations; 0: never.
  explicit Convergence(std::int64_t patience, double least_gain = 1e-4)
      : patience_(patience), least_gain_(least_gain) {}

  // One evaluation: the best feasible score so far (infinity without one), and whether the learned
  // model promised more than that of the design just tried.
  void note(double best_score, bool promised);
  void persist(StateArchive& archive);
  // `patience` evaluations since the best score last fell by more than `least_gain` of itself, and
  // as many since the last promise.
  bool reached() const {
    return patience_ > 0 && since_gain_ >= patience_ && since_promise_ >= patience_;
  }

 private:
  std::int64_t patience_;
  double least_gain_;
  double mark_ = 0;
  bool marked_ = false;
  std::int64_t since_gain_ = 0, since_promise_ = 0;
};

}  // namespace tilewright::rl

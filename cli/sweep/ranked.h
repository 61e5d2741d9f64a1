// Workers on many machines: rank 0 of an MPI launch deals, every rank runs what it is dealt in
// processes of its own, results lie on a file system that all share.
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <vector>

#include "cli/sweep/workers.h"
#include "cluster/ranks.h"

namespace tilewright {

using Seconds = std::chrono::duration<double>;

// Says which jobs a rank means by their numbers: equal for equal plans.
std::int64_t plan_mark(const std::vector<SearchJob>& jobs);

// What both sides know.
struct RankPlan {
  std::int64_t mark = 0;  // of plan_mark
  int at_once = 1;        // jobs of one rank
  Seconds silence{60};    // after which a rank counts as dead
};

// The work of every rank but 0: takes jobs until rank 0 says that all are done, or is silent.
// False: it was silent.
bool serve(Ranks& ranks, Workers& own, const RankPlan& plan);

// On rank 0: its own workers and those of the other ranks. A rank that is silent for too long is
// given up, and its jobs count as having died.
class RankedWorkers : public Workers {
 public:
  RankedWorkers(Ranks& ranks, Workers& own, const RankPlan& plan);
  bool is_one_free() const override;
  void start(std::size_t job) override;
  // Throws Error TW-CLI-026 when a rank has other jobs under the same numbers.
  std::optional<Report> poll() override;
  void stop() override;
  // No more jobs: lets every rank go, and waits for them unless one is dead.
  void dismiss();

 private:
  using Clock = std::chrono::steady_clock;
  struct Rank {
    int free = 0;  // none before it has said hello
    bool dead = false, leaves = false;
    Clock::time_point heard;
    std::set<std::size_t> running;
  };

  void hear(const Message& message);
  void give_up_the_silent();
  void send_to_all(const Words& words);

  Ranks& ranks_;
  Workers& own_;
  RankPlan plan_;
  std::vector<Rank> others_;  // by rank; that of rank 0 is not used
  Clock::time_point beaten_;
  bool told_to_stop_ = false;
  std::deque<Report> heard_;
};

}  // namespace tilewright

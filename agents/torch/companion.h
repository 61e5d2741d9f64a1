// The policy at the side of a search that a planner leads: it learns from every evaluation, as from
// steps between the designs that were evaluated, and proposes designs to the planner. What it does
// after a batch may run beside the planning of the next one: proposals then lag by one batch,
// always, so that no result depends on timing.
#pragma once

#include <future>
#include <optional>
#include <vector>

#include "agents/searcher.h"
#include "agents/torch/lookahead.h"
#include "agents/torch/sac.h"

namespace tilewright::rl {

struct CompanionSettings {
  SacSettings sac;
  LookaheadSettings lookahead;
  bool world_model = true;
  bool mpc = true;             // improves proposals by looking ahead, once the model is worth it
  std::int64_t updates = 1;    // an evaluation
  std::int64_t warmup = 50;    // transitions before the first update
  double epsilon = 0.3;        // share of its own steps that are random
  std::int64_t elites = 4;     // best designs that proposals start from
  std::int64_t proposals = 1;  // for each of them
};
CompanionSettings companion_settings();  // four experts, and what SacSettings has

class Companion {
 public:
  // Streams are named "`name`/...".
  Companion(Oracle& oracle, const CompanionSettings& settings, const std::string& name);

  // New evaluations of the oracle's log: remembered, then learned from.
  void learn();
  // Designs (unit) that the policy would try, as of the batch before the last.
  const std::vector<ActionVector>& proposals() const { return ready_; }

  // A step of the policy from the best design of `log`, or a random one: what it would do if it
  // led the search. Its own stream; may be asked once a batch.
  ActionVector step(const Evaluation& best);

  struct Status {
    SacStatus sac;
    double world_error = 0, persistence = 0, plan_gain = 0;
    std::int64_t transitions = 0, updates = 0;
  };
  const Status& status() const { return status_; }  // as of the proposals
  void persist(StateArchive& archive);              // waits for what runs beside
  std::string learned();                            // for another search; waits too

 private:
  struct Outcomes {
    std::vector<ActionVector> proposals;
    Status status;
  };
  void wait();
  void remember(std::size_t evaluation);
  void remember_step(const Evaluation& from, const Evaluation& to);
  Outcomes work(std::int64_t evaluations, std::vector<Evaluation> elites);
  void propose_from(const Evaluation& elite, Outcomes& out);

  Oracle& oracle_;  // not for work(), which may still run when a search ends by an error
  DesignBox box_;
  CompanionSettings settings_;
  SacAgent agent_;
  std::optional<Lookahead> lookahead_;
  std::size_t seen_ = 0;  // evaluations of the log
  std::vector<double> rewards_;
  std::int64_t transitions_ = 0, updates_ = 0;
  std::future<Outcomes> working_;
  std::optional<Outcomes> done_;  // of the work, when somebody waited for it early
  std::vector<ActionVector> ready_;
  RandomStream random_;
  Status status_;
};

}  // namespace tilewright::rl

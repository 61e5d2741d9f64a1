// Several descents that compete for one budget: those with the worse designs end, the better go on
// (successive halving, Jamieson and Talwalkar 2016). A descent settles in one basin; a race looks
// into several.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "agents/model/descent.h"
#include "agents/searcher.h"
#include "agents/settings.h"

namespace tilewright::model {

struct RaceSettings {
  DescentSettings descent;
  std::int64_t descents = 0;  // 0: one for each 575 evaluations, at most 8
  double share = 0.5;         // of the budget, in which they compete
  // Designs of an earlier search, or of one at L0, that are tried first. The best at L0 are alike:
  // several would say little.
  std::int64_t hopes = 5, l0_hopes = 1;
};
// Reads `defaults` overlaid by the settings that the user gave.
RaceSettings read_race_settings(SettingsReader& reader, RaceSettings defaults = {});

// What somebody else may add to a race.
struct RaceHooks {
  // Designs (unit) that join the planner's pools of the next batch.
  std::function<std::vector<ActionVector>(const Descent&)> propose;
  // Designs (unit) that are evaluated with the next batch, whatever the model expects of them.
  std::function<std::vector<ActionVector>(const Descent&)> insist;
  std::function<void()> evaluated;
  // Before a batch is evaluated: whose, and its designs.
  std::function<void(std::int64_t descent, const Descent&, const std::vector<ActionVector>& batch)>
      chosen;
};

class Race {
 public:
  // Streams are named "`name`/...". With SearchOptions::free_model or ::earlier, descents have a
  // prior.
  Race(Oracle& oracle, const RaceSettings& settings, const std::string& name, RaceHooks hooks = {});
  void
  run();  // until the oracle ends it; the oracle has persist_with() by then, or nobody persists
  void persist(StateArchive& archive);

 private:
  struct Runner {
    std::int64_t number;
    Descent descent;
  };
  Runner make_runner(std::int64_t number) const;
  void begin();
  Runner& next_runner();
  void advance(Runner& runner);
  void halve();

  Oracle& oracle_;
  RaceSettings settings_;
  std::string name_;
  RaceHooks hooks_;
  std::shared_ptr<const Prior> prior_;
  std::vector<ActionVector> hopes_;
  std::list<Runner> runners_;  // better first
  std::set<ActionVector> known_;
  // A round of halving gives each runner `seen_` evaluations, in turn; all runners of a round get
  // `part_` more together.
  bool begun_ = false;
  double part_ = 0, seen_ = 0;
  std::int64_t turn_ = 0;
};

}  // namespace tilewright::model

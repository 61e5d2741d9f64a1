// Several descents that compete for one budget: those with the worse designs end, the better go on
// (successive halving, Jamieson and Talwalkar 2016). A descent settles in one basin; a race looks
// into several. The mesh is what a descent settles first and hardly leaves again, so that
// neighbours of the leader's mesh then challenge it.
#pragma once

#include <array>
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
  // Share of the budget that each challenger of the leader's mesh has. The best of them has
  // `challenge_last` times as much.
  double challenge = 0.03, challenge_last = 3;
  std::int64_t challenge_first = 16;  // a challenger's designs before it plans
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
  using Mesh = std::array<int, 2>;
  struct Runner {
    std::int64_t number;
    Descent descent;
  };
  using Runners = std::list<Runner>;
  DescentStreams streams_of(std::int64_t number) const;
  DescentSettings settings_of_descents() const;
  Runner make_runner(std::int64_t number) const;
  Runner make_challenger(std::int64_t number, const Mesh& mesh) const;
  void begin();
  Runner* next_racer();
  Runner* next_challenger();
  Runner& next_runner();
  void advance(Runner& runner);
  void challenge();
  void end_challenge();

  Oracle& oracle_;
  RaceSettings settings_;
  std::string name_;
  RaceHooks hooks_;
  std::shared_ptr<const Prior> prior_;
  std::vector<ActionVector> hopes_;
  Runners runners_;        // better first; after the race, one: the leader
  Runners challengers_;    // of the leader, on neighbouring meshes
  std::int64_t made_ = 0;  // descents so far
  bool settled_ = false;   // the leader goes on to the end
  std::set<ActionVector> known_;
  // A round gives each runner `seen_` evaluations, in turn; in one of halving, all runners get
  // `part_` more together.
  bool begun_ = false;
  double part_ = 0, seen_ = 0;
  std::int64_t turn_ = 0;
};

}  // namespace tilewright::model

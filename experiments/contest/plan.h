// What a contest runs: cases x tracks x budgets x searchers x seeds.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/json_fwd.h"

namespace tilewright {

// All that decides the value of an evaluation, but for the code.
struct ContestCase {
  std::string model, mode, node;
  std::string calibration = "paper", level = "L1";
  auto operator<=>(const ContestCase&) const = default;
};

// Whether a searcher may query the closed form L0. In the black box it may not: a run whose
// process did is void.
enum class Track { kBlackBox, kWithModel };
const char* track_name(Track track);         // "black-box", "with-model"
Track parse_track(const std::string& text);  // throws Error TW-CONTEST-001

// A searcher with settings of its own, under the name that tables give it.
struct Variant {
  std::string label, searcher;
  std::map<std::string, std::string> settings;
};

// One run. Its label is no part of it: a variant may be renamed without being run again.
struct RunSpec {
  ContestCase where;
  Track track = Track::kBlackBox;
  std::int64_t budget = 0;
  std::string searcher;
  std::map<std::string, std::string> settings;
  std::uint64_t seed = 0;
};

Json to_json(const ContestCase& where);
Json to_json(const RunSpec& spec);
// Throw Error TW-JSON-003 naming `where` and the key.
ContestCase contest_case_from_json(const Json& json, const std::string& where);
RunSpec run_spec_from_json(const Json& json, const std::string& where);
std::string key_of(const RunSpec& spec);        // equal for equal runs alone
std::string name_of(const ContestCase& where);  // "llama-3.1-8b 3nm"
// "cmaes:population=60,sigma=0.3"
std::string searcher_text(const std::string& searcher,
                          const std::map<std::string, std::string>& settings);
std::string name_of(const RunSpec& spec);  // for logs and file names, without spaces

// Two settings are the contest's, not the searcher's: from=NODE or from=MODEL/NODE starts warm from
// a run of that case, from_budget=N its budget (default 4,600).
struct WarmStart {
  ContestCase where;
  std::int64_t budget = 4600;
};
// Throws Errors TW-CONTEST-002 and TW-CONTEST-003.
std::optional<WarmStart> warm_start_of(const RunSpec& spec);
std::map<std::string, std::string> searcher_settings(std::map<std::string, std::string> settings);

struct ContestPlan {
  std::vector<ContestCase> cases;
  std::vector<Track> tracks;
  std::vector<std::int64_t> budgets;
  std::vector<Variant> variants;
  // Earlier work tuned settings on low seeds; the contest starts where nobody has looked.
  std::uint64_t first_seed = 100;
  std::int64_t seeds = 10;
};

// Who takes part in a track. With the model, a baseline comes twice: started at L0's optimum, and
// as it is in the black box, where nothing keeps it from ignoring L0 ("cmaes without L0"). The
// latter are the black box's own runs.
struct Entrant {
  Variant variant;
  Track run_in = Track::kBlackBox;
};
std::vector<Entrant> entrants(const ContestPlan& plan, Track track);

RunSpec spec_of(const ContestCase& where, Track track, std::int64_t budget, const Variant& variant,
                std::uint64_t seed);
// By case, track, budget, entrant, seed; a run that stands in two tracks comes twice.
std::vector<RunSpec> runs_of(const ContestPlan& plan);

// The eight cases of the contest: Llama 3.1 8B in high-performance mode and SmolVLM-256M in
// low-power mode at 3, 7, 14 and 28 nm.
std::vector<ContestCase> default_cases();
// "MODEL:NODE", "MODEL" for the contest's four nodes, or "MODEL:NODE:MODE" for any other model.
// Throws Error TW-CONTEST-002.
std::vector<ContestCase> parse_cases(const std::vector<std::string>& words);

// "NAME", "NAME:KEY=VALUE,KEY=VALUE" or "LABEL=NAME...", separated by ';', or by ',' before a word
// that can't be a setting. Throws Error TW-CONTEST-003: no such searcher, a broken setting, one
// label twice.
std::vector<Variant> parse_variants(const std::vector<std::string>& words);
std::vector<Variant> every_searcher();
// Learning agents; every other searcher is a baseline.
bool is_agent(const std::string& searcher);

}  // namespace tilewright

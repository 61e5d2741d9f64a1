#include "experiments/contest/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "agents/searcher.h"
#include "support/error.h"
#include "support/json.h"

namespace tilewright {
namespace {

struct PrintedModel {
  const char* model;
  const char* mode;
};
constexpr std::array<PrintedModel, 2> kModels{
    {{"llama-3.1-8b", "high-performance"}, {"smolvlm-256m", "low-power"}}};
constexpr const char *kFrom = "from", *kFromBudget = "from_budget";
constexpr std::array<const char*, 4> kNodes{"3nm", "7nm", "14nm", "28nm"};
constexpr std::array<const char*, 6> kAgents{"hybrid", "sac", "paper", "model", "ppo", "reinforce"};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

std::string mode_of(const std::string& model) {
  for (const PrintedModel& known : kModels) {
    if (model == known.model) return known.mode;
  }
  throw Error("TW-CONTEST-002", "the mode of '" + model + "' is not known", "--cases",
              "write MODEL:NODE:MODE");
}

void add_case(std::vector<ContestCase>& cases, const ContestCase& where) {
  if (std::find(cases.begin(), cases.end(), where) == cases.end()) cases.push_back(where);
}

Error bad_variant(const std::string& text, const std::string& what) {
  return {"TW-CONTEST-003", what + " in '" + text + "'", "--searchers",
          "write NAME, NAME:KEY=VALUE,... or LABEL=NAME:KEY=VALUE,..., separated by ';'"};
}

void require_searcher(const std::string& name, const std::string& text) {
  const auto all = searchers();
  if (std::none_of(all.begin(), all.end(), [&](const auto& s) { return s.name == name; }))
    throw bad_variant(text, "no searcher is called '" + name + "'");
}

// "LABEL=NAME:KEY=VALUE" without further settings.
Variant open_variant(const std::string& text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::size_t equals = text.find('=');
  Variant variant;
  const bool labelled = equals < colon;
  variant.searcher = text.substr(labelled ? equals + 1 : 0, colon - (labelled ? equals + 1 : 0));
  variant.label = labelled ? text.substr(0, equals) : text;
  if (variant.label.empty()) throw bad_variant(text, "an empty label");
  require_searcher(variant.searcher, text);
  return variant;
}

void add_setting(Variant& variant, const std::string& word, const std::string& text) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == word.size())
    throw bad_variant(text, "'" + word + "' is not KEY=VALUE");
  if (!variant.settings.emplace(word.substr(0, equals), word.substr(equals + 1)).second)
    throw bad_variant(text, "setting '" + word.substr(0, equals) + "' is given twice");
}

// The variants between two semicolons.
void parse_group(const std::string& group, std::vector<Variant>& variants) {
  bool has_settings = false, labelled = false;
  for (const std::string& word : split(group, ',')) {
    if (has_settings && word.find('=') != std::string::npos &&
        word.find(':') == std::string::npos) {
      add_setting(variants.back(), word, group);
      if (!labelled) variants.back().label += "," + word;
      continue;
    }
    const std::size_t colon = word.find(':');
    variants.push_back(open_variant(word));
    labelled = word.find('=') < colon && colon != std::string::npos;
    has_settings = colon != std::string::npos;
    if (has_settings) add_setting(variants.back(), word.substr(colon + 1), group);
  }
}

}  // namespace

std::optional<WarmStart> warm_start_of(const RunSpec& spec) {
  const auto from = spec.settings.find(kFrom), budget = spec.settings.find(kFromBudget);
  if (from == spec.settings.end()) return std::nullopt;
  WarmStart start;
  start.where = spec.where;
  const std::size_t slash = from->second.find('/');
  if (slash != std::string::npos) {
    start.where.model = from->second.substr(0, slash);
    start.where.mode = mode_of(start.where.model);
  }
  start.where.node = from->second.substr(slash == std::string::npos ? 0 : slash + 1);
  if (budget == spec.settings.end()) return start;
  const char* end = budget->second.data() + budget->second.size();
  const auto read = std::from_chars(budget->second.data(), end, start.budget);
  if (read.ec != std::errc() || read.ptr != end || start.budget < 1)
    throw bad_variant(budget->second, "a budget that is no number");
  return start;
}

std::map<std::string, std::string> searcher_settings(std::map<std::string, std::string> settings) {
  settings.erase(kFrom);
  settings.erase(kFromBudget);
  return settings;
}

const char* track_name(Track track) {
  return track == Track::kBlackBox ? "black-box" : "with-model";
}

Track parse_track(const std::string& text) {
  for (const Track track : {Track::kBlackBox, Track::kWithModel}) {
    if (text == track_name(track)) return track;
  }
  throw Error("TW-CONTEST-001", "no track is called '" + text + "'", "--tracks",
              "take black-box or with-model");
}

Json to_json(const ContestCase& where) {
  return {{"model", where.model},
          {"mode", where.mode},
          {"node", where.node},
          {"calibration", where.calibration},
          {"level", where.level}};
}

Json to_json(const RunSpec& spec) {
  Json json{{"case", to_json(spec.where)},
            {"track", track_name(spec.track)},
            {"budget", spec.budget},
            {"searcher", spec.searcher}};
  json["settings"] = Json::object();
  for (const auto& [key, value] : spec.settings) json["settings"][key] = value;
  json["seed"] = spec.seed;
  return json;
}

ContestCase contest_case_from_json(const Json& json, const std::string& where) {
  return {required<std::string>(json, "model", where), required<std::string>(json, "mode", where),
          required<std::string>(json, "node", where),
          required<std::string>(json, "calibration", where),
          required<std::string>(json, "level", where)};
}

RunSpec run_spec_from_json(const Json& json, const std::string& where) {
  RunSpec spec;
  spec.where = contest_case_from_json(required<Json>(json, "case", where), where);
  spec.track = parse_track(required<std::string>(json, "track", where));
  spec.budget = required<std::int64_t>(json, "budget", where);
  spec.searcher = required<std::string>(json, "searcher", where);
  spec.settings = required<std::map<std::string, std::string>>(json, "settings", where);
  spec.seed = required<std::uint64_t>(json, "seed", where);
  return spec;
}

std::string key_of(const RunSpec& spec) {
  return to_json(spec).dump();
}

std::string name_of(const ContestCase& where) {
  return where.model + " " + where.node;
}

std::string searcher_text(const std::string& searcher,
                          const std::map<std::string, std::string>& settings) {
  std::string text = searcher;
  for (const auto& [key, value] : settings) {
    text += text == searcher ? ':' : ',';
    text.append(key).append("=").append(value);
  }
  return text;
}

std::string name_of(const RunSpec& spec) {
  return fmt::format("{}-{}-{}-{}-{}-seed{}", spec.where.model, spec.where.node,
                     track_name(spec.track), spec.budget, spec.searcher, spec.seed);
}

RunSpec spec_of(const ContestCase& where, Track track, std::int64_t budget, const Variant& variant,
                std::uint64_t seed) {
  return {where, track, budget, variant.searcher, variant.settings, seed};
}

std::vector<Entrant> entrants(const ContestPlan& plan, Track track) {
  std::vector<Entrant> all;
  for (const Variant& variant : plan.variants) {
    all.push_back({variant, track});
    if (track == Track::kBlackBox || is_agent(variant.searcher)) continue;
    all.push_back({variant, Track::kBlackBox});
    all.back().variant.label += " without L0";
  }
  return all;
}

std::vector<RunSpec> runs_of(const ContestPlan& plan) {
  std::vector<RunSpec> runs;
  for (const ContestCase& where : plan.cases) {
    for (const Track track : plan.tracks) {
      const std::vector<Entrant> all = entrants(plan, track);
      for (const std::int64_t budget : plan.budgets) {
        for (const Entrant& entrant : all) {
          for (std::int64_t s = 0; s < plan.seeds; ++s) {
            runs.push_back(spec_of(where, entrant.run_in, budget, entrant.variant,
                                   plan.first_seed + static_cast<std::uint64_t>(s)));
          }
        }
      }
    }
  }
  return runs;
}

std::vector<ContestCase> default_cases() {
  std::vector<ContestCase> cases;
  for (const PrintedModel& known : kModels) {
    for (const char* node : kNodes) cases.push_back({known.model, known.mode, node});
  }
  return cases;
}

std::vector<ContestCase> parse_cases(const std::vector<std::string>& words) {
  std::vector<ContestCase> cases;
  for (const std::string& argument : words) {
    for (const std::string& word : split(argument, ',')) {
      const std::vector<std::string> parts = split(word, ':');
      if (parts.empty() || parts.size() > 3)
        throw Error("TW-CONTEST-002", "'" + word + "' is no case", "--cases", "write MODEL:NODE");
      const std::string mode = parts.size() == 3 ? parts[2] : mode_of(parts[0]);
      if (parts.size() > 1) {
        add_case(cases, {parts[0], mode, parts[1]});
      } else {
        for (const char* node : kNodes) add_case(cases, {parts[0], mode, node});
      }
    }
  }
  return cases;
}

std::vector<Variant> parse_variants(const std::vector<std::string>& words) {
  std::vector<Variant> variants;
  for (const std::string& word : words) {
    for (const std::string& group : split(word, ';')) parse_group(group, variants);
  }
  std::set<std::string> labels;
  for (const Variant& variant : variants) {
    if (!labels.insert(variant.label).second)
      throw bad_variant(variant.label, "one label for two searchers");
  }
  return variants;
}

std::vector<Variant> every_searcher() {
  std::vector<Variant> variants;
  for (const SearcherInfo& info : searchers()) variants.push_back({info.name, info.name, {}});
  return variants;
}

bool is_agent(const std::string& searcher) {
  return std::find(kAgents.begin(), kAgents.end(), searcher) != kAgents.end();
}

}  // namespace tilewright

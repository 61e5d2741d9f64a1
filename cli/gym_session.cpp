#include "cli/gym_session.h"

#include <cmath>
#include <new>
#include <optional>

#include "cli/options.h"
#include "cli/source.h"
#include "cli/target.h"
#include "mdp/environment.h"
#include "support/error.h"
#include "support/json.h"

namespace tilewright {
namespace {

constexpr const char* kWhere = "request";
constexpr std::size_t kDesignsMost = 100000;  // of one "evaluate"

Json error_answer(const Error& error) {
  return Json{{"ok", false},
              {"error",
               {{"id", error.id()},
                {"what", error.message()},
                {"where", error.where()},
                {"fix", error.fix()}}}};
}

const Json& field(const Json& request, const char* key) {
  const auto found = request.find(key);
  if (found == request.end()) {
    throw Error("TW-GYM-002", std::string("'") + key + "' is missing", kWhere, "see docs/gym.md");
  }
  return *found;
}

template <std::size_t N>
std::array<double, N> numbers(const Json& json, const char* what) {
  std::array<double, N> values{};
  if (!json.is_array() || json.size() != N) {
    throw Error("TW-GYM-003", std::string(what) + " is not " + std::to_string(N) + " numbers",
                kWhere, "see docs/gym.md");
  }
  for (std::size_t i = 0; i < N; ++i) {
    if (!json[i].is_number()) {
      throw Error("TW-GYM-003", std::string(what) + " holds something that is not a number", kWhere,
                  "see docs/gym.md");
    }
    values[i] = json[i].get<double>();
  }
  return values;
}

StepAction step_action(const Json& request) {
  StepAction action;
  action.move = numbers<kActionCount>(field(request, "action"), "action");
  const auto mesh = numbers<kMeshActions>(field(request, "mesh"), "mesh");
  for (std::size_t i = 0; i < kMeshActions; ++i) {
    const bool legal = mesh[i] == std::round(mesh[i]) && std::abs(mesh[i]) <= kMeshDeltaMax;
    if (!legal) {
      throw Error("TW-GYM-003", "mesh holds something else than whole numbers of -2 to 2", kWhere,
                  "see docs/gym.md");
    }
    action.mesh[i] = static_cast<int>(mesh[i]);
  }
  return action;
}

Json result_json(const Evaluation& e) {
  Json margins = Json::object();
  for (std::size_t i = 0; i < kMarginCount; ++i) margins[margin_name(i)] = e.margins[i];
  return Json{{"score", e.score},   {"feasible", e.feasible}, {"violation", e.violation},
              {"tok_s", e.tok_s},   {"power_mw", e.power_mw}, {"area_mm2", e.area_mm2},
              {"margins", margins}, {"design", e.design}};
}

Json action_json(const DesignBox& box) {
  Json names = Json::array(), logs = Json::array(), integers = Json::array();
  for (std::size_t i = 0; i < kActionCount; ++i) {
    const ActionInfo& info = action_info(i);
    names.push_back(info.name);
    logs.push_back(info.log);
    integers.push_back(info.integer);
  }
  return Json{
      {"names", names}, {"lo", box.lo}, {"hi", box.hi}, {"log", logs}, {"integer", integers}};
}

Target target_of(const Json& request, const ModelOptions& model) {
  const TargetOptions options = with_defaults(target_from_json(request, kWhere), default_target());
  const auto calibration = std::make_shared<const Calibration>(calibration_of(options));
  const Source source =
      load_source(model.model, load_options(model, *calibration, parse_mode(*options.mode)));
  return make_target(options, calibration, source.workload, overrides_of(options, model.context));
}

}  // namespace

// What one "open" made. The environment refers to the problem and counts through `evaluations`.
struct GymSession::Opened {
  Opened(Target made, int horizon)
      : target(std::move(made)),
        problem(target.surrogate, target.level),
        walk(problem, [this](const ActionVector& unit) { return count(problem.evaluate(unit)); },
             {horizon, RewardForm::kDefault}) {}

  Evaluation count(Evaluation e) {
    ++evaluations;
    return e;
  }

  Target target;
  Problem problem;
  Environment walk;
  std::int64_t evaluations = 0;
};

GymSession::GymSession() = default;
GymSession::~GymSession() = default;

Json GymSession::answer(const std::string& line) {
  Json head = Json::object();
  Json body;
  try {
    const Json request = Json::parse(line, nullptr, false);
    if (!request.is_object()) {  // nor is what could not be read
      throw Error("TW-GYM-001", "a request is a JSON object on one line", kWhere,
                  "see docs/gym.md");
    }
    if (request.contains("id")) head["id"] = request["id"];
    body = dispatch(request);
  } catch (const Error& error) {
    body = error_answer(error);
  } catch (const std::bad_alloc&) {
    body = error_answer(Error("TW-GYM-005", "not enough memory for this request", kWhere,
                              "send fewer designs at once"));
  }
  head.update(body);
  return head;
}

Json GymSession::dispatch(const Json& request) {
  const auto command = required<std::string>(request, "cmd", kWhere);
  if (command == "open") return open(request);
  if (command == "evaluate") return evaluate(request);
  if (command == "reset") return reset();
  if (command == "step") return step(request);
  if (command == "close") {
    closed_ = true;
    return Json{{"ok", true}};
  }
  throw Error("TW-GYM-001", "no command is called '" + command + "'", kWhere,
              "use open, evaluate, reset, step or close");
}

GymSession::Opened& GymSession::opened() {
  if (!opened_) throw Error("TW-GYM-004", "nothing is open", kWhere, "send \"open\" first");
  return *opened_;
}

Json GymSession::open(const Json& request) {
  ModelOptions model;
  model.model = request.contains("model") ? required<std::string>(request, "model", kWhere)
                                          : std::string(kDefaultModel);
  if (request.contains("dim")) model.dims = required<std::string>(request, "dim", kWhere);
  if (request.contains("context"))
    model.context = required<std::int64_t>(request, "context", kWhere);
  int horizon = EnvironmentOptions{}.horizon;
  if (request.contains("horizon")) horizon = required<int>(request, "horizon", kWhere);
  if (horizon < 1) {
    throw Error("TW-GYM-003", "horizon is below 1", kWhere, "give at least one step");
  }
  opened_ = std::make_unique<Opened>(target_of(request, model), horizon);
  const Problem& problem = opened_->problem;
  const References& r = problem.surrogate().references();
  return Json{
      {"ok", true},
      {"state_dim", kPolicyStateSize},
      {"action", action_json(problem.box())},
      {"initial", problem.initial_unit()},
      {"budgets",
       {{"power_mw", r.power_budget_mw},
        {"area_mm2", r.area_budget_mm2},
        {"min_tok_s", r.min_tok_s}}},
      {"references", {{"tok_s", r.tok_s}, {"power_mw", r.power_mw}, {"area_mm2", r.area_mm2}}},
      {"horizon", horizon}};
}

Json GymSession::evaluate(const Json& request) {
  Opened& session = opened();
  const Json& units = field(request, "unit");
  if (!units.is_array() || units.size() > kDesignsMost) {
    throw Error("TW-GYM-003",
                "unit is not a list of at most " + std::to_string(kDesignsMost) + " designs",
                kWhere, "see docs/gym.md");
  }
  // All are read before the first is evaluated: a request that is refused costs nothing.
  std::vector<ActionVector> designs;
  designs.reserve(units.size());
  for (const Json& unit : units) designs.push_back(numbers<kActionCount>(unit, "a design"));
  Json results = Json::array();
  for (const ActionVector& unit : designs) {
    results.push_back(result_json(session.count(session.problem.evaluate(unit))));
  }
  return Json{{"ok", true}, {"evaluations", session.evaluations}, {"results", results}};
}

Json GymSession::reset() {
  Opened& session = opened();
  const Evaluation& e = session.walk.reset();
  return Json{{"ok", true},
              {"evaluations", session.evaluations},
              {"state", policy_state(e.state)},
              {"result", result_json(e)}};
}

Json GymSession::step(const Json& request) {
  Opened& session = opened();
  const Environment::Step made = session.walk.step(step_action(request));
  const Evaluation& e = session.walk.current();
  return Json{{"ok", true},
              {"evaluations", session.evaluations},
              {"state", policy_state(e.state)},
              {"reward", made.reward},
              {"done", made.done},
              {"result", result_json(e)}};
}

}  // namespace tilewright

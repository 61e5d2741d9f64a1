#include "experiments/contest/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/error.h"
#include "support/file.h"
#include "support/json.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

constexpr const char* kSchema = "tilewright.contest-run";
constexpr int kSchemaVersion = 1;
constexpr std::size_t kHashDigits = 16;

// JSON has no figure that is not a number.
Json number_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

double number_or_nan(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

Json marks_json(const RunRecord& run) {
  Json rows = Json::array();
  for (const Mark& mark : run.marks) {
    Json row{mark.evaluation, mark.feasible, mark.distinct, mark.distinct_feasible};
    for (const double value : mark.diagnostics) row.push_back(number_or_null(value));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<Mark> marks_of(const Json& rows, std::size_t diagnostics, const std::string& where) {
  constexpr std::size_t kCounts = 4;
  std::vector<Mark> marks;
  for (const Json& row : rows) {
    if (row.size() != kCounts + diagnostics)
      throw Error("TW-JSON-003", "a mark has the wrong length", where);
    Mark mark{row[0].get<std::int64_t>(),
              row[1].get<std::int64_t>(),
              row[2].get<std::int64_t>(),
              row[3].get<std::int64_t>(),
              {}};
    for (std::size_t i = kCounts; i < row.size(); ++i)
      mark.diagnostics.push_back(number_or_nan(row[i]));
    marks.push_back(std::move(mark));
  }
  return marks;
}

void read_body(RunRecord& run, const Json& json, const std::string& where) {
  const Json initial = required<Json>(json, "initial", where);
  run.initial_score = number_or_nan(required<Json>(initial, "score", where));
  run.initial_feasible = required<bool>(initial, "feasible", where);
  run.evaluations = required<std::int64_t>(json, "evaluations", where);
  for (const Json& pair : required<Json>(json, "improvements", where))
    run.improvements.push_back({pair.at(0).get<std::int64_t>(), pair.at(1).get<double>()});
  const Json best = required<Json>(json, "best", where);
  run.best_design = required<ActionVector>(best, "design", where);
  run.best_tok_s = required<double>(best, "tok_s", where);
  run.best_power_mw = required<double>(best, "power_mw", where);
  run.best_area_mm2 = required<double>(best, "area_mm2", where);
  run.diagnostic_columns = required<std::vector<std::string>>(json, "diagnostics", where);
  run.marks = marks_of(required<Json>(json, "marks", where), run.diagnostic_columns.size(), where);
  run.wall_s = required<double>(json, "wall_s", where);
  run.cpu_s = required<double>(json, "cpu_s", where);
  run.l0_calls = required<std::uint64_t>(json, "l0_calls", where);
}

}  // namespace

double best_after(const RunRecord& run, std::int64_t evaluations) {
  double best = std::numeric_limits<double>::infinity();
  for (const Improvement& step : run.improvements) {
    if (step.evaluation <= evaluations) best = step.score;
  }
  return best;
}

double best_score(const RunRecord& run) {
  return best_after(run, run.evaluations);
}

std::int64_t evaluations_to(const RunRecord& run, double score) {
  for (const Improvement& step : run.improvements) {
    if (step.score <= score) return step.evaluation;
  }
  return run.spec.budget;
}

const Mark* mark_at(const RunRecord& run, std::int64_t evaluation) {
  const Mark* last = nullptr;
  for (const Mark& mark : run.marks) {
    if (mark.evaluation <= evaluation) last = &mark;
  }
  return last;
}

std::string void_reason(const RunRecord& run) {
  if (!run.failure.empty()) return run.failure;
  // At level L0 the closed form is the evaluation itself.
  if (run.spec.track == Track::kBlackBox && run.spec.where.level != "L0" && run.l0_calls > 0)
    return fmt::format("L0 was queried {} times in the black box", run.l0_calls);
  if (run.evaluations > run.spec.budget)
    return fmt::format("{} evaluations of {}", run.evaluations, run.spec.budget);
  return "";
}

Json to_json(const RunRecord& run) {
  Json json{{"schema", kSchema}, {"schema_version", kSchemaVersion}};
  json["code"] = {{"evaluation", run.code.evaluation}, {"searcher", run.code.searcher}};
  json["run"] = to_json(run.spec);
  json["void"] = void_reason(run);
  json["failure"] = run.failure;
  if (!run.failure.empty()) return json;
  json["initial"] = {{"score", number_or_null(run.initial_score)},
                     {"feasible", run.initial_feasible}};
  json["evaluations"] = run.evaluations;
  json["improvements"] = Json::array();
  for (const Improvement& step : run.improvements)
    json["improvements"].push_back(Json::array({step.evaluation, step.score}));
  json["best"] = {{"design", run.best_design},
                  {"tok_s", run.best_tok_s},
                  {"power_mw", run.best_power_mw},
                  {"area_mm2", run.best_area_mm2}};
  json["diagnostics"] = run.diagnostic_columns;
  json["marks"] = marks_json(run);
  json["wall_s"] = run.wall_s;
  json["cpu_s"] = run.cpu_s;
  json["l0_calls"] = run.l0_calls;
  return json;
}

RunRecord record_from_json(const Json& json, const std::string& where) {
  check_schema(json, kSchema, kSchemaVersion, where);
  RunRecord run;
  const Json code = required<Json>(json, "code", where);
  run.code = {required<std::string>(code, "evaluation", where),
              required<std::string>(code, "searcher", where)};
  run.spec = run_spec_from_json(required<Json>(json, "run", where), where);
  run.failure = required<std::string>(json, "failure", where);
  try {
    if (run.failure.empty()) read_body(run, json, where);
  } catch (const nlohmann::json::exception& error) {
    throw Error("TW-JSON-003", error.what(), where);
  }
  return run;
}

fs::path record_path(const fs::path& cache, const RunSpec& spec, const CodeHashes& code) {
  const std::string hash = sha256(key_of(spec) + code.evaluation + code.searcher);
  // A model may be a file of the user's: its folder is no part of the name.
  RunSpec named = spec;
  named.where.model = fs::path(spec.where.model).filename().string();
  return cache / (named.where.model + "-" + named.where.node) /
         (name_of(named) + "." + hash.substr(0, kHashDigits) + ".json");
}

void write_record(const fs::path& cache, const RunRecord& run) {
  write_file(record_path(cache, run.spec, run.code), to_json(run).dump() + "\n");
}

std::vector<RunRecord> read_records(const fs::path& cache, std::vector<fs::path>& unreadable) {
  std::vector<fs::path> files;
  if (fs::is_directory(cache)) {
    for (const auto& entry : fs::recursive_directory_iterator(cache)) {
      // Hidden: what a killed writer left.
      if (entry.path().extension() == ".json" && entry.is_regular_file() &&
          !entry.path().filename().string().starts_with("."))
        files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  std::vector<RunRecord> records;
  for (const fs::path& file : files) {
    try {
      records.push_back(record_from_json(read_json(file), file.string()));
    } catch (const Error&) {
      unreadable.push_back(file);
    }
  }
  return records;
}

}  // namespace tilewright

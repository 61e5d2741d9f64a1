// tilewright tables: the paper's tables, ours beside the printed figures, and the comparisons
// beyond them.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>

#include "cli/manifest.h"
#include "cli/options.h"
#include "cli/source.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "experiments/contest/plan.h"
#include "experiments/experiment.h"
#include "mdp/problem.h"
#include "support/file.h"
#include "support/json.h"
#include "support/progress.h"
#include "support/stop.h"

namespace tilewright {
namespace {

constexpr const char* kLlama = "llama-3.1-8b";
constexpr const char* kSmolvlm = "smolvlm-256m";
constexpr std::size_t kLongestShown = 100;  // rows; what a picture is made of is not to be read

struct TablesOptions {
  CommonOptions common;
  std::string calibration = kPaperCalibration, level = kDefaultLevel, output;
  std::vector<std::string> tables;
  bool all = false;
  std::int64_t episodes = ExperimentInputs{}.episodes, samples = ExperimentInputs{}.samples;
  std::string runs, searches, searchers;
  std::optional<std::int64_t> seeds;
};

std::vector<const Experiment*> chosen(const TablesOptions& o) {
  std::vector<const Experiment*> list;
  for (const std::string& id : o.tables) list.push_back(&find_experiment(id));
  if (!list.empty()) return list;
  for (const Experiment& experiment : experiments()) {
    if (o.all || !experiment.searches) list.push_back(&experiment);
  }
  return list;
}

Study study_of(const char* model, const Calibration& calibration, Mode mode) {
  const Source source = load_source(model, load_options(ModelOptions{}, calibration, mode));
  return evaluate_printed_designs(calibration, source.workload, mode);
}

ExperimentInputs inputs_of(const TablesOptions& o) {
  const Calibration calibration = load_calibration(o.calibration);
  ExperimentInputs inputs;
  inputs.llama = study_of(kLlama, calibration, Mode::kHighPerformance);
  inputs.smolvlm = study_of(kSmolvlm, calibration, Mode::kLowPower);
  inputs.printed = data_folder() / "paper" / "printed";
  inputs.physical = std::make_shared<const Calibration>(load_calibration("physical"));
  inputs.load = [physical = inputs.physical](const std::string& model, Mode mode) {
    return load_source(model, load_options(ModelOptions{}, *physical, mode)).workload;
  };
  inputs.episodes = o.episodes;
  inputs.level = o.level;
  inputs.samples = o.samples;
  inputs.seed = o.common.seed;
  inputs.calibration = o.calibration;
  inputs.searchers = o.searchers;
  inputs.runs = o.runs;
  inputs.searches = o.searches;
  inputs.seeds = o.seeds.value_or(o.runs.empty() ? inputs.seeds : ContestPlan{}.seeds);
  inputs.threads = o.common.threads;
  return inputs;
}

Json options_json(const TablesOptions& o, const std::vector<const Experiment*>& list) {
  Json ids = Json::array();
  for (const Experiment* experiment : list) ids.push_back(experiment->id);
  return {{"tables", ids},
          {"calibration", o.calibration},
          {"level", o.level},
          {"episodes", o.episodes},
          {"searchers", o.searchers},
          {"searches", o.seeds.value_or(0)},
          {"from_runs", !o.runs.empty()},
          {"samples", o.samples},
          {"seed", o.common.seed},
          {"threads", o.common.threads}};
}

// For a terminal: missing cells are marks, and their reasons stand once below the table.
std::string readable(Table table) {
  std::vector<std::string> reasons;
  for (auto& row : table.rows) {
    for (Cell& cell : row) {
      const auto* missing = std::get_if<Missing>(&cell);
      if (missing == nullptr) continue;
      auto at = std::find(reasons.begin(), reasons.end(), missing->reason);
      if (at == reasons.end()) at = reasons.insert(at, missing->reason);
      cell = fmt::format("({})", 1 + std::distance(reasons.begin(), at));
    }
  }
  std::string text = table.caption + "\n\n" + to_text(table);
  for (std::size_t i = 0; i < reasons.size(); ++i)
    text += fmt::format("({}) {}\n", i + 1, reasons[i]);
  return text + "\n";
}

int run_tables(const TablesOptions& o) {
  end_with_parent();
  Timings timings;
  parse_level(o.level);  // refused before the work, not when a search reads it
  StagedFolder folder(o.output);
  const std::vector<const Experiment*> list = chosen(o);
  const ExperimentInputs inputs = inputs_of(o);
  timings.stage("load");
  Json written = Json::array();
  Progress progress("tables", std::ssize(list));
  for (std::size_t i = 0; i < list.size(); ++i) {
    progress.update(static_cast<std::int64_t>(i), list[i]->title);
    for (const ExperimentTable& result : list[i]->run(inputs)) {
      const Table& table = result.table;
      write_file(folder.path() / (table.id + ".csv"), to_csv(table));
      write_file(folder.path() / (table.id + ".tex"), to_latex(table));
      if (!result.picture.empty()) write_file(folder.path() / (table.id + ".svg"), result.picture);
      written.push_back(table.id);
      const bool readers = result.picture.empty() && table.rows.size() <= kLongestShown;
      if (!o.common.json && readers) print(readable(table));
    }
    timings.stage(list[i]->id);
  }
  const Json manifest = make_manifest("tables", options_json(o, list),
                                      {{"calibration", calibration_hashes(o.calibration)}},
                                      {{"tables", written}}, folder.path(), timings);
  write_file(folder.path() / "manifest.json", to_text(manifest));
  folder.commit();
  if (o.common.json) {
    print_json(Json{{"folder", o.output}, {"tables", written}});
  } else {
    print(fmt::format("{} tables as CSV and LaTeX below {}\n", written.size(), o.output));
  }
  return 0;
}

}  // namespace

void add_tables(CLI::App& app, Run& run) {
  auto o = std::make_shared<TablesOptions>();
  CLI::App* verb =
      app.add_subcommand("tables", "the paper's tables, ours beside the printed figures");
  std::string known, slow;
  for (const Experiment& experiment : experiments()) {
    known += (known.empty() ? "" : ", ") + experiment.id;
    if (experiment.searches) slow += (slow.empty() ? "" : ", ") + experiment.id;
  }
  verb->add_option("--table", o->tables, known + " (default all that take seconds)")
      ->type_name("ID")
      ->delimiter(',');
  verb->add_flag("--all", o->all, "those that search too: " + slow);
  verb->add_option("--calibration", o->calibration, "set of constants")
      ->type_name("NAME")
      ->capture_default_str();
  verb->add_option("--level", o->level, "fidelity that the searches of Table 21 see")
      ->type_name("LEVEL")
      ->capture_default_str();
  verb->add_option("--episodes", o->episodes, "budget of each searcher of Table 21")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40));
  verb->add_option("--searchers", o->searchers,
                   "searchers of Table 21, as 'tilewright contest' takes them (default all)")
      ->type_name("LIST");
  verb->add_option("--seeds", o->seeds,
                   "searches of each, from --seed up; six give an interval (default 1)")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{100000}));
  verb->add_option("--runs", o->runs,
                   "records of a contest to make Table 21 of, without a search (defaults: its ten "
                   "seeds)")
      ->type_name("FOLDER");
  verb->add_option("--searches", o->searches,
                   "folder of finished compiles (of a sweep, say) for what describes searches")
      ->type_name("FOLDER");
  verb->add_option("--samples", o->samples, "random feasible designs a node, for 'fidelity'")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40));
  verb->add_option("-o,--output", o->output, "folder to write")->type_name("FOLDER")->required();
  add_options(*verb, o->common);
  verb->footer(
      "Examples:\n"
      "  tilewright tables -o tables\n"
      "  tilewright tables --table 11,12 -o tables\n"
      "  tilewright tables --table 21 --searchers sac,random,grid -o table21\n"
      "  tilewright tables --table 21 --runs contest/runs -o table21");
  verb->callback([o, verb, &run] {
    const bool seed_given = verb->get_option("--seed")->count() > 0;
    if (!o->runs.empty() && !seed_given) o->common.seed = ContestPlan{}.first_seed;
    run = [o] { return run_tables(*o); };
  });
}

}  // namespace tilewright

// tilewright paper: every table and figure of the paper from runs, and the PDF.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <thread>

#include "cli/log.h"
#include "cli/manifest.h"
#include "cli/options.h"
#include "cli/paper/facts.h"
#include "cli/paper/plan.h"
#include "cli/paper/typeset.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/version.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"
#include "support/progress.h"
#include "support/stop.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

constexpr const char* kSchema = "tilewright.paper";
constexpr const char* kMark = "paper.json";  // says that the folder is ours

void claim(const fs::path& folder) {
  if (fs::exists(folder) && !fs::is_empty(folder) && !fs::exists(folder / kMark)) {
    throw Error("TW-FILE-004", "exists and was not written by tilewright paper", folder.string(),
                "name another folder with -o");
  }
  fs::create_directories(folder / "runs");
  write_file(folder / kMark,
             to_text(Json{{"schema", kSchema}, {"schema_version", 1}, {"program", kVersion}}));
}

// Runs what is not there; false when a stop was requested. A search whose best design is not
// feasible ends with status 1 and is done.
bool run_missing(const std::vector<PaperJob>& jobs, int at_once, Progress& progress,
                 std::int64_t& done, std::vector<std::string>& failed) {
  std::vector<const PaperJob*> missing;
  std::vector<Job> started;
  for (const PaperJob& job : jobs) {
    if (is_done(job)) {
      progress.update(++done);
      continue;
    }
    fs::create_directories(job.job.log.parent_path());
    missing.push_back(&job);
    started.push_back(job.job);
  }
  run_jobs(started, at_once, [&](std::size_t i, int status) {
    const Job& job = started[i];
    log_phase(fmt::format("{} ended with status {}", job.name, status));
    if (status <= 1 && is_done(*missing[i])) {
      fs::remove(job.log);
    } else if (!stop_requested()) {
      failed.push_back(fmt::format("{} (see {})", job.name, job.log.string()));
    }
    progress.update(++done, job.name);
  });
  return !stop_requested();
}

// Figures lie apart, each with the form that the manuscript's plots read.
struct Collected {
  std::size_t tables = 0, figures = 0;
};

void copy_in(const fs::path& file, const fs::path& folder) {
  write_file(folder / file.filename(), read_file(file));
}

std::string plot_csv(const fs::path& csv) {
  const auto rows = parse_csv(read_file(csv), csv.string());
  Table table{csv.stem().string(), "", {}, {}};
  for (const std::string& heading : rows.front())
    table.columns.push_back({heading.substr(0, heading.find(" [")), ""});
  for (std::size_t r = 1; r < rows.size(); ++r) {
    std::vector<Cell> cells;
    for (const std::string& text : rows[r])
      cells.push_back(text.starts_with("missing: ") ? Cell(Missing{""}) : Cell(text));
    table.add(std::move(cells));
  }
  return to_plot_csv(table);
}

Collected collect(const PaperPlan& plan, const fs::path& folder) {
  Collected out;
  const fs::path tables = folder / "tables", figures = folder / "figures";
  for (const fs::path& old : {tables, figures}) {
    fs::remove_all(old);
    fs::create_directories(old);
  }
  std::vector<fs::path> files;
  for (const fs::path& from : plan.tables) {
    for (const auto& entry : fs::directory_iterator(from)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    const bool figure = file.filename().string().starts_with("figure");
    if (file.extension() == ".csv") {
      copy_in(file, figure ? figures : tables);
      ++(figure ? out.figures : out.tables);
      if (figure) write_file(figures / (file.stem().string() + ".dat"), plot_csv(file));
    } else if (file.extension() == ".tex" && !figure) {
      copy_in(file, tables);
    }
  }
  return out;
}

// The manuscript, and beside it the numbers of its prose.
void lay_out(const fs::path& folder) {
  const fs::path manuscript = data_folder() / "paper" / "manuscript", latex = folder / "latex";
  fs::remove_all(latex);
  fs::create_directories(latex);
  for (const auto& entry : fs::recursive_directory_iterator(manuscript)) {
    const fs::path target = latex / fs::relative(entry.path(), manuscript);
    if (entry.is_directory()) {
      fs::create_directories(target);
    } else {
      write_file(target, read_file(entry.path()));
    }
  }
  const bool printed = fs::exists(data_folder() / "paper" / "printed");
  const Table facts = resolve_facts(manuscript / "facts.csv", folder, printed);
  write_file(folder / "facts.csv", to_csv(facts));
  write_file(latex / "facts.tex", facts_as_latex(facts));
}

Json options_json(const PaperOptions& o) {
  const PaperScale scale = paper_scale(o);
  return {{"quick", o.quick},
          {"seed", o.common.seed},
          {"seeds", scale.seeds},
          {"episodes", scale.episodes},
          {"contest_seeds", scale.contest_seeds},
          {"contest_episodes", scale.contest_episodes},
          {"threads", o.common.threads}};
}

int run_paper(const PaperOptions& o) {
  Timings timings;
  catch_stop_signals();
  const fs::path folder = o.output;
  const PaperPlan plan = plan_paper(o);
  claim(folder);
  std::vector<std::string> failed;
  {
    Progress progress("paper", std::ssize(plan.first) + std::ssize(plan.second));
    std::int64_t done = 0;
    for (const auto* jobs : {&plan.first, &plan.second}) {
      if (!run_missing(*jobs, o.jobs, progress, done, failed)) {
        log_warning("interrupted; the same command goes on from here");
        return 1;
      }
      // Tables of what is not all there would be taken for whole the next time.
      if (!failed.empty()) {
        throw Error("TW-CLI-043", fmt::format("failed: {}", fmt::join(failed, ", ")),
                    folder.string(), "mend the cause; the same command runs these alone",
                    ErrorKind::kInternal);
      }
    }
  }
  timings.stage("runs");
  const Collected collected = collect(plan, folder);
  lay_out(folder);
  timings.stage("collect");
  std::size_t overfull = 0;
  if (!o.no_pdf) {
    typeset(folder / "latex");
    overfull = overfull_boxes(folder / "latex").size();
    fs::rename(folder / "latex" / "paper.pdf", folder / "paper.pdf");
    timings.stage("typeset");
  }
  const Json result{
      {"tables", collected.tables}, {"figures", collected.figures}, {"overfull_boxes", overfull}};
  const Json inputs{{"calibration", calibration_hashes(kPaperCalibration)}};
  write_file(folder / "manifest.json",
             to_text(make_manifest("paper", options_json(o), inputs, result, folder, timings)));
  if (o.common.json) {
    print_json(result);
  } else {
    print(fmt::format("{} tables and the data of {} figures below {}\n", collected.tables,
                      collected.figures, o.output));
    if (!o.no_pdf) print(fmt::format("{}\n", (folder / "paper.pdf").string()));
  }
  return 0;
}

}  // namespace

void add_paper(CLI::App& app, Run& run) {
  auto o = std::make_shared<PaperOptions>();
  o->jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  CLI::App* verb =
      app.add_subcommand("paper", "every table and figure of the paper from runs, and the PDF");
  verb->add_flag("--quick", o->quick, "smaller budgets and fewer seeds: minutes instead of hours");
  verb->add_flag("--smoke", o->smoke, "as little as shows that all works")->group("");
  verb->add_flag("--no-pdf", o->no_pdf, "tables and figures alone");
  verb->add_option("--seeds", o->seeds, "searches a node and workload (default 10; quick 6)")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{100000}));
  verb->add_option("--episodes", o->episodes,
                   "evaluations of each of these searches (default 460; quick 60)")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40));
  verb->add_option("--jobs", o->jobs, "processes at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 1024));
  verb->add_option("-o,--output", o->output, "folder to write")->type_name("FOLDER")->required();
  add_options(*verb, o->common);
  verb->footer(
      "Examples:\n"
      "  tilewright paper --quick -o paper\n"
      "  tilewright paper -o paper --jobs 8\n"
      "Searches and tables that are already there are not made again: after Ctrl-C, or a change of "
      "the\nmanuscript, the same command goes on from there.");
  verb->callback([o, &run] { run = [o] { return run_paper(*o); }; });
}

}  // namespace tilewright

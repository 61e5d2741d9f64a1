// tilewright sweep: one model over many nodes, modes and seeds, each a compile in a process of its
// own.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <thread>

#include "cli/compile.h"
#include "cli/log.h"
#include "cli/manifest.h"
#include "cli/process.h"
#include "cli/source.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/version.h"
#include "models/models.h"
#include "support/error.h"
#include "support/file.h"
#include "support/progress.h"
#include "support/stop.h"
#include "support/table.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

constexpr const char* kSweepSchema = "tilewright.sweep";

struct SweepOptions {
  CompileOptions compile;
  std::string nodes = "all", modes = kDefaultMode;
  std::int64_t seeds = 1;
  int jobs = 1;
  bool continued = false;  // each node learns from the one before it
};

struct Point {
  CompileOptions compile;
  Job job;
  fs::path folder;
  std::size_t wave = 0;  // runs when all earlier waves have ended
  int status = -1;       // of the process; -1: not run in this sweep
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

std::vector<std::string> nodes_of(const std::string& text, const Calibration& calibration) {
  std::vector<std::string> nodes;
  if (text == "all") {
    for (const NodeEntry& entry : calibration.nodes) nodes.push_back(entry.node.name());
  } else {
    for (const std::string& node : split(text))
      nodes.push_back(find_node(calibration, node).node.name());
  }
  return nodes;
}

std::vector<Point> points_of(const SweepOptions& o, const fs::path& folder) {
  const Calibration calibration = calibration_of(o.compile.target);
  std::vector<Point> points;
  for (const std::string& mode : split(o.modes)) {
    const std::string mode_text = mode_name(parse_mode(mode));
    std::size_t wave = 0;
    for (const std::string& node : nodes_of(o.nodes, calibration)) {
      for (std::int64_t s = 0; s < o.seeds; ++s) {
        Point point;
        point.wave = o.continued ? wave : 0;
        point.compile = o.compile;
        point.compile.target.node = node;
        point.compile.target.mode = mode_text;
        point.compile.common.seed = o.compile.common.seed + static_cast<std::uint64_t>(s);
        point.job.name = fmt::format("{}-{}-seed{}", node, mode_text, point.compile.common.seed);
        point.folder = folder / "jobs" / point.job.name;
        point.compile.output = point.folder.string();
        if (o.continued && wave > 0)
          point.compile.warm_start =
              points[points.size() - static_cast<std::size_t>(o.seeds)].folder.string();
        point.job.arguments = to_arguments(point.compile);
        point.job.log = folder / "jobs" / (point.job.name + ".log");
        points.push_back(std::move(point));
      }
      ++wave;
    }
  }
  if (points.empty())
    throw Error("TW-CLI-017", "there is nothing to sweep", "--nodes, --modes", "name at least one");
  return points;
}

// A finished job of this very question: same program, options and model.
bool is_done(const Point& point, const std::string& model_hash) {
  const fs::path file = point.folder / "manifest.json";
  if (!fs::exists(file)) return false;
  const Json manifest = read_json(file);
  return manifest.value("options", Json()) ==
             manifest_options(point.compile, point.compile.target) &&
         manifest.value("program", Json()).value("version", "") == kVersion &&
         !manifest.value("result", Json()).value("interrupted", true) &&
         (model_hash.empty() ||
          manifest.value("inputs", Json()).value("model", Json()).value("sha256", "") ==
              model_hash);
}

std::string hash_of_model(const std::string& model) {
  require_model(model);
  return is_builtin_model(model) ? std::string() : sha256_of_file(model);
}

void claim(const fs::path& folder) {
  if (fs::exists(folder) && !fs::is_empty(folder) && !fs::exists(folder / "sweep.json")) {
    throw Error("TW-FILE-004", "exists and was not written by tilewright sweep", folder.string(),
                "name another folder with -o");
  }
  fs::create_directories(folder / "jobs");
  write_file(folder / "sweep.json",
             to_text(Json{{"schema", kSweepSchema}, {"schema_version", 1}, {"program", kVersion}}));
}

// A job whose predecessor failed has nothing to learn from; it fails too, and says so in its log.
void run_wave(std::vector<Point>& points, std::size_t wave, const SweepOptions& o,
              const std::string& model_hash, Progress& progress, std::int64_t& done) {
  std::vector<Job> jobs;
  std::vector<std::size_t> index;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point& point = points[i];
    if (point.wave != wave) continue;
    const fs::path& earlier = point.compile.warm_start;
    const bool can_be_done = earlier.empty() || fs::exists(earlier / "search.csv");
    if (can_be_done && is_done(point, model_hash)) {
      log_phase(fmt::format("job {} is done already", point.job.name));
      progress.update(++done);
      continue;
    }
    jobs.push_back(point.job);
    index.push_back(i);
  }
  run_jobs(jobs, o.jobs, [&](std::size_t job, int status) {
    points[index[job]].status = status;
    log_phase(fmt::format("job {} ended with status {}", jobs[job].name, status));
    if (status <= 1) fs::remove(jobs[job].log);
    progress.update(++done, jobs[job].name);
  });
}

void run_missing(std::vector<Point>& points, const SweepOptions& o, const std::string& model_hash) {
  std::size_t waves = 0;
  for (const Point& point : points) waves = std::max(waves, point.wave + 1);
  Progress progress("sweep", std::ssize(points));
  std::int64_t done = 0;
  for (std::size_t wave = 0; wave < waves && !stop_requested(); ++wave)
    run_wave(points, wave, o, model_hash, progress, done);
}

struct Row {
  Json ppa, design;
};

Table sweep_table(const std::string& id, const std::string& caption) {
  return {id,
          caption,
          {{"Node", ""},
           {"Mode", ""},
           {"Seed", ""},
           {"Mesh", ""},
           {"Clock", "MHz"},
           {"Rate", "1/s"},
           {"Without drafts", "1/s"},
           {"Power", "mW"},
           {"Area", "mm2"},
           {"Latency", "ms"},
           {"Energy", "mJ"},
           {"Score", ""},
           {"Feasible", ""},
           {"Binding", ""}},
          {}};
}

std::vector<Cell> sweep_row(const Point& point, const Row* row) {
  std::vector<Cell> cells{*point.compile.target.node, *point.compile.target.mode,
                          Number{static_cast<double>(point.compile.common.seed)}};
  if (row == nullptr) {
    const Missing reason{point.status < 0 ? "not run"
                                          : "failed; see jobs/" + point.job.name + ".log"};
    cells.insert(cells.end(), 11, reason);
    return cells;
  }
  const auto number = [&](const char* key) {
    return Number{required<double>(row->ppa, key, point.job.name)};
  };
  cells.emplace_back(fmt::format("{}x{}", row->design.at("mesh").at("w").get<int>(),
                                 row->design.at("mesh").at("h").get<int>()));
  for (const char* key : {"clock_mhz", "tok_s", "tok_s_without_drafts", "power_mw", "area_mm2",
                          "latency_ms", "energy_mj_per_unit", "score"}) {
    cells.emplace_back(number(key));
  }
  cells.emplace_back(std::string(row->ppa.at("feasible").get<bool>() ? "yes" : "no"));
  cells.emplace_back(row->ppa.at("ceilings").at("binding").get<std::string>());
  return cells;
}

bool beats(const Row& a, const Row& b) {
  const bool fa = a.ppa.at("feasible").get<bool>(), fb = b.ppa.at("feasible").get<bool>();
  if (fa != fb) return fa;
  return a.ppa.at("score").get<double>() < b.ppa.at("score").get<double>();
}

// Every job, and the best seed of every node and mode.
std::pair<Table, Table> merge(const std::vector<Point>& points, int& status) {
  Table all = sweep_table("sweep", "Every job of the sweep"),
        best = sweep_table("sweep_best", "Best seed by node and mode");
  std::vector<std::optional<Row>> rows(points.size());
  std::map<std::pair<std::string, std::string>, std::size_t> winners;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point& point = points[i];
    const bool failed = point.status > 1;
    if (!failed && fs::exists(point.folder / "ppa.json")) {
      rows[i] = Row{read_json(point.folder / "ppa.json"), read_json(point.folder / "design.json")};
      status = std::max(status, rows[i]->ppa.at("feasible").get<bool>() ? 0 : 1);
      const auto [at, first] =
          winners.try_emplace({*point.compile.target.mode, *point.compile.target.node}, i);
      if (first) order.push_back(i);
      if (!first && beats(*rows[i], *rows[at->second])) at->second = i;
    } else {
      status = std::max(status, failed ? 2 : 1);
    }
    all.add(sweep_row(point, rows[i] ? &*rows[i] : nullptr));
  }
  for (const std::size_t i : order) {
    const std::size_t w =
        winners.at({*points[i].compile.target.mode, *points[i].compile.target.node});
    best.add(sweep_row(points[w], &*rows[w]));
  }
  return {std::move(all), std::move(best)};
}

int run_sweep(SweepOptions o) {
  catch_stop_signals();
  o.compile.target = with_defaults(o.compile.target, default_target());
  const fs::path folder = o.compile.output;
  const std::string model_hash = hash_of_model(o.compile.model.model);
  std::vector<Point> points = points_of(o, folder);
  claim(folder);
  run_missing(points, o, model_hash);
  int status = 0;
  const auto [all, best] = merge(points, status);
  for (const Table* table : {&all, &best}) {
    write_file(folder / (table->id + ".csv"), to_csv(*table));
    write_file(folder / (table->id + ".tex"), to_latex(*table));
  }
  if (o.compile.common.json) {
    print_json(Json{{"folder", folder.string()}, {"jobs", points.size()}, {"status", status}});
  } else {
    print(to_text(best));
    print(fmt::format("{} jobs, merged in {}\n", points.size(), (folder / "sweep.csv").string()));
  }
  if (stop_requested())
    log_warning("the sweep was interrupted; the same command goes on from here");
  return status;
}

}  // namespace

void add_sweep(CLI::App& app, Run& run) {
  auto o = std::make_shared<SweepOptions>();
  o->compile.model.model = kDefaultModel;
  o->jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  CLI::App* verb =
      app.add_subcommand("sweep", "one model over many nodes, modes and seeds, resumable");
  add_options(*verb, o->compile.model,
              "built-in name, .onnx file or workload.json (default llama-tiny)");
  verb->add_option("--nodes", o->nodes, "all, or a list: 3nm,5nm")
      ->type_name("NODE,...")
      ->capture_default_str();
  verb->add_option("--modes", o->modes, "list of high-performance, low-power")
      ->type_name("MODE,...")
      ->capture_default_str();
  verb->add_option("--seeds", o->seeds, "seeds a node and mode, counted up from --seed")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{100000}));
  verb->add_flag(
      "--continued", o->continued,
      "each node starts from what the one before it learned; the first from --warm-start");
  verb->add_option("--jobs", o->jobs, "processes at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 1024));
  add_search_options(*verb, o->compile);
  add_options(*verb, o->compile.target, false);
  verb->add_option("-o,--output", o->compile.output, "folder to write")
      ->type_name("FOLDER")
      ->required();
  add_options(*verb, o->compile.common);
  verb->footer(
      "Examples:\n"
      "  tilewright sweep llama-3.1-8b --nodes all --episodes 300 --agent random -o sweep\n"
      "  tilewright sweep net.onnx --nodes 5nm,7nm --modes high-performance,low-power --seeds 3 -o "
      "sweep\n"
      "  tilewright sweep llama-3.1-8b --nodes 7nm,5nm,3nm --continued --episodes 150 -o chain\n"
      "Jobs that are already in the folder are not run again.\n"
      "Exit status 1: a job's best design is not feasible; 2: a job failed.");
  verb->callback([o, &run] { run = [o] { return run_sweep(*o); }; });
}

}  // namespace tilewright

// tilewright explore: one page to look around in a finished compile, or in all of a sweep's.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

#include "cli/design_file.h"
#include "cli/manifest.h"
#include "cli/options.h"
#include "cli/source.h"
#include "cli/target.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/version.h"
#include "explore/page.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

constexpr const char* kPageName = "explore.html";

struct ExploreOptions {
  CommonOptions common;
  std::string folder, output;
};

bool is_finished(const fs::path& folder) {
  return fs::is_regular_file(folder / "design.json") && fs::is_regular_file(folder / "ppa.json");
}

// The folder itself, or the finished jobs of a sweep by name.
std::vector<fs::path> finished_folders(const fs::path& folder) {
  if (is_finished(folder)) return {folder};
  std::vector<fs::path> jobs;
  if (fs::is_directory(folder / "jobs")) {
    for (const auto& entry : fs::directory_iterator(folder / "jobs")) {
      if (is_finished(entry.path())) jobs.push_back(entry.path());
    }
  }
  if (jobs.empty()) {
    throw Error("TW-CLI-025", "holds neither a finished compile nor a sweep with one",
                folder.string(), "give the folder that 'tilewright compile' or 'sweep' wrote");
  }
  std::sort(jobs.begin(), jobs.end());
  return jobs;
}

Target target_of(const DesignFile& file) {
  const TargetOptions options = with_defaults(file.target, default_target());
  const auto calibration = std::make_shared<const Calibration>(calibration_of(options));
  ModelOptions model;
  model.model = (file.folder / "workload.json").string();
  model.context = file.context;
  const Source source =
      load_source(model.model, load_options(model, *calibration, parse_mode(*options.mode)));
  return make_target(options, calibration, source.workload, overrides_of(options, model.context));
}

Explored read_folder(const fs::path& folder) {
  DesignFile file = read_design(folder);
  const Target target = target_of(file);
  Explored explored;
  explored.name = fs::absolute(folder).lexically_normal().filename().string();
  explored.unit = target.workload->unit;
  explored.design = std::move(file.design);
  explored.ppa = read_json(folder / "ppa.json");
  check_schema(explored.ppa, kPpaSchema, kPpaSchemaVersion, (folder / "ppa.json").string());
  if (const fs::path manifest = folder / "manifest.json"; fs::exists(manifest))
    explored.options = required<Json>(read_json(manifest), "options", manifest.string());
  if (const fs::path log = folder / "search.csv"; fs::exists(log))
    explored.log = read_search_log(read_file(log), log.string());
  if (const fs::path front = folder / "pareto.csv"; fs::exists(front) && explored.log.rows() > 0)
    explored.pareto = pareto_rows(explored.log, read_file(front), front.string());
  explored.surrogate = target.surrogate;
  explored.level = target.level;
  return explored;
}

int run_explore(const ExploreOptions& o) {
  Timings timings;
  std::vector<Explored> folders;
  for (const fs::path& folder : finished_folders(o.folder)) folders.push_back(read_folder(folder));
  timings.stage("read");
  const std::string page = explore_page(explore_data(folders, PageRoom{}, kVersion));
  timings.stage("map");
  const fs::path file = o.output.empty() ? fs::path(o.folder) / kPageName : fs::path(o.output);
  write_file(file, page);
  std::size_t evaluations = 0;
  for (const Explored& folder : folders) evaluations += folder.log.rows();
  if (o.common.json) {
    print_json(Json{{"file", file.string()},
                    {"bytes", page.size()},
                    {"folders", folders.size()},
                    {"evaluations", evaluations}});
  } else {
    print(fmt::format("{}: {} design{}, {} evaluations, {:.1f} MB\n", file.string(), folders.size(),
                      folders.size() == 1 ? "" : "s", evaluations,
                      1e-6 * static_cast<double>(page.size())));
  }
  return 0;
}

}  // namespace

void add_explore(CLI::App& app, Run& run) {
  auto o = std::make_shared<ExploreOptions>();
  CLI::App* verb = app.add_subcommand(
      "explore", "one page to look around in a finished design: Pareto front, tiles, search");
  verb->add_option("DIR", o->folder, "folder of a finished compile or sweep")
      ->type_name("")
      ->required();
  verb->add_option("-o,--output", o->output, "file to write (default DIR/explore.html)")
      ->type_name("FILE");
  add_options(*verb, o->common);
  verb->footer(
      "Examples:\n"
      "  tilewright explore demo                       writes demo/explore.html: open it from "
      "disk\n"
      "  tilewright explore sweep -o sweep.html        all jobs of a sweep in one page");
  verb->callback([o, &run] { run = [o] { return run_explore(*o); }; });
}

}  // namespace tilewright

#include "cli/paper/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/compile.h"
#include "cli/contest.h"
#include "cli/manifest.h"
#include "experiments/contest/code_hash.h"
#include "experiments/experiment.h"
#include "experiments/search_strategy.h"
#include "nodes/calibration.h"
#include "support/file.h"
#include "support/json.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kHashLength = 12;
constexpr const char* kContestTable = "21";

struct Searched {
  const char* model;
  Mode mode;
};
constexpr Searched kSearched[] = {{"llama-3.1-8b", Mode::kHighPerformance},
                                  {"smolvlm-256m", Mode::kLowPower}};

std::string short_hash(const Json& question) {
  return sha256(question.dump()).substr(0, kHashLength);
}

CompileOptions search_of(const PaperOptions& options, const PaperScale& scale) {
  CompileOptions compile;
  compile.common = options.common;
  compile.common.json = false;
  compile.target.calibration = kPaperCalibration;
  compile.target.level = kDefaultLevel;
  compile.episodes = scale.episodes;
  compile.search_only = true;  // tables want designs and figures
  return compile;
}

fs::path searches_folder(const PaperOptions& options, const PaperScale& scale) {
  const CompileOptions compile = search_of(options, scale);
  const CodeHashes code = current_hashes(kPaperCalibration, compile.agent);
  const Json question{{"agent", compile.agent},
                      {"episodes", compile.episodes},
                      {"seed", compile.common.seed},
                      {"seeds", scale.seeds},
                      {"threads", compile.common.threads},
                      {"evaluation", code.evaluation},
                      {"searcher", code.searcher}};
  return fs::path(options.output) / "runs" / ("searches-" + short_hash(question));
}

std::vector<PaperJob> search_jobs(const PaperOptions& options, const PaperScale& scale,
                                  const fs::path& folder) {
  std::vector<PaperJob> jobs;
  for (const Searched& searched : kSearched) {
    for (const NodeEntry& entry : load_calibration(kPaperCalibration).nodes) {
      if (!entry.printed.contains(searched.mode)) continue;
      for (std::int64_t s = 0; s < scale.seeds; ++s) {
        CompileOptions compile = search_of(options, scale);
        compile.model.model = searched.model;
        compile.target.mode = mode_name(searched.mode);
        compile.target.node = entry.node.name();
        compile.common.seed = options.common.seed + static_cast<std::uint64_t>(s);
        PaperJob job;
        job.job.name =
            fmt::format("{}-{}-seed{}", searched.model, entry.node.name(), compile.common.seed);
        job.folder = folder / job.job.name;
        compile.output = job.folder.string();
        job.job.arguments = to_arguments(compile);
        job.job.log = folder / (job.job.name + ".log");
        jobs.push_back(std::move(job));
      }
    }
  }
  return jobs;
}

// Hashes of all that a table may depend on besides its command line.
Json table_inputs() {
  return {{"paper", evaluation_hash(kPaperCalibration)},
          {"physical", evaluation_hash("physical")},
          {"searchers", searcher_hash("hybrid")},
          {"experiments", experiments_hash()},
          {"printed", fs::exists(data_folder() / "paper" / "printed")
                          ? file_hashes(data_folder() / "paper" / "printed")
                          : Json()}};
}

struct TableRequest {
  std::string name;  // of the folder
  std::vector<std::string> ids, arguments;
};

PaperJob table_job(const PaperOptions& options, const TableRequest& request, const Json& inputs) {
  std::vector<std::string> arguments{"tables", "--table",
                                     fmt::format("{}", fmt::join(request.ids, ","))};
  arguments.insert(arguments.end(), request.arguments.begin(), request.arguments.end());
  for (const auto& word : {std::string("--seed"), std::to_string(options.common.seed),
                           std::string("--threads"), std::to_string(options.common.threads)}) {
    arguments.push_back(word);
  }
  const fs::path runs = fs::path(options.output) / "runs";
  PaperJob job;
  // The folder of searches is named by its own hash; where it lies does not matter.
  Json words = Json::array();
  for (const std::string& word : arguments)
    words.push_back(word.starts_with(runs.string()) ? word.substr(runs.string().size()) : word);
  job.job.name = request.name;
  job.folder = runs / fmt::format("{}-{}", request.name,
                                  short_hash({{"arguments", words}, {"inputs", inputs}}));
  arguments.insert(arguments.end(), {"-o", job.folder.string()});
  job.job.arguments = std::move(arguments);
  job.job.log = job.folder.string() + ".log";
  return job;
}

TableRequest study_request(const Experiment& experiment, const PaperScale& scale) {
  return {"table-" + experiment.id,
          {experiment.id},
          {"--episodes", std::to_string(scale.study_episodes), "--seeds",
           std::to_string(scale.study_seeds), "--samples", std::to_string(scale.samples)}};
}

// Table 21 is a contest, whose runs are jobs of their own.
std::vector<PaperJob> contest_jobs(const PaperOptions& options, const PaperScale& scale,
                                   const fs::path& cache) {
  ExperimentInputs inputs;
  inputs.episodes = scale.contest_episodes;
  inputs.seeds = scale.contest_seeds;
  inputs.searchers = scale.searchers;
  inputs.seed = options.common.seed;
  ProgramCode program;
  std::vector<PaperJob> jobs;
  for (const RunSpec& spec : runs_of(table21_plan(inputs))) {
    const CodeHashes code = program.of(spec);
    jobs.push_back({contest_job(spec, code, cache), {}, record_path(cache, spec, code)});
  }
  return jobs;
}

TableRequest contest_request(const PaperScale& scale, const fs::path& cache) {
  TableRequest request{"table-" + std::string(kContestTable),
                       {kContestTable},
                       {"--episodes", std::to_string(scale.contest_episodes), "--seeds",
                        std::to_string(scale.contest_seeds), "--runs", cache.string()}};
  if (!scale.searchers.empty())
    request.arguments.insert(request.arguments.end(), {"--searchers", scale.searchers});
  return request;
}

}  // namespace

PaperScale paper_scale(const PaperOptions& options) {
  PaperScale scale{10, 460, 10, 4600, "", 10, 460, 2000};
  if (options.quick) scale = {6, 60, 3, 200, "hybrid,sac,paper,cmaes,random,grid", 3, 200, 200};
  if (options.smoke) scale = {1, 8, 1, 20, "random,grid", 1, 20, 10};
  scale.seeds = options.seeds.value_or(scale.seeds);
  scale.episodes = options.episodes.value_or(scale.episodes);
  return scale;
}

PaperPlan plan_paper(const PaperOptions& options) {
  const PaperScale scale = paper_scale(options);
  const fs::path searches = searches_folder(options, scale);
  const fs::path contest = fs::path(options.output) / "runs" / "contest";
  const Json inputs = table_inputs();
  PaperPlan plan;
  TableRequest rest{"tables", {}, {}};
  for (const Experiment& experiment : experiments()) {
    if (!experiment.searches) {
      rest.ids.push_back(experiment.id);
    } else if (experiment.id == kContestTable) {
      plan.second.push_back(table_job(options, contest_request(scale, contest), inputs));
    } else {
      plan.first.push_back(table_job(options, study_request(experiment, scale), inputs));
    }
  }
  rest.arguments = {"--searches", searches.string(),
                    "--episodes", std::to_string(scale.episodes),
                    "--seeds",    std::to_string(scale.seeds)};
  plan.second.push_back(table_job(options, rest, inputs));
  for (const auto* jobs : {&plan.first, &plan.second}) {
    for (const PaperJob& job : *jobs) plan.tables.push_back(job.folder);
  }
  // The longest first, so that none runs alone at the end.
  for (PaperJob& job : contest_jobs(options, scale, contest)) plan.first.push_back(std::move(job));
  for (PaperJob& job : search_jobs(options, scale, searches)) plan.first.push_back(std::move(job));
  return plan;
}

bool is_done(const PaperJob& job) {
  if (!job.record.empty()) return fs::exists(job.record);
  return fs::exists(job.folder / "manifest.json") && !read_json(job.folder / "manifest.json")
                                                          .value("result", Json::object())
                                                          .value("interrupted", false);
}

}  // namespace tilewright

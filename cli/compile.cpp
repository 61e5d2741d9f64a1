// tilewright compile: model -> searched design -> artifacts, checked.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

#include "cli/artifacts.h"
#include "cli/compile.h"
#include "cli/design_file.h"
#include "cli/kept_search.h"
#include "cli/log.h"
#include "cli/manifest.h"
#include "cli/options.h"
#include "cli/search_watch.h"
#include "cli/summary.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/warm_start.h"
#include "support/file.h"
#include "support/json.h"
#include "support/stop.h"
#include "support/table.h"

namespace tilewright {
namespace {

SearchResult search_with_progress(const Target& target, const CompileOptions& o,
                                  const KeptSearch& kept) {
  SearchOptions options;
  options.evaluations = o.episodes;
  options.time_limit_s = o.time_limit_s;
  options.seed = o.common.seed;
  options.threads = o.common.threads;
  options.settings = o.settings;
  if (!o.warm_start.empty()) {
    Earlier earlier = read_earlier(o.warm_start);
    options.earlier = std::move(earlier.log);
    options.earlier_learned = std::move(earlier.learned);
  }
  options.keep = [&](const Checkpoint& checkpoint) { kept.write(checkpoint); };
  options.keep_every_s = o.keep_every_s;
  options.resume = kept.read();
  const Problem problem(target.surrogate, target.level);
  SearchWatch watch(o.episodes);
  return run_search(problem, o.agent, options,
                    [&](std::int64_t done, const Evaluation& e, const Searcher& searcher) {
                      watch.evaluated(done, e, searcher);
                    });
}

// A given design in place of a search: one evaluation of its projection.
SearchResult take_design(const Target& target, const std::string& design) {
  const ActionVector actions = is_named_design(design) ? named_actions(design, *target.surrogate)
                                                       : read_design(design).design.actions;
  SearchResult result;
  result.best = Problem(target.surrogate, target.level).evaluate_design(actions);
  result.log = {result.best};
  if (result.best.feasible) result.pareto = {result.best};
  return result;
}

Json result_json(const SearchSummary& search, const EmitReport& emitted, bool timed) {
  Json json{{"evaluations", search.evaluations},
            {"feasible", search.feasible},
            {"interrupted", search.interrupted}};
  json["reproducible"] = !timed && !search.interrupted;
  json["logic_configurations"] = emitted.distinct_logic_configs;
  json["weight_image_bytes"] = emitted.weight_bytes;
  json["not_generated"] = emitted.not_generated;
  return json;
}

// A format is a choice where the model leaves its weights open; those that are there have one.
void check_format(const Source& source, const TargetOptions& options) {
  if (options.weights && source.graph && brings_weights(*source.graph)) {
    throw Error("TW-CLI-023", "the model brings its weights, which have a format", "--weights",
                "see what a format is worth with 'tilewright evaluate'; quantise the model with "
                "'tilewright quantise' and compile the result");
  }
}

// A design that is given brings its topology: as a mesh it would be another chip.
TargetOptions asked_target(const CompileOptions& o) {
  TargetOptions target = o.target;
  if (!target.topology && !o.design.empty() && !is_named_design(o.design))
    target.topology = read_design(o.design).target.topology;
  return with_defaults(target, default_target());
}

int run_compile(const CompileOptions& o) {
  Timings timings;
  catch_stop_signals();
  StagedFolder folder(
      o.output);  // a folder that can't be replaced is refused before the work, not after
  const TargetOptions options = asked_target(o);
  const auto calibration = std::make_shared<const Calibration>(calibration_of(options));
  const LoadOptions load = load_options(o.model, *calibration, parse_mode(*options.mode));
  const Source source = load_source(o.model.model, load);
  check_format(source, options);
  const Overrides overrides = overrides_of(options, o.model.context);
  const Target target = make_target(options, calibration, source.workload, overrides);
  log_target(target);
  timings.stage("load");

  Json inputs{{"model", {{"name", source.argument}, {"sha256", source.sha256}}},
              {"calibration", calibration_hashes(*options.calibration)}};
  if (options.node_file) inputs["node_file"] = sha256_of_file(*options.node_file);
  const Json asked = manifest_options(o, options);
  const KeptSearch kept(o.output, search_question(asked, inputs, o.agent, *options.calibration));
  const SearchResult search =
      o.design.empty() ? search_with_progress(target, o, kept) : take_design(target, o.design);
  timings.stage("search");
  const Finished finished = finish_design(target, search.best.design);
  timings.stage("map");
  const EmitReport emitted = write_artifacts(folder.path(), source, target, search, finished,
                                             {o.common.seed, !o.search_only});
  timings.stage("emit");
  check_artifacts(folder.path(), options, target, overrides, emitted);
  timings.stage("check");
  warn_about(finished.ppa, target);
  if (o.time_limit_s > 0)
    log_warning("a search ended by the clock gives other results on another machine or day");

  SearchSummary searched{o.design.empty() ? o.agent : "none, the design was given",
                         std::ssize(search.log), 0, search.interrupted, timings.seconds("search")};
  searched.feasible = std::count_if(search.log.begin(), search.log.end(),
                                    [](const Evaluation& e) { return e.feasible; });
  const Json manifest =
      make_manifest("compile", asked, inputs, result_json(searched, emitted, o.time_limit_s > 0),
                    folder.path(), timings);
  write_file(folder.path() / "manifest.json", to_text(manifest));
  folder.commit();
  if (search.interrupted) {
    log_warning(
        fmt::format("interrupted after {} of {} evaluations; the same command goes on from {}",
                    search.log.size(), o.episodes, kept.file().string()));
  } else {
    kept.remove();
  }

  Summary summary;
  summary.workload = target.workload.get();
  summary.design = &finished.design;
  summary.ppa = &finished.ppa;
  summary.mapping = &finished.mapping;
  summary.other_tok_s = finished.other_tok_s;
  summary.configs_before = finished.configs_before;
  summary.clustering_cost = finished.clustering_cost;
  summary.search = searched;
  summary.not_generated = emitted.not_generated;
  summary.weight_image_bytes = emitted.weight_bytes;
  summary.folder = o.output;
  summary.files = manifest.at("files").size() + 1;
  if (o.common.json) {
    print_json(summary_json(summary));
  } else {
    print(summary_text(summary));
  }
  return finished.ppa.feasible ? 0 : 1;
}

}  // namespace

Json manifest_options(const CompileOptions& o, const TargetOptions& target) {
  Json json{{"model", std::filesystem::path(o.model.model).filename().string()}};
  json.update(to_json(o.model));
  json.update(to_json(target));
  if (!o.design.empty()) {
    json["design"] = is_named_design(o.design)
                         ? o.design
                         : sha256(to_text(to_json(read_design(o.design).design)));
  }
  json["agent"] = o.agent;
  if (!o.settings.empty()) json["settings"] = o.settings;
  json["episodes"] = o.episodes;
  if (!o.warm_start.empty()) json["warm_start"] = hash_of_earlier(o.warm_start);
  if (o.time_limit_s > 0) json["time_limit_s"] = o.time_limit_s;
  if (o.search_only) json["search_only"] = true;
  json["seed"] = o.common.seed;
  json["threads"] = o.common.threads;
  return json;
}

std::vector<std::string> to_arguments(const CompileOptions& o) {
  std::vector<std::string> arguments{"compile", model_argument(o.model.model)};
  const std::vector<std::string> shared = shared_arguments(o);
  arguments.insert(arguments.end(), shared.begin(), shared.end());
  return arguments;
}

std::vector<std::string> shared_arguments(const CompileOptions& o) {
  std::vector<std::string> arguments;
  const auto append = [&](const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
  };
  append(to_arguments(o.model));
  append(to_arguments(o.target));
  append({"--agent", o.agent, "--episodes", std::to_string(o.episodes), "--seed",
          std::to_string(o.common.seed), "--threads", std::to_string(o.common.threads), "-o",
          o.output});
  for (const auto& [key, value] : o.settings) append({"--set", fmt::format("{}={}", key, value)});
  if (!o.warm_start.empty()) append({"--warm-start", o.warm_start});
  if (o.time_limit_s > 0) append({"--time-limit", format_number({o.time_limit_s})});
  append({"--checkpoint-every", format_number({o.keep_every_s})});
  if (o.search_only) append({"--search-only"});
  return arguments;
}

void add_search_options(CLI::App& verb, CompileOptions& options) {
  std::vector<std::string> names;
  for (const SearcherInfo& info : searchers()) names.push_back(info.name);
  verb.add_option("--agent", options.agent, fmt::format("searcher: {}", fmt::join(names, ", ")))
      ->type_name("NAME")
      ->check(CLI::IsMember(names))
      ->capture_default_str();
  verb.add_option_function<std::vector<std::string>>(
          "--set",
          [&options](const std::vector<std::string>& pairs) {
            for (const std::string& pair : pairs) {
              const std::size_t equals = pair.find('=');
              if (equals == std::string::npos || equals == 0) {
                throw Error("TW-CLI-019", "'" + pair + "' is not key=value", "--set",
                            "write --set discount=0.9");
              }
              options.settings[pair.substr(0, equals)] = pair.substr(equals + 1);
            }
          },
          "setting of the agent (agents/README.md); may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  verb.add_option("--episodes", options.episodes, "budget of full evaluations")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40));
  verb.add_option("--warm-start", options.warm_start,
                  "folder of an earlier compile, of another node or model, to learn from")
      ->type_name("FOLDER");
  verb.add_option("--checkpoint-every", options.keep_every_s,
                  "seconds between checkpoints of a search")
      ->type_name("SECONDS")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_flag("--search-only", options.search_only,
                "no RTL, programs, weight images and test bench: design, figures and report alone");
  verb.add_option("--time-limit", options.time_limit_s,
                  "seconds to search; gives up equal results for one seed (default none)")
      ->type_name("SECONDS")
      ->check([](const std::string& text) {
        double seconds = -1;
        const bool number = CLI::detail::lexical_cast(text, seconds);
        return number && seconds >= 0 ? "" : fmt::format("'{}' is not a number of seconds", text);
      });
}

void add_compile(CLI::App& app, Run& run) {
  auto o = std::make_shared<CompileOptions>();
  o->model.model = kDefaultModel;
  CLI::App* verb =
      app.add_subcommand("compile", "the main job: model -> searched design -> artifacts, checked");
  add_options(*verb, o->model, "built-in name, .onnx file or workload.json (default llama-tiny)");
  add_options(*verb, o->target);
  add_search_options(*verb, *o);
  verb->add_option("--design", o->design,
                   "takes this design instead of searching: printed, initial or a design.json")
      ->type_name("DESIGN");
  verb->add_option("-o,--output", o->output, "folder to write")->type_name("FOLDER")->required();
  add_options(*verb, o->common);
  verb->footer(
      "Examples:\n"
      "  tilewright compile -o demo\n"
      "  tilewright compile llama-3.1-8b --node 3nm --episodes 300 --agent random -o llama\n"
      "  tilewright compile smolvlm-256m --node 7nm --mode low-power -o smolvlm\n"
      "  tilewright compile llama-3.1-8b --node 5nm --warm-start llama --episodes 100 -o llama5\n"
      "  tilewright compile llama-3.1-8b --node 3nm --design printed -o printed\n"
      "  tilewright compile llama-3.1-8b --node 3nm --agent random --search-only -o fast\n"
      "  tilewright compile net.onnx --dim batch=1,height=224 --power-budget 2000 -o net\n"
      "Ctrl-C leaves OUTPUT.checkpoint beside the folder; the same command goes on from there.\n"
      "Exit status 1: the best design found is not feasible; the summary says what would close the "
      "gap.");
  verb->callback([o, &run] { run = [o] { return run_compile(*o); }; });
}

}  // namespace tilewright

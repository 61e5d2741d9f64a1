#include "cli/sweep/options.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <charconv>

#include "support/error.h"

namespace tilewright {
namespace {

void add_choice(CLI::App& verb, SweepOptions& o) {
  verb.add_option("MODEL", o.models,
                  "built-in name, .onnx file or workload.json (default llama-tiny); "
                  "MODEL@MODE,... takes these modes instead of --modes")
      ->type_name("");
  add_load_options(verb, o.compile.model);
  verb.add_option("--nodes", o.nodes, "all, or a list: 3nm,5nm")
      ->type_name("NODE,...")
      ->capture_default_str();
  verb.add_option("--modes", o.modes, "list of high-performance, low-power")
      ->type_name("MODE,...")
      ->capture_default_str();
  verb.add_option("--seeds", o.seeds, "seeds a node and mode, counted up from --seed")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{100000}));
  verb.add_flag("--continued", o.continued,
                "each node starts from what the one before it learned; the first from "
                "--warm-start");
}

void add_ways_to_run(CLI::App& verb, SweepOptions& o) {
  verb.add_option("--jobs", o.run.at_once,
                  "processes at once (default one a core; one a rank under mpirun and one a task "
                  "with --slurm)")
      ->check(CLI::Range(1, 1024));
  verb.add_option("--retries", o.run.retries, "more tries of a job whose process died")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000));
  verb.add_option("--rank-timeout", o.run.silence_s,
                  "seconds of silence after which a rank under mpirun counts as dead")
      ->type_name("SECONDS")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  CLI::Option* only = verb.add_option("--job", o.only,
                                      "runs these jobs of the sweep alone, counted from 0, and "
                                      "merges nothing")
                          ->type_name("K|FIRST-LAST");
  CLI::Option* merge =
      verb.add_flag("--merge-only", o.merge_only, "runs nothing, merges what is there")
          ->excludes(only);
  CLI::Option* slurm =
      verb.add_option("--slurm", o.slurm,
                      "writes a batch script for a Slurm job array instead of running: bash FILE "
                      "submits it")
          ->type_name("FILE")
          ->excludes(only)
          ->excludes(merge);
  verb.add_option("--jobs-per-task", o.per_task, "jobs of one task of the array")
      ->capture_default_str()
      ->needs(slurm)
      ->check(CLI::Range(std::size_t{1}, std::size_t{1000000}));
  for (CLI::Option* unordered : {only, slurm}) unordered->excludes(verb.get_option("--continued"));
}

}  // namespace

void add_sweep_options(CLI::App& verb, SweepOptions& o) {
  add_choice(verb, o);
  add_search_options(verb, o.compile);
  add_ways_to_run(verb, o);
  add_options(verb, o.compile.target, false);
  verb.add_option("-o,--output", o.compile.output, "folder to write")
      ->type_name("FOLDER")
      ->required();
  add_options(verb, o.compile.common);
}

std::vector<std::string> to_arguments(const SweepOptions& o) {
  std::vector<std::string> arguments{"sweep"};
  for (const std::string& model : o.models) arguments.push_back(model_argument(model));
  const std::vector<std::string> shared = shared_arguments(o.compile);
  arguments.insert(arguments.end(), shared.begin(), shared.end());
  arguments.insert(arguments.end(),
                   {"--nodes", o.nodes, "--modes", o.modes, "--seeds", std::to_string(o.seeds),
                    "--retries", std::to_string(o.run.retries)});
  if (o.run.at_once) arguments.insert(arguments.end(), {"--jobs", std::to_string(*o.run.at_once)});
  if (o.continued) arguments.emplace_back("--continued");
  return arguments;
}

std::vector<SearchJob> jobs_of(const SweepOptions& o) {
  SweepRequest request{o.compile, {}, {}, o.seeds, o.continued};
  request.nodes =
      parse_nodes(o.nodes, calibration_of(with_defaults(o.compile.target, default_target())));
  for (const std::string& model : o.models)
    request.workloads.push_back(parse_workload(model, split_list(o.modes)));
  return plan_sweep(request, o.compile.output);
}

std::vector<SearchJob> select_jobs(const std::vector<SearchJob>& jobs, const std::string& which) {
  const char* end = which.data() + which.size();
  std::size_t first = 0, last = 0;
  std::from_chars_result read = std::from_chars(which.data(), end, first);
  last = first;
  if (read.ec == std::errc() && read.ptr != end && *read.ptr == '-')
    read = std::from_chars(read.ptr + 1, end, last);
  if (read.ec != std::errc() || read.ptr != end || first > last || last >= jobs.size()) {
    throw Error("TW-CLI-027", fmt::format("'{}' are no jobs of this sweep", which), "--job",
                fmt::format("write K or FIRST-LAST, from 0 to {}", jobs.size() - 1));
  }
  return {jobs.begin() + static_cast<std::ptrdiff_t>(first),
          jobs.begin() + static_cast<std::ptrdiff_t>(last) + 1};
}

}  // namespace tilewright

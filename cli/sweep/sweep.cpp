// tilewright sweep: workloads over many nodes, modes and seeds, each a compile in a process of its
// own.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

#include "cli/log.h"
#include "cli/sweep/merge.h"
#include "cli/sweep/options.h"
#include "cli/sweep/run.h"
#include "cli/sweep/slurm.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "support/file.h"
#include "support/json.h"
#include "support/stop.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

int write_slurm(SweepOptions o, const std::vector<SearchJob>& jobs) {
  const fs::path folder = o.compile.output;
  claim_folder(folder, jobs);  // what can't work is refused here, not on the cluster
  o.run.at_once = o.run.at_once.value_or(1);
  SlurmArray array;
  array.program = fs::read_symlink("/proc/self/exe");
  array.where = fs::current_path();
  array.logs = fs::absolute(folder / "jobs");
  array.arguments = to_arguments(o);
  array.jobs = jobs.size();
  array.per_task = o.per_task;
  array.cpus = *o.run.at_once * o.compile.common.threads;
  write_file(o.slurm, slurm_script(array));
  print(fmt::format("{} jobs: 'bash {}' submits them and their merge\n", jobs.size(), o.slurm));
  return 0;
}

// 0: all done; 1: not so; 2: one failed.
int status_of(const std::vector<JobState>& states) {
  int status = 0;
  for (const JobState state : states)
    status = std::max(status, state == JobState::kDone ? 0 : state == JobState::kFailed ? 2 : 1);
  return status;
}

int merge(const SweepOptions& o, const std::vector<SearchJob>& jobs) {
  const fs::path folder = o.compile.output;
  const MergedSweep merged = merge_jobs(jobs);
  write_merged(merged, folder);
  if (o.compile.common.json) {
    print_json(Json{{"folder", folder.string()}, {"jobs", jobs.size()}, {"status", merged.status}});
  } else {
    print(to_text(merged.best));
    print(fmt::format("{} jobs, merged in {}\n", jobs.size(), (folder / "sweep.csv").string()));
  }
  return merged.status;
}

int run_sweep(const SweepOptions& o) {
  catch_stop_signals();
  const fs::path folder = o.compile.output;
  const std::vector<SearchJob> jobs = jobs_of(o);
  if (!o.slurm.empty()) return write_slurm(o, jobs);
  if (o.merge_only) {
    claim_folder(folder, jobs);
    return merge(o, jobs);
  }
  const auto states =
      run_search_jobs(o.only.empty() ? jobs : select_jobs(jobs, o.only), folder, o.run);
  if (!states) return kHelped;
  if (stop_requested())
    log_warning("the sweep was interrupted; the same command goes on from here");
  return o.only.empty() ? merge(o, jobs) : status_of(*states);
}

}  // namespace

void add_sweep(CLI::App& app, Run& run) {
  auto o = std::make_shared<SweepOptions>();
  CLI::App* verb =
      app.add_subcommand("sweep", "models over many nodes, modes and seeds, resumable");
  add_sweep_options(*verb, *o);
  verb->footer(
      "Examples:\n"
      "  tilewright sweep llama-3.1-8b --nodes all --episodes 300 --agent random -o sweep\n"
      "  tilewright sweep net.onnx --nodes 5nm,7nm --modes high-performance,low-power --seeds 3 -o "
      "sweep\n"
      "  tilewright sweep llama-3.1-8b --nodes 7nm,5nm,3nm --continued --episodes 150 -o chain\n"
      "  tilewright sweep llama-3.1-8b@high-performance smolvlm-256m@low-power --nodes all \\\n"
      "    --seeds 10 --search-only -o both                   two workloads, each in its mode\n"
      "  mpirun -np 8 tilewright sweep net.onnx --seeds 10 -o sweep    over machines that share a "
      "disk\n"
      "  tilewright sweep net.onnx --seeds 10 -o sweep --slurm sweep.sbatch && bash sweep.sbatch\n"
      "Jobs that are already in the folder are not run again; one whose process died is tried "
      "again "
      "from its\n"
      "checkpoint. The merged files are the same whoever ran the jobs.\n"
      "Exit status 1: a job's best design is not feasible, or a job is not done; 2: a job failed.");
  verb->callback([o, &run] { run = [o] { return run_sweep(*o); }; });
}

}  // namespace tilewright

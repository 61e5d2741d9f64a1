#include "cli/sweep/slurm.h"

#include <fmt/format.h>

namespace tilewright {
namespace {

constexpr const char* kHead = R"(#!/bin/bash
# {0} jobs of a sweep as a Slurm job array, {1} a task; written by tilewright sweep --slurm.
#   bash SCRIPT          submits the array, and the merge for when it has ended
#   bash SCRIPT merge    merges what is there
#SBATCH --job-name=tilewright-sweep
#SBATCH --array=0-{2}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task={3}
#SBATCH --requeue
set -euo pipefail
jobs={0}
per_task={1}
)";

constexpr const char* kBody = R"(
script=$(realpath -- "${BASH_SOURCE[0]}")
cd -- "$where"
if [ "${1:-}" = merge ]; then
  exec "${sweep[@]}" --merge-only
fi
if [ -n "${SLURM_ARRAY_TASK_ID:-}" ]; then
  first=$((SLURM_ARRAY_TASK_ID * per_task))
  last=$((first + per_task < jobs ? first + per_task - 1 : jobs - 1))
  exec "${sweep[@]}" --job "$first-$last"
fi
logs=(--chdir="$logs" --output=slurm-%A_%a.out)
array=$(sbatch --parsable "${logs[@]}" "$script")
sbatch --dependency="afterany:${array%%;*}" --array=0 "${logs[@]}" "$script" merge
)";

}  // namespace

std::string shell_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string slurm_script(const SlurmArray& array) {
  const std::size_t tasks = (array.jobs + array.per_task - 1) / array.per_task;
  std::string text = fmt::format(kHead, array.jobs, array.per_task, tasks - 1, array.cpus);
  text += "where=" + shell_quoted(array.where.string()) + "\n";
  text += "logs=" + shell_quoted(array.logs.string()) + "\n";
  text += "sweep=(" + shell_quoted(array.program.string());
  for (const std::string& argument : array.arguments) text += " \\\n  " + shell_quoted(argument);
  return text + ")\n" + kBody;
}

}  // namespace tilewright

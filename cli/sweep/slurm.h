// A sweep as a Slurm job array: the text of its batch script.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace tilewright {

struct SlurmArray {
  std::filesystem::path program;       // both absolute
  std::filesystem::path where;         // folder that the arguments are relative to
  std::filesystem::path logs;          // folder for what Slurm catches
  std::vector<std::string> arguments;  // of the sweep, without --job and --merge-only
  std::size_t jobs = 0;
  std::size_t per_task = 1;  // jobs of an array task
  int cpus = 1;              // of a task
};

// `text` as one word of a POSIX shell that means itself.
std::string shell_quoted(const std::string& text);

// Submits itself as an array and a merge that waits for it when run outside Slurm, does one task's
// jobs inside, and merges when its argument is `merge`. What comes from the user stands in quotes,
// and nowhere in what Slurm reads.
std::string slurm_script(const SlurmArray& array);

}  // namespace tilewright

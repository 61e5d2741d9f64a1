// Sweeps from outside: the merged bytes do not depend on who ran the jobs, nor on who was killed.
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <thread>

#include "program.h"
#include "support/file.h"
#include "support/file_lock.h"
#include "support/json.h"
#include "support/random.h"
#include "support/table.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

// `words` with more options, each with its value, in the place of those that are there already. A
// lone word is a flag.
Words with(Words words, const Words& more) {
  for (std::size_t i = 0; i + 1 < more.size(); i += 2) {
    const auto there = std::find(words.begin(), words.end(), more[i]);
    if (there == words.end()) {
      words.insert(words.end(), {more[i], more[i + 1]});
    } else {
      *(there + 1) = more[i + 1];
    }
  }
  if (more.size() % 2 == 1) words.push_back(more.back());
  return words;
}

class Sweep : public Program {
 protected:
  // Two workloads, two nodes, two seeds: eight jobs.
  static Words eight_jobs(const std::string& out, const Words& more = {}) {
    Words words{"sweep",      "llama-tiny", "convnet-tiny@low-power",
                "--nodes",    "3nm,28nm",   "--seeds",
                "2",          "--agent",    "random",
                "--episodes", "5",          "-o",
                out};
    return with(words, more);
  }
  std::string text(const std::string& file) const { return read_file(folder_ / file); }

  // Every merged file, in one.
  std::string merged(const std::string& out) const {
    std::string all;
    for (const char* stem : {"sweep", "sweep_best", "sweep_summary"}) {
      for (const char* ending : {".csv", ".tex"}) all += text(out + "/" + stem + ending);
    }
    return all;
  }
};

TEST_F(Sweep, MergesItsJobsAndGoesOnWhereItStopped) {
  const Outcome first = run(eight_jobs("s", {"--jobs", "2"}));
  ASSERT_LE(first.status, 1) << first.err << first.out;
  const auto rows = parse_csv(text("s/sweep.csv"), "sweep.csv");
  ASSERT_EQ(rows.size(), 9U);
  EXPECT_EQ(rows[1][0], "llama-tiny");
  EXPECT_EQ(rows[5][0], "convnet-tiny");
  EXPECT_EQ(rows[5][2], "low-power");
  EXPECT_EQ(parse_csv(text("s/sweep_best.csv"), "sweep_best.csv").size(), 5U);
  const std::string merged_first = merged("s");
  const fs::path kept = folder_ / "s/jobs/llama-tiny-3nm-high-performance-seed0/manifest.json";
  const std::string manifest = read_file(kept);
  fs::remove_all(folder_ / "s/jobs/llama-tiny-28nm-high-performance-seed1");
  ASSERT_LE(run(eight_jobs("s")).status, 1);
  EXPECT_EQ(read_file(kept), manifest);  // timings and all: not run again
  EXPECT_EQ(merged("s"), merged_first);
  EXPECT_EQ(first.err, "");  // no progress in a pipe
}

TEST_F(Sweep, AnyNumberOfProcessesMergesToTheSameBytes) {
  for (const std::string n : {"1", "2", "4"})
    ASSERT_LE(run(eight_jobs("s" + n, {"--jobs", n})).status, 1);
  EXPECT_EQ(merged("s1"), merged("s2"));
  EXPECT_EQ(merged("s1"), merged("s4"));
}

TEST_F(Sweep, OlderResultsAreNotTakenForThoseAskedFor) {
  ASSERT_LE(run(eight_jobs("s")).status, 1);
  const std::string five = text("s/sweep.csv");
  ASSERT_LE(run(eight_jobs("s", {"--episodes", "6"})).status, 1);
  const auto evaluations =
      parse_csv(text("s/jobs/convnet-tiny-3nm-low-power-seed0/search.csv"), "search.csv");
  EXPECT_EQ(evaluations.size(), 7U);
}

TEST_F(Sweep, AJobThatCannotWorkIsNotTriedAgainAndStopsNoOther) {
  std::ofstream(folder_ / "bad.onnx") << "no model";
  const Outcome outcome = run({"sweep", "bad.onnx", "convnet-tiny", "--nodes", "7nm", "--agent",
                               "random", "--episodes", "3", "--retries", "3", "-o", "s"});
  EXPECT_EQ(outcome.status, 2) << outcome.out;
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  EXPECT_NE(outcome.err.find("bad-7nm-high-performance-seed0 can't work"), std::string::npos)
      << outcome.err;
  EXPECT_NE(text("s/jobs/bad-7nm-high-performance-seed0.log").find("TW-"), std::string::npos);
  const auto rows = parse_csv(text("s/sweep.csv"), "sweep.csv");
  EXPECT_EQ(rows[1].back(), "missing: failed; see jobs/bad-7nm-high-performance-seed0.log");
  EXPECT_EQ(rows[2][0], "convnet-tiny");
  EXPECT_TRUE(rows[2].back().find("missing") == std::string::npos) << rows[2].back();
}

TEST_F(Sweep, AContinuedSweepChainsItsNodes) {
  const Words sweep{"sweep",      "llama-tiny", "--nodes",     "7nm,5nm", "--seeds",
                    "2",          "--jobs",     "2",           "--agent", "model",
                    "--episodes", "30",         "--continued", "-o",      "s"};
  ASSERT_LE(run(sweep).status, 1);
  for (const std::string seed : {"0", "1"}) {
    const std::string from = "s/jobs/llama-tiny-7nm-high-performance-seed" + seed,
                      to = "s/jobs/llama-tiny-5nm-high-performance-seed" + seed;
    const Json options = Json::parse(text(to + "/manifest.json")).at("options");
    EXPECT_EQ(options.at("warm_start"), sha256(text(from + "/search.csv")));
    EXPECT_FALSE(Json::parse(text(from + "/manifest.json")).at("options").contains("warm_start"));
  }
}

TEST_F(Sweep, AFolderOfSomethingElseIsLeftAlone) {
  fs::create_directories(folder_ / "s");
  std::ofstream(folder_ / "s/thesis.txt") << "text";
  expect_one_error_line(run(eight_jobs("s")), "a folder of something else");
  EXPECT_EQ(contents(folder_ / "s").size(), 1U);
}

// Median and interval are recomputed here from sweep.csv, by the definition: of six or more values
// in order, those of rank k and n + 1 - k.
TEST_F(Sweep, TheSummaryIsTheMedianOverSeeds) {
  ASSERT_LE(run({"sweep", "convnet-tiny", "--nodes", "7nm", "--seeds", "7", "--agent", "random",
                 "--episodes", "40", "-o", "s"})
                .status,
            1);
  const auto rows = parse_csv(text("s/sweep.csv"), "sweep.csv"),
             summary = parse_csv(text("s/sweep_summary.csv"), "sweep_summary.csv");
  const auto column = [](const auto& table, const std::string& name) {
    const auto& header = table.at(0);
    return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
  };
  std::vector<double> scores;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    ASSERT_EQ(rows[i][column(rows, "Feasible")], "yes");
    scores.push_back(parse_number(rows[i][column(rows, "Score")], "sweep.csv"));
  }
  std::sort(scores.begin(), scores.end());
  ASSERT_EQ(scores.size(), 7U);
  ASSERT_EQ(summary.size(), 2U);
  const auto cell = [&](const std::string& name) {
    return parse_number(summary[1].at(column(summary, name)), "sweep_summary.csv");
  };
  EXPECT_EQ(cell("Seeds"), 7);
  EXPECT_EQ(cell("Feasible"), 7);
  EXPECT_EQ(cell("Score"), scores[3]);
  EXPECT_EQ(cell("Score low"), scores[0]);  // P(Binomial(7, 1/2) < 1) = 1/128 on either side
  EXPECT_EQ(cell("Score high"), scores[6]);
  EXPECT_EQ(cell("Coverage"), 1 - 2.0 / 128);
}

// Jobs long enough to be hit.
Words long_jobs(const std::string& out, const Words& more = {}) {
  Words words{"sweep",
              "convnet-tiny",
              "--nodes",
              "3nm,28nm",
              "--seeds",
              "3",
              "--agent",
              "random",
              "--episodes",
              "20000",
              "--search-only",
              "--checkpoint-every",
              "0.02",
              "--jobs",
              "2",
              "-o",
              out};
  return with(words, more);
}

TEST_F(Sweep, KilledJobsAreTriedAgainAndTheBytesAreThoseOfAQuietRun) {
  ASSERT_LE(run(long_jobs("quiet")).status, 1);
  const pid_t sweep = start(long_jobs("killed", {"--retries", "100"}));
  RandomStream draw(1, "kill");
  int kills = 0;
  for (int i = 0; i < 12; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(60 + draw.below(120)));
    const std::vector<pid_t> children = children_of(sweep);
    if (children.empty()) continue;
    if (::kill(children[draw.below(children.size())], SIGKILL) == 0) ++kills;
  }
  const Outcome outcome = wait(sweep);
  ASSERT_LE(outcome.status, 1) << outcome.err;
  EXPECT_GE(kills, 3);
  EXPECT_NE(outcome.err.find("died and is tried again"), std::string::npos) << outcome.err;
  EXPECT_EQ(merged("killed"), merged("quiet"));
  for (const auto& [name, bytes] : contents(folder_ / "killed"))
    EXPECT_EQ(name.find(".partial-"), std::string::npos) << name;
}

TEST_F(Sweep, AJobThatIsKilledTooOftenFailsAlone) {
  const pid_t sweep = start(long_jobs("s", {"--retries", "0", "--jobs", "1"}));
  const std::vector<pid_t> children = wait_for_children(sweep, 1);
  ASSERT_EQ(children.size(), 1U) << wait(sweep).err;
  ::kill(children[0], SIGKILL);
  const Outcome outcome = wait(sweep);
  EXPECT_EQ(outcome.status, 2) << outcome.err;
  const std::string name = "convnet-tiny-3nm-high-performance-seed0";
  EXPECT_NE(text("s/jobs/" + name + ".log").find("ended by signal 9"), std::string::npos);
  const auto rows = parse_csv(text("s/sweep.csv"), "sweep.csv");
  EXPECT_EQ(rows[1].back(), "missing: failed; see jobs/" + name + ".log");
  EXPECT_TRUE(rows[2].back().find("missing") == std::string::npos);
  // The same command mends it.
  ASSERT_LE(run(long_jobs("s")).status, 1);
  EXPECT_EQ(text("s/sweep.csv").find("missing"), std::string::npos);
}

TEST_F(Sweep, AKilledSweepLeavesNoWorkerBehindAndGoesOn) {
  ASSERT_LE(run(long_jobs("quiet")).status, 1);
  const pid_t sweep = start(long_jobs("killed"));
  const std::vector<pid_t> children = wait_for_children(sweep, 2);
  ASSERT_EQ(children.size(), 2U) << wait(sweep).err;
  ::kill(sweep, SIGKILL);
  EXPECT_EQ(wait(sweep).status, 128 + SIGKILL);
  for (const pid_t child : children) {
    for (int i = 0; i < 500 && is_running(child); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_FALSE(is_running(child));
  }
  ASSERT_LE(run(long_jobs("killed")).status, 1);
  EXPECT_EQ(merged("killed"), merged("quiet"));
}

TEST_F(Sweep, CtrlCLeavesCheckpointsThatTheSameCommandGoesOnFrom) {
  ASSERT_LE(run(long_jobs("quiet")).status, 1);
  const pid_t sweep = start(long_jobs("stopped", {"--checkpoint-every", "1000"}));
  ASSERT_EQ(wait_for_children(sweep, 2).size(), 2U) << wait(sweep).err;
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  ::kill(sweep, SIGINT);
  const Outcome outcome = wait(sweep);
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  EXPECT_NE(outcome.err.find("interrupted"), std::string::npos) << outcome.err;
  EXPECT_NE(text("stopped/sweep.csv").find("missing: not run"), std::string::npos);
  ASSERT_LE(run(long_jobs("stopped", {"--checkpoint-every", "1000"})).status, 1);
  EXPECT_EQ(merged("stopped"), merged("quiet"));
}

TEST_F(Sweep, TwoSweepsOfOneFolderDoEachJobOnce) {
  ASSERT_LE(run(long_jobs("quiet")).status, 1);
  const fs::path job = folder_ / "s/jobs/convnet-tiny-3nm-high-performance-seed1";
  fs::create_directories(job.parent_path());
  std::thread release;
  {
    auto other = FileLock::try_lock(job.string() + ".log");  // as another sweep would
    ASSERT_TRUE(other);
    write_file(folder_ / "s/sweep.json", "{}");
    release = std::thread(
        [held = std::move(*other)] { std::this_thread::sleep_for(std::chrono::seconds(2)); });
  }
  ASSERT_LE(run(long_jobs("s")).status, 1);
  release.join();
  EXPECT_EQ(merged("s"), merged("quiet"));
}

TEST_F(Sweep, SearchOnlyLeavesOutWhatIsEmittedAndSaysSo) {
  const Words common{"convnet-tiny", "--agent", "random", "--episodes", "40", "-o"};
  const auto compile = [&](const std::string& out, const Words& more) {
    Words words{"compile"};
    words.insert(words.end(), common.begin(), common.end());
    words.push_back(out);
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  };
  const Outcome outcome = compile("fast", {"--search-only"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  ASSERT_EQ(compile("whole", {}).status, 0);
  for (const char* file : {"design.json", "ppa.json", "search.csv", "pareto.csv", "tables/ppa.csv",
                           "workload.json", "mesh.svg"})
    EXPECT_EQ(text(std::string("fast/") + file), text(std::string("whole/") + file)) << file;
  for (const char* part : {"rtl", "weights", "programs", "sim"})
    EXPECT_FALSE(fs::exists(folder_ / "fast" / part)) << part;
  const Json manifest = Json::parse(text("fast/manifest.json"));
  EXPECT_EQ(manifest.at("options").at("search_only"), true);
  EXPECT_EQ(manifest.at("result").at("not_generated").at(0), "rtl/: asked for with --search-only");
  const Outcome verified = run({"verify", "fast", "--level", "lint"});
  EXPECT_EQ(verified.status, 0) << verified.out;
  EXPECT_NE(verified.out.find("lint        skipped  the folder holds no rtl/: asked for with "
                              "--search-only"),
            std::string::npos)
      << verified.out;
}

class Slurm : public Sweep {
 protected:
  void SetUp() override {
    Sweep::SetUp();
    ASSERT_LE(run(eight_jobs("here")).status, 1);
    // Stands for sbatch: runs what Slurm would, with the variables that it sets.
    fs::create_directories(folder_ / "bin");
    std::ofstream(folder_ / "bin/sbatch") << R"(#!/bin/bash
printf '%s\n' "$@" >>"$CALLS"
words=("$@")
for i in "${!words[@]}"; do [[ ${words[i]} == *.sbatch ]] && break; done
last=$(sed -n 's/^#SBATCH --array=0-//p' "${words[i]}")
[ $# -gt $((i + 1)) ] && last=0  # the merge's own --array
for ((task = last; task >= 0; --task)); do
  SLURM_ARRAY_TASK_ID=$task bash "${words[@]:i}" >&2 || true
done
echo '4711;cluster'
)";
    fs::permissions(folder_ / "bin/sbatch", fs::perms::owner_all);
    ::setenv("CALLS", (folder_ / "calls").c_str(), 1);
    ::setenv("PATH", ((folder_ / "bin").string() + ":" + path_).c_str(), 1);
  }
  void TearDown() override {
    ::setenv("PATH", path_.c_str(), 1);
    Sweep::TearDown();
  }
  const std::string path_ = std::getenv("PATH");
};

TEST_F(Slurm, TheArrayAndItsMergeGiveTheSameBytes) {
  const Outcome written =
      run(eight_jobs("there", {"--slurm", "s.sbatch", "--jobs-per-task", "3", "--threads", "2"}));
  ASSERT_EQ(written.status, 0) << written.err;
  EXPECT_FALSE(fs::exists(folder_ / "there/sweep.csv"));
  EXPECT_NE(text("s.sbatch").find("#SBATCH --array=0-2\n"), std::string::npos);
  EXPECT_NE(text("s.sbatch").find("#SBATCH --cpus-per-task=2\n"), std::string::npos);
  const Outcome submitted = run_other("/bin/bash", {"s.sbatch"});
  ASSERT_EQ(submitted.status, 0) << submitted.err;
  EXPECT_EQ(merged("there"), merged("here"));
  EXPECT_NE(text("calls").find("--dependency=afterany:4711\n"), std::string::npos) << text("calls");
}

TEST_F(Slurm, NothingThatTheUserNamesReachesAShell) {
  const std::string model = "a'$(touch pwned)`touch pwned`\";touch pwned;#\n#SBATCH --hold\n.onnx",
                    out = "o'$(touch pwned)%j;touch pwned";
  ASSERT_EQ(run({"model", "convnet-tiny", "-o", "net.onnx"}).status, 0);
  fs::copy_file(folder_ / "net.onnx", folder_ / model);
  const auto sweep = [&](const std::string& folder, const Words& more) {
    Words words{"sweep",  model,        "--nodes", "7nm", "--agent",
                "random", "--episodes", "3",       "-o",  folder};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  };
  ASSERT_LE(sweep("plain", {}).status, 1);
  ASSERT_EQ(sweep(out, {"--slurm", "s.sbatch"}).status, 0);
  ASSERT_EQ(run_other("/bin/bash", {"s.sbatch"}).status, 0);
  EXPECT_EQ(merged(out), merged("plain"));
  for (const auto& entry : fs::recursive_directory_iterator(folder_))
    EXPECT_NE(entry.path().filename(), "pwned") << entry.path();
}

TEST_F(Sweep, AJobOfThePlanRunsAlone) {
  const Outcome outcome = run(eight_jobs("s", {"--job", "6"}));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(fs::exists(folder_ / "s/jobs/convnet-tiny-28nm-low-power-seed0/ppa.json"));
  EXPECT_FALSE(fs::exists(folder_ / "s/sweep.csv"));
  std::size_t jobs = 0;
  for (const auto& entry : fs::directory_iterator(folder_ / "s/jobs")) jobs += entry.exists();
  EXPECT_EQ(jobs, 1U);
  for (const std::string which : {"8", "5-8", "3-2", "x", "-1", "1-", "1 "})
    expect_one_error_line(run(eight_jobs("s", {"--job=" + which})), which);
  EXPECT_EQ(run(eight_jobs("s", {"--merge-only"})).status, 1);
  EXPECT_NE(text("s/sweep.csv").find("missing: not run"), std::string::npos);
}

class Mpi : public Sweep {
 protected:
  void SetUp() override {
    Sweep::SetUp();
    if (find_program("mpirun").empty() ||
        !fs::exists(TILEWRIGHT_BINARY_DIR "/lib/libtilewright_mpi.so"))
      GTEST_SKIP() << "Open MPI is not installed, or was not when this was built";
    for (const char* variable : {"OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM",
                                 "OMPI_MCA_rmaps_base_oversubscribe"})
      ::setenv(variable, "1", 1);
  }
  // Under mpirun with `n` ranks.
  Words ranks(const std::string& n, const Words& sweep, const Words& more = {}) const {
    Words words{"-np", n};
    words.insert(words.end(), more.begin(), more.end());
    words.push_back(program_.string());
    words.insert(words.end(), sweep.begin(), sweep.end());
    return words;
  }
};

TEST_F(Mpi, RanksMergeToTheSameBytes) {
  const Outcome alone = run(eight_jobs("alone"));
  ASSERT_LE(alone.status, 1);
  const Outcome outcome = run_other(find_program("mpirun"), ranks("2", eight_jobs("ranks")));
  ASSERT_EQ(outcome.status, alone.status) << outcome.err;
  EXPECT_EQ(merged("ranks"), merged("alone"));
  // Rank 0 alone speaks.
  const std::string said = "8 jobs, merged in";
  const std::size_t first = outcome.out.find(said);
  ASSERT_NE(first, std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find(said, first + 1), std::string::npos) << outcome.out;
}

TEST_F(Mpi, AJobThatFailsOnARankStopsNoOther) {
  std::ofstream(folder_ / "bad.onnx") << "no model";
  const Outcome outcome = run_other(
      find_program("mpirun"), ranks("2", {"sweep", "bad.onnx", "convnet-tiny", "--nodes", "3nm,7nm",
                                          "--agent", "random", "--episodes", "3", "-o", "s"}));
  EXPECT_EQ(outcome.status, 2) << outcome.err;
  const auto rows = parse_csv(text("s/sweep.csv"), "sweep.csv");
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_TRUE(rows[1].back().starts_with("missing: failed")) << rows[1].back();
  EXPECT_FALSE(rows[4].back().starts_with("missing")) << rows[4].back();
}

}  // namespace
}  // namespace tilewright

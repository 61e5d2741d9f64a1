// The main job end to end: the folder, its determinism, its reproduction, and what interruption
// leaves.
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <thread>

#include "program.h"
#include "support/file.h"
#include "support/json.h"
#include "support/random.h"
#include "support/table.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;

class Compile : public Program {
 protected:
  Outcome compile(const std::string& out, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"compile",    "llama-tiny", "--agent", "random",
                                   "--episodes", "30",         "-o",      out};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  std::string text(const std::string& file) const { return read_file(folder_ / file); }
  Json json(const std::string& file) const { return read_json(folder_ / file); }
};

// manifest.json without the one key that may differ.
std::string without_timings(const std::string& manifest) {
  Json json = parse_json(manifest, "manifest.json");
  EXPECT_TRUE(json.contains("timings"));
  json.erase("timings");
  return to_text(json);
}

void expect_same_folder(const fs::path& a, const fs::path& b) {
  const auto in_a = contents(a), in_b = contents(b);
  ASSERT_EQ(in_a.size(), in_b.size());
  for (std::size_t i = 0; i < in_a.size(); ++i) {
    EXPECT_EQ(in_a[i].first, in_b[i].first);
    if (in_a[i].first == "manifest.json") {
      EXPECT_EQ(without_timings(in_a[i].second), without_timings(in_b[i].second));
    } else {
      EXPECT_TRUE(in_a[i].second == in_b[i].second) << in_a[i].first << " differs";
    }
  }
}

TEST_F(Compile, WritesTheWholeFolderAndSaysSo) {
  const Outcome outcome = compile("out");
  ASSERT_EQ(outcome.status, 0) << outcome.err << outcome.out;
  for (const char* file :
       {"manifest.json", "design.json", "ppa.json", "workload.json", "search.csv", "pareto.csv",
        "report.html", "mesh.svg", "tables/ppa.csv", "tables/ppa.tex", "rtl/filelist.f"}) {
    EXPECT_TRUE(fs::is_regular_file(folder_ / "out" / file)) << file;
  }
  for (const char* word :
       {"mesh", "clock", "rate", "without speculative drafts", "power", "area", "binds", "latency",
        "margins", "clustering", "search", "not made", "written"}) {
    EXPECT_NE(outcome.out.find(word), std::string::npos) << word << " in\n" << outcome.out;
  }
  EXPECT_EQ(outcome.err, "");  // no progress in a pipe
}

// From name to verified folder, and what one unit of output is called.
TEST_F(Compile, BuiltInModelsOfOtherKinds) {
  for (const auto& [model, unit] :
       std::map<std::string, std::string>{{"mixtral-tiny", "token"}, {"unet-tiny", "inference"}}) {
    const Outcome outcome =
        run({"compile", model, "--agent", "random", "--episodes", "60", "-o", model});
    ASSERT_EQ(outcome.status, 0) << outcome.err << outcome.out;
    EXPECT_EQ(json(model + "/workload.json").at("unit"), unit);
    const Outcome verified = run({"verify", model, "--level", "files"});
    EXPECT_EQ(verified.status, 0) << verified.err << verified.out;
  }
}

TEST_F(Compile, TheManifestListsEveryFileWithItsHash) {
  ASSERT_EQ(compile("out").status, 0);
  const Json files = json("out/manifest.json").at("files");
  std::size_t count = 0;
  for (const auto& [name, bytes] : contents(folder_ / "out")) {
    if (name == "manifest.json") continue;
    ++count;
    ASSERT_TRUE(files.contains(name)) << name;
    EXPECT_EQ(files.at(name).get<std::string>(), sha256(bytes)) << name;
  }
  EXPECT_EQ(files.size(), count);
}

TEST_F(Compile, SearchCsvHasALineAnEvaluation) {
  ASSERT_EQ(compile("out").status, 0);
  const auto rows = parse_csv(text("out/search.csv"), "search.csv");
  EXPECT_EQ(rows.size(), 31U);
  EXPECT_GE(rows[0].size(), 1U + 30 + 7 + 8);
}

TEST_F(Compile, OneSeedGivesOneFolderAndAnotherSeedAnother) {
  ASSERT_LE(compile("a", {"--seed", "7"}).status, 1);
  ASSERT_LE(compile("b/../c", {"--seed", "7", "-vv"}).status, 1);
  ASSERT_LE(compile("d", {"--seed", "8"}).status, 1);
  expect_same_folder(folder_ / "a", folder_ / "c");
  EXPECT_NE(text("a/search.csv"), text("d/search.csv"));
}

TEST_F(Compile, TheLearningSearcherIsDeterministicToo) {
  for (const std::string out : {"a", "b"}) {
    const Outcome outcome =
        run({"compile", "llama-tiny", "--agent", "sac", "--episodes", "60", "-o", out});
    ASSERT_LE(outcome.status, 1) << outcome.err;
  }
  expect_same_folder(folder_ / "a", folder_ / "b");
}

TEST_F(Compile, ThreadsDoNotChangeTheSearch) {
  ASSERT_LE(compile("a").status, 1);
  ASSERT_LE(compile("b", {"--threads", "2"}).status, 1);
  EXPECT_EQ(text("a/search.csv"), text("b/search.csv"));
  EXPECT_EQ(text("a/design.json"), text("b/design.json"));
}

TEST_F(Compile, NoPathOfTheMachineGetsIntoTheFolder) {
  ASSERT_EQ(run({"model", "llama-tiny", "-o", "net.onnx"}).status, 0);
  const std::string model = (folder_ / "net.onnx").string();
  ASSERT_LE(run({"compile", model, "--agent", "random", "--episodes", "5", "-o", "out"}).status, 1);
  for (const auto& [name, bytes] : contents(folder_ / "out")) {
    EXPECT_EQ(bytes.find(folder_.string()), std::string::npos) << name;
    EXPECT_EQ(bytes.find(TILEWRIGHT_SOURCE_DIR), std::string::npos) << name;
  }
}

TEST_F(Compile, EvaluateReproducesPpaBitForBit) {
  const std::map<std::string, std::vector<std::string>> cases{
      {"plain", {}},
      {"budgets",
       {"--power-budget", "900", "--clock", "300", "--batch", "2", "--context", "64", "--node",
        "6.5nm"}},
      {"low", {"--mode", "low-power", "--node", "28nm"}},
      {"bare", {"--no-assumptions", "--level", "L0"}}};
  for (const auto& [name, options] : cases) {
    const Outcome compiled = compile(name, options);
    ASSERT_LE(compiled.status, 1) << name << compiled.err;
    const Outcome evaluated = run({"evaluate", name + "/design.json", "--json"});
    EXPECT_EQ(evaluated.status, compiled.status) << name << evaluated.err;
    EXPECT_EQ(evaluated.out, text(name + "/ppa.json")) << name;
  }
}

// Judged and searched like a mesh, and not built as one.
TEST_F(Compile, AnotherTopologyIsNamedAndNotEmitted) {
  const Outcome outcome = compile("out", {"--topology", "chiplets:columns=2"});
  ASSERT_LE(outcome.status, 1) << outcome.err;
  const std::string name = "chiplets:columns=2,width=0.5,latency=2";
  EXPECT_NE(outcome.out.find(name), std::string::npos) << outcome.out;
  EXPECT_EQ(json("out/design.json").at("topology"), name);
  EXPECT_EQ(json("out/ppa.json").at("topology"), name);
  EXPECT_EQ(json("out/manifest.json").at("options").at("topology"), name);
  for (const char* file : {"search.csv", "tables/ppa.csv", "report.html", "mesh.svg"})
    EXPECT_TRUE(fs::is_regular_file(folder_ / "out" / file)) << file;
  const Json missing = json("out/manifest.json").at("result").at("not_generated");
  ASSERT_EQ(missing.size(), 4U);
  for (const char* part : {"rtl", "weights", "programs", "sim"}) {
    EXPECT_FALSE(fs::exists(folder_ / "out" / part)) << part;
    EXPECT_NE(text("out/report.html").find(std::string(part) + "/: the routers"),
              std::string::npos);
  }
  const Outcome again = run({"evaluate", "out", "--json"});
  EXPECT_EQ(again.out, text("out/ppa.json")) << again.err;
  const Outcome mesh = run({"evaluate", "out", "--topology", "mesh", "--json"});
  EXPECT_EQ(mesh.out.find("topology"), std::string::npos);
  ASSERT_LE(compile("same", {"--design", "out/design.json"}).status, 1);
  EXPECT_EQ(text("same/design.json"), text("out/design.json"));
  EXPECT_FALSE(fs::exists(folder_ / "same/rtl"));
  const Outcome gates = run({"verify", "out"});
  EXPECT_NE(gates.out.find("the folder holds no rtl/: the routers of the library are a mesh"),
            std::string::npos)
      << gates.out;
}

TEST_F(Compile, AMeshThatIsNamedIsTheMesh) {
  ASSERT_LE(compile("named", {"--topology", "mesh"}).status, 1);
  ASSERT_LE(compile("plain").status, 1);
  expect_same_folder(folder_ / "named", folder_ / "plain");
  EXPECT_EQ(text("plain/design.json").find("topology"), std::string::npos);
  expect_one_error_line(compile("none", {"--topology", "star"}), "no topology 'star'");
}

TEST_F(Compile, AnyStageCanBeResumedFromItsFile) {
  ASSERT_LE(compile("a").status, 1);
  ASSERT_LE(run({"compile", "a/workload.json", "--agent", "random", "--episodes", "30", "-o", "b"})
                .status,
            1);
  EXPECT_EQ(text("a/design.json"), text("b/design.json"));
  EXPECT_EQ(text("a/ppa.json"), text("b/ppa.json"));
}

TEST_F(Compile, AnImpossibleBudgetIsStatus1AndSaysWhatWouldCloseIt) {
  const Outcome outcome = compile("out", {"--power-budget", "0.000001"});
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  EXPECT_NE(outcome.out.find("NOT FEASIBLE"), std::string::npos);
  EXPECT_NE(outcome.out.find("power misses by"), std::string::npos) << outcome.out;
  EXPECT_TRUE(fs::exists(folder_ / "out/ppa.json"));
  EXPECT_FALSE(json("out/ppa.json").at("feasible").get<bool>());
}

TEST_F(Compile, AnInterruptedSearchWritesTheBestSoFar) {
  const pid_t pid = start(
      {"compile", "llama-tiny", "--agent", "random", "--episodes", "1000000000", "-o", "out"});
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  ::kill(pid, SIGINT);
  const Outcome outcome = wait(pid);
  EXPECT_LE(outcome.status, 1) << outcome.err;
  EXPECT_NE(outcome.out.find("interrupted"), std::string::npos) << outcome.out;
  EXPECT_TRUE(json("out/manifest.json").at("result").at("interrupted").get<bool>());
  EXPECT_FALSE(json("out/manifest.json").at("result").at("reproducible").get<bool>());
}

// Killed at ten random moments, in turn kindly and not, and gone on with each time.
TEST_F(Compile, AKilledSearchGoesOnToTheSameBytes) {
  const auto words = [](const std::string& folder) {
    return std::vector<std::string>{"compile",   "llama-tiny", "--episodes",         "300",
                                    "--threads", "2",          "--checkpoint-every", "0.1",
                                    "-o",        folder};
  };
  const Outcome whole = run(words("whole"));
  ASSERT_LE(whole.status, 1) << whole.err;
  RandomStream stream(3, "kill");
  int kept = 0, ended = 0;
  for (int round = 0; round < 10; ++round) {
    const pid_t pid = start(words("killed"));
    const double part = stream.uniform(0.05, 0.25);
    std::this_thread::sleep_for(std::chrono::duration<double>(0.7 + part * whole.seconds));
    ::kill(pid, round % 2 == 0 ? SIGKILL : SIGINT);
    const Outcome outcome = wait(pid);
    EXPECT_TRUE(outcome.status <= 1 || outcome.status == 128 + SIGKILL) << outcome.err;
    kept += fs::exists(folder_ / "killed.checkpoint") ? 1 : 0;
    ended += outcome.status == 128 + SIGKILL ? 0 : 1;
  }
  EXPECT_GT(kept, 0);
  std::printf("%d of 10 kills left a checkpoint, %d an ended program\n", kept, ended);
  const Outcome last = run(words("killed"));
  ASSERT_EQ(last.status, whole.status) << last.err;
  EXPECT_FALSE(fs::exists(folder_ / "killed.checkpoint"));
  expect_same_folder(folder_ / "killed", folder_ / "whole");
}

TEST_F(Compile, ACheckpointOfAnotherSearchIsRefused) {
  const pid_t pid = start(
      {"compile", "llama-tiny", "--agent", "random", "--episodes", "1000000000", "-o", "out"});
  std::this_thread::sleep_for(std::chrono::milliseconds(1000));
  ::kill(pid, SIGINT);
  EXPECT_NE(wait(pid).err.find("out.checkpoint"), std::string::npos);
  ASSERT_TRUE(fs::exists(folder_ / "out.checkpoint"));
  const Outcome outcome = run({"compile", "llama-tiny", "--agent", "random", "-o", "out"});
  expect_one_error_line(outcome, "another search");
  EXPECT_NE(outcome.err.find("TW-AGENT-006"), std::string::npos) << outcome.err;
  write_file(folder_ / "out.checkpoint", "no checkpoint");
  const Outcome broken = run({"compile", "llama-tiny", "--agent", "random", "-o", "out"});
  expect_one_error_line(broken, "no checkpoint");
  EXPECT_NE(broken.err.find("TW-STATE-001"), std::string::npos) << broken.err;
}

// Killed at random moments, over an older folder or none: the final name bears a whole folder or
// nothing.
TEST_F(Compile, AKilledRunLeavesNothingHalfWritten) {
  ASSERT_LE(compile("old", {"--seed", "1"}).status, 1);
  const auto before = contents(folder_ / "old");
  RandomStream stream(1, "kill");
  for (int round = 0; round < 12; ++round) {
    const std::string out = round % 2 == 0 ? "new" : "old";
    const pid_t pid = start({"compile", "llama-tiny", "--agent", "random", "--episodes", "30",
                             "--seed", "1", "-o", out});
    std::this_thread::sleep_for(
        std::chrono::milliseconds(20 + static_cast<int>(stream.below(600))));
    ::kill(pid, SIGKILL);
    wait(pid);
    if (fs::exists(folder_ / out)) expect_same_folder(folder_ / out, folder_ / "old");
    fs::remove_all(folder_ / "new");
  }
  EXPECT_EQ(contents(folder_ / "old").size(), before.size());
}

TEST_F(Compile, DiffShowsWhatDiffersAndOnlyThat) {
  ASSERT_LE(compile("a").status, 1);
  ASSERT_LE(compile("b", {"--seed", "3", "--node", "10nm"}).status, 1);
  const Outcome same = run({"diff", "a", "a/design.json"});
  EXPECT_EQ(same.status, 0);
  EXPECT_EQ(same.out, "the designs are equal\n");
  const Outcome other = run({"diff", "a", "b"});
  EXPECT_EQ(other.status, 0);
  for (const char* word : {"node", "5nm", "10nm", "ppa.tok_s"})
    EXPECT_NE(other.out.find(word), std::string::npos) << word;
  EXPECT_EQ(other.out.find("high-performance"), std::string::npos);
}

TEST_F(Compile, TablesAreWrittenBesideThePrintedFigures) {
  const Outcome outcome = run({"tables", "--table", "11,19", "-o", "t"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  for (const char* file : {"table11_ppa_by_node.csv", "table11_ppa_by_node.tex",
                           "table19_smolvlm_low_power.csv", "manifest.json"}) {
    EXPECT_TRUE(fs::exists(folder_ / "t" / file)) << file;
  }
  EXPECT_NE(text("t/table11_ppa_by_node.csv").find("3nm,printed,41x42,1722,1000,51366"),
            std::string::npos);
}

TEST_F(Compile, VerifyPassesTheFolderAndFailsATamperedOne) {
  ASSERT_LE(compile("out").status, 1);
  const Outcome good = run({"verify", "out", "--level", "files"});
  EXPECT_EQ(good.status, 0) << good.out << good.err;
  write_file(folder_ / "out/design.json", text("out/design.json") + " ");
  EXPECT_EQ(run({"verify", "out", "--level", "files"}).status, 1);
}

TEST_F(Compile, WarmStartsFromAnEarlierFolder) {
  const auto compile = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"compile", "llama-tiny", "--agent", "model"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  };
  ASSERT_LE(compile({"--node", "5nm", "--episodes", "80", "-o", "cold"}).status, 1);
  ASSERT_LE(compile({"--episodes", "10", "--warm-start", "cold", "-o", "warm"}).status, 1);
  // Behind the initial design comes the best of the earlier search.
  const Json best = Json::parse(text("cold/design.json"));
  const auto second = parse_csv(text("warm/search.csv"), "search.csv").at(2);
  EXPECT_EQ(std::stod(second.at(1)), best.at("mesh").at("w").get<double>());
  EXPECT_EQ(std::stod(second.at(2)), best.at("mesh").at("h").get<double>());
  const Json manifest = Json::parse(text("warm/manifest.json"));
  EXPECT_EQ(manifest.at("options").at("warm_start"), sha256(text("cold/search.csv")));

  expect_one_error_line(compile({"--warm-start", "nowhere", "-o", "x"}), "no folder");
  write_file(folder_ / "cold" / "search.csv", "evaluation,W\n1,2\n");
  expect_one_error_line(compile({"--warm-start", "cold", "-o", "x"}), "not a search's log");
}

}  // namespace
}  // namespace tilewright

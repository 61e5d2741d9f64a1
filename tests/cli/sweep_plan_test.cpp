// What a sweep runs, and in which order, without running it.
#include <gtest/gtest.h>

#include <set>

#include "../error_id.h"
#include "cli/sweep/plan.h"
#include "cli/sweep/schedule.h"

namespace tilewright {
namespace {

SweepRequest two_by_two() {
  SweepRequest request;
  request.workloads = {{"llama-tiny", {"high-performance"}},
                       {"dir/net.onnx", {"low-power", "high-performance"}}};
  request.nodes = {"7nm", "5nm"};
  request.seeds = 2;
  request.compile.common.seed = 10;
  return request;
}

std::vector<std::string> names(const std::vector<SearchJob>& jobs) {
  std::vector<std::string> out;
  out.reserve(jobs.size());
  for (const SearchJob& job : jobs) out.push_back(job.name);
  return out;
}

TEST(SweepPlan, OrdersByWorkloadModeNodeAndSeed) {
  const auto jobs = plan_sweep(two_by_two(), "out");
  ASSERT_EQ(jobs.size(), 12U);
  EXPECT_EQ(jobs[0].name, "llama-tiny-7nm-high-performance-seed10");
  EXPECT_EQ(jobs[1].name, "llama-tiny-7nm-high-performance-seed11");
  EXPECT_EQ(jobs[2].name, "llama-tiny-5nm-high-performance-seed10");
  EXPECT_EQ(jobs[4].name, "net-7nm-low-power-seed10");
  EXPECT_EQ(jobs[11].name, "net-5nm-high-performance-seed11");
  EXPECT_EQ(jobs[4].compile.model.model, "dir/net.onnx");
  EXPECT_EQ(jobs[4].node(), "7nm");
  EXPECT_EQ(jobs[4].mode(), "low-power");
  EXPECT_EQ(jobs[4].seed(), 10U);
  EXPECT_EQ(jobs[4].folder(), "out/jobs/net-7nm-low-power-seed10");
  EXPECT_EQ(jobs[4].log, "out/jobs/net-7nm-low-power-seed10.log");
  EXPECT_FALSE(jobs[4].after);
}

TEST(SweepPlan, AContinuedSweepChainsTheNodesOfASeed) {
  SweepRequest request = two_by_two();
  request.continued = true;
  request.compile.warm_start = "first";
  const auto jobs = plan_sweep(request, "out");
  EXPECT_EQ(jobs[1].compile.warm_start, "first");
  EXPECT_FALSE(jobs[1].after);
  EXPECT_EQ(jobs[3].after, 1U);
  EXPECT_EQ(jobs[3].compile.warm_start, jobs[1].compile.output);
  EXPECT_FALSE(jobs[8].after);  // another mode begins anew
}

TEST(SweepPlan, APointNamedTwiceIsOneJob) {
  SweepRequest request = two_by_two();
  request.workloads = {{"llama-tiny", {"low-power", "low-power"}}, {"llama-tiny", {"low-power"}}};
  request.nodes = {"7nm", "7nm"};
  EXPECT_EQ(plan_sweep(request, "out").size(), 2U);
}

TEST(SweepPlan, ModelsOfOneNameAreToldApart) {
  SweepRequest request = two_by_two();
  request.workloads = {{"a/net.onnx", {"low-power"}},
                       {"b/net.onnx", {"low-power"}},
                       {"a/net.onnx", {"high-performance"}}};
  request.nodes = {"7nm"};
  request.seeds = 1;
  EXPECT_EQ(names(plan_sweep(request, "out")),
            (std::vector<std::string>{"net-7nm-low-power-seed10", "net-2-7nm-low-power-seed10",
                                      "net-7nm-high-performance-seed10"}));
}

TEST(SweepPlan, JobsOfHostileModelsHaveTameNames) {
  for (const std::string& model : std::vector<std::string>{
           "$(touch x).onnx", "../..", "a b;c'd\"`e`\n.onnx", "-rf.onnx", ".hidden.onnx", ".onnx",
           "\xff\xfe.onnx", std::string(400, 'x') + ".onnx"}) {
    SweepRequest request = two_by_two();
    request.workloads = {{model, {"low-power"}}};
    const SearchJob job = plan_sweep(request, "out").front();
    EXPECT_EQ(job.name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789._-"),
              std::string::npos)
        << job.name;
    EXPECT_TRUE(job.name[0] != '.' && job.name[0] != '-') << job.name;
    EXPECT_LT(job.name.size(), 128U);
    EXPECT_EQ(job.compile.model.model, model);
    EXPECT_EQ(job.folder().lexically_normal().parent_path(), "out/jobs") << job.name;
  }
}

TEST(SweepPlan, NothingToSweepIsAnError) {
  SweepRequest request = two_by_two();
  request.nodes.clear();
  EXPECT_EQ(id_of([&] { plan_sweep(request, "out"); }), "TW-CLI-017");
}

TEST(SweepPlan, AWorkloadMayNameItsModes) {
  const std::vector<std::string> usual{"high-performance"};
  const auto check = [&](const std::string& text, const std::string& model,
                         const std::vector<std::string>& modes) {
    const SweepWorkload workload = parse_workload(text, usual);
    EXPECT_EQ(workload.model, model);
    EXPECT_EQ(workload.modes, modes);
  };
  check("llama-tiny", "llama-tiny", usual);
  check("llama-tiny@low-power", "llama-tiny", {"low-power"});
  check("net@2/x.onnx@low-power,high-performance", "net@2/x.onnx",
        {"low-power", "high-performance"});
  check("user@host/net.onnx", "user@host/net.onnx", usual);
  check("llama-tiny@", "llama-tiny@", usual);
  EXPECT_EQ(id_of([&] { parse_workload("llama-tiny@fast", usual); }), "TW-NODE-001");
}

using Order = std::vector<std::size_t>;

Order taken(Schedule& schedule) {
  Order order;
  while (const auto job = schedule.next()) order.push_back(*job);
  return order;
}

TEST(SweepSchedule, DealsInOrderAndKnowsTheEnd) {
  Schedule schedule(std::vector<std::optional<std::size_t>>(3), 1);
  EXPECT_EQ(taken(schedule), (Order{0, 1, 2}));
  EXPECT_FALSE(schedule.ended(1, Ending::kDone));
  EXPECT_FALSE(schedule.ended(0, Ending::kDoneBefore));
  EXPECT_FALSE(schedule.finished());
  EXPECT_EQ(schedule.through(), 2U);
  EXPECT_FALSE(schedule.ended(2, Ending::kUnusable));
  EXPECT_TRUE(schedule.finished());
  EXPECT_EQ(schedule.states(),
            (std::vector<JobState>{JobState::kDone, JobState::kDone, JobState::kFailed}));
}

TEST(SweepSchedule, AJobThatDiedIsTriedAgainAsOftenAsAsked) {
  Schedule schedule(std::vector<std::optional<std::size_t>>(2), 2);
  EXPECT_EQ(schedule.next(), 0U);
  EXPECT_TRUE(schedule.ended(0, Ending::kDied));
  EXPECT_EQ(schedule.next(), 0U);  // before those that never ran
  EXPECT_TRUE(schedule.ended(0, Ending::kDied));
  EXPECT_EQ(schedule.next(), 0U);
  EXPECT_FALSE(schedule.ended(0, Ending::kDied));
  EXPECT_EQ(taken(schedule), Order{1});
}

TEST(SweepSchedule, ABusyJobWaitsAtTheEndAndHasLostNothing) {
  Schedule schedule(std::vector<std::optional<std::size_t>>(2), 0);
  EXPECT_EQ(schedule.next(), 0U);
  EXPECT_TRUE(schedule.ended(0, Ending::kBusy));
  EXPECT_EQ(taken(schedule), (Order{1, 0}));
  EXPECT_FALSE(schedule.finished());
}

TEST(SweepSchedule, AJobWaitsForTheOneItLearnsFrom) {
  Schedule schedule({std::nullopt, 0, std::nullopt, 2}, 0);
  EXPECT_EQ(taken(schedule), (Order{0, 2}));
  schedule.ended(2, Ending::kDone);
  EXPECT_EQ(taken(schedule), Order{3});
  schedule.ended(0, Ending::kDied);  // the one that learns from it fails by itself, and says so
  EXPECT_EQ(taken(schedule), Order{1});
}

}  // namespace
}  // namespace tilewright

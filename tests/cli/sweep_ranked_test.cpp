// Dealing jobs to ranks, over a mailbox in place of MPI.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "../error_id.h"
#include "cli/sweep/ranked.h"
#include "cli/sweep/run.h"

namespace tilewright {
namespace {

struct Mail {
  explicit Mail(std::size_t ranks) : boxes(ranks) {}
  std::mutex mutex;
  std::vector<std::deque<Message>> boxes;
  std::atomic<int> finished{0};
};

class MailRanks : public Ranks {
 public:
  MailRanks(Mail& mail, int rank) : mail_(mail), rank_(rank) {}
  int rank() const override { return rank_; }
  int size() const override { return static_cast<int>(mail_.boxes.size()); }
  void send(int to, const Words& words) override {
    const std::lock_guard lock(mail_.mutex);
    mail_.boxes[static_cast<std::size_t>(to)].push_back({rank_, words});
  }
  std::optional<Message> receive() override {
    const std::lock_guard lock(mail_.mutex);
    auto& box = mail_.boxes[static_cast<std::size_t>(rank_)];
    if (box.empty()) return std::nullopt;
    const Message message = box.front();
    box.pop_front();
    return message;
  }
  void finish() override { ++mail_.finished; }

 private:
  Mail& mail_;
  int rank_;
};

// Ends a job when it is next asked, as `ending` says for the n-th try of it here.
class FakeWorkers : public Workers {
 public:
  using EndingOf = std::function<Ending(std::size_t job, int tries)>;
  explicit FakeWorkers(std::size_t at_once, EndingOf ending = {})
      : at_once_(at_once), ending_(std::move(ending)) {}
  bool is_one_free() const override { return running_.size() < at_once_; }
  void start(std::size_t job) override {
    EXPECT_TRUE(is_one_free());
    running_.push_back(job);
  }
  std::optional<Report> poll() override {
    if (running_.empty()) return std::nullopt;
    const std::size_t job = running_.front();
    running_.pop_front();
    const Ending ending = ending_ ? ending_(job, ++tries_[job]) : Ending::kDone;
    if (ending == Ending::kDone) done.push_back(job);
    return Report{job, ending};
  }
  void stop() override {}
  std::vector<std::size_t> done;

 private:
  std::size_t at_once_;
  EndingOf ending_;
  std::deque<std::size_t> running_;
  std::map<std::size_t, int> tries_;
};

std::vector<SearchJob> some_jobs(std::int64_t count) {
  SweepRequest request;
  request.workloads = {{"llama-tiny", {"low-power"}}};
  request.nodes = {"7nm"};
  request.seeds = count;
  return plan_sweep(request, "out");
}

// Runs `jobs` on rank 0 and on a thread for each of `others`.
std::vector<JobState> deal(const std::vector<SearchJob>& jobs, Mail& mail, FakeWorkers& own,
                           std::vector<FakeWorkers>& others, const RankPlan& plan) {
  std::vector<std::thread> threads;
  for (std::size_t r = 0; r < others.size(); ++r) {
    threads.emplace_back([&, r] {
      MailRanks ranks(mail, static_cast<int>(r) + 1);
      if (serve(ranks, others[r], plan)) ranks.finish();
    });
  }
  MailRanks ranks(mail, 0);
  RankedWorkers workers(ranks, own, plan);
  const auto states = deal_jobs(jobs, workers, {});
  workers.dismiss();
  for (std::thread& thread : threads) thread.join();
  return states;
}

const std::vector<JobState> kTwentyDone(20, JobState::kDone);

TEST(SweepRanked, EveryJobIsDoneOnceAndEveryRankHelps) {
  const auto jobs = some_jobs(20);
  Mail mail(3);
  // Rank 0 alone could be through before the others' threads have begun.
  std::array<std::atomic<bool>, 2> helps{};
  FakeWorkers own(
      2, [&](std::size_t, int) { return helps[0] && helps[1] ? Ending::kDone : Ending::kBusy; });
  std::vector<FakeWorkers> others;
  for (std::atomic<bool>& here : helps) {
    others.emplace_back(2, [&here](std::size_t, int) {
      here = true;
      return Ending::kDone;
    });
  }
  EXPECT_EQ(deal(jobs, mail, own, others, {plan_mark(jobs), 2, Seconds(60)}), kTwentyDone);
  std::vector<std::size_t> done = own.done;
  for (const FakeWorkers& other : others) {
    EXPECT_FALSE(other.done.empty());
    done.insert(done.end(), other.done.begin(), other.done.end());
  }
  std::sort(done.begin(), done.end());
  done.erase(std::unique(done.begin(), done.end()), done.end());
  EXPECT_EQ(done.size(), 20U);
  EXPECT_EQ(mail.finished, 3);
}

TEST(SweepRanked, AJobThatDiedOnARankIsTriedAgainAndOneThatCannotWorkIsNot) {
  const auto jobs = some_jobs(20);
  Mail mail(2);
  std::atomic<int> tries{0};
  const FakeWorkers::EndingOf ending = [&](std::size_t job, int n) {
    if (job == 5) ++tries;
    if (job == 5) return Ending::kUnusable;
    return job == 7 && n == 1 ? Ending::kDied : Ending::kDone;
  };
  FakeWorkers own(1, ending);
  std::vector<FakeWorkers> others(1, FakeWorkers(1, ending));
  const auto states = deal(jobs, mail, own, others, {plan_mark(jobs), 1, Seconds(60)});
  EXPECT_EQ(states[5], JobState::kFailed);
  EXPECT_EQ(states[7], JobState::kDone);
  EXPECT_EQ(tries, 1);
}

TEST(SweepRanked, TheJobsOfASilentRankAreDoneByOthers) {
  const auto jobs = some_jobs(20);
  Mail mail(3);
  const RankPlan plan{plan_mark(jobs), 1, Seconds(0.3)};
  // Rank 1 hangs in its first job and is not heard again; it is there before any job is dealt.
  std::atomic<bool> over{false}, hangs{false};
  FakeWorkers stuck(1, [&](std::size_t, int) {
    hangs = true;
    while (!over) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return Ending::kDone;
  });
  std::thread dead([&] {
    MailRanks ranks(mail, 1);
    serve(ranks, stuck, plan);
  });
  // Until it hangs, rank 0 does nothing but deal.
  FakeWorkers own(1, [&](std::size_t, int) { return hangs ? Ending::kDone : Ending::kBusy; });
  std::vector<FakeWorkers> none;
  EXPECT_EQ(deal(jobs, mail, own, none, plan), kTwentyDone);
  EXPECT_EQ(own.done.size(), 20U);
  EXPECT_EQ(mail.finished, 0);  // nobody waits for the dead
  over = true;
  dead.join();
}

TEST(SweepRanked, ARankThatHearsNothingGivesUp) {
  Mail mail(2);
  MailRanks ranks(mail, 1);
  FakeWorkers own(1);
  EXPECT_FALSE(serve(ranks, own, {1, 1, Seconds(0.05)}));
}

TEST(SweepRanked, ARankWithOtherJobsIsRefused) {
  const auto jobs = some_jobs(3);
  Mail mail(2);
  MailRanks zero(mail, 0), one(mail, 1);
  FakeWorkers own(1);
  serve(one, own, {plan_mark(some_jobs(2)), 1, Seconds(0.01)});
  RankedWorkers workers(zero, own, {plan_mark(jobs), 1, Seconds(60)});
  EXPECT_EQ(id_of([&] { workers.poll(); }), "TW-CLI-026");
}

}  // namespace
}  // namespace tilewright

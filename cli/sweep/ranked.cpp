#include "cli/sweep/ranked.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "cli/log.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"
#include "support/stop.h"

namespace tilewright {
namespace {

// The first word of a message.
enum Kind : std::int64_t {
  kHello,    // to 0: how many jobs at once, mark of the plan
  kJob,      // from 0: which
  kEnded,    // to 0: which, how
  kBeat,     // both ways: still here
  kLeave,    // to 0: was told to stop, takes no more jobs
  kStop,     // from 0: leave checkpoints and end
  kDismiss,  // from 0: no more jobs
};

// How many times a rank may be heard before its silence counts.
constexpr double kBeatsBeforeSilence = 10;

}  // namespace

std::int64_t plan_mark(const std::vector<SearchJob>& jobs) {
  std::string text;
  for (const SearchJob& job : jobs) text += Json(to_arguments(job.compile)).dump() + "\n";
  constexpr std::size_t kDigits = 15;  // of hexadecimal that fit a positive word
  return std::stoll(sha256(text).substr(0, kDigits), nullptr, 16);
}

bool serve(Ranks& ranks, Workers& own, const RankPlan& plan) {
  using Clock = std::chrono::steady_clock;
  ranks.send(0, {kHello, plan.at_once, plan.mark});
  auto heard = Clock::now(), beaten = heard;
  bool leaves = false;
  const auto take = [&](std::int64_t job) {
    if (leaves) {  // dealt before rank 0 heard of it
      ranks.send(0, {kEnded, job, static_cast<std::int64_t>(Ending::kBusy)});
    } else {
      own.start(static_cast<std::size_t>(job));
    }
  };
  while (true) {
    bool is_idle = true;
    while (const auto message = ranks.receive()) {
      heard = Clock::now();
      is_idle = false;
      if (message->words[0] == kJob) take(message->words[1]);
      if (message->words[0] == kStop) own.stop();
      if (message->words[0] == kDismiss) return true;
    }
    if (stop_requested() && !leaves) {
      leaves = true;
      own.stop();
      ranks.send(0, {kLeave, 0, 0});
    }
    while (const auto report = own.poll()) {
      ranks.send(0, {kEnded, static_cast<std::int64_t>(report->job),
                     static_cast<std::int64_t>(report->ending)});
      is_idle = false;
    }
    if (Clock::now() - beaten > plan.silence / kBeatsBeforeSilence) {
      ranks.send(0, {kBeat, 0, 0});
      beaten = Clock::now();
    }
    if (Clock::now() - heard > plan.silence) return false;
    if (is_idle) wait_a_little();
  }
}

RankedWorkers::RankedWorkers(Ranks& ranks, Workers& own, const RankPlan& plan)
    : ranks_(ranks),
      own_(own),
      plan_(plan),
      others_(static_cast<std::size_t>(ranks.size())),
      beaten_(Clock::now()) {
  for (Rank& other : others_) other.heard = beaten_;
}

bool RankedWorkers::is_one_free() const {
  return own_.is_one_free() ||
         std::any_of(others_.begin(), others_.end(), [](const Rank& r) { return r.free > 0; });
}

// To the rank that has most room, so that machines fill evenly.
void RankedWorkers::start(std::size_t job) {
  const auto most = std::max_element(others_.begin(), others_.end(),
                                     [](const Rank& a, const Rank& b) { return a.free < b.free; });
  if (most->free == 0) {
    own_.start(job);
    return;
  }
  --most->free;
  most->running.insert(job);
  ranks_.send(static_cast<int>(most - others_.begin()), {kJob, static_cast<std::int64_t>(job), 0});
}

void RankedWorkers::hear(const Message& message) {
  Rank& other = others_[static_cast<std::size_t>(message.from)];
  if (other.dead) return;  // its jobs are others' now
  other.heard = Clock::now();
  const auto [kind, first, second] = message.words;
  if (kind == kHello) {
    if (second != plan_.mark) {
      throw Error("TW-CLI-026", fmt::format("rank {} has other jobs than rank 0", message.from),
                  "mpirun", "start the same program with the same data and options everywhere");
    }
    other.free = static_cast<int>(first);
  } else if (kind == kLeave) {
    other.leaves = true;
    other.free = 0;
  } else if (kind == kEnded) {
    const auto job = static_cast<std::size_t>(first);
    if (other.running.erase(job) == 0) return;
    if (!other.leaves) ++other.free;
    heard_.push_back({job, static_cast<Ending>(second)});
  }
}

void RankedWorkers::give_up_the_silent() {
  for (std::size_t r = 1; r < others_.size(); ++r) {
    Rank& other = others_[r];
    if (other.dead || Clock::now() - other.heard <= plan_.silence) continue;
    log_warning(fmt::format("rank {} is silent and given up", r));
    other.dead = true;
    other.free = 0;
    for (const std::size_t job : other.running) heard_.push_back({job, Ending::kDied});
    other.running.clear();
  }
}

std::optional<Report> RankedWorkers::poll() {
  while (const auto message = ranks_.receive()) hear(*message);
  give_up_the_silent();
  if (Clock::now() - beaten_ > plan_.silence / kBeatsBeforeSilence) {
    send_to_all({kBeat, 0, 0});
    beaten_ = Clock::now();
  }
  if (heard_.empty()) return own_.poll();
  const Report report = heard_.front();
  heard_.pop_front();
  return report;
}

void RankedWorkers::stop() {
  own_.stop();
  if (!told_to_stop_) send_to_all({kStop, 0, 0});
  told_to_stop_ = true;
}

void RankedWorkers::send_to_all(const Words& words) {
  for (std::size_t r = 1; r < others_.size(); ++r) {
    if (!others_[r].dead) ranks_.send(static_cast<int>(r), words);
  }
}

void RankedWorkers::dismiss() {
  send_to_all({kDismiss, 0, 0});
  const bool all_live =
      std::none_of(others_.begin(), others_.end(), [](const Rank& r) { return r.dead; });
  if (all_live) ranks_.finish();
}

}  // namespace tilewright

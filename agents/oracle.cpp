#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "agents/searcher.h"
#include "support/error.h"
#include "support/state_archive.h"
#include "support/stop.h"

namespace tilewright {
namespace {

double now_s() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

// A stop or a time limit is seen after so many evaluations a thread.
constexpr std::int64_t kChunkPerThread = 16;
// Keeping a checkpoint takes at most one part in so many of the time.
constexpr double kWorkPerKeeping = 20;
// A log that grows copies itself, page by page. Longer ones do so seldom.
constexpr std::int64_t kReservedMost = 32768;

}  // namespace

Oracle::Oracle(const Problem& problem, const SearchOptions& options,
               std::function<void(std::int64_t, const Evaluation&)> on_evaluation)
    : problem_(problem), options_(options), on_evaluation_(std::move(on_evaluation)) {
  if (options_.evaluations < 1 || options_.threads < 1) {
    throw Error("TW-AGENT-003", "a search needs at least one evaluation and one thread",
                "search options", "give --episodes and --threads of at least 1");
  }
  log_.reserve(static_cast<std::size_t>(std::min(options_.evaluations, kReservedMost)));
  started_ = now_s();
  next_keep_ = started_ + options_.keep_every_s;
  if (!options_.resume || options_.resume->state.empty()) return;
  for (const Evaluation& e : options_.resume->log) record(e);
}

std::int64_t Oracle::remaining() const {
  return std::max<std::int64_t>(0, options_.evaluations - used());
}

void Oracle::end_if_spent() const {
  const bool late = options_.time_limit_s > 0 && now_s() - started_ > options_.time_limit_s;
  if (remaining() == 0 || late) throw SearchEnded{};
  if (!stop_requested() || persist_) return;
  keep();
  throw SearchEnded{};
}

void Oracle::persist_with(std::function<void(StateArchive&)> persist) {
  persist_ = std::move(persist);
  if (!options_.resume || options_.resume->state.empty()) return;
  StateArchive archive(options_.resume->state, "checkpoint");
  persist_(archive);
  archive.finish();
}

void Oracle::rest() {
  if (stop_requested() && remaining() > 0) {
    keep();
    throw SearchEnded{};
  }
  keep_if_due();
}

void Oracle::keep() const {
  if (!options_.keep) return;
  Checkpoint checkpoint{log_, {}};
  if (persist_) {
    StateArchive archive;
    persist_(archive);
    checkpoint.state = archive.bytes();
  }
  options_.keep(checkpoint);
}

void Oracle::keep_if_due() {
  const double begin = now_s();
  if (!options_.keep || begin < next_keep_) return;
  keep();
  const double end = now_s();
  if (options_.keep_every_s > 0)
    next_keep_ = end + std::max(options_.keep_every_s, kWorkPerKeeping * (end - begin));
}

// The evaluation with this number, which may have been made before the search was stopped.
Evaluation Oracle::answer(const ActionVector& unit, std::int64_t number) const {
  if (!options_.resume || number >= std::ssize(options_.resume->log))
    return problem_.evaluate(unit);
  const Evaluation& kept = options_.resume->log[static_cast<std::size_t>(number)];
  const DesignBox& box = problem_.box();
  if (project(from_unit(unit, box), box) != kept.design) {
    throw Error("TW-AGENT-005", "the search does not repeat what the checkpoint holds",
                "evaluation " + std::to_string(number + 1), "remove the checkpoint and start anew");
  }
  return kept;
}

void Oracle::record(const Evaluation& e) {
  log_.push_back(e);
  archive_.add(e);
  if (on_evaluation_) on_evaluation_(used() - 1, e);
}

Evaluation Oracle::evaluate(const ActionVector& unit) {
  end_if_spent();
  record(answer(unit, used()));
  if (!persist_) keep_if_due();
  return log_.back();
}

std::vector<Evaluation> Oracle::evaluate(std::span<const ActionVector> units) {
  std::vector<Evaluation> results;
  results.reserve(units.size());
  while (results.size() < units.size()) {
    end_if_spent();
    const auto left = static_cast<std::int64_t>(units.size() - results.size());
    const auto count =
        static_cast<std::size_t>(std::min({left, remaining(), kChunkPerThread * options_.threads}));
    for (const Evaluation& e : evaluate_parallel(units.subspan(results.size(), count))) {
      record(e);
      results.push_back(e);
    }
    if (!persist_) keep_if_due();
  }
  return results;
}

std::vector<Evaluation> Oracle::evaluate_parallel(std::span<const ActionVector> units) const {
  std::vector<Evaluation> results(units.size());
  std::vector<std::exception_ptr> failures(units.size());
#pragma omp parallel for schedule(dynamic) num_threads(options_.threads)
  for (std::size_t i = 0; i < units.size(); ++i) {
    try {
      results[i] = answer(units[i], used() + static_cast<std::int64_t>(i));
    } catch (...) {
      failures[i] = std::current_exception();
    }
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  return results;
}

RandomStream Oracle::stream(const std::string& name) const {
  return RandomStream(options_.seed, "search/" + name);
}

}  // namespace tilewright

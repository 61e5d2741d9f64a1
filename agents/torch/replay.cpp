#include "agents/torch/replay.h"

#include <algorithm>
#include <cmath>

namespace tilewright::rl {
namespace {

constexpr std::int64_t kRow = kStates + kActionInputs + 1 + kStates;

}  // namespace

Replay::Replay(const ReplaySettings& settings)
    : settings_(settings), correction_(settings.correction), priorities_(settings.capacity) {}

void Replay::add(const PolicyState& state, const ActionInputs& action, double reward,
                 const PolicyState& next_state) {
  const auto first = static_cast<std::size_t>(next_ * kRow);
  if (rows_.size() <= first) rows_.resize(first + kRow);  // grows as it fills
  float* row = rows_.data() + first;
  row = std::copy(state.begin(), state.end(), row);
  row = std::copy(action.begin(), action.end(), row);
  *row++ = static_cast<float>(reward);
  std::copy(next_state.begin(), next_state.end(), row);
  priorities_.set(next_, largest_);
  size_ = std::max(size_, next_ + 1);
  next_ = (next_ + 1) % settings_.capacity;
}

Batch Replay::sample(std::int64_t count, RandomStream& random) {
  const Tensor rows = torch::empty({count, kRow});
  const Tensor weights = torch::empty({count});
  std::vector<std::int64_t> picks(static_cast<std::size_t>(count));
  float* to = rows.data_ptr<float>();
  float* weight = weights.data_ptr<float>();
  for (std::int64_t& pick : picks) {
    pick = priorities_.find(random.uniform() * priorities_.total());
    to = std::copy_n(rows_.data() + pick * kRow, kRow, to);
    const double share = priorities_.at(pick) / priorities_.total();
    *weight++ = static_cast<float>(std::pow(static_cast<double>(size_) * share, -correction_));
  }
  correction_ = std::min(1.0, correction_ + settings_.correction_step);
  return {rows.narrow(1, 0, kStates),
          rows.narrow(1, kStates, kActionInputs),
          rows.select(1, kStates + kActionInputs),
          rows.narrow(1, kRow - kStates, kStates),
          weights / weights.max(),
          std::move(picks)};
}

void Replay::reprioritise(const std::vector<std::int64_t>& rows, const Tensor& errors) {
  const Tensor held = errors.contiguous();
  const float* error = held.data_ptr<float>();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double surprise = std::fabs(static_cast<double>(error[i])) + settings_.least_priority;
    const double priority = std::pow(surprise, settings_.exponent);
    largest_ = std::max(largest_, priority);
    priorities_.set(rows[i], priority);
  }
}

}  // namespace tilewright::rl

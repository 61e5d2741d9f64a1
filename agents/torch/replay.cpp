#include "agents/torch/replay.h"

#include <algorithm>

namespace tilewright::rl {
namespace {

constexpr std::int64_t kRow = kStates + kActionInputs + 1 + kStates;

}  // namespace

Replay::Replay(std::int64_t capacity) : capacity_(capacity) {}

void Replay::add(const PolicyState& state, const ActionInputs& action, double reward,
                 const PolicyState& next_state) {
  const auto first = static_cast<std::size_t>(next_ * kRow);
  if (rows_.size() <= first) rows_.resize(first + kRow);  // grows as it fills
  float* row = rows_.data() + first;
  row = std::copy(state.begin(), state.end(), row);
  row = std::copy(action.begin(), action.end(), row);
  *row++ = static_cast<float>(reward);
  std::copy(next_state.begin(), next_state.end(), row);
  size_ = std::max(size_, next_ + 1);
  next_ = (next_ + 1) % capacity_;
}

Batch Replay::sample(std::int64_t count, RandomStream& random) const {
  const Tensor rows = torch::empty({count, kRow});
  float* to = rows.data_ptr<float>();
  for (std::int64_t i = 0; i < count; ++i) {
    const auto pick = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(size_)));
    to = std::copy_n(rows_.data() + pick * kRow, kRow, to);
  }
  return {rows.narrow(1, 0, kStates), rows.narrow(1, kStates, kActionInputs),
          rows.select(1, kStates + kActionInputs), rows.narrow(1, kRow - kStates, kStates)};
}

}  // namespace tilewright::rl

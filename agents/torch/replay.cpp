#include "agents/torch/replay.h"

#include <algorithm>
#include <cmath>

#include "support/state_archive.h"

namespace tilewright::rl {

Replay::Replay(const Shape& shape, const ReplaySettings& settings, std::int64_t notes)
    : settings_(settings),
      states_(shape.states),
      inputs_(shape.inputs()),
      notes_(notes),
      width_(2 * shape.states + shape.inputs() + 1 + notes),
      correction_(settings.correction),
      priorities_(settings.capacity) {}

void Replay::add(const Transition& t) {
  const auto first = static_cast<std::size_t>(next_ * width_);
  if (rows_.size() <= first) rows_.resize(first + static_cast<std::size_t>(width_));
  float* row = rows_.data() + first;
  row = std::copy(t.state.begin(), t.state.end(), row);
  row = std::copy(t.action.begin(), t.action.end(), row);
  *row++ = static_cast<float>(t.reward);
  row = std::copy(t.next_state.begin(), t.next_state.end(), row);
  std::copy(t.notes.begin(), t.notes.end(), row);
  priorities_.set(next_, largest_);
  size_ = std::max(size_, next_ + 1);
  next_ = (next_ + 1) % settings_.capacity;
}

Batch Replay::sample(std::int64_t count, RandomStream& random) {
  const Tensor rows = torch::empty({count, width_});
  const Tensor weights = torch::empty({count});
  std::vector<std::int64_t> picks(static_cast<std::size_t>(count));
  float* to = rows.data_ptr<float>();
  float* weight = weights.data_ptr<float>();
  for (std::int64_t& pick : picks) {
    pick = priorities_.find(random.uniform() * priorities_.total());
    to = std::copy_n(rows_.data() + pick * width_, width_, to);
    const double share = priorities_.at(pick) / priorities_.total();
    *weight++ = static_cast<float>(std::pow(static_cast<double>(size_) * share, -correction_));
  }
  correction_ = std::min(1.0, correction_ + settings_.correction_step);
  const std::int64_t reward = states_ + inputs_;
  return {rows.narrow(1, 0, states_),
          rows.narrow(1, states_, inputs_),
          rows.select(1, reward),
          rows.narrow(1, reward + 1, states_),
          weights / weights.max(),
          std::move(picks),
          rows.narrow(1, reward + 1 + states_, notes_)};
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

void Replay::persist(StateArchive& archive) {
  std::vector<double> priorities;
  for (std::int64_t i = 0; i < size_; ++i) priorities.push_back(priorities_.at(i));
  archive(size_, next_, correction_, largest_, rows_, priorities);
  if (!archive.reads()) return;
  archive.require(size_ >= 0 && size_ <= settings_.capacity && next_ >= 0 &&
                  next_ < settings_.capacity && std::ssize(priorities) == size_ &&
                  std::ssize(rows_) == size_ * width_);
  for (std::int64_t i = 0; i < size_; ++i) {
    priorities_.set(i, priorities[static_cast<std::size_t>(i)]);
  }
}

}  // namespace tilewright::rl

#include "support/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace tilewright {
namespace {

std::string duration(double seconds) {
  const auto whole = std::lround(seconds);
  return whole < 3600 ? fmt::format("{}:{:02}", whole / 60, whole % 60)
                      : fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace

Progress::Progress(std::string label, std::int64_t total)
    : label_(std::move(label)),
      total_(total),
      terminal_(::isatty(STDERR_FILENO) == 1),
      start_(std::chrono::steady_clock::now()),
      last_(start_) {}

Progress::~Progress() {
  if (terminal_) std::fputs("\r\033[K", stderr);
}

bool Progress::due() const {
  return terminal_ && std::chrono::steady_clock::now() - last_ >= std::chrono::milliseconds(100);
}

void Progress::update(std::int64_t done, const std::string& note) {
  done_ = done;
  if (!due()) return;
  last_ = std::chrono::steady_clock::now();
  draw(note);
}

void Progress::draw(const std::string& note) {
  constexpr int kWidth = 24;
  const double share = total_ > 0 ? static_cast<double>(done_) / static_cast<double>(total_) : 0;
  const auto filled = static_cast<std::size_t>(share * kWidth);
  const double elapsed = std::chrono::duration<double>(last_ - start_).count();
  const auto worked = static_cast<double>(done_ - skipped_);
  const std::string eta =
      worked > 0 ? duration(elapsed * static_cast<double>(total_ - done_) / worked) : "-";
  fmt::print(stderr, "\r\033[K{} [{}{}] {}/{} ETA {}  {}", label_, std::string(filled, '#'),
             std::string(kWidth - filled, '.'), done_, total_, eta, note);
  std::fflush(stderr);
}

}  // namespace tilewright

#include "support/stop.h"

#include <csignal>

namespace tilewright {
namespace {

volatile std::sig_atomic_t stop_flag = 0;

void on_signal(int number) {
  if (stop_flag != 0) {
    std::signal(number, SIG_DFL);
    std::raise(number);
  }
  stop_flag = 1;
}

}  // namespace

void catch_stop_signals() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

bool stop_requested() {
  return stop_flag != 0;
}

}  // namespace tilewright

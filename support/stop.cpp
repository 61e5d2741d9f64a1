#include "support/stop.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

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

void stop_with_parent() {
  const char* parent = std::getenv(kParentVariable);
  if (parent == nullptr) return;
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (std::to_string(::getppid()) != parent) stop_flag = 1;  // it ended before the call
  ::unsetenv(kParentVariable);  // of this process alone, not of its children
}

}  // namespace

void catch_stop_signals() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  stop_with_parent();
}

bool stop_requested() {
  return stop_flag != 0;
}

}  // namespace tilewright

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

}  // namespace

void end_with_parent() {
  const char* parent = std::getenv(kParentVariable);
  if (parent == nullptr) return;
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  const bool is_orphan = std::to_string(::getppid()) != parent;
  ::unsetenv(kParentVariable);         // of this process alone, not of its children
  if (is_orphan) std::raise(SIGTERM);  // it ended before the call
}

void catch_stop_signals() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  end_with_parent();
}

bool stop_requested() {
  return stop_flag != 0;
}

}  // namespace tilewright

// Ctrl-C and SIGTERM as a flag that long work polls, so that it can leave a checkpoint.
#pragma once

namespace tilewright {

// Installs the handlers. A second signal ends the process at once.
void catch_stop_signals();
bool stop_requested();

}  // namespace tilewright

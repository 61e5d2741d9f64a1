// Ctrl-C and SIGTERM as a flag that long work polls, so that it can leave a checkpoint.
#pragma once

namespace tilewright {

// Installs the handlers. A second signal ends the process at once. In a child whose environment
// names its parent, the parent's end counts as SIGTERM.
void catch_stop_signals();
bool stop_requested();

// For a child that has nothing to leave: it ends with the parent that its environment names.
void end_with_parent();

// Environment variable in which a parent gives its process id to such a child.
inline constexpr const char* kParentVariable = "TILEWRIGHT_PARENT";

}  // namespace tilewright

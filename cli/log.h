// What the program says of its work while it works, a line each on stderr. Nothing of it reaches
// stdout or an artifact.
#pragma once

#include <cstdint>
#include <string>

namespace tilewright {

// 0: warnings; 1 (-v): what was loaded and how long each phase took; 2 (-vv): details.
void set_verbosity(std::int64_t level);

// "tilewright: warning: TEXT": the result is sound, but the user may not have meant it.
void log_warning(const std::string& text);
void log_phase(const std::string& text);   // "tilewright: info: TEXT"
void log_detail(const std::string& text);  // "tilewright: debug: TEXT"

}  // namespace tilewright

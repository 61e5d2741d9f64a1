// All distinct tiles in one run of Yosys: under a module that instantiates each, what they share is
// elaborated once.
#pragma once

#include <string>

#include "verify/artifact.h"
#include "verify/process.h"

namespace tilewright {

// Reads the sources with that module as the top, then follows `passes`, in the folder of the
// sources. Sources and wrappers are names that read_rtl_sources found plain.
ToolRun run_on_wrappers(const RtlSources& rtl, const std::string& passes, int timeout_s);

}  // namespace tilewright

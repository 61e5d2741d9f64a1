// Loads LibTorch and what needs it, once, on demand, and mends the BLAS trap before.
#pragma once

#include <memory>
#include <string>

#include "agents/searcher.h"

namespace tilewright {

// LibTorch calls whatever libblas.so.3 is. The reference BLAS makes it fifteen times slower, and an
// OpenBLAS that does not know the processor four times, because it falls back to a kernel of 2004.
// Before LibTorch is loaded, OpenBLAS is loaded in front of it, told the kernel that the
// processor's features allow (unless OPENBLAS_CORETYPE says otherwise) and kept to one thread.
struct BlasReport {
  bool loaded = false;  // LibTorch is in the process
  std::string library;  // file that sgemm comes from
  std::string kernel;   // OpenBLAS's name of it; empty: not OpenBLAS
  std::string asked;    // kernel that we asked for; empty: the environment decided
};
BlasReport blas_report();
std::string to_text(const BlasReport& report);  // one sentence

// Throws Error TW-AGENT-004 when the library beside this one is missing or does not load.
std::unique_ptr<Searcher> make_torch_searcher(const std::string& name,
                                              const SearchOptions& options);

}  // namespace tilewright

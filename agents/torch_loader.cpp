#include "agents/torch_loader.h"

#include <dlfcn.h>

#include <cstdlib>
#include <mutex>

#include "agents/plugin.h"

namespace tilewright {
namespace {

// The OpenBLAS kernel for this processor; empty when its own choice is as good as ours.
std::string kernel_for_cpu() {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    return "SkylakeX";
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "Haswell";
  return "";
}

// OpenBLAS reads its environment when it is loaded, so this must come first.
std::string prepare_blas() {
  std::string asked;
  if (std::getenv("OPENBLAS_CORETYPE") == nullptr) {
    asked = kernel_for_cpu();
    if (!asked.empty()) ::setenv("OPENBLAS_CORETYPE", asked.c_str(), 1);
  }
  ::setenv("OPENBLAS_NUM_THREADS", "1", 1);
  // In front of libblas.so.3: a global symbol found first is the one that LibTorch binds to.
  ::dlopen("libopenblas.so.0", RTLD_NOW | RTLD_GLOBAL);
  return asked;
}

struct Plugin {
  MakeSearcher make = nullptr;
  std::string asked;
};

Plugin load_plugin() {
  Plugin plugin;
  plugin.asked = prepare_blas();
  plugin.make = reinterpret_cast<MakeSearcher>(
      open_plugin("libtilewright_agents_torch.so", kMakeTorchSearcher));
  return plugin;
}

std::mutex plugin_mutex;
Plugin loaded;

// Kept to the end of the process: LibTorch does not survive being unloaded.
const Plugin& plugin() {
  const std::lock_guard lock(plugin_mutex);
  if (loaded.make == nullptr) loaded = load_plugin();
  return loaded;
}

}  // namespace

BlasReport blas_report() {
  BlasReport report;
  const std::lock_guard lock(plugin_mutex);
  report.loaded = loaded.make != nullptr;
  if (!report.loaded) return report;
  report.asked = loaded.asked;
  Dl_info info{};
  void* sgemm = ::dlsym(RTLD_DEFAULT, "sgemm_");
  if (sgemm != nullptr && ::dladdr(sgemm, &info) != 0) report.library = info.dli_fname;
  using CoreName = char* (*)();
  if (const auto core =
          reinterpret_cast<CoreName>(::dlsym(RTLD_DEFAULT, "openblas_get_corename"))) {
    report.kernel = core();
  }
  return report;
}

std::string to_text(const BlasReport& report) {
  if (!report.loaded) return "LibTorch is not loaded";
  if (report.kernel.empty()) {
    return "BLAS: LibTorch runs on " +
           (report.library.empty() ? std::string("the system's BLAS") : report.library) +
           ", not on OpenBLAS, and may be many times slower; install libopenblas0-pthread";
  }
  return "BLAS: OpenBLAS kernel " + report.kernel +
         (report.asked.empty() ? " (from the environment)" : " (asked for " + report.asked + ")") +
         ", one thread, " + report.library;
}

std::unique_ptr<Searcher> make_torch_searcher(const std::string& name,
                                              const SearchOptions& options) {
  return std::unique_ptr<Searcher>(plugin().make(name, options));
}

}  // namespace tilewright

#include "agents/plugin.h"

#include <ATen/Parallel.h>

#include "agents/torch/sac_searcher.h"

// One thread: sums then have one order, and a search with one seed has one result.
extern "C" __attribute__((visibility("default"))) tilewright::Searcher*
tilewright_make_torch_searcher(const std::string& name, const tilewright::SearchOptions& options) {
  at::set_num_threads(1);
  if (name == "sac") return tilewright::rl::make_sac(options).release();
  return nullptr;
}

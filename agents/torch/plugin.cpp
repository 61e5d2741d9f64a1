#include "agents/plugin.h"

#include <ATen/Parallel.h>

#include "agents/torch/hybrid.h"
#include "agents/torch/on_policy_searcher.h"
#include "agents/torch/sac_searcher.h"

// One thread: sums then have one order, and a search with one seed has one result.
extern "C" __attribute__((visibility("default"))) tilewright::Searcher*
tilewright_make_torch_searcher(const std::string& name, const tilewright::SearchOptions& options) {
  at::set_num_threads(1);
  if (name == "hybrid") return tilewright::rl::make_hybrid(options).release();
  if (name == "sac") return tilewright::rl::make_sac(options).release();
  if (name == "paper") return tilewright::rl::make_paper(options).release();
  if (name == "ppo") return tilewright::rl::make_ppo(options).release();
  if (name == "reinforce") return tilewright::rl::make_reinforce(options).release();
  return nullptr;
}

// Passes over a graph, in their order, again until nothing changes.
#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "frontend/graph.h"
#include "frontend/interpret/allowance.h"

namespace tilewright {

struct PassInfo {
  const char* name;
  const char* does;
};
std::vector<PassInfo> pass_list();  // in the order they run

struct PassOptions {
  std::set<std::string> off;  // names
  std::string stop_after;     // ends behind this pass of the first round; empty: runs all
  // Called behind every pass that changed something.
  std::function<void(const std::string& name, const Graph& graph)> on_pass;
  // What folding may compute and hold in all rounds together; what would take more stays.
  Allowance folding = {4LL << 30, 1e9};
};

struct PassReport {
  std::string name;
  std::int64_t changes = 0, nodes = 0;  // nodes: of the graph behind it
  double seconds = 0;                   // to print, never to store
};

// Changes the graph and says what each pass of each round did. Behind every pass the graph is
// checked (check_graph). Throws Error TW-PASS-003 for a name that is no pass.
std::vector<PassReport> run_passes(Graph& graph, const PassOptions& options = {});

// Every tensor has one definition before its uses, shapes are what the operators' rules give, names
// are unique. Throws Error TW-PASS-002 (ours to mend).
void check_graph(const Graph& graph, const std::string& after, bool shapes = true);

}  // namespace tilewright

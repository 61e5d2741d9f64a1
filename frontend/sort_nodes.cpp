#include <functional>
#include <queue>

#include "frontend/graph_builder.h"
#include "frontend/text.h"
#include "support/error.h"

namespace tilewright {

void sort_nodes(Graph& graph) {
  const std::size_t count = graph.nodes.size();
  std::vector<std::int32_t> producer(graph.tensors.size(), -1);
  for (std::size_t n = 0; n < count; ++n) {
    for (const std::int32_t output : graph.nodes[n].outputs) {
      if (output >= 0) {
        producer[static_cast<std::size_t>(output)] = static_cast<std::int32_t>(n);
      }
    }
  }
  std::vector<std::vector<std::size_t>> users(count);
  std::vector<std::size_t> waiting(count, 0);
  for (std::size_t n = 0; n < count; ++n) {
    for (const std::int32_t input : graph.nodes[n].inputs) {
      const std::int32_t from = input < 0 ? -1 : producer[static_cast<std::size_t>(input)];
      if (from >= 0) {
        users[static_cast<std::size_t>(from)].push_back(n);
        ++waiting[n];
      }
    }
  }
  // Smallest file position first: a sorted file stays as it is.
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t n = 0; n < count; ++n) {
    if (waiting[n] == 0) {
      ready.push(n);
    }
  }
  std::vector<Node> sorted;
  sorted.reserve(count);
  while (!ready.empty()) {
    const std::size_t n = ready.top();
    ready.pop();
    sorted.push_back(std::move(graph.nodes[n]));
    for (const std::size_t user : users[n]) {
      if (--waiting[user] == 0) {
        ready.push(user);
      }
    }
  }
  for (std::size_t n = 0; n < count && sorted.size() < count; ++n) {
    if (waiting[n] > 0) {
      throw Error("TW-ONNX-040",
                  "the graph has a cycle through " + printable(graph.nodes[n].type) + " node '" +
                      printable(graph.nodes[n].name) + "'",
                  graph.file.string(), "a model graph must have no cycles");
    }
  }
  graph.nodes = std::move(sorted);
}

}  // namespace tilewright

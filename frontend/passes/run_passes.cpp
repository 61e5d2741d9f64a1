#include "frontend/passes/run_passes.h"

#include <algorithm>
#include <chrono>

#include "frontend/passes/pass.h"
#include "support/error.h"

namespace tilewright {
namespace {

struct Pass {
  const char* name;
  const char* does;
  std::int64_t (*run)(GraphEditor& edit);
};

// What recognises wants chains joined and constants folded before; a layer norm is an RMS norm of
// what it centred, so it is looked for first.
constexpr Pass kPasses[] = {
    {"fold-constants", "shape arithmetic and small constant subgraphs", pass::fold_constants},
    {"merge-equal", "nodes that do the same to the same become one", pass::merge_equal},
    {"simplify-moves", "moves that move nothing, chains of reshapes and transposes",
     pass::simplify_moves},
    {"remove-dead", "nodes whose results nobody reads", pass::remove_dead},
    {"fold-batch-normalization", "BatchNormalization into the Conv before it",
     pass::fold_batch_normalization},
    {"fuse-gemm", "MatMul and the bias added to it into Gemm", pass::fuse_gemm},
    {"recognise-layer-normalization", "LayerNormalization from its primitives",
     pass::recognise_layer_normalization},
    {"recognise-rms-normalization", "RMSNormalization from its primitives",
     pass::recognise_rms_normalization},
    {"recognise-activations", "SiLU and GELU from their primitives", pass::recognise_activations},
    {"recognise-rotary-embedding", "RotaryEmbedding from its primitives",
     pass::recognise_rotary_embedding},
    {"recognise-attention", "Attention with its KV cache from its primitives",
     pass::recognise_attention},
    {"integer-products", "products of dequantised operands into products of integers",
     pass::integer_products},
};
constexpr int kMostRounds = 16;

void check_names(const PassOptions& options) {
  const auto known = [](const std::string& name) {
    return std::any_of(std::begin(kPasses), std::end(kPasses),
                       [&](const Pass& p) { return name == p.name; });
  };
  std::set<std::string> names = options.off;
  if (!options.stop_after.empty()) names.insert(options.stop_after);
  for (const std::string& name : names) {
    if (known(name)) continue;
    std::string all;
    for (const Pass& p : kPasses) all += (all.empty() ? "" : ", ") + std::string(p.name);
    throw Error("TW-PASS-003", "no pass is called '" + name + "'", "", "take one of " + all);
  }
}

PassReport run(const Pass& pass, Graph& graph, Allowance& folding) {
  const auto begin = std::chrono::steady_clock::now();
  GraphEditor edit(graph);
  edit.allowance() = folding;
  PassReport report{pass.name, pass.run(edit), 0, 0};
  folding = edit.allowance();
  edit.finish();
  report.nodes = static_cast<std::int64_t>(graph.nodes.size());
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return report;
}

}  // namespace

std::vector<PassInfo> pass_list() {
  std::vector<PassInfo> list;
  for (const Pass& p : kPasses) list.push_back({p.name, p.does});
  return list;
}

std::vector<PassReport> run_passes(Graph& graph, const PassOptions& options) {
  check_names(options);
  std::vector<PassReport> reports;
  Allowance folding = options.folding;
  for (int round = 0; round < kMostRounds; ++round) {
    std::int64_t changes = 0;
    for (const Pass& pass : kPasses) {
      if (!options.off.contains(pass.name)) {
        reports.push_back(run(pass, graph, folding));
        changes += reports.back().changes;
        if (reports.back().changes > 0) {
          check_graph(graph, pass.name, false);
          if (options.on_pass) options.on_pass(pass.name, graph);
        }
      }
      if (options.stop_after == pass.name) {
        check_graph(graph, pass.name);
        return reports;
      }
    }
    if (changes == 0) break;
  }
  check_graph(graph, "all");
  return reports;
}

}  // namespace tilewright

// What placement is worth: the printed designs with another placement on the same tiles.
#include "experiments/by_node.h"
#include "experiments/tables.h"

namespace tilewright {
namespace {

struct Policy {
  const char* name;
  PlacementPolicy policy;
};
constexpr Policy kPolicies[] = {{"greedy", PlacementPolicy::kGreedy},
                                {"round-robin", PlacementPolicy::kRoundRobin},
                                {"random permutation", PlacementPolicy::kRandomPermutation},
                                {"a quarter of the tiles", PlacementPolicy::kQuarter}};

struct Outcome {
  Ppa ppa;
  Mapping mapping;
};

Outcome place(const PaperPoint& point, PlacementPolicy policy, std::uint64_t seed,
              const std::vector<TileConfig>* tiles) {
  MapRequest request = point.surrogate->map_request(point.design);
  request.policy = policy;
  request.policy_seed = seed;
  request.fixed_tiles = tiles;
  Outcome outcome;
  outcome.ppa = point.surrogate->evaluate_l1(request, &outcome.mapping);
  return outcome;
}

void add_node(ExperimentTable& out, const PaperPoint& point, std::uint64_t seed) {
  const Outcome greedy = place(point, PlacementPolicy::kGreedy, seed, nullptr);
  for (const Policy& policy : kPolicies) {
    const Outcome other = place(point, policy.policy, seed, &greedy.mapping.tiles);
    out.table.add({point.node, std::string(policy.name), Number{other.ppa.tok_s, 6},
                   Number{greedy.ppa.tok_s / other.ppa.tok_s, 4},
                   Number{other.mapping.traffic.mean_hops, 4},
                   Number{other.mapping.traffic.byte_hops / greedy.mapping.traffic.byte_hops, 4},
                   Number{other.mapping.compute_balance, 4}});
    out.computed_row.push_back(true);
  }
}

ExperimentTable table_for(const Study& study, std::uint64_t seed, const std::string& suffix) {
  ExperimentTable out;
  out.table = Table{"placement_ablation" + suffix,
                    "What placement is worth at the printed designs, " + study.workload,
                    {{"Node", ""},
                     {"Placement", ""},
                     {"Rate", "tok/s"},
                     {"Greedy over this", "x"},
                     {"Mean hops", ""},
                     {"Traffic over greedy", "x"},
                     {"Balance", ""}},
                    {}};
  // Hops and balance come from the graph and the mesh alone; the calibration moves only the rate.
  out.figure_column = {false, false, true, false, false, false, false};
  for (const PaperPoint& point : study.points) add_node(out, point, seed);
  return out;
}

}  // namespace

std::vector<ExperimentTable> placement_ablation(const ExperimentInputs& inputs) {
  return {table_for(inputs.llama, inputs.seed, ""),
          table_for(inputs.smolvlm, inputs.seed, "_smolvlm")};
}

}  // namespace tilewright

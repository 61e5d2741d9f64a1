// Torus, ring, hubs and chiplets against the mesh: the printed designs on each network, and what a
// search finds for each. All of a case are held against the same references, the mesh's.
#include <algorithm>

#include "agents/searcher.h"
#include "experiments/tables.h"
#include "surrogate/mean_hops.h"

namespace tilewright {
namespace {

constexpr const char* kNodes[] = {"3nm", "7nm", "28nm"};
constexpr const char* kSearchedNode = "7nm";
constexpr const char* kSearcher = "model";
constexpr std::int64_t kMostEpisodes = 400;  // of each of forty searches

// Clusters and dies for the printed meshes of 11 to 42 columns, and of two to four.
constexpr const char* kLarge[] = {"mesh", "torus", "ring", "hierarchical:cluster=4",
                                  "chiplets:columns=8"};
constexpr const char* kSmall[] = {"mesh", "torus", "ring", "hierarchical:cluster=2",
                                  "chiplets:columns=1"};

// A workload on a node by one calibration.
struct Setting {
  const Study& study;
  const Calibration& calibration;
  std::string node;

  std::shared_ptr<const Surrogate> with(const std::string& topology) const {
    Overrides overrides;
    overrides.topology = parse_topology(topology);
    return std::make_shared<const Surrogate>(calibration, find_node(calibration, node), study.mode,
                                             workload_of(study), overrides);
  }
  std::vector<Cell> labels(const Surrogate& surrogate) const {
    return {study.workload, calibration.name, node, to_text(surrogate.topology())};
  }
};

// What is compared, of one design on one network.
struct Figures {
  double hops = 0, link_bytes = 0;
  Ppa ppa;
};

Figures figures_of(const Surrogate& surrogate, const ActionVector& design, bool mapped) {
  if (!mapped) {
    return {mean_hops(surrogate.topology(), design[kMeshW], design[kMeshH]), 0,
            surrogate.evaluate_l0(design)};
  }
  Mapping mapping;
  Figures f;
  f.ppa = surrogate.evaluate_l1(design, &mapping);
  f.hops = mapping.traffic.mean_hops;
  f.link_bytes = mapping.traffic.busiest_link;
  return f;
}

ExperimentTable empty_table(const std::string& id, const std::string& caption,
                            const std::vector<Column>& labels, const std::vector<Column>& figures) {
  ExperimentTable out;
  out.table = Table{id, caption, labels, {}};
  out.table.columns.insert(out.table.columns.end(), figures.begin(), figures.end());
  out.figure_column.assign(out.table.columns.size(), true);
  std::fill_n(out.figure_column.begin(), labels.size(), false);
  return out;
}

void add_row(ExperimentTable& out, std::vector<Cell> row, const std::vector<double>& figures) {
  for (const double value : figures) row.push_back(Number{value, 4});
  out.table.add(std::move(row));
  out.computed_row.push_back(true);
}

void add_printed(ExperimentTable& out, const Setting& setting,
                 std::span<const char* const> topologies) {
  for (const bool mapped : {false, true}) {
    Figures mesh;
    for (const char* topology : topologies) {
      const auto surrogate = setting.with(topology);
      const Figures f = figures_of(*surrogate, surrogate->printed_design().value(), mapped);
      if (f.ppa.topology.mesh()) mesh = f;
      std::vector<Cell> row = setting.labels(*surrogate);
      row.emplace_back(f.ppa.level);
      row.emplace_back(Number{f.hops, 4});
      row.push_back(mapped ? Cell(Number{f.link_bytes / 1024, 4})
                           : Cell(Missing{"the closed form has no routes"}));
      add_row(out, std::move(row),
              {f.ppa.ceiling_noc, f.ppa.tok_s, f.ppa.power_mw / 1000, f.ppa.noc_mw / 1000,
               f.ppa.area_mm2, f.ppa.score, f.hops / mesh.hops,
               f.ppa.ceiling_noc / mesh.ppa.ceiling_noc, f.ppa.tok_s / mesh.ppa.tok_s,
               f.ppa.power_mw / mesh.ppa.power_mw, f.ppa.area_mm2 / mesh.ppa.area_mm2});
    }
  }
}

// The best of some searches, and the scores between which they ended.
struct Searched {
  Evaluation best;
  double worst_score = 0;
};

Searched search(const std::shared_ptr<const Surrogate>& surrogate, const ExperimentInputs& inputs) {
  const Problem problem(surrogate, parse_level(inputs.level));
  Searched out;
  for (std::int64_t seed = 0; seed < inputs.seeds; ++seed) {
    SearchOptions options;
    options.evaluations = std::min(inputs.episodes, kMostEpisodes);
    options.seed = inputs.seed + static_cast<std::uint64_t>(seed);
    options.threads = inputs.threads;
    const Evaluation found = run_search(problem, kSearcher, options).best;
    out.worst_score = seed == 0 ? found.score : std::max(out.worst_score, found.score);
    if (seed == 0 || better(found, out.best)) out.best = found;
  }
  return out;
}

void add_searched(ExperimentTable& out, const Setting& setting, const ExperimentInputs& inputs,
                  std::span<const char* const> topologies) {
  double mesh_score = 0;
  for (const char* topology : topologies) {
    const auto surrogate = setting.with(topology);
    const Searched s = search(surrogate, inputs);
    const ActionVector& d = s.best.design;
    const Figures f = figures_of(*surrogate, d, true);
    if (f.ppa.topology.mesh()) mesh_score = s.best.score;
    std::vector<Cell> row = setting.labels(*surrogate);
    row.emplace_back(std::string(s.best.feasible ? "yes" : "no"));
    add_row(out, std::move(row),
            {s.best.score, s.worst_score, s.best.score - mesh_score, s.best.tok_s,
             s.best.power_mw / 1000, s.best.area_mm2, f.ppa.ceiling_noc, f.hops,
             f.link_bytes / 1024, d[kMeshW], d[kMeshH], f.ppa.clock_mhz, d[kVlen], d[kDflit]});
  }
}

}  // namespace

std::vector<ExperimentTable> topology_tables(const ExperimentInputs& inputs) {
  const std::vector<Column> labels{
      {"Workload", ""}, {"Calibration", ""}, {"Node", ""}, {"Topology", ""}};
  auto of_printed = labels, of_searched = labels;
  of_printed.push_back({"Level", ""});
  of_searched.push_back({"Feasible", ""});
  ExperimentTable printed =
      empty_table("topology_printed", "The printed designs on other networks", of_printed,
                  {{"Mean hops", ""},
                   {"Busiest link", "KiB/unit"},
                   {"NoC ceiling", "1/s"},
                   {"Rate", "1/s"},
                   {"Power", "W"},
                   {"NoC power", "W"},
                   {"Area", "mm2"},
                   {"Score", ""},
                   {"Hops over mesh", "x"},
                   {"NoC ceiling over mesh", "x"},
                   {"Rate over mesh", "x"},
                   {"Power over mesh", "x"},
                   {"Area over mesh", "x"}});
  ExperimentTable searched =
      empty_table("topology_searched", "Designs that a search finds for each network", of_searched,
                  {{"Score", ""},
                   {"Worst score", ""},
                   {"Score less mesh's", ""},
                   {"Rate", "1/s"},
                   {"Power", "W"},
                   {"Area", "mm2"},
                   {"NoC ceiling", "1/s"},
                   {"Mean hops", ""},
                   {"Busiest link", "KiB/unit"},
                   {"W", "tiles"},
                   {"H", "tiles"},
                   {"Clock", "MHz"},
                   {"VLEN", "bit"},
                   {"DFLIT", "bit"}});
  std::vector<Calibration> calibrations{load_calibration(inputs.calibration)};
  if (inputs.physical->name != calibrations.front().name) calibrations.push_back(*inputs.physical);
  for (const Calibration& calibration : calibrations) {
    for (const Study* study : {&inputs.llama, &inputs.smolvlm}) {
      const std::span<const char* const> topologies =
          study->mode == Mode::kLowPower ? kSmall : kLarge;
      for (const char* node : kNodes) add_printed(printed, {*study, calibration, node}, topologies);
      add_searched(searched, {*study, calibration, kSearchedNode}, inputs, topologies);
    }
  }
  return {std::move(printed), std::move(searched)};
}

}  // namespace tilewright

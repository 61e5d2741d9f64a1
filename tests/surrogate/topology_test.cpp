// What a topology does to rate, power and area, by both calibrations and at both levels.
#include "arch/topology.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>

#include "frontend/frontend.h"
#include "models/models.h"
#include "nodes/calibration.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"
#include "support/random.h"
#include "surrogate/surrogate.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKinds[] = {"mesh", "torus", "ring", "hierarchical:cluster=4", "chiplets"};

std::shared_ptr<const Workload> llama() {
  static const auto workload = [] {
    const fs::path file =
        fs::temp_directory_path() / ("tilewright-topology-" + std::to_string(::getpid()) + ".onnx");
    write_file(file, build_model("llama-3.1-8b", 0));
    LoadOptions options;
    options.context = 2048;
    auto made = std::make_shared<const Workload>(make_workload(load_graph(file, options), options));
    fs::remove(file);
    return made;
  }();
  return workload;
}

Surrogate with(const std::string& calibration, const std::string& topology, bool mapped) {
  static std::map<std::string, Calibration> loaded;
  auto [at, fresh] = loaded.try_emplace(calibration);
  if (fresh) at->second = load_calibration(calibration, std::string(TILEWRIGHT_SOURCE_DIR));
  Overrides overrides;
  overrides.topology = parse_topology(topology);
  return {at->second,
          find_node(at->second, "7nm"),
          Mode::kHighPerformance,
          mapped ? llama() : nullptr,
          overrides,
          "llama-3.1-8b"};
}

TEST(TopologyPpa, TheBatchFormIsTheOther) {
  RandomStream random(1, "tests/surrogate/topology");
  for (const char* calibration : {"paper", "physical"}) {
    for (const char* kind : kKinds) {
      const Surrogate surrogate = with(calibration, kind, false);
      std::vector<ActionVector> designs(20);
      for (auto& design : designs) {
        ActionVector unit{};
        for (auto& u : unit) u = random.uniform();
        design = project(from_unit(unit, surrogate.box()), surrogate.box());
      }
      std::vector<L0Row> rows(designs.size());
      surrogate.evaluate_l0(designs, rows);
      for (std::size_t i = 0; i < designs.size(); ++i) {
        const Ppa ppa = surrogate.evaluate_l0(designs[i]);
        EXPECT_NEAR(rows[i].tok_s / ppa.tok_s, 1, 1e-9) << kind;
        EXPECT_NEAR(rows[i].power_mw / ppa.power_mw, 1, 1e-9) << kind;
        EXPECT_NEAR(rows[i].area_mm2 / ppa.area_mm2, 1, 1e-9) << kind;
        EXPECT_NEAR(rows[i].ceil_noc / ppa.ceiling_noc, 1, 1e-9) << kind;
      }
    }
  }
}

// Scores and budgets of topologies can be compared only where they are the same.
TEST(TopologyPpa, AllAreHeldAgainstTheMesh) {
  for (const char* calibration : {"paper", "physical"}) {
    const References mesh = with(calibration, "mesh", true).references();
    for (const char* kind : kKinds) {
      const References other = with(calibration, kind, true).references();
      EXPECT_EQ(other.tok_s, mesh.tok_s) << kind;
      EXPECT_EQ(other.power_budget_mw, mesh.power_budget_mw) << kind;
      EXPECT_EQ(other.area_mm2, mesh.area_mm2) << kind;
    }
  }
}

// Dies at least as wide as the mesh are one die: nothing may differ, at either level.
TEST(TopologyPpa, OneDieIsTheMesh) {
  for (const char* calibration : {"paper", "physical"}) {
    const Surrogate mesh = with(calibration, "mesh", true),
                    die = with(calibration, "chiplets:columns=64,width=0.1,latency=9", true);
    const ActionVector design = mesh.printed_design().value();
    for (const bool mapped : {false, true}) {
      Ppa a = mapped ? mesh.evaluate_l1(design) : mesh.evaluate_l0(design),
          b = mapped ? die.evaluate_l1(design) : die.evaluate_l0(design);
      EXPECT_EQ(a.topology, Topology{});
      EXPECT_FALSE(to_json(a).contains("topology"));
      EXPECT_TRUE(to_json(b).contains("topology"));
      a.factors.clear();
      b.factors.clear();
      b.topology = {};
      EXPECT_EQ(to_text(to_json(a)), to_text(to_json(b))) << calibration << mapped;
    }
  }
}

TEST(TopologyPpa, FactorsOfANetworkAreThereWhereTheyMatter) {
  const auto names = [](const char* calibration, const char* kind) {
    const Surrogate surrogate = with(calibration, kind, true);
    std::string text;
    for (const Factor& f : surrogate.evaluate_l1(*surrogate.printed_design()).factors)
      text += f.name + " ";
    return text;
  };
  EXPECT_EQ(names("physical", "mesh").find("wire"), std::string::npos);
  EXPECT_NE(names("physical", "torus").find("wire"), std::string::npos);
  EXPECT_EQ(names("physical", "torus").find("die_links"), std::string::npos);
  EXPECT_NE(names("physical", "chiplets").find("die_links"), std::string::npos);
  EXPECT_EQ(names("paper", "chiplets"), names("paper", "mesh"));
}

TEST(TopologyPpa, ThePaperKnowsHopsAndBandwidthAlone) {
  const Surrogate mesh = with("paper", "mesh", true);
  const ActionVector design = mesh.printed_design().value();
  const Ppa base = mesh.evaluate_l1(design);
  for (const char* kind : kKinds) {
    const Ppa ppa = with("paper", kind, true).evaluate_l1(design);
    // Another placement derives a few other tiles.
    EXPECT_NEAR(ppa.compute_mw / base.compute_mw, 1, 2e-3) << kind;
    EXPECT_NEAR(ppa.leak_mw / base.leak_mw, 1, 2e-3) << kind;
    EXPECT_NEAR(ppa.area_mm2 / base.area_mm2, 1, 2e-3) << kind;
  }
  const Ppa torus = with("paper", "torus", false).evaluate_l0(design),
            l0 = mesh.evaluate_l0(design), ring = with("paper", "ring", false).evaluate_l0(design),
            narrow = with("paper", "chiplets:columns=4,width=0.125", false).evaluate_l0(design);
  EXPECT_NEAR(torus.noc_mw / l0.noc_mw, 0.75, 1e-12);
  EXPECT_NEAR(torus.ceiling_noc / l0.ceiling_noc, 2, 1e-12);
  EXPECT_GT(torus.tok_s, l0.tok_s);
  EXPECT_LT(ring.tok_s, l0.tok_s);
  EXPECT_LT(narrow.ceiling_noc, l0.ceiling_noc / 6);
  EXPECT_EQ(narrow.area_mm2, l0.area_mm2);
  EXPECT_THROW(with("paper", "chiplets:energy=0.3", false), Error);
}

TEST(TopologyPpa, ATorusPaysForRoutersAndWires) {
  const Surrogate mesh = with("physical", "mesh", false), torus = with("physical", "torus", false);
  const ActionVector design = mesh.printed_design().value();
  const Ppa a = mesh.evaluate_l0(design), b = torus.evaluate_l0(design);
  // 160 gates a bit of DFLIT, seven tenths of them once more; .06 um2 a gate, .66 of it placed.
  const double tiles = design[kMeshW] * design[kMeshH];
  const double added = tiles * 0.7 * 160 * design[kDflit] * 0.06e-6 / 0.66 * 1.06;
  EXPECT_NEAR((b.area_mm2 - a.area_mm2) / added, 1, 1e-9);
  // Idle flip-flops twice; and 7 % of what is left moves.
  EXPECT_GT(b.noc_mw, 1.8 * a.noc_mw);
  EXPECT_GT(b.leak_mw, a.leak_mw);
}

TEST(TopologyPpa, ChipletsPayForWhatCrosses) {
  const Surrogate mesh = with("physical", "mesh", true),
                  dear = with("physical", "chiplets:columns=4,energy=0.5", true),
                  cheap = with("physical", "chiplets:columns=4,energy=0.25", true);
  ActionVector design = mesh.printed_design().value();
  Mapping mapping;
  const Ppa ppa = dear.evaluate_l1(design, &mapping), half = cheap.evaluate_l1(design),
            whole = mesh.evaluate_l1(design);
  const double cuts = std::ceil(design[kMeshW] / 4) - 1;
  EXPECT_EQ(ppa.physical->dies, cuts + 1);
  EXPECT_EQ(ppa.tok_s, half.tok_s);
  EXPECT_NEAR(half.physical->die_to_die_mw / ppa.physical->die_to_die_mw, 0.5, 1e-12);
  EXPECT_GT(mapping.traffic.die_bytes, 0);
  EXPECT_NEAR(ppa.physical->die_to_die_mw / (ppa.tok_s * 8 * mapping.traffic.die_bytes * 0.5e-9), 1,
              1e-9);
  // 32 of UCIe's figures: DFLIT times half at 570 MHz both ways on two dies, at 660 GB/s/mm2.
  const double links = cuts * design[kMeshH];
  const double phy = links * 0.5 * design[kDflit] / 8 * ppa.clock_mhz * 1e-3 * 4 / 660;
  EXPECT_NEAR((ppa.area_mm2 - whole.area_mm2) / phy, 1, 0.2);
  EXPECT_LT(ppa.ceiling_noc, whole.ceiling_noc);
  EXPECT_GT(ppa.physical->yield, whole.physical->yield);
}

// The ranking of L0 is that of L1, and neither is far from the other.
TEST(TopologyPpa, L0IsNearL1) {
  for (const char* kind : kKinds) {
    const Surrogate surrogate = with("physical", kind, true);
    const ActionVector first = surrogate.initial_design();
    const Ppa l0 = surrogate.evaluate_l0(first), l1 = surrogate.evaluate_l1(first);
    EXPECT_NEAR(l1.tok_s / l0.tok_s, 1, 0.25) << kind;
    EXPECT_NEAR(l1.power_mw / l0.power_mw, 1, 0.25) << kind;
    EXPECT_NEAR(l1.area_mm2 / l0.area_mm2, 1, 0.1) << kind;
  }
}

}  // namespace
}  // namespace tilewright

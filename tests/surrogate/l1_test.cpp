// L1 on the two printed workloads: equals L0 at the printed designs, and really counts.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>

#include "frontend/frontend.h"
#include "models/models.h"
#include "nodes/calibration.h"
#include "support/error.h"
#include "support/file.h"
#include "support/random.h"
#include "support/table.h"
#include "surrogate/surrogate.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;

std::shared_ptr<const Workload> builtin(const std::string& name, std::int64_t context) {
  static std::map<std::string, std::shared_ptr<const Workload>> cache;
  auto& workload = cache[name];
  if (workload == nullptr) {
    const fs::path file = fs::temp_directory_path() /
                          ("tilewright-l1-" + std::to_string(::getpid()) + "-" + name + ".onnx");
    write_file(file, build_model(name, 0));
    LoadOptions options;
    options.context = context;
    workload = std::make_shared<Workload>(make_workload(load_graph(file, options), options));
    fs::remove(file);
  }
  return workload;
}

struct PrintedCase {
  std::string workload;
  Mode mode;
  std::int64_t context;
};
const PrintedCase kCases[] = {{"llama-3.1-8b", Mode::kHighPerformance, 2048},
                              {"smolvlm-256m", Mode::kLowPower, 256}};

class L1 : public testing::Test {
 protected:
  Surrogate make(const NodeEntry& entry, const PrintedCase& c) const {
    return Surrogate(calibration_, entry, c.mode, builtin(c.workload, c.context));
  }
  template <typename F>
  void each_printed(F f) const {
    for (const auto& entry : calibration_.nodes) {
      for (const auto& c : kCases) {
        SCOPED_TRACE(entry.node.name() + " " + c.workload);
        const auto surrogate = make(entry, c);
        f(entry, c, surrogate, *surrogate.printed_design());
      }
    }
  }
  Calibration calibration_ = load_calibration("paper", std::string(TILEWRIGHT_SOURCE_DIR));
};

TEST_F(L1, StoredConstantsAreTheOnesThatTheProgramComputes) {
  each_printed([&](const NodeEntry& entry, const PrintedCase& c, const Surrogate& surrogate,
                   const ActionVector&) {
    const auto computed = surrogate.l1_factors_at_printed();
    const auto& stored = entry.l1.at(c.mode);
    ASSERT_EQ(computed.size(), stored.size());
    for (const auto& [name, value] : computed)
      EXPECT_NEAR(stored.at(name), value, 1e-9 * std::fabs(value)) << name;
  });
}

TEST_F(L1, EqualsL0AtThePrintedDesigns) {
  each_printed([&](const NodeEntry&, const PrintedCase&, const Surrogate& surrogate,
                   const ActionVector& design) {
    const auto l0 = surrogate.evaluate_l0(design), l1 = surrogate.evaluate_l1(design);
    EXPECT_NEAR(l1.tok_s, l0.tok_s, 1e-9 * l0.tok_s);
    EXPECT_NEAR(l1.power_mw, l0.power_mw, 1e-9 * l0.power_mw);
    EXPECT_NEAR(l1.area_mm2, l0.area_mm2, 1e-9 * l0.area_mm2);
    EXPECT_TRUE(l1.feasible);
  });
}

// Tables 11, 12 and 19 within the bounds of surrogate.md section 10.
double bound(double got, double printed) {
  return std::fabs(got / printed - 1);
}

std::vector<std::vector<std::string>> printed_table(const std::string& name) {
  return parse_csv(read_file(std::string(TILEWRIGHT_SOURCE_DIR) + "/paper/printed/" + name), name);
}

TEST_F(L1, Tables11And12) {
  const auto ppa = printed_table("table11_ppa_by_node.csv"),
             parts = printed_table("table12_power_breakdown.csv");
  for (std::size_t i = 0; i < calibration_.nodes.size(); ++i) {
    const auto surrogate = make(calibration_.nodes[i], kCases[0]);
    const auto p = surrogate.evaluate_l1(*surrogate.printed_design());
    SCOPED_TRACE(ppa[i + 1][0]);
    EXPECT_LE(bound(p.tok_s, parse_number(ppa[i + 1][8], "tok/s")), 0.01);
    EXPECT_LE(bound(p.power_mw, parse_number(ppa[i + 1][4], "power")), 0.01);
    EXPECT_LE(bound(p.area_mm2, parse_number(ppa[i + 1][6], "area")), 0.025);
    const std::vector<double> got = {p.compute_mw, p.sram_mw, p.rom_mw, p.noc_mw, p.leak_mw};
    for (std::size_t k = 0; k < got.size(); ++k) {
      const bool noc_at_28 = k == 3 && ppa[i + 1][0] == "28nm";
      EXPECT_LE(bound(got[k], parse_number(parts[i + 1][2 + k], "part")), noc_at_28 ? 0.07 : 0.02)
          << parts[0][2 + k];
    }
  }
}

TEST_F(L1, Table19) {
  const auto table = printed_table("table19_smolvlm_low_power.csv");
  for (std::size_t i = 0; i < calibration_.nodes.size(); ++i) {
    const auto surrogate = make(calibration_.nodes[i], kCases[1]);
    const auto p = surrogate.evaluate_l1(*surrogate.printed_design());
    SCOPED_TRACE(table[i + 1][0]);
    EXPECT_LE(bound(p.power_mw, parse_number(table[i + 1][3], "power")), 0.11);
    EXPECT_LE(bound(p.area_mm2, parse_number(table[i + 1][4], "area")), 0.03);
    EXPECT_LE(bound(p.tok_s, parse_number(table[i + 1][5], "tok/s")), 0.03);
  }
}

TEST_F(L1, AWorsePlacementOnTheSameTilesIsSlower) {
  each_printed([&](const NodeEntry& entry, const PrintedCase& c, const Surrogate& surrogate,
                   const ActionVector& design) {
    Mapping mapping;
    const double best = surrogate.evaluate_l1(design, &mapping).tok_s;
    const auto tiles = mapping.tiles;
    const auto slower = [&](PlacementPolicy policy) {
      auto request = surrogate.map_request(design);
      request.policy = policy;
      request.fixed_tiles = &tiles;
      return best / surrogate.evaluate_l1(request, nullptr).tok_s;
    };
    const double round_robin = slower(PlacementPolicy::kRoundRobin);
    const double permuted = slower(PlacementPolicy::kRandomPermutation);
    const double quarter = slower(PlacementPolicy::kQuarter);
    std::printf(
        "%-5s %-13s tok/s lost: round-robin %.3f, random permutation %.3f, a quarter of the tiles "
        "%.3f\n",
        entry.node.name().c_str(), c.workload.c_str(), round_robin, permuted, quarter);
    EXPECT_GT(round_robin, 1.02);
    EXPECT_GT(permuted, 1.02);
    EXPECT_GT(quarter, 2);
  });
}

TEST_F(L1, TenPercentMoreWorkOnOneTileMovesIt) {
  each_printed([&](const NodeEntry&, const PrintedCase&, const Surrogate& surrogate,
                   const ActionVector& design) {
    Mapping mapping;
    const double before = surrogate.evaluate_l1(design, &mapping).tok_s;
    mapping.loads[mapping.loads.size() / 2].work *= 1.1;
    remeasure(mapping);
    EXPECT_LT(surrogate.judge(design, mapping).tok_s, before * (1 - 1e-7));
  });
}

// What `compile` prints as the cost of clustering: score of the clustered tiles minus score of the
// derived ones, both judged as given tiles.
TEST_F(L1, ClusteringCostsScoreWhereThereAreMoreThanSixteenConfigurations) {
  const auto surrogate = make(calibration_.nodes.front(), kCases[0]);
  RandomStream random(23, "tests/surrogate/clustering");
  constexpr int kDesigns = 60;
  int over = 0, moved = 0;
  double most = 0;
  for (int i = 0; i < kDesigns; ++i) {
    ActionVector unit{};
    for (auto& u : unit) u = random.uniform();
    const auto design = project(from_unit(unit, surrogate.box()), surrogate.box());
    Mapping mapping, scratch;
    const double score = surrogate.evaluate_l1(design, &mapping).score;
    auto request = surrogate.map_request(design);
    request.fixed_tiles = &mapping.tiles;
    const double clustered = surrogate.evaluate_l1(request, &scratch).score;
    EXPECT_NEAR(clustered, score, 1e-9 * score);
    EXPECT_EQ(scratch.logic_configs, mapping.logic_configs);
    request.fixed_tiles = &mapping.unclustered;
    const double cost = clustered - surrogate.evaluate_l1(request, &scratch).score;
    EXPECT_EQ(scratch.logic_configs, mapping.logic_configs_before);
    if (mapping.logic_configs_before <= kMaxLogicConfigs) {
      EXPECT_EQ(mapping.tiles, mapping.unclustered);
      EXPECT_EQ(cost, 0);
      continue;
    }
    ++over;
    moved += cost != 0;
    most = std::max(most, std::fabs(cost));
  }
  std::printf("%d of %d random designs need clustering; it moves the score by up to %.5f\n", over,
              kDesigns, most);
  EXPECT_GT(over, kDesigns / 4);
  EXPECT_EQ(moved, over);
  EXPECT_LT(most, 0.02);
}

TEST_F(L1, AnotherGraphMovesIt) {
  // The same design and node, the other workload's operators: every counted factor may move, and
  // the rate must.
  const auto& entry = calibration_.nodes.front();
  const auto llama = make(entry, kCases[0]);
  const auto design = *llama.printed_design();
  Mapping own, other;
  llama.evaluate_l1(design, &own);
  const Mapper mapper(*builtin("smolvlm-256m", 256));
  mapper.map(llama.map_request(design), other);
  EXPECT_GT(std::fabs(llama.judge(design, other).tok_s / llama.judge(design, own).tok_s - 1), 0.01);
}

TEST_F(L1, DoublingTheLayersHalvesTheRate) {
  const auto& entry = calibration_.nodes[2];
  const auto make_layers = [&](int layers) {
    DecoderShape shape;
    shape.layers = layers;
    shape.hidden = 1024;
    shape.heads = 16;
    shape.kv_heads = 4;
    shape.ffn = 2816;
    shape.vocabulary = 1024;
    shape.external_weights = true;
    const fs::path file =
        fs::temp_directory_path() / ("tilewright-layers-" + std::to_string(::getpid()) + ".onnx");
    write_file(file, build_decoder(shape, 0));
    const LoadOptions options;
    auto workload = std::make_shared<Workload>(make_workload(load_graph(file, options), options));
    fs::remove(file);
    return Surrogate(calibration_, entry, Mode::kHighPerformance, workload);
  };
  const auto small = make_layers(12), large = make_layers(24);
  const auto design = project(small.initial_design(), small.box());
  const double ratio = small.evaluate_l1(design).tok_s / large.evaluate_l1(design).tok_s;
  std::printf("doubling the layers divides tok/s by %.3f\n", ratio);
  EXPECT_GT(ratio, 1.8);
  EXPECT_LT(ratio, 2.2);
}

TEST_F(L1, FactorsAreReportedBesideTheirConstants) {
  const auto surrogate = make(calibration_.nodes.front(), kCases[0]);
  const auto ppa = surrogate.evaluate_l1(*surrogate.printed_design());
  ASSERT_EQ(ppa.factors.size(), 22u);
  for (const auto& f : ppa.factors) {
    EXPECT_NEAR(f.value, f.counted / f.constant, 1e-12 * std::fabs(f.value)) << f.name;
    EXPECT_NEAR(f.value, f.guessed, 1e-9 * std::fabs(f.guessed))
        << f.name;  // at the printed design
  }
}

// Mixed formats lie between the uniform ones, and rules that say the same everywhere are none.
TEST(PhysicalL1, SomeWeightsInOtherFormats) {
  const Calibration physical = load_calibration("physical", std::string(TILEWRIGHT_SOURCE_DIR));
  const auto plain = builtin(kCases[0].workload, kCases[0].context);
  const auto judge = [&](const std::string& text, bool mapped) {
    Overrides overrides;
    overrides.weights = parse_weight_formats(text);
    const auto workload =
        std::make_shared<const Workload>(with_weights(*plain, *overrides.weights));
    const Surrogate surrogate(physical, find_node(physical, "7nm"), kCases[0].mode, workload,
                              overrides);
    const ActionVector design = surrogate.printed_design().value();
    return mapped ? surrogate.evaluate_l1(design) : surrogate.evaluate_l0(design);
  };
  for (const bool mapped : {false, true}) {
    SCOPED_TRACE(mapped);
    const Ppa int4 = judge("int4", mapped), fp16 = judge("fp16", mapped),
              same = judge("int4,*=fp16", mapped), mixed = judge("int4,*mlp*=fp16", mapped);
    for (const auto figure : {&Ppa::tok_s, &Ppa::power_mw, &Ppa::area_mm2, &Ppa::rom_mm2}) {
      EXPECT_NEAR(same.*figure / (fp16.*figure), 1, 1e-9);
      EXPECT_GT((mixed.*figure - int4.*figure) * (fp16.*figure - mixed.*figure), 0);
    }
    // The feed-forward part's share of the weights of products.
    const double share = (mixed.rom_mm2 - int4.rom_mm2) / (fp16.rom_mm2 - int4.rom_mm2);
    EXPECT_NEAR(share, 5.64e9 / 7.505e9, 0.03);
  }
  EXPECT_THROW(with_weights(*plain, parse_weight_formats("int4,nothing=fp16")), Error);
  EXPECT_THROW(parse_weight_formats("int5"), Error);
  Overrides rules;
  rules.weights = parse_weight_formats("int4,*=fp16");
  EXPECT_THROW(Surrogate(physical, find_node(physical, "7nm"), kCases[0].mode, nullptr, rules,
                         kCases[0].workload),
               Error);
}

// What multiplies integers takes half of a lane, and less energy, without being asked.
TEST(PhysicalL1, IntegerOperatorsTakeEightBits) {
  const Calibration physical = load_calibration("physical", std::string(TILEWRIGHT_SOURCE_DIR));
  Workload integers = *builtin("convnet-tiny", 2048);
  const auto judge = [&](const Workload& workload) {
    const Surrogate surrogate(physical, find_node(physical, "7nm"), Mode::kHighPerformance,
                              std::make_shared<const Workload>(workload));
    ActionVector design = surrogate.initial_design();
    design[kMeshW] = design[kMeshH] = 2;
    design[kVlen] = 512;
    return surrogate.evaluate_l0(design);
  };
  const Ppa floats = judge(integers);
  for (WorkOp& op : integers.ops) {
    if (op.type == "Conv") op.type = "QLinearConv";
    if (op.type == "Gemm" || op.type == "MatMul") op.type = "QLinearMatMul";
  }
  const Ppa bytes = judge(integers);
  EXPECT_NEAR(bytes.ceiling_compute / floats.ceiling_compute, 2, 0.3);
  EXPECT_LT(bytes.physical->mac_mw / bytes.tok_s, 0.6 * floats.physical->mac_mw / floats.tok_s);
}

// Under the physical calibration every search begins at a legal design, in every format of weights;
// the mapped figures lie near the closed form's, and no constant stands between them.
TEST(PhysicalL1, BeginsLegallyAndNearL0) {
  const Calibration physical = load_calibration("physical", std::string(TILEWRIGHT_SOURCE_DIR));
  for (const char* node : {"3nm", "7nm", "16nm", "28nm"}) {
    for (const PrintedCase& c : kCases) {
      for (const auto format : {WeightFormat::kFp16, WeightFormat::kInt4}) {
        SCOPED_TRACE(std::string(node) + " " + c.workload);
        Overrides overrides;
        overrides.weights = format;
        const auto workload =
            std::make_shared<const Workload>(with_weights(*builtin(c.workload, c.context), format));
        const Surrogate surrogate(physical, find_node(physical, node), c.mode, workload, overrides);
        const ActionVector first = surrogate.initial_design();
        const Ppa l0 = surrogate.evaluate_l0(first), l1 = surrogate.evaluate_l1(first);
        EXPECT_TRUE(l1.feasible) << l1.violation;
        EXPECT_NEAR(l1.tok_s / l0.tok_s, 1, 0.25);
        EXPECT_NEAR(l1.power_mw / l0.power_mw, 1, 0.25);
        EXPECT_NEAR(l1.area_mm2 / l0.area_mm2, 1, 0.1);
        EXPECT_GE(l1.physical->kv_tokens, surrogate.context());
        for (const Factor& f : l1.factors) EXPECT_EQ(f.constant, 1) << f.name;
      }
    }
  }
}

}  // namespace
}  // namespace tilewright

// A mixture of experts: all experts cost ROM, the chosen ones are read, and a batch shares what its
// sequences choose alike.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <set>

#include "frontend/frontend.h"
#include "models/models.h"
#include "nodes/calibration.h"
#include "support/file.h"
#include "surrogate/surrogate.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;

Workload mixtral() {
  const fs::path file =
      fs::temp_directory_path() / ("tilewright-experts-" + std::to_string(::getpid()) + ".onnx");
  write_file(file, build_model("mixtral-tiny", 0));
  Workload workload = make_workload(load_graph(file, {}), {});
  fs::remove(file);
  return workload;
}

// The same weights, all of them multiplied and read.
Workload dense(Workload workload) {
  for (WorkOp& op : workload.ops) {
    if (op.experts == 0) continue;
    const auto more = static_cast<double>(op.experts) / static_cast<double>(op.chosen);
    workload.totals.flops_per_unit += (more - 1) * op.flops;
    op.groups = op.experts;
    op.tensor_elements *= more;
    op.flops *= more;
    op.experts = op.chosen = 0;
  }
  return workload;
}

// Weights of products that a token reads: `routed` of them those of its experts.
struct Reads {
  double all = 0, routed = 0, stored = 0;
};
Reads reads_of(const Workload& workload) {
  Reads reads;
  for (const WorkOp& op : workload.ops) {
    if (op.groups <= 0 || op.weight_count <= 0) continue;
    const auto own = static_cast<double>(op.groups * op.k * op.m);
    reads.all += own;
    reads.routed += op.experts > 0 ? own : 0;
    reads.stored += static_cast<double>(op.experts > 0 ? op.weight_count : 0);
  }
  return reads;
}

Ppa judge(const std::string& calibration, const Workload& workload, double batch) {
  const Calibration constants = load_calibration(calibration, std::string(TILEWRIGHT_SOURCE_DIR));
  Overrides overrides;
  overrides.batch = batch;
  const Surrogate surrogate(constants, find_node(constants, "7nm"), Mode::kHighPerformance,
                            std::make_shared<const Workload>(workload), overrides);
  ActionVector design = surrogate.initial_design();
  design[kMeshW] = design[kMeshH] = 4;
  return surrogate.evaluate_l0(design);
}

// Mean number of different experts that `batch` sequences choose, each 2 of 8: every case counted.
double distinct(int batch) {
  std::vector<std::set<int>> pairs;
  for (int a = 0; a < 8; ++a) {
    for (int b = 0; b < a; ++b) pairs.push_back({a, b});
  }
  double cases = 0, sum = 0;
  const std::function<void(int, const std::set<int>&)> choose = [&](int left,
                                                                    const std::set<int>& seen) {
    if (left == 0) {
      cases += 1;
      sum += static_cast<double>(seen.size());
      return;
    }
    for (const auto& pair : pairs) {
      std::set<int> more = seen;
      more.insert(pair.begin(), pair.end());
      choose(left - 1, more);
    }
  };
  choose(batch, {});
  return sum / cases;
}

TEST(Experts, RomHoldsAllAndATokenReadsTheChosen) {
  const Workload chosen = mixtral(), all = dense(chosen);
  const Reads few = reads_of(chosen), many = reads_of(all);
  EXPECT_EQ(4 * few.routed, few.stored);
  EXPECT_EQ(many.all - few.all, 3 * few.routed);
  const Ppa sparse = judge("physical", chosen, 1), full = judge("physical", all, 1);
  EXPECT_EQ(sparse.rom_mm2, full.rom_mm2);
  EXPECT_NEAR(sparse.rom_mw / sparse.tok_s / (full.rom_mw / full.tok_s), few.all / many.all, 1e-9);
  EXPECT_NEAR(full.ceiling_memory / sparse.ceiling_memory, few.all / many.all, 1e-9);
  // Longer products wait less for the mesh.
  const double waits = full.physical->utilisation / sparse.physical->utilisation;
  EXPECT_NEAR(full.ceiling_compute / sparse.ceiling_compute,
              waits * chosen.totals.flops_per_unit / all.totals.flops_per_unit, 1e-9);
}

TEST(Experts, ABatchSharesWhatItsSequencesChooseAlike) {
  const Workload workload = mixtral();
  const Reads reads = reads_of(workload);
  const Ppa one = judge("physical", workload, 1);
  for (const int batch : {2, 3}) {
    const Ppa ppa = judge("physical", workload, batch);
    const double of_batch = reads.all - reads.routed + reads.routed / 2 * distinct(batch);
    EXPECT_NEAR(ppa.ceiling_memory / one.ceiling_memory, batch * reads.all / of_batch, 1e-9);
  }
}

TEST(Experts, TheMeanFieldReadsTheChosenToo) {
  const Workload chosen = mixtral(), all = dense(chosen);
  const auto bytes = static_cast<double>(chosen.totals.weight_bytes);
  const double routed = 2 * reads_of(chosen).stored;
  for (const int batch : {1, 3}) {
    const Ppa sparse = judge("paper", chosen, batch), full = judge("paper", all, batch);
    EXPECT_EQ(sparse.rom_mm2, full.rom_mm2);
    EXPECT_NEAR(sparse.rom_mw / sparse.tok_s / (full.rom_mw / full.tok_s),
                1 - routed / bytes * (1 - distinct(batch) / 8), 1e-9);
  }
}

}  // namespace
}  // namespace tilewright

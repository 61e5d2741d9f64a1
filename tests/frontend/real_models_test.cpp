// Real models and the ONNX conformance suite; needs TILEWRIGHT_DATA.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "data_archive.h"
#include "independent_count.h"
#include "onnx_writer.h"
#include "support/error.h"

namespace tilewright::testing {
namespace {

namespace fs = std::filesystem;

onnx::ModelProto parse(const fs::path& file) {
  onnx::ModelProto model;
  std::ifstream in(file, std::ios::binary);
  EXPECT_TRUE(model.ParseFromIstream(&in)) << file;
  return model;
}

struct Tally {
  int counted = 0, refused = 0;
};

Tally count_all(const DataArchive& archive) {
  Tally tally;
  for (const fs::path& file : archive.models()) {
    const std::string name = file.lexically_relative(archive.path()).string();
    try {
      const Workload workload = make_workload(load_graph(file, {}), {});
      std::printf("%-55s %5lld ops %12lld params %12.5g FLOPs a %s\n", name.c_str(),
                  static_cast<long long>(workload.totals.operators),
                  static_cast<long long>(workload.totals.parameters),
                  workload.totals.flops_per_unit, workload.unit.c_str());
      ++tally.counted;
    } catch (const Error& error) {
      std::printf("%-55s refused: %s\n", name.c_str(), error.what());
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
      ++tally.refused;
    }
  }
  return tally;
}

TEST(RealModels, AtLeast24Of28AreCountedAndTheOthersRefusedInOneLine) {
  const DataArchive archive("onnx_models.tar.xz");
  if (!archive.ok()) {
    GTEST_SKIP() << "TILEWRIGHT_DATA does not lead to the data";
  }
  const Tally tally = count_all(archive);
  EXPECT_EQ(tally.counted + tally.refused, 28);
  EXPECT_GE(tally.counted, 24);
}

TEST(RealModels, AllLightNetworksAreCounted) {
  const DataArchive archive("onnx_light_models.tar.xz");
  if (!archive.ok()) {
    GTEST_SKIP() << "TILEWRIGHT_DATA does not lead to the data";
  }
  EXPECT_EQ(count_all(archive).counted, 5);
}

// Parameters of every model we count equal those that the official classes see, and tensor work
// equals the textbook count wherever the official shape inference knows all shapes.
TEST(RealModels, AgreeWithTheIndependentCounter) {
  const DataArchive archive("onnx_models.tar.xz");
  if (!archive.ok()) {
    GTEST_SKIP() << "TILEWRIGHT_DATA does not lead to the data";
  }
  const std::set<std::string> plain = {"Conv", "ConvTranspose", "MatMul", "Gemm"};
  int compared = 0;
  for (const fs::path& file : archive.models()) {
    Workload workload;
    try {
      workload = make_workload(load_graph(file, {}), {});
    } catch (const Error&) {
      continue;
    }
    const IndependentCount expected = count_independently(parse(file));
    EXPECT_EQ(workload.totals.parameters, expected.parameters) << file;
    EXPECT_EQ(workload.totals.weight_tensors, expected.weight_tensors) << file;
    EXPECT_EQ(workload.totals.weight_bytes, expected.weight_bytes) << file;
    if (!expected.complete || workload.unit != "inference") {
      continue;
    }
    double flops = 0;
    for (const WorkOp& op : workload.ops) {
      flops += plain.contains(op.type) ? op.flops : 0;
    }
    EXPECT_EQ(flops, expected.tensor_flops) << file;
    ++compared;
  }
  std::printf("tensor work compared on %d models\n", compared);
  EXPECT_GE(compared, 10);
}

// Every conformance model declares the shapes of its outputs: ours must agree.
TEST(Conformance, InferredShapesAreTheDeclaredOnes) {
  const DataArchive archive("onnx_conformance.tar.xz");
  if (!archive.ok()) {
    GTEST_SKIP() << "TILEWRIGHT_DATA does not lead to the data";
  }
  // The shape depends on data: ours is the largest possible.
  const std::set<std::string> bounds = {"NonZero", "Compress", "Unique", "NonMaxSuppression"};
  int agreed = 0, refused = 0, unknown = 0;
  std::map<std::string, int> why;
  for (const fs::path& file : archive.models()) {
    onnx::ModelProto model = parse(file);
    std::vector<onnx::ValueInfoProto> declared(model.graph().output().begin(),
                                               model.graph().output().end());
    // Without the declarations, which the loader would fall back on.
    for (auto& output : *model.mutable_graph()->mutable_output()) {
      output.mutable_type()->mutable_tensor_type()->clear_shape();
    }
    model.mutable_graph()->clear_value_info();
    const std::string name = file.parent_path().filename().string();
    try {
      const Graph graph = load_bytes(model.SerializeAsString());
      for (std::size_t i = 0; i < declared.size(); ++i) {
        const Tensor& ours = graph.tensors[static_cast<std::size_t>(graph.outputs[i])];
        const auto& shape = declared[i].type().tensor_type().shape();
        const bool fixed = std::all_of(shape.dim().begin(), shape.dim().end(),
                                       [](const auto& d) { return d.has_dim_value(); });
        if (!declared[i].type().tensor_type().has_shape() || !fixed) {
          continue;
        }
        if (!ours.has_shape) {
          ++unknown;
          continue;
        }
        Dims theirs;
        for (const auto& dim : shape.dim()) {
          theirs.push_back(dim.dim_value());
        }
        const bool bound = std::any_of(graph.nodes.begin(), graph.nodes.end(),
                                       [&](const Node& n) { return bounds.contains(n.type); });
        if (!bound) {
          EXPECT_EQ(ours.shape, theirs) << name << " output " << i;
        }
        ++agreed;
      }
    } catch (const Error& error) {
      ++refused;
      ++why[error.id()];
      std::printf("refused %s: %s\n", name.c_str(), error.what());
    }
  }
  std::printf("%d output shapes agree, %d depend on data, %d models refused\n", agreed, unknown,
              refused);
  EXPECT_GT(agreed, 800);
  EXPECT_LT(refused, 40);
}

}  // namespace
}  // namespace tilewright::testing

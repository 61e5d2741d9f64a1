// Weight images against bytes that the test itself cut up.
#include <gtest/gtest.h>

#include "codegen/weight_images.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"
#include "support/random.h"
#include "support/scratch.h"
#include "synthetic.h"
#include "verify/verify.h"

namespace tilewright {
namespace {
namespace fs = std::filesystem;

// Two fp16 tensors and one of 4-bit elements in one external file, and a plan over a 2 x 1 mesh.
struct Model {
  ScratchFolder folder;
  std::string bytes;
  Graph graph;
  Workload workload;
  std::vector<WeightSlice> plan;
  Design design = synthetic_design(2, 1, {64, 1, 1}, {{1, 128, 16, 1}}, 1, 1);

  Model() {
    RandomStream random(3, "weights");
    for (int i = 0; i < 2 * 100 + 2 * 60 + 11; ++i) {
      bytes += static_cast<char>(random.below(256));
    }
    write_file(folder.path() / "model.data", bytes);
    write_file(folder.path() / "model.onnx", "not read");
    graph.file = folder.path() / "model.onnx";
    add("a", DType::kFloat16, 100, 0);
    add("b", DType::kFloat16, 60, 200);
    add("c", DType::kInt4, 21, 320);
    plan = {{0, 0, 0, 40}, {2, 0, 0, 7}, {0, 1, 40, 100}, {1, 1, 0, 60}, {2, 1, 7, 21}};
  }

  void add(const std::string& name, DType type, std::int64_t count, std::int64_t offset) {
    Tensor tensor;
    tensor.name = name;
    tensor.type = type;
    tensor.has_shape = true;
    tensor.shape = {count};
    tensor.is_weight = true;
    tensor.location.kind = WeightLocation::Kind::kExternal;
    tensor.location.file = folder.path() / "model.data";
    tensor.location.offset = offset;
    tensor.location.bytes = dtype_bytes(type, count);
    graph.tensors.push_back(tensor);
    workload.weights.push_back({name, 0, tensor.location.bytes, count, dtype_name(type)});
  }
};

TEST(Weights, ImagesHoldTheSlicesInPlanOrder) {
  const Model model;
  const ScratchFolder out;
  const WeightImages images =
      write_weight_images(model.graph, model.workload, model.plan, model.design, out.path());
  EXPECT_EQ(images.bytes, 331);
  EXPECT_EQ(read_file(out.path() / "weights/tile_00_00.bin"),
            model.bytes.substr(0, 80) + model.bytes.substr(320, 4));
  EXPECT_EQ(
      read_file(out.path() / "weights/tile_01_00.bin"),
      model.bytes.substr(80, 120) + model.bytes.substr(200, 120) + model.bytes.substr(324, 7));
  const auto results = run_gates(out.path(), 0);
  EXPECT_TRUE(results.at(1).passed) << results.at(1).detail;
}

TEST(Weights, HexRowsReadBackToTheImage) {
  const Model model;
  const ScratchFolder out;
  write_weight_images(model.graph, model.workload, model.plan, model.design, out.path());
  const std::string image = read_file(out.path() / "weights/tile_01_00.bin");
  std::istringstream rows(read_file(out.path() / "weights/tile_01_00.hex"));
  std::string back;
  for (std::string row; std::getline(rows, row);) {
    ASSERT_EQ(row.size(), 32U) << "128 bits";
    for (std::size_t i = 16; i-- > 0;) {
      back += static_cast<char>(std::stoi(row.substr(2 * i, 2), nullptr, 16));
    }
  }
  ASSERT_GE(back.size(), image.size());
  EXPECT_EQ(back.substr(0, image.size()), image);
  EXPECT_EQ(back.find_first_not_of('\0', image.size()), std::string::npos);
}

TEST(Weights, AbsentWeightsAreSaidNotWritten) {
  Model model;
  fs::remove(model.folder.path() / "model.data");
  const ScratchFolder out;
  const WeightImages images =
      write_weight_images(model.graph, model.workload, model.plan, model.design, out.path());
  EXPECT_EQ(images.missing, "3 of 3 weight tensors are not stored with the model");
  EXPECT_TRUE(images.files.empty());
  EXPECT_FALSE(fs::exists(out.path() / "weights"));
}

TEST(Weights, APlanThatLosesOrDoublesElementsIsRefused) {
  Model model;
  const ScratchFolder out;
  const auto write = [&] {
    write_weight_images(model.graph, model.workload, model.plan, model.design, out.path());
  };
  model.plan[2].begin = 41;
  EXPECT_THROW(write(), Error) << "gap";
  model.plan[2].begin = 39;
  EXPECT_THROW(write(), Error) << "overlap";
  model.plan[2] = {0, 1, 40, 99};
  EXPECT_THROW(write(), Error) << "short";
  model.plan[2] = {0, 5, 40, 100};
  EXPECT_THROW(write(), Error) << "no such tile";
}

TEST(Weights, ATileThatIsTooSmallIsRefused) {
  Model model;
  model.design.tiles[1].wmem_kib = 0;
  const ScratchFolder out;
  EXPECT_THROW(
      write_weight_images(model.graph, model.workload, model.plan, model.design, out.path()),
      Error);
}

}  // namespace
}  // namespace tilewright

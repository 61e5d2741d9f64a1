#include <gtest/gtest.h>

#include "../error_id.h"
#include "frontend/interpret/tensor_file.h"
#include "onnx_writer.h"
#include "support/archive.h"

namespace tilewright::testing {
namespace {

Value counted(DType type, const Shape& shape) {
  Value value = make_value(DType::kInt64, shape, Precision::kDeclared);
  auto& x = std::get<std::vector<std::int64_t>>(value.elements);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<std::int64_t>(i % 2);
  return converted(value, type, Precision::kDeclared);
}

TEST(TensorFile, NumPyRoundTrip) {
  for (const DType type : {DType::kFloat16, DType::kFloat32, DType::kFloat64, DType::kInt8,
                           DType::kInt64, DType::kUint16, DType::kUint64, DType::kBool}) {
    for (const Shape& shape : {Shape{}, Shape{5}, Shape{2, 3}, Shape{2, 0, 3}}) {
      const Value value = counted(type, shape);
      const Value back = tensor_of_npy(npy_of_tensor(value), "test");
      EXPECT_EQ(back.type, type);
      EXPECT_EQ(back.shape, shape);
      EXPECT_EQ(back.elements, value.elements);
    }
  }
  EXPECT_EQ(npy_of_tensor(counted(DType::kFloat32, {5})).size() % 64, 20U);  // data begin aligned
}

TEST(TensorFile, SeveralUnderNames) {
  const TemporaryFolder folder;
  const std::vector<NamedValue> values = {{"x", counted(DType::kFloat32, {2, 3})},
                                          {"y", counted(DType::kInt64, {4})}};
  const auto file = folder.write("t.npz", npz_of_tensors(values));
  const std::vector<NamedValue> back = read_tensor_file(file);
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(back[1].name, "y");
  EXPECT_EQ(back[0].value.elements, values[0].value.elements);
  EXPECT_EQ(npz_of_tensors(values), npz_of_tensors(values));
}

TEST(TensorFile, TensorProto) {
  onnx::TensorProto proto;
  proto.set_name("t");
  proto.set_data_type(onnx::TensorProto::FLOAT);
  proto.add_dims(3);
  for (const float x : {1.5F, -2.F, 0.F}) proto.add_float_data(x);
  const NamedValue read = tensor_of_proto(proto.SerializeAsString(), "test");
  EXPECT_EQ(read.name, "t");
  EXPECT_EQ(as_reals(read.value), (std::vector<double>{1.5, -2, 0}));
}

TEST(TensorFile, ColumnsFirst) {
  std::string bytes = npy_of_tensor(counted(DType::kInt64, {2, 3}));
  const std::size_t at = bytes.find("False");
  bytes.replace(at, 5, "True ");
  // 0 1 0 1 0 1 read down the columns.
  EXPECT_EQ(as_ints(tensor_of_npy(bytes, "test")), (std::vector<std::int64_t>{0, 0, 0, 1, 1, 1}));
}

TEST(TensorFile, HostileBytes) {
  const std::string good = npy_of_tensor(counted(DType::kFloat32, {2, 3}));
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_NE(id_of([&] { tensor_of_npy(good.substr(0, length), "test"); }), "") << length;
  }
  std::string large = good;
  large.replace(large.find("(2, 3)"), 6, "(99999999999999999,)");
  EXPECT_NE(id_of([&] { tensor_of_npy(large, "test"); }), "");
  std::string object = good;
  object.replace(object.find("<f4"), 3, "|O8");
  EXPECT_EQ(id_of([&] { tensor_of_npy(object, "test"); }), "TW-RUN-009");
  const TemporaryFolder folder;
  EXPECT_EQ(id_of([&] { read_tensor_file(folder.write("t.txt", "")); }), "TW-RUN-008");
  EXPECT_EQ(id_of([&] { read_tensor_file(folder.write("t.npz", "no zip")); }), "TW-ARCHIVE-001");
}

}  // namespace
}  // namespace tilewright::testing

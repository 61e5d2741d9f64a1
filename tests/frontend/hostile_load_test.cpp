// Hostile models that loading and counting refuse or survive.
#include "hostile_model.h"

namespace tilewright::testing {
namespace {

TEST(HostileLoad, Constants) {
  expect_an_answer(Model()
                       .in("x", {2})
                       .op("Constant", {}, {""}, {{"value_int", std::int64_t{1}}})
                       .op("Relu", {"x"}, {"y"})
                       .out("y"),
                   "no output");
  expect_an_answer(Model()
                       .in("x", {4})
                       .op("Constant", {}, {"c"},
                           {{"value_ints", Dims{1}}, {"value_floats", Floats{1, 2, 3, 4}}})
                       .op("Reshape", {"x", "c"}, {"y"})
                       .out("y"),
                   "two values");
  expect_an_answer(Model()
                       .in("x", {4})
                       .op("Relu", {"x"}, {"y"}, {{"a", 1.0F}, {"a.type", std::int64_t{1}}})
                       .out("y"),
                   "an attribute in the name of another's type");
  expect_an_answer(Model()
                       .whole("s", {1})
                       .op("ConstantOfShape", {"s"}, {"c"}, {{"value.type", std::int64_t{999}}})
                       .in("x", {1})
                       .op("Add", {"x", "c"}, {"y"})
                       .out("y"),
                   "a type that is none");
}

TEST(HostileLoad, NumbersOfAnotherWidth) {
  Model model;
  model.in("x", {1});
  onnx::TensorProto tensor;
  tensor.set_name("c");
  tensor.set_data_type(onnx::TensorProto::DOUBLE);
  tensor.add_dims(1);
  std::string bytes = tensor.SerializeAsString();
  bytes += std::string("\x55\0\0\0\0", 5);  // field 10, 32 bits
  ASSERT_TRUE(model.graph().add_initializer()->ParseFromString(bytes));
  model.op("Add", {"c", "c"}, {"y"}).out("y");
  EXPECT_EQ(error_of(model.bytes()), "TW-ONNX-002");
  expect_an_answer(model, "a double of four bytes");
}

onnx::FunctionProto& function(Model& model, const std::string& name, const Names& inputs,
                              const Names& outputs) {
  auto& f = *model.model().add_functions();
  f.set_name(name);
  f.set_domain("own");
  for (const std::string& input : inputs) f.add_input(input);
  for (const std::string& output : outputs) f.add_output(output);
  if (model.model().opset_import_size() == 1) {
    auto& set = *model.model().add_opset_import();
    set.set_domain("own");
    set.set_version(1);
  }
  return f;
}
void call(onnx::FunctionProto& f, const std::string& type, const Names& inputs,
          const Names& outputs, const std::string& domain) {
  auto& node = *f.add_node();
  node.set_op_type(type);
  node.set_domain(domain);
  for (const std::string& input : inputs) node.add_input(input);
  for (const std::string& output : outputs) node.add_output(output);
}

TEST(HostileLoad, Functions) {
  Model own;
  function(own, "F", {"a"}, {"a"});
  own.in("x", {2}).op("F", {"y"}, {"y"}, {}, "own").out("y");
  expect_an_answer(own, "a call that takes its own result");

  Model empty;
  function(empty, "F", {}, {});
  empty.held("w", {2}).op("F", {}, {"unused"}, {}, "own").out("w");
  empty.graph().mutable_node(0)->clear_output();
  expect_an_answer(empty, "no nodes at all");

  Model same;
  call(function(same, "F", {"a"}, {"b"}), "Relu", {"a"}, {"t"}, "");
  call(*same.model().mutable_functions(0), "Relu", {"t"}, {"b"}, "");
  same.in("x", {2}).op("F", {"x"}, {"p"}, {}, "own").op("F", {"p"}, {"y"}, {}, "own").out("y");
  for (auto& node : *same.graph().mutable_node()) node.clear_name();
  EXPECT_EQ(error_of(same.bytes()), "");
  expect_an_answer(same, "two calls without names");

  Model many;
  for (int i = 0; i < 31; ++i) {
    auto& f = function(many, "F" + std::to_string(i), {}, {});
    for (int twice = 0; twice < 2 && i < 30; ++twice)
      call(f, "F" + std::to_string(i + 1), {}, {}, "own");
  }
  many.in("x", {2}).op("F0", {}, {"unused"}, {}, "own").op("Relu", {"x"}, {"y"}).out("y");
  many.graph().mutable_node(0)->clear_output();
  EXPECT_EQ(error_of(many.bytes()), "TW-ONNX-032");
}

TEST(HostileLoad, RanksAndSizes) {
  Model chain;
  chain.in("t0", {1, 1});
  for (int i = 0; i < 28; ++i) {
    const std::string from = "t" + std::to_string(i), to = "t" + std::to_string(i + 1);
    chain.op("Cast", {from}, {from + "i"}, {{"to", std::int64_t{kInt64}}})
        .op("Gather", {from, from + "i"}, {to});
  }
  chain.out("t28");
  EXPECT_EQ(error_of(chain.bytes()), "TW-GRAPH-003");
  Dims ones(65, 1), turned;
  for (std::int64_t i = 64; i >= 0; --i) turned.push_back(i);
  expect_an_answer(Model().in("x", ones).op("Transpose", {"x"}, {"y"}, {{"perm", turned}}).out("y"),
                   "rank 65");
  expect_an_answer(Model()
                       .in("ids", {kMost}, kInt64)
                       .in("past", {1, 1, 1})
                       .op("Concat", {"past", "past"}, {"y"}, {{"axis", std::int64_t{1}}})
                       .out("y"),
                   "more tokens than fit");
  expect_an_answer(Model()
                       .in("x", {1, 0, 1})
                       .in("w", {0, 4, 1})
                       .op("ConvTranspose", {"x", "w"}, {"y"}, {{"group", kHuge}})
                       .out("y"),
                   "groups");
  expect_an_answer(Model()
                       .in("x", {1, 1LL << 47})
                       .whole("s", {999999, 1})
                       .op("Resize", {"x", "", "", "s"}, {"y"},
                           {{"keep_aspect_ratio_policy", std::string("not_smaller")}})
                       .out("y"),
                   "a proportion");
  expect_an_answer(
      Model(6)
          .constant("a", {2, 3}, {1, 2, 3, 4, 5, 6}, kInt64)
          .whole("b", {1, 2})
          .op("Add", {"a", "b"}, {"y"}, {{"broadcast", std::int64_t{1}}, {"axis", std::int64_t{0}}})
          .out("y"),
      "aligned at the first axis");
  Model far;
  auto& tensor = *far.graph().add_initializer();
  tensor.set_name("w");
  tensor.set_data_type(kFloat);
  tensor.add_dims(1);
  tensor.set_data_location(onnx::TensorProto::EXTERNAL);
  auto& entry = *tensor.add_external_data();
  entry.set_key("location");
  std::string path;
  for (int i = 0; i < 30000; ++i) path += "a/";
  entry.set_value(path + "w");
  far.op("Relu", {"w"}, {"y"}).out("y");
  expect_an_answer(far, "a long way to the weights");
  Model sparse;
  sparse.in("x", {1}).op("Relu", {"x"}, {"y"}).out("y");
  for (int i = 0; i < 300; ++i) {
    auto& one = *sparse.graph().add_sparse_initializer();
    one.mutable_values()->set_name("w" + std::to_string(i));
    one.mutable_values()->set_data_type(onnx::TensorProto::COMPLEX128);
    one.mutable_values()->add_dims(0);
    one.add_dims(1LL << 48);
  }
  expect_an_answer(sparse, "more bytes than fit");
}

TEST(HostileLoad, CountedWithoutAShape) {
  expect_an_answer(Model(23)
                       .unknown()
                       .in("past", {1, 1, 2, 2})
                       .op("Attention", {"u", "u", "u", "", "past", "past"}, {"y", "k", "v"})
                       .out("y"),
                   "attention");
  expect_an_answer(Model()
                       .in("x", {2, 3})
                       .in("k", {1}, kInt64)
                       .op("TopK", {"x", "k"}, {"y", "i"})
                       .out("y", Dims{}),
                   "top k");
  expect_an_answer(Model(20)
                       .in("x", {1, 4, 1})
                       .in("n", {}, kInt64)
                       .op("DFT", {"x", "n"}, {"y"})
                       .out("y", Dims{}),
                   "transform");
  expect_an_answer(Model()
                       .in("b", {1, 2, 4})
                       .in("s", {1, 1, 2})
                       .in("n", {1}, kInt64)
                       .op("NonMaxSuppression", {"b", "s", "n"}, {"y"})
                       .out("y", Dims{}, kInt64),
                   "boxes");
  expect_an_answer(
      Model().in("x", {2, 3}).in("s", {2}).op("Resize", {"x", "", "s"}, {"y"}).out("y", Dims{}),
      "resize");
  expect_an_answer(
      Model()
          .in("x", {1, 1, 3})
          .held("w", {3, 9})
          .microsoft("Attention", {"x", "w"}, {"y"},
                     {{"num_heads", std::int64_t{1}}, {"qkv_hidden_sizes", Dims{kMost, 1, 1}}})
          .out("y"),
      "sizes of heads");
  expect_an_answer(Model()
                       .in("x", {2, 1, 1, 1, 1})
                       .in("w", {1, 1, 1, 1, 1})
                       .op("Conv", {"x", "w"}, {""}, {{"pads", Dims(6, 1 << 30)}})
                       .op("Relu", {"x"}, {"y"})
                       .out("y"),
                   "no result");
  expect_an_answer(Model()
                       .in("a", {1LL << 40, 1, 1, 1})
                       .in("b", {1, 1LL << 40, 1, 1})
                       .op("MatMul", {"a", "b"}, {""})
                       .op("Relu", {"a"}, {"y"})
                       .out("y"),
                   "no product");
}

}  // namespace
}  // namespace tilewright::testing

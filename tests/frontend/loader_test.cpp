// What the loader accepts: any node order, new versions, functions, branches, open dimensions.
#include <gtest/gtest.h>

#include "onnx_writer.h"
#include "support/error.h"

namespace tilewright::testing {
namespace {

const Tensor& tensor_named(const Graph& graph, const std::string& name) {
  for (const Tensor& tensor : graph.tensors) {
    if (tensor.name == name) {
      return tensor;
    }
  }
  throw std::runtime_error("no tensor " + name);
}

TEST(Loader, SortsNodesAndKeepsASortedFileAsItIs) {
  OnnxWriter w;
  w.input("x", {4}).output("c");
  w.node("Neg", {"b"}, {"c"});
  w.node("Relu", {"x"}, {"a"});
  w.node("Abs", {"a"}, {"b"});
  const Graph graph = load_bytes(w.bytes());
  EXPECT_EQ(graph.nodes[0].type, "Relu");
  EXPECT_EQ(graph.nodes[1].type, "Abs");
  EXPECT_EQ(graph.nodes[2].type, "Neg");
}

TEST(Loader, AcceptsNewerVersionsAndOldOnes) {
  for (const auto& [opset, ir] : {std::pair{27, 13}, {21, 10}, {7, 3}}) {
    OnnxWriter w(opset, ir);
    w.input("x", {4}).output("y");
    w.node("Relu", {"x"}, {"y"});
    EXPECT_EQ(error_of(w.bytes()), "") << opset;
  }
  OnnxWriter first(1, 2);
  first.model().clear_opset_import();
  first.input("x", {4}).output("y");
  first.node("Relu", {"x"}, {"y"});
  EXPECT_EQ(error_of(first.bytes()), "");
}

TEST(Loader, InitialisersAmongTheInputsAreNotInputs) {
  OnnxWriter w(9, 3);
  w.input("x", {1, 4}).input("w", {4, 2}).weight("w", {4, 2}).output("y");
  w.node("MatMul", {"x", "w"}, {"y"});
  const Graph graph = load_bytes(w.bytes());
  EXPECT_EQ(graph.inputs.size(), 1U);
  EXPECT_EQ(make_workload(graph, {}).totals.parameters, 8);
}

OnnxWriter open_model() {
  OnnxWriter w;
  w.open_input("x", {"batch", "seq", "8"}).weight("w", {8, 8}).output("y");
  w.node("MatMul", {"x", "w"}, {"y"});
  return w;
}

TEST(Loader, BindsOpenDimensions) {
  EXPECT_EQ(tensor_named(load_bytes(open_model().bytes()), "y").shape, (Dims{1, 1, 8}));
  LoadOptions options;
  options.dims = {{"batch", 2}, {"seq", 5}};
  EXPECT_EQ(tensor_named(load_bytes(open_model().bytes(), options), "y").shape, (Dims{2, 5, 8}));
  options.dims = {{"sequence", 5}};
  EXPECT_EQ(error_of(open_model().bytes(), options), "TW-ONNX-050");
  options.dims = {{"seq", 0}};
  EXPECT_EQ(error_of(open_model().bytes(), options), "TW-ONNX-050");
}

TEST(Loader, CarriesShapeArithmetic) {
  OnnxWriter w;
  w.open_input("x", {"batch", "6", "4"}).output("y");
  w.ints("two", {2}).ints("rest", {-1}).ints("zero", {0}).ints("one", {1});
  w.node("Shape", {"x"}, {"s"});
  w.node("Gather", {"s", "zero"}, {"b"});
  w.node("Slice", {"s", "one", "two"}, {"n"});
  w.node("Div", {"n", "two"}, {"half"});
  set_int(w.node("Concat", {"b", "half", "rest"}, {"target"}), "axis", 0);
  w.node("Reshape", {"x", "target"}, {"y"});
  LoadOptions options;
  options.dims = {{"batch", 3}};
  const Graph graph = load_bytes(w.bytes(), options);
  EXPECT_EQ(tensor_named(graph, "y").shape, (Dims{3, 3, 8}));
  const Workload workload = make_workload(graph, options);
  EXPECT_EQ(workload.totals.flops_per_unit, 0);
  for (const WorkOp& op : workload.ops) {
    EXPECT_EQ(op.kind, OpKind::kShape) << op.name;
  }
}

TEST(Loader, WritesFunctionsOutInPlace) {
  OnnxWriter w;
  w.input("x", {2, 3}).weight("k", {3, 5}).output("y");
  auto& function = *w.model().add_functions();
  function.set_name("Project");
  function.set_domain("local");
  function.add_input("a");
  function.add_input("b");
  function.add_output("c");
  function.add_attribute("axis");
  auto& product = *function.add_node();
  product.set_op_type("MatMul");
  product.add_input("a");
  product.add_input("b");
  product.add_output("t");
  auto& soft = *function.add_node();
  soft.set_op_type("ReduceSum");
  soft.add_input("t");
  soft.add_output("c");
  auto& attribute = *soft.add_attribute();
  attribute.set_name("keepdims");
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_ref_attr_name("keep");
  auto& call = w.node("Project", {"x", "k"}, {"y"}, "local");
  set_int(call, "keep", 0);
  const Graph graph = load_bytes(w.bytes());
  ASSERT_EQ(graph.nodes.size(), 2U);
  EXPECT_EQ(tensor_named(graph, "y").shape, Dims{});
  EXPECT_EQ(make_workload(graph, {}).totals.matmul_flops, 2 * 2 * 3 * 5);
}

TEST(Loader, CountsTheHeavierBranchOfAnIf) {
  OnnxWriter w;
  w.input("x", {2, 3}).input("flag", {1}, onnx::TensorProto::BOOL).weight("k", {3, 5}).output("y");
  auto& choice = w.node("If", {"flag"}, {"y"});
  for (const bool yes : {true, false}) {
    auto& attribute = *choice.add_attribute();
    attribute.set_name(yes ? "then_branch" : "else_branch");
    attribute.set_type(onnx::AttributeProto::GRAPH);
    auto& branch = *attribute.mutable_g();
    auto& product = *branch.add_node();
    product.set_op_type("MatMul");
    product.add_input("x");
    product.add_input("k");
    product.add_output("p");
    if (yes) {
      auto& relu = *branch.add_node();
      relu.set_op_type("Relu");
      relu.add_input("p");
      relu.add_output("q");
    }
    branch.add_output()->set_name(yes ? "q" : "p");
  }
  const Workload workload = count_bytes(w.bytes());
  EXPECT_EQ(workload.totals.operators, 2);
  EXPECT_EQ(workload.totals.flops_per_unit, 2 * 2 * 3 * 5 + 2 * 5);
}

TEST(Loader, RefusesByName) {
  const auto refusal = [](const std::string& type, const std::string& domain, bool opaque = false) {
    OnnxWriter w;
    w.model().add_opset_import()->set_domain("my.domain");
    w.input("x", {4}).output("y");
    w.node(type, {"x"}, {"y"}, domain);
    LoadOptions options;
    options.allow_opaque = opaque;
    try {
      static_cast<void>(count_bytes(w.bytes(), options));
    } catch (const Error& error) {
      EXPECT_NE((error.message() + error.where()).find(type), std::string::npos);
      EXPECT_NE(error.where().find("the_y"), std::string::npos) << error.where();
      return error.id();
    }
    return std::string();
  };
  EXPECT_EQ(refusal("Loop", ""), "TW-OP-002");
  EXPECT_EQ(refusal("StringNormalizer", ""), "TW-OP-002");
  EXPECT_EQ(refusal("SequenceConstruct", "", true), "TW-OP-002");
  EXPECT_EQ(refusal("Frobnicate", ""), "TW-OP-001");
  EXPECT_EQ(refusal("Frobnicate", "my.domain"), "TW-OP-001");
  EXPECT_EQ(refusal("Frobnicate", "my.domain", true), "");
}

TEST(Loader, OpaqueOperatorsAreDataMovement) {
  OnnxWriter w;
  w.input("x", {4, 4}).output("z");
  w.node("Frobnicate", {"x"}, {"y"}, "my.domain");
  w.node("Relu", {"y"}, {"z"});
  LoadOptions options;
  options.allow_opaque = true;
  const Workload workload = count_bytes(w.bytes(), options);
  EXPECT_EQ(op_named(workload, "the_y").kind, OpKind::kOpaque);
  EXPECT_EQ(op_named(workload, "the_y").flops, 0);
  EXPECT_EQ(op_named(workload, "the_y").memory_bytes, 2 * 64);
  EXPECT_EQ(op_named(workload, "the_z").flops, 16);
}

TEST(Loader, InspectListsWhatCannotBeCounted) {
  OnnxWriter w;
  w.input("x", {4, 4}).weight("k", {4, 4}).output("z");
  w.node("Frobnicate", {"x"}, {"y"}, "my.domain");
  w.node("MatMul", {"x", "k"}, {"z"});
  const auto rows = inspect_operators(load_bytes(w.bytes()));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_TRUE(rows[0].supported);
  EXPECT_EQ(rows[0].becomes, "matmul");
  EXPECT_EQ(rows[0].flops, 2 * 64);
  EXPECT_EQ(rows[0].weight_bytes, 64);
  EXPECT_FALSE(rows[1].supported);
}

TEST(Loader, ContradictingShapesAreAnError) {
  OnnxWriter w;
  w.input("x", {2, 3}).weight("k", {4, 5}).output("y");
  w.node("MatMul", {"x", "k"}, {"y"});
  EXPECT_EQ(error_of(w.bytes()), "TW-SHAPE-001");
  OnnxWriter add;
  add.input("x", {2, 3}).input("z", {2, 4}).output("y");
  add.node("Add", {"x", "z"}, {"y"});
  EXPECT_EQ(error_of(add.bytes()), "TW-SHAPE-001");
}

TEST(Loader, ShapesThatDependOnDataAreAnErrorUnlessDeclared) {
  OnnxWriter w;
  w.input("x", {6}).input("s", {2}, onnx::TensorProto::INT64).output("y");
  w.node("Reshape", {"x", "s"}, {"r"});
  w.node("Relu", {"r"}, {"y"});
  EXPECT_EQ(error_of(w.bytes()), "TW-SHAPE-002");
  auto& declared = *w.graph().add_value_info();
  declared.set_name("r");
  auto& type = *declared.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnx::TensorProto::FLOAT);
  type.mutable_shape()->add_dim()->set_dim_value(2);
  type.mutable_shape()->add_dim()->set_dim_value(3);
  EXPECT_EQ(error_of(w.bytes()), "");
}

}  // namespace
}  // namespace tilewright::testing

// Hostile and broken files: each gives one Error, never a crash and never a large allocation.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>

#include "onnx_writer.h"
#include "support/error.h"
#include "support/random.h"

namespace tilewright::testing {
namespace {

OnnxWriter small_model() {
  OnnxWriter w;
  w.input("x", {1, 3, 8, 8}).weight("w", {4, 3, 3, 3}).weight("v", {144, 10}).ints("s", {1, 144});
  w.node("Conv", {"x", "w"}, {"c"});
  w.node("Relu", {"c"}, {"r"});
  w.node("Reshape", {"r", "s"}, {"f"});
  w.node("MatMul", {"f", "v"}, {"y"});
  w.output("y");
  return w;
}

std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 128; value >>= 7U) {
    out += static_cast<char>(value | 128U);
  }
  return out + static_cast<char>(value);
}

TEST(Hostile, TheModelItselfIsFine) {
  EXPECT_EQ(error_of(small_model().bytes()), "");
}

TEST(Hostile, EveryTruncationIsAnError) {
  const std::string whole = small_model().bytes();
  for (std::size_t length = 0; length < whole.size(); length += length < 400 ? 1 : 7) {
    EXPECT_NE(error_of(whole.substr(0, length)), "") << "cut to " << length << " bytes";
  }
}

TEST(Hostile, RandomBytesAreAnError) {
  RandomStream random(1, "frontend hostile bytes");
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(1 + random.below(300), '\0');
    std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<char>(random.below(256)); });
    EXPECT_NE(error_of(bytes), "");
  }
}

// A mutation may leave a legal model; what counts is that nothing but Error ever comes out.
TEST(Hostile, MutationsNeverCrash) {
  RandomStream random(2, "frontend hostile mutations");
  const std::string whole = small_model().bytes();
  int refused = 0;
  constexpr int kRounds = 4000;
  for (int i = 0; i < kRounds; ++i) {
    std::string bytes = whole;
    const std::uint64_t changes = 1 + random.below(4);
    for (std::uint64_t c = 0; c < changes; ++c) {
      bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    }
    refused += error_of(bytes).empty() ? 0 : 1;
  }
  EXPECT_GT(refused, kRounds / 50);
  EXPECT_LT(refused, kRounds);
}

// The same over a model that uses what is complicated: a subgraph, a function, a cache, open
// dimensions.
TEST(Hostile, MutationsOfAModelWithFunctionsNeverCrash) {
  OnnxWriter w;
  w.open_input("x", {"batch", "seq", "8"}).weight("w", {8, 8});
  w.open_input("flag", {"1"}, onnx::TensorProto::BOOL);
  auto& function = *w.model().add_functions();
  function.set_name("F");
  function.set_domain("local");
  function.add_input("a");
  function.add_output("b");
  auto& body = *function.add_node();
  body.set_op_type("Softmax");
  body.add_input("a");
  body.add_output("b");
  auto& axis = *body.add_attribute();
  axis.set_name("axis");
  axis.set_ref_attr_name("axis");
  axis.set_type(onnx::AttributeProto::INT);
  w.node("MatMul", {"x", "w"}, {"h"});
  set_int(w.node("F", {"h"}, {"i"}, "local"), "axis", -1);
  auto& choice = w.node("If", {"flag"}, {"y"});
  for (const char* name : {"then_branch", "else_branch"}) {
    auto& attribute = *choice.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::GRAPH);
    auto& inner = *attribute.mutable_g()->add_node();
    inner.set_op_type(name[0] == 't' ? "Relu" : "Neg");
    inner.add_input("i");
    inner.add_output("z");
    attribute.mutable_g()->add_output()->set_name("z");
  }
  w.output("y");
  const std::string whole = w.bytes();
  ASSERT_EQ(error_of(whole), "");
  RandomStream random(3, "frontend hostile functions");
  for (int i = 0; i < 4000; ++i) {
    std::string bytes = whole;
    for (std::uint64_t c = 0; c <= random.below(3); ++c) {
      bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    }
    static_cast<void>(error_of(bytes));
  }
}

TEST(Hostile, AWrongWireTypeIsAnError) {
  // ir_version (1) as bytes; graph (7) as a varint; opset_import (8) as fixed64.
  EXPECT_EQ(error_of("\x0a\x01z"), "TW-ONNX-003");
  EXPECT_EQ(error_of("\x08\x08\x38\x01"), "TW-ONNX-003");
  EXPECT_EQ(error_of(std::string("\x08\x08\x41") + std::string(8, '\0')), "TW-ONNX-003");
  EXPECT_EQ(error_of("\x0b"), "TW-ONNX-002");  // a group, which ONNX never writes
}

TEST(Hostile, AHugeLengthIsAnErrorAndAllocatesNothing) {
  struct rusage before {};
  getrusage(RUSAGE_SELF, &before);
  for (const std::uint64_t length : {10000000000ULL, 1ULL << 62U, ~0ULL, 1ULL << 31U}) {
    EXPECT_EQ(error_of("\x08\x08\x3a" + varint(length)), "TW-ONNX-002");
    // A weight that claims the length, inside a graph of honest length.
    const std::string weight = "\x4a" + varint(length) + "abc";
    const std::string tensor = "\x2a" + varint(weight.size()) + weight;
    EXPECT_EQ(error_of("\x08\x08\x3a" + varint(tensor.size()) + tensor), "TW-ONNX-002");
  }
  struct rusage after {};
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 50 * 1024) << "KiB";
}

TEST(Hostile, EmptyModels) {
  EXPECT_EQ(error_of(""), "TW-ONNX-001");
  EXPECT_EQ(error_of("\x08\x08"), "TW-ONNX-004");
  EXPECT_EQ(error_of(OnnxWriter().bytes()), "TW-ONNX-006");
  OnnxWriter no_outputs;
  no_outputs.input("x", {1});
  no_outputs.node("Relu", {"x"}, {"y"});
  EXPECT_EQ(error_of(no_outputs.bytes()), "TW-ONNX-006");
}

TEST(Hostile, NotAFile) {
  const TemporaryFolder folder;
  EXPECT_THROW(static_cast<void>(load_graph(folder.path(), {})), Error);
  EXPECT_THROW(static_cast<void>(load_graph(folder.path() / "absent.onnx", {})), Error);
  EXPECT_THROW(static_cast<void>(load_graph("/dev/zero", {})), Error);
}

TEST(Hostile, ACycleIsNamed) {
  OnnxWriter w;
  w.input("x", {4}).output("b");
  w.node("Add", {"x", "b"}, {"a"});
  w.node("Relu", {"a"}, {"b"});
  try {
    static_cast<void>(load_bytes(w.bytes()));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.id(), "TW-ONNX-040");
    EXPECT_NE(error.message().find("the_a"), std::string::npos) << error.message();
  }
  OnnxWriter self;
  self.input("x", {4}).output("a");
  self.node("Add", {"x", "a"}, {"a"});
  EXPECT_EQ(error_of(self.bytes()), "TW-ONNX-040");
}

TEST(Hostile, DanglingAndDuplicateNames) {
  OnnxWriter dangling;
  dangling.input("x", {4}).output("y");
  dangling.node("Add", {"x", "nowhere"}, {"y"});
  EXPECT_EQ(error_of(dangling.bytes()), "TW-ONNX-030");

  OnnxWriter output;
  output.input("x", {4}).output("z");
  output.node("Relu", {"x"}, {"y"});
  EXPECT_EQ(error_of(output.bytes()), "TW-ONNX-030");

  OnnxWriter twice;
  twice.input("x", {4}).output("y");
  twice.node("Relu", {"x"}, {"y"});
  twice.node("Neg", {"x"}, {"y"});
  EXPECT_EQ(error_of(twice.bytes()), "TW-ONNX-031");

  OnnxWriter shadow;
  shadow.input("x", {4}).weight("x", {4}).weight("x", {4}).output("y");
  shadow.node("Relu", {"x"}, {"y"});
  EXPECT_EQ(error_of(shadow.bytes()), "TW-ONNX-031");
}

TEST(Hostile, DimensionsThatOverflow) {
  OnnxWriter input;
  input.input("x", {1LL << 40, 1LL << 40}).output("y");
  input.node("Relu", {"x"}, {"y"});
  EXPECT_EQ(error_of(input.bytes()), "TW-GRAPH-003");

  OnnxWriter weight;
  weight.input("x", {4}).output("y");
  weight.weight("w", {4});
  for (int i = 0; i < 5; ++i) {
    weight.graph().mutable_initializer(0)->add_dims(1LL << 62);
  }
  weight.node("Add", {"x", "w"}, {"y"});
  EXPECT_EQ(error_of(weight.bytes()), "TW-GRAPH-003");

  OnnxWriter product;  // the output overflows, the inputs do not
  product.input("x", {1LL << 30, 1}).input("z", {1, 1LL << 30}).output("y");
  product.node("MatMul", {"x", "z"}, {"y"});
  EXPECT_EQ(error_of(product.bytes()), "TW-GRAPH-003");

  OnnxWriter shape;
  shape.ints("s", {1LL << 60, 1LL << 60}).output("y");
  shape.node("ConstantOfShape", {"s"}, {"c"});
  shape.node("Relu", {"c"}, {"y"});
  EXPECT_EQ(error_of(shape.bytes()), "TW-GRAPH-003");

  OnnxWriter negative;
  negative.input("x", {-5}).output("y");
  negative.node("Relu", {"x"}, {"y"});
  EXPECT_EQ(error_of(negative.bytes()), "TW-ONNX-012");
}

TEST(Hostile, WeightsThatDoNotFitTheirDimensions) {
  OnnxWriter w = small_model();
  w.graph().mutable_initializer(0)->set_dims(0, 5);
  EXPECT_EQ(error_of(w.bytes()), "TW-ONNX-011");
  OnnxWriter typed = small_model();
  typed.graph().mutable_initializer(2)->add_int64_data(7);
  EXPECT_EQ(error_of(typed.bytes()), "TW-ONNX-011");
  OnnxWriter type = small_model();
  type.graph().mutable_initializer(0)->set_data_type(99);
  EXPECT_EQ(error_of(type.bytes()), "TW-ONNX-010");
}

// Found by the fuzzer: integers in place of a complex number's reals.
TEST(Hostile, WeightsInTheListOfAnotherType) {
  OnnxWriter w;
  w.input("x", {1}).output("y");
  w.node("Identity", {"c"}, {"y"});
  onnx::TensorProto& c = *w.graph().add_initializer();
  c.set_name("c");
  c.set_data_type(onnx::TensorProto::COMPLEX128);
  c.add_dims(1);
  c.add_double_data(1);
  c.add_double_data(2);
  EXPECT_EQ(error_of(w.bytes()), "");
  c.add_int64_data(3);
  EXPECT_EQ(error_of(w.bytes()), "TW-ONNX-011");
}

TEST(Hostile, FunctionsThatCallThemselvesEnd) {
  OnnxWriter w;
  w.input("x", {4}).output("y");
  auto& function = *w.model().add_functions();
  function.set_name("F");
  function.set_domain("local");
  function.add_input("a");
  function.add_output("c");
  for (int i = 0; i < 2; ++i) {  // twice: without a bound, 2^depth nodes
    auto& call = *function.add_node();
    call.set_op_type("F");
    call.set_domain("local");
    call.add_input(i == 0 ? "a" : "b");
    call.add_output(i == 0 ? "b" : "c");
  }
  w.node("F", {"x"}, {"y"}, "local");
  EXPECT_EQ(error_of(w.bytes()), "TW-ONNX-032");
}

TEST(Hostile, SubgraphsNestedBeyondReason) {
  onnx::GraphProto graph;
  graph.add_node()->set_op_type("Relu");
  for (int i = 0; i < 60; ++i) {
    onnx::GraphProto outer;
    auto& attribute = *outer.add_node()->add_attribute();
    attribute.set_name("then_branch");
    *attribute.mutable_g() = graph;
    graph = outer;
  }
  OnnxWriter w;
  w.graph() = graph;
  EXPECT_EQ(error_of(w.bytes()), "TW-ONNX-005");
}

TEST(Hostile, NamesAreMadePrintable) {
  OnnxWriter w;
  w.input("x", {4}).output("y");
  w.node("Evil\n\x1b[31mType", {"x"}, {"y"});
  EXPECT_EQ(error_of(w.bytes()), "TW-OP-001");
}

}  // namespace
}  // namespace tilewright::testing

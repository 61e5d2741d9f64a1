// Hostile models that the passes leave as they are, or optimise all the same.
#include "hostile_model.h"

namespace tilewright::testing {
namespace {

TEST(HostilePasses, PassesOnResultsInUse) {
  const Attributes none;
  expect_an_answer(Model().whole("c", {0, 1}).op("NonZero", {"c"}, {"y"}).out("y", {}, kInt64),
                   "as many as there are");
  expect_an_answer(Model()
                       .in("x", {2})
                       .op("Dropout", {"x"}, {"a", "m"})
                       .op("Relu", {"a"}, {"y"})
                       .out("y")
                       .out("m", {}, onnx::TensorProto::BOOL),
                   "a mask");
  expect_an_answer(Model()
                       .in("x", {2})
                       .op("Identity", {"x"}, {"a", "b"})
                       .op("Relu", {"a"}, {"y"})
                       .out("y")
                       .out("b"),
                   "two results of one");
  expect_an_answer(Model()
                       .in("x", {6})
                       .whole("s", {2, 3})
                       .op("Abs", {"s"}, {"t"})
                       .op("Reshape", {"x", "t"}, {"y"})
                       .out("y", Dims{3, 2}),
                   "another shape than declared");
  expect_an_answer(Model()
                       .constant("c", {1}, {300}, kInt64)
                       .op("Cast", {"c"}, {"n"}, {{"to", std::int64_t{kInt8}}})
                       .op("ConstantOfShape", {"n"}, {"y"})
                       .out("y"),
                   "300 as eight bits");
  expect_an_answer(Model()
                       .in("x", {1, 1, 10, 10})
                       .real("a", {4}, {1, 1, 7, 7})
                       .real("b", {4}, {1, 1, 10, 10})
                       .op("Div", {"a", "b"}, {"s"})
                       .op("Resize", {"x", "", "s"}, {"y"})
                       .out("y"),
                   "seven tenths of ten");
  expect_an_answer(Model()
                       .held("w", {4, 3, 1, 1})
                       .in("x", {1, 3, 4, 4})
                       .real("v", {4}, {1, 1, 1, 1})
                       .op("Conv", {"x", "w"}, {"c"})
                       .op("BatchNormalization", {"c", "v", "v", "v", "v"}, {"y", "m"})
                       .out("y")
                       .out("m"),
                   "statistics");
}

TEST(HostilePasses, PassesOnWhatIsNotThere) {
  expect_an_answer(Model().in("x", {2}).op("Relu", {"x"}, {"", "y"}).out("y", Dims{2}), "relu");
  expect_an_answer(Model().in("a", {2, 2}).op("MatMul", {"a", "a"}, {"", "y"}).out("y", Dims{2, 2}),
                   "product");
  expect_an_answer(Model()
                       .in("x", {2})
                       .in("z", {}, kUint8)
                       .op("Abs", {"x"}, {"a"})
                       .op("QuantizeLinear", {"a", "", "z"}, {"y"})
                       .out("y", Dims{2}, kUint8),
                   "scale");
  expect_an_answer(Model().unknown().op("Mul", {"u", ""}, {"y"}).out("y", Dims{4}), "factor");
  expect_an_answer(Model().unknown().op("Mul", {"u", "u"}, {"", "y"}).out("y", Dims{4}), "square");
  expect_an_answer(Model()
                       .unknown()
                       .op("Transpose", {"", "u"}, {"t"})
                       .op("Transpose", {"t"}, {"y"})
                       .out("y", Dims{4}),
                   "transpose");
  expect_an_answer(Model()
                       .unknown()
                       .in("x", {2, 3})
                       .op("Transpose", {"x", "u"}, {"y"}, {{"perm", Dims{7, 9}}})
                       .out("y", Dims{2, 3}),
                   "axes");
  expect_an_answer(Model()
                       .unknown()
                       .held("w", {2, 2})
                       .op("Cast", {"", "u"}, {"c"}, {{"to", std::int64_t{kFloat}}})
                       .op("MatMul", {"c", "w"}, {"y"})
                       .out("y", Dims{2, 2}),
                   "cast");
  expect_an_answer(Model().unknown().op("MatMul", {"u"}, {"y"}).out("y", Dims{2, 2}),
                   "one operand");
  expect_an_answer(Model().unknown().op("Conv", {"u"}, {"y"}).out("y", Dims{2, 2}), "no kernel");
  expect_an_answer(Model()
                       .unknown()
                       .real("s", {1}, {1})
                       .real("w", {}, {1})
                       .op("Conv", {"u", "w"}, {"c"})
                       .op("BatchNormalization", {"c", "s", "s", "s", "s"}, {"y"})
                       .out("y", Dims{2, 2, 2}),
                   "a kernel without extent");
  expect_an_answer(Model()
                       .in("x", {1, 0, 1})
                       .held("w", {1 << 28, 0, 1})
                       .real("s", {1}, {1})
                       .op("Conv", {"x", "w"}, {"c"})
                       .op("BatchNormalization", {"c", "s", "s", "s", "s"}, {"y"})
                       .out("y"),
                   "channels of nothing");
  expect_an_answer(Model()
                       .in("x", {1, 1, 1, 4})
                       .in("c", {1, 1, 1, 4})
                       .whole("s", {2})
                       .whole("e", {4})
                       .whole("a", {3})
                       .whole("none", {})
                       .whole("zero", {0})
                       .whole("two", {2})
                       .op("Slice", {"x", "s", "e", "a", "none"}, {"hi"})
                       .op("Slice", {"x", "zero", "two", "a", "none"}, {"lo"})
                       .op("Neg", {"hi"}, {"n"})
                       .op("Concat", {"n", "lo"}, {"r"}, {{"axis", std::int64_t{3}}})
                       .op("Mul", {"x", "c"}, {"p"})
                       .op("Mul", {"r", "c"}, {"q"})
                       .op("Add", {"p", "q"}, {"y"})
                       .out("y"),
                   "steps of none");
}

TEST(HostilePasses, FoldingHasAnEnd) {
  Model product;
  for (const char* name : {"a", "b"})
    product.whole(std::string("s") + name, {131072})
        .op("ConstantOfShape", {std::string("s") + name}, {name});
  expect_an_answer(
      product.op("Einsum", {"a", "b"}, {"y"}, {{"equation", std::string("a,b->")}}).out("y"),
      "2^34 products");
  Model chain;
  chain.whole("s", {(1 << 20) - 1});
  for (int i = 0; i < 300; ++i)
    chain.op("ConstantOfShape", {"s"}, {"c" + std::to_string(i)}).out("c" + std::to_string(i));
  expect_an_answer(chain, "300 constants of 4 MB");
  expect_an_answer(Model()
                       .whole("s", {600000000})
                       .op("Abs", {"s"}, {"t"})
                       .op("ConstantOfShape", {"t"}, {"y"})
                       .out("y", Dims{1}),
                   "2.4 GB where one element is declared");
}

}  // namespace
}  // namespace tilewright::testing

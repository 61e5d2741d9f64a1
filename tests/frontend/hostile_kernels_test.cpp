// Hostile models that the interpreter refuses, or runs within its limits.
#include "hostile_model.h"

namespace tilewright::testing {
namespace {

TEST(HostileKernels, MovesByAttributes) {
  expect_an_answer(Model(9)
                       .in("x", {8})
                       .op("Slice", {"x"}, {"y"},
                           {{"starts", Dims{7}}, {"ends", Dims{-100}}, {"steps", Dims{-1}}})
                       .out("y"),
                   "steps");
  expect_an_answer(Model(9)
                       .in("x", {1, 1, 1})
                       .op("Pad", {"x"}, {"y"}, {{"pads", Dims{0, 0}}, {"axes", Dims{0}}})
                       .out("y"),
                   "axes");
  expect_an_answer(
      Model(9).in("x", {4}).op("Pad", {"x"}, {"y"}, {{"pads", Dims{kLeast, kMost}}}).out("y"),
      "padding");
  expect_an_answer(Model(24)
                       .in("x", {1, 0, 1})
                       .in("u", {1, 1, 1})
                       .op("TensorScatter", {"x", "u"}, {"y"}, {{"mode", std::string("circular")}})
                       .out("y"),
                   "a ring of nothing");
  expect_an_answer(
      Model(24)
          .in("x", {1, 4, 1})
          .in("u", {1, 2, 1})
          .whole("i", {kMost})
          .op("TensorScatter", {"x", "u", "i"}, {"y"}, {{"mode", std::string("circular")}})
          .out("y"),
      "a place beyond 64 bits");
  expect_an_answer(Model()
                       .in("x", {0, 1LL << 24})
                       .in("i", {65536, 1}, kInt64)
                       .in("u", {0})
                       .op("ScatterND", {"x", "i", "u"}, {"y"})
                       .out("y"),
                   "runs");
  expect_an_answer(
      Model(18)
          .whole("x", {kMost})
          .whole("i", {0})
          .whole("u", {1})
          .op("ScatterElements", {"x", "i", "u"}, {"y"}, {{"reduction", std::string("add")}})
          .out("y", {}, kInt64),
      "a sum");
  expect_an_answer(Model().in("x", {2, 2}).op("EyeLike", {"x"}, {"y"}, {{"k", kMost}}).out("y"),
                   "a diagonal");
  expect_an_answer(Model(18)
                       .in("x", {4})
                       .op("Resize", {"x", "", "s"}, {"y"},
                           {{"axes", Dims{0, 0}},
                            {"mode", std::string("linear")},
                            {"antialias", std::int64_t{1}}})
                       .real("s", {2}, {0x1p40F, 0x1p-40F})
                       .out("y"),
                   "an axis twice");
  expect_an_answer(Model(18)
                       .in("x", {1, 2, 3})
                       .whole("i", {1})
                       .whole("b", {3})
                       .op("Col2Im", {"x", "i", "b"}, {"y"}, {{"dilations", Dims{kHuge}}})
                       .out("y"),
                   "dilation");
  expect_an_answer(
      Model()
          .in("x", {1, 1, 1})
          .in("i", {1, 1, 1}, kInt64)
          .op("MaxUnpool", {"x", "i"}, {"y"}, {{"kernel_shape", Dims{1}}, {"pads", Dims{1, 0}}})
          .out("y"),
      "no places");
  expect_an_answer(Model()
                       .in("x", {1, 1, 3})
                       .in("i", {1, 1, 3}, kInt64)
                       .whole("s", {1, 1, 6})
                       .op("MaxUnpool", {"x", "i", "s"}, {"y"},
                           {{"kernel_shape", Dims{2}}, {"strides", Dims{kHuge}}})
                       .out("y"),
                   "strides");
}

TEST(HostileKernels, HeadsAndPositions) {
  const Attributes one = {{"num_heads", std::int64_t{1}}}, two = {{"num_heads", std::int64_t{2}}};
  expect_an_answer(
      Model()
          .in("x", {1, 1, 2})
          .constant("i", {1}, {0}, kInt64)
          .in("c", {1, 64})
          .microsoft("RotaryEmbedding", {"x", "i", "c", "c"}, {"y"},
                     {{"num_heads", std::int64_t{1}}, {"rotary_embedding_dim", std::int64_t{128}}})
          .out("y"),
      "more than a head has");
  expect_an_answer(Model()
                       .in("x", {1, 1, 2})
                       .constant("i", {1}, {0}, kInt64)
                       .in("c", {1, 0})
                       .microsoft("RotaryEmbedding", {"x", "i", "c", "c"}, {"y"})
                       .out("y"),
                   "no angles");
  expect_an_answer(Model()
                       .in("x", {1, 2, 2})
                       .constant("i", {1}, {kMost}, kInt64)
                       .in("c", {1, 1})
                       .microsoft("RotaryEmbedding", {"x", "i", "c", "c"}, {"y"}, one)
                       .out("y"),
                   "a position");
  expect_an_answer(Model(23)
                       .in("x", {1, 1, 1, 2})
                       .constant("i", {1, 1}, {kHuge}, kInt64)
                       .in("c", {1, 2})
                       .op("RotaryEmbedding", {"x", "c", "c", "i"}, {"y"})
                       .out("y"),
                   "a row");
  expect_an_answer(Model()
                       .in("q", {1, 1, 2})
                       .in("v", {1, 1, 2, 1, 3})
                       .microsoft("MultiHeadAttention", {"q", "q", "v"}, {"y"}, one)
                       .out("y"),
                   "values of rank 5");
  expect_an_answer(Model()
                       .in("q", {1, 1, 3})
                       .microsoft("MultiHeadAttention", {"q", "q", "q"}, {"y", "k"}, two)
                       .out("y")
                       .out("k"),
                   "no multiple of heads");
  const Attributes grouped = {{"num_heads", std::int64_t{1}}, {"kv_num_heads", std::int64_t{1}}};
  for (const std::int64_t last : {std::int64_t{0}, kMost}) {
    expect_an_answer(
        Model()
            .in("q", {1, 1, 2})
            .in("v", {1, 1, 8})
            .constant("l", {1}, {last}, kInt64)
            .whole("n", {1})
            .microsoft("GroupQueryAttention", {"q", "q", "v", "", "", "l", "n"}, {"y"}, grouped)
            .out("y"),
        "wide values");
    expect_an_answer(Model()
                         .in("q", {1, 1, 2})
                         .in("v", {1, 5, 2})
                         .constant("l", {1}, {last}, kInt64)
                         .whole("n", {1})
                         .microsoft("GroupQueryAttention", {"q", "v", "v", "", "", "l", "n"},
                                    {"y", "k"}, grouped)
                         .out("y")
                         .out("k"),
                     "long values");
  }
  expect_an_answer(Model(23)
                       .in("x", {1, 1, 0})
                       .in("c", {1, 1})
                       .op("RotaryEmbedding", {"x", "c", "c"}, {"y"}, {{"num_heads", kHuge}})
                       .out("y"),
                   "heads of nothing");
}

TEST(HostileKernels, IntegersWrap) {
  const auto big = [](Model m) {
    return m.constant("a", {1, 2}, {kHuge, kHuge}, kInt64).constant("b", {2, 1}, {4, 4}, kInt64);
  };
  expect_an_answer(big(Model()).op("MatMul", {"a", "b"}, {"y"}).out("y", {}, kInt64), "product");
  expect_an_answer(big(Model())
                       .whole("c", {kMost})
                       .op("Gemm", {"a", "b", "c"}, {"y"},
                           {{"alpha", 1e30F}, {"beta", std::numeric_limits<float>::quiet_NaN()}})
                       .out("y", {}, kInt64),
                   "gemm");
  expect_an_answer(big(Model())
                       .op("Einsum", {"a", "b"}, {"y"}, {{"equation", std::string("ij,jk->ik")}})
                       .out("y", {}, kInt64),
                   "sum");
  expect_an_answer(Model()
                       .constant("a", {1}, {-kHuge}, kInt64)
                       .whole("s", {4})
                       .op("PRelu", {"a", "s"}, {"y"})
                       .out("y", {}, kInt64),
                   "slope");
  expect_an_answer(Model()
                       .constant("a", {}, {kLeast}, kInt64)
                       .constant("b", {}, {kMost}, kInt64)
                       .constant("c", {}, {kHuge}, kInt64)
                       .op("Range", {"a", "b", "c"}, {"y"})
                       .out("y", {}, kInt64),
                   "range");
  expect_an_answer(Model()
                       .in("x", {4}, kInt8)
                       .real("s", {4}, {1, 1, 1, 1})
                       .op("DequantizeLinear", {"x", "s"}, {"y"},
                           {{"axis", std::int64_t{0}}, {"block_size", kHuge}})
                       .out("y"),
                   "blocks");
  expect_an_answer(Model()
                       .in("a", {3}, kUint8)
                       .real("s", {}, {1})
                       .constant("z", {}, {0}, kUint8)
                       .op("QLinearMatMul", {"a", "s", "z", "a", "s", "z", "s", "z"}, {"y"})
                       .out("y", {}, kUint8),
                   "of two vectors");
}

TEST(HostileKernels, Windows) {
  expect_an_answer(Model()
                       .in("x", {1, 1, 2})
                       .in("w", {1, 1, 1})
                       .op("ConvTranspose", {"x", "w"}, {"y"},
                           {{"output_shape", Dims{2}}, {"output_padding", Dims{kMost}}})
                       .out("y"),
                   "padding of the output");
  expect_an_answer(Model()
                       .in("x", {4, 0, 1})
                       .in("w", {0, 0, 1})
                       .op("Conv", {"x", "w"}, {"y"}, {{"group", kHuge}})
                       .out("y"),
                   "groups");
  expect_an_answer(Model(21)
                       .in("x", {4, 0})
                       .in("s", {0})
                       .op("GroupNormalization", {"x", "s", "s"}, {"y"}, {{"num_groups", kHuge}})
                       .out("y"),
                   "groups of channels");
  expect_an_answer(Model()
                       .in("x", {1, 0, 4194304})
                       .in("w", {1, 0, 2097152})
                       .op("Conv", {"x", "w"}, {"y"})
                       .out("y"),
                   "taps");
  expect_an_answer(Model()
                       .in("x", {1, 0, 1000000})
                       .in("w", {0, 1, 4000})
                       .op("ConvTranspose", {"x", "w"}, {"y"})
                       .out("y"),
                   "taps of the output");
  expect_an_answer(
      Model().in("x", {1, 1, 1000000}).in("w", {0, 1, 1000}).op("Conv", {"x", "w"}, {"y"}).out("y"),
      "no channels");
}

TEST(HostileKernels, WorkIsCounted) {
  expect_an_answer(Model(20).in("x", {1, 131072, 1}).op("DFT", {"x"}, {"y"}).out("y"), "transform");
  Model mel;
  for (const auto& [name, value] : {std::pair("b", 8), {"n", 1}, {"r", 1}})
    mel.constant(name, {}, {value}, kInt64);
  expect_an_answer(mel.real("l", {}, {0})
                       .real("h", {}, {2e9F})
                       .op("MelWeightMatrix", {"b", "n", "r", "l", "h"}, {"y"})
                       .out("y"),
                   "mel");
  expect_an_answer(Model()
                       .in("x", {1, 1000000})
                       .whole("s", {100000, 1})
                       .op("Resize", {"x", "", "", "s"}, {"y"})
                       .out("y"),
                   "between two sizes");
  expect_an_answer(
      Model().in("x", {1}).whole("s", {20000000}).op("Resize", {"x", "", "", "s"}, {"y"}).out("y"),
      "taps");
  Dims deep(34, 1), grid(34, 1);
  grid.back() = 32;
  expect_an_answer(
      Model(20)
          .in("x", deep)
          .in("g", grid)
          .op("GridSample", {"x", "g"}, {"y"}, {{"padding_mode", std::string("border")}})
          .out("y"),
      "axes of a grid");
  expect_an_answer(Model()
                       .in("x", {1 << 20, 1, 1})
                       .in("w", {1, 2048, 1})
                       .in("r", {1, 2048, 512})
                       .op("LSTM", {"x", "w", "r"}, {"", "y"}, {{"hidden_size", std::int64_t{512}}})
                       .out("y"),
                   "only the last state");
  expect_an_answer(Model()
                       .in("x", {0, 1, 0})
                       .in("w", {1 << 23, 1, 0})
                       .in("r", {1 << 23, 1, 1})
                       .op("RNN", {"x", "w", "r"}, {"y"}, {{"hidden_size", std::int64_t{1}}})
                       .out("y"),
                   "directions");
  Model shown;
  shown.in("x", {1 << 20}).op("Identity", {"x"}, {"y"});
  for (int i = 0; i < 2000; ++i) shown.out("y");
  expect_an_answer(shown, "one result many times");
  expect_an_answer(Model(7)
                       .in("x", Dims(60, 1))
                       .op("Upsample", {"x"}, {"y"}, {{"scales", Floats(60, 0.5F)}})
                       .out("y"),
                   "work that is no number");
}

TEST(HostileKernels, ExtentsWithoutElements) {
  for (const std::int64_t wide : {std::int64_t{1} << 40, std::int64_t{1} << 24}) {
    const auto of = [&](const Dims& dims) { return Model().in("x", dims); };
    expect_an_answer(of({wide, 0}).op("Softmax", {"x"}, {"y"}).out("y"), "softmax");
    expect_an_answer(
        of({wide, 0}).op("ArgMax", {"x"}, {"y"}, {{"axis", std::int64_t{0}}}).out("y", {}, kInt64),
        "argmax");
    expect_an_answer(
        of({wide, 1, 0}).op("LpNormalization", {"x"}, {"y"}, {{"axis", std::int64_t{1}}}).out("y"),
        "norm");
    expect_an_answer(of({wide, 0, 1}).in("b", {1, 1}).op("MatMul", {"x", "b"}, {"y"}).out("y"),
                     "product");
    expect_an_answer(
        of({wide, 1, 0}).in("s", {1}).op("InstanceNormalization", {"x", "s", "s"}, {"y"}).out("y"),
        "instance");
    expect_an_answer(
        of({wide, 0}).op("MeanVarianceNormalization", {"x"}, {"y"}, {{"axes", Dims{1}}}).out("y"),
        "variance");
    expect_an_answer(of({1, 1, wide, 0}).op("EyeLike", {"x"}, {"y"}).out("y"), "diagonal");
    expect_an_answer(of({wide, 0}).op("Unique", {"x"}, {"y"}, {{"axis", std::int64_t{0}}}).out("y"),
                     "unique");
    expect_an_answer(Model(23)
                         .in("q", {0, 1, 1, 1})
                         .in("k", {0, 1, wide, 1})
                         .op("Attention", {"q", "k", "k"}, {"y"})
                         .out("y"),
                     "attention");
  }
  expect_an_answer(Model()
                       .in("a", {1})
                       .in("b", {0})
                       .op("Einsum", {"a", "b"}, {"y"}, {{"equation", std::string("i,i->i")}})
                       .out("y"),
                   "an index of no extent");
  expect_an_answer(Model()
                       .in("x", {3})
                       .op("Einsum", {"x"}, {"y"}, {{"equation", std::string("...->......")}})
                       .out("y"),
                   "two ellipses");
}

}  // namespace
}  // namespace tilewright::testing

// The reference interpreter on models that the tests make; ONNX's own conformance tests are in
// tests/verify.
#include <gtest/gtest.h>

#include <limits>

#include <cmath>

#include "../error_id.h"
#include "frontend/interpret/interpreter.h"
#include "frontend/interpret/session.h"
#include "onnx_writer.h"
#include "support/random.h"

namespace tilewright::testing {
namespace {

Value reals(const Shape& shape, const std::vector<double>& values, DType type = DType::kFloat32) {
  Value value = make_value(DType::kFloat64, shape, Precision::kDeclared);
  value.elements = values;
  return converted(value, type, Precision::kDeclared);
}

Value ints(const Shape& shape, const std::vector<std::int64_t>& values,
           DType type = DType::kInt64) {
  Value value = make_value(DType::kInt64, shape, Precision::kDeclared);
  value.elements = values;
  return converted(value, type, Precision::kDeclared);
}

Value random_reals(const Shape& shape, const std::string& name) {
  RandomStream stream(1, name);
  std::vector<double> values(static_cast<std::size_t>(product(shape)));
  for (double& v : values) v = stream.normal();
  return reals(shape, values);
}

std::vector<Value> run(OnnxWriter& writer, const std::vector<Value>& inputs,
                       const RunOptions& options = {}) {
  const Graph graph = load_bytes(writer.bytes());
  return Interpreter(graph, options).run(inputs);
}

// One node with the inputs a, b, ... of the values' types and shapes, and output y.
std::vector<Value> run_node(const std::string& type, const std::vector<Value>& inputs,
                            const std::function<void(onnx::NodeProto&)>& attributes = {},
                            std::int64_t opset = 17) {
  const std::map<DType, int> types = {
      {DType::kFloat32, onnx::TensorProto::FLOAT}, {DType::kFloat16, onnx::TensorProto::FLOAT16},
      {DType::kInt64, onnx::TensorProto::INT64},   {DType::kInt8, onnx::TensorProto::INT8},
      {DType::kUint8, onnx::TensorProto::UINT8},   {DType::kInt32, onnx::TensorProto::INT32}};
  OnnxWriter writer(opset);
  std::vector<std::string> names;
  for (const Value& value : inputs) {
    names.push_back(std::string(1, static_cast<char>('a' + names.size())));
    writer.input(names.back(), value.shape, types.at(value.type));
  }
  onnx::NodeProto& node = writer.output("y").node(type, names, {"y"});
  if (attributes) attributes(node);
  return run(writer, inputs);
}

std::vector<double> result_of(const std::string& type, const std::vector<Value>& inputs,
                              const std::function<void(onnx::NodeProto&)>& attributes = {},
                              std::int64_t opset = 17) {
  return as_reals(run_node(type, inputs, attributes, opset).at(0));
}

using Reals = std::vector<double>;

TEST(Interpreter, BroadcastsFromBothSides) {
  const Reals y = result_of("Sub", {reals({3, 1}, {10, 20, 30}), reals({2}, {1, 2})});
  EXPECT_EQ(y, (Reals{9, 8, 19, 18, 29, 28}));
}

TEST(Interpreter, IntegersWrapAsTheirTypeDoes) {
  EXPECT_EQ(
      result_of("Add", {ints({2}, {127, -128}, DType::kInt8), ints({2}, {1, -1}, DType::kInt8)}),
      (Reals{-128, 127}));
  EXPECT_EQ(result_of("Mul", {ints({1}, {1LL << 62}), ints({1}, {4})}), Reals{0});
  EXPECT_EQ(result_of("Div", {ints({3}, {-7, 7, 5}), ints({3}, {2, -2, 0})}), (Reals{-3, -3, 0}));
}

TEST(Interpreter, HalfPrecisionRoundsAfterEveryOperator) {
  // 2048 + 1 lies between two float16 numbers, and ties go to the even one.
  EXPECT_EQ(
      result_of("Add", {reals({1}, {2048}, DType::kFloat16), reals({1}, {1}, DType::kFloat16)}),
      Reals{2048});
  EXPECT_EQ(
      result_of("Mul", {reals({1}, {60000}, DType::kFloat16), reals({1}, {2}, DType::kFloat16)}),
      Reals{std::numeric_limits<double>::infinity()});
}

TEST(Interpreter, Float64KeepsWhatFloat32WouldLose) {
  OnnxWriter writer;
  writer.input("x", {1}).input("z", {1}).output("y");
  writer.node("Add", {"x", "z"}, {"s"});
  writer.node("Sub", {"s", "x"}, {"y"});
  const std::vector<Value> inputs = {reals({1}, {1e8}), reals({1}, {1})};
  EXPECT_EQ(as_reals(run(writer, inputs)[0]), Reals{0});
  EXPECT_EQ(as_reals(run(writer, inputs, {Precision::kFloat64})[0]), Reals{1});
}

TEST(Interpreter, ProductsAgreeWithTheSums) {
  const Value a = random_reals({2, 3, 4}, "a"), b = random_reals({4, 5}, "b");
  const Reals y = result_of("MatMul", {a, b}), x = as_reals(a), w = as_reals(b);
  ASSERT_EQ(y.size(), 30U);
  for (std::size_t row = 0; row < 6; ++row) {
    for (std::size_t column = 0; column < 5; ++column) {
      double sum = 0;
      for (std::size_t k = 0; k < 4; ++k) sum += x[row * 4 + k] * w[k * 5 + column];
      EXPECT_NEAR(y[row * 5 + column], sum, 1e-6);
    }
  }
}

TEST(Interpreter, AConvolutionIsTheSumOverItsWindow) {
  const Value image = random_reals({1, 4, 5, 6}, "image"),
              kernel = random_reals({6, 2, 3, 2}, "kernel");
  const Reals y = result_of("Conv", {image, kernel}, [](onnx::NodeProto& node) {
    set_int(node, "group", 2);
    set_ints(node, "strides", {2, 1});
    set_ints(node, "pads", {1, 0, 1, 1});
  });
  const Reals x = as_reals(image), w = as_reals(kernel);
  constexpr std::int64_t kRows = 3, kColumns = 6;
  ASSERT_EQ(y.size(), 6U * kRows * kColumns);
  std::size_t at = 0;
  for (std::int64_t m = 0; m < 6; ++m) {
    for (std::int64_t r = 0; r < kRows; ++r) {
      for (std::int64_t c = 0; c < kColumns; ++c, ++at) {
        double sum = 0;
        for (std::int64_t k = 0; k < 12; ++k) {
          const std::int64_t channel = k / 6, row = 2 * r + k / 2 % 3 - 1, column = c + k % 2;
          if (row < 0 || row >= 5 || column >= 6) continue;
          sum += x[static_cast<std::size_t>(((m / 3 * 2 + channel) * 5 + row) * 6 + column)] *
                 w[static_cast<std::size_t>(m * 12 + k)];
        }
        EXPECT_NEAR(y[at], sum, 1e-5);
      }
    }
  }
}

TEST(Interpreter, AttentionIsItsPrimitives) {
  const Shape q_shape{2, 6, 3, 4}, kv_shape{2, 2, 5, 4};
  const Value q = random_reals(q_shape, "q"), k = random_reals(kv_shape, "k"),
              v = random_reals(kv_shape, "v");
  const Reals y = result_of(
      "Attention", {q, k, v}, [](onnx::NodeProto& node) { set_int(node, "is_causal", 1); }, 23);
  const Reals a = as_reals(q), b = as_reals(k), c = as_reals(v);
  for (std::size_t head = 0; head < 12; ++head) {
    const std::size_t shared =
        head / 6 * 2 + head % 6 / 3;  // three heads of queries share one of keys
    for (std::size_t s = 0; s < 3; ++s) {
      Reals weight(s + 1), out(4);
      double sum = 0;
      for (std::size_t t = 0; t <= s; ++t) {
        double score = 0;
        for (std::size_t d = 0; d < 4; ++d)
          score += a[(head * 3 + s) * 4 + d] * b[(shared * 5 + t) * 4 + d];
        sum += weight[t] = std::exp(score / 2);
      }
      for (std::size_t t = 0; t <= s; ++t) {
        for (std::size_t d = 0; d < 4; ++d) out[d] += weight[t] / sum * c[(shared * 5 + t) * 4 + d];
      }
      for (std::size_t d = 0; d < 4; ++d) EXPECT_NEAR(y[(head * 3 + s) * 4 + d], out[d], 1e-6);
    }
  }
}

TEST(Interpreter, ShapesMayComeFromData) {
  const std::vector<Value> y = run_node("NonZero", {ints({2, 3}, {0, 5, 0, 7, 0, 9})});
  EXPECT_EQ(y[0].shape, (Shape{2, 3}));
  EXPECT_EQ(as_ints(y[0]), (std::vector<std::int64_t>{0, 1, 1, 1, 0, 2}));
}

TEST(Interpreter, ValuesGoWhenNobodyNeedsThem) {
  // Forty tensors of 8 MB one after the other, of which 40 MB may be alive.
  OnnxWriter writer;
  writer.input("x", {1 << 20}).output("y39");
  std::string last = "x";
  for (int i = 0; i < 40; ++i) {
    writer.node("Neg", {last}, {"y" + std::to_string(i)});
    last = "y" + std::to_string(i);
  }
  RunOptions options;
  options.most_bytes = 40 << 20;
  const Value x = random_reals({1 << 20}, "x");
  EXPECT_EQ(as_reals(run(writer, {x}, options)[0]), as_reals(x));
  options.most_bytes = 4 << 20;
  EXPECT_EQ(id_of([&] { run(writer, {x}, options); }), "TW-RUN-004");
}

TEST(Interpreter, RefusesByName) {
  OnnxWriter unknown;
  unknown.input("x", {2}).output("y").node("Mystery", {"x"}, {"y"}, "example.com");
  LoadOptions options;
  options.allow_opaque = true;
  const Graph graph = load_bytes(unknown.bytes(), options);
  EXPECT_EQ(id_of([&] { Interpreter{graph}; }), "TW-RUN-006");

  EXPECT_EQ(id_of([&] {
              run_node("Gather", {reals({2}, {1, 2}), ints({1}, {2})});
            }),
            "TW-SHAPE-001");
  EXPECT_EQ(id_of([&] { run_node("Add", {reals({2}, {1, 2})}); }), "TW-OP-005");
  EXPECT_EQ(id_of([&] { run_node("Exp", {ints({1}, {2})}); }), "TW-RUN-001");
}

// Found by the fuzzer; each read beyond a tensor's end, or past a shape that is not there.
TEST(Interpreter, RefusesWhatDoesNotFit) {
  EXPECT_EQ(
      id_of([&] {
        run_node("LayerNormalization", {random_reals({1, 2}, "x"), random_reals({1, 5}, "scale")});
      }),
      "TW-SHAPE-001");
  EXPECT_EQ(id_of([&] {
              run_node("RotaryEmbedding",
                       {random_reals({1, 2, 3, 4}, "x"), random_reals({1, 1, 2}, "c"),
                        random_reals({1, 1, 2}, "s")},
                       {}, 23);
            }),
            "TW-SHAPE-001");
  EXPECT_EQ(
      id_of([&] {
        run_node("STFT", {random_reals({1, 80}, "signal"), random_reals({1, 2, 3, 4}, "step")});
      }),
      "TW-SHAPE-002");
}

// Found by the fuzzer as too slow: where a window takes from was worked out anew for every plane.
TEST(Interpreter, ConvolvesManyPlanes) {
  const auto ones = [](const Shape& shape) {
    return reals(shape, std::vector<double>(static_cast<std::size_t>(product(shape)), 1));
  };
  const std::vector<Value> y = run_node("Conv", {ones({96, 2, 115, 38}), ones({1, 2, 22, 4})});
  EXPECT_EQ(y.at(0).shape, (Shape{96, 1, 94, 35}));
  for (const double v : as_reals(y.at(0))) ASSERT_EQ(v, 2 * 22 * 4);
}

// Found by the fuzzer, the first two of these: C++ leaves open what a real beyond an integer
// becomes.
TEST(Interpreter, RealsBecomeIntegersWithinTheirType) {
  const Value x = ints({2}, {-3, 7});
  const auto with = [](const std::string& name, float value) {
    return [=](onnx::NodeProto& node) {
      auto& attribute = *node.add_attribute();
      attribute.set_name(name);
      attribute.set_type(onnx::AttributeProto::FLOAT);
      attribute.set_f(value);
    };
  };
  const std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                     most = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t draw :
       as_ints(run_node("RandomNormalLike", {x}, with("scale", 1e38F)).at(0)))
    EXPECT_TRUE(draw == least || draw == most);
  EXPECT_EQ(as_ints(run_node("Pow", {ints({2}, {3, 7}), reals({1}, {1e6})}).at(0)),
            (std::vector<std::int64_t>(2, most)));
  EXPECT_EQ(as_ints(run_node("ReduceLogSum", {ints({2}, {0, 0})}).at(0)),
            (std::vector<std::int64_t>{least}));
  EXPECT_EQ(as_ints(run_node("ReduceLogSumExp", {ints({2}, {0, 0})}).at(0)),
            (std::vector<std::int64_t>{0}));
  EXPECT_EQ(as_ints(run_node("ReduceL2", {ints({2}, {3, 4})}).at(0)),
            (std::vector<std::int64_t>{5}));
  EXPECT_EQ(as_ints(run_node("Shrink", {x}, with("bias", -1e38F)).at(0)),
            (std::vector<std::int64_t>{least, most}));
}

// Found by the fuzzer too, and while looking at what it found.
TEST(Interpreter, SlicesWithAnyStepAndNoAxisTwice) {
  const Value x = reals({2, 6}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  for (const std::int64_t step : {std::int64_t{7}, std::int64_t{1} << 62}) {
    const std::vector<Value> y =
        run_node("Slice", {x, ints({1}, {2}), ints({1}, {6}), ints({1}, {1}), ints({1}, {step})});
    EXPECT_EQ(as_reals(y.at(0)), (std::vector<double>{2, 8}));
  }
  EXPECT_EQ(id_of([&] {
              run_node("Slice", {x, ints({2}, {1, 1}), ints({2}, {2, 2}), ints({2}, {0, 0})});
            }),
            "TW-SHAPE-001");
}

TEST(Interpreter, RefusesZeroPointsIndicesAndBoxesThatDoNotFit) {
  const auto int8 = [](const Shape& shape) {
    return ints(shape, std::vector<std::int64_t>(static_cast<std::size_t>(product(shape)), 1),
                DType::kInt8);
  };
  // The scale has one element a channel, the zero point too few.
  EXPECT_EQ(id_of([&] {
              run_node("DequantizeLinear", {int8({1, 4}), random_reals({4}, "s"), int8({2})});
            }),
            "TW-SHAPE-001");
  EXPECT_EQ(id_of([&] {
              run_node("GatherElements", {random_reals({2, 3}, "x"), ints({1, 1, 1}, {0})});
            }),
            "TW-SHAPE-001");
  EXPECT_EQ(id_of([&] {
              run_node("NonMaxSuppression", {random_reals({1, 3, 2}, "boxes"),
                                             random_reals({1, 1, 3}, "scores"), ints({1}, {2})});
            }),
            "TW-SHAPE-001");
}

// Rules of reading that third parties' models need; docs/decisions.md.
TEST(Interpreter, ALaterConstantOfTheSameNameIsMeant) {
  OnnxWriter writer;
  writer.input("x", {1}).output("y");
  for (const float value : {3.F, 5.F}) {
    auto& attribute = *writer.node("Constant", {}, {"c"}).add_attribute();
    attribute.set_name("value_float");
    attribute.set_type(onnx::AttributeProto::FLOAT);
    attribute.set_f(value);
  }
  writer.node("Mul", {"x", "c"}, {"y"});
  EXPECT_EQ(as_reals(run(writer, {reals({1}, {2})})[0]), Reals{10});
}

TEST(Interpreter, SoftmaxOfPulpModelsIsAlongTheLastAxis) {
  for (const bool pulp : {false, true}) {
    OnnxWriter writer(10);
    writer.input("x", {1, 2, 2}).output("y");
    writer.weight("gain", {2});
    writer.node("Softmax", {"x"}, {"y"});
    if (pulp) writer.node("RMSNorm", {"x", "gain"}, {"z"});
    const Reals y = as_reals(run(writer, {reals({1, 2, 2}, {0, 0, 0, 0})})[0]);
    EXPECT_EQ(y, Reals(4, pulp ? 0.5 : 0.25));
  }
}

TEST(Interpreter, ABranchThatWasChosenIsNotRun) {
  OnnxWriter writer;
  writer.input("c", {}, onnx::TensorProto::BOOL).input("x", {2}).output("y");
  auto& node = writer.node("If", {"c"}, {"y"});
  for (const char* name : {"then_branch", "else_branch"}) {
    auto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::GRAPH);
    auto& inner = *attribute.mutable_g()->add_node();
    inner.set_op_type("Neg");
    inner.add_input("x");
    inner.add_output("n");
    attribute.mutable_g()->add_output()->set_name("n");
  }
  const Graph graph = load_bytes(writer.bytes());
  EXPECT_EQ(id_of([&] { Interpreter{graph}; }), "TW-RUN-006");
}

TEST(Interpreter, LimitsWork) {
  RunOptions options;
  options.most_work = 1000;
  OnnxWriter writer;
  writer.input("x", {64, 64}).output("y").node("MatMul", {"x", "x"}, {"y"});
  EXPECT_EQ(id_of([&] { run(writer, {random_reals({64, 64}, "x")}, options); }), "TW-RUN-011");
  options.most_work = 1e6;
  EXPECT_EQ(id_of([&] { run(writer, {random_reals({64, 64}, "x")}, options); }), "");
}

TEST(Interpreter, WatchesEveryTensor) {
  OnnxWriter writer;
  writer.input("x", {2}).output("y");
  writer.node("Neg", {"x"}, {"n"});
  writer.node("Relu", {"n"}, {"y"});
  const Graph graph = load_bytes(writer.bytes());
  Interpreter interpreter(graph);
  std::vector<std::string> seen;
  interpreter.watch([&](const Node& node, std::int32_t tensor, const Value& value) {
    seen.push_back(node.type + " " + graph.tensors[static_cast<std::size_t>(tensor)].name + " " +
                   std::to_string(value.count()));
  });
  interpreter.run({reals({2}, {1, -1})});
  EXPECT_EQ(seen, (std::vector<std::string>{"Neg n 2", "Relu y 2"}));
}

// One unit, so that its formulas are a line each.
TEST(Interpreter, RecurrentUnitsFollowTheirFormulas) {
  const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  const Reals x = {0.3, -1.2, 0.8};
  const auto column = [](const Reals& v, std::int64_t rows) { return reals({1, rows, 1}, v); };
  const auto hidden = [](onnx::NodeProto& node) { set_int(node, "hidden_size", 1); };
  {
    const Reals w = {0.5, -0.4, 0.9, 0.7}, r = {0.2, 0.1, -0.3, 0.6},
                b = {0.1, 0, 0.2, -0.1, 0, 0.3, 0, 0.05};
    const Reals y = result_of(
        "LSTM", {reals({3, 1, 1}, x), column(w, 4), column(r, 4), reals({1, 8}, b)}, hidden);
    double h = 0, c = 0;
    for (std::size_t t = 0; t < x.size(); ++t) {
      const auto gate = [&](std::size_t g) { return w[g] * x[t] + r[g] * h + b[g] + b[4 + g]; };
      const double in = sigmoid(gate(0)), out = sigmoid(gate(1)), forget = sigmoid(gate(2));
      c = forget * c + in * std::tanh(gate(3));
      h = out * std::tanh(c);
      EXPECT_NEAR(y[t], h, 1e-6);
    }
  }
  for (const bool after : {false, true}) {
    const Reals w = {0.5, -0.4, 0.9}, r = {0.2, 0.1, -0.3}, b = {0.1, 0, 0.2, 0, 0.3, -0.2};
    const Reals y =
        result_of("GRU", {reals({3, 1, 1}, x), column(w, 3), column(r, 3), reals({1, 6}, b)},
                  [&](onnx::NodeProto& node) {
                    set_int(node, "hidden_size", 1);
                    set_int(node, "linear_before_reset", after ? 1 : 0);
                  });
    double h = 0;
    for (std::size_t t = 0; t < x.size(); ++t) {
      const double z = sigmoid(w[0] * x[t] + r[0] * h + b[0] + b[3]);
      const double reset = sigmoid(w[1] * x[t] + r[1] * h + b[1] + b[4]);
      const double past = after ? reset * (r[2] * h + b[5]) : r[2] * (reset * h) + b[5];
      h = (1 - z) * std::tanh(w[2] * x[t] + past + b[2]) + z * h;
      EXPECT_NEAR(y[t], h, 1e-6);
    }
  }
  const Reals y = result_of("RNN", {reals({3, 1, 1}, x), column({0.5}, 1), column({0.2}, 1)},
                            [](onnx::NodeProto& node) {
                              set_int(node, "hidden_size", 1);
                              set_string(node, "direction", "reverse");
                            });
  double h = 0;
  for (std::size_t t = x.size(); t-- > 0;) {
    h = std::tanh(0.5 * x[t] + 0.2 * h);
    EXPECT_NEAR(y[t], h, 1e-6);
  }
}

TEST(Interpreter, FourierTransforms) {
  const Value signal = random_reals({1, 6, 1}, "signal");
  const Reals x = as_reals(signal), y = result_of("DFT", {signal});
  ASSERT_EQ(y.size(), 12U);
  for (std::size_t k = 0; k < 6; ++k) {
    double real = 0, imaginary = 0;
    for (std::size_t n = 0; n < 6; ++n) {
      const double angle = 2 * M_PI * static_cast<double>(k * n) / 6;
      real += x[n] * std::cos(angle);
      imaginary -= x[n] * std::sin(angle);
    }
    EXPECT_NEAR(y[2 * k], real, 1e-5);
    EXPECT_NEAR(y[2 * k + 1], imaginary, 1e-5);
  }
  const Reals back = result_of("DFT", {reals({1, 6, 2}, y)},
                               [](onnx::NodeProto& node) { set_int(node, "inverse", 1); });
  for (std::size_t n = 0; n < 6; ++n) EXPECT_NEAR(back[2 * n], x[n], 1e-5);
}

TEST(Session, MatchesTensorsToInputs) {
  OnnxWriter writer;
  writer.open_input("x", {"batch", "2"}).open_input("z", {"batch", "2"}).output("y");
  writer.node("Sub", {"x", "z"}, {"y"});
  const TemporaryFolder folder;
  const auto file = folder.write("m.onnx", writer.bytes());
  const Value three = random_reals({3, 2}, "three"), other = random_reals({3, 2}, "other");
  const Session named = open_session(file, {{"z", other}, {"x", three}}, {});
  EXPECT_EQ(as_reals(named.inputs[0]), as_reals(three));
  EXPECT_EQ(named.graph.tensors[static_cast<std::size_t>(named.graph.outputs[0])].shape,
            (Shape{3, 2}));
  const Session placed = open_session(file, {{"arr_0", three}, {"arr_1", other}}, {});
  EXPECT_EQ(as_reals(placed.inputs[1]), as_reals(other));

  EXPECT_EQ(id_of([&] { open_session(file, {{"x", three}}, {}); }), "TW-RUN-010");
  EXPECT_EQ(id_of([&] {
              open_session(file, {{"x", three}, {"z", other}, {"w", other}}, {});
            }),
            "TW-RUN-010");
  EXPECT_EQ(id_of([&] {
              open_session(file, {{"x", three}, {"z", random_reals({2, 2}, "two")}}, {});
            }),
            "TW-ONNX-052");
  const Session drawn = open_session(file, {{"x", three}}, {}, Unfed::kRandom, 7);
  EXPECT_EQ(drawn.inputs[1].shape, (Shape{3, 2}));
  EXPECT_EQ(as_reals(drawn.inputs[1]),
            as_reals(open_session(file, {{"x", three}}, {}, Unfed::kRandom, 7).inputs[1]));
}

}  // namespace
}  // namespace tilewright::testing

// Counts of single operators against their closed forms, and the rules of the workload.
#include <gtest/gtest.h>

#include <numeric>

#include "onnx_writer.h"

namespace tilewright::testing {
namespace {

constexpr int kHalf = onnx::TensorProto::FLOAT16;

TEST(Counts, GroupedDilatedStridedConvolution) {
  OnnxWriter w;
  w.input("x", {2, 6, 17, 19}).weight("k", {9, 2, 3, 5}).weight("b", {9}).output("y");
  auto& conv = w.node("Conv", {"x", "k", "b"}, {"y"});
  set_int(conv, "group", 3);
  set_ints(conv, "strides", {2, 3});
  set_ints(conv, "dilations", {2, 1});
  set_ints(conv, "pads", {1, 2, 1, 0});
  // (17 + 2 - 5) / 2 + 1 = 8 rows, (19 + 2 - 5) / 3 + 1 = 6 columns
  const Workload workload = count_bytes(w.bytes());
  const WorkOp& op = workload.ops.at(0);
  EXPECT_EQ(op.kind, OpKind::kConv);
  EXPECT_EQ(op.groups, 3);
  EXPECT_EQ(op.positions, 2 * 8 * 6);
  EXPECT_EQ(op.k, 2 * 3 * 5);
  EXPECT_EQ(op.m, 3);
  EXPECT_EQ(op.flops, 2.0 * (2 * 9 * 8 * 6) * (2 * 3 * 5));
  EXPECT_EQ(op.output_bytes, 4 * 2 * 9 * 8 * 6);
  EXPECT_EQ(op.weight_count, 9 * 2 * 3 * 5 + 9);
}

TEST(Counts, TransposedConvolution) {
  OnnxWriter w;
  w.input("x", {1, 4, 5, 5}).weight("k", {4, 3, 3, 3}).output("y");
  set_ints(w.node("ConvTranspose", {"x", "k"}, {"y"}), "strides", {2, 2});
  const Workload workload = count_bytes(w.bytes());
  EXPECT_EQ(workload.ops.at(0).flops, 2.0 * (4 * 5 * 5) * (3 * 3 * 3));
  EXPECT_EQ(workload.ops.at(0).output_bytes, 4 * 3 * 11 * 11);
}

TEST(Counts, BatchedProducts) {
  OnnxWriter w;
  w.input("x", {2, 1, 5, 7}).input("z", {3, 7, 11}).output("y");
  w.node("MatMul", {"x", "z"}, {"y"});
  const Workload workload = count_bytes(w.bytes());
  const WorkOp& op = workload.ops.at(0);
  EXPECT_EQ(op.flops, 2.0 * 2 * 3 * 5 * 7 * 11);
  EXPECT_EQ(op.groups, 6);
  EXPECT_EQ(op.output_bytes, 4 * 2 * 3 * 5 * 11);
}

TEST(Counts, EinsumIsTheProductItDescribes) {
  OnnxWriter w;
  w.input("q", {2, 5, 3, 4}).input("k", {2, 7, 3, 4}).output("y");
  set_string(w.node("Einsum", {"q", "k"}, {"y"}), "equation", "bqhd, bkhd -> bhqk");
  const Workload workload = count_bytes(w.bytes());
  const WorkOp& op = workload.ops.at(0);
  EXPECT_EQ(op.groups, 2 * 3);
  EXPECT_EQ(op.positions, 5);
  EXPECT_EQ(op.k, 4);
  EXPECT_EQ(op.m, 7);
  EXPECT_EQ(op.output_bytes, 4 * 2 * 3 * 5 * 7);
}

TEST(Counts, LstmIsOneProductAStep) {
  OnnxWriter w;
  w.input("x", {6, 2, 10}).weight("W", {2, 4 * 8, 10}).weight("R", {2, 4 * 8, 8}).output("y");
  auto& lstm = w.node("LSTM", {"x", "W", "R"}, {"y"});
  set_int(lstm, "hidden_size", 8);
  set_string(lstm, "direction", "bidirectional");
  const Workload workload = count_bytes(w.bytes());
  EXPECT_EQ(workload.ops.at(0).flops, 2.0 * 2 * 6 * 2 * (10 + 8) * 4 * 8);
  EXPECT_EQ(workload.ops.at(0).output_bytes, 4 * 6 * 2 * 2 * 8);
}

TEST(Counts, QuantisedProductsCountAsTensorWork) {
  OnnxWriter w;
  w.input("x", {3, 8}, onnx::TensorProto::UINT8).weight("k", {8, 5}, onnx::TensorProto::UINT8);
  w.output("y");
  w.node("MatMulInteger", {"x", "k"}, {"y"});
  const Workload workload = count_bytes(w.bytes());
  EXPECT_EQ(workload.ops.at(0).flops, 2.0 * 3 * 8 * 5);
  EXPECT_EQ(workload.ops.at(0).output_bytes, 4 * 3 * 5);  // int32
  EXPECT_EQ(workload.totals.weight_bytes, 40);
}

TEST(Counts, DequantisedWeightsStayQuantisedAndBelongToTheirUser) {
  OnnxWriter w;
  w.input("x", {1, 8}).weight("k", {8, 5}, onnx::TensorProto::INT8).weight("s", {}).output("y");
  w.node("DequantizeLinear", {"k", "s"}, {"d"});
  w.node("MatMul", {"x", "d"}, {"y"});
  const Workload workload = count_bytes(w.bytes());
  EXPECT_EQ(op_named(workload, "the_d").kind, OpKind::kShape);
  EXPECT_EQ(op_named(workload, "the_y").weight_bytes, 40 + 4);
}

TEST(Counts, SharedWeightsBelongToTheLargerConsumer) {
  OnnxWriter w;
  w.input("i", {1}, onnx::TensorProto::INT64).weight("embed", {32, 8}).output("y");
  w.node("Gather", {"embed", "i"}, {"e"});
  set_ints(w.node("Transpose", {"embed"}, {"t"}), "perm", {1, 0});
  w.node("MatMul", {"e", "t"}, {"y"});
  const Workload workload = count_bytes(w.bytes());
  EXPECT_EQ(workload.totals.parameters, 256);
  EXPECT_EQ(op_named(workload, "the_e").weight_count, 0);
  EXPECT_EQ(op_named(workload, "the_y").weight_count, 256);
  // The lookup reads one row, not the table.
  EXPECT_EQ(op_named(workload, "the_e").memory_bytes, 8 + 32 + 32);
}

// Three experts [8, 5], of which a router picks two for the one token.
OnnxWriter router() {
  OnnxWriter w;
  w.input("x", {1, 1, 8}).weight("r", {8, 3}).weight("k", {3, 8, 5}).ints("two", {2});
  w.output("y");
  w.node("MatMul", {"x", "r"}, {"logits"});
  w.node("TopK", {"logits", "two"}, {"most", "which"}).set_name("the_which");
  w.node("Gather", {"k", "which"}, {"picked"});
  return w;
}

TEST(Counts, ExpertsAreReadWhereTheyAreStored) {
  OnnxWriter w = router();
  w.ints("shape", {1, 1, 1, 8});
  w.node("Reshape", {"x", "shape"}, {"rows"});
  w.node("MatMul", {"rows", "picked"}, {"y"});
  const Workload workload = count_bytes(w.bytes());
  EXPECT_EQ(op_named(workload, "the_picked").kind, OpKind::kShape);
  EXPECT_EQ(op_named(workload, "the_picked").weight_count, 0);
  const WorkOp& op = op_named(workload, "the_y");
  EXPECT_EQ(op.weight_count, 3 * 8 * 5);
  EXPECT_EQ(op.experts, 3);
  EXPECT_EQ(op.chosen, 2);
  EXPECT_EQ(op.flops, 2.0 * 2 * 8 * 5);
  // The row and the choice come in, not the weights.
  EXPECT_EQ(op.input_bytes, 4 * 8 + 8 * 2);
  EXPECT_EQ(op.memory_bytes, 4 * 8 + 8 * 2 + 4 * 2 * 8 * 5 + 4 * 2 * 5);
  ASSERT_EQ(op.producers.size(), 1U);
  EXPECT_EQ(workload.ops[static_cast<std::size_t>(op.producers[0])].name, "the_which");
  EXPECT_EQ(op.producer_bytes, (std::vector<std::int64_t>{16}));
  EXPECT_EQ(workload.totals.activation_bytes, 16 + 4 * 3);
}

// The same behind rearrangements, and with the weights as the left factor.
TEST(Counts, ExpertsMayBeRearrangedOrOnTheLeft) {
  OnnxWriter w = router();
  w.ints("shape", {1, 1, 1, 8}).ints("column", {1, 1, 8, 1});
  set_ints(w.node("Transpose", {"picked"}, {"turned"}), "perm", {0, 1, 2, 4, 3});
  w.node("Reshape", {"x", "column"}, {"rows"});
  w.node("MatMul", {"turned", "rows"}, {"y"});
  const Workload workload = count_bytes(w.bytes());
  EXPECT_EQ(op_named(workload, "the_turned").kind, OpKind::kShape);
  const WorkOp& op = op_named(workload, "the_y");
  EXPECT_EQ(op.experts, 3);
  EXPECT_EQ(op.groups * op.m, 2 * 5);
  EXPECT_EQ(op.positions, 1);
  EXPECT_EQ(op.k, 8);
  EXPECT_EQ(op.weight_count, 3 * 8 * 5);
}

// What else is done with them needs a copy.
TEST(Counts, WeightsThatAreNotOnlyMultipliedAreMoved) {
  OnnxWriter shown = router(), added = router(), squared = router(), table;
  for (OnnxWriter* w : {&shown, &added}) {
    w->ints("shape", {1, 1, 1, 8});
    w->node("Reshape", {"x", "shape"}, {"rows"});
    w->node("MatMul", {"rows", "picked"}, {"y"});
  }
  shown.output("picked");
  added.output("z").node("Add", {"picked", "picked"}, {"z"});
  set_ints(squared.node("Transpose", {"picked"}, {"turned"}), "perm", {0, 1, 2, 4, 3});
  squared.node("MatMul", {"picked", "turned"}, {"y"});
  table.input("i", {2}, onnx::TensorProto::INT64).input("x", {1, 8}).weight("k", {32, 8});
  table.output("y").node("Gather", {"k", "i"}, {"picked"});
  set_ints(table.node("Transpose", {"picked"}, {"turned"}), "perm", {1, 0});
  table.node("MatMul", {"x", "turned"}, {"y"});
  for (const OnnxWriter* w : {&shown, &added, &squared, &table}) {
    const Workload workload = count_bytes(w->bytes());
    EXPECT_EQ(op_named(workload, "the_picked").kind, OpKind::kMove);
    EXPECT_GT(op_named(workload, "the_picked").weight_count, 0);
    EXPECT_EQ(op_named(workload, "the_y").experts, 0);
  }
}

TEST(Counts, TiesGoToTheFirstAndUnusedWeightsAreKept) {
  OnnxWriter w;
  w.input("x", {4, 4}).weight("k", {4, 4}).weight("unused", {7}).output("z");
  w.node("MatMul", {"x", "k"}, {"y"});
  w.node("MatMul", {"y", "k"}, {"z"});
  const Workload workload = count_bytes(w.bytes());
  EXPECT_EQ(op_named(workload, "the_y").weight_count, 16 + 7);
  EXPECT_EQ(op_named(workload, "the_z").weight_count, 0);
}

TEST(Counts, EdgesSkipNodesWithoutWork) {
  OnnxWriter w;
  w.input("x", {2, 8}).ints("s", {4, 4}).output("z");
  w.node("Relu", {"x"}, {"a"});
  w.node("Reshape", {"a", "s"}, {"b"});
  w.node("Mul", {"b", "b"}, {"z"});
  const Workload workload = count_bytes(w.bytes());
  const WorkOp& op = op_named(workload, "the_z");
  EXPECT_EQ(op.producers, std::vector<std::int32_t>{0});
  EXPECT_EQ(op.producer_bytes, std::vector<std::int64_t>{64});  // read once
  EXPECT_EQ(workload.ops[0].consumers, std::vector<std::int32_t>{2});
  EXPECT_TRUE(op_named(workload, "the_b").producers.empty());
}

TEST(Counts, ATransposeThatMovesNothingIsFree) {
  OnnxWriter w;
  w.input("x", {1, 1, 4, 8}).output("z");
  w.node("Relu", {"x"}, {"a"});
  set_ints(w.node("Transpose", {"a"}, {"b"}), "perm", {0, 2, 1, 3});
  set_ints(w.node("Transpose", {"b"}, {"z"}), "perm", {0, 3, 1, 2});
  const Workload workload = count_bytes(w.bytes());
  EXPECT_EQ(op_named(workload, "the_b").kind, OpKind::kShape);
  EXPECT_EQ(op_named(workload, "the_z").kind, OpKind::kMove);
  EXPECT_EQ(op_named(workload, "the_z").memory_bytes, 2 * 128);
}

// One attention step with a cache, decomposed: 3 query heads on 1 stored head, past of 10.
TEST(Counts, DecomposedCacheIsReadInPlace) {
  OnnxWriter w;
  w.open_input("q", {"batch", "3", "seq", "4"}, kHalf)
      .open_input("k", {"batch", "1", "seq", "4"}, kHalf);
  w.open_input("past_k", {"batch", "1", "past", "4"}, kHalf);
  w.open_input("past_v", {"batch", "1", "past", "4"}, kHalf);
  w.ints("all", {1, 3, 11, 4}).output("y").output("present_k").output("present_v");
  w.node("Relu", {"q"}, {"query"});
  w.node("Relu", {"k"}, {"key"});
  w.node("Neg", {"k"}, {"value"});
  set_int(w.node("Concat", {"past_k", "key"}, {"present_k"}), "axis", 2);
  set_int(w.node("Concat", {"past_v", "value"}, {"present_v"}), "axis", -2);
  w.node("Expand", {"present_k", "all"}, {"keys"});
  w.node("Expand", {"present_v", "all"}, {"values"});
  set_ints(w.node("Transpose", {"keys"}, {"turned"}), "perm", {0, 1, 3, 2});
  w.node("MatMul", {"query", "turned"}, {"scores"});
  w.node("Softmax", {"scores"}, {"soft"});
  w.node("MatMul", {"soft", "values"}, {"y"});
  LoadOptions options;
  options.context = 10;
  const Workload workload = count_bytes(w.bytes(), options);
  EXPECT_TRUE(workload.has_kv_cache);
  EXPECT_EQ(workload.unit, "token");
  EXPECT_EQ(workload.totals.kv_bytes_per_token, 2 * 4 * 2);  // K and V, 4 halves
  EXPECT_EQ(workload.totals.context, 10);
  EXPECT_EQ(workload.totals.layers, 1);
  EXPECT_EQ(workload.totals.kv_heads, 1);
  EXPECT_EQ(workload.totals.head_dim, 4);
  EXPECT_EQ(op_named(workload, "the_present_k").kv_write_bytes, 8);
  EXPECT_EQ(op_named(workload, "the_present_k").output_bytes, 0);
  EXPECT_EQ(op_named(workload, "the_keys").kind, OpKind::kShape);
  EXPECT_EQ(op_named(workload, "the_turned").kind, OpKind::kShape);
  // Stored bytes, not the three-fold repetition.
  EXPECT_EQ(op_named(workload, "the_scores").kv_read_bytes, 11 * 8);
  EXPECT_EQ(op_named(workload, "the_y").kv_read_bytes, 11 * 8);
  EXPECT_EQ(op_named(workload, "the_scores").flops, 2.0 * 3 * 11 * 4);
}

TEST(Counts, TwoJoinedActivationsAreNoCache) {
  OnnxWriter w;
  w.input("x", {1, 2, 8, 8}).input("skip", {1, 2, 8, 8}).weight("k", {4, 4, 3, 3}).output("y");
  w.node("Relu", {"x"}, {"a"});
  set_int(w.node("Concat", {"a", "skip"}, {"b"}), "axis", 1);
  w.node("Conv", {"b", "k"}, {"y"});
  const Workload workload = count_bytes(w.bytes());
  EXPECT_FALSE(workload.has_kv_cache);
  EXPECT_EQ(workload.unit, "inference");
}

TEST(Counts, GroupedQueryAttention) {
  OnnxWriter w;
  w.model().add_opset_import()->set_domain("com.microsoft");
  w.input("q", {1, 1, 32}, kHalf).input("k", {1, 1, 16}, kHalf).input("v", {1, 1, 16}, kHalf);
  w.open_input("past_k", {"1", "2", "past", "8"}, kHalf);
  w.open_input("past_v", {"1", "2", "past", "8"}, kHalf);
  w.output("y");
  auto& node = w.node("GroupQueryAttention", {"q", "k", "v", "past_k", "past_v"},
                      {"y", "present_k", "present_v"}, "com.microsoft");
  set_int(node, "num_heads", 4);
  set_int(node, "kv_num_heads", 2);
  LoadOptions options;
  options.context = 100;
  const Workload workload = count_bytes(w.bytes(), options);
  const WorkOp& op = workload.ops.at(0);
  EXPECT_EQ(op.flops, 2.0 * 2 * 4 * 8 * 101);
  EXPECT_EQ(op.kv_read_bytes, 2 * 2 * 8 * 2 * 101);
  EXPECT_EQ(op.kv_write_bytes, 2 * 2 * 8 * 2);
  EXPECT_EQ(workload.totals.kv_bytes_per_token, 2 * 2 * 8 * 2);
}

TEST(Counts, PackedAttentionHasItsProjectionApart) {
  OnnxWriter w;
  w.model().add_opset_import()->set_domain("com.microsoft");
  w.input("x", {1, 6, 16}).weight("k", {16, 48}).weight("b", {48}).output("y");
  set_int(w.node("Attention", {"x", "k", "b"}, {"y"}, "com.microsoft"), "num_heads", 4);
  const Workload workload = count_bytes(w.bytes());
  ASSERT_EQ(workload.ops.size(), 2U);
  EXPECT_EQ(workload.ops[0].flops, 2.0 * 6 * 16 * 48);
  EXPECT_EQ(workload.ops[0].weight_count, 16 * 48 + 48);
  EXPECT_EQ(workload.ops[1].flops, 2.0 * 2 * 4 * 6 * 6 * 4);
  EXPECT_EQ(workload.ops[1].producers, std::vector<std::int32_t>{0});
  EXPECT_EQ(workload.ops[0].consumers, std::vector<std::int32_t>{1});
  EXPECT_EQ(workload.totals.operators, 1);
}

TEST(Counts, OpsOnlyAnImageReachesRunOnceARequest) {
  OnnxWriter w;
  w.input("pixel_values", {1, 3, 8, 8}, kHalf).weight("p", {4, 3, 8, 8}, kHalf);
  w.open_input("q", {"1", "1", "seq", "4"}, kHalf);
  w.open_input("past_k", {"1", "1", "past", "4"}, kHalf).output("y");
  w.ints("s", {1, 1, 1, 4});
  w.node("Conv", {"pixel_values", "p"}, {"image"});
  w.node("Reshape", {"image", "s"}, {"feature"});
  w.node("Add", {"feature", "q"}, {"query"});
  set_int(w.node("Concat", {"past_k", "query"}, {"present"}), "axis", 2);
  set_ints(w.node("Transpose", {"present"}, {"turned"}), "perm", {0, 1, 3, 2});
  w.node("MatMul", {"query", "turned"}, {"y"});
  LoadOptions options;
  options.context = 64;
  const Workload workload = count_bytes(w.bytes(), options);
  EXPECT_EQ(op_named(workload, "the_image").runs, 1.0 / 64);
  EXPECT_EQ(op_named(workload, "the_query").runs, 1);
  EXPECT_EQ(workload.totals.conv_flops, 2.0 * 4 * 192 / 64);
}

TEST(Counts, HazardsAreShares) {
  OnnxWriter w;
  w.input("x", {4, 4}).weight("k", {4, 4}).output("z");
  w.node("MatMul", {"x", "k"}, {"y"});
  w.node("Gelu", {"y"}, {"g"});
  set_int(w.node("Softmax", {"g"}, {"z"}), "axis", -1);
  for (const WorkOp& op : count_bytes(w.bytes()).ops) {
    EXPECT_GT(op.raw, 0);
    EXPECT_GT(op.war, 0);
    EXPECT_LE(op.raw + op.war, 1.0 + 1e-12) << op.name;
    EXPECT_GE(op.waw, 0);
    EXPECT_LE(op.waw, 1);
  }
}

TEST(Counts, LayersComeFromNames) {
  OnnxWriter w;
  w.input("x", {1, 8}).output("z");
  w.node("Relu", {"x"}, {"a"}).set_name("/model/layers.11/act/Relu");
  w.node("Neg", {"a"}, {"b"}).set_name("plain");
  w.node("Abs", {"b"}, {"c"}).set_name("/model/layers.12/Abs");
  w.node("Exp", {"c"}, {"z"}).set_name("head");
  const Workload workload = count_bytes(w.bytes());
  EXPECT_EQ(workload.ops[0].layer, 11);
  EXPECT_EQ(workload.ops[1].layer, 11);
  EXPECT_EQ(workload.ops[2].layer, 12);
  EXPECT_EQ(workload.ops[3].layer, -1);
  EXPECT_EQ(workload.totals.layers, 2);
}

}  // namespace
}  // namespace tilewright::testing

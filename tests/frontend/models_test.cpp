// The built-in models against closed forms of their geometry, and against the independent counter.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "../error_id.h"
#include "independent_count.h"
#include "models/models.h"
#include "onnx_writer.h"
#include "support/json.h"

namespace tilewright::testing {
namespace {

struct Decoder {
  double layers, hidden, heads, kv_heads, head, ffn, vocabulary;
};

double projections(const Decoder& d) {  // multiply-accumulates a token and layer
  return 2 * d.hidden * d.heads * d.head + 2 * d.hidden * d.kv_heads * d.head +
         3 * d.hidden * d.ffn;
}

// Products of one decode step: projections, head, scores and context over past and new, and the
// outer product of position and inverse frequencies.
double decode_flops(const Decoder& d, double past) {
  const double attention = 2 * d.heads * d.head * (past + 1);
  return 2 * (d.layers * (projections(d) + attention) + d.hidden * d.vocabulary + d.head / 2);
}

double decode_parameters(const Decoder& d, bool tied) {
  return d.layers * (projections(d) + 2 * d.hidden) + d.hidden +
         d.hidden * d.vocabulary * (tied ? 1 : 2);
}

double tensor_flops(const Workload& workload) {
  double flops = 0;
  for (const WorkOp& op : workload.ops) {
    flops += op.tensor_elements > 0 ? op.runs * op.flops : 0;
  }
  return flops;
}

void expect_sound(const Workload& workload) {
  std::int64_t bytes = 0, count = 0, listed = 0;
  for (const WorkOp& op : workload.ops) {
    bytes += op.weight_bytes;
    count += op.weight_count;
    const double view = 2.0 * static_cast<double>(op.groups) * static_cast<double>(op.positions) *
                        static_cast<double>(op.k) * static_cast<double>(op.m);
    if (op.tensor_elements > 0) {
      EXPECT_EQ(op.flops, view) << op.name;
    }
    if (op.kind == OpKind::kShape) {
      EXPECT_EQ(op.flops + op.memory_bytes + op.scalar_instructions, 0) << op.name;
      EXPECT_TRUE(op.producers.empty() && op.consumers.empty()) << op.name;
    }
  }
  for (const WeightTensor& weight : workload.weights) {
    listed += weight.bytes;
  }
  EXPECT_EQ(bytes, workload.totals.weight_bytes);
  EXPECT_EQ(listed, workload.totals.weight_bytes);
  EXPECT_EQ(count, workload.totals.parameters);
}

TEST(Models, Llama31With8BillionParameters) {
  const std::string bytes = build_model("llama-3.1-8b", 1);
  const TemporaryFolder folder;
  const auto file = folder.write("llama.onnx", bytes);
  const auto start = std::chrono::steady_clock::now();
  const Graph graph = load_graph(file, {});
  const Workload workload = make_workload(graph, {});
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("load and count of %zu nodes: %.1f ms\n", graph.nodes.size(), 1e3 * seconds);
  const Decoder d{32, 4096, 32, 8, 128, 14336, 128256};
  EXPECT_EQ(static_cast<double>(workload.totals.parameters), decode_parameters(d, false));
  EXPECT_EQ(workload.totals.parameters, 8030261248);
  EXPECT_EQ(workload.totals.weight_bytes, 2 * 8030261248);
  EXPECT_EQ(workload.totals.weight_tensors, 291);
  EXPECT_EQ(workload.totals.graph_inputs, 66);
  EXPECT_EQ(workload.totals.graph_outputs, 65);
  EXPECT_EQ(workload.totals.kv_bytes_per_token, 131072);
  EXPECT_EQ(workload.totals.matmul_flops, decode_flops(d, 2048));
  EXPECT_EQ(workload.totals.layers, 32);
  EXPECT_EQ(workload.totals.d_model, 4096);
  EXPECT_EQ(workload.totals.kv_heads, 8);
  EXPECT_EQ(workload.totals.head_dim, 128);
  EXPECT_EQ(workload.totals.context, 2048);
  EXPECT_EQ(workload.unit, "token");
  expect_sound(workload);
  double read = 0;
  for (const WorkOp& op : workload.ops) {
    read += static_cast<double>(op.kv_read_bytes);
  }
  EXPECT_EQ(read, 131072.0 * 2049);
}

TEST(Models, SmolVlm) {
  const Workload workload = count_bytes(build_model("smolvlm-256m", 1));
  const Decoder d{30, 576, 9, 3, 64, 1536, 49280};
  // Vision: 1,024 patches of 16 x 16 x 3, 12 layers of 768, connector of 64 tokens x 12,288 x 576;
  // once a request of 2,048 tokens.
  const double tokens = 1024, width = 768;
  const double layer = 4 * width * width + 2 * width * 3072 + 2 * tokens * width;
  const double vision = tokens * (768 * width + 12 * layer) + 64 * 12288.0 * 576;
  EXPECT_NEAR(tensor_flops(workload), decode_flops(d, 2048) + 2 * vision / 2048, 1);
  EXPECT_EQ(workload.totals.kv_bytes_per_token, 23040);
  EXPECT_EQ(workload.totals.layers, 30);
  EXPECT_EQ(workload.totals.d_model, 576);
  EXPECT_EQ(workload.totals.weight_bytes, 2 * workload.totals.parameters);
  onnx::ModelProto model;
  ASSERT_TRUE(model.ParseFromString(build_model("smolvlm-256m", 1)));
  EXPECT_EQ(workload.totals.parameters, count_independently(model).parameters);
  expect_sound(workload);
}

TEST(Models, TheEncoderAloneIsSmolVlmsPartOfIt) {
  const Workload workload = count_bytes(build_model("siglip-b16", 1));
  const double tokens = 1024, width = 768;
  const double layer = 4 * width * width + 2 * width * 3072 + 2 * tokens * width;
  EXPECT_EQ(tensor_flops(workload), 2 * tokens * (768 * width + 12 * layer));
  EXPECT_EQ(workload.totals.parameters, 86433024);
  EXPECT_EQ(workload.unit, "inference");
  EXPECT_FALSE(workload.has_kv_cache);
  expect_sound(workload);
}

TEST(Models, DecodersOfManyShapes) {
  for (const int layers : {1, 2, 4}) {
    for (const bool tied : {false, true}) {
      DecoderShape shape;
      shape.layers = layers;
      shape.tied_embedding = tied;
      shape.half = !tied;
      LoadOptions options;
      options.context = 100 * layers;
      const Workload workload = count_bytes(build_decoder(shape, 1), options);
      const Decoder d{static_cast<double>(layers), 64, 4, 2, 16, 128, 256};
      EXPECT_EQ(workload.totals.matmul_flops, decode_flops(d, 100.0 * layers));
      EXPECT_EQ(static_cast<double>(workload.totals.parameters), decode_parameters(d, tied));
      EXPECT_EQ(workload.totals.kv_bytes_per_token, layers * 2 * 2 * 16 * (shape.half ? 2 : 4));
      EXPECT_EQ(workload.totals.layers, layers);
      expect_sound(workload);
    }
  }
}

// Experts: all of them stored, those that a token chooses multiplied and read.
TEST(Models, Mixtral) {
  const Workload workload = count_bytes(build_model("mixtral-8x7b", 1));
  const Decoder d{32, 4096, 32, 8, 128, 14336, 32000};
  const double expert = 3 * d.hidden * d.ffn, router = d.hidden * 8;
  EXPECT_EQ(static_cast<double>(workload.totals.parameters),
            decode_parameters(d, false) + d.layers * (7 * expert + router));
  EXPECT_EQ(workload.totals.weight_bytes, 2 * workload.totals.parameters);
  EXPECT_EQ(workload.totals.matmul_flops, decode_flops(d, 2048) + 2 * d.layers * (expert + router));
  EXPECT_EQ(workload.unit, "token");
  EXPECT_EQ(workload.totals.layers, 32);
  EXPECT_EQ(workload.totals.d_model, 4096);
  EXPECT_EQ(workload.totals.kv_bytes_per_token, 131072);
  double stored = 0, read = 0, moved = 0;
  for (const WorkOp& op : workload.ops) {
    if (op.experts > 0) {
      EXPECT_EQ(op.experts, 8) << op.name;
      EXPECT_EQ(op.chosen, 2) << op.name;
      stored += static_cast<double>(op.weight_count);
      read += static_cast<double>(op.groups * op.k * op.m);
      // The chosen weights are read once, beside the activations; nothing of them is an activation.
      EXPECT_EQ(op.memory_bytes, static_cast<double>(op.input_bytes + op.output_bytes) +
                                     2.0 * static_cast<double>(op.groups * op.k * op.m));
    }
    moved = std::max(moved, static_cast<double>(op.output_bytes));
  }
  EXPECT_EQ(stored, 8 * d.layers * expert);
  EXPECT_EQ(read, 2 * d.layers * expert);
  EXPECT_LT(moved, d.hidden * d.ffn);  // no matrix is copied
  expect_sound(workload);
}

TEST(Models, TheSmallOnesAgainstTheIndependentCounter) {
  for (const char* name : {"convnet-tiny", "unet-tiny"}) {
    const std::string bytes = build_model(name, 1);
    onnx::ModelProto model;
    ASSERT_TRUE(model.ParseFromString(bytes));
    for (auto& input : *model.mutable_graph()->mutable_input()) {
      for (auto& dim :
           *input.mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim()) {
        if (!dim.has_dim_value()) {
          dim.set_dim_value(1);
        }
      }
    }
    const IndependentCount expected = count_independently(model);
    const Workload workload = count_bytes(bytes);
    ASSERT_TRUE(expected.complete);
    EXPECT_EQ(tensor_flops(workload), expected.tensor_flops) << name;
    EXPECT_EQ(workload.totals.parameters, expected.parameters) << name;
    EXPECT_EQ(workload.totals.weight_bytes, expected.weight_bytes) << name;
    EXPECT_FALSE(workload.has_kv_cache);
    EXPECT_EQ(workload.totals.kv_bytes_per_token, 0);
    expect_sound(workload);
  }
}

// A prompt of several tokens, each with experts of its own.
TEST(Models, ExpertsOfAPrompt) {
  const std::string bytes = build_model("mixtral-tiny", 1);
  onnx::ModelProto model;
  ASSERT_TRUE(model.ParseFromString(bytes));
  const std::int64_t parameters = count_independently(model).parameters;
  for (const std::int64_t tokens : {1, 3}) {
    LoadOptions options;
    options.dims = {{"sequence_length", tokens}};
    const Workload workload = count_bytes(bytes, options);
    EXPECT_EQ(workload.totals.parameters, parameters);
    EXPECT_EQ(workload.unit, tokens == 1 ? "token" : "inference");
    double flops = 0;
    for (const WorkOp& op : workload.ops) {
      EXPECT_EQ(op.chosen, op.experts > 0 ? 2 * tokens : 0) << op.name;
      flops += op.experts > 0 ? op.flops : 0;
    }
    EXPECT_EQ(flops, 4 * 3 * 2.0 * static_cast<double>(2 * tokens) * 128 * 256);
    expect_sound(workload);
  }
}

TEST(Models, WorkloadsSurviveJson) {
  const Workload experts = count_bytes(build_model("mixtral-tiny", 1));
  EXPECT_EQ(to_text(to_json(workload_from_json(to_json(experts), "test"))),
            to_text(to_json(experts)));
  Json wrong = to_json(experts);
  for (Json& op : wrong["operators"]) {
    if (op.contains("experts")) op["experts"] = std::int64_t{1} << 40;
  }
  EXPECT_EQ(id_of([&] { static_cast<void>(workload_from_json(wrong, "test")); }), "TW-WORK-004");

  const Workload before = count_bytes(build_model("llama-tiny", 1));
  const Workload after = workload_from_json(parse_json(to_text(to_json(before)), "test"), "test");
  EXPECT_EQ(to_text(to_json(after)), to_text(to_json(before)));
  EXPECT_EQ(after.ops.size(), before.ops.size());
  EXPECT_EQ(after.totals.flops_per_unit, before.totals.flops_per_unit);
  Json broken = to_json(before);
  broken["operators"][0]["consumers"] = {1000000};
  EXPECT_THROW(static_cast<void>(workload_from_json(broken, "test")), std::exception);
  broken = to_json(before);
  broken["operators"][0]["kind"] = "magic";
  EXPECT_THROW(static_cast<void>(workload_from_json(broken, "test")), std::exception);
}

TEST(Models, TheSameFileGivesTheSameWorkload) {
  const std::string bytes = build_model("llama-tiny", 1);
  const TemporaryFolder folder;
  const auto file = folder.write("m.onnx", bytes);
  EXPECT_EQ(to_text(to_json(make_workload(load_graph(file, {}), {}))),
            to_text(to_json(make_workload(load_graph(file, {}), {}))));
}

}  // namespace
}  // namespace tilewright::testing

// Properties of the built-in models, read back from their bytes.
#include <gtest/gtest.h>
#include <onnx/checker.h>
#include <onnx/defs/schema.h>
#include <onnx/shape_inference/implementation.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "models/models.h"
#include "parsed_model.h"
#include "support/error.h"

namespace tilewright {
namespace {

using test::elements;
using test::external_entry;
using test::operators;
using test::parameters;
using test::parse;

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;

void bind_dims(google::protobuf::RepeatedPtrField<onnx::ValueInfoProto>& values,
               const std::map<std::string, std::int64_t>& dims) {
  for (auto& value : values) {
    for (auto& dim : *value.mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim()) {
      if (dim.has_dim_param()) {
        dim.set_dim_value(dims.at(dim.dim_param()));
      }
    }
  }
}

// The shape that inference found for `name`; -1: a dimension it could not tell.
std::vector<std::int64_t> inferred_shape(const onnx::ModelProto& model, const std::string& name) {
  const auto& graph = model.graph();
  for (const auto* values : {&graph.output(), &graph.value_info()}) {
    for (const auto& value : *values) {
      if (value.name() != name) {
        continue;
      }
      std::vector<std::int64_t> shape;
      for (const auto& dim : value.type().tensor_type().shape().dim()) {
        shape.push_back(dim.has_dim_value() ? dim.dim_value() : -1);
      }
      return shape;
    }
  }
  return {};
}

// Binds every symbolic dimension and infers strictly, so that a declared shape that contradicts the
// nodes is an error. The first output's shape is taken away first: it has to come out of the nodes
// alone.
onnx::ModelProto infer(const std::string& bytes, const std::map<std::string, std::int64_t>& dims,
                       const std::string& result = "logits") {
  onnx::ModelProto model = parse(bytes);
  bind_dims(*model.mutable_graph()->mutable_input(), dims);
  bind_dims(*model.mutable_graph()->mutable_output(), dims);
  auto& first = *model.mutable_graph()->mutable_output(0);
  EXPECT_EQ(first.name(), result);
  first.mutable_type()->mutable_tensor_type()->clear_shape();
  const onnx::ShapeInferenceOptions options(true, 1, true);
  onnx::shape_inference::InferShapes(model, onnx::OpSchemaRegistry::Instance(), options);
  return model;
}

class EveryModel : public testing::TestWithParam<std::string> {
 protected:
  std::string bytes_ = build_model(GetParam(), 1);
  onnx::ModelProto model_ = parse(bytes_);
};

TEST_P(EveryModel, IsAcceptedByTheOnnxChecker) {
  // The checker wants to see external data files, though it does not read them: leave an empty one.
  const auto folder = std::filesystem::temp_directory_path() /
                      ("tilewright_models_" + GetParam() + "_" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  const auto file = folder / "model.onnx";
  std::ofstream(file, std::ios::binary) << bytes_;
  std::ofstream(folder / (GetParam() + ".onnx_data"));
  EXPECT_NO_THROW(onnx::checker::check_model(file.string()));
  std::filesystem::remove_all(folder);
}

TEST_P(EveryModel, DeclaresTheFormatItWasWrittenFor) {
  EXPECT_EQ(model_.ir_version(), 8);
  ASSERT_EQ(model_.opset_import_size(), 1);
  EXPECT_EQ(model_.opset_import(0).domain(), "");
  EXPECT_EQ(model_.opset_import(0).version(), 17);
  EXPECT_EQ(model_.graph().name(), GetParam());
}

TEST_P(EveryModel, IsSortedAndNamesEverythingOnce) {
  std::set<std::string> known, nodes;
  for (const auto& input : model_.graph().input()) {
    EXPECT_TRUE(known.insert(input.name()).second) << input.name();
  }
  for (const auto& weight : model_.graph().initializer()) {
    EXPECT_TRUE(known.insert(weight.name()).second) << weight.name();
  }
  for (const auto& node : model_.graph().node()) {
    EXPECT_TRUE(nodes.insert(node.name()).second) << node.name();
    for (const auto& input : node.input()) {
      // "" is an optional input left out.
      EXPECT_TRUE(input.empty() || known.count(input)) << node.name() << " reads " << input;
    }
    for (const auto& output : node.output()) {
      EXPECT_TRUE(known.insert(output).second) << output;
    }
  }
  for (const auto& output : model_.graph().output()) {
    EXPECT_TRUE(known.count(output.name())) << output.name();
  }
}

TEST_P(EveryModel, HasNoDeadNodesOrWeights) {
  std::set<std::string> read;
  for (const auto& node : model_.graph().node()) {
    read.insert(node.input().begin(), node.input().end());
  }
  for (const auto& output : model_.graph().output()) {
    read.insert(output.name());
  }
  for (const auto& node : model_.graph().node()) {
    for (const std::string& output : node.output()) {
      EXPECT_TRUE(read.count(output)) << node.name();
    }
  }
  for (const auto& weight : model_.graph().initializer()) {
    EXPECT_TRUE(read.count(weight.name())) << weight.name();
  }
}

TEST_P(EveryModel, SameSeedSameBytesOtherSeedOtherWeightsOnly) {
  EXPECT_EQ(build_model(GetParam(), 1), bytes_);
  const std::string other = build_model(GetParam(), 2);
  const bool inside = !model_.graph().initializer(0).raw_data().empty();
  EXPECT_EQ(other == bytes_, !inside);
  onnx::ModelProto first = model_;
  onnx::ModelProto second = parse(other);
  for (auto* model : {&first, &second}) {
    for (auto& weight : *model->mutable_graph()->mutable_initializer()) {
      weight.clear_raw_data();
    }
  }
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
}

TEST_P(EveryModel, WeightsAreInsideOrLieInOneFileWithoutGaps) {
  std::int64_t end = 0;
  for (const auto& weight : model_.graph().initializer()) {
    const std::int64_t width = weight.data_type() == onnx::TensorProto::FLOAT16 ? 2 : 4;
    const std::int64_t bytes = width * elements(weight);
    if (weight.data_location() != onnx::TensorProto::EXTERNAL) {
      EXPECT_EQ(static_cast<std::int64_t>(weight.raw_data().size()), bytes) << weight.name();
      continue;
    }
    EXPECT_TRUE(weight.raw_data().empty());
    EXPECT_EQ(external_entry(weight, "location"), GetParam() + ".onnx_data");
    EXPECT_EQ(external_entry(weight, "offset"), std::to_string(end)) << weight.name();
    EXPECT_EQ(external_entry(weight, "length"), std::to_string(bytes)) << weight.name();
    end += bytes;
  }
}

std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const auto& info : builtin_models()) {
    names.push_back(info.name);
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(Models, EveryModel, testing::ValuesIn(model_names()),
                         [](const auto& model) {
                           std::string name = model.param;
                           for (char& c : name) {
                             c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
                           }
                           return name;
                         });

TEST(Catalogue, HoldsTheModelsAndRefusesOthersByName) {
  const std::vector<std::string> names = model_names();
  EXPECT_EQ(names, (std::vector<std::string>{"llama-3.1-8b", "smolvlm-256m", "siglip-b16",
                                             "llama-tiny", "convnet-tiny", "mixtral-8x7b",
                                             "mixtral-tiny", "unet-tiny"}));
  EXPECT_TRUE(is_builtin_model("llama-tiny"));
  EXPECT_FALSE(is_builtin_model("llama"));
  try {
    build_model("llama", 1);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.id(), "TW-MODEL-001");
    EXPECT_NE(error.fix().find("llama-3.1-8b"), std::string::npos);
  }
}

TEST(Llama8B, HasTheCountsOfTable9) {
  const onnx::ModelProto model = parse(build_model("llama-3.1-8b", 1));
  const auto& graph = model.graph();
  EXPECT_EQ(graph.initializer_size(), 291);
  EXPECT_EQ(graph.input_size(), 66);
  EXPECT_EQ(graph.output_size(), 65);
  EXPECT_EQ(parameters(graph), 8'030'261'248);
  std::int64_t bytes = 0;
  for (const auto& weight : graph.initializer()) {
    EXPECT_EQ(weight.data_type(), onnx::TensorProto::FLOAT16);
    bytes += std::stoll(external_entry(weight, "length"));
  }
  EXPECT_NEAR(static_cast<double>(bytes) / kGiB, 14.96, 0.005);
}

TEST(Llama8B, ComputesWithEveryWeightMatrixOnce) {
  const onnx::ModelProto model = parse(build_model("llama-3.1-8b", 1));
  auto counts = operators(model.graph());
  // 7 projections and 2 attention products a layer, the head, and the rotary angles.
  EXPECT_EQ(counts["MatMul"], 32 * 9 + 2);
  EXPECT_EQ(counts["Softmax"], 32);
  EXPECT_EQ(counts["ReduceMean"], 65);
  EXPECT_EQ(counts["Expand"], 32 * 2 + 1);
  std::map<std::string, int> readers;
  for (const auto& node : model.graph().node()) {
    for (const auto& input : node.input()) {
      ++readers[input];
    }
  }
  for (const auto& weight : model.graph().initializer()) {
    EXPECT_EQ(readers[weight.name()], 1) << weight.name();
  }
  // models/README.md states and explains the number of nodes.
  EXPECT_EQ(model.graph().node_size(), 7061);
  for (const auto& [type, count] : counts) {
    std::cout << "  " << type << " " << count << "\n";
  }
  std::cout << "  nodes in all: " << model.graph().node_size() << " (the paper counts 7489)\n";
}

TEST(Llama8B, ShapesFollowFromTheBoundDimensions) {
  const onnx::ModelProto model =
      infer(build_model("llama-3.1-8b", 1), {{"batch_size", 3},
                                             {"sequence_length", 1},
                                             {"past_sequence_length", 2047},
                                             {"total_sequence_length", 2048}});
  using Dims = std::vector<std::int64_t>;
  EXPECT_EQ(inferred_shape(model, "logits"), (Dims{3, 1, 128256}));
  EXPECT_EQ(inferred_shape(model, "/model/layers.7/self_attn/Reshape_3_output_0"),
            (Dims{3, 32, 2048, 128}));
  EXPECT_EQ(inferred_shape(model, "/model/layers.31/mlp/Mul_output_0"), (Dims{3, 1, 14336}));
}

TEST(Llama8B, DeclaredCacheShapesMustAgreeWithTheNodes) {
  EXPECT_ANY_THROW(infer(build_model("llama-3.1-8b", 1), {{"batch_size", 3},
                                                          {"sequence_length", 1},
                                                          {"past_sequence_length", 2047},
                                                          {"total_sequence_length", 2047}}));
}

TEST(SmolVlm, HasTheModelCardsParameters) {
  const onnx::ModelProto model = parse(build_model("smolvlm-256m", 1));
  const auto& graph = model.graph();
  std::map<std::string, std::int64_t> parts;
  for (const auto& weight : graph.initializer()) {
    const std::string& name = weight.name();
    const std::string part = name.rfind("lm_head", 0) == 0 ? "lm_head" : name.substr(0, 12);
    parts[part] += elements(weight);
  }
  EXPECT_EQ(parts["model.vision"], 86'433'024);
  EXPECT_EQ(parts["model.connec"], 12288 * 576);
  EXPECT_EQ(parts["model.text_m"], 134'588'736);
  EXPECT_EQ(parts["lm_head"], 49280 * 576);
  EXPECT_EQ(parameters(graph), 256'484'928);
  EXPECT_EQ(graph.input_size(), 3 + 60);
  EXPECT_EQ(graph.output_size(), 1 + 60);
  // FP16 keys and values of one token.
  std::int64_t kv = 0;
  for (const auto& input : graph.input()) {
    if (input.name().rfind("past_key_values.", 0) == 0) {
      const auto& dims = input.type().tensor_type().shape().dim();
      kv += 2 * dims[1].dim_value() * dims[3].dim_value();
    }
  }
  EXPECT_EQ(kv, 23'040);
}

TEST(SmolVlm, ShapesFollowFromTheBoundDimensions) {
  const onnx::ModelProto model =
      infer(build_model("smolvlm-256m", 1), {{"batch_size", 2},
                                             {"sequence_length", 80},
                                             {"past_sequence_length", 16},
                                             {"total_sequence_length", 96}});
  using Dims = std::vector<std::int64_t>;
  EXPECT_EQ(inferred_shape(model, "/model/connector/modality_projection/proj/MatMul_output_0"),
            (Dims{2, 64, 576}));
  EXPECT_EQ(inferred_shape(model, "/model/text_model/inputs_merger/Where_output_0"),
            (Dims{2, 80, 576}));
  EXPECT_EQ(inferred_shape(model, "logits"), (Dims{2, 80, 49280}));
  EXPECT_EQ(inferred_shape(model, "/model/text_model/layers.29/self_attn/Expand_1_output_0"),
            (Dims{2, 3, 3, 96, 64}));
}

TEST(LlamaTiny, FitsInEightMegabytesWithSaneWeights) {
  const std::string bytes = build_model("llama-tiny", 1);
  EXPECT_LT(bytes.size(), 8'000'000U);
  const onnx::ModelProto model = parse(bytes);
  EXPECT_EQ(parameters(model.graph()), 3'803'392);
}

TEST(ConvnetTiny, ShapesFollowFromTheBoundDimensions) {
  const onnx::ModelProto model = infer(build_model("convnet-tiny", 1), {{"batch_size", 5}});
  EXPECT_EQ(inferred_shape(model, "logits"), (std::vector<std::int64_t>{5, 10}));
  EXPECT_EQ(inferred_shape(model, "/GlobalAveragePool_output_0"),
            (std::vector<std::int64_t>{5, 64, 1, 1}));
}

// Jiang et al. 2024: 47 B parameters, of which a token uses 13 B; the exact number is that of the
// published weights.
TEST(Mixtral, HasThePublishedParameters) {
  const onnx::ModelProto model = parse(build_model("mixtral-8x7b", 1));
  EXPECT_EQ(parameters(model.graph()), 46'702'792'704);
  std::int64_t experts = 0;
  for (const auto& weight : model.graph().initializer()) {
    if (weight.name().find(".experts.") != std::string::npos) {
      EXPECT_EQ(weight.dims(0), 8) << weight.name();
      experts += elements(weight);
    }
  }
  EXPECT_EQ(experts, 32LL * 8 * 3 * 4096 * 14336);
  EXPECT_NEAR(static_cast<double>(parameters(model.graph()) - experts / 8 * 6), 12.88e9, 0.01e9);
}

TEST(Mixtral, ShapesFollowFromTheBoundDimensions) {
  const onnx::ModelProto model =
      infer(build_model("mixtral-8x7b", 1), {{"batch_size", 3},
                                             {"sequence_length", 1},
                                             {"past_sequence_length", 2047},
                                             {"total_sequence_length", 2048}});
  using Dims = std::vector<std::int64_t>;
  EXPECT_EQ(inferred_shape(model, "logits"), (Dims{3, 1, 32000}));
  const std::string layer = "/model/layers.9/block_sparse_moe";
  EXPECT_EQ(inferred_shape(model, layer + "/TopK_output_1"), (Dims{3, 1, 2}));
  EXPECT_EQ(inferred_shape(model, layer + "/experts/up_proj/Gather_output_0"),
            (Dims{3, 1, 2, 4096, 14336}));
  EXPECT_EQ(inferred_shape(model, layer + "/experts/down_proj/MatMul_output_0"),
            (Dims{3, 1, 2, 1, 4096}));
}

TEST(Mixtral, TinyFitsInEightMegabytes) {
  const std::string bytes = build_model("mixtral-tiny", 1);
  EXPECT_LT(bytes.size(), 8'000'000U);
  // Embedding, head and last norm; 4 layers of 4 projections, router, experts and norms.
  EXPECT_EQ(parameters(parse(bytes).graph()),
            2 * 1024 * 128 + 128 + 4 * (3 * 128 * 128 + 128 * 8 + 8 * 3 * 128 * 256 + 2 * 128));
}

TEST(Unet, ShapesFollowFromTheBoundDimensions) {
  const onnx::ModelProto model =
      infer(build_model("unet-tiny", 1), {{"batch_size", 5}}, "out_sample");
  using Dims = std::vector<std::int64_t>;
  EXPECT_EQ(inferred_shape(model, "out_sample"), (Dims{5, 4, 16, 16}));
  EXPECT_EQ(inferred_shape(model, "/mid_block/attentions.0/Softmax_output_0"),
            (Dims{5, 2, 16, 16}));
  EXPECT_EQ(inferred_shape(model, "/up_blocks.0/Concat_output_0"), (Dims{5, 128, 4, 4}));
  EXPECT_EQ(inferred_shape(model, "/up_blocks.1/upsamplers.0/Resize_output_0"),
            (Dims{5, 64, 16, 16}));
}

TEST(Unet, RefusesSizesThatDoNotFit) {
  for (int wrong = 0; wrong < 5; ++wrong) {
    UnetShape shape;
    shape.blocks = wrong == 0 ? 0 : shape.blocks;
    shape.groups = wrong == 1 ? 3 : shape.groups;
    shape.heads = wrong == 2 ? 3 : shape.heads;
    shape.size = wrong == 3 ? 6 : shape.size;  // 3 at the second level
    shape.widths = wrong == 4 ? std::vector<int>{} : shape.widths;
    try {
      build_unet(shape, 1);
      ADD_FAILURE() << "case " << wrong;
    } catch (const Error& error) {
      EXPECT_EQ(error.id(), "TW-MODEL-002");
    }
  }
}

TEST(Decoder, TiedEmbeddingIsOneWeightWithTwoReaders) {
  DecoderShape shape;
  const auto untied = parameters(parse(build_decoder(shape, 1)).graph());
  shape.tied_embedding = true;
  const onnx::ModelProto model = parse(build_decoder(shape, 1));
  EXPECT_EQ(untied - parameters(model.graph()), shape.vocabulary * shape.hidden);
  std::set<std::string> readers;
  for (const auto& node : model.graph().node()) {
    for (const auto& input : node.input()) {
      if (input == "model.embed_tokens.weight") {
        readers.insert(node.op_type());
      }
    }
  }
  EXPECT_EQ(readers, (std::set<std::string>{"Gather", "Transpose"}));
}

TEST(Decoder, RefusesSizesThatDoNotFit) {
  for (int wrong = 0; wrong < 8; ++wrong) {
    DecoderShape shape;
    shape.experts = wrong == 5 ? -1 : wrong > 5 ? 4 : 0;
    shape.experts_per_token = wrong == 6 ? 0 : wrong == 7 ? 5 : 2;
    shape.layers = wrong == 0 ? 0 : shape.layers;
    shape.heads = wrong == 1 ? 3 : shape.heads;
    shape.kv_heads = wrong == 2 ? 3 : shape.kv_heads;
    shape.hidden = wrong == 3 ? 4 : shape.hidden;  // heads of one element cannot rotate
    shape.rope_theta = wrong == 4 ? 0 : shape.rope_theta;
    try {
      build_decoder(shape, 1);
      ADD_FAILURE() << "case " << wrong;
    } catch (const Error& error) {
      EXPECT_EQ(error.id(), "TW-MODEL-002");
    }
  }
}

}  // namespace
}  // namespace tilewright

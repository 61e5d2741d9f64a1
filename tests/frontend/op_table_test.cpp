// The operator table covers the standard, and its refusals say why.
#include <gtest/gtest.h>
#include <onnx/defs/schema.h>

#include <algorithm>
#include <map>
#include <set>

#include "frontend/op_table.h"
#include "frontend/operators_doc.h"
#include "support/file.h"

namespace tilewright::testing {
namespace {

// Every operator that the official library registers is counted or refused by name. If is written
// out by the loader and never reaches the table.
TEST(OpTable, EveryStandardOperatorHasALine) {
  std::set<std::string> seen;
  int counted = 0, refused = 0;
  for (const onnx::OpSchema& schema : onnx::OpSchemaRegistry::get_all_schemas()) {
    const bool standard = schema.domain().empty() || schema.domain() == "ai.onnx.preview.training";
    if (!standard || schema.Name() == "If" || !seen.insert(schema.Name()).second) {
      continue;
    }
    const OpRule* const rule = find_rule(schema.domain(), schema.Name());
    if (rule == nullptr) {
      ADD_FAILURE() << "no line for " << schema.domain() << "." << schema.Name();
    } else {
      ++(rule->refusal == nullptr ? counted : refused);
    }
  }
  std::printf("%d operators counted, %d refused by name\n", counted, refused);
  EXPECT_GT(counted, 140);
}

// The first operator set of each is the one that the official library has.
TEST(OpTable, SinceIsTheStandards) {
  std::map<std::string, int> first;
  for (const onnx::OpSchema& schema : onnx::OpSchemaRegistry::get_all_schemas_with_history()) {
    if (!schema.domain().empty()) continue;
    const auto [entry, fresh] = first.try_emplace(schema.Name(), schema.since_version());
    entry->second = std::min(entry->second, schema.since_version());
  }
  int checked = 0;
  for (const auto& [name, since] : first) {
    const OpRule* const rule = find_rule("", name);
    if (rule == nullptr || rule->refusal != nullptr) continue;
    EXPECT_EQ(rule->since, since) << name;
    ++checked;
  }
  EXPECT_GT(checked, 140);
}

TEST(OpTable, TheDocumentIsNotStale) {
  const std::string file = std::string(TILEWRIGHT_SOURCE_DIR) + "/docs/operators.md";
  EXPECT_EQ(read_file(file), operators_markdown())
      << "write it anew: build/tilewright operators > docs/operators.md";
}

// Operators that came after the library we test with (ONNX 1.13 to 1.19).
TEST(OpTable, NewerOperatorsToo) {
  for (const char* type : {"Attention",
                           "RMSNormalization",
                           "RotaryEmbedding",
                           "Gelu",
                           "Swish",
                           "Mish",
                           "GroupNormalization",
                           "CenterCropPad",
                           "Col2Im",
                           "BitwiseAnd",
                           "BitwiseOr",
                           "BitwiseXor",
                           "BitwiseNot",
                           "AffineGrid",
                           "DeformConv",
                           "TensorScatter",
                           "ImageDecoder",
                           "StringConcat",
                           "StringSplit",
                           "RegexFullMatch",
                           "BitCast",
                           "CumProd"}) {
    EXPECT_NE(find_rule("", type), nullptr) << type;
  }
}

TEST(OpTable, LinesAreComplete) {
  for (const auto family :
       {elementwise_rules(), matmul_rules(), conv_rules(), reduction_rules(), move_rules(),
        resize_rules(), selection_rules(), shape_rules(), quantised_rules(), attention_rules(),
        recurrent_rules(), spectral_rules(), contrib_rules(), pulp_rules(), refused_rules()}) {
    for (const OpRule& rule : family) {
      EXPECT_EQ(find_rule(rule.domain, rule.type), &rule) << rule.type << " is listed twice";
      EXPECT_TRUE(rule.refusal != nullptr || (rule.infer != nullptr && rule.count != nullptr))
          << rule.type;
    }
  }
}

}  // namespace
}  // namespace tilewright::testing

// Standard operators that we refuse by name, with the reason.
#include "frontend/op_table.h"

namespace tilewright {
namespace {

constexpr const char* kControl = "loops run a number of times that the file does not say";
constexpr const char* kSequence = "sequences and optionals have no fixed shape";
constexpr const char* kText = "strings are not computed on the chip";
constexpr const char* kTraining = "training operators are not supported";
constexpr const char* kDecoder = "image decoding is not computed on the chip";
constexpr const char* kPreview = "the operator is still changing between ONNX releases";
constexpr const char* kSampling = "drawing samples is left to the host";

constexpr OpRule refuse(const char* domain, const char* type, const char* why) {
  return {domain,  type,    1, {},      Types::kAny, OpKind::kOpaque,
          nullptr, nullptr, 0, nullptr, nullptr,     why};
}

constexpr OpRule kRules[] = {
    refuse("", "Loop", kControl),
    refuse("", "Scan", kControl),
    refuse("", "SequenceAt", kSequence),
    refuse("", "SequenceConstruct", kSequence),
    refuse("", "SequenceEmpty", kSequence),
    refuse("", "SequenceErase", kSequence),
    refuse("", "SequenceInsert", kSequence),
    refuse("", "SequenceLength", kSequence),
    refuse("", "SequenceMap", kSequence),
    refuse("", "SplitToSequence", kSequence),
    refuse("", "ConcatFromSequence", kSequence),
    refuse("", "Optional", kSequence),
    refuse("", "OptionalGetElement", kSequence),
    refuse("", "OptionalHasElement", kSequence),
    refuse("", "StringNormalizer", kText),
    refuse("", "StringConcat", kText),
    refuse("", "StringSplit", kText),
    refuse("", "RegexFullMatch", kText),
    refuse("", "TfIdfVectorizer", kText),
    refuse("", "ImageDecoder", kDecoder),
    refuse("", "Multinomial", kSampling),
    refuse("", "FlexAttention", kPreview),
    refuse("", "LinearAttention", kPreview),
    refuse("", "CausalConvWithState", kPreview),
    refuse("", "NegativeLogLikelihoodLoss", kTraining),
    refuse("", "SoftmaxCrossEntropyLoss", kTraining),
    refuse("ai.onnx.preview.training", "Adagrad", kTraining),
    refuse("ai.onnx.preview.training", "Adam", kTraining),
    refuse("ai.onnx.preview.training", "Gradient", kTraining),
    refuse("ai.onnx.preview.training", "Momentum", kTraining),
    refuse("ai.onnx.preview.training", "GraphCall", kTraining),
};

}  // namespace

std::span<const OpRule> refused_rules() {
  return kRules;
}

}  // namespace tilewright

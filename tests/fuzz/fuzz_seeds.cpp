// fuzz_seeds FOLDER: a corpus to begin with: random models of the tests' generator, one small model
// an operator, a decoder, a convolutional net.
#include <cstdio>
#include <filesystem>

#include "frontend/op_table.h"
#include "models/models.h"
#include "onnx_writer.h"
#include "random_graph.h"
#include "support/scratch.h"

namespace {

using namespace tilewright;

// The operator on inputs of rank 4, or vectors of integers; most are refused by some rule, which is
// as good a beginning.
std::string of_operator(const OpRule& rule, std::size_t inputs) {
  testing::OnnxWriter writer(18);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < inputs; ++i) {
    names.push_back("x" + std::to_string(i));
    const bool integers = rule.types == Types::kIntegers;
    writer.input(names.back(), {1, 2, 3, 4},
                 integers ? onnx::TensorProto::INT64 : onnx::TensorProto::FLOAT);
  }
  writer.output("y").node(rule.type, names, {"y"}, rule.domain);
  return writer.bytes();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: fuzz_seeds FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  int count = 0;
  const auto add = [&](const std::string& bytes) {
    write_scratch(folder / ("seed" + std::to_string(count++)), bytes);
  };
  for (std::uint64_t seed = 1; seed <= 200; ++seed) add(testing::random_model(seed));
  for (const OpRule* const rule : all_rules()) {
    for (std::size_t inputs = 0; rule->refusal == nullptr && inputs < 4; ++inputs)
      add(of_operator(*rule, inputs));
  }
  DecoderShape shape;
  shape.layers = 1;
  shape.hidden = 8;
  shape.heads = 2;
  shape.kv_heads = 1;
  shape.ffn = 8;
  shape.vocabulary = 8;
  for (const bool half : {false, true}) {
    shape.half = half;
    add(build_decoder(shape, 1));
  }
  std::printf("%d seeds\n", count);
  return 0;
}

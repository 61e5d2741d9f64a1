// A llama2.c checkpoint as an ONNX model: the logits are those of llama2.c's own formulas, and a
// trained model tells its story.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "../error_id.h"
#include "frontend/interpret/interpreter.h"
#include "frontend/interpret/tensor_file.h"
#include "models/models.h"
#include "onnx_writer.h"
#include "support/file.h"
#include "support/json.h"
#include "support/random.h"

namespace tilewright::testing {
namespace {

namespace fs = std::filesystem;

// Sizes of a small model, its tensors in the order of the legacy format, and its forward pass as
// llama2.c computes it: rotary angles turn neighbours.
struct Reference {
  int dim = 16, hidden = 24, layers = 2, heads = 4, kv_heads = 2, vocabulary = 11, positions = 32;
  bool shared = true;
  std::map<std::string, std::vector<float>> tensors;
  std::vector<std::vector<std::vector<double>>> keys, values;  // by layer and position

  int head() const { return dim / heads; }
  int kv_dim() const { return kv_heads * head(); }

  explicit Reference(bool shared_classifier) : shared(shared_classifier), keys(2), values(2) {
    const auto add = [&](const std::string& name, int count, double mean) {
      RandomStream stream(3, name);
      for (int i = 0; i < count; ++i)
        tensors[name].push_back(static_cast<float>(mean + 0.3 * stream.normal()));
    };
    add("embedding", vocabulary * dim, 0);
    add("att_norm", layers * dim, 1);
    add("wq", layers * dim * dim, 0);
    add("wk", layers * kv_dim() * dim, 0);
    add("wv", layers * kv_dim() * dim, 0);
    add("wo", layers * dim * dim, 0);
    add("ffn_norm", layers * dim, 1);
    add("w1", layers * hidden * dim, 0);
    add("w2", layers * hidden * dim, 0);
    add("w3", layers * hidden * dim, 0);
    add("norm", dim, 1);
    if (!shared) add("classifier", vocabulary * dim, 0);
  }

  std::string floats(const std::vector<std::string>& names) const {
    std::string bytes;
    for (const std::string& name : names) {
      const auto& x = tensors.at(name);
      bytes.append(reinterpret_cast<const char*>(x.data()), x.size() * sizeof(float));
    }
    return bytes;
  }
  std::string words(const std::vector<std::int32_t>& sizes) const {
    return {reinterpret_cast<const char*>(sizes.data()), sizes.size() * sizeof(std::int32_t)};
  }
  std::string legacy() const {
    std::string bytes =
        words({dim, hidden, layers, heads, kv_heads, shared ? vocabulary : -vocabulary, positions});
    bytes += floats(
        {"embedding", "att_norm", "wq", "wk", "wv", "wo", "ffn_norm", "w1", "w2", "w3", "norm"});
    bytes += std::string(static_cast<std::size_t>(positions * head() * 4), '\0');
    return bytes + (shared ? "" : floats({"classifier"}));
  }
  std::string version1() const {
    std::string bytes =
        words({0x616b3432, 1, dim, hidden, layers, heads, kv_heads, vocabulary, positions});
    bytes += static_cast<char>(shared ? 1 : 0);
    bytes.resize(256);
    bytes += floats(
        {"att_norm", "ffn_norm", "norm", "embedding", "wq", "wk", "wv", "wo", "w1", "w2", "w3"});
    return bytes + (shared ? "" : floats({"classifier"}));
  }

  std::vector<double> times(const std::string& name, int layer, int rows,
                            const std::vector<double>& x) const {
    const auto& w = tensors.at(name);
    std::vector<double> y(static_cast<std::size_t>(rows));
    for (std::size_t r = 0; r < y.size(); ++r) {
      for (std::size_t c = 0; c < x.size(); ++c) {
        y[r] +=
            static_cast<double>(w[(static_cast<std::size_t>(layer * rows) + r) * x.size() + c]) *
            x[c];
      }
    }
    return y;
  }
  std::vector<double> normalised(const std::string& name, int layer, std::vector<double> x) const {
    double square = 0;
    for (const double v : x) square += v * v;
    const double scale = 1 / std::sqrt(square / static_cast<double>(x.size()) + 1e-5);
    const auto& gamma = tensors.at(name);
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] *= scale * static_cast<double>(gamma[static_cast<std::size_t>(layer) * x.size() + i]);
    return x;
  }
  void turn(std::vector<double>& x, int position) const {
    for (std::size_t i = 0; i < x.size(); i += 2) {
      const int pair = static_cast<int>(i) % head();
      const double angle = position * std::pow(10000.0, -static_cast<double>(pair) / head());
      const double a = x[i], b = x[i + 1];
      x[i] = a * std::cos(angle) - b * std::sin(angle);
      x[i + 1] = a * std::sin(angle) + b * std::cos(angle);
    }
  }
  std::vector<double> attended(int layer, const std::vector<double>& q) const {
    const auto& k = keys[static_cast<std::size_t>(layer)];
    const auto& v = values[static_cast<std::size_t>(layer)];
    std::vector<double> out(static_cast<std::size_t>(dim));
    const auto width = static_cast<std::size_t>(head());
    for (int h = 0; h < heads; ++h) {
      const auto first = static_cast<std::size_t>(h) * width;
      const auto shared_first = static_cast<std::size_t>(h / (heads / kv_heads)) * width;
      std::vector<double> weight(k.size());
      double sum = 0;
      for (std::size_t t = 0; t < k.size(); ++t) {
        double score = 0;
        for (std::size_t d = 0; d < width; ++d) score += q[first + d] * k[t][shared_first + d];
        sum += weight[t] = std::exp(score / std::sqrt(static_cast<double>(head())));
      }
      for (std::size_t t = 0; t < k.size(); ++t) {
        for (std::size_t d = 0; d < width; ++d) {
          out[first + d] += weight[t] / sum * v[t][shared_first + d];
        }
      }
    }
    return out;
  }
  std::vector<double> logits(int token, int position) {
    std::vector<double> x(static_cast<std::size_t>(dim));
    const std::size_t row = static_cast<std::size_t>(token) * x.size();
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = static_cast<double>(tensors.at("embedding")[row + i]);
    }
    const auto add = [&](const std::vector<double>& y) {
      for (std::size_t i = 0; i < x.size(); ++i) x[i] += y[i];
    };
    for (int l = 0; l < layers; ++l) {
      const std::vector<double> n = normalised("att_norm", l, x);
      std::vector<double> q = times("wq", l, dim, n), k = times("wk", l, kv_dim(), n);
      turn(q, position);
      turn(k, position);
      keys[static_cast<std::size_t>(l)].push_back(k);
      values[static_cast<std::size_t>(l)].push_back(times("wv", l, kv_dim(), n));
      add(times("wo", l, dim, attended(l, q)));
      const std::vector<double> m = normalised("ffn_norm", l, x);
      std::vector<double> gate = times("w1", l, hidden, m);
      const std::vector<double> up = times("w3", l, hidden, m);
      for (std::size_t i = 0; i < gate.size(); ++i)
        gate[i] = gate[i] / (1 + std::exp(-gate[i])) * up[i];
      add(times("w2", l, dim, gate));
    }
    return times(shared ? "embedding" : "classifier", 0, vocabulary, normalised("norm", 0, x));
  }
};

Value ids(const std::vector<std::int64_t>& values) {
  Value value = make_value(DType::kInt64, {1, static_cast<std::int64_t>(values.size())},
                           Precision::kDeclared);
  value.elements = values;
  return value;
}

// A decode graph and its cache.
class Decoding {
 public:
  explicit Decoding(const fs::path& model, const RunOptions& options = {})
      : graph_(load_graph(model, without_past())), interpreter_(graph_, options) {
    forget();
  }
  void forget() {
    cache_.clear();
    for (std::size_t i = 2; i < graph_.inputs.size(); ++i) {
      const Tensor& tensor = graph_.tensors[static_cast<std::size_t>(graph_.inputs[i])];
      cache_.push_back(make_value(tensor.type, tensor.shape, Precision::kDeclared));
    }
    position_ = 0;
  }
  // Logits of every token.
  std::vector<double> step(const std::vector<std::int64_t>& tokens) {
    std::vector<std::int64_t> positions;
    for (std::size_t i = 0; i < tokens.size(); ++i) positions.push_back(position_++);
    std::vector<Value> inputs = {ids(tokens), ids(positions)};
    inputs.insert(inputs.end(), cache_.begin(), cache_.end());
    std::vector<Value> outputs = interpreter_.run(inputs);
    cache_.assign(outputs.begin() + 1, outputs.end());
    return as_reals(outputs[0]);
  }

 private:
  static LoadOptions without_past() {
    LoadOptions options;
    options.context = 0;
    return options;
  }
  Graph graph_;
  Interpreter interpreter_;
  std::vector<Value> cache_;
  std::int64_t position_ = 0;
};

TEST(Checkpoint, ComputesWhatItsAuthorsDo) {
  const TemporaryFolder folder;
  for (const bool shared : {true, false}) {
    for (const bool legacy : {true, false}) {
      Reference reference(shared);
      const fs::path file =
          folder.write("c.bin", legacy ? reference.legacy() : reference.version1());
      convert_checkpoint(file, false, folder.path() / "c.onnx");
      Decoding decoding(folder.path() / "c.onnx", {Precision::kFloat64});
      const std::vector<std::int64_t> tokens = {3, 7, 0, 10, 5};
      std::vector<double> all;
      for (std::size_t i = 0; i < tokens.size(); ++i) {
        const std::vector<double> expected =
            reference.logits(static_cast<int>(tokens[i]), static_cast<int>(i));
        const std::vector<double> got = decoding.step({tokens[i]});
        for (std::size_t k = 0; k < expected.size(); ++k) EXPECT_NEAR(got[k], expected[k], 1e-6);
        all.insert(all.end(), expected.begin(), expected.end());
      }
      decoding.forget();  // and all at once
      const std::vector<double> got = decoding.step(tokens);
      ASSERT_EQ(got.size(), all.size());
      for (std::size_t k = 0; k < all.size(); ++k) EXPECT_NEAR(got[k], all[k], 1e-6);
    }
  }
}

TEST(Checkpoint, HostileFiles) {
  const TemporaryFolder folder;
  const std::string good = Reference(true).legacy();
  const auto convert = [&](const std::string& bytes) {
    return id_of(
        [&] { convert_checkpoint(folder.write("c.bin", bytes), false, folder.path() / "c.onnx"); });
  };
  EXPECT_EQ(convert(good), "");
  EXPECT_EQ(convert(good.substr(0, 20)), "TW-MODEL-003");
  EXPECT_EQ(convert(good.substr(0, good.size() - 4)), "TW-MODEL-003");
  EXPECT_EQ(convert(good + "more"), "TW-MODEL-003");
  for (std::size_t word = 0; word < 7; ++word) {
    for (const std::int32_t size : {0, -5, 1 << 30, 1 << 20}) {
      std::string bytes = good;
      std::memcpy(&bytes[word * 4], &size, 4);
      EXPECT_NE(convert(bytes), "") << word << " " << size;
    }
  }
  std::string version = Reference(true).version1();
  version[4] = 2;
  EXPECT_EQ(convert(version), "TW-MODEL-003");
}

// The 200 tokens of greedy decoding, and the logits of the first 32 positions.
TEST(Checkpoint, StoriesTellTheirStory) {
  const char* const data = std::getenv("TILEWRIGHT_DATA");
  if (data == nullptr) GTEST_SKIP() << "TILEWRIGHT_DATA does not lead to the data";
  const fs::path folder = fs::path(data) / "llm";
  const TemporaryFolder out;
  convert_checkpoint(folder / "stories260K.bin", false, out.path() / "s.onnx");
  const Json reference = read_json(folder / "stories260K_greedy_reference.json");
  const auto tokens = reference.at("greedy_tokens").get<std::vector<std::int64_t>>();
  const std::vector<double> logits =
      as_reals(read_tensor_file(folder / "stories260K_greedy_logits_first32_f32.npy")[0].value);
  constexpr std::size_t kVocabulary = 512;
  ASSERT_EQ(tokens.size(), 201U);
  ASSERT_EQ(logits.size(), 32 * kVocabulary);

  Decoding decoding(out.path() / "s.onnx");
  std::int64_t token = tokens[0];
  std::vector<std::int64_t> told = {token};
  for (std::size_t position = 0; position < 200; ++position) {
    const std::vector<double> got = decoding.step({token});
    for (std::size_t k = 0; position < 32 && k < kVocabulary; ++k) {
      ASSERT_NEAR(got[k], logits[position * kVocabulary + k], 1e-3) << position;
    }
    token = std::max_element(got.begin(), got.end()) - got.begin();
    told.push_back(token);
  }
  EXPECT_EQ(told, tokens);

  decoding.forget();  // the same without a cache: all positions at once
  const std::vector<double> all = decoding.step({tokens.begin(), tokens.end() - 1});
  for (std::size_t position = 0; position < 200; ++position) {
    const auto row = all.begin() + static_cast<std::ptrdiff_t>(position * kVocabulary);
    EXPECT_EQ(std::max_element(row, row + kVocabulary) - row, tokens[position + 1]) << position;
  }
  for (std::size_t k = 0; k < logits.size(); ++k) ASSERT_NEAR(all[k], logits[k], 1e-3);
}

}  // namespace
}  // namespace tilewright::testing

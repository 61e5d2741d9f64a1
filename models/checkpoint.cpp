// llama2.c checkpoints: a header of sizes, then float32 tensors one after the other, linear ones as
// [out, in] (github.com/karpathy/llama2.c, export.py).
#include <cstring>
#include <fstream>
#include <map>

#include "models/decoder.h"
#include "models/models.h"
#include "support/error.h"
#include "support/file.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;
using models::Shape;

constexpr std::uint32_t kMagic = 0x616b3432;  // "ak42", from version 1 on
constexpr std::int64_t kLegacyHeader = 28, kHeader = 256;
constexpr std::int64_t kMostInline = std::int64_t{1} << 30;

[[noreturn]] void refuse(const std::string& what, const fs::path& file) {
  throw Error("TW-MODEL-003", "no llama2.c checkpoint: " + what, file.string(),
              "give a .bin of the legacy format or version 1, in float32");
}

// One kind of tensor of every layer, or of the model.
struct Place {
  std::int64_t offset = 0;  // of the first layer's, in bytes
  std::int64_t rows = 1, columns = 0;
};

class Checkpoint {
 public:
  explicit Checkpoint(const fs::path& file) : file_(file), in_(file, std::ios::binary) {
    if (!in_) throw Error("TW-FILE-001", "can't be read", file.string());
    read_header();
    lay_out();
  }
  const DecoderShape& shape() const { return shape_; }
  std::int64_t parameters() const { return parameters_; }

  // The value of a weight of the exported graph: "model.layers.3.self_attn.q_proj.weight".
  std::vector<float> weight(const std::string& name) {
    if (name == "model.embed_tokens.weight") return read("embedding", 0);
    if (name == "model.norm.weight") return read("final_norm", 0);
    if (name == "lm_head.weight")
      return transposed(read("classifier", 0), places_.at("classifier"));
    static const std::map<std::string, std::string> kKinds = {
        {"input_layernorm", "attention_norm"},
        {"self_attn.q_proj", "wq"},
        {"self_attn.k_proj", "wk"},
        {"self_attn.v_proj", "wv"},
        {"self_attn.o_proj", "wo"},
        {"post_attention_layernorm", "ffn_norm"},
        {"mlp.gate_proj", "w1"},
        {"mlp.down_proj", "w2"},
        {"mlp.up_proj", "w3"}};
    const std::string prefix = "model.layers.", suffix = ".weight";
    const std::size_t dot = name.find('.', prefix.size());
    const int layer = std::stoi(name.substr(prefix.size(), dot - prefix.size()));
    const std::string& kind =
        kKinds.at(name.substr(dot + 1, name.size() - dot - 1 - suffix.size()));
    std::vector<float> values = read(kind, layer);
    const Place& place = places_.at(kind);
    if (kind == "wq" || kind == "wk") values = halves_apart(values, place);
    return place.rows == 1 ? values : transposed(values, place);
  }

 private:
  void read_header();
  void lay_out();

  std::vector<float> read(const std::string& kind, int layer) {
    const Place& place = places_.at(kind);
    std::vector<float> values(static_cast<std::size_t>(place.rows * place.columns));
    const auto bytes = static_cast<std::streamsize>(values.size() * sizeof(float));
    in_.seekg(place.offset + layer * bytes);
    in_.read(reinterpret_cast<char*>(values.data()), bytes);
    if (!in_) refuse("it became shorter while it was read", file_);
    return values;
  }

  static std::vector<float> transposed(const std::vector<float>& x, const Place& place) {
    std::vector<float> y(x.size());
    for (std::int64_t r = 0; r < place.rows; ++r) {
      for (std::int64_t c = 0; c < place.columns; ++c) {
        y[static_cast<std::size_t>(c * place.rows + r)] =
            x[static_cast<std::size_t>(r * place.columns + c)];
      }
    }
    return y;
  }

  // Rows 2i and 2i + 1 of a head, which one angle turns, become rows i and half + i.
  std::vector<float> halves_apart(const std::vector<float>& x, const Place& place) const {
    const std::int64_t head = shape_.hidden / shape_.heads;
    std::vector<float> y(x.size());
    for (std::int64_t r = 0; r < place.rows; ++r) {
      const std::int64_t i = r % head,
                         from = r - i + (i < head / 2 ? 2 * i : 2 * (i - head / 2) + 1);
      std::memcpy(&y[static_cast<std::size_t>(r * place.columns)],
                  &x[static_cast<std::size_t>(from * place.columns)],
                  static_cast<std::size_t>(place.columns) * sizeof(float));
    }
    return y;
  }

  fs::path file_;
  std::ifstream in_;
  DecoderShape shape_;
  std::int64_t positions_ = 0, parameters_ = 0;
  bool legacy_ = true;
  std::map<std::string, Place> places_;
};

void Checkpoint::read_header() {
  std::int32_t words[10] = {};
  in_.read(reinterpret_cast<char*>(words), sizeof words);
  if (in_.gcount() < kLegacyHeader) refuse("it is shorter than a header", file_);
  in_.clear();
  const std::int32_t* sizes = words;
  bool shared = words[5] > 0;
  if (static_cast<std::uint32_t>(words[0]) == kMagic) {
    if (words[1] != 1) refuse("version " + std::to_string(words[1]) + " is not read", file_);
    legacy_ = false;
    sizes = words + 2;
    in_.seekg(36);
    shared = in_.get() != 0;
  }
  for (int i = 0; i < 7; ++i) {
    constexpr std::int32_t kMost = 1 << 20;
    const std::int32_t size = i == 5 && legacy_ ? std::abs(sizes[i]) : sizes[i];
    if (size < 1 || size > kMost) refuse("a size of " + std::to_string(sizes[i]), file_);
  }
  shape_.hidden = sizes[0];
  shape_.ffn = sizes[1];
  shape_.layers = sizes[2];
  shape_.heads = sizes[3];
  shape_.kv_heads = sizes[4];
  shape_.vocabulary = std::abs(sizes[5]);
  positions_ = sizes[6];
  shape_.tied_embedding = shared;
  shape_.half = false;
  models::check_shape(shape_);
}

void Checkpoint::lay_out() {
  const std::int64_t dim = shape_.hidden, hidden = shape_.ffn, layers = shape_.layers;
  const std::int64_t head = dim / shape_.heads, kv = shape_.kv_heads * head;
  std::int64_t offset = legacy_ ? kLegacyHeader : kHeader;
  bool fits = true;
  const auto skip = [&](std::int64_t count) {
    std::int64_t bytes = 0;
    fits = fits && !__builtin_mul_overflow(count, std::int64_t{4}, &bytes) &&
           !__builtin_add_overflow(offset, bytes, &offset);
  };
  const auto add = [&](const char* kind, std::int64_t of, std::int64_t rows, std::int64_t columns) {
    places_[kind] = {offset, rows, columns};
    std::int64_t count = 0;
    fits = fits && !__builtin_mul_overflow(rows * columns, of, &count);
    skip(count);
    parameters_ += count;
  };
  const auto attention = [&] {
    add("wq", layers, dim, dim);
    add("wk", layers, kv, dim);
    add("wv", layers, kv, dim);
    add("wo", layers, dim, dim);
  };
  const auto feed_forward = [&] {
    add("w1", layers, hidden, dim);
    add("w2", layers, dim, hidden);
    add("w3", layers, hidden, dim);
  };
  if (legacy_) {
    add("embedding", 1, shape_.vocabulary, dim);
    add("attention_norm", layers, 1, dim);
    attention();
    add("ffn_norm", layers, 1, dim);
    feed_forward();
    add("final_norm", 1, 1, dim);
    skip(positions_ * (head / 2) * 2);  // tables of the rotary embedding
  } else {
    add("attention_norm", layers, 1, dim);
    add("ffn_norm", layers, 1, dim);
    add("final_norm", 1, 1, dim);
    add("embedding", 1, shape_.vocabulary, dim);
    attention();
    feed_forward();
  }
  if (!shape_.tied_embedding) add("classifier", 1, shape_.vocabulary, dim);
  const auto size = static_cast<std::int64_t>(fs::file_size(file_));
  if (!fits || offset != size) {
    refuse("its header asks for " + (fits ? std::to_string(offset) : "more than 2^63") +
               " bytes, and it has " + std::to_string(size),
           file_);
  }
}

}  // namespace

void convert_checkpoint(const fs::path& file, bool half, const fs::path& output) {
  Checkpoint checkpoint(file);
  DecoderShape shape = checkpoint.shape();
  shape.half = half;
  shape.name = file.stem().string();
  models::WeightOptions options = models::weight_options(shape, 0);
  options.values = [&](const std::string& name, const Shape&) { return checkpoint.weight(name); };
  const auto build = [&] {
    models::GraphBuilder g(shape.name, options);
    models::emit_decoder(g, shape, "model");
    write_file(output, g.serialise());
  };
  if (checkpoint.parameters() * (half ? 2 : 4) <= kMostInline) return build();
  options.external_file = output.filename().string() + "_data";
  write_file(output.parent_path() / options.external_file, [&](std::ostream& out) {
    options.external_bytes = [&out](std::string_view bytes) {
      out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    };
    build();
  });
}

}  // namespace tilewright

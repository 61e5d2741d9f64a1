// The graph as loaded: tensors and nodes with shapes bound, weights by reference. No onnx types.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace tilewright {

enum class DType {
  kUndefined,
  kFloat32,
  kFloat16,
  kBFloat16,
  kFloat64,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kBool,
  kFloat8E4M3FN,
  kFloat8E4M3FNUZ,
  kFloat8E5M2,
  kFloat8E5M2FNUZ,
  kFloat8E8M0,
  kFloat4E2M1,
  kInt4,
  kUint4,
  kInt2,
  kUint2,
  kString,
  kComplex64,
  kComplex128
};
const char* dtype_name(DType type);
// Bytes of `count` elements, rounded up (int4: two a byte, int2: four). 0 for undefined and string.
std::int64_t dtype_bytes(DType type, std::int64_t count);

// Where an initialiser's bytes are. Never read unless asked for.
struct WeightLocation {
  enum class Kind { kNone, kInline, kExternal, kMemory } kind = Kind::kNone;
  std::filesystem::path
      file;  // external: inside the model's folder, checked (no .., absolute, link)
  std::int64_t offset = 0;
  std::int64_t bytes = 0;
  // kMemory: dense little-endian elements that a pass computed.
  std::shared_ptr<const std::string> memory;
  // Inline only: true when the file holds the elements as they lie in memory (raw_data); false when
  // offset and bytes delimit a serialised TensorProto with typed lists, which read_weight decodes.
  bool raw = true;
};

struct Tensor {
  std::string name;
  DType type = DType::kUndefined;
  bool has_shape = false;
  std::vector<std::int64_t> shape;  // every dimension known and >= 0 when has_shape
  bool is_weight = false;           // initialiser
  WeightLocation location;
  std::vector<std::int64_t> small_ints;  // value of small integer constants (shape arithmetic)
  bool has_value = false;                // small_ints holds the tensor's value
  std::vector<double> small_reals;       // same for small floating constants (Resize scales, Range)
  bool has_reals = false;
  bool is_declared = false;       // type and shape are the file's word, which no rule could check
  std::int64_t elements() const;  // 1 for a scalar; throws Error TW-GRAPH-003 on overflow
};

using Attribute = std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>,
                               std::vector<double>, std::vector<std::string>>;

struct Node {
  std::string name, type, domain;
  std::vector<std::int32_t> inputs, outputs;  // tensor indices, -1: absent optional
  std::map<std::string, Attribute> attributes;
};

struct Graph {
  std::string name;
  std::filesystem::path file;
  std::string sha256;
  std::int64_t ir_version = 0;
  std::map<std::string, std::int64_t> opsets;
  std::vector<Tensor> tensors;
  std::vector<Node> nodes;                    // topological order
  std::vector<std::int32_t> inputs, outputs;  // without initialisers
  // Ifs of which one branch was taken without knowing the condition: counted, but not to be run.
  std::vector<std::string> assumed;
};

struct LoadOptions {
  std::map<std::string, std::int64_t> dims;  // --dim name=value: binds symbolic dimensions
  // Shapes of graph inputs by name, where tensors for them are at hand. They bind what `dims`
  // leaves open.
  std::map<std::string, std::vector<std::int64_t>> inputs;
  // Length bound to the sequence dimension of KV-cache inputs that `dims` leaves open, and the
  // number of tokens that share one run of the once-a-request prefix. Other open dimensions
  // become 1.
  std::int64_t context = 2048;
  bool allow_opaque = false;
  // Nodes, tensors and attributes that functions and branches may expand to, beyond what the file
  // has (Error TW-ONNX-032).
  std::size_t most_expanded = 1U << 20U;
};

}  // namespace tilewright

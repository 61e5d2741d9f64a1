// TensorProto -> Tensor: type, shape, place of the bytes, and the value when it is small.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "frontend/graph.h"
#include "frontend/onnx_proto.h"

namespace tilewright {

// The file a TensorProto was read from.
struct TensorSource {
  std::filesystem::path file;
  std::string_view bytes;  // all of it
};

// Fills `tensor` (all but the name) and checks that the data, where they are in the file, have the
// size that the dimensions ask for. Throws Error TW-ONNX-010..013, TW-ONNX-020, TW-GRAPH-003.
void describe_tensor(const proto::TensorView& view, const TensorSource& source, Tensor& tensor);

// Keeps the value of a tensor of at most kSmallValue elements, from its dense bytes, where shapes
// may be computed in its type.
void keep_small_value(const std::string& bytes, Tensor& tensor);

// The elements of a tensor that lies in the file, little-endian and dense (int4: two a byte).
std::string inline_bytes(const proto::TensorView& view, DType type);

// Largest tensor whose value is kept: shapes, axes, scales.
inline constexpr std::int64_t kSmallValue = 64;

}  // namespace tilewright

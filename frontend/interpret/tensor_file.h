// Tensors in files: TensorProto (.pb), NumPy (.npy), and several under names (.npz).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "frontend/interpret/value.h"

namespace tilewright {

struct NamedValue {
  std::string name;  // as the file has it; empty for .npy
  Value value;
};

// By the file's ending. One value, or all of an .npz in its order. Throws Error TW-RUN-008
// (ending), TW-RUN-009 (not such a file, or a type that we do not have), TW-FILE-001.
std::vector<NamedValue> read_tensor_file(const std::filesystem::path& file);

// The same from bytes; `where` is for messages.
NamedValue tensor_of_proto(std::string_view bytes, const std::string& where);
Value tensor_of_npy(std::string_view bytes, const std::string& where);

// float16 stays; types that NumPy has not (bfloat16, float8, int4...) become float32 or int8.
std::string npy_of_tensor(const Value& value);
std::string npz_of_tensors(const std::vector<NamedValue>& values);

}  // namespace tilewright

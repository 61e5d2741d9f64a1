#include "frontend/tensor_data.h"

#include <charconv>
#include <cstring>
#include <optional>

#include "frontend/external_data.h"
#include "frontend/interpret/number_format.h"
#include "frontend/op_view.h"
#include "frontend/text.h"
#include "frontend/wire.h"
#include "support/error.h"

namespace tilewright {
namespace {

std::string name_of(const proto::TensorView& view) {
  return "tensor '" + printable(view.name) + "'";
}

// Entries of the one typed list in which elements of a type lie.
std::int64_t entries_of(const proto::TensorView& view, DType type) {
  switch (type) {
    case DType::kFloat32:
    case DType::kComplex64:
      return view.floats;
    case DType::kFloat64:
    case DType::kComplex128:
      return view.doubles;
    case DType::kInt64:
      return view.int64s;
    case DType::kUint32:
    case DType::kUint64:
      return view.uint64s;
    case DType::kString:
      return view.strings;
    default:
      return view.int32s;
  }
}

// Whether the list of the type has what `count` elements need, and no other has anything.
bool typed_lists_fit(const proto::TensorView& view, DType type, std::int64_t count) {
  const std::int64_t entries = entries_of(view, type);
  const std::int64_t all =
      view.floats + view.doubles + view.int32s + view.int64s + view.uint64s + view.strings;
  if (entries != all) return false;
  switch (type) {
    case DType::kComplex64:
    case DType::kComplex128:
      return entries % 2 == 0 && entries / 2 == count;
    case DType::kInt4:
    case DType::kUint4:
    case DType::kInt2:
    case DType::kUint2:
    case DType::kFloat4E2M1:
      return entries == dtype_bytes(type, count);
    default:
      return entries == count;
  }
}

std::int64_t parse_decimal(std::string_view text, const char* key, const proto::TensorView& view) {
  std::int64_t value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) {
    throw Error(
        "TW-ONNX-013",
        std::string("external data ") + key + " '" + printable(text) + "' is not a byte count",
        name_of(view));
  }
  return value;
}

WeightLocation external_location(const proto::TensorView& view, const TensorSource& source,
                                 std::int64_t bytes) {
  WeightLocation place;
  place.kind = WeightLocation::Kind::kExternal;
  place.bytes = bytes;
  bool found = false;
  for (const auto& [key, value] : view.external_data) {
    if (key == "location") {
      place.file = check_external_path(source.file.parent_path(), value, name_of(view));
      found = true;
    } else if (key == "offset") {
      place.offset = parse_decimal(value, "offset", view);
    } else if (key == "length" && parse_decimal(value, "length", view) != bytes) {
      throw Error("TW-ONNX-011",
                  "external data has " + printable(value) +
                      " bytes where type and dimensions ask " + std::to_string(bytes),
                  name_of(view));
    }
  }
  if (!found) {
    throw Error("TW-ONNX-013", "external data without a location", name_of(view));
  }
  std::int64_t end = 0;
  if (__builtin_add_overflow(place.offset, bytes, &end)) {
    throw Error("TW-ONNX-013", "external data ends beyond 64 bits", name_of(view));
  }
  return place;
}

WeightLocation inline_location(const proto::TensorView& view, const TensorSource& source,
                               DType type, std::int64_t count, std::int64_t bytes) {
  const bool fits = view.has_raw ? static_cast<std::int64_t>(view.raw.size()) == bytes
                                 : typed_lists_fit(view, type, count);
  if (!fits) {
    throw Error("TW-ONNX-011",
                "the data do not have the size that type " + std::string(dtype_name(type)) +
                    " and the dimensions ask (" + std::to_string(count) + " elements)",
                name_of(view), "export or download the model again");
  }
  const std::string_view held = view.has_raw ? view.raw : view.message;
  WeightLocation place;
  place.kind = WeightLocation::Kind::kInline;
  place.file = source.file;
  place.offset = held.empty() ? 0 : held.data() - source.bytes.data();
  place.bytes = static_cast<std::int64_t>(held.size());
  place.raw = view.has_raw;
  return place;
}

template <typename T>
std::vector<T> elements_in(const std::string& bytes) {
  std::vector<T> elements(bytes.size() / sizeof(T));
  if (!elements.empty()) std::memcpy(elements.data(), bytes.data(), elements.size() * sizeof(T));
  return elements;
}

template <typename T>
void keep_integers(const std::string& bytes, Tensor& tensor) {
  const std::vector<T> elements = elements_in<T>(bytes);
  tensor.small_ints.assign(elements.begin(), elements.end());
  tensor.has_value = true;
}

template <typename T>
void keep_reals(const std::string& bytes, Tensor& tensor) {
  const std::vector<T> elements = elements_in<T>(bytes);
  tensor.small_reals.assign(elements.begin(), elements.end());
  tensor.has_reals = true;
}

void keep_halves(const std::string& bytes, Tensor& tensor) {
  for (const std::uint16_t bits : elements_in<std::uint16_t>(bytes)) {
    tensor.small_reals.push_back(decode(*narrow_format(tensor.type), bits));
  }
  tensor.has_reals = true;
}

// Nothing for the types that no shape is computed in.
void keep_value(const std::string& bytes, Tensor& tensor) {
  switch (tensor.type) {
    case DType::kInt64:
      return keep_integers<std::int64_t>(bytes, tensor);
    case DType::kInt32:
      return keep_integers<std::int32_t>(bytes, tensor);
    case DType::kInt16:
      return keep_integers<std::int16_t>(bytes, tensor);
    case DType::kInt8:
      return keep_integers<std::int8_t>(bytes, tensor);
    case DType::kUint64:
      return keep_integers<std::uint64_t>(bytes, tensor);
    case DType::kUint32:
      return keep_integers<std::uint32_t>(bytes, tensor);
    case DType::kUint16:
      return keep_integers<std::uint16_t>(bytes, tensor);
    case DType::kUint8:
    case DType::kBool:
      return keep_integers<std::uint8_t>(bytes, tensor);
    case DType::kFloat32:
      return keep_reals<float>(bytes, tensor);
    case DType::kFloat64:
      return keep_reals<double>(bytes, tensor);
    case DType::kFloat16:
    case DType::kBFloat16:
      return keep_halves(bytes, tensor);
    default:
      return;
  }
}

template <typename T>
void append(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

// One entry of int32_data, int64_data or uint64_data as the element's bytes.
void append_integer(std::string& out, DType type, std::int64_t value) {
  const std::int64_t bits = dtype_bytes(type, 1) * 8;
  const auto word = static_cast<std::uint64_t>(value);
  for (std::int64_t shift = 0; shift < bits; shift += 8) {
    out += static_cast<char>((word >> static_cast<unsigned>(shift)) & 0xffU);
  }
}

}  // namespace

std::string inline_bytes(const proto::TensorView& view, DType type) {
  if (view.has_raw) {
    return std::string(view.raw);
  }
  const std::string file = "the model";
  WireReader reader(view.message, "TensorProto", file);
  std::string out;
  for (Field field; reader.next(field);) {
    const bool varints = field.number == 5 || field.number == 7 || field.number == 11;
    if (varints) {
      std::vector<std::int64_t> values;
      reader.integers(field, values);
      for (const std::int64_t value : values) {
        append_integer(out, type, value);
      }
    } else if (field.number == 4 || field.number == 10) {
      if (field.type == WireType::kBytes) {
        out += field.bytes;
      } else if (field.type == WireType::kFixed32) {
        append(out, static_cast<std::uint32_t>(field.value));
      } else {
        append(out, field.value);
      }
    }
  }
  return out;
}

void describe_tensor(const proto::TensorView& view, const TensorSource& source, Tensor& tensor) {
  tensor.type = proto::data_type(view.data_type);
  if (tensor.type == DType::kUndefined) {
    throw Error("TW-ONNX-010", "data type " + std::to_string(view.data_type) + " is not known",
                name_of(view));
  }
  for (const std::int64_t dim : view.dims) {
    if (dim < 0) {
      throw Error("TW-ONNX-012", "dimension " + std::to_string(dim) + " is negative",
                  name_of(view));
    }
  }
  if (view.segmented) {
    throw Error("TW-ONNX-013", "segmented tensors are not supported", name_of(view));
  }
  if (tensor.name.empty()) {
    tensor.name = std::string(view.name);
  }
  tensor.shape = view.dims;
  tensor.has_shape = true;
  check_size(tensor);
  const std::int64_t count = tensor.elements();
  const std::int64_t bytes = dtype_bytes(tensor.type, count);
  if (view.external) {
    tensor.location = external_location(view, source, bytes);
    return;
  }
  tensor.location = inline_location(view, source, tensor.type, count, bytes);
  if (count <= kSmallValue) {
    keep_value(inline_bytes(view, tensor.type), tensor);
  }
}

void keep_small_value(const std::string& bytes, Tensor& tensor) {
  if (tensor.elements() <= kSmallValue) keep_value(bytes, tensor);
}

}  // namespace tilewright

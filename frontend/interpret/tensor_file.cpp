#include "frontend/interpret/tensor_file.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "frontend/onnx_proto.h"
#include "frontend/tensor_data.h"
#include "frontend/text.h"
#include "support/archive.h"
#include "support/error.h"
#include "support/file.h"

namespace tilewright {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

[[noreturn]] void broken(const std::string& what, const std::string& where) {
  throw Error("TW-RUN-009", "the file holds no tensor that can be read: " + what, where);
}

struct NumpyType {
  const char* name;
  DType type;
};
constexpr NumpyType kTypes[] = {
    {"f2", DType::kFloat16}, {"f4", DType::kFloat32}, {"f8", DType::kFloat64},
    {"i1", DType::kInt8},    {"i2", DType::kInt16},   {"i4", DType::kInt32},
    {"i8", DType::kInt64},   {"u1", DType::kUint8},   {"u2", DType::kUint16},
    {"u4", DType::kUint32},  {"u8", DType::kUint64},  {"b1", DType::kBool}};

// What stands behind 'key': in the header, a Python dictionary.
std::string_view field(std::string_view header, const std::string& key, const std::string& where) {
  const std::size_t found = header.find("'" + key + "':");
  if (found == std::string_view::npos) broken("no " + key, where);
  std::string_view rest = header.substr(found + key.size() + 3);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return rest;
}

DType numpy_type(std::string_view header, const std::string& where) {
  const std::string_view text = field(header, "descr", where);
  if (text.size() < 5 || text[0] != '\'' || text[4] != '\'') broken("a structured type", where);
  if (text[1] == '>') broken("big-endian numbers", where);
  for (const NumpyType& known : kTypes) {
    if (text.substr(2, 2) == known.name) return known.type;
  }
  broken("type " + printable(text.substr(1, 3)), where);
}

Shape numpy_shape(std::string_view header, const std::string& where) {
  std::string_view text = field(header, "shape", where);
  if (text.empty() || text[0] != '(' || text.find(')') == std::string_view::npos)
    broken("shape", where);
  text = text.substr(1, text.find(')') - 1);
  Shape shape;
  while (!text.empty()) {
    if (std::isdigit(static_cast<unsigned char>(text[0])) == 0) {
      text.remove_prefix(1);
      continue;
    }
    std::int64_t extent = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), extent);
    if (error != std::errc()) broken("shape", where);
    shape.push_back(extent);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  return shape;
}

// Column-major to row-major.
Value reordered(const Value& from) {
  Value to = from;
  std::visit(
      [&](const auto& x) {
        using List = std::decay_t<decltype(x)>;
        auto& out = std::get<List>(to.elements);
        for (std::size_t j = 0; j < out.size(); ++j) {
          std::size_t rest = j, place = 0, step = x.size();
          for (std::size_t a = from.shape.size(); a-- > 0;) {
            const auto extent = static_cast<std::size_t>(from.shape[a]);
            step /= extent;
            place += rest % extent * step;
            rest /= extent;
          }
          out[j] = x[place];
        }
      },
      from.elements);
  return to;
}

DType numpy_has(DType type) {
  if (type == DType::kInt4 || type == DType::kInt2) return DType::kInt8;
  if (type == DType::kUint4 || type == DType::kUint2) return DType::kUint8;
  const auto* const known = std::find_if(std::begin(kTypes), std::end(kTypes),
                                         [&](const NumpyType& t) { return t.type == type; });
  return known == std::end(kTypes) ? DType::kFloat32 : type;
}

}  // namespace

NamedValue tensor_of_proto(std::string_view bytes, const std::string& where) {
  const proto::TensorView view = proto::parse_tensor(bytes, where);
  Tensor tensor;
  if (view.external) broken("its data lie in another file", where);
  describe_tensor(view, {where, bytes}, tensor);
  return {std::string(view.name),
          value_of_bytes(tensor.type, tensor.shape, inline_bytes(view, tensor.type),
                         Precision::kDeclared)};
}

Value tensor_of_npy(std::string_view bytes, const std::string& where) {
  if (bytes.size() < 12 || bytes.substr(0, kMagic.size()) != kMagic)
    broken("not an .npy file", where);
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  const bool first_version = byte(6) == 1;
  const std::size_t start = first_version ? 10 : 12;
  const std::size_t length =
      byte(8) | byte(9) << 8U | (first_version ? 0 : byte(10) << 16U | byte(11) << 24U);
  if (length > bytes.size() - start) broken("the header is cut off", where);
  const std::string_view header = bytes.substr(start, length);
  const DType type = numpy_type(header, where);
  Tensor described;
  described.name = where;
  described.shape = numpy_shape(header, where);
  check_size(described);
  Value value =
      value_of_bytes(type, described.shape, bytes.substr(start + length), Precision::kDeclared);
  const bool columns_first = field(header, "fortran_order", where).starts_with("True");
  return columns_first && described.shape.size() > 1 ? reordered(value) : value;
}

std::vector<NamedValue> read_tensor_file(const std::filesystem::path& file) {
  const std::string where = file.string(), ending = file.extension().string();
  if (ending == ".pb") return {tensor_of_proto(read_file(file), where)};
  if (ending == ".npy") return {{"", tensor_of_npy(read_file(file), where)}};
  if (ending != ".npz") {
    throw Error("TW-RUN-008", "a tensor is read from .npz, .npy or .pb", where);
  }
  std::vector<NamedValue> values;
  read_archive(file, {}, [&](const std::string& name, const std::string& bytes) {
    if (!name.ends_with(".npy")) broken("entry " + printable(name), where);
    values.push_back({name.substr(0, name.size() - 4), tensor_of_npy(bytes, where + "/" + name)});
  });
  return values;
}

std::string npy_of_tensor(const Value& given) {
  const DType type = numpy_has(given.type);
  const Value value = type == given.type ? given : converted(given, type, Precision::kDeclared);
  std::string shape;
  for (const std::int64_t extent : value.shape) shape += std::to_string(extent) + ", ";
  if (value.shape.size() > 1) shape.resize(shape.size() - 2);
  std::string descr;
  for (const NumpyType& known : kTypes) {
    if (known.type == type) descr = known.name;
  }
  const bool bytewise = dtype_bytes(type, 1) == 1;
  std::string header = "{'descr': '" + std::string(bytewise ? "|" : "<") + descr +
                       "', 'fortran_order': False, 'shape': (" +
                       (value.shape.size() == 1 ? std::to_string(value.shape[0]) + "," : shape) +
                       "), }";
  // The data begin at a multiple of 64 bytes.
  header.resize((10 + header.size() + 1 + 63) / 64 * 64 - 10 - 1, ' ');
  header += '\n';
  std::string out(kMagic);
  out += '\x01';
  out += '\0';
  out += static_cast<char>(header.size() & 0xffU);
  out += static_cast<char>(header.size() >> 8U);
  return out + header + bytes_of_value(value);
}

std::string npz_of_tensors(const std::vector<NamedValue>& values) {
  std::vector<std::pair<std::string, std::string>> entries;
  entries.reserve(values.size());
  for (const NamedValue& named : values) {
    entries.emplace_back(named.name + ".npy", npy_of_tensor(named.value));
  }
  return zip_of(entries);
}

}  // namespace tilewright

// The protobuf wire format, read in place. The generated classes of libprotobuf copy every weight
// and stop at 2 GB; here a message is a view into the mapped file, lengths are checked against the
// bytes that are there before anything is done with them, and a weight keeps its place in the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tilewright {

enum class WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

struct Field {
  std::uint32_t number = 0;
  WireType type = WireType::kVarint;
  std::uint64_t value = 0;  // varint and fixed types
  std::string_view bytes;   // kBytes
};

// Reads one message field by field. Throws Error TW-ONNX-002 when the bytes are not protobuf.
class WireReader {
 public:
  // `message` says what is being read ("NodeProto"), `file` where from; both must outlive the
  // reader.
  WireReader(std::string_view bytes, const char* message, const std::string& file)
      : rest_(bytes), message_(message), file_(&file) {}

  bool next(Field& field);  // false at the end of the message

  // The field's value as the type it must have; Error TW-ONNX-003 for another wire type.
  std::string_view bytes(const Field& field) const;
  std::int64_t integer(const Field& field) const;
  float real(const Field& field) const;
  // A repeated scalar, packed or not: appended.
  void integers(const Field& field, std::vector<std::int64_t>& out) const;
  void reals(const Field& field, std::vector<double>& out) const;

  const std::string& file() const { return *file_; }
  [[noreturn]] void broken(const std::string& what) const;

 private:
  std::uint64_t varint();
  void require(const Field& field, WireType type) const;

  std::string_view rest_;
  const char* message_;
  const std::string* file_;
};

// Number of varints in a packed field; -1 when the last one is cut off.
std::int64_t count_varints(std::string_view packed);

}  // namespace tilewright

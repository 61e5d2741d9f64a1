#include "frontend/wire.h"

#include <algorithm>
#include <cstring>

#include "support/error.h"

namespace tilewright {
namespace {

template <typename T>
T little_endian(std::string_view bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

}  // namespace

void WireReader::broken(const std::string& what) const {
  throw Error("TW-ONNX-002", std::string("not a readable ONNX file: ") + what + " in " + message_,
              *file_, "export or download the model again");
}

std::uint64_t WireReader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) {
      broken("a number is cut off");
    }
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if (byte < 0x80U) {
      return value;
    }
  }
  broken("a number is longer than 64 bits");
}

bool WireReader::next(Field& field) {
  if (rest_.empty()) {
    return false;
  }
  const std::uint64_t tag = varint();
  const std::uint64_t number = tag >> 3U;
  if (number == 0 || number > 536870911U) {
    broken("field number " + std::to_string(number));
  }
  field.number = static_cast<std::uint32_t>(number);
  const auto take = [&](std::uint64_t count) {
    if (count > rest_.size()) {
      broken("a field of " + std::to_string(count) + " bytes where " +
             std::to_string(rest_.size()) + " are left");
    }
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  };
  field.type = static_cast<WireType>(tag & 7U);
  switch (field.type) {
    case WireType::kVarint:
      field.value = varint();
      return true;
    case WireType::kFixed64:
      field.value = little_endian<std::uint64_t>(take(8));
      return true;
    case WireType::kBytes:
      field.bytes = take(varint());
      return true;
    case WireType::kFixed32:
      field.value = little_endian<std::uint32_t>(take(4));
      return true;
  }
  broken("wire type " + std::to_string(tag & 7U));
}

void WireReader::require(const Field& field, WireType type) const {
  if (field.type != type) {
    throw Error("TW-ONNX-003",
                std::string("not an ONNX file: field ") + std::to_string(field.number) + " of " +
                    message_ + " has the wrong wire type " +
                    std::to_string(static_cast<int>(field.type)),
                *file_, "export or download the model again");
  }
}

std::string_view WireReader::bytes(const Field& field) const {
  require(field, WireType::kBytes);
  return field.bytes;
}

std::int64_t WireReader::integer(const Field& field) const {
  require(field, WireType::kVarint);
  return static_cast<std::int64_t>(field.value);
}

float WireReader::real(const Field& field) const {
  require(field, WireType::kFixed32);
  const auto bits = static_cast<std::uint32_t>(field.value);
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

void WireReader::integers(const Field& field, std::vector<std::int64_t>& out) const {
  if (field.type == WireType::kVarint) {
    out.push_back(static_cast<std::int64_t>(field.value));
    return;
  }
  WireReader packed(bytes(field), message_, *file_);
  while (!packed.rest_.empty()) {
    out.push_back(static_cast<std::int64_t>(packed.varint()));
  }
}

void WireReader::reals(const Field& field, std::vector<double>& out) const {
  if (field.type == WireType::kFixed32) {
    out.push_back(static_cast<double>(real(field)));
    return;
  }
  std::string_view packed = bytes(field);
  if (packed.size() % 4 != 0) {
    broken("a list of floats is cut off");
  }
  for (; !packed.empty(); packed.remove_prefix(4)) {
    out.push_back(static_cast<double>(little_endian<float>(packed)));
  }
}

std::int64_t count_varints(std::string_view packed) {
  if (!packed.empty() && (static_cast<unsigned char>(packed.back()) & 0x80U) != 0) {
    return -1;
  }
  return std::count_if(packed.begin(), packed.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0x80U) == 0; });
}

}  // namespace tilewright

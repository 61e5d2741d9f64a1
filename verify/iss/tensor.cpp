#include "verify/iss/tensor.h"

#include <cstring>

namespace tilewright::iss {
namespace {

constexpr std::uint32_t kPointerMask = 0xff'ffff, kMostElements = 32768;
constexpr std::uint32_t kClear = 1 << 2, kFromDmem = 1 << 7, kRelu = 1 << 10;

template <typename T>
T load(std::span<const std::uint8_t> memory, std::size_t at) {
  T value{};
  std::memcpy(&value, &memory[at], sizeof value);
  return value;
}

bool known_flags(const Command& c) {
  return (c.flags & ~isa::instruction(c.op).flags) == 0;
}

}  // namespace

Tensor::Tensor(std::uint32_t vlen, std::span<const std::uint8_t> wmem, std::span<std::uint8_t> dmem)
    : lanes_(vlen / 16), row_bytes_(vlen / 8), wmem_(wmem), dmem_(dmem) {
  for (Bank& bank : banks_) bank.resize(lanes_);
}

Outcome Tensor::execute(const Command& c) {
  switch (c.op) {
    case isa::Op::kWptr:
      if (c.a > kPointerMask || static_cast<std::int32_t>(c.b) != static_cast<std::int16_t>(c.b))
        return Outcome::kRefused;
      pointer_ = c.a;
      step_ = static_cast<std::int32_t>(c.b);
      return Outcome::kDone;
    case isa::Op::kGemv:
      return gemv(c);
    case isa::Op::kAdda:
      return add(c);
    case isa::Op::kRead:
      return read_out(c);
    default:
      return Outcome::kRefused;
  }
}

bool Tensor::holds_rows(std::uint32_t address, std::uint64_t rows) const {
  if (address < kDmemBase || address % row_bytes_ != 0) return false;
  return address - kDmemBase + rows * row_bytes_ <= dmem_.size();
}

Tensor::Bank& Tensor::cleared(std::uint32_t bank, std::uint32_t flags) {
  Bank& sums = banks_[bank % banks_.size()];
  if ((flags & kClear) != 0) sums.assign(lanes_, {});
  return sums;
}

// A row of the matrix serves all vectors of the batch.
Outcome Tensor::gemv(const Command& c) {
  const auto type = static_cast<Element>(c.flags >> 5 & 3);
  const std::uint32_t vectors = (c.flags >> 3 & 3) + 1, bank = c.flags & 3;
  const std::uint32_t x_rows = (c.b + lanes_ - 1) / lanes_;
  if (c.b == 0 || c.b > kMostElements || !known_flags(c) || (c.flags >> 5 & 3) == 3 ||
      !holds_rows(c.a, std::uint64_t{x_rows} * vectors)) {
    return Outcome::kRefused;
  }
  const std::span<const std::uint8_t> matrix = (c.flags & kFromDmem) != 0 ? dmem_ : wmem_;
  const std::size_t x = c.a - kDmemBase;
  for (std::uint32_t v = 0; v < vectors; ++v) cleared(bank + v, c.flags);
  for (std::uint32_t k = 0; k < c.b; ++k) {
    const std::size_t row = std::size_t{pointer_} * row_bytes_;
    if (row + row_bytes_ > matrix.size()) return Outcome::kRefused;
    for (std::uint32_t v = 0; v < vectors; ++v) {
      const std::size_t at = x + std::size_t{v} * x_rows * row_bytes_ + std::size_t{k} * 2;
      const auto element = load<std::uint16_t>(dmem_, at);
      Bank& sums = banks_[(bank + v) % banks_.size()];
      for (std::uint32_t lane = 0; lane < lanes_; ++lane)
        sums[lane].add_product(type, element, load<std::uint16_t>(matrix, row + lane * 2));
    }
    pointer_ = (pointer_ + static_cast<std::uint32_t>(step_)) & kPointerMask;
  }
  return Outcome::kDone;
}

Outcome Tensor::add(const Command& c) {
  if (!known_flags(c) || !holds_rows(c.a, 2)) return Outcome::kRefused;
  Bank& sums = cleared(c.flags & 3, c.flags);
  for (std::uint32_t lane = 0; lane < lanes_; ++lane)
    sums[lane].add_fp32(load<std::uint32_t>(dmem_, c.a - kDmemBase + lane * 4));
  return Outcome::kDone;
}

Outcome Tensor::read_out(const Command& c) {
  const auto format = static_cast<Format>(c.flags >> 8 & 3);
  const bool wide = format == Format::kFp32 || format == Format::kInt32;
  if (!known_flags(c) || !holds_rows(c.a, wide ? 2 : 1)) return Outcome::kRefused;
  const Bank& sums = banks_[c.flags & 3];
  const std::size_t bytes = wide ? 4 : 2;
  for (std::uint32_t lane = 0; lane < lanes_; ++lane) {
    const std::uint32_t value = sums[lane].read(format, (c.flags & kRelu) != 0);
    std::memcpy(&dmem_[c.a - kDmemBase + lane * bytes], &value, bytes);
  }
  return Outcome::kDone;
}

}  // namespace tilewright::iss

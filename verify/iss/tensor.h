// The tensor engine of a tile: its commands, one after the other, on DMEM and WMEM (rtl/README.md,
// "Commands"). Not when they are done: a program that reads what a command writes waits before.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "verify/iss/core.h"
#include "verify/iss/exact_sum.h"

namespace tilewright::iss {

// The tensor engine: its commands, refused where tcc_command refuses them.
class Tensor {
 public:
  // vlen in bits. `wmem`: rows of VLEN bits; it and `dmem` outlive the engine.
  Tensor(std::uint32_t vlen, std::span<const std::uint8_t> wmem, std::span<std::uint8_t> dmem);

  Outcome execute(const Command& command);

 private:
  using Bank = std::vector<ExactSum>;

  Outcome gemv(const Command& c);
  Outcome add(const Command& c);
  Outcome read_out(const Command& c);
  bool holds_rows(std::uint32_t address, std::uint64_t rows) const;
  Bank& cleared(std::uint32_t bank, std::uint32_t flags);

  std::uint32_t lanes_, row_bytes_;
  std::span<const std::uint8_t> wmem_;
  std::span<std::uint8_t> dmem_;
  std::uint32_t pointer_ = 0;
  std::int32_t step_ = 1;
  std::array<Bank, 4> banks_;
};

}  // namespace tilewright::iss

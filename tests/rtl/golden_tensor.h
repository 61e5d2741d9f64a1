// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Golden tensor engine: executes tensor commands one after the other on plain memories.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "command.h"
#include "golden_fp16.h"

namespace tilewright::rtl {

using Row = std::vector<std::uint32_t>;  // Vlen / 32 words, element 0 in the low bits of word 0

inline std::uint16_t half_at(const Row& row, std::size_t i) {
  return static_cast<std::uint16_t>(row[i / 2] >> (16 * (i % 2)));
}
inline void set_half(Row& row, std::size_t i, std::uint16_t value) {
  const unsigned shift = 16 * (i % 2);
  row[i / 2] = (row[i / 2] & ~(0xFFFFU << shift)) | (std::uint32_t{value} << shift);
}

struct GoldenTensor {
  GoldenTensor(std::size_t vlen, std::size_t dmem_rows, std::size_t wmem_rows)
      : lanes(vlen / 16), dmem(dmem_rows, Row(vlen / 32)), wmem(wmem_rows, Row(vlen / 32)) {
    for (auto& bank : sums) bank.resize(lanes);
  }

  void execute(const Command& c) {
    switch (c.op) {
      case Op::kWptr:
        pointer = c.base();
        stride = c.stride();
        break;
      case Op::kGemv:
        multiply(c);
        break;
      case Op::kAddf:
        add(c);
        break;
      case Op::kRd:
        read_out(c);
        break;
      default:
        break;
    }
  }

  // A batch: vector b's rows follow vector b - 1's, and its sums are in the b-th bank from
  // c.bank().
  void multiply(const Command& c) {
    const auto type = static_cast<Type>(c.type());
    const auto rows = static_cast<std::uint32_t>((c.count() + lanes - 1) / lanes);
    for (std::uint32_t b = 0; b < c.batch(); ++b) {
      auto& bank = sums[(c.bank() + b) % sums.size()];
      if (c.clr())
        for (auto& sum : bank) sum.clear();
      std::uint32_t at = pointer;
      for (std::uint32_t k = 0; k < c.count(); ++k) {
        const std::uint16_t x = half_at(dmem[c.row() + b * rows + k / lanes], k % lanes);
        const Row& weights = c.dmem() ? dmem[at] : wmem[at];
        for (std::size_t lane = 0; lane < lanes; ++lane)
          bank[lane].add_product(x, half_at(weights, lane), type);
        at = (at + static_cast<std::uint32_t>(stride)) & 0xFFFFFFU;
      }
    }
    pointer = (pointer + static_cast<std::uint32_t>(stride) * c.count()) & 0xFFFFFFU;
  }

  void add(const Command& c) {
    auto& bank = sums[c.bank()];
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      if (c.clr()) bank[lane].clear();
      bank[lane].add_fp32(dmem[c.row() + lane / (lanes / 2)][lane % (lanes / 2)]);
    }
  }

  void read_out(const Command& c) {
    const auto& bank = sums[c.bank()];
    const auto format = static_cast<ReadAs>(c.format());
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const std::uint32_t value = bank[lane].read(format, c.relu());
      if (is_wide(format)) {
        dmem[c.row() + lane / (lanes / 2)][lane % (lanes / 2)] = value;
      } else {
        set_half(dmem[c.row()], lane, static_cast<std::uint16_t>(value));
      }
    }
  }

  std::size_t lanes;
  std::vector<Row> dmem, wmem;
  std::array<std::vector<ExactSum>, 4> sums;
  std::uint32_t pointer = 0;
  std::int32_t stride = 1;
};

}  // namespace tilewright::rtl

// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// CMD_* of tcc_core_pkg, from a command's word.
#pragma once

#include <cstdint>

#include "arch/isa/isa.h"

namespace tilewright::rtl {

inline std::uint32_t command_number(std::uint32_t word) {
  const std::uint32_t funct3 = word >> 12 & 7;
  const isa::Instruction* i = isa::decode(word);
  if (i != nullptr && i->op == isa::Op::kWait) return 7;
  return i != nullptr && i->unit == isa::Unit::kNetwork ? 8 | funct3 : funct3;
}

}  // namespace tilewright::rtl

// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// What a bench of the sweep leaves for write_parameter_table, in cycles.csv: PARAMETER, SETTING,
// cycles, DMEM, IMEM and WMEM in KiB, and the KiB that were refused.
#pragma once

#include <cstdint>
#include <string>

#include "support/file.h"

namespace tilewright::rtl {

inline void leave_figures(std::uint64_t cycles, std::uint32_t refuses_kib = 0) {
  std::string line = PARAMETER;
  for (const std::uint64_t figure :
       {std::uint64_t{SETTING}, cycles, std::uint64_t{DMEM_KIB}, std::uint64_t{IMEM_KIB},
        std::uint64_t{WMEM_KIB}, std::uint64_t{refuses_kib}})
    line += "," + std::to_string(figure);
  write_file("cycles.csv", line + "\n");
}

}  // namespace tilewright::rtl

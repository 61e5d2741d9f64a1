// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// docs/figures/parameters.csv: what each parameter of a tile changes, a row a setting, and what
// must hold of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tilewright::rtl {

struct ParameterRow {
  std::string parameter;
  std::uint32_t setting = 0;
  std::uint64_t cycles = 0;  // of the program named for the parameter
  double logic_um2 = 0;      // of the tile's cells
  double memory_um2 = 0;     // of the bits of its memories
  // Memories: what needs so much of it was refused, in KiB. 0: nothing was tried.
  std::uint32_t refuses_kib = 0;
};
using ParameterTable = std::vector<ParameterRow>;

std::string to_csv(const ParameterTable& table);
ParameterTable read_parameter_table(const std::string& csv);

// What is wrong, a sentence each: a parameter without four settings; one whose logic area does not
// grow or whose cycles do not fall by 2 % at each step; a memory whose area does not grow, or in
// which what the next size holds is not refused.
std::vector<std::string> complaints(const ParameterTable& table);

// The table in a document, between two comment lines.
std::string to_markdown(const ParameterTable& table);
// The document with the table in it. Throws std::runtime_error when it has no such lines.
std::string with_table(const std::string& document, const ParameterTable& table);

}  // namespace tilewright::rtl

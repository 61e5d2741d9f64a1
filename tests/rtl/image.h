// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Memory images for $readmemh: one row a line, the last 32-bit word's digits first.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace tilewright::rtl {

inline std::string hex_line(const std::vector<std::uint32_t>& words) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string line;
  for (std::size_t i = words.size(); i-- > 0;) {
    for (unsigned shift = 32; shift > 0; shift -= 4)
      line += kDigits[(words[i] >> (shift - 4)) & 15U];
  }
  return line + "\n";
}

inline void write_image(const std::filesystem::path& path,
                        const std::vector<std::vector<std::uint32_t>>& rows) {
  std::ofstream file(path);
  for (const auto& row : rows) file << hex_line(row);
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace tilewright::rtl

// Coverage points as Verilator's coverage.dat files hold them, summed over benches, instances and
// parameters.
#pragma once

#include <cstdint>
#include <filesystem>
#include <istream>
#include <map>
#include <string>

namespace tilewright::rtl {

enum class PointKind : std::uint8_t { kLine, kToggle };

// What is counted once however often a module is instantiated: a branch or block of a file, or a
// bit.
struct Point {
  PointKind kind{};
  std::string module;  // the file's name without its ending
  int line = 0, column = 0;
  std::string name;  // "if", "else", "case", "block"; of a toggle the signal and its bit
  auto operator<=>(const Point&) const = default;
};

// How often each was reached.
using Coverage = std::map<Point, std::uint64_t>;

// Adds one file's points; those of files that are not `tcc_*.sv` belong to benches and are left
// out, as are the points of assertions' own processes. Throws std::runtime_error where a line can't
// be read.
void add_coverage(std::istream& text, Coverage& coverage);

}  // namespace tilewright::rtl

// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
#include "parameter_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "support/table.h"

namespace tilewright::rtl {
namespace {

constexpr std::array kLogic = {"FETCH",  "STANUM", "XDPNUM", "XR_WP",
                               "VDPNUM", "VR_WP",  "VLEN",   "DFLIT"};
constexpr std::array kMemories = {"DMEM", "IMEM", "WMEM"};
constexpr const char* kHeader = "parameter,setting,cycles,logic_um2,memory_um2,refuses_kib\n";
constexpr std::string_view kBegin = "<!-- parameters: written by `make sweep` -->\n";
constexpr std::string_view kEnd = "<!-- end of parameters -->\n";
constexpr std::size_t kSettings = 4;
constexpr double kStep = 0.98;

ParameterTable rows_of(const ParameterTable& table, const std::string& parameter) {
  ParameterTable rows;
  std::copy_if(table.begin(), table.end(), std::back_inserter(rows),
               [&](const ParameterRow& row) { return row.parameter == parameter; });
  return rows;
}

void check_step(const ParameterRow& from, const ParameterRow& to, bool memory,
                std::vector<std::string>& found) {
  const std::string step = fmt::format("{} {} to {}: ", from.parameter, from.setting, to.setting);
  if (to.setting <= from.setting) found.push_back(step + "not in order");
  if (memory) {
    if (!(to.memory_um2 > from.memory_um2)) found.push_back(step + "the memory does not grow");
    if (from.refuses_kib != to.setting)
      found.push_back(step + "what fits the larger was not refused by the smaller");
    return;
  }
  if (!(to.logic_um2 > from.logic_um2)) found.push_back(step + "the logic does not grow");
  if (!(static_cast<double>(to.cycles) <= kStep * static_cast<double>(from.cycles)))
    found.push_back(step + "the program is not faster by 2 %");
}

void check_parameter(const ParameterTable& table, const std::string& parameter, bool memory,
                     std::vector<std::string>& found) {
  const ParameterTable rows = rows_of(table, parameter);
  if (rows.size() < kSettings) found.push_back(parameter + ": fewer than four settings");
  for (const ParameterRow& row : rows) {
    if (row.cycles == 0 || !(row.logic_um2 > 0) || !(row.memory_um2 > 0))
      found.push_back(fmt::format("{} {}: a figure is missing", parameter, row.setting));
  }
  for (std::size_t i = 1; i < rows.size(); ++i) check_step(rows[i - 1], rows[i], memory, found);
}

}  // namespace

std::string to_csv(const ParameterTable& table) {
  std::string text = kHeader;
  for (const ParameterRow& row : table) {
    text += fmt::format("{},{},{},{:.2f},{:.2f},{}\n", row.parameter, row.setting, row.cycles,
                        row.logic_um2, row.memory_um2, row.refuses_kib);
  }
  return text;
}

ParameterTable read_parameter_table(const std::string& csv) {
  const std::string where = "parameters.csv";
  const auto lines = parse_csv(csv, where);
  ParameterTable table;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto number = [&](std::size_t column) {
      return parse_number(lines[i].at(column), where);
    };
    table.push_back({lines[i].at(0), static_cast<std::uint32_t>(number(1)),
                     static_cast<std::uint64_t>(number(2)), number(3), number(4),
                     static_cast<std::uint32_t>(number(5))});
  }
  return table;
}

std::vector<std::string> complaints(const ParameterTable& table) {
  std::vector<std::string> found;
  for (const char* parameter : kLogic) check_parameter(table, parameter, false, found);
  for (const char* parameter : kMemories) check_parameter(table, parameter, true, found);
  return found;
}

std::string to_markdown(const ParameterTable& table) {
  std::string text =
      "| parameter | setting | cycles | logic, um2 | memories, um2 | refuses |\n"
      "|---|---|---|---|---|---|\n";
  for (const ParameterRow& row : table) {
    const std::string refuses = row.refuses_kib > 0 ? fmt::format("{} KiB", row.refuses_kib) : "";
    text += fmt::format("| {} | {} | {} | {:.0f} | {:.0f} | {} |\n", row.parameter, row.setting,
                        row.cycles, row.logic_um2, row.memory_um2, refuses);
  }
  return text;
}

std::string with_table(const std::string& document, const ParameterTable& table) {
  const std::size_t begin = document.find(kBegin), end = document.find(kEnd);
  if (begin == std::string::npos || end == std::string::npos || end < begin)
    throw std::runtime_error("the document has no place for the table of parameters");
  return document.substr(0, begin + kBegin.size()) + to_markdown(table) + document.substr(end);
}

}  // namespace tilewright::rtl

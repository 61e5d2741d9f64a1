// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// write_parameter_table LIST RUNS AREAS CSV DOCUMENT: gathers what the benches of the sweep left in
// RUNS/sweep_NAME/cycles.csv and Yosys in AREAS/NAME.stat, for each NAME of LIST; writes the table
// and puts it into the document when nothing is wrong with it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <sstream>
#include <stdexcept>

#include "parameter_table.h"
#include "support/file.h"
#include "support/table.h"
#include "verify/yosys_stat.h"

namespace tilewright::rtl {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  fs::path list, runs, areas, csv, document;
};

// ASAP7 (predictive 7 nm), drawn cells: 6T SRAM, via-programmed NOR ROM. Of bits alone, without
// what surrounds them.
constexpr double kSramUm2 = 0.023328, kRomUm2 = 0.005832, kBitsPerKib = 8192;

// cycles.csv: parameter, setting, cycles, DMEM, IMEM and WMEM in KiB, KiB that were refused.
ParameterRow gather(const Arguments& at, const std::string& name) {
  std::string lower = name;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const fs::path run = at.runs / ("sweep_" + lower) / "cycles.csv";
  const auto cells = parse_csv(read_file(run), run.string()).at(0);
  const auto number = [&](std::size_t column) {
    return parse_number(cells.at(column), run.string());
  };
  const MappedArea mapped = read_stat(read_file(at.areas / (name + ".stat")));
  if (!mapped.unmapped.empty())
    throw std::runtime_error(name + ": the library has no cell for " + mapped.unmapped);
  return {cells.at(0),
          static_cast<std::uint32_t>(number(1)),
          static_cast<std::uint64_t>(number(2)),
          mapped.area,
          kBitsPerKib * (kSramUm2 * number(3) + kRomUm2 * (number(4) + number(5))),
          static_cast<std::uint32_t>(number(6))};
}

int write(const Arguments& at) {
  ParameterTable table;
  std::istringstream names(read_file(at.list));
  for (std::string name; std::getline(names, name);) table.push_back(gather(at, name));
  const auto found = complaints(table);
  for (const std::string& sentence : found) std::fprintf(stderr, "%s\n", sentence.c_str());
  if (!found.empty()) {
    std::fputs(to_csv(table).c_str(), stderr);
    return EXIT_FAILURE;
  }
  const std::string document = with_table(read_file(at.document), table);
  write_file(at.csv, to_csv(table));
  write_file(at.document, document);
  std::printf("%zu rows in %s\n", table.size(), at.csv.c_str());
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  tilewright::rtl::Arguments at;
  CLI::App app("Table of what each parameter of a tile changes");
  app.add_option("list", at.list)->required();
  app.add_option("runs", at.runs)->required();
  app.add_option("areas", at.areas)->required();
  app.add_option("csv", at.csv)->required();
  app.add_option("document", at.document)->required();
  CLI11_PARSE(app, argc, argv);
  try {
    return tilewright::rtl::write(at);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return EXIT_FAILURE;
  }
}

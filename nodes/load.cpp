// Reads a calibration's TOML files. The only file that includes the TOML parser.
#include <toml++/toml.h>
#include <algorithm>
#include <cmath>

#include "nodes/calibration.h"
#include "support/error.h"
#include "support/file.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

std::string at(const fs::path& file, const toml::node& node) {
  return file.string() + ":" + std::to_string(node.source().begin.line);
}

toml::table parse(const fs::path& file) {
  try {
    return toml::parse(read_file(file), file.string());
  } catch (const toml::parse_error& e) {
    throw Error("TW-NODE-003", std::string(e.description()),
                file.string() + ":" + std::to_string(e.source().begin.line), "mend the TOML");
  }
}

[[noreturn]] void refuse(const fs::path& file, const toml::node& node, const std::string& what) {
  throw Error("TW-NODE-003", what, at(file, node), "mend or remove the key");
}

double number(const fs::path& file, const toml::node& node, const std::string& key) {
  const auto value = node.value<double>();
  if (!value) refuse(file, node, "'" + key + "' is not a number");
  return *value;
}

std::array<double, 3> triple(const fs::path& file, const toml::node& node, const std::string& key) {
  const auto* list = node.as_array();
  if (list == nullptr || list->size() != 3)
    refuse(file, node, "'" + key + "' is not a list of three numbers");
  return {number(file, *list->get(0), key), number(file, *list->get(1), key),
          number(file, *list->get(2), key)};
}

// A number, or [value, low, high].
Band band(const fs::path& file, const toml::node& node, const std::string& key) {
  if (!node.is_array()) {
    const double value = number(file, node, key);
    return {value, value, value};
  }
  const auto list = triple(file, node, key);
  const Band b{list[0], list[1], list[2]};
  if (!(b.lo <= b.value && b.value <= b.hi))
    refuse(file, node, "the value of '" + key + "' is not between its low and its high");
  return b;
}

Band column(const fs::path& file, const toml::table& table, const std::string& key) {
  const auto* node = table.get(key);
  if (node == nullptr) {
    throw Error("TW-NODE-004", "the column '" + key + "' is missing", file.string(), "add it");
  }
  const Band b = band(file, *node, key);
  if (!(b.lo > 0 && std::isfinite(b.hi))) refuse(file, *node, "'" + key + "' is not positive");
  return b;
}

double positive(const fs::path& file, const toml::table& table, const std::string& key) {
  return column(file, table, key).value;
}

void only_keys(const fs::path& file, const toml::table& table,
               const std::vector<std::string>& known) {
  for (const auto& [key, node] : table) {
    if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
      refuse(file, node, "unknown key '" + std::string(key.str()) + "'");
    }
  }
}

// Numbers of a table and of the tables in it, as dotted keys. Texts go to `laws`.
void flatten(const fs::path& file, const toml::table& table, const std::string& prefix,
             Scalars& scalars, std::map<std::string, std::string>* laws,
             const std::vector<std::string>& skip = {}) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    if (std::find(skip.begin(), skip.end(), key.str()) != skip.end()) continue;
    if (const auto* inner = node.as_table()) {
      flatten(file, *inner, name + ".", scalars, laws);
    } else if (const auto text = node.value<std::string>();
               text && laws != nullptr && !node.is_number()) {
      (*laws)[name] = *text;
    } else {
      scalars.set(name, band(file, node, name), at(file, node));
    }
  }
}

std::array<double, 2> pair_of(const fs::path& file, const toml::node& node,
                              const std::string& key) {
  const auto* list = node.as_array();
  if (list == nullptr || list->size() != 2) refuse(file, node, "'" + key + "' is not a pair");
  return {number(file, *list->get(0), key), number(file, *list->get(1), key)};
}

void read_box(const fs::path& file, const toml::table& table, ModeConstants& mode) {
  std::size_t seen = 0;
  for (const auto& [key, node] : table) {
    const auto range = pair_of(file, node, std::string(key.str()));
    if (range[0] > range[1]) refuse(file, node, "the lower bound is above the upper");
    ++seen;
    if (key.str() == "CLK_MHZ") {
      mode.clock_mhz = range;
      continue;
    }
    const auto index = action_index(key.str());
    if (index == kActionCount)
      refuse(file, node, "no action is named '" + std::string(key.str()) + "'");
    mode.box.lo[index] = range[0];
    mode.box.hi[index] = range[1];
  }
  if (seen != kActionCount) {
    throw Error("TW-NODE-004", "the box bounds " + std::to_string(seen) + " of 30 actions",
                at(file, table));
  }
}

void read_reference(const fs::path& file, const toml::table& table, ModeConstants& mode) {
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    const double value = number(file, node, name);
    if (name == "CLK_MHZ") {
      mode.reference_clock_mhz = value;
      continue;
    }
    const auto index = action_index(name);
    if (index == kActionCount) refuse(file, node, "no action is named '" + name + "'");
    mode.reference[index] = value;
  }
}

const toml::table& subtable(const fs::path& file, const toml::table& table,
                            const std::string& key) {
  const auto* inner = table[key].as_table();
  if (inner == nullptr)
    throw Error("TW-NODE-004", "the table [" + key + "] is missing", at(file, table));
  return *inner;
}

ModeConstants read_mode(const fs::path& file, const toml::table& table) {
  ModeConstants mode;
  const auto* weights = table["weights"].as_array();
  if (weights == nullptr || weights->size() != 3) {
    throw Error("TW-NODE-004", "'weights' is not a list of three", at(file, table));
  }
  mode.weight_perf = number(file, *weights->get(0), "weights");
  mode.weight_power = number(file, *weights->get(1), "weights");
  mode.weight_area = number(file, *weights->get(2), "weights");
  read_box(file, subtable(file, table, "box"), mode);
  read_reference(file, subtable(file, table, "reference"), mode);
  flatten(file, table, "", mode.scalars, &mode.laws, {"weights", "box", "reference"});
  return mode;
}

PrintedWorkload read_workload(const fs::path& file, const std::string& name,
                              const toml::table& table) {
  PrintedWorkload workload;
  workload.name = name;
  workload.mode = parse_mode(table["mode"].value_or<std::string>(""));
  flatten(file, table, "", workload.constants, nullptr, {"mode", "phases"});
  if (const auto* phases = table["phases"].as_array()) {
    for (const auto& row : *phases) {
      workload.phases.push_back(triple(file, row, "phases"));
    }
  }
  workload.parameters = workload.constants.get("parameters");
  workload.kv_bytes_per_token = workload.constants.get("kv_bytes_per_token");
  return workload;
}

PrintedPoint read_printed(const fs::path& file, const toml::table& table) {
  only_keys(file, table,
            {"tok_s", "power_mw", "area_mm2", "power_budget_mw", "area_budget_mm2", "mesh",
             "clock_mhz", "vlen_bits"});
  PrintedPoint point;
  point.tok_s = positive(file, table, "tok_s");
  point.power_mw = positive(file, table, "power_mw");
  point.area_mm2 = positive(file, table, "area_mm2");
  point.power_budget_mw = positive(file, table, "power_budget_mw");
  point.area_budget_mm2 = positive(file, table, "area_budget_mm2");
  point.clock_mhz = positive(file, table, "clock_mhz");
  point.vlen_bits = positive(file, table, "vlen_bits");
  const auto* mesh = table.get("mesh");
  if (mesh == nullptr) throw Error("TW-NODE-004", "'mesh' is missing", at(file, table));
  const auto sides = pair_of(file, *mesh, "mesh");
  point.mesh_w = sides[0];
  point.mesh_h = sides[1];
  return point;
}

NodeEntry read_node(const fs::path& file, const std::vector<std::string>& columns) {
  const auto table = parse(file);
  std::vector<std::string> known = columns;
  known.insert(known.end(), {"node_nm", "printed"});
  only_keys(file, table, known);
  NodeEntry entry;
  entry.node.nm = positive(file, table, "node_nm");
  for (const std::string& key : columns) {
    const Band value = column(file, table, key);
    entry.node.columns.set(key, value, at(file, *table.get(key)));
  }
  if (const auto* printed = table["printed"].as_table()) {
    for (const auto& [mode, inner] : *printed) {
      if (!inner.is_table()) refuse(file, inner, "not a table");
      entry.printed[parse_mode(std::string(mode.str()))] = read_printed(file, *inner.as_table());
    }
  }
  return entry;
}

// l1.toml: [NODE.MODE] factor = value. Written by the program (tilewright calibrate), read here.
void read_l1(const fs::path& file, Calibration& calibration) {
  if (!fs::exists(file)) return;
  const auto table = parse(file);
  for (const auto& [key, inner] : table) {
    const std::string name(key.str());
    const auto entry = std::find_if(calibration.nodes.begin(), calibration.nodes.end(),
                                    [&](const NodeEntry& e) { return e.node.name() == name; });
    if (entry == calibration.nodes.end()) {
      refuse(file, inner, "no node is named '" + name + "'");
    }
    if (!inner.is_table()) refuse(file, inner, "not a table");
    for (const auto& [mode, factors] : *inner.as_table()) {
      auto& constants = entry->l1[parse_mode(std::string(mode.str()))];
      for (const auto& [factor, value] : *factors.as_table()) {
        constants[std::string(factor.str())] = number(file, value, std::string(factor.str()));
      }
    }
  }
}

std::vector<std::string> read_columns(const fs::path& file, const toml::table& table) {
  std::vector<std::string> columns;
  const auto* list = table["columns"].as_array();
  if (list == nullptr) throw Error("TW-NODE-004", "the list 'columns' is missing", file.string());
  for (const auto& item : *list) {
    const auto text = item.value<std::string>();
    if (!text) refuse(file, item, "a column's name is not a text");
    columns.push_back(*text);
  }
  if (std::find(columns.begin(), columns.end(), "f_max_mhz") == columns.end())
    refuse(file, *list, "'f_max_mhz' is not among the columns");
  return columns;
}

void read_main(const fs::path& file, Calibration& calibration) {
  const auto table = parse(file);
  only_keys(file, table,
            {"name", "columns", "printed_from", "laws", "scalars", "modes", "workloads"});
  calibration.columns = read_columns(file, table);
  calibration.printed_from = table["printed_from"].value_or<std::string>("");
  flatten(file, subtable(file, table, "scalars"), "", calibration.scalars, nullptr);
  for (const auto& [key, node] : subtable(file, table, "laws")) {
    calibration.laws[std::string(key.str())] = node.value_or<std::string>("");
  }
  const auto& modes = subtable(file, table, "modes");
  for (const auto& [key, node] : modes) {
    calibration.modes[parse_mode(std::string(key.str()))] = read_mode(file, *node.as_table());
  }
  if (const auto* workloads = table["workloads"].as_table()) {
    for (const auto& [key, node] : *workloads) {
      calibration.workloads.push_back(
          read_workload(file, std::string(key.str()), *node.as_table()));
    }
  }
}

// The designs that the paper prints are the same under every calibration.
void take_printed(const Calibration& from, Calibration& calibration) {
  for (NodeEntry& entry : calibration.nodes) {
    const auto same = std::find_if(from.nodes.begin(), from.nodes.end(),
                                   [&](const NodeEntry& e) { return e.node.nm == entry.node.nm; });
    if (same != from.nodes.end()) entry.printed = same->printed;
  }
}

}  // namespace

Calibration load_calibration(const std::string& name, const fs::path& data) {
  const fs::path folder = (data.empty() ? data_folder() : data) / "nodes" / name;
  if (name.empty() || name.find_first_of("/.") != std::string::npos || !fs::is_directory(folder)) {
    throw Error("TW-NODE-002", "there is no calibration '" + name + "'", "--calibration",
                "take 'physical' or 'paper'");
  }
  Calibration calibration;
  calibration.name = name;
  read_main(folder / "calibration.toml", calibration);
  for (const auto& file : fs::directory_iterator(folder)) {
    const auto stem = file.path().filename().string();
    if (stem.ends_with("nm.toml"))
      calibration.nodes.push_back(read_node(file.path(), calibration.columns));
  }
  std::sort(calibration.nodes.begin(), calibration.nodes.end(),
            [](const NodeEntry& a, const NodeEntry& b) { return a.node.nm < b.node.nm; });
  if (calibration.nodes.empty()) throw Error("TW-NODE-004", "no node file", folder.string());
  if (!calibration.printed_from.empty())
    take_printed(load_calibration(calibration.printed_from, data), calibration);
  read_l1(folder / "l1.toml", calibration);
  return calibration;
}

void apply_node_file(Calibration& calibration, const fs::path& file) {
  const auto table = parse(file);
  std::vector<std::string> known = calibration.columns;
  known.emplace_back("node_nm");
  only_keys(file, table, known);
  const double nm = positive(file, table, "node_nm");
  auto& nodes = calibration.nodes;
  const auto place =
      std::find_if(nodes.begin(), nodes.end(), [&](const NodeEntry& e) { return e.node.nm >= nm; });
  if (place == nodes.end() || place->node.nm != nm) {
    nodes.insert(place, read_node(file, calibration.columns));
    return;
  }
  for (const std::string& key : calibration.columns) {
    if (const auto* node = table.get(key))
      place->node.columns.set(key, column(file, table, key), at(file, *node));
  }
}

}  // namespace tilewright

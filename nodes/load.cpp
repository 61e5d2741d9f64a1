// Reads a calibration's TOML files. The only file that includes the TOML parser.
#include <toml++/toml.h>
#include <algorithm>

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

double column(const fs::path& file, const toml::table& table, const std::string& key) {
  const auto* node = table.get(key);
  if (node == nullptr) {
    throw Error("TW-NODE-004", "the column '" + key + "' is missing", file.string(), "add it");
  }
  const double value = number(file, *node, key);
  if (!(value > 0)) refuse(file, *node, "'" + key + "' is not positive");
  return value;
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
      scalars.set(name, number(file, node, name), at(file, node));
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
  flatten(file, table, "", workload.constants, nullptr, {"mode"});
  workload.parameters = workload.constants.get("parameters");
  workload.kv_bytes_per_token = workload.constants.get("kv_bytes_per_token");
  return workload;
}

PrintedPoint read_printed(const fs::path& file, const toml::table& table) {
  only_keys(file, table,
            {"tok_s", "power_mw", "area_mm2", "power_budget_mw", "area_budget_mm2", "mesh",
             "clock_mhz", "vlen_bits"});
  PrintedPoint point;
  point.tok_s = column(file, table, "tok_s");
  point.power_mw = column(file, table, "power_mw");
  point.area_mm2 = column(file, table, "area_mm2");
  point.power_budget_mw = column(file, table, "power_budget_mw");
  point.area_budget_mm2 = column(file, table, "area_budget_mm2");
  point.clock_mhz = column(file, table, "clock_mhz");
  point.vlen_bits = column(file, table, "vlen_bits");
  const auto* mesh = table.get("mesh");
  if (mesh == nullptr) throw Error("TW-NODE-004", "'mesh' is missing", at(file, table));
  const auto sides = pair_of(file, *mesh, "mesh");
  point.mesh_w = sides[0];
  point.mesh_h = sides[1];
  return point;
}

NodeEntry read_node(const fs::path& file) {
  const auto table = parse(file);
  only_keys(
      file, table,
      {"node_nm", "f_max_mhz", "kappa_c_pj_per_tile_cycle", "e_sram_fj_per_bit", "e_rom_fj_per_bit",
       "leak_mw_per_tile", "leak_base_share", "a_tile_mm2", "a_rom_mm2_per_mib", "printed", "l1"});
  NodeEntry entry;
  auto& node = entry.node;
  node.nm = column(file, table, "node_nm");
  node.f_max_mhz = column(file, table, "f_max_mhz");
  node.kappa_c_pj = column(file, table, "kappa_c_pj_per_tile_cycle");
  node.e_sram_fj_bit = column(file, table, "e_sram_fj_per_bit");
  node.e_rom_fj_bit = column(file, table, "e_rom_fj_per_bit");
  node.leak_mw_tile = column(file, table, "leak_mw_per_tile");
  node.leak_base_share = column(file, table, "leak_base_share");
  node.a_tile_mm2 = column(file, table, "a_tile_mm2");
  node.a_rom_mm2_mib = column(file, table, "a_rom_mm2_per_mib");
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

void read_main(const fs::path& file, Calibration& calibration) {
  const auto table = parse(file);
  only_keys(file, table, {"name", "laws", "scalars", "modes", "workloads"});
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

}  // namespace

Calibration load_calibration(const std::string& name, const fs::path& data) {
  const fs::path folder = (data.empty() ? data_folder() : data) / "nodes" / name;
  if (name.empty() || name.find_first_of("/.") != std::string::npos || !fs::is_directory(folder)) {
    throw Error("TW-NODE-002", "there is no calibration '" + name + "'", "--calibration",
                "take 'paper'");
  }
  Calibration calibration;
  calibration.name = name;
  read_main(folder / "calibration.toml", calibration);
  for (const auto& file : fs::directory_iterator(folder)) {
    const auto stem = file.path().filename().string();
    if (stem.ends_with("nm.toml")) calibration.nodes.push_back(read_node(file.path()));
  }
  std::sort(calibration.nodes.begin(), calibration.nodes.end(),
            [](const NodeEntry& a, const NodeEntry& b) { return a.node.nm < b.node.nm; });
  if (calibration.nodes.empty()) throw Error("TW-NODE-004", "no node file", folder.string());
  read_l1(folder / "l1.toml", calibration);
  return calibration;
}

}  // namespace tilewright

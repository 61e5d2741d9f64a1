// tilewright diff: two designs, parameter by parameter, with PPA.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <map>
#include <memory>

#include "cli/design_file.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "experiments/svg.h"
#include "support/json.h"
#include "support/table.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

struct DiffOptions {
  CommonOptions common;
  std::string a, b;
  bool all = false;
};

struct Side {
  DesignFile file;
  Json ppa;  // null when no ppa.json lies beside the design
};

Side read_side(const std::string& path) {
  Side side{read_design(path), nullptr};
  const fs::path ppa = side.file.folder / "ppa.json";
  if (fs::exists(ppa)) side.ppa = read_json(ppa);
  return side;
}

std::string ratio(double a, double b) {
  return a == 0 ? std::string("-") : format_number({b / a, 4});
}

void add_line(Table& table, const std::string& name, double a, double b, bool all) {
  if (a == b && !all) return;
  table.add({name, short_number(a), short_number(b), ratio(a, b)});
}

void add_text(Table& table, const std::string& name, const std::string& a, const std::string& b,
              bool all) {
  if (a != b || all) table.add({name, a, b, std::string("-")});
}

double mean_of(const Design& design, double (*of)(const TileConfig&)) {
  double sum = 0;
  for (const TileConfig& tile : design.tiles) sum += of(tile);
  return design.tiles.empty() ? 0 : sum / static_cast<double>(design.tiles.size());
}

std::map<LogicConfig, std::int64_t> configurations(const Design& design) {
  std::map<LogicConfig, std::int64_t> counts;
  for (const TileConfig& tile : design.tiles) ++counts[logic_of(tile)];
  return counts;
}

void add_tiles(Table& table, const Design& a, const Design& b, bool all) {
  struct Statistic {
    const char* name;
    double (*of)(const TileConfig&);
  };
  static constexpr Statistic kStatistics[] = {
      {"tiles: mean FETCH", [](const TileConfig& t) { return static_cast<double>(t.fetch); }},
      {"tiles: mean VLEN [bit]",
       [](const TileConfig& t) { return static_cast<double>(t.vlen_bits); }},
      {"tiles: mean DMEM [KiB]",
       [](const TileConfig& t) { return static_cast<double>(t.dmem_kib); }},
      {"tiles: mean IMEM [KiB]",
       [](const TileConfig& t) { return static_cast<double>(t.imem_kib); }},
      {"tiles: mean WMEM [KiB]",
       [](const TileConfig& t) { return static_cast<double>(t.wmem_kib); }}};
  for (const Statistic& s : kStatistics)
    add_line(table, s.name, mean_of(a, s.of), mean_of(b, s.of), all);
  auto in_a = configurations(a), in_b = configurations(b);
  auto keys = in_a;
  keys.insert(in_b.begin(), in_b.end());
  for (const auto& [config, count] : keys) {
    const std::string name = fmt::format("tiles of FETCH {} VLEN {} DMEM {} IMEM {}", config.fetch,
                                         config.vlen_bits, config.dmem_kib, config.imem_kib);
    add_line(table, name, static_cast<double>(in_a[config]), static_cast<double>(in_b[config]),
             all);
  }
}

// Every number of the two PPA files that has the same key, nested keys joined by a dot.
void add_ppa(Table& table, const Json& a, const Json& b, const std::string& prefix, bool all) {
  for (const auto& [key, value] : a.items()) {
    if (!b.is_object() || !b.contains(key)) continue;
    const std::string name = prefix + key;
    if (value.is_number() && b[key].is_number()) {
      add_line(table, name, value.get<double>(), b[key].get<double>(), all);
    } else if (value.is_object()) {
      add_ppa(table, value, b[key], name + ".", all);
    } else if (value.is_string() && b[key].is_string()) {
      add_text(table, name, value.get<std::string>(), b[key].get<std::string>(), all);
    }
  }
}

Table difference(const Side& a, const Side& b, bool all) {
  const Design &da = a.file.design, &db = b.file.design;
  Table table{"diff", "Two designs", {{"Parameter", ""}, {"A", ""}, {"B", ""}, {"B/A", ""}}, {}};
  add_text(table, "workload", da.workload, db.workload, all);
  add_text(table, "node", da.node, db.node, all);
  add_text(table, "mode", da.mode, db.mode, all);
  for (std::size_t i = 0; i < kActionCount; ++i) {
    add_line(table, std::string(action_info(i).name), da.actions[i], db.actions[i], all);
  }
  add_tiles(table, da, db, all);
  if (a.ppa.is_object() && b.ppa.is_object()) add_ppa(table, a.ppa, b.ppa, "ppa.", all);
  return table;
}

Json as_json(const Table& table) {
  Json json = Json::array();
  for (const auto& row : table.rows) {
    json.push_back({{"parameter", std::get<std::string>(row[0])},
                    {"a", std::get<std::string>(row[1])},
                    {"b", std::get<std::string>(row[2])},
                    {"ratio", std::get<std::string>(row[3])}});
  }
  return json;
}

int run_diff(const DiffOptions& o) {
  const Side a = read_side(o.a), b = read_side(o.b);
  const Table table = difference(a, b, o.all);
  if (o.common.json) {
    print_json(as_json(table));
  } else if (table.rows.empty()) {
    print("the designs are equal\n");
  } else {
    print(to_text(table));
    if (a.ppa.is_null() || b.ppa.is_null())
      print("no ppa.json lies beside one of them: only the designs are compared\n");
  }
  return 0;
}

}  // namespace

void add_diff(CLI::App& app, Run& run) {
  auto o = std::make_shared<DiffOptions>();
  CLI::App* verb = app.add_subcommand("diff", "two designs, parameter by parameter, with PPA");
  verb->add_option("A", o->a, "design.json or its folder")->type_name("")->required();
  verb->add_option("B", o->b, "design.json or its folder")->type_name("")->required();
  verb->add_flag("--all", o->all, "equal parameters too");
  add_options(*verb, o->common);
  verb->footer(
      "Examples:\n"
      "  tilewright diff out-5nm out-7nm\n"
      "  tilewright diff before/design.json after/design.json --all");
  verb->callback([o, &run] { run = [o] { return run_diff(*o); }; });
}

}  // namespace tilewright

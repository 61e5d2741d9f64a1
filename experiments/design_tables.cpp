#include "experiments/design_tables.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "experiments/statistics.h"

namespace tilewright {
namespace {

// Every digit in the CSV; a reader's table rounds.
Number exact(double value) {
  return {value, 0};
}

struct TileParameter {
  Column column;
  double (*of)(const TileConfig&);
};
const std::vector<TileParameter>& tile_parameters() {
  static const std::vector<TileParameter> all{
      {{"FETCH", "words"}, [](const TileConfig& t) { return static_cast<double>(t.fetch); }},
      {{"VLEN", "bit"}, [](const TileConfig& t) { return static_cast<double>(t.vlen_bits); }},
      {{"DMEM", "KiB"}, [](const TileConfig& t) { return static_cast<double>(t.dmem_kib); }},
      {{"IMEM", "KiB"}, [](const TileConfig& t) { return static_cast<double>(t.imem_kib); }},
      {{"WMEM", "KiB"}, [](const TileConfig& t) { return static_cast<double>(t.wmem_kib); }}};
  return all;
}

std::vector<double> values_of(const std::vector<TileConfig>& tiles,
                              const TileParameter& parameter) {
  std::vector<double> values;
  values.reserve(tiles.size());
  for (const TileConfig& tile : tiles) values.push_back(parameter.of(tile));
  return values;
}

// 0 at the rim, 2 in the middle third, 1 between: the paper's Edge, Inner and Center.
std::size_t region_of(const Design& design, std::int32_t tile) {
  const std::int32_t x = tile % design.mesh_w, y = tile / design.mesh_w;
  const auto middle = [](std::int32_t at, std::int32_t side) {
    return 3 * at >= side && 3 * at < 2 * side;
  };
  if (x == 0 || y == 0 || x == design.mesh_w - 1 || y == design.mesh_h - 1) return 0;
  return middle(x, design.mesh_w) && middle(y, design.mesh_h) ? 2 : 1;
}

}  // namespace

Table ppa_table(const Ppa& ppa) {
  Table table{"ppa",
              "Power, performance and area (" + ppa.level + ")",
              {{"Quantity", ""}, {"Value", ""}, {"Unit", ""}},
              {}};
  if (ppa.physical) table.columns.insert(table.columns.end(), {{"Low", ""}, {"High", ""}});
  // `banded`: the quantity's name among the bands; none for what follows from the design alone.
  const auto line = [&](const std::string& name, double value, const char* unit,
                        const char* banded = "") {
    std::vector<Cell> row{name, exact(value), std::string(unit)};
    if (ppa.physical) {
      const Band* const band = ppa.physical->band(banded);
      for (double Band::*end : {&Band::lo, &Band::hi})
        row.push_back(band != nullptr ? Cell(exact(band->*end)) : Cell(Missing{"no band"}));
    }
    table.add(std::move(row));
  };
  line("rate", ppa.tok_s, "1/s", "tok_s");
  line("rate without drafts", ppa.tok_s_plain, "1/s");
  line("latency", ppa.latency_ms, "ms");
  line("energy a unit", ppa.energy_mj, "mJ", "energy_mj_per_unit");
  line("performance", ppa.gops, "GOps/s");
  line("clock", ppa.clock_mhz, "MHz");
  line("ceiling compute", ppa.ceiling_compute, "1/s");
  line("ceiling memory", ppa.ceiling_memory, "1/s");
  line("ceiling noc", ppa.ceiling_noc, "1/s");
  line("power", ppa.power_mw, "mW", "power_mw");
  line("power compute", ppa.compute_mw, "mW", "compute_mw");
  line("power noc", ppa.noc_mw, "mW", "noc_mw");
  line("power sram", ppa.sram_mw, "mW", "sram_mw");
  line("power rom", ppa.rom_mw, "mW", "rom_mw");
  line("power leakage", ppa.leak_mw, "mW", "leak_mw");
  line("area", ppa.area_mm2, "mm2", "area_mm2");
  line("area tiles", ppa.tile_mm2, "mm2", "tile_mm2");
  line("area rom", ppa.rom_mm2, "mm2", "rom_mm2");
  if (ppa.physical) {
    const PhysicalPpa& p = *ppa.physical;
    line("power multiply-accumulates", p.mac_mw, "mW", "mac_mw");
    line("power control", p.control_mw, "mW", "control_mw");
    line("power between dies", p.die_to_die_mw, "mW", "die_to_die_mw");
    line("area sram", p.sram_mm2, "mm2", "sram_mm2");
    line("pitch of a tile", p.pitch_mm, "mm");
    line("rom energy", p.rom_fj_bit, "fJ/bit");
    line("utilisation", p.utilisation, "");
    line("KV cache holds", p.kv_tokens, "tokens");
    line("dies", p.dies, "", "dies");
    line("area of a die", p.die_mm2, "mm2");
    line("yield", p.yield, "", "yield");
    line("cost of the dies", p.cost_usd, "USD", "cost_usd");
  }
  for (std::size_t m = 0; m < kMarginCount; ++m)
    line("margin " + std::string(margin_name(m)), ppa.margins[m], "");
  line("score", ppa.score, "");
  return table;
}

Table influence_table(const Ppa& ppa, std::size_t most) {
  Table table{"influences",
              "What a constant does alone, at the ends of its band",
              {{"Quantity", ""}, {"Constant", ""}, {"At its low", "x"}, {"At its high", "x"}},
              {}};
  if (!ppa.physical) return table;
  std::map<std::string, std::size_t> shown;
  for (const Influence& i : ppa.physical->influences) {
    if (shown[i.quantity]++ < most)
      table.add({i.quantity, i.constant, Number{i.low, 4}, Number{i.high, 4}});
  }
  std::stable_sort(table.rows.begin(), table.rows.end(), [](const auto& a, const auto& b) {
    return std::get<std::string>(a[0]) < std::get<std::string>(b[0]);
  });
  return table;
}

Table factor_table(const Ppa& ppa) {
  Table table{"factors",
              "Counted factors, the constants that scale them, and what L0 guesses",
              {{"Factor", ""}, {"Counted", ""}, {"Constant", ""}, {"Value", ""}, {"L0 guess", ""}},
              {}};
  for (const Factor& f : ppa.factors) {
    table.add({f.name, exact(f.counted), exact(f.constant), exact(f.value), exact(f.guessed)});
  }
  return table;
}

Table action_table(const Design& design) {
  Table table{"actions",
              "Design variables",
              {{"Variable", ""}, {"Value", ""}, {"Unit", ""}, {"Meaning", ""}},
              {}};
  for (std::size_t i = 0; i < kActionCount; ++i) {
    const ActionInfo& info = action_info(i);
    table.add({std::string(info.name), exact(design.actions[i]), std::string(info.unit),
               std::string(info.meaning)});
  }
  return table;
}

Table tile_statistics_table(const Design& design) {
  Table table{"tile_statistics",
              "Parameters over the tiles",
              {{"Parameter", ""},
               {"Min", ""},
               {"Max", ""},
               {"Mean", ""},
               {"Median", ""},
               {"Std dev", ""},
               {"Unique", ""}},
              {}};
  for (const TileParameter& parameter : tile_parameters()) {
    const std::vector<double> v = values_of(design.tiles, parameter);
    if (v.empty()) continue;
    const auto [least, most] = std::minmax_element(v.begin(), v.end());
    const std::set<double> unique(v.begin(), v.end());
    table.add({parameter.column.name + " [" + parameter.column.unit + "]", exact(*least),
               exact(*most), Number{mean(v), 6}, exact(median(v)), Number{deviation(v), 6},
               exact(static_cast<double>(unique.size()))});
  }
  return table;
}

Table region_table(const Design& design) {
  static constexpr const char* kRegions[] = {"Edge", "Inner", "Center"};
  std::vector<TileConfig> members[std::size(kRegions)];
  for (std::int32_t t = 0; t < design.tile_count(); ++t) {
    members[region_of(design, t)].push_back(design.tiles[static_cast<std::size_t>(t)]);
  }
  Table table{"regions", "Means by region of the mesh", {{"Region", ""}, {"Tiles", ""}}, {}};
  for (const TileParameter& parameter : tile_parameters())
    table.columns.push_back(parameter.column);
  for (std::size_t r = 0; r < std::size(kRegions); ++r) {
    std::vector<Cell> row{std::string(kRegions[r]), exact(static_cast<double>(members[r].size()))};
    for (const TileParameter& parameter : tile_parameters()) {
      row.push_back(members[r].empty() ? Cell(Missing{"the mesh has no such tile"})
                                       : Cell(Number{mean(values_of(members[r], parameter)), 6}));
    }
    table.add(std::move(row));
  }
  return table;
}

Table logic_configuration_table(const Design& design) {
  std::map<LogicConfig, int> counts;
  for (const TileConfig& tile : design.tiles) ++counts[logic_of(tile)];
  Table table{
      "logic_configurations",
      "Distinct logic configurations",
      {{"FETCH", "words"}, {"VLEN", "bit"}, {"DMEM", "KiB"}, {"IMEM", "KiB"}, {"Tiles", ""}},
      {}};
  for (const auto& [config, count] : counts) {
    table.add({exact(config.fetch), exact(config.vlen_bits), exact(config.dmem_kib),
               exact(config.imem_kib), exact(count)});
  }
  return table;
}

Table tile_table(const Design& design, const Mapping& mapping) {
  Table table{"tiles", "Every tile", {{"Tile", ""}, {"x", ""}, {"y", ""}}, {}};
  for (const TileParameter& parameter : tile_parameters())
    table.columns.push_back(parameter.column);
  for (const Column& column : {Column{"Work", "lane-cycles"}, Column{"Weights", "B"},
                               Column{"KV", "B"}, Column{"Hazard density", ""}}) {
    table.columns.push_back(column);
  }
  for (std::int32_t t = 0; t < design.tile_count(); ++t) {
    const auto at = static_cast<std::size_t>(t);
    const std::int32_t x = t % design.mesh_w, y = t / design.mesh_w;
    std::vector<Cell> row{exact(t), exact(x), exact(y)};
    for (const TileParameter& parameter : tile_parameters())
      row.push_back(exact(parameter.of(design.tiles[at])));
    const TileLoad& load = mapping.loads[at];
    for (const double value : {load.work, load.weight_bytes, load.kv_bytes, load.hazard}) {
      row.push_back(exact(value));
    }
    table.add(std::move(row));
  }
  return table;
}

Table operator_table(const Mapper& mapper, const Mapping& mapping) {
  Table table{
      "operators",
      "Every operator and the run of tiles that holds it, by position on the placement curve",
      {{"Operator", ""},
       {"Type", ""},
       {"Kind", ""},
       {"FLOPs", ""},
       {"Weights", "B"},
       {"First", ""},
       {"Tiles", ""},
       {"K groups", ""}},
      {}};
  for (const OpRun& run : mapper.runs(mapping)) {
    const WorkOp& op = mapper.workload().ops[static_cast<std::size_t>(run.op)];
    table.add({op.name, op.type, std::string(op_kind_name(op.kind)), exact(op.flops),
               exact(static_cast<double>(op.weight_bytes)), exact(run.first), exact(run.count),
               exact(run.k_groups)});
  }
  return table;
}

Table pareto_table(const std::vector<Evaluation>& pareto) {
  Table table{"pareto",
              "Feasible designs that no other dominates",
              {{"Rate", "1/s"}, {"Power", "mW"}, {"Area", "mm2"}, {"Score", ""}},
              {}};
  for (std::size_t i = 0; i < kActionCount; ++i)
    table.columns.push_back({std::string(action_info(i).name), ""});
  for (const Evaluation& e : pareto) {
    std::vector<Cell> row{exact(e.tok_s), exact(e.power_mw), exact(e.area_mm2), exact(e.score)};
    for (const double value : e.design) row.push_back(exact(value));
    table.add(std::move(row));
  }
  return table;
}

std::vector<Table> design_tables(const Design& design, const Ppa& ppa, const Mapping& mapping,
                                 const Mapper& mapper) {
  std::vector<Table> tables{ppa_table(ppa),
                            action_table(design),
                            tile_statistics_table(design),
                            region_table(design),
                            logic_configuration_table(design),
                            tile_table(design, mapping),
                            operator_table(mapper, mapping)};
  if (!ppa.factors.empty()) tables.push_back(factor_table(ppa));
  if (ppa.physical) tables.push_back(influence_table(ppa, kInfluencesShown));
  return tables;
}

}  // namespace tilewright

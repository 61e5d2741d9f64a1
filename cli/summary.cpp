#include "cli/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "cli/terminal.h"
#include "experiments/svg.h"
#include "support/json.h"
#include "support/table.h"

namespace tilewright {
namespace {

std::string number(double value) {
  return short_number(value);
}

std::string watts(double milliwatts) {
  return scaled_number(milliwatts / 1000, {"W", "mW", "uW"});
}

// " (104 W to 397 W)": the band of a quantity, where it has one.
template <typename Text>
std::string band_text(const Ppa& ppa, const char* quantity, Text text) {
  const Band* const band = ppa.physical ? ppa.physical->band(quantity) : nullptr;
  return band == nullptr ? "" : fmt::format(" ({} to {})", text(band->lo), text(band->hi));
}

std::string dies_line(const Ppa& ppa) {
  const PhysicalPpa& p = *ppa.physical;
  return fmt::format("{:.0f} of {} mm2, yield {}, {} USD without masks{}", p.dies,
                     number(p.die_mm2), format_number({p.yield, 2}), number(p.cost_usd),
                     band_text(ppa, "cost_usd", number));
}

std::string mesh_line(const Design& design) {
  if (design.tiles.empty()) {
    return fmt::format("{} x {} = {} tiles, mean VLEN {} bit", design.actions[kMeshW],
                       design.actions[kMeshH], design.actions[kMeshW] * design.actions[kMeshH],
                       number(design.actions[kVlen]));
  }
  const auto vlen = [](const TileConfig& a, const TileConfig& b) {
    return a.vlen_bits < b.vlen_bits;
  };
  const auto [least, most] = std::minmax_element(design.tiles.begin(), design.tiles.end(), vlen);
  std::set<LogicConfig> configs;
  for (const TileConfig& tile : design.tiles) configs.insert(logic_of(tile));
  return fmt::format("{} x {} = {} tiles, VLEN {}..{} bit, {} logic configuration{}", design.mesh_w,
                     design.mesh_h, design.tile_count(), least->vlen_bits, most->vlen_bits,
                     configs.size(), configs.size() == 1 ? "" : "s");
}

std::string memory_line(const Design& design) {
  std::int64_t wmem = 0, dmem = 0;
  for (const TileConfig& tile : design.tiles) {
    wmem += tile.wmem_kib;
    dmem += tile.dmem_kib;
  }
  return fmt::format("weight ROM {}, data SRAM {}", bytes_text(1024.0 * static_cast<double>(wmem)),
                     bytes_text(1024.0 * static_cast<double>(dmem)));
}

std::string fidelity_line(const Summary& s) {
  const char* other = s.ppa->level == "L1" ? "L0" : "L1";
  return fmt::format("{} says {}/s ({:+.1f} %)", other, number(s.other_tok_s),
                     100 * (s.other_tok_s / s.ppa->tok_s - 1));
}

std::string clustering_line(const Summary& s) {
  std::set<LogicConfig> configs;
  for (const TileConfig& tile : s.design->tiles) configs.insert(logic_of(tile));
  if (s.configs_before <= kMaxLogicConfigs) {
    return fmt::format("{} logic configurations of at most {}: none merged, no cost",
                       s.configs_before, kMaxLogicConfigs);
  }
  return fmt::format("{} of {} logic configurations kept, cost {:+.5f} of score", configs.size(),
                     s.configs_before, s.clustering_cost);
}

std::string search_line(const SearchSummary& s) {
  return fmt::format("{}, {} evaluations, {} feasible, {:.1f} s{}", s.agent, s.evaluations,
                     s.feasible, s.seconds,
                     s.interrupted ? "; interrupted, this is the best so far" : "");
}

}  // namespace

std::string bytes_text(double bytes) {
  constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < std::size(kUnits)) {
    bytes /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{:.0f} B", bytes) : fmt::format("{:.2f} {}", bytes, kUnits[unit]);
}

std::string rate_text(const Ppa& ppa, const std::string& unit) {
  return fmt::format("{} {}s/s{}; {} without speculative drafts", number(ppa.tok_s), unit,
                     band_text(ppa, "tok_s", number), number(ppa.tok_s_plain));
}

std::string components_text(const Ppa& ppa) {
  const std::string between =
      ppa.physical ? ", between dies " + watts(ppa.physical->die_to_die_mw) : "";
  return fmt::format("{}{} = compute {}, network {}, SRAM {}, ROM {}, leakage {}{}",
                     watts(ppa.power_mw), band_text(ppa, "power_mw", watts), watts(ppa.compute_mw),
                     watts(ppa.noc_mw), watts(ppa.sram_mw), watts(ppa.rom_mw), watts(ppa.leak_mw),
                     between);
}

std::string ceilings_text(const Ppa& ppa) {
  return fmt::format("{} binds: compute {}, memory {}, network {} /s", ceiling_name(ppa.binding),
                     number(ppa.ceiling_compute), number(ppa.ceiling_memory),
                     number(ppa.ceiling_noc));
}

std::string margins_text(const Ppa& ppa) {
  std::string text;
  for (std::size_t m = 0; m < kMarginCount; ++m) {
    text += fmt::format("{}{} {:+.3g}", m == 0 ? "" : ", ", margin_name(m), ppa.margins[m]);
  }
  return text;
}

std::string summary_text(const Summary& s) {
  const Ppa& ppa = *s.ppa;
  const Design& design = *s.design;
  Lines lines(fmt::format("{} at {}, {} ({})", design.workload, design.node, design.mode,
                          ppa.feasible ? "feasible" : "NOT FEASIBLE"));
  lines.add("mesh", mesh_line(design));
  if (!ppa.topology.mesh()) lines.add("topology", to_text(ppa.topology));
  if (!design.tiles.empty()) lines.add("memory", memory_line(design));
  lines.add("clock", number(ppa.clock_mhz) + " MHz");
  lines.add("rate", rate_text(ppa, s.workload == nullptr ? "token" : s.workload->unit));
  lines.add("ceilings", ceilings_text(ppa));
  lines.add("power", components_text(ppa));
  const bool too_large = ppa.over_reticle && !ppa.physical;
  lines.add("area",
            fmt::format("{} mm2{} = tiles {}, weight ROM {}{}", number(ppa.area_mm2),
                        band_text(ppa, "area_mm2", number), number(ppa.tile_mm2),
                        number(ppa.rom_mm2), too_large ? "; LARGER THAN ONE RETICLE FIELD" : ""));
  if (ppa.physical) lines.add("dies", dies_line(ppa));
  if (ppa.physical && ppa.physical->kv_tokens > 0)
    lines.add("KV cache",
              fmt::format("room for {:.0f} tokens of every sequence", ppa.physical->kv_tokens));
  lines.add("latency",
            fmt::format("{}; energy {} each",
                        scaled_number(ppa.latency_ms / 1000, {"s", "ms", "us", "ns"}),
                        scaled_number(ppa.energy_mj / 1000, {"J", "mJ", "uJ", "nJ", "pJ"})));
  lines.add("margins", margins_text(ppa));
  lines.add("score", fmt::format("{} (lower is better), against {}", format_number({ppa.score, 5}),
                                 ppa.reference));
  if (s.other_tok_s > 0) lines.add("fidelity", fmt::format("{}; {}", ppa.level, fidelity_line(s)));
  if (s.configs_before > 0) lines.add("clustering", clustering_line(s));
  if (s.search) lines.add("search", search_line(*s.search));
  lines.list("to close", ppa.advice);
  if (ppa.physical) lines.list("limits", ppa.physical->relaxations);
  lines.list("assumed", design.assumed);
  if (!s.folder.empty()) {
    lines.list("not made", s.not_generated);
    if (s.weight_image_bytes > 0)
      lines.add("weights", bytes_text(static_cast<double>(s.weight_image_bytes)) + " in images");
    lines.add("written", fmt::format("{} files below {} (start with report.html)", s.files,
                                     s.folder.string()));
  }
  return lines.text();
}

Json summary_json(const Summary& s) {
  Json json;
  json["workload"] = s.design->workload;
  json["node"] = s.design->node;
  json["mode"] = s.design->mode;
  json["mesh"] = {s.design->mesh_w, s.design->mesh_h};
  if (!s.ppa->topology.mesh()) json["topology"] = to_text(s.ppa->topology);
  json["ppa"] = to_json(*s.ppa);
  json["other_level_tok_s"] = s.other_tok_s;
  json["logic_configurations_before"] = s.configs_before;
  json["clustering_cost"] = s.clustering_cost;
  if (s.search) {
    json["search"] = Json{{"agent", s.search->agent},
                          {"evaluations", s.search->evaluations},
                          {"feasible", s.search->feasible},
                          {"interrupted", s.search->interrupted},
                          {"seconds", s.search->seconds}};
  }
  json["assumed"] = s.design->assumed;
  json["not_generated"] = s.not_generated;
  json["weight_image_bytes"] = s.weight_image_bytes;
  json["folder"] = s.folder.string();
  json["files"] = s.files;
  return json;
}

}  // namespace tilewright

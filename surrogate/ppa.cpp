#include "surrogate/ppa.h"

#include <algorithm>

#include "support/json.h"

namespace tilewright {

const char* margin_name(std::size_t margin) {
  static constexpr const char* kNames[kMarginCount] = {"power", "area",  "wmem", "dmem",
                                                       "imem",  "split", "wcap", "rate"};
  return kNames[margin];
}

const char* margin_meaning(std::size_t margin) {
  static constexpr const char* kMeanings[kMarginCount] = {
      "1 - power over its budget",
      "1 - area over its budget",
      "weight ROM over the model's weights, less 1",
      "data SRAM over what activations and KV cache need, less 1",
      "instruction memory over what the tiles' programs need, less 1",
      "0.9 less the parts of the data SRAM that inputs and outputs take",
      "most weight ROM that the tiles may have over the model's weights, less 1",
      "rate over the least that is asked for, less 1"};
  return kMeanings[margin];
}

const char* ceiling_name(Ceiling ceiling) {
  static constexpr const char* kNames[] = {"compute", "memory", "noc"};
  return kNames[static_cast<int>(ceiling)];
}

const Band* PhysicalPpa::band(const std::string& quantity) const {
  const auto found = std::find_if(bands.begin(), bands.end(),
                                  [&](const auto& named) { return named.first == quantity; });
  return found == bands.end() ? nullptr : &found->second;
}

double violation_of(const Margins& margins, double tolerance) {
  double sum = 0;
  for (const double m : margins) {
    if (!(m >= -tolerance)) sum += -m;
  }
  return sum;
}

namespace {

Json to_json(const PhysicalPpa& p) {
  Json json;
  json["mac_mw"] = p.mac_mw;
  json["control_mw"] = p.control_mw;
  json["die_to_die_mw"] = p.die_to_die_mw;
  json["sram_mm2"] = p.sram_mm2;
  json["tile_pitch_mm"] = p.pitch_mm;
  json["rom_fj_per_bit"] = p.rom_fj_bit;
  json["kv_tokens_per_sequence"] = p.kv_tokens;
  json["utilisation"] = p.utilisation;
  json["dies"] = p.dies;
  json["die_mm2"] = p.die_mm2;
  json["yield"] = p.yield;
  json["cost_usd"] = p.cost_usd;
  Json bands = Json::object();
  for (const auto& [name, band] : p.bands) bands[name] = {{"low", band.lo}, {"high", band.hi}};
  json["bands"] = bands;
  Json influences = Json::array();
  for (const Influence& i : p.influences) {
    influences.push_back({{"quantity", i.quantity},
                          {"constant", i.constant},
                          {"factor_at_low", i.low},
                          {"factor_at_high", i.high}});
  }
  json["influences"] = influences;
  json["relaxations"] = p.relaxations;
  return json;
}

}  // namespace

Json to_json(const Ppa& p) {
  Json json;
  json["schema"] = kPpaSchema;
  json["schema_version"] = kPpaSchemaVersion;
  json["level"] = p.level;
  if (!p.topology.mesh()) json["topology"] = to_text(p.topology);
  json["tok_s"] = p.tok_s;
  json["tok_s_without_drafts"] = p.tok_s_plain;
  json["power_mw"] = p.power_mw;
  json["area_mm2"] = p.area_mm2;
  json["power"] = {{"compute_mw", p.compute_mw},
                   {"noc_mw", p.noc_mw},
                   {"sram_mw", p.sram_mw},
                   {"rom_mw", p.rom_mw},
                   {"leak_mw", p.leak_mw}};
  json["area"] = {{"tile_mm2", p.tile_mm2}, {"rom_mm2", p.rom_mm2}};
  json["ceilings"] = {{"compute_tok_s", p.ceiling_compute},
                      {"memory_tok_s", p.ceiling_memory},
                      {"noc_tok_s", p.ceiling_noc},
                      {"binding", ceiling_name(p.binding)}};
  json["latency_ms"] = p.latency_ms;
  json["energy_mj_per_unit"] = p.energy_mj;
  json["gops"] = p.gops;
  json["clock_mhz"] = p.clock_mhz;
  Json margins;
  for (std::size_t i = 0; i < kMarginCount; ++i) margins[margin_name(i)] = p.margins[i];
  json["margins"] = margins;
  json["feasible"] = p.feasible;
  json["violation"] = p.violation;
  json["score"] = p.score;
  json["cross_node_score"] = p.cross_score;
  json["over_reticle"] = p.over_reticle;
  json["reference"] = p.reference;
  Json factors = Json::array();
  for (const auto& f : p.factors) {
    factors.push_back({{"name", f.name},
                       {"counted", f.counted},
                       {"constant", f.constant},
                       {"value", f.value},
                       {"guessed", f.guessed}});
  }
  json["factors"] = factors;
  json["advice"] = p.advice;
  if (p.physical) json["physical"] = to_json(*p.physical);
  return json;
}

}  // namespace tilewright

#include "surrogate/ppa.h"

namespace tilewright {

const char* margin_name(std::size_t margin) {
  static constexpr const char* kNames[kMarginCount] = {"power", "area",  "wmem", "dmem",
                                                       "imem",  "split", "wcap", "rate"};
  return kNames[margin];
}

const char* ceiling_name(Ceiling ceiling) {
  static constexpr const char* kNames[] = {"compute", "memory", "noc"};
  return kNames[static_cast<int>(ceiling)];
}

double violation_of(const Margins& margins, double tolerance) {
  double sum = 0;
  for (const double m : margins) {
    if (!(m >= -tolerance)) sum += -m;
  }
  return sum;
}

Json to_json(const Ppa& p) {
  Json json;
  json["schema"] = kPpaSchema;
  json["schema_version"] = kPpaSchemaVersion;
  json["level"] = p.level;
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
  return json;
}

}  // namespace tilewright

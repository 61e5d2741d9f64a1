#include "experiments/report.h"

#include <fmt/format.h>

#include "experiments/design_tables.h"

namespace tilewright {
namespace {

constexpr double kWidth = 560, kMapSide = 270;

constexpr const char* kStyle = R"css(
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: .2rem; } h2 { font-size: 1.1rem; margin-top: 2.2rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .8rem; margin: 1.2rem 0; }
.card { border: 1px solid #8884; border-radius: .5rem; padding: .6rem .8rem; }
.card b { display: block; font-size: 1.25rem; white-space: nowrap; } .card span, .note { opacity: .75; font-size: .85rem; }
.row { display: flex; flex-wrap: wrap; gap: 2rem; }
svg { max-width: 100%; height: auto; }
.wide { overflow-x: auto; } p.note { max-width: 44rem; margin: .2rem 0 .8rem; }
table { border-collapse: collapse; font-size: .85rem; } td, th { padding: .2rem .7rem; text-align: left; border-bottom: 1px solid #8883; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } .bad { color: #c33; } .good { color: #2a7; }
)css";

std::string card(const std::string& value, const std::string& label) {
  return fmt::format("<div class=\"card\"><b>{}</b><span>{}</span></div>\n", xml_escaped(value),
                     xml_escaped(label));
}

std::string heading(const std::string& text, const std::string& note = "") {
  std::string out = fmt::format("<h2>{}</h2>\n", xml_escaped(text));
  if (!note.empty()) out += fmt::format("<p class=\"note\">{}</p>\n", xml_escaped(note));
  return out;
}

std::string watts(double milliwatts) {
  return scaled_number(milliwatts / 1000, {"W", "mW", "µW"});
}

// The label of a card, with the band of its quantity where it has one.
template <typename Text>
std::string banded(const Ppa& ppa, const std::string& label, const char* quantity, Text text) {
  const Band* const band = ppa.physical ? ppa.physical->band(quantity) : nullptr;
  return band == nullptr ? label : label + ", " + text(band->lo) + " to " + text(band->hi);
}

std::string joules(double millijoules) {
  return scaled_number(millijoules / 1000, {"J", "mJ", "µJ", "nJ", "pJ"});
}

std::string die_cards(const Ppa& ppa) {
  if (!ppa.physical) return "";
  const PhysicalPpa& p = *ppa.physical;
  return card(format_number({p.dies, 0}),
              "dies of " + short_number(p.die_mm2) + " mm², yield " + format_number({p.yield, 2})) +
         card(short_number(p.cost_usd) + " USD",
              banded(ppa, "dies without masks", "cost_usd", short_number));
}

std::string cards(const ReportInputs& in) {
  const Ppa& ppa = *in.ppa;
  const Design& d = *in.design;
  return "<div class=\"cards\">\n" +
         card(fmt::format("{} x {}", d.mesh_w, d.mesh_h),
              fmt::format("{}, {} tiles", to_text(d.topology), d.tile_count())) +
         card(short_number(ppa.clock_mhz) + " MHz", "clock") +
         card(short_number(ppa.tok_s), banded(ppa, in.unit + "s a second", "tok_s", short_number)) +
         card(short_number(ppa.tok_s_plain), in.unit + "s a second without drafts") +
         card(watts(ppa.power_mw), banded(ppa, "power", "power_mw", watts)) +
         card(short_number(ppa.area_mm2) + " mm²", banded(ppa, "area", "area_mm2", short_number)) +
         card(scaled_number(ppa.latency_ms / 1000, {"s", "ms", "µs", "ns"}), "latency") +
         card(joules(ppa.energy_mj),
              banded(ppa, "energy a " + in.unit, "energy_mj_per_unit", joules)) +
         die_cards(ppa) + card(ceiling_name(ppa.binding), "binding ceiling") +
         card(format_number({ppa.score, 5}), "score, lower is better") + "</div>\n";
}

std::string html_table(const Table& table) {
  std::string out = "<div class=\"wide\"><table><tr>";
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    const bool numeric =
        !table.rows.empty() && std::holds_alternative<Number>(table.rows.front()[c]);
    out += (numeric ? "<th class=\"n\">" : "<th>") +
           xml_escaped(column.unit.empty() ? column.name : column.name + " [" + column.unit + "]") +
           "</th>";
  }
  out += "</tr>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (const Cell& cell : row) {
      if (const auto* number = std::get_if<Number>(&cell)) {
        out += "<td class=\"n\">" + short_number(number->value) + "</td>";
      } else if (const auto* text = std::get_if<std::string>(&cell)) {
        out += "<td>" + xml_escaped(*text) + "</td>";
      } else {
        out += "<td class=\"note\">" + xml_escaped(std::get<Missing>(cell).reason) + "</td>";
      }
    }
    out += "</tr>\n";
  }
  return out + "</table></div>\n";
}

std::string margins(const Ppa& ppa) {
  std::string out =
      heading("Constraint margins", "What is left of each limit; negative breaks it.") +
      "<table><tr><th>Constraint</th><th class=\"n\">Margin</th><th>Meaning</th></tr>\n";
  for (std::size_t m = 0; m < kMarginCount; ++m) {
    out += fmt::format("<tr><td>{}</td><td class=\"n {}\">{}</td><td>{}</td></tr>\n",
                       margin_name(m), ppa.margins[m] < 0 ? "bad" : "good",
                       short_number(ppa.margins[m]), xml_escaped(margin_meaning(m)));
  }
  return out + "</table>\n";
}

std::string list_of(const std::vector<std::string>& items) {
  std::string out = "<ul>\n";
  for (const std::string& item : items) out += "<li>" + xml_escaped(item) + "</li>\n";
  return out + "</ul>\n";
}

std::string breakdowns(const Ppa& ppa) {
  std::vector<Share> power = {{"compute", ppa.compute_mw},
                              {"network", ppa.noc_mw},
                              {"SRAM", ppa.sram_mw},
                              {"weight ROM", ppa.rom_mw},
                              {"leakage", ppa.leak_mw}};
  if (ppa.physical) power.push_back({"between dies", ppa.physical->die_to_die_mw});
  return heading("Power: " + watts(ppa.power_mw)) + stacked_bar_svg(power, "mW", kWidth) +
         heading("Area: " + short_number(ppa.area_mm2) + " mm²") +
         stacked_bar_svg({{"tiles", ppa.tile_mm2}, {"weight ROM", ppa.rom_mm2}}, "mm²", kWidth) +
         heading(
             "Ceilings",
             "The rate that each resource alone would allow; the lowest binds, and the realised "
             "rate stays below it.") +
         bars_svg({{"compute", ppa.ceiling_compute},
                   {"memory", ppa.ceiling_memory},
                   {"network", ppa.ceiling_noc},
                   {"realised", ppa.tok_s}},
                  "/s", kWidth);
}

std::string search_section(const ReportInputs& in) {
  if (in.log == nullptr || in.log->empty()) return "";
  std::vector<CurvePoint> curve;
  curve.reserve(in.log->size());
  for (const Evaluation& e : *in.log) curve.push_back({e.score, e.feasible});
  return heading(
             "Search",
             "Dots: score of the feasible evaluations, lower is better. Line: the best so far.") +
         search_curve_svg(curve, kWidth);
}

std::string maps_section(const ReportInputs& in) {
  std::string out = heading("Mesh",
                            "A square a tile, at its place. Work over lanes is a tile's work per "
                            "vector lane, 1 for the mean of all tiles.") +
                    "<div class=\"row\">\n";
  for (const MeshMap& map : mesh_maps(*in.design, *in.mapping)) out += mesh_map_svg(map, kMapSide);
  return out + "</div>\n";
}

std::string notes(const ReportInputs& in) {
  std::string out;
  if (!in.ppa->advice.empty())
    out += heading("What would make it feasible") + list_of(in.ppa->advice);
  if (in.ppa->physical && !in.ppa->physical->relaxations.empty())
    out += heading("Which limits bind, and what a tenth of each is worth") +
           list_of(in.ppa->physical->relaxations);
  if (!in.design->assumed.empty()) {
    out += heading("Assumed by the rate and not in these files") + list_of(in.design->assumed);
  }
  if (!in.not_generated.empty()) out += heading("Not generated") + list_of(in.not_generated);
  return out;
}

}  // namespace

std::vector<MeshMap> mesh_maps(const Design& design, const Mapping& mapping) {
  MeshMap vlen{"Vector length", "bit", design.mesh_w, design.mesh_h, {}}, wmem = vlen, load = vlen;
  wmem.title = "Weight memory", wmem.unit = "MiB";
  load.title = "Work over lanes", load.unit = "of the mean";
  double sum = 0;
  for (std::size_t t = 0; t < design.tiles.size(); ++t) {
    const TileConfig& tile = design.tiles[t];
    vlen.values.push_back(tile.vlen_bits);
    wmem.values.push_back(static_cast<double>(tile.wmem_kib) / 1024);
    load.values.push_back(mapping.loads[t].work / tile.vlen_bits);
    sum += load.values.back();
  }
  if (sum > 0) {
    for (double& value : load.values) value *= static_cast<double>(load.values.size()) / sum;
  }
  return {vlen, wmem, load};
}

std::string mesh_picture(const Design& design, const Mapping& mapping, const Ppa& ppa) {
  return mesh_maps_svg(
      mesh_maps(design, mapping),
      fmt::format("{} at {}: {} x {} tiles, {} MHz, {}/s, {}, {} mm²", design.workload, design.node,
                  design.mesh_w, design.mesh_h, short_number(ppa.clock_mhz),
                  short_number(ppa.tok_s), watts(ppa.power_mw), short_number(ppa.area_mm2)));
}

std::string html_report(const ReportInputs& in) {
  const Design& d = *in.design;
  const std::string title = fmt::format("{} at {}, {}", d.workload, d.node, d.mode);
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
      xml_escaped(title) + "</title>\n<style>" + kStyle + "</style></head><body>\n";
  out += "<h1>" + xml_escaped(title) + "</h1>\n";
  out += fmt::format("<p class=\"note\">tilewright {}, fidelity {}, scored against: {}.{}</p>\n",
                     xml_escaped(in.version), xml_escaped(in.ppa->level),
                     xml_escaped(in.ppa->reference),
                     in.ppa->feasible ? "" : " <b class=\"bad\">Not feasible.</b>");
  out += cards(in) + notes(in) + maps_section(in) + breakdowns(*in.ppa);
  out += margins(*in.ppa) + search_section(in);
  out += heading("Tiles", fmt::format("Parameters over the {} tiles.", d.tile_count())) +
         html_table(tile_statistics_table(d));
  out += heading("Logic configurations",
                 "Tiles of one configuration share a module; the depth of the weight ROM is a "
                 "parameter of each.") +
         html_table(logic_configuration_table(d));
  if (!in.ppa->factors.empty()) {
    out += heading("Counted factors",
                   "Counted on the mapped graph, over the constant of the calibration: the value "
                   "that rate, power and area use, beside the guess of the closed form (L0).") +
           html_table(factor_table(*in.ppa));
  }
  if (in.ppa->physical) {
    out += heading("What the figures hang on",
                   "The constants that move a figure most when each alone goes to the ends of its "
                   "band; the bands above are the root of the sum of their squares.") +
           html_table(influence_table(*in.ppa, kInfluencesShown));
  }
  return out + "</body></html>\n";
}

}  // namespace tilewright

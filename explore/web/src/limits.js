// Power and area by component, ceilings and constraint margins of the selected design, as bars.
import { base, Chart, kBar, kFont, kInk, kSelected, kSoft } from "./chart.js";
import { data } from "./data.js";
import { byId, make, say } from "./dom.js";
import { kPower, num, percent, quantity, unitFor } from "./format.js";

const kLogSpan = 30, kBarPixels = 25;

// bars: [{name, value, text, mark}], a mark is hatched and takes another colour.
function barOption(bars, { log = false, least, most, nameWidth = 142, textWidth = 130 } = {}) {
  return base({
    grid: { left: nameWidth, right: textWidth, top: 4, bottom: 6 },
    xAxis: { type: log ? "log" : "value", show: false, min: least, max: most },
    yAxis: { type: "category", inverse: true, data: bars.map(({ name }) => name), axisTick: { show: false }, axisLine: { show: least === undefined || least >= 0, lineStyle: { color: kSoft }, onZero: false },
      axisLabel: { ...kFont, color: kInk, width: nameWidth - 10, overflow: "truncate" } },
    series: { type: "bar", barMaxWidth: 18, barMinHeight: 1, barCategoryGap: "32%", cursor: "default",
      data: bars.map(({ value, text, mark, place }) => ({ value, label: { formatter: () => text, position: place ?? "right" },
        itemStyle: mark ? { color: kSelected, decal: { symbol: "rect", color: "rgba(255,255,255,0.55)", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 } } : { color: kBar } })),
      label: { show: true, ...kFont } },
  });
}

function parts(list, whole, units) {
  const [unit, one] = unitFor(whole, units);
  return list.filter(([, value]) => value !== undefined && value !== null).sort((a, b) => b[1] - a[1])
    .map(([name, value]) => ({ name, value: value / one, text: `${num(value / one)} ${unit}  ${percent(whole > 0 ? value / whole : 0)}` }));
}

function describe(id, bars) {
  byId(id).style.height = `${kBarPixels * bars.length + 10}px`;
  byId(id).setAttribute("aria-label", bars.map(({ name, text }) => `${name}: ${text}`).join("; "));
}

export class Limits {
  constructor() {
    this.charts = Object.fromEntries(["power", "area", "ceilings", "margins"].map((id) =>
      [id, new Chart(byId(id), (chart) => this.draw(id, chart), { printWidth: 335 })]));
    this.options = {};
  }
  show(design, unit) {
    const { ppa } = design;
    const whole = Boolean(ppa.power);
    for (const id of ["power", "area", "ceilings"]) byId(id).parentElement.hidden = !whole;
    say("limits-note", whole ? "" : `Only the margins of this design are in this page: ${design.missing}.`);
    if (whole) this.showParts(ppa, unit);
    this.showMargins(ppa);
    for (const chart of Object.values(this.charts)) chart.redraw();
    this.advice(design);
  }
  draw(id, chart) {
    if (!this.options[id]) return;
    chart.resize({ width: chart.getWidth(), height: byId(id).clientHeight });
    chart.setOption(this.options[id], { notMerge: true });
  }
  showParts(ppa, unit) {
    const { power, area, physical } = ppa;
    const compute = physical ? [["multiply-accumulate", physical.mac_mw], ["control", physical.control_mw]] : [["compute", power.compute_mw]];
    const powerBars = parts([...compute, ["network", power.noc_mw], ["data SRAM", power.sram_mw], ["weight ROM", power.rom_mw], ["leakage", power.leak_mw],
      ["between dies", physical?.die_to_die_mw]], ppa.power_mw, kPower);
    const areaBars = parts(physical ? [["tile logic", area.tile_mm2 - physical.sram_mm2], ["data SRAM", physical.sram_mm2], ["weight ROM", area.rom_mm2]]
      : [["tiles", area.tile_mm2], ["weight ROM", area.rom_mm2]], ppa.area_mm2, [["mm²", 1]]);
    say("power-h", `Power: ${quantity(ppa.power_mw, kPower)}`);
    say("area-h", `Area: ${num(ppa.area_mm2)} mm²`);
    this.options.power = barOption(powerBars);
    this.options.area = barOption(areaBars);
    describe("power", powerBars);
    describe("area", areaBars);
    this.showCeilings(ppa, unit);
  }
  showCeilings({ ceilings, tok_s }, unit) {
    const named = [["compute", ceilings.compute_tok_s], ["memory", ceilings.memory_tok_s], ["noc", ceilings.noc_tok_s]];
    const values = [...named.map(([, value]) => value), tok_s];
    const log = Math.max(...values) / Math.min(...values) > kLogSpan;
    const bars = named.map(([name, value]) => ({ name: name === "noc" ? "network" : name, value, mark: name === ceilings.binding,
      text: `${num(value)} ${unit}/s${name === ceilings.binding ? ", binds" : ""}` }));
    bars.push({ name: "realised", value: tok_s, text: `${num(tok_s)} ${unit}/s` });
    say("ceilings-h", `Ceilings: the rate that each resource alone would allow${log ? ", logarithmic" : ""}`);
    this.options.ceilings = barOption(bars, log ? { log, least: Math.min(...values) / 3 } : { least: 0 });
    describe("ceilings", bars);
  }
  // A bar ends at 1: beyond it a limit is far away, and the number says how far.
  showMargins({ margins }) {
    const bars = data.margins.map(({ name }) => {
      const value = margins[name];
      return { name, value: Math.max(-1, Math.min(1, value)), mark: value < 0, place: value < 0 ? "left" : "right",
        text: `${value >= 0 ? "+" : "−"}${num(Math.abs(100 * value), 3)} %${value < 0 ? " broken" : ""}` };
    });
    const negative = bars.some(({ mark }) => mark);
    this.options.margins = barOption(bars, { least: negative ? -1.6 : 0, most: 1, nameWidth: 60, textWidth: 90 });
    this.options.margins.tooltip = { trigger: "item", confine: true, formatter: ({ dataIndex }) => `${data.margins[dataIndex].name}: ${data.margins[dataIndex].meaning}` };
    describe("margins", bars);
  }
  advice({ isFinal, ppa }) {
    const lists = isFinal ? [["What would make it feasible", ppa.advice ?? []],
      ["Which limits bind, and what a tenth of each is worth", ppa.physical?.relaxations ?? []]] : [];
    byId("advice").replaceChildren(...lists.filter(([, items]) => items.length).flatMap(([title, items]) =>
      [make("h3", {}, title), make("ul", {}, ...items.map((item) => make("li", {}, item)))]));
  }
}

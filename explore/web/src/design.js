// The panel of the selected design: what it reaches and all of its design variables.
import { data } from "./data.js";
import { byId, make, say } from "./dom.js";
import { count, kEnergy, kPower, kTime, num, quantity } from "./format.js";

const kGroups = [
  ["Mesh", ["W", "H", "SCx", "SCy", "DFLIT"]],
  ["Tile", ["FETCH", "VLEN", "DMEM", "WMEM", "IMEM", "STANUM", "XR_WP", "VR_WP", "XDPNUM", "VDPNUM"]],
  ["Clock, arithmetic, KV cache, drafts", ["CLK", "PREC", "KVC", "DRAFT"]],
  ["Memory and load", ["A_IN", "A_OUT", "BAL", "LOC"]],
  ["Operator partition", ["R_MM", "R_CV", "R_GEN", "S_IN", "S_OUT", "SUB", "AR"]],
];

function fact(name, value, note, bad = false) {
  return make("tr", {}, make("th", { scope: "row" }, name), make("td", { class: bad ? "n bad" : "n" }, value), make("td", { class: "m" }, note ?? ""));
}

function band(ppa, key, text) {
  const found = ppa.physical?.bands?.[key];
  return found ? `${text(found.low)} to ${text(found.high)}` : "";
}

function figures(ppa, unit) {
  const watts = (mw) => quantity(mw, kPower), mm2 = (v) => `${num(v)} mm²`, joules = (mj) => quantity(mj, kEnergy);
  const lines = [
    ["Rate", `${num(ppa.tok_s)} ${unit}/s`, band(ppa, "tok_s", num)],
    ["Without drafts", ppa.tok_s_without_drafts !== undefined && `${num(ppa.tok_s_without_drafts)} ${unit}/s`, ""],
    ["Power", watts(ppa.power_mw), band(ppa, "power_mw", watts)],
    ["Area", mm2(ppa.area_mm2), band(ppa, "area_mm2", mm2)],
    ["Clock", ppa.clock_mhz !== undefined && `${num(ppa.clock_mhz)} MHz`, ""],
    ["Latency", ppa.latency_ms !== undefined && quantity(ppa.latency_ms, kTime), `one ${unit}`],
    ["Energy", ppa.energy_mj_per_unit !== undefined && joules(ppa.energy_mj_per_unit), `a ${unit}`],
    ["Dies", ppa.physical && count(ppa.physical.dies), ppa.physical ? `of ${num(ppa.physical.die_mm2)} mm², yield ${num(ppa.physical.yield, 2)}` : ""],
    ["Cost", ppa.physical && `${num(ppa.physical.cost_usd)} USD`, "dies, without masks"],
    ["Score", num(ppa.score, 5), "lower is better"],
  ];
  return lines.filter(([, value]) => value).map(([name, value, note]) => fact(name, value, note));
}

function variables(actions) {
  const index = new Map(data.variables.map(({ name }, i) => [name, i]));
  const line = (name) => {
    const { unit, meaning } = data.variables[index.get(name)];
    return make("tr", {}, make("th", { scope: "row" }, name), make("td", { class: "n" }, num(actions[index.get(name)])),
      make("td", { class: "u" }, unit), make("td", { class: "m" }, meaning));
  };
  const grouped = new Set(kGroups.flatMap(([, names]) => names));
  const rest = data.variables.map(({ name }) => name).filter((name) => !grouped.has(name));
  return [...kGroups, ["Others", rest]].filter(([, names]) => names.length)
    .flatMap(([title, names]) => [make("tr", { class: "group" }, make("th", { colspan: 4, scope: "colgroup" }, title)), ...names.map(line)]);
}

export function showDesign(folder, evaluations, design) {
  const { ppa } = design;
  const number = design.row === null ? null : evaluations.at("evaluation", design.row);
  say("design-title", design.isFinal ? "Final design" : `Evaluation ${count(number)}`);
  const broken = data.margins.filter(({ name }) => ppa.margins[name] < 0).map(({ name }) => name);
  const kind = [
    design.isFinal && number !== null ? `evaluation ${count(number)} of ${count(evaluations.total)}` : "",
    design.row !== null && evaluations.isPareto.has(design.row) ? "in the Pareto set" : "",
    ppa.feasible ? "keeps every constraint" : `breaks ${broken.join(", ") || "a constraint"}`,
    !design.isFinal && !design.map ? "no breakdown and no tiles in this page" : "",
  ].filter(Boolean).join("; ");
  say("design-note", `${kind[0].toUpperCase()}${kind.slice(1)}.`);
  byId("to-final").hidden = design.isFinal;
  byId("design-ppa").replaceChildren(...figures(ppa, folder.unit));
  byId("design-variables").replaceChildren(...variables(design.actions));
}

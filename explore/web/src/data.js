// The data that the program wrote into the page, and what is selected of it.
import { byId } from "./dom.js";

export const data = JSON.parse(byId("data").textContent);

function words({ scale, base64 }) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 2 }, (_, i) => scale * view.getUint16(2 * i, true));
}

// By tile: every figure of the map as an array.
const unpacked = new WeakMap();
export function unpack(map) {
  if (!unpacked.has(map)) {
    const kind = words(map.kind_of);
    const tiles = { w: map.w, h: map.h, traffic: map.traffic };
    for (const [name, values] of Object.entries(map.kinds)) tiles[name] = Array.from(kind, (k) => values[k]);
    for (const name of ["kv_bytes", "east", "west", "south", "north"]) tiles[name] = words(map[name]);
    const time = tiles.work.map((work, t) => work / tiles.vlen[t]);
    const mean = time.reduce((a, b) => a + b, 0) / time.length;
    tiles.load = time.map((t) => (mean > 0 ? t / mean : 0));
    tiles.busiest = Array.from(kind, (_, t) => Math.max(tiles.east[t], tiles.west[t], tiles.south[t], tiles.north[t]));
    unpacked.set(map, tiles);
  }
  return unpacked.get(map);
}

// One folder's evaluations, with accessors by column name.
export class Evaluations {
  constructor(folder) {
    const json = folder.evaluations;
    this.total = json.total;
    this.rows = json.shown;
    this.columns = json.columns;
    this.pareto = json.pareto;
    this.paretoTotal = json.pareto_total;
    this.isPareto = new Set(json.pareto);
    this.final = json.final ?? null;
    this.maps = folder.maps;
    this.finalMap = folder.final_map;
  }
  names() {
    return Object.keys(this.columns);
  }
  has(name) {
    return name in this.columns;
  }
  at(name, row) {
    const column = this.columns[name];
    return Array.isArray(column) ? column[row] : column;
  }
  column(name) {
    return Array.from({ length: this.rows }, (_, row) => this.at(name, row));
  }
  feasible(row) {
    return this.at("feasible", row) === 1;
  }
  hasMap(row) {
    const map = row === this.final ? this.finalMap : this.maps[row];
    return map !== undefined && !map.missing;
  }
}

const kNoRoom = { missing: "there is room for those of the final design, of the Pareto set and of the best alone" };
const mapOf = (map) => ({ map: map.missing ? null : map, missing: map.missing ?? null });

// A design to show: `row` of the evaluations, or null for a final design that was not searched.
export function designOf(folder, evaluations, row) {
  if (row === null || row === evaluations.final) {
    return { isFinal: true, row, actions: folder.actions, ppa: folder.ppa, ...mapOf(folder.final_map) };
  }
  const map = folder.maps[row];
  const ppa = map?.ppa ?? {
    tok_s: evaluations.at("tok_s", row),
    power_mw: evaluations.at("power_mw", row),
    area_mm2: evaluations.at("area_mm2", row),
    score: evaluations.at("score", row),
    feasible: evaluations.feasible(row),
    margins: Object.fromEntries(data.margins.map(({ name }) => [name, evaluations.at(`margin_${name}`, row)])),
  };
  return { isFinal: false, row, actions: data.variables.map(({ name }) => evaluations.at(name, row)), ppa, ...mapOf(map ?? kNoRoom) };
}

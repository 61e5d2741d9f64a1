// The mesh as a heat map of one figure of its tiles, the links between them, and what one tile is.
import { base, Chart, css, kFont, kViridis, shade } from "./chart.js";
import { unpack } from "./data.js";
import { byId, make, say } from "./dom.js";
import { count, kBytes, num, quantity, unitFor } from "./format.js";

const kQuantities = [
  { key: "wmem", label: "WMEM", name: "Weight memory", unit: "KiB" },
  { key: "load", label: "Load", name: "Work over lanes", unit: "of the mean" },
  { key: "vlen", label: "VLEN", name: "Vector length", unit: "bit" },
  { key: "fetch", label: "FETCH", name: "Instruction words fetched a cycle", unit: "words" },
  { key: "dmem", label: "DMEM", name: "Data memory", unit: "KiB" },
  { key: "imem", label: "IMEM", name: "Instruction memory", unit: "KiB" },
  { key: "kv_bytes", label: "KV cache", name: "KV cache pages", unit: null },
  { key: "busiest", label: "Traffic", name: "Bytes over every link", unit: null },
];
const kFewValues = 8; // so many distinct values have a colour and a legend entry each
const kTallest = 480, kTop = 6, kLegend = 46;

// Least and most of the values; a range of nothing has room on one side.
function rangeOf(values) {
  let least = Infinity, most = -Infinity;
  for (const v of values) {
    least = Math.min(least, v);
    most = Math.max(most, v);
  }
  return [least, most];
}

export class Mesh {
  constructor() {
    this.quantity = kQuantities[0];
    this.tile = 0;
    this.pinned = false;
    this.chart = new Chart(byId("map-chart"), (chart) => this.draw(chart), { printWidth: 400 });
    this.makeChoices();
    const map = byId("map");
    map.addEventListener("keydown", (event) => this.key(event));
    map.addEventListener("focus", () => this.moveTo(this.tile));
  }

  makeChoices() {
    this.thumbs = new Map();
    byId("quantities").append(...kQuantities.map((q) => {
      const canvas = make("canvas", { "aria-hidden": "true" });
      this.thumbs.set(q.key, canvas);
      return make("label", { title: q.name }, make("input", { type: "radio", name: "quantity", value: q.key, checked: q === this.quantity,
        onchange: () => {
          this.quantity = q;
          this.chart.redraw();
        } }), canvas, q.label);
    }));
  }

  show(design, unit) {
    this.unit = unit;
    this.tiles = design.map ? unpack(design.map) : null;
    for (const id of ["quantities", "map", "tile"]) byId(id).hidden = !this.tiles;
    if (!this.tiles) {
      say("mesh-note", `The tiles of this design are not in this page: ${design.missing}.`);
      return;
    }
    const { w, h, traffic } = this.tiles;
    say("mesh-note", `${w} × ${h} = ${count(w * h)} tiles. ${quantity(traffic.bytes, kBytes)} a ${unit} move between tiles over ${num(traffic.mean_hops)} hops `
      + `in the mean; the busiest link carries ${quantity(traffic.busiest_link, kBytes)} a ${unit}.`);
    this.tile = Math.min(this.tile, w * h - 1);
    this.thumbnails();
    this.layout();
    this.chart.redraw();
    this.moveTo(this.tile);
  }

  // One pixel a tile.
  thumbnails() {
    const { w, h } = this.tiles;
    for (const [key, canvas] of this.thumbs) {
      const values = this.tiles[key], [least, most] = rangeOf(values), span = most - least;
      canvas.width = w;
      canvas.height = h;
      const context = canvas.getContext("2d"), pixels = context.createImageData(w, h);
      values.forEach((v, t) => pixels.data.set([...shade(span > 0 ? (v - least) / span : 0.5), 255], 4 * t));
      context.putImageData(pixels, 0, 0);
    }
  }

  // Square tiles in the room there is.
  layout(width = byId("map").clientWidth) {
    const { w, h } = this.tiles;
    const side = Math.max(1, Math.floor(Math.min(width / w, kTallest / h, 64)));
    this.side = side;
    this.left = Math.max(0, Math.floor((width - side * w) / 2));
    byId("map-chart").style.height = `${side * h + kTop + kLegend}px`;
    return { left: this.left, top: kTop, width: side * w, height: side * h };
  }

  format(value) {
    return this.quantity.unit ? `${num(value)} ${this.quantity.unit}` : `${quantity(value, kBytes)} a ${this.unit}`;
  }

  draw(chart) {
    if (!this.tiles) return;
    const grid = this.layout(chart.getWidth());
    chart.resize({ width: chart.getWidth(), height: grid.height + kTop + kLegend });
    const { w, h } = this.tiles, values = this.tiles[this.quantity.key];
    const links = this.quantity.key === "busiest";
    const category = (n) => ({ type: "category", data: Array.from({ length: n }, (_, i) => i), show: false });
    chart.setOption(base({
      grid, xAxis: category(w), yAxis: { ...category(h), inverse: true },
      visualMap: this.legend(values),
      series: links ? this.linkSeries() : {
        type: "heatmap", data: Array.from(values, (v, t) => [t % w, Math.floor(t / w), v]), progressive: 0,
        itemStyle: { borderWidth: this.side >= 8 ? 0.5 : 0, borderColor: "#fff" }, emphasis: { disabled: true },
      },
    }), { notMerge: true });
    this.wire(chart);
    this.placeCursor();
  }

  legend(values) {
    const { name, unit } = this.quantity;
    const [least, most] = this.quantity.key === "busiest" ? [0, this.tiles.traffic.busiest_link] : rangeOf(values);
    const common = { orient: "horizontal", left: "center", bottom: 0, textStyle: { ...kFont, fontSize: 11 }, hoverLink: false, selectedMode: false,
      showLabel: true };
    const distinct = [...new Set(values)].sort((a, b) => a - b);
    if (unit && unit !== "of the mean" && distinct.length <= kFewValues) {
      const last = Math.max(1, distinct.length - 1);
      return { ...common, type: "piecewise", itemWidth: 16, itemHeight: 12, itemGap: 14,
        pieces: distinct.map((v, i) => ({ value: v, label: `${num(v)} ${unit}`, color: css(distinct.length > 1 ? i / last : 0.5) })) };
    }
    return { ...common, type: "continuous", min: least, max: most > least ? most : least + 1, itemWidth: 12, itemHeight: Math.min(220, Math.max(40, this.chart.width() - 300)), calculable: false,
      dimension: 2, inRange: { color: kViridis }, text: [this.format(most), `${name}: ${this.format(least)}`] };
  }

  // A square for every tile, a bar for every link; a bar shows the busier of its two directions.
  linkSeries() {
    const { w, h, east, west, south, north } = this.tiles;
    const data = [];
    for (let t = 0; t < w * h; ++t) {
      const x = t % w, y = Math.floor(t / w);
      const right = x + 1 < w ? Math.max(east[t], west[t + 1]) : 0, down = y + 1 < h ? Math.max(south[t], north[t + w]) : 0;
      data.push([x, y, this.tiles.busiest[t], right, down]);
    }
    const most = Math.max(this.tiles.traffic.busiest_link, 1e-30), side = this.side;
    const half = Math.max(0.5, 0.19 * side), thick = Math.max(1, 0.6 * side);
    return {
      type: "custom", data, progressive: 0, encode: { x: 0, y: 1, value: 2 },
      renderItem: (_, api) => {
        const x = api.value(0), y = api.value(1), [px, py] = api.coord([x, y]);
        const bar = (rx, ry, width, height, share) => ({ type: "rect", shape: { x: rx, y: ry, width, height }, style: { fill: css(share) }, silent: true });
        const children = [{ type: "rect", shape: { x: px - half, y: py - half, width: 2 * half, height: 2 * half }, style: { fill: "#c4cad0" }, silent: true }];
        if (x + 1 < w) children.push(bar(px + half, py - thick / 2, side - 2 * half, thick, api.value(3) / most));
        if (y + 1 < h) children.push(bar(px - thick / 2, py + half, thick, side - 2 * half, api.value(4) / most));
        return { type: "group", children };
      },
    };
  }

  wire(chart) {
    if (this.wired === chart) return;
    this.wired = chart;
    const zr = chart.getZr();
    zr.on("mousemove", ({ offsetX, offsetY }) => {
      const tile = this.tileAt(offsetX, offsetY);
      if (tile !== null && !this.pinned) this.moveTo(tile);
    });
    zr.on("click", ({ offsetX, offsetY }) => {
      const tile = this.tileAt(offsetX, offsetY);
      this.pinned = tile !== null && !(this.pinned && tile === this.tile);
      if (tile !== null) this.moveTo(tile);
    });
  }
  tileAt(px, py) {
    const x = Math.floor((px - this.left) / this.side), y = Math.floor((py - kTop) / this.side);
    return this.tiles && x >= 0 && y >= 0 && x < this.tiles.w && y < this.tiles.h ? y * this.tiles.w + x : null;
  }

  key(event) {
    if (!this.tiles) return;
    const { w, h } = this.tiles, x = this.tile % w, y = Math.floor(this.tile / w);
    const to = { ArrowLeft: [x - 1, y], ArrowRight: [x + 1, y], ArrowUp: [x, y - 1], ArrowDown: [x, y + 1], Home: [0, y], End: [w - 1, y],
      PageUp: [x, 0], PageDown: [x, h - 1] }[event.key];
    if (!to) return;
    event.preventDefault();
    this.moveTo(Math.max(0, Math.min(h - 1, to[1])) * w + Math.max(0, Math.min(w - 1, to[0])));
  }

  placeCursor() {
    const cursor = byId("cursor");
    cursor.hidden = !this.tiles;
    const { w } = this.tiles, side = Math.max(this.side, 6), extra = (side - this.side) / 2;
    cursor.style.left = `${this.left + (this.tile % w) * this.side - extra}px`;
    cursor.style.top = `${kTop + Math.floor(this.tile / w) * this.side - extra}px`;
    cursor.style.width = cursor.style.height = `${side}px`;
  }

  moveTo(tile) {
    this.tile = tile;
    const tiles = this.tiles, w = tiles.w;
    this.placeCursor();
    say("tile-title", `Tile ${count(tile)}: column ${tile % w}, row ${Math.floor(tile / w)}`);
    const bytes = (key) => quantity(tiles[key][tile], kBytes);
    const lines = [
      ["FETCH", `${num(tiles.fetch[tile])} words`, "fetched a cycle"],
      ["VLEN", `${num(tiles.vlen[tile])} bit`, "vector length"],
      ["DMEM", `${num(tiles.dmem[tile])} KiB`, "data memory"],
      ["IMEM", `${num(tiles.imem[tile])} KiB`, "instruction memory"],
      ["WMEM", `${num(tiles.wmem[tile])} KiB`, "weight ROM"],
      null,
      ["Weights", bytes("weights"), "held"],
      ["KV cache", bytes("kv_bytes"), "pages held"],
      ["Work", num(tiles.work[tile]), `lane-cycles a ${this.unit}`],
      ["Load", `${num(tiles.load[tile], 3)} ×`, "of the mean tile's time"],
      ["Hazards", num(tiles.hazard[tile], 3), "density, 0 to 3"],
      null,
      ...["east", "west", "south", "north"].map((side) => [`To ${side}`, bytes(side), `a ${this.unit}`]),
    ];
    byId("tile-table").replaceChildren(...lines.map((line) => (line
      ? make("tr", {}, make("th", { scope: "row" }, line[0]), make("td", { class: "n" }, line[1]), make("td", { class: "m" }, line[2]))
      : make("tr", { class: "group" }, make("th", { colspan: 3 })))));
  }
}

// Evaluated designs: three scatters of rate, power and area with the score as colour, the ranges that
// a brush or the fields set, and the list.
import { base, Chart, css, kFont, kInk, kSelected, kViridis, valueAxis } from "./chart.js";
import { byId, make, rowKeys, say } from "./dom.js";
import { count, kPower, num, unitFor } from "./format.js";

const kListed = 400;
const kPanels = [[0, 1], [0, 2], [1, 2]]; // x and y of each panel, as metrics
const kNearPixels = 14, kClasses = 12;
const kNothing = [NaN, NaN]; // a large series without a point fails

export class Designs {
  constructor(onSelect) {
    this.onSelect = onSelect;
    this.chart = new Chart(byId("scatter"), (chart) => this.draw(chart));
    this.sort = { key: "score", up: true };
    this.inputs = [];
    byId("clear-ranges").addEventListener("click", () => this.clearRanges());
    byId("list-filter").addEventListener("change", () => this.list());
    rowKeys(byId("designs-table").createTBody(), (row) => this.onSelect(Number(row.dataset.row)));
  }

  show(folder, evaluations) {
    this.folder = folder;
    this.e = evaluations;
    this.selected = null;
    this.any = evaluations.rows > 0;
    for (const id of ["scatter", "ranges"]) byId(id).hidden = !this.any;
    byId("designs-table").parentElement.hidden = !this.any;
    if (!this.any) {
      say("designs-note", "The design was given, not searched: there is nothing to choose from.");
      return;
    }
    const powers = evaluations.column("power_mw").sort((a, b) => a - b);
    const power = unitFor(powers[Math.floor(powers.length / 2)], kPower);
    this.metrics = [
      { key: "tok_s", label: "Rate", unit: `${folder.unit}/s`, one: 1, best: 1 },
      { key: "power_mw", label: "Power", unit: power[0], one: power[1], best: -1 },
      { key: "area_mm2", label: "Area", unit: "mm²", one: 1, best: -1 },
    ];
    this.values = this.metrics.map(({ key, one }) => evaluations.column(key).map((v) => v / one));
    this.scores = evaluations.column("score");
    this.note();
    this.makeInputs();
    this.applyRanges();
  }

  note() {
    const { total, rows, pareto, paretoTotal } = this.e;
    const infeasible = Array.from({ length: rows }, (_, r) => r).filter((r) => !this.e.feasible(r)).length;
    const thinned = rows < total ? ` ${count(rows)} of ${count(total)} are here: ${count(pareto.length)} of the Pareto set, the best, and every so-many'th of the others.` : "";
    say("designs-note", `${count(total)} evaluations, ${count(infeasible)} of those shown break a constraint (grey squares). Diamonds: the Pareto set in rate, `
      + `power and area, ${count(paretoTotal)} design${paretoTotal === 1 ? "" : "s"}. Colour: score, lower (darker) is better.${thinned} Drag a box over a chart to narrow all three and the list; click a point to select a design.`);
  }

  // --- ranges
  makeInputs() {
    this.ranges = this.metrics.map(() => [null, null]);
    this.inputs = this.metrics.map((metric, m) =>
      ["least", "most"].map((end, i) => make("input", {
        type: "number", step: "any", placeholder: end === "least" ? "min" : "max", "aria-label": `${metric.label}, ${end}, ${metric.unit}`,
        onchange: (event) => {
          this.ranges[m][i] = event.target.value === "" ? null : Number(event.target.value);
          this.clearBrush();
          this.applyRanges();
        },
      })));
    byId("range-inputs").replaceChildren(...this.metrics.map((metric, m) =>
      make("span", {}, `${metric.label} `, this.inputs[m][0], " to ", this.inputs[m][1], ` ${metric.unit}`)));
  }
  clearRanges() {
    this.ranges = this.metrics.map(() => [null, null]);
    this.clearBrush();
    this.applyRanges();
  }
  clearBrush() {
    this.isClearing = true;
    this.chart.chart?.dispatchAction({ type: "brush", areas: [] });
    this.isClearing = false;
  }
  brushed(panel, xs, ys) {
    this.ranges = this.metrics.map(() => [null, null]);
    const [x, y] = kPanels[panel];
    this.ranges[x] = xs;
    this.ranges[y] = ys;
    byId("list-filter").value = "within";
    this.applyRanges();
  }
  applyRanges() {
    this.ranges.forEach((range, m) => range.forEach((end, i) => {
      this.inputs[m][i].value = end === null ? "" : Number(end.toPrecision(4));
    }));
    this.within = Array.from({ length: this.e.rows }, (_, row) =>
      this.ranges.every(([lo, hi], m) => (lo === null || this.values[m][row] >= lo) && (hi === null || this.values[m][row] <= hi)));
    this.chart.redraw();
    this.list();
  }

  // --- scatters
  draw(chart) {
    if (!this.any) return;
    const [least, most] = this.scoreRange();
    const series = kPanels.flatMap(([x, y], panel) => this.series(x, y, panel, least, most));
    const coloured = series.flatMap(({ name }, i) => (name === "pareto" ? [i] : []));
    const width = chart.getWidth(), left = 66, right = 74, gap = 62;
    const side = (width - left - right - 2 * gap) / 3;
    chart.setOption(base({
      grid: kPanels.map((_, i) => ({ left: left + i * (side + gap), width: side, top: 14, bottom: 46 })),
      xAxis: kPanels.map(([x], i) => ({ ...this.axis(x), gridIndex: i, nameGap: 26 })),
      yAxis: kPanels.map(([, y], i) => ({ ...this.axis(y), gridIndex: i, nameGap: 44 })),
      visualMap: {
        type: "continuous", seriesIndex: coloured, dimension: 2, min: least, max: most, inRange: { color: kViridis }, right: 0, top: 6, itemHeight: 180,
        itemWidth: 12, inverse: true, text: [`≥ ${num(most, 3)}`, `score ${num(least, 3)}`], textStyle: { ...kFont, fontSize: 11 }, calculable: false, textGap: 6,
        align: "left",
      },
      brush: { xAxisIndex: "all", yAxisIndex: "all", brushMode: "single", brushLink: "none", removeOnClick: false, throttleType: "debounce", throttleDelay: 80,
        inBrush: { opacity: 1 }, outOfBrush: { opacity: 1 }, brushStyle: { borderWidth: 1.5, color: "rgba(11,92,173,0.10)", borderColor: "#0b5cad" } },
      series,
    }));
    this.wire(chart);
    byId("scatter").setAttribute("aria-label", `Scatter charts of ${count(this.e.rows)} designs: power and area over rate, area over power. `
      + "The list below holds the same designs, the fields below narrow them.");
  }
  // Thousands of points are quick when one series has one colour: the score is cut into classes.
  series(x, y, panel, least, most) {
    const out = [], broken = [], pareto = [], chosen = [], good = Array.from({ length: kClasses }, () => []);
    for (let row = 0; row < this.e.rows; ++row) {
      const point = [this.values[x][row], this.values[y][row], this.scores[row]];
      if (!this.within[row]) out.push(point);
      else if (this.e.isPareto.has(row)) pareto.push(point);
      else if (!this.e.feasible(row)) broken.push(point);
      else good[Math.max(0, Math.min(kClasses - 1, Math.floor(kClasses * (point[2] - least) / (most - least))))].push(point);
      if (row === this.selected) chosen.push(point);
    }
    // Flat arrays, which the plotting library neither copies nor looks into point by point.
    const flat = (points) => Float64Array.from(points.length ? points.flatMap(([px, py]) => [px, py]) : kNothing);
    const many = (name, points, color, more) => ({ name, data: flat(points), dimensions: ["x", "y"], large: true, largeThreshold: 0, silent: true,
      itemStyle: { color }, ...more });
    return [
      many("out", out, "#cdd2d7", { symbolSize: 3 }),
      many("broken", broken, "#8b949e", { symbolSize: 3.5 }),
      ...good.map((data, c) => many(`good${c}`, data, css((c + 0.5) / kClasses), { symbolSize: 5 })),
      { name: "pareto", data: pareto, symbol: "diamond", symbolSize: 11, silent: true, itemStyle: { borderColor: kInk, borderWidth: 1.2 } },
      { name: "chosen", data: chosen, symbol: "circle", symbolSize: 18, silent: true, z: 5, itemStyle: { color: "transparent", borderColor: kSelected, borderWidth: 3 } },
    ].map((one) => ({ ...one, id: `${one.name}${panel}`, type: "scatter", xAxisIndex: panel, yAxisIndex: panel, progressive: 0, clip: true }));
  }
  axis(m) {
    const { label, unit } = this.metrics[m];
    return valueAxis(`${label} [${unit}]`, this.values[m]);
  }
  // The colours span what most feasible designs score; worse ones take the last colour.
  scoreRange() {
    const sorted = this.scores.filter((_, row) => this.e.feasible(row)).sort((a, b) => a - b);
    if (sorted.length === 0) return [0, 1];
    const most = sorted[Math.floor(0.95 * (sorted.length - 1))];
    return [sorted[0], most > sorted[0] ? most : sorted[0] + 1e-6];
  }
  tip(row) {
    const what = this.metrics.map(({ label, unit }, m) => `${label} ${num(this.values[m][row])} ${unit}`);
    const kind = this.e.isPareto.has(row) ? ", Pareto set" : this.e.feasible(row) ? "" : ", breaks a constraint";
    return [`Evaluation ${count(this.e.at("evaluation", row))}${kind}`, ...what, `Score ${num(this.scores[row], 5)}`];
  }
  wire(chart) {
    if (this.wired === chart) return;
    this.wired = chart;
    chart.dispatchAction({ type: "takeGlobalCursor", key: "brush", brushOption: { brushType: "rect", brushMode: "single" } });
    chart.on("brushEnd", ({ areas }) => {
      if (this.isClearing) return;
      const area = areas[areas.length - 1];
      if (!area) return this.clearRanges();
      const [[x0, x1], [y0, y1]] = area.range;
      const panel = kPanels.findIndex((_, i) => chart.containPixel({ gridIndex: i }, [(x0 + x1) / 2, (y0 + y1) / 2]));
      if (panel < 0) return;
      const a = chart.convertFromPixel({ gridIndex: panel }, [x0, y1]), b = chart.convertFromPixel({ gridIndex: panel }, [x1, y0]);
      this.brushed(panel, [a[0], b[0]], [a[1], b[1]]);
    });
    const zr = chart.getZr(), tip = byId("tip");
    zr.on("mousemove", ({ offsetX, offsetY }) => {
      const row = this.nearest(chart, offsetX, offsetY);
      tip.hidden = row === null;
      if (row === null) return;
      tip.replaceChildren(...this.tip(row).map((line) => make("div", {}, line)));
      const right = offsetX + tip.offsetWidth + 24 < chart.getWidth();
      tip.style.left = `${right ? offsetX + 14 : offsetX - tip.offsetWidth - 14}px`;
      tip.style.top = `${offsetY + 8}px`;
    });
    zr.on("globalout", () => { tip.hidden = true; });
    zr.on("click", ({ offsetX, offsetY }) => {
      const row = this.nearest(chart, offsetX, offsetY);
      if (row !== null) this.onSelect(row);
    });
  }
  nearest(chart, px, py) {
    const panel = kPanels.findIndex((_, i) => chart.containPixel({ gridIndex: i }, [px, py]));
    if (panel < 0) return null;
    const [x, y] = kPanels[panel];
    let found = null, least = kNearPixels ** 2;
    for (let row = 0; row < this.e.rows; ++row) {
      if (!this.within[row]) continue;
      const [ax, ay] = chart.convertToPixel({ gridIndex: panel }, [this.values[x][row], this.values[y][row]]);
      const bonus = this.e.isPareto.has(row) ? 32 : this.e.feasible(row) ? 8 : 0; // what is drawn on top is meant
      const far = (ax - px) ** 2 + (ay - py) ** 2 - bonus;
      if (far < least) [found, least] = [row, far];
    }
    return found;
  }

  // --- list
  columns() {
    const mesh = (row) => `${this.e.at("W", row)} × ${this.e.at("H", row)}`;
    return [
      { key: "evaluation", label: "Evaluation", of: (r) => this.e.at("evaluation", r), text: count },
      { key: "score", label: "Score", of: (r) => this.scores[r], text: (v) => num(v, 5) },
      ...this.metrics.map((metric, m) => ({ key: metric.key, label: `${metric.label} [${metric.unit}]`, of: (r) => this.values[m][r], text: (v) => num(v), falls: metric.best > 0 })),
      { key: "mesh", label: "Mesh", of: (r) => this.e.at("W", r) * this.e.at("H", r), text: (_, r) => mesh(r) },
      { key: "VLEN", label: "VLEN [bit]", of: (r) => this.e.at("VLEN", r), text: (v) => num(v) },
      { key: "kind", label: "Constraints", of: (r) => (this.e.feasible(r) ? 0 : 1), text: (v) => (v ? "broken" : "kept"), left: true },
      { key: "pareto", label: "Pareto", of: (r) => (this.e.isPareto.has(r) ? 0 : 1), text: (v) => (v ? "" : "◆"), left: true },
      { key: "map", label: "Map", of: (r) => (this.e.hasMap(r) ? 0 : 1), text: (v) => (v ? "" : "yes"), left: true },
    ];
  }
  list() {
    const columns = this.columns(), table = byId("designs-table"), filter = byId("list-filter").value;
    const key = columns.find((c) => c.key === this.sort.key);
    const sign = this.sort.up ? 1 : -1;
    const rows = Array.from({ length: this.e.rows }, (_, r) => r)
      .filter((r) => this.within[r] && (filter === "within" || (filter === "pareto" ? this.e.isPareto.has(r) : this.e.hasMap(r))))
      .sort((a, b) => (key.key === "score" ? this.e.feasible(b) - this.e.feasible(a) : 0) || sign * (key.of(a) - key.of(b)) || a - b);
    table.tHead?.remove();
    table.createTHead().append(make("tr", {}, ...columns.map((column) => this.heading(column))));
    table.tBodies[0].replaceChildren(...rows.slice(0, kListed).map((r, i) =>
      make("tr", { "data-row": r, tabindex: r === this.selected || (i === 0 && !rows.includes(this.selected)) ? 0 : -1, "aria-selected": String(r === this.selected) },
        ...columns.map((c) => make("td", { class: c.left ? "t" : false }, c.text(c.of(r), r))))));
    const inRange = this.within.filter(Boolean).length;
    say("list-count", `${count(inRange)} of ${count(this.e.rows)} within; ${count(rows.length)} in the list${rows.length > kListed ? `, the first ${kListed} shown` : ""}`);
  }
  heading(column) {
    const active = this.sort.key === column.key;
    const mark = active ? (this.sort.up ? " ▲" : " ▼") : "";
    return make("th", { scope: "col", class: column.left ? "t" : false, "aria-sort": active ? (this.sort.up ? "ascending" : "descending") : "none" },
      make("button", { type: "button", onclick: () => {
        this.sort = { key: column.key, up: active ? !this.sort.up : !column.falls };
        this.list();
        byId("designs-table").querySelector(`th[aria-sort$=ending] button`).focus();
      } }, column.label + mark));
  }

  select(row) {
    this.selected = row;
    if (!this.any) return;
    this.chart.redraw();
    for (const tr of byId("designs-table").tBodies[0].rows) {
      const chosen = Number(tr.dataset.row) === row;
      tr.setAttribute("aria-selected", String(chosen));
      tr.tabIndex = chosen ? 0 : -1;
    }
    const body = byId("designs-table").tBodies[0];
    if (body.rows.length && ![...body.rows].some((tr) => tr.tabIndex === 0)) body.rows[0].tabIndex = 0;
  }
}

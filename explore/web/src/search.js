// How the search went: scores and the best so far, rewards, and what the searcher says of itself.
import { base, Chart, drop, kBar, kFont, kInk, kSelected, valueAxis } from "./chart.js";
import { data } from "./data.js";
import { byId, make, say } from "./dom.js";
import { count, num } from "./format.js";

const kWorse = 0.98; // scores above this part of all are cut off: they would flatten the rest

export class Search {
  constructor(onSelect) {
    this.onSelect = onSelect;
    this.curve = new Chart(byId("curve"), (chart) => this.drawCurve(chart));
    this.small = [];
  }
  show(folder, evaluations) {
    this.e = evaluations;
    this.any = evaluations.rows > 0;
    this.selected = null;
    for (const chart of this.small) drop(chart);
    this.small = [];
    byId("diagnostics").replaceChildren();
    say("constants", "");
    byId("curve").hidden = !this.any;
    if (!this.any) return say("search-note", "The design was given, not searched.");
    const agent = folder.options.agent ? `Searcher ${folder.options.agent}, seed ${folder.options.seed ?? 0}. ` : "";
    say("search-note", `${agent}Dots: feasible evaluations. Line: the best so far. Score: lower is better. A click on a dot selects the design.`);
    this.x = evaluations.column("evaluation");
    this.makeSmall();
    this.curve.redraw();
  }
  select(row) {
    this.selected = row;
    if (this.any) this.curve.redraw();
  }

  drawCurve(chart) {
    const scores = this.e.column("score");
    const points = scores.flatMap((score, row) => (this.e.feasible(row) ? [[this.x[row], score, row]] : []));
    const sorted = points.map(([, score]) => score).sort((a, b) => a - b);
    const cut = sorted[Math.floor(kWorse * (sorted.length - 1))] ?? 1;
    const chosen = points.filter(([, , row]) => row === this.selected);
    const broken = scores.flatMap((_, row) => (this.e.feasible(row) ? [] : [[this.x[row], 0]]));
    const top = sorted.length ? Math.max(cut, chosen[0]?.[1] ?? cut) : undefined;
    chart.setOption(base({
      grid: { left: 66, right: 16, top: 12, bottom: 44 },
      xAxis: { ...valueAxis("Evaluation", [1]), type: "value", min: 1, max: Math.max(2, this.x[this.x.length - 1]), nameGap: 26 },
      yAxis: { ...valueAxis("Score", []), type: "value", max: top, nameGap: 46 },
      tooltip: { trigger: "item", confine: true, formatter: ({ data: [x, y] }) => `Evaluation ${count(x)}<br>Score ${num(y, 5)}` },
      series: [
        points.length && { type: "scatter", data: points, symbolSize: 4, itemStyle: { color: kBar, opacity: 0.55 }, progressive: 0, large: true, largeThreshold: 0 },
        { type: "line", step: "end", data: this.e.column("best_score").map((v, row) => [this.x[row], v]), showSymbol: false, silent: true,
          lineStyle: { color: kInk, width: 2 } },
        { type: "scatter", data: chosen, symbolSize: 16, silent: true, itemStyle: { color: "transparent", borderColor: kSelected, borderWidth: 3 } },
      ].filter(Boolean),
    }), { notMerge: true });
    const best = this.e.column("best_score").filter((v) => v !== null).pop();
    byId("curve").setAttribute("aria-label", `Score of ${count(points.length)} feasible evaluations of ${count(this.e.rows)}; `
      + `${count(broken.length)} break a constraint; the best score is ${num(best, 5)}.`);
    if (this.wired === chart) return;
    this.wired = chart;
    chart.on("click", ({ seriesType, data: point }) => {
      if (seriesType === "scatter") this.onSelect(point[2]);
    });
  }

  // Columns of the search beyond the design and what it scored.
  diagnostics() {
    const known = new Set(["evaluation", "score", "feasible", "tok_s", "power_mw", "area_mm2", "best_score",
      ...data.variables.map(({ name }) => name), ...data.margins.map(({ name }) => `margin_${name}`)]);
    return this.e.names().filter((name) => !known.has(name) && this.e.column(name).some((v) => v !== null));
  }
  makeSmall() {
    const constant = (name) => !Array.isArray(this.e.columns[name]);
    const names = this.diagnostics(), still = names.filter(constant);
    say("constants", still.length ? `Always the same: ${still.map((name) => `${name.replaceAll("_", " ")} ${num(this.e.at(name, 0))}`).join(", ")}.` : "");
    for (const name of names.filter((one) => !constant(one))) {
      const values = this.e.column(name), element = make("div", { class: "chart", role: "img" });
      const label = name.replaceAll("_", " ");
      element.setAttribute("aria-label", `${label} by evaluation, last ${num(values[values.length - 1])}`);
      byId("diagnostics").append(make("div", {}, element));
      const option = base({
        title: { text: label, textStyle: { ...kFont, fontWeight: 600 }, left: 4, top: 0 },
        grid: { left: 52, right: 8, top: 24, bottom: 22 },
        xAxis: { ...valueAxis("", [1]), type: "value", min: 1, max: Math.max(2, this.x[this.x.length - 1]), splitNumber: 3 },
        yAxis: { ...valueAxis("", []), type: "value", splitNumber: 3 },
        tooltip: { trigger: "axis", confine: true, formatter: ([{ data: [x, y] }]) => `Evaluation ${count(x)}: ${num(y)}` },
        series: { type: "line", data: values.map((v, row) => [this.x[row], v]), showSymbol: false, sampling: "lttb",
          lineStyle: { color: kBar, width: 1.2 }, itemStyle: { color: kBar } },
      });
      this.small.push(new Chart(element, (chart) => chart.setOption(option, { notMerge: true }), { printWidth: 220 }));
    }
  }
}

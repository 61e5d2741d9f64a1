// The plotting library, cut down to what is drawn here, and what all charts share.
import { BarChart, CustomChart, HeatmapChart, LineChart, ScatterChart } from "echarts/charts";
import { BrushComponent, GridComponent, MarkLineComponent, TitleComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { tick } from "./format.js";

use([BarChart, CustomChart, HeatmapChart, LineChart, ScatterChart, BrushComponent, GridComponent, MarkLineComponent, TitleComponent,
  TooltipComponent, VisualMapComponent, CanvasRenderer]);

// Anchors of the viridis map (Smith and van der Walt 2015): even in lightness, so that it survives
// grey printing, and safe for colour blindness.
export const kViridis = ["#440154", "#414487", "#2a788e", "#22a884", "#7ad151", "#fde725"];
export const kInk = "#1b1f24", kSoft = "#57606a", kLine = "#d4d9de", kSelected = "#d55e00", kBar = "#3b6ea5";

function channel(colour, at) {
  return parseInt(colour.slice(at, at + 2), 16);
}
// Colour of a share in 0..1, as [r, g, b].
export function shade(share) {
  const place = Math.max(0, Math.min(1, share)) * (kViridis.length - 1);
  const low = Math.min(kViridis.length - 2, Math.floor(place)), part = place - low;
  return [1, 3, 5].map((at) => Math.round(channel(kViridis[low], at) * (1 - part) + channel(kViridis[low + 1], at) * part));
}
export const css = (share) => `rgb(${shade(share).join(",")})`;

export const kFont = { fontFamily: 'system-ui, "DejaVu Sans", sans-serif', fontSize: 12, color: kInk };

const kPrintWidth = 690;  // of an A4 page between its margins, CSS pixels
const charts = [];

// A chart that is drawn when it first comes near the window, and whenever it is printed. `draw(chart)`
// sets its options; call redraw() when what it shows has changed.
export class Chart {
  constructor(element, draw, { printWidth = kPrintWidth } = {}) {
    this.element = element;
    this.draw = draw;
    this.printWidth = printWidth;
    this.chart = null;
    this.isNear = false;
    this.isStale = true;
    charts.push(this);
    new IntersectionObserver(([entry]) => {
      this.isNear = entry.isIntersecting;
      this.update();
    }, { rootMargin: "100px" }).observe(element);
  }
  redraw() {
    this.isStale = true;
    this.update();
  }
  update() {
    if (this.isNear && this.isStale) this.now();
  }
  now() {
    if (!this.element.clientWidth || !this.element.clientHeight) return;
    this.isStale = false;
    this.chart ??= init(this.element, null, { renderer: "canvas", devicePixelRatio: Math.max(2, window.devicePixelRatio) });
    this.draw(this.chart);
  }
  width() {
    return this.chart?.getWidth() ?? this.element.clientWidth;
  }
  fit(width) {
    if (!this.chart) return;
    this.chart.resize(width ? { width } : { width: "auto" });
    this.draw(this.chart);
  }
}

export function drop(chart) {
  chart.chart?.dispose();
  charts.splice(charts.indexOf(chart), 1);
}

let resizing = 0;
window.addEventListener("resize", () => {
  cancelAnimationFrame(resizing);
  resizing = requestAnimationFrame(() => charts.forEach((chart) => chart.fit()));
});
window.addEventListener("beforeprint", () => {
  for (const chart of charts) {
    if (chart.isStale) chart.now();
    chart.fit(chart.printWidth);
    chart.chart?.getZr().flush(); // else drawn in the next frame, after the print
  }
});
window.addEventListener("afterprint", () => charts.forEach((chart) => chart.fit()));

// What every chart starts from.
export function base(more) {
  return { animation: false, textStyle: kFont, ...more };
}

// Axis of a quantity: logarithmic when its positive values span more than a factor of `kLogSpan`.
const kLogSpan = 40, kLogMargin = 1.15;
export function valueAxis(name, values, more = {}) {
  const known = values.filter((v) => v !== null && !Number.isNaN(v));
  const least = Math.min(...known), most = Math.max(...known);
  const log = least > 0 && most / least > kLogSpan;
  return {
    type: log ? "log" : "value", scale: true, ...(log ? { min: least / kLogMargin, max: most * kLogMargin } : {}), name, nameLocation: "middle", nameTextStyle: { ...kFont, color: kSoft },
    axisLabel: { ...kFont, fontSize: 11, formatter: tick, hideOverlap: true, showMinLabel: log ? false : null, showMaxLabel: log ? false : null }, axisLine: { show: true, lineStyle: { color: kSoft } },
    axisTick: { show: true }, splitLine: { lineStyle: { color: "#e8ebee" } }, minorTick: { show: log }, ...more,
  };
}

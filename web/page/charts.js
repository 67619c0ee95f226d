// The curves: the world as it is beside yours, drawn while they are simulated.
import uPlot from "uplot";
import { EVERY } from "./store.js";
import { short } from "./map.js";

const WEEK = 7 * 86400;
/** Seconds since 1970 of the middle of a record. */
export const timeOf = (n) => Date.UTC(2027, 0, 1) / 1000 + (n * EVERY + EVERY / 2) * WEEK;

const percent = (value) => (value === undefined ? "none" : `${(100 * value).toFixed(1)} %`);
const usdYear = (history, metric, region, n) => {
  const value = history.sum(metric, region, n);
  return value === undefined ? undefined : value * 52;
};

/** Every chart: what it shows of a world in a record, and how a value is said. */
export const CHARTS = [
  { key: "jobs", title: "People at work", unit: "at factories, warehouses and depots", say: short, value: (h, r, n) => h.sum("employed", r, n) },
  { key: "displaced", title: "Displaced by robots", unit: "people, since the start", say: short, value: (h, r, n) => h.sum("displaced_total", r, n) },
  {
    key: "wages", title: "Median pay", unit: "against the start = 100", say: (value) => (Number.isFinite(value) ? value.toFixed(1) : "none"),
    value: (h, r, n) => 100 * h.index("wage_median", r, n),
  },
  { key: "robots", title: "Robots at work", unit: "of all kinds", say: short, value: (h, r, n) => h.robots(r, n) },
  { key: "jobless", title: "Without work", unit: "share of the people followed here", say: percent, value: (h, r, n) => h.mean("unemployment_rate", r, n) },
  { key: "hours", title: "Hours filmed", unit: "a week", say: short, value: (h, r, n) => h.sum("raw_hours", r, n) },
  { key: "filmed", title: "Money to the filmed", unit: "USD a year: capture pay and royalties", say: short,
    value: (h, r, n) => {
      const [pay, royalty] = [usdYear(h, "capture_pay_received", r, n), usdYear(h, "royalties_received", r, n)];
      return pay === undefined ? undefined : pay + (royalty ?? 0);
    } },
  { key: "labs", title: "Paid to the labs", unit: "USD a year: licences and software of robots here", say: short,
    value: (h, r, n) => {
      const [licence, software] = [usdYear(h, "licence_revenue", r, n), usdYear(h, "subscription_revenue", r, n)];
      return licence === undefined ? undefined : licence + (software ?? 0);
    } },
];

export class Chart {
  constructor(about, figure, length) {
    this.about = about;
    this.figure = figure;
    this.length = length;
    this.times = Array.from({ length }, (_, n) => timeOf(n));
    this.hidden = "";
    this.now = 0;
    this.place = figure.querySelector(".plot");
    this.build();
  }

  /** Makes the drawing anew, in the colours and sizes of now. */
  build() {
    this.plot?.destroy();
    const style = getComputedStyle(this.figure);
    const colour = (name) => style.getPropertyValue(name).trim();
    const size = parseFloat(style.fontSize);
    const font = `${Math.round(size * 0.85)}px system-ui, sans-serif`;
    const axis = { stroke: colour("--ink"), grid: { stroke: colour("--grid"), width: 1 }, ticks: { show: false }, font };
    const playhead = (plot) => {
      const x = Math.round(plot.valToPos(timeOf(this.now), "x", true));
      const { ctx, bbox } = plot;
      ctx.save();
      ctx.strokeStyle = colour("--ink");
      ctx.globalAlpha = 0.6;
      ctx.lineWidth = devicePixelRatio;
      ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.restore();
    };
    const years = (plot, values) => values.map((value) => `${new Date(value * 1000).getUTCFullYear()}`);
    const width = Math.max(180, this.place.clientWidth);
    this.plot = new uPlot({
      width, height: Math.round(Math.max(118, width * 0.42)), pxAlign: 0, legend: { show: false }, cursor: { show: false },
      padding: [8, size * 1.2, 0, 0],
      scales: {
        x: { time: false, range: [timeOf(0), timeOf(this.length)] },
        y: { range: (plot, least, most) => range(least, most, this.about.key) },
      },
      axes: [
        { ...axis, splits: () => [2027, 2032, 2037, 2042].map((year) => Date.UTC(year, 0, 1) / 1000), values: years, size: size * 1.6 },
        { ...axis, size: size * 3.6, values: (plot, values) => values.map((value) => this.about.say(value)), space: 26 },
      ],
      series: [
        {},
        { stroke: colour("--as-it-is"), width: 2, dash: [7, 4], points: { show: false } },
        { stroke: colour("--yours"), width: 2.5, points: { show: false } },
      ],
      hooks: { draw: [playhead] },
    }, [this.times, [], []], this.place);
    this.plot.root.setAttribute("aria-hidden", "true");
    if (this.data) this.show(...this.data);
  }

  /** Draws what both worlds have recorded of a region (all regions: -1). */
  show(asItIs, yours, region) {
    this.data = [asItIs, yours, region];
    const column = (history) => {
      const values = new Array(this.length).fill(null);
      for (let n = 0; n < history.length; n++) values[n] = known(this.about.value(history, region, n));
      return values;
    };
    const nothing = () => new Array(this.length).fill(null);
    this.columns = [this.hidden === "both" ? nothing() : column(asItIs), this.hidden ? nothing() : column(yours)];
    this.plot.setData([this.times, ...this.columns]);
    this.say();
  }

  /** Moves the line that says which day it is. */
  mark(n) {
    this.now = n;
    this.plot.redraw(false);
  }

  /** Hides what a class is asked to predict: the curve of "yours", of "both" worlds, or of none (""). */
  hide(which) {
    if (this.hidden === which) return;
    this.hidden = which;
    this.figure.classList.toggle("hidden-curve", Boolean(which));
    if (this.data) this.show(...this.data);
  }

  /** The chart in words, for who cannot see it. */
  say() {
    const last = (values) => values.findLast((value) => value !== null);
    const [a, b] = this.columns.map(last);
    const first = this.columns[0].find((value) => value !== null);
    const { title, unit, say } = this.about;
    const words = first === undefined ? "not computed yet"
      : `${say(first)} at the start; at the end ${say(a)} as it is${this.hidden ? "" : `, ${b === undefined ? "not computed yet" : say(b)} in your world`}`;
    this.place.setAttribute("aria-label", `${title}, ${unit}: ${words}`);
    this.figure.querySelector(".last").textContent = first === undefined || a === undefined ? "" : this.hidden ? `${say(a)} as it is` : `${say(a)} → ${b === undefined ? "…" : say(b)}`;
  }

  /** The picture as a PNG, with its title. */
  picture() {
    const from = this.plot.ctx.canvas;
    const scale = devicePixelRatio;
    const head = Math.round(46 * scale);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [from.width, from.height + head];
    const pen = canvas.getContext("2d");
    const style = getComputedStyle(this.figure);
    const colour = (name) => style.getPropertyValue(name).trim();
    pen.fillStyle = colour("--paper");
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = colour("--ink");
    pen.font = `600 ${15 * scale}px system-ui, sans-serif`;
    pen.fillText(this.about.title, 10 * scale, 18 * scale);
    pen.font = `${11.5 * scale}px system-ui, sans-serif`;
    pen.fillText(`${this.about.unit}; dashed: as it is, line: your world. Not a forecast.`, 10 * scale, 36 * scale);
    pen.drawImage(from, 0, head);
    return canvas.toDataURL("image/png");
  }
}

/** Room for the values and a little more; what counts things begins at nothing. */
function range(least, most, key) {
  if (least === null || most === null || !Number.isFinite(least)) return [0, 1];
  if (key === "jobs" || key === "wages") {
    const room = Math.max((most - least) * 0.1, Math.abs(most) * 0.01);
    return [least - room, most + room];
  }
  return [0, most * 1.08 || 1];
}

/** A value, or nothing where nothing was measured. */
function known(value) {
  return Number.isFinite(value) ? value : null;
}

// The curves: the world in which no law changes beside yours, drawn while they are simulated, with bands of many lucks.
import uPlot from "uplot";
import { CURVES, tiny } from "./measures.js";
import { EVERY, WEEKS } from "./store.js";

/** Seconds since 1970 of the middle of a record. */
export const timeOf = (n) => Date.UTC(2027, 0, 1) / 1000 + (n + 0.5) * EVERY * WEEKS * 7 * 86400;

export const CHARTS = CURVES.map((curve) => ({ say: tiny, ...curve }));

/** Values of the last records of years as values of all records. */
function smooth(byYear, length) {
  return Array.from({ length }, (_, n) => {
    const place = Math.max(0, (n - 12) / 13);
    const below = Math.min(byYear.length - 1, Math.floor(place));
    const next = byYear[Math.min(byYear.length - 1, below + 1)];
    return byYear[below] + (place - below) * (next - byYear[below]);
  });
}

export class Chart {
  constructor(about, figure, length) {
    this.about = about;
    this.figure = figure;
    this.length = length;
    this.times = Array.from({ length }, (_, n) => timeOf(n));
    this.hidden = "";
    this.now = 0;
    this.bands = { a: null, b: null };
    this.place = figure.querySelector(".plot");
    this.build();
  }

  /** Makes the drawing anew, in the colours and sizes of now. */
  build() {
    const width = Math.max(140, this.place.clientWidth);
    this.plot?.destroy();
    this.plot = this.make(this.place, width, Math.round(Math.max(118, width * 0.42)), parseFloat(getComputedStyle(this.figure).fontSize));
    this.plot.root.setAttribute("aria-hidden", "true");
    if (this.data) this.show(...this.data);
  }

  make(place, width, height, size) {
    const style = getComputedStyle(this.figure);
    const colour = (name) => style.getPropertyValue(name).trim();
    const thick = size / 16;
    const font = `${Math.round(size * 0.88)}px system-ui, sans-serif`;
    const axis = { stroke: colour("--ink"), grid: { stroke: colour("--grid"), width: thick }, ticks: { show: false }, font };
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
    // four years need some two hundred pixels beside the axis at the left
    const yearsWithin = (pixels) => (pixels < 270 ? [2027, 2042] : [2027, 2032, 2037, 2042]);
    const years = (plot, values) => values.map((value) => `${new Date(value * 1000).getUTCFullYear()}`);
    const edge = { stroke: "transparent", width: 0, points: { show: false } };
    return new uPlot({
      width, height, pxAlign: 0, legend: { show: false }, cursor: { show: false }, padding: [8 * thick, size * 1.2, 0, 0],
      scales: { x: { time: false, range: [timeOf(0), timeOf(this.length)] }, y: { range: (plot, least, most) => [0, most > 0 ? most * 1.08 : 1] } },
      axes: [
        { ...axis, splits: (plot) => yearsWithin(plot.width / thick).map((year) => Date.UTC(year, 0, 1) / 1000), values: years, size: size * 1.6 },
        { ...axis, size: size * 3.9, values: (plot, values) => values.map((value) => this.about.say(value)), space: 26 * thick },
      ],
      series: [
        {}, edge, edge, edge, edge,
        { stroke: colour("--as-it-is"), width: 2 * thick, dash: [7 * thick, 4 * thick], points: { show: false } },
        { stroke: colour("--yours"), width: 2.5 * thick, points: { show: false } },
      ],
      bands: [{ series: [2, 1], fill: colour("--band-as-it-is") }, { series: [4, 3], fill: colour("--band-yours") }],
      hooks: { draw: [playhead] },
    }, this.columns ? [this.times, ...this.columns] : [this.times, [], [], [], [], [], []], place);
  }

  /**
   * Draws what both worlds have recorded of a region (all regions: -1), over bands of many lucks: for each year
   * [least, mean, most] of sixteen in twenty, or null. `told` says what is known of the difference at a record.
   */
  show(asItIs, yours, region, bands = { a: null, b: null }, told = null) {
    this.data = [asItIs, yours, region, bands, told];
    const nothing = () => new Array(this.length).fill(null);
    const column = (history) => {
      const values = nothing();
      for (let n = 0; n < history.length; n++) values[n] = known(this.about.value(history, region, n));
      return values;
    };
    const edges = (band) => (band ? [0, 2].map((edge) => smooth(band.map((year) => year[edge]), this.length)) : [nothing(), nothing()]);
    const a = this.hidden === "both" ? [nothing(), nothing(), nothing()] : [...edges(bands.a), column(asItIs)];
    const b = this.hidden ? [nothing(), nothing(), nothing()] : [...edges(bands.b), column(yours)];
    this.columns = [a[0], a[1], b[0], b[1], a[2], b[2]];
    // the last day that both worlds have seen
    this.common = Math.min(asItIs.length, yours.length) - 1;
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

  /** The chart in words: both worlds on the last day that both have seen, with its date while they are computed. */
  say() {
    const { title, unit, say } = this.about;
    const n = this.common;
    const [a, b] = n < 0 ? [null, null] : [this.columns[4][n], this.columns[5][n]];
    const isOver = n === this.length - 1;
    const date = n < 0 ? "" : new Date(timeOf(n) * 1000).toLocaleDateString("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });
    const told = n < 0 || this.hidden ? null : this.data[4]?.(this.about, n, a, b);
    const last = this.figure.querySelector(".last");
    const note = this.figure.querySelector(".note");
    last.classList.toggle("luck", Boolean(told?.isLuck));
    if (a === null && b === null) last.textContent = "";
    else last.textContent = `${this.hidden ? say(a) : a === b ? say(a) : `${say(a)} → ${say(b)}`}${isOver ? "" : ` (until ${date})`}`;
    note.textContent = told?.words ?? "";
    const words = n < 0 ? "not computed yet"
      : `on ${date}${isOver ? "" : ", while both worlds are being computed"}: ${this.hidden === "both" ? "hidden until you have guessed" : `${say(a)} if no law changes${this.hidden ? "; your world is hidden until you have guessed" : `, ${say(b)} with your laws`}`}${told?.words ? `; ${told.words}` : ""}`;
    this.place.setAttribute("aria-label", `${title}, ${unit}: ${words}`);
  }

  /** The picture as a PNG at twice the size of the screen, with its title, what it shows and where it is from. */
  picture(lines) {
    const [width, height, scale] = [640, 300, 2];
    const place = document.createElement("div");
    const plot = this.make(place, width * scale, height * scale, 15 * scale);
    const from = plot.ctx.canvas;
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    const style = getComputedStyle(this.figure);
    const colour = (name) => style.getPropertyValue(name).trim();
    const small = `${12 * scale}px system-ui, sans-serif`;
    pen.font = small;
    const wrapped = lines.flatMap((line) => wrap(pen, line, (width - 24) * scale));
    [canvas.width, canvas.height] = [width * scale, (height + 40 + 17 * wrapped.length) * scale];
    pen.fillStyle = colour("--paper");
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = colour("--ink");
    pen.font = `600 ${16 * scale}px system-ui, sans-serif`;
    pen.fillText(this.about.title, 12 * scale, 24 * scale);
    return new Promise((resolve) => {
      // the drawing is made in a later turn
      setTimeout(() => {
        pen.drawImage(from, 0, 32 * scale, width * scale, height * scale);
        pen.font = small;
        wrapped.forEach((line, n) => pen.fillText(line, 12 * scale, (height + 48 + 17 * n) * scale));
        plot.destroy();
        resolve(canvas.toDataURL("image/png"));
      }, 30);
    });
  }
}

/** A text in lines that are no wider. */
function wrap(pen, text, width) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** A value, or nothing where nothing was measured. */
function known(value) {
  return Number.isFinite(value) ? value : null;
}

// The world as a diagram: eight regions, and between them what moves. Hours go one way, robots and money the other.
import { PLACES } from "./levers.js";
import { tiny } from "./measures.js";

/** Where a region stands, as parts of width and height: as on a map, pushed apart where circles would meet. */
const AT = {
  USA: [0.12, 0.27], MEX: [0.15, 0.77], EU27: [0.38, 0.19], IND: [0.49, 0.74], BGD: [0.66, 0.66], VNM: [0.84, 0.8],
  CHN: [0.69, 0.27], JPN: [0.91, 0.38],
};

/** What moves: its mark, and how much of it from where to where in a record. */
export const KINDS = [
  {
    key: "hours", words: "filmed hours, to the labs", mark: "circle", colour: "--hours", bend: 0.16,
    amounts(history, n) {
      // hours leave in the proportions in which the labs of other regions pay for them
      const paid = history.cells("capture pay passed on", n);
      const total = {};
      for (const [, to, dollars] of paid) total[to] = (total[to] ?? 0) + dollars;
      return paid.map(([lab, site, dollars]) => [site, lab, ((history.at("raw_hours", site, n) ?? 0) * dollars) / total[site]]);
    },
  },
  {
    key: "robots", words: "robots, from their makers", mark: "square", colour: "--robots", bend: -0.16,
    amounts: (history, n) => history.cells("robots", n).map(([site, maker, dollars]) => [maker, site, dollars]),
  },
  {
    key: "licences", words: "licence fees, to the labs", mark: "diamond", colour: "--licences", bend: 0.3,
    amounts: (history, n) => [...history.cells("robot licences", n), ...history.cells("software subscriptions", n)],
  },
  {
    key: "pay", words: "pay and royalties, to the filmed", mark: "triangle", colour: "--pay", bend: -0.3,
    amounts: (history, n) => [...history.cells("capture pay passed on", n), ...history.cells("royalties", n)],
  },
];

/** Adds up parts of one kind between the same two regions. */
function together(parts) {
  const sums = new Map();
  for (const [from, to, amount] of parts) {
    const key = from * 100 + to;
    sums.set(key, (sums.get(key) ?? 0) + amount);
  }
  return [...sums].map(([key, amount]) => [Math.floor(key / 100), key % 100, amount]);
}

/** The largest amount of each kind in a history, so that growth can be seen. */
export function largest(histories) {
  return KINDS.map((kind) => {
    let most = 0;
    for (const history of histories) {
      for (let n = 0; n < history.length; n += 6) for (const [, , amount] of together(kind.amounts(history, n))) most = Math.max(most, amount);
    }
    return most || 1;
  });
}

export class WorldMap {
  constructor(canvas) {
    this.canvas = canvas;
    this.phase = 0;
  }

  /** Draws a record; `moved` is how far what moves has come since the last drawing, in parts of a way. */
  draw(history, n, most, shown, moved = 0) {
    const { canvas } = this;
    const scale = globalThis.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!width) return;
    if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
      [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    const style = getComputedStyle(canvas);
    const colour = (name) => style.getPropertyValue(name).trim();
    this.phase = (this.phase + moved) % 1;
    if (!history.length) return;
    const record = Math.min(n, history.length - 1);
    const spots = history.regions.map((region, r) => this.spot(history, region, r, width, height));
    KINDS.forEach((kind, k) => {
      if (!shown.has(kind.key)) return;
      for (const [from, to, amount] of together(kind.amounts(history, record))) {
        if (amount > most[k] * 0.002) this.flow(pen, spots[from], spots[to], amount / most[k], kind, colour(kind.colour), from === to);
      }
    });
    history.regions.forEach((region, r) => this.region(pen, history, region, r, record, spots[r], colour));
  }

  spot(history, region, r, width, height) {
    const [x, y] = AT[region] ?? [0.5, 0.5];
    const people = history.at("employed", r, 0) ?? 0;
    return { x: x * width, y: y * height, radius: Math.max(9, Math.min(width, 1.7 * height) * 0.085 * Math.sqrt(people / 1.1e8)) };
  }

  /** A circle for those at work at the start, its rim filled by those displaced, and what robots there are. */
  region(pen, history, region, r, n, { x, y, radius }, colour) {
    const start = history.at("employed", r, 0) ?? 1;
    const displaced = (history.at("displaced_total", r, n) ?? 0) / start;
    const absorbed = (history.at("absorbed", r, n) ?? 0) / start;
    pen.fillStyle = colour("--land");
    pen.strokeStyle = colour("--line");
    pen.lineWidth = 1;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
    // work that robots have taken over fills the circle from below
    if (absorbed > 0.002) {
      pen.save();
      pen.beginPath();
      pen.arc(x, y, radius, 0, 2 * Math.PI);
      pen.clip();
      pen.fillStyle = colour("--absorbed");
      const level = 2 * radius * Math.min(1, absorbed);
      pen.fillRect(x - radius, y + radius - level, 2 * radius, level);
      pen.restore();
    }
    if (displaced > 0.002) {
      pen.strokeStyle = colour("--displaced");
      pen.lineWidth = Math.max(3, radius * 0.16);
      pen.beginPath();
      pen.arc(x, y, radius, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * Math.min(1, displaced));
      pen.stroke();
    }
    const size = Math.max(11, Math.min(16, pen.canvas.clientWidth / 42));
    pen.font = `600 ${size}px system-ui, sans-serif`;
    pen.textAlign = "center";
    const name = region === "EU27" ? "EU" : PLACES[region] ?? region;
    this.words(pen, name, x, y - radius - 5, colour);
    pen.font = `${size - 1}px system-ui, sans-serif`;
    const robots = history.robots(r, n);
    this.words(pen, robots ? `${tiny(robots)} robots` : "no robots", x, y + radius + size, colour);
  }

  words(pen, text, x, y, colour) {
    const half = pen.measureText(text).width / 2 + 3;
    const at = Math.max(half, Math.min(pen.canvas.clientWidth - half, x));
    pen.lineWidth = 4;
    pen.lineJoin = "round";
    pen.strokeStyle = colour("--paper");
    pen.strokeText(text, at, y);
    pen.fillStyle = colour("--ink");
    pen.fillText(text, at, y);
  }

  flow(pen, from, to, part, kind, colour, isHome) {
    // a curve between two circles, or a small loop above one
    const point = isHome ? this.loop(from, kind.bend) : this.curve(from, to, kind.bend);
    pen.strokeStyle = pen.fillStyle = colour;
    pen.globalAlpha = 0.3;
    pen.lineWidth = 1 + 5 * Math.sqrt(part);
    pen.beginPath();
    for (let s = 0; s <= 24; s++) pen.lineTo(...point(s / 24));
    pen.stroke();
    pen.globalAlpha = 1;
    const marks = Math.max(1, Math.round(7 * Math.sqrt(part)));
    const size = 2.5 + 2.5 * Math.sqrt(part);
    for (let m = 0; m < marks; m++) mark(pen, kind.mark, ...point(((m + 0.5) / marks + this.phase) % 1), size);
  }

  curve(from, to, bend) {
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const [cx, cy] = [(from.x + to.x) / 2 - dy * bend, (from.y + to.y) / 2 + dx * bend];
    return (t) => [
      (1 - t) * (1 - t) * from.x + 2 * t * (1 - t) * cx + t * t * to.x,
      (1 - t) * (1 - t) * from.y + 2 * t * (1 - t) * cy + t * t * to.y,
    ];
  }

  loop({ x, y, radius }, bend) {
    const size = radius * (0.9 + Math.abs(bend));
    const side = bend > 0 ? 1 : -1;
    const turn = (t) => Math.PI * (1.25 - 1.5 * t) * 1;
    return (t) => [x + side * (radius * 0.9 + size * 0.35 * Math.cos(turn(t))), y - radius * 0.4 - size * 0.45 * Math.sin(turn(t))];
  }
}

/** One mark of what moves: its shape says what it is, whoever sees no colours. */
export function mark(pen, shape, x, y, size) {
  pen.beginPath();
  if (shape === "circle") pen.arc(x, y, size, 0, 2 * Math.PI);
  else if (shape === "square") pen.rect(x - size, y - size, 2 * size, 2 * size);
  else if (shape === "diamond") [[0, -1.4], [1.4, 0], [0, 1.4], [-1.4, 0]].forEach(([a, b]) => pen.lineTo(x + a * size, y + b * size));
  else [[0, -1.3], [1.2, 1], [-1.2, 1]].forEach(([a, b]) => pen.lineTo(x + a * size, y + b * size));
  pen.fill();
}

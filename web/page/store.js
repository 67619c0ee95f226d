// What a world has recorded so far, by date: series as arrays, money by flow. A record is four weeks.

/** Ticks between two records: the page's worlds live in ticks of four weeks, and record each. */
export const EVERY = 1;

/** Weeks of a record. */
export const WEEKS = 4;

/** What is asked of the engine. */
export const METRICS = [
  "employed", "unemployed", "outside", "training", "never_hired", "unemployment_rate", "displaced_total", "reemployed_total",
  "dismissed", "absorbed", "fleet", "raw_hours", "refusing_share", "capture_pay_received", "royalties_received",
  "licence_revenue", "subscription_revenue", "lab_revenue", "data_spending", "royalties_paid", "buyers_gain_total", "human_share",
];

export const FLOWS = [
  "robots", "robot licences", "software subscriptions", "capture pay passed on", "site fees for footage",
  "the data vendor's remainder", "quality control of footage", "compute", "data levy", "royalties due", "royalties",
  "corporate tax of labs", "dividends of labs", "capture pay",
];

/** Those of which the page draws who pays whom; of the others it keeps the sum, so that a world stays small. */
const DRAWN = new Set(["robots", "robot licences", "software subscriptions", "capture pay passed on", "royalties"]);

/**
 * What the engine tells, as plain numbers row after row: `rows` of tick, region, metric, item, value; `paid` of tick, flow,
 * from, to, with the micro-dollars of each in `micro`. A small array for each would be a hundred megabytes for the page
 * to throw away.
 */
export function inNumbers({ series, flows }) {
  const place = new Map();
  const rows = new Float64Array(5 * series.length);
  series.forEach(([tick, region, metric, item, value], n) => {
    if (!place.has(item)) place.set(item, place.size);
    rows.set([tick, region, metric, place.get(item), value ?? NaN], 5 * n);
  });
  const [paid, micro] = [new Uint32Array(4 * flows.length), new BigInt64Array(flows.length)];
  flows.forEach(([tick, flow, from, to, amount], n) => {
    paid.set([tick, flow, from, to], 4 * n);
    micro[n] = BigInt(amount);
  });
  return { items: [...place.keys()], rows, paid, micro };
}

export class History {
  constructor() {
    this.regions = [];
    this.clear();
  }

  clear() {
    /** "metric|item" -> for each region an array by record */
    this.series = new Map();
    /** flow -> by record: { cells: from, to, dollars, from, ... of those drawn, total: micro-dollars as BigInt } */
    this.flows = FLOWS.map(() => []);
    this.length = 0;
    this.receipt = [];
    this.status = null;
  }

  /** Forgets what came at or after a tick. */
  cut(tick) {
    const keep = Math.max(0, Math.floor(tick / EVERY));
    for (const byRegion of this.series.values()) for (const values of byRegion) if (values) values.length = Math.min(values.length, keep);
    for (const records of this.flows) records.length = Math.min(records.length, keep);
    this.length = Math.min(this.length, keep);
  }

  /** Takes in what was told, in numbers. */
  take({ items, rows, paid, micro }) {
    const known = new Map();
    const of = (metric, item) => {
      const place = metric * items.length + item;
      if (!known.has(place)) {
        const key = `${METRICS[metric]}|${items[item]}`;
        if (!this.series.has(key)) this.series.set(key, []);
        known.set(place, this.series.get(key));
      }
      return known.get(place);
    };
    for (let at = 0; at < rows.length; at += 5) {
      const n = Math.floor(rows[at] / EVERY);
      const byRegion = of(rows[at + 2], rows[at + 3]);
      if (!Number.isNaN(rows[at + 4])) (byRegion[rows[at + 1]] ??= [])[n] = rows[at + 4];
      this.length = Math.max(this.length, n + 1);
    }
    micro.forEach((amount, n) => {
      const [tick, flow, from, to] = paid.subarray(4 * n, 4 * n + 4);
      const record = (this.flows[flow][Math.floor(tick / EVERY)] ??= { cells: [], total: 0n });
      if (DRAWN.has(FLOWS[flow])) record.cells.push(from, to, Number(amount) / 1e6);
      record.total += amount;
    });
  }

  /** A value, or undefined where nothing was measured. */
  at(metric, region, n, item = "all") {
    return this.series.get(`${metric}|${item}`)?.[region]?.[n];
  }

  /** The sum over all regions, or one region's value. */
  sum(metric, region, n, item = "all") {
    if (region >= 0) return this.at(metric, region, n, item);
    let sum = 0;
    for (let r = 0; r < this.regions.length; r++) sum += this.at(metric, r, n, item) ?? 0;
    return sum;
  }

  /** The mean over regions by how many people work there, or one region's value. */
  mean(metric, region, n, item = "all") {
    if (region >= 0) return this.at(metric, region, n, item);
    let [sum, weight] = [0, 0];
    for (let r = 0; r < this.regions.length; r++) {
      const value = this.at(metric, r, n, item);
      const people = this.at("employed", r, n) ?? 0;
      if (value !== undefined) [sum, weight] = [sum + value * people, weight + people];
    }
    return weight ? sum / weight : undefined;
  }

  /** How a metric stands against its first record, 1 then; of all regions the mean by who worked there at first. */
  index(metric, region, n) {
    const places = region >= 0 ? [region] : this.regions.keys();
    let [sum, weight] = [0, 0];
    for (const r of places) {
      const [value, start, people] = [this.at(metric, r, n), this.at(metric, r, 0), this.at("employed", r, 0)];
      if (value !== undefined && start && people) [sum, weight] = [sum + (people * value) / start, weight + people];
    }
    return weight ? sum / weight : undefined;
  }

  /** Robots of every class. */
  robots(region, n) {
    return ["van", "sidewalk", "amr", "manipulator"].reduce((sum, item) => sum + (this.sum("fleet", region, n, item) ?? 0), 0);
  }

  /** Micro-dollars of a flow in the records from `first` to `last`, exact. */
  paid(flow, first, last) {
    const records = this.flows[FLOWS.indexOf(flow)];
    let sum = 0n;
    for (let n = first; n <= last; n++) sum += records[n]?.total ?? 0n;
    return sum;
  }

  /** Cells [from, to, dollars] of a drawn flow in a record. */
  cells(flow, n) {
    const flat = this.flows[FLOWS.indexOf(flow)][n]?.cells ?? [];
    return Array.from({ length: flat.length / 3 }, (_, cell) => flat.slice(3 * cell, 3 * cell + 3));
  }

  /** The tidy table of everything above. */
  rows(scenario, dateOf) {
    const out = [];
    for (const [key, byRegion] of this.series) {
      const [metric, item] = key.split("|");
      byRegion.forEach((values, region) => values?.forEach((value, n) => {
        const tick = n * EVERY + EVERY - 1;
        out.push([scenario, tick, dateOf(tick), this.regions[region], metric, item, value]);
      }));
    }
    return out;
  }
}

/** First day of a tick, "2033-03-11". */
export function dateOf(tick) {
  return new Date(Date.UTC(2027, 0, 1) + tick * WEEKS * 7 * 86400000).toISOString().slice(0, 10);
}

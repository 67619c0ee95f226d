// What is measured of a world: the numbers of the headline, of the curves, and of every sentence that is held true.
import { WEEKS } from "./store.js";

/** "1.2 M" of 1,234,567. */
export function short(value) {
  if (!Number.isFinite(value)) return "none";
  const size = Math.abs(value);
  for (const [unit, word] of [[1e12, " trillion"], [1e9, " billion"], [1e6, " million"], [1e3, " thousand"]]) {
    // what would be written as 1000 is 1 of the next unit
    if (size >= unit * 0.9995) return `${(value / unit).toFixed(size / unit < 99.95 ? 1 : 0)}${word}`;
  }
  return size && size < 10 ? value.toFixed(2) : value.toFixed(0);
}

/** The same for an axis or a cell, "1.2 M". */
export const tiny = (value) => short(value).replace(" trillion", " tn").replace(" billion", " bn").replace(" million", " M").replace(" thousand", " k");

/** A flow a week, added up until a record. */
function upTo(history, metrics, region, n) {
  let all = 0;
  for (let k = 0; k <= n; k++) for (const metric of metrics) all += WEEKS * (history.sum(metric, region, k) ?? 0);
  return all;
}

/** Measures of a region (all of them: -1) at a record. */
export const MEASURES = {
  absorbed: (h, r, n) => h.sum("absorbed", r, n),
  robots: (h, r, n) => h.robots(r, n),
  displaced: (h, r, n) => h.sum("displaced_total", r, n),
  rehired: (h, r, n) => h.sum("reemployed_total", r, n),
  employed: (h, r, n) => h.sum("employed", r, n),
  outside: (h, r, n) => h.sum("outside", r, n),
  jobless: (h, r, n) => h.sum("unemployed", r, n),
  training: (h, r, n) => h.sum("training", r, n),
  never: (h, r, n) => h.sum("never_hired", r, n),
  filmed: (h, r, n) => upTo(h, ["capture_pay_received", "royalties_received"], r, n),
  labs: (h, r, n) => upTo(h, ["lab_revenue"], r, n),
  kept: (h, r, n) => upTo(h, ["lab_revenue"], r, n) - upTo(h, ["data_spending", "royalties_paid"], r, n),
  hours: (h, r, n) => upTo(h, ["raw_hours"], r, n),
  dismissed: (h, r, n) => upTo(h, ["dismissed"], r, n),
  buyers: (h, r, n) => h.sum("buyers_gain_total", r, n),
};

const percent = (value) => (Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : "none");
/** A flow a week, as the mean of the last 52 weeks: what is bought in a month hops. */
function ofYear(history, metrics, region, n) {
  let [sum, count] = [0, 0];
  for (let k = Math.max(0, n - 12); k <= n; k++) {
    const values = metrics.map((metric) => history.sum(metric, region, k)).filter((value) => value !== undefined);
    if (values.length) [sum, count] = [sum + values.reduce((all, value) => all + value, 0), count + 1];
  }
  return count ? sum / count : undefined;
}
const inYear = (history, metrics, region, n) => {
  const value = ofYear(history, metrics, region, n);
  return value === undefined ? undefined : value * 52;
};

/** Every curve: what it shows of a world in a record, and how a value is said. */
export const CURVES = [
  { key: "absorbed", title: "Work done by robots", unit: "full-time jobs’ worth, beyond that of 2027", value: (h, r, n) => h.sum("absorbed", r, n) },
  { key: "displaced", title: "Displaced by robots", unit: "people who were ever given notice because a robot does their work, also if they work again", value: (h, r, n) => h.sum("displaced_total", r, n) },
  { key: "filmed", title: "Money to the filmed", unit: "USD in the last year: pay for hours, and royalties", value: (h, r, n) => inYear(h, ["capture_pay_received", "royalties_received"], r, n) },
  { key: "labs", title: "Paid to the labs", unit: "USD in the last year: licences and software of robots here", value: (h, r, n) => inYear(h, ["licence_revenue", "subscription_revenue"], r, n) },
  { key: "robots", title: "Robots at work", unit: "of all kinds that learn from hours", value: (h, r, n) => h.robots(r, n) },
  { key: "hours", title: "Hours filmed", unit: "a week, mean of the last year", value: (h, r, n) => ofYear(h, ["raw_hours"], r, n) },
  { key: "jobs", title: "People at work", unit: "at factories, warehouses and depots", value: (h, r, n) => h.sum("employed", r, n) },
  { key: "jobless", title: "Without work", unit: "share of those who work or look for work", say: percent, value: (h, r, n) => h.mean("unemployment_rate", r, n) },
  { key: "buyers", title: "Gained by buyers", unit: "USD since 2027, by prices below those of 2027", value: (h, r, n) => h.sum("buyers_gain_total", r, n) },
];

/** What the headline says of a world at the end. */
export const HEADLINES = [
  { key: "absorbed", words: "robots do the work of", after: " people", short: "Work robots do" },
  { key: "displaced", words: "", after: " people were displaced by them", short: "Displaced" },
  { key: "filmed", words: "the filmed were paid", after: " USD", short: "To the filmed, USD" },
  { key: "kept", words: "labs kept", after: " USD", short: "Kept by labs, USD" },
];

/** Mean of numbers. */
export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Standard deviation of a sample. */
export function deviation(values) {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, values.length - 1));
}

/** Student's t at 95 % for so many values, two-sided. */
const T95 = [0, 0, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093];
/** Half the width of the 95 % interval of the mean; not known of fewer than two. */
export const half = (values) => (values.length < 2 ? Infinity : ((T95[values.length] ?? 1.96) * deviation(values)) / Math.sqrt(values.length));

/** The value below which a part of the values lie. */
export function quantile(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const below = Math.floor(place);
  return sorted[below] + (place - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
}

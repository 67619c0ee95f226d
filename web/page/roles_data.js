// Four roles for a class: what each may choose every two years, and what it wants.
import { BUYERS, HUBS } from "./levers.js";

const inAll = (history, places, metric, n, item) => places.reduce((sum, r) => sum + (history.at(metric, r, n, item) ?? 0), 0);
const inMean = (history, places, metric, n, item) => inAll(history, places, metric, n, item) / places.length;

/** `points` compares a record of the class's world with the same record of the world as it is; 100 is as good. */
export const ROLES = [
  {
    key: "council", name: "Workers’ council", where: HUBS, usual: 0,
    wants: "as much money as possible for those who are filmed: capture pay and royalties",
    asks: "What do the filmed workers ask for?",
    options: [
      { words: "Nothing: go on as the law is", set: {} },
      { words: "At least 1 USD for a filmed hour", set: { least_capture_pay: '"1.00 USD/hour"' } },
      { words: "Nobody is filmed who did not agree", set: { data_rights: '"consent"', withdrawal: "true" } },
      { words: "The crew decides as one", set: { data_rights: '"bargaining"' } },
      { words: "The crew decides as one, and a royalty of 15 %", set: { data_rights: '"bargaining"', royalty_rate: '"15 %"' } },
    ],
    measure: "USD a week to the filmed",
    value: (history, n, where) => inAll(history, where, "capture_pay_received", n) + inAll(history, where, "royalties_received", n),
    isMoreBetter: true,
  },
  {
    key: "lab", name: "Robot lab", where: HUBS, usual: 1,
    wants: "as much revenue as possible, after what the hours and the royalties cost",
    asks: "How many of a factory’s workers are asked to wear a camera?",
    options: [
      { words: "One in twenty", set: { programme_coverage: '"5 %"' } },
      { words: "One in ten, as today", set: {} },
      { words: "One in five", set: { programme_coverage: '"20 %"' } },
      { words: "Two in five", set: { programme_coverage: '"40 %"' } },
    ],
    measure: "USD a week kept by the labs",
    value: (history, n) => history.sum("lab_revenue", -1, n) - history.sum("data_spending", -1, n) - history.sum("royalties_paid", -1, n),
    isMoreBetter: true,
  },
  {
    key: "operator", name: "Logistics operator", where: BUYERS, usual: 1,
    wants: "the cheapest parcel at the door",
    asks: "On what terms do couriers work?",
    options: [
      { words: "Self-employed: no contributions", set: { payroll_tax_couriers: '"0 %"' } },
      { words: "As today", set: {} },
      { words: "Employees with full insurance: 25 % contributions", set: { payroll_tax_couriers: '"25 %"' } },
    ],
    measure: "USD a parcel, from the station to the door",
    value: (history, n, where) => inMean(history, where, "unit_cost", n, "station_leg") + inMean(history, where, "unit_cost", n, "doorstep"),
    isMoreBetter: false,
  },
  {
    key: "ministry", name: "Ministry of labour", where: BUYERS, usual: 0,
    wants: "as few people without work as possible where the robots come",
    asks: "What does the state do about it?",
    options: [
      { words: "Nothing", set: {} },
      { words: "A robot tax of 5 %, handed back", set: { robot_tax: '"5 %"', recycling: '"dividend"' } },
      { words: "A training place for every 50 workers", set: { training_places: '"2 %"' } },
      { words: "A citizen dividend of 10 %", set: { citizen_dividend: '"10 %"' } },
    ],
    measure: "people without work",
    value: (history, n, where) => inAll(history, where, "unemployed", n),
    isMoreBetter: false,
  },
];

/** What a role reached in the records from `first` to `last`: the means in both worlds, and points. */
export function score(role, asItIs, yours, first, last) {
  const where = role.where.map((name) => yours.regions.indexOf(name));
  const mean = (history) => {
    let sum = 0;
    for (let n = first; n <= last; n++) sum += role.value(history, n, where);
    return sum / (last - first + 1);
  };
  const [before, now] = [mean(asItIs), mean(yours)];
  const ratio = role.isMoreBetter ? now / before : before / now;
  return { before, now, points: Number.isFinite(ratio) ? Math.round(100 * ratio) : 100 };
}

// Where a robot dollar goes: what the labs were paid, and what they paid for.
import { short, tiny } from "./measures.js";

const PARTS = [
  { words: "owners of the labs", flows: ["dividends of labs"], colour: "#4b5b8c" },
  { words: "taxes on labs, data levy", flows: ["corporate tax of labs", "data levy"], colour: "#8f7a2e" },
  { words: "checking the footage, and computing", flows: ["quality control of footage", "compute"], colour: "#7d8783" },
  { words: "factories that film, and data vendors", flows: ["site fees for footage", "the data vendor's remainder"], colour: "#b3480a" },
  { words: "the filmed, for the hour", flows: ["capture pay passed on"], colour: "#7b3fa0" },
  { words: "the filmed, as a royalty", flows: ["royalties"], colour: "#c2479d" },
];

/** Micro-dollars as words. */
const usd = (micro) => `${short(Number(micro / 1000000n))} USD`;

/** The shares of what the labs paid out until a record. */
export function shares(history, n) {
  const paid = PARTS.map((part) => part.flows.reduce((sum, flow) => sum + history.paid(flow, 0, n), 0n));
  const all = paid.reduce((sum, part) => sum + part, 0n);
  const received = history.paid("robot licences", 0, n) + history.paid("software subscriptions", 0, n);
  const part = (amount) => (all > 0n ? Number((amount * 100000n) / all) / 1000 : 0);
  return { all, received, parts: PARTS.map((about, p) => ({ ...about, micro: paid[p], percent: part(paid[p]) })) };
}

/** Where the people are, the largest part first. */
const STATES = [
  { words: "at factories, warehouses and depots", metric: "employed", colour: "#2f6f9f" },
  { words: "found other work, in other services", metric: "outside", colour: "#5a8a3c" },
  { words: "without work", metric: "unemployed", colour: "#b3261e" },
  { words: "on a course", metric: "training", colour: "#8f7a2e" },
];

/** Bars of parts for each world, and one list of what the colours mean. */
function drawBars(place, told) {
  const bar = ({ name, side, words, parts }) => `<p class="hint"><span class="key ${side}">${name}</span> ${words}</p>
    <div class="bar" role="img" aria-label="${name}: ${parts.map((part) => `${part.words} ${part.said}`).join(", ")}">${parts.map((part) => `<span data-css="width:${part.percent}%;background:${part.colour}"></span>`).join("")}</div>`;
  const line = (part, p) => {
    const [left, right] = told.map(({ parts }) => parts[p].said);
    return `<li><i data-css="background:${part.colour}"></i>${part.words}: <b>${left === right ? left : `${left} → ${right}`}</b></li>`;
  };
  place.innerHTML = told.map(bar).join("") + `<ul>${told[0].parts.map(line).join("")}</ul>`;
  // styles in the text would be refused by the page's own policy; set by script they are not
  for (const element of place.querySelectorAll("[data-css]")) element.style.cssText = element.dataset.css;
}

/** What the labs did with what they were paid. */
export function drawMoney(place, worlds, n) {
  drawBars(place, worlds.map(({ name, side, history }) => {
    const { all, received, parts } = shares(history, n);
    return { name, side, words: `paid to the labs ${usd(received)}; spent by them ${usd(all)}`, parts: parts.map((part) => ({ ...part, said: `${part.percent.toFixed(1)} %` })) };
  }));
}

/** Where the people of a region are (all regions: -1). */
export function drawPeople(place, worlds, n, region) {
  drawBars(place, worlds.map(({ name, side, history }) => {
    const people = STATES.map((state) => history.sum(state.metric, region, n) ?? 0);
    const all = people.reduce((sum, part) => sum + part, 0);
    const never = history.sum("never_hired", region, n) ?? 0;
    const words = `${short(all)} people; ${short(never)} of them came of age and were never hired at these sites yet`;
    return { name, side, words, parts: STATES.map((state, p) => ({ ...state, percent: (100 * people[p]) / all, said: tiny(people[p]) })) };
  }));
}

// Where a robot dollar goes: what the labs were paid, and what they paid for.
import { short } from "./map.js";

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

/** Draws a bar for each world and one list of what the colours mean. */
export function drawMoney(place, worlds, n) {
  const told = worlds.map(({ name, history }) => ({ name, ...shares(history, n) }));
  const bar = ({ name, all, received, parts }) => {
    const words = parts.map((part) => `${part.words} ${part.percent.toFixed(1)} %`).join(", ");
    const spans = parts.map((part) => `<span data-css="width:${part.percent}%;background:${part.colour}"></span>`).join("");
    return `<p class="hint"><span class="key ${name === "as it is" ? "as-it-is" : "yours"}">${name}</span> paid to the labs ${usd(received)}; spent by them ${usd(all)}</p>
      <div class="bar" role="img" aria-label="${name}: ${words}">${spans}</div>`;
  };
  const line = (part, p) => `<li><i data-css="background:${part.colour}"></i>${part.words}: <b>${told[0].parts[p].percent.toFixed(1)} → ${told[1].parts[p].percent.toFixed(1)} %</b></li>`;
  place.innerHTML = told.map(bar).join("") + `<ul>${told[0].parts.map(line).join("")}</ul>`;
  // styles in the text would be refused by the page's own policy; set by script they are not
  for (const element of place.querySelectorAll("[data-css]")) element.style.cssText = element.dataset.css;
}

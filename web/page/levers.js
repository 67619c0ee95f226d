// The levers, in plain words; and the same choices as a scenario file that the command line runs.
import { LUCK } from "./luck.js";

export const HUBS = ["IND", "VNM", "BGD", "CHN", "MEX"];
export const BUYERS = ["CHN", "USA", "EU27", "JPN"];
export const PLACES = {
  IND: "India", VNM: "Vietnam", BGD: "Bangladesh", CHN: "China", MEX: "Mexico", USA: "USA", EU27: "European Union",
  JPN: "Japan",
};

const percent = (part) => `${part} %`;

/** Every lever: its places, each with words and what it sets; `usual` is the place in the world where no law changes. */
export const LEVERS = [
  {
    key: "rights", title: "Who must agree to be filmed?", where: HUBS, usual: 1, isChoice: true,
    why: "In India, Vietnam, Bangladesh, China and Mexico. A ban holds in every region.",
    places: [
      { words: "nobody; who refuses may lose the job sooner", set: { data_rights: '"none"' } },
      { words: "the law of today: who refuses may lose the job", set: {} },
      { words: "each worker, without any risk", set: { data_rights: '"consent"' } },
      { words: "the crew of a factory, as one", set: { data_rights: '"bargaining"' } },
      { words: "filming at work is forbidden, everywhere", set: { data_rights: '"ban"' }, where: null },
    ],
  },
  {
    key: "strike", title: "Who refuses the camera for good?", usual: 0, isChoice: true,
    why: "Not a law: half of every trade, the more skilled half, refuses together and goes on refusing.",
    places: [
      { words: "nobody does so together" },
      { words: "the more skilled half of every trade", event: 'kind = "strike"\nfrom = "FROM"\nmost_skilled = "50 %"\n' },
    ],
  },
  {
    key: "pay", title: "Least pay for a filmed hour", where: HUBS, usual: 0,
    why: "On top of the wage, to the worker who is filmed.",
    places: [0, 0.5, 1, 2, 3, 5].map((dollars) => ({
      words: dollars ? `${dollars.toFixed(2)} USD` : "none: what the market gives",
      set: dollars ? { least_capture_pay: `"${dollars.toFixed(2)} USD/hour"` } : {},
    })),
  },
  {
    key: "royalty", title: "Royalty on what robots earn for the labs", where: HUBS, usual: 0,
    why: "A share of the licence fees, for those whose hours taught the robots.",
    places: [0, 5, 15, 30].map((part) => ({
      words: part ? `${percent(part)} of licence fees` : "none", set: part ? { royalty_rate: `"${percent(part)}"` } : {},
    })),
  },
  {
    key: "passed", title: "Who bears a royalty?", usual: 1, isChoice: true,
    why: "Not a law but an assumption: how much of a royalty labs add to their price. It does something only with a royalty.",
    places: [
      { words: "the labs, all of it", settings: '[robots]\nroyalty_pass_on = "0 %"\n' },
      { words: "half the labs, half those who buy robots", settings: "" },
      { words: "those who buy robots, all of it", settings: '[robots]\nroyalty_pass_on = "100 %"\n' },
    ],
  },
  {
    key: "tax", title: "Tax on buying a robot, handed back to everybody", where: BUYERS, usual: 0,
    why: "In China, the USA, the EU and Japan.",
    places: [0, 5, 10, 30].map((part) => ({
      words: part ? percent(part) : "none", set: part ? { robot_tax: `"${percent(part)}"`, recycling: '"dividend"' } : {},
    })),
  },
  {
    key: "training", title: "Training places", where: BUYERS, usual: 0,
    why: "Half a year on a course with a stipend, for those who look for work, where the robots work.",
    places: [0, 1, 2].map((part) => ({
      words: part ? `one for every ${100 / part} workers` : "none",
      set: part ? { training_places: `"${percent(part)}"` } : {},
    })),
  },
  {
    key: "dividend", title: "Citizen dividend", where: BUYERS, usual: 0,
    why: "The same to everybody, as a share of the median wage, where the robots work.",
    places: [0, 5, 10, 20].map((part) => ({
      words: part ? `${percent(part)} of the median wage` : "none",
      set: part ? { citizen_dividend: `"${percent(part)}"` } : {},
    })),
  },
  {
    key: "trade", title: "Trade", usual: 0, isChoice: true, where: HUBS,
    why: "Does a tariff, or a subsidy to factories that lose customers, keep jobs where they are?",
    places: [
      { words: "as it is", set: {} },
      { words: "the hubs pay half the wages that lost customers would cost", set: { trade_subsidy: '"50 %"' } },
      { words: "a tariff of 25 % on goods into the USA and the EU", event: tariffs() },
    ],
  },
  {
    key: "learning", title: "How fast robots learn from hours", usual: 2,
    why: "Not a law: nobody knows it well. How fast failures fall as hours grow, from the first day.",
    places: [
      ["very slowly", 0.2], ["slowly", 0.27], ["as measured once, in one laboratory", 0.34], ["fast", 0.4], ["very fast", 0.45],
    ].map(([words, alpha]) => ({ words, settings: alpha === 0.34 ? "" : `[learning]\nalpha = ${alpha}\n` })),
  },
];

function tariffs() {
  const all = ["IND", "VNM", "BGD", "CHN", "MEX", "USA", "EU27", "JPN"];
  return ["USA", "EU27"].map((region) => {
    const others = all.filter((name) => name !== region).map((name) => `"${name}"`).join(", ");
    return `kind = "goods_tariff"\nfrom = "FROM"\nregions = ["${region}"]\norigins = [${others}]\nrate = "25 %"\n`;
  });
}

/** First years in which the law may change. */
export const YEARS = [2027, 2028, 2029, 2030, 2031, 2032, 2033, 2034, 2035, 2036];

/** What a link says of itself: links of another version are refused in words, because their places meant other things. */
export const VERSION = 2;

/** Choices as they are before anybody touches a lever. */
export function usual() {
  const places = Object.fromEntries(LEVERS.map((lever) => [lever.key, lever.usual]));
  return { seed: LUCK, from: 2027, ...places };
}

const isWhole = (value, least, most) => Number.isInteger(value) && value >= least && value <= most;

/** Choices from a link's fragment or a class code, and in words what of it was not understood. */
export function fromFragment(text) {
  const choices = usual();
  const refused = [];
  const inside = text.replace(/^#/, "");
  if (!inside) return { choices, refused };
  const fields = new URLSearchParams(inside);
  const version = fields.get("v");
  if (version !== String(VERSION)) {
    return { choices, refused: [version === null ? "it has no version" : `it is of version ${version.slice(0, 20)}, and this page reads version ${VERSION}`] };
  }
  const limits = { seed: [0, 999999], from: [YEARS[0], YEARS.at(-1)], at: [0, 194] };
  for (const lever of LEVERS) limits[lever.key] = [0, lever.places.length - 1];
  for (const [key, value] of fields) {
    if (key === "v" || key === "end") continue;
    const limit = Object.hasOwn(limits, key) ? limits[key] : null;
    if (!limit) refused.push(`“${key.slice(0, 20)}” is no setting of this page`);
    else if (/^\d{1,6}$/.test(value) && isWhole(Number(value), ...limit)) choices[key] = Number(value);
    else refused.push(`“${key}” is ${limit[0]} to ${limit[1]}, not “${value.slice(0, 20)}”`);
  }
  // a link that was cut off in a message has lost its last field
  if (!fields.has("end")) refused.push("its end is missing: it was cut off on the way");
  return { choices, refused };
}

/** The link's fragment that carries all choices. */
export function toFragment(choices) {
  const fields = new URLSearchParams({ v: VERSION, seed: choices.seed, from: choices.from });
  for (const lever of LEVERS) if (choices[lever.key] !== lever.usual) fields.set(lever.key, choices[lever.key]);
  if (choices.at !== undefined) fields.set("at", choices.at);
  fields.set("end", "1");
  return `#${fields}`;
}

/** How the page's world differs from the baseline whatever is chosen. */
const GRAIN = `tick = "4 weeks"\npersons_per_agent = "30000 persons"\nleast_agents = 500\nspin_up = "52 weeks"\npanel = 0\n`;

const isMoved = (choices, lever) => choices[lever.key] !== lever.usual;

function policy(from, regions, sets) {
  const lines = [["from", `"${from}"`]];
  if (regions) lines.push(["regions", JSON.stringify(regions).replaceAll(",", ", ")]);
  lines.push(...Object.entries(sets));
  return `\n[[policy]]\n${lines.map(([key, value]) => `${key} = ${value}`).join("\n")}\n`;
}

/** What the levers say of the law, as policies and events. */
function laws(choices) {
  const from = choices.from === YEARS[0] ? `${choices.from}-01-01` : `${choices.from}-01`;
  const byPlace = new Map();
  for (const lever of LEVERS) {
    const { set, where } = lever.places[choices[lever.key]];
    if (!set || !Object.keys(set).length) continue;
    const regions = where === undefined ? lever.where : where;
    const key = JSON.stringify(regions);
    byPlace.set(key, { regions, sets: { ...byPlace.get(key)?.sets, ...set } });
  }
  const policies = [...byPlace.values()].map(({ regions, sets }) => policy(from, regions, sets));
  const events = LEVERS.flatMap((lever) => lever.places[choices[lever.key]].event ?? []).map((text) => `\n[[event]]\n${text.replace("FROM", from)}`);
  return [...policies, ...events].join("");
}

/** What is otherwise in these choices, in words: one line for each lever that was moved. */
export function inWords(choices) {
  return LEVERS.filter((lever) => isMoved(choices, lever)).map((lever) => `${lever.title}: ${lever.places[choices[lever.key]].words}`);
}

/** A scenario file. Without choices it is the world in which no law changes, with the same seed and the same people. */
export function scenarioFile(choices, isAsItIs = false) {
  const words = isAsItIs ? "" : inWords(choices).map((line) => `#   ${line}\n`).join("");
  const head = `# Put it beside baseline.toml (the folder scenarios/ has it), then: handover run ${isAsItIs ? "as-it-is" : "classroom"}.toml
${words}
[scenario]
name     = "${isAsItIs ? "as-it-is" : "classroom"}"
title    = "${isAsItIs ? "If no law changes" : "A world made in class"}"
question = "What would you change?"
extends  = "baseline.toml"

[run]
seed = ${choices.seed}
${GRAIN}`;
  if (isAsItIs) return head;
  const settings = LEVERS.map((lever) => lever.places[choices[lever.key]].settings ?? "").filter(Boolean);
  return `${head}${settings.map((text) => `\n${text}`).join("")}${laws(choices)}`;
}

/** Worlds that somebody has thought about: which levers stand elsewhere. Of each the page ships what twenty lucks gave. */
export const STORIES = [
  { key: "none", title: "If no law changes", look: "Both worlds are the same. Choose another story, or move a lever.", set: {} },
  { key: "consent", title: "Everybody is asked first", look: "Consent before the first hour. Is it a brake or a price?", set: { rights: 2 } },
  { key: "crew", title: "The crew decides as one", look: "The same right, used together. What does the crew get for its yes?", set: { rights: 3 } },
  { key: "strike", title: "The skilled refuse", look: "Half of the people, but those from whom most can be learnt.", set: { strike: 1 } },
  { key: "ban", title: "No filming, from the start", look: "What do robots learn without people’s hours?", set: { rights: 4 } },
  { key: "late", title: "No filming, but two years late", look: "The same ban from 2029. What cannot be taken back?", set: { rights: 4, from: 2029 } },
  { key: "royalty", title: "A royalty, half passed on", look: "15 % of licence fees for those who taught; buyers of robots pay half of it.", set: { from: 2029, royalty: 2 } },
  { key: "kept", title: "A royalty that labs must bear", look: "The same royalty; nothing of it is passed on. That is an assumption, not a law.", set: { from: 2029, royalty: 2, passed: 0 } },
  { key: "tax", title: "A robot tax, handed back", look: "10 % of a robot’s price, to everybody where the robots work.", set: { from: 2029, tax: 2 } },
  { key: "subsidy", title: "Trade: a subsidy in the hubs", look: "Can factories keep customers that robots elsewhere take?", set: { from: 2030, trade: 1 } },
  { key: "tariff", title: "Trade: a tariff in the USA and the EU", look: "Who gains jobs, who loses them, and who pays?", set: { from: 2029, trade: 2 } },
  { key: "slow", title: "Robots learn very slowly", look: "No law at all, only another guess about machines: compare it with any law.", set: { learning: 0 } },
  { key: "fast", title: "Robots learn very fast", look: "The same guess, the other way.", set: { learning: 4 } },
];

/** The story these choices are, or undefined; the luck does not matter. */
export function storyOf(choices) {
  const bare = (some) => toFragment({ ...some, seed: 0, at: undefined });
  const mine = bare(LEVERS.some((lever) => isMoved(choices, lever) && lever.key !== "learning" && lever.key !== "passed") ? choices : { ...choices, from: usual().from });
  return STORIES.find((story) => bare({ ...usual(), ...story.set }) === mine);
}

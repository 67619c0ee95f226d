// The sliders, in plain words; and the same choices as a scenario file that the command line runs.

export const HUBS = ["IND", "VNM", "BGD", "CHN", "MEX"];
export const BUYERS = ["CHN", "USA", "EU27", "JPN"];
export const PLACES = {
  IND: "India", VNM: "Vietnam", BGD: "Bangladesh", CHN: "China", MEX: "Mexico", USA: "USA", EU27: "European Union",
  JPN: "Japan",
};

const hubs = { where: HUBS, place: "where the hours are filmed" };
const buyers = { where: BUYERS, place: "where the robots work" };
const percent = (part) => `${part} %`;

/** Every slider: its places from left to right, each with words and what it sets; `usual` is the world as it is. */
export const LEVERS = [
  {
    key: "rights", title: "Who must agree to be filmed?", ...hubs, usual: 1,
    why: "In India, Vietnam, Bangladesh, China and Mexico.",
    places: [
      { words: "nobody: who refuses may lose the job", set: { data_rights: '"none"' } },
      { words: "the law as it is today", set: {} },
      { words: "each worker, without any risk", set: { data_rights: '"consent"', withdrawal: "true" } },
      { words: "the crew of a factory, as one", set: { data_rights: '"bargaining"' } },
      { words: "filming at work is forbidden", set: { data_rights: '"ban"' } },
    ],
  },
  {
    key: "pay", title: "Least pay for a filmed hour", ...hubs, usual: 0,
    why: "On top of the wage, to the worker who is filmed.",
    places: [0, 0.5, 1, 2, 3, 5].map((dollars) => ({
      words: dollars ? `${dollars.toFixed(2)} USD` : "none: what the market gives",
      set: dollars ? { least_capture_pay: `"${dollars.toFixed(2)} USD/hour"` } : {},
    })),
  },
  {
    key: "royalty", title: "Royalty on what robots earn for the labs", ...hubs, usual: 0,
    why: "A share of the licence fees, for those whose hours taught the robots.",
    places: [0, 5, 10, 15, 20, 25, 30].map((part) => ({
      words: part ? `${percent(part)} of licence fees` : "none", set: part ? { royalty_rate: `"${percent(part)}"` } : {},
    })),
  },
  {
    key: "learning", title: "How fast robots learn from hours", usual: 2,
    why: "Not a law: nobody knows it well. How fast failures fall as hours grow, from the first day.",
    places: [
      ["very slowly", 0.2], ["slowly", 0.27], ["as measured once, in one laboratory", 0.34], ["fast", 0.4], ["very fast", 0.45],
    ].map(([words, alpha]) => ({ words, settings: alpha === 0.34 ? "" : `[learning]\nalpha = ${alpha}\n` })),
  },
  {
    key: "tax", title: "Tax on buying a robot, handed back to everybody", ...buyers, usual: 0,
    why: "In China, the USA, the EU and Japan.",
    places: [0, 2, 5, 10].map((part) => ({
      words: part ? percent(part) : "none", set: part ? { robot_tax: `"${percent(part)}"`, recycling: '"dividend"' } : {},
    })),
  },
  {
    key: "dividend", title: "Citizen dividend", ...buyers, usual: 0,
    why: "The same to everybody, as a share of the median wage, where the robots work.",
    places: [0, 5, 10, 20, 30].map((part) => ({
      words: part ? `${percent(part)} of the median wage` : "none",
      set: part ? { citizen_dividend: `"${percent(part)}"` } : {},
    })),
  },
  {
    key: "training", title: "Training places", ...buyers, usual: 0,
    why: "Half a year on a course with a stipend, for those who look for work. A course shows after two years.",
    places: [0, 0.5, 1, 2].map((part) => ({
      words: part ? `one for every ${100 / part} workers` : "none",
      set: part ? { training_places: `"${percent(part)}"` } : {},
    })),
  },
  {
    key: "streets", title: "How open the streets are to robots", usual: 2,
    why: "Permits and pavements, in ten years' time, in every region.",
    places: [
      { words: "as closed as today", settings: routes([2, 2, 2, 30, 2, 5, 2, 3]) },
      { words: "half as open as expected", settings: routes([26, 26, 16, 60, 31, 42, 36, 41]) },
      { words: "as expected", settings: "" },
      { words: "almost wholly open", settings: routes([95, 95, 95, 95, 95, 95, 95, 95]) },
    ],
  },
];

function routes(shares) {
  const order = ["IND", "VNM", "BGD", "CHN", "MEX", "USA", "EU27", "JPN"];
  return `[robots.open_later]\n${order.map((region, n) => `${region} = "${percent(shares[n])}"`).join("\n")}\n`;
}

/** First years in which the law may change. */
export const YEARS = [2028, 2029, 2030, 2031, 2032, 2033, 2034, 2035, 2036];

/** Choices as they are before anybody touches a slider. */
export function usual() {
  const places = Object.fromEntries(LEVERS.map((lever) => [lever.key, lever.usual]));
  return { seed: 1, from: 2028, ...places, rounds: [] };
}

const isWhole = (value, least, most) => Number.isInteger(value) && value >= least && value <= most;

/** Choices from a link's fragment; what does not fit is as usual. */
export function fromFragment(text, roles) {
  const choices = usual();
  const fields = new URLSearchParams(text.replace(/^#/, ""));
  const take = (key, least, most) => {
    const value = fields.has(key) ? Number(fields.get(key)) : NaN;
    if (isWhole(value, least, most)) choices[key] = value;
  };
  take("seed", 0, 999999);
  take("from", YEARS[0], YEARS.at(-1));
  for (const lever of LEVERS) take(lever.key, 0, lever.places.length - 1);
  const rounds = (fields.get("rounds") ?? "").split("-").filter(Boolean).slice(0, 7);
  choices.rounds = rounds.map((round) => roles.map((role, n) => {
    const place = Number(round[n]);
    return isWhole(place, 0, role.options.length - 1) ? place : role.usual;
  }));
  return choices;
}

/** The link's fragment that carries all choices. */
export function toFragment(choices) {
  const fields = new URLSearchParams({ seed: choices.seed, from: choices.from });
  for (const lever of LEVERS) if (choices[lever.key] !== lever.usual) fields.set(lever.key, choices[lever.key]);
  if (choices.rounds.length) fields.set("rounds", choices.rounds.map((round) => round.join("")).join("-"));
  return `#${fields}`;
}

/** How the page's world differs from the first economy whatever is chosen. */
const GRAIN = `persons_per_agent = "18000 persons"\nspin_up = "52 weeks"\npanel = 0\n`;

/** One agent of the page stands for so many people. */
export const PERSONS = 18000;

function policy(from, until, regions, sets) {
  const lines = [["from", `"${from}"`], ...(until ? [["until", `"${until}"`]] : [])];
  if (regions) lines.push(["regions", JSON.stringify(regions).replaceAll(",", ", ")]);
  lines.push(...Object.entries(sets));
  return `\n[[policy]]\n${lines.map(([key, value]) => `${key} = ${value}`).join("\n")}\n`;
}

/** What the sliders say of the law, as policies. */
function policies(choices) {
  return [HUBS, BUYERS].map((regions) => {
    const mine = LEVERS.filter((lever) => lever.where === regions);
    const sets = Object.assign({}, ...mine.map((lever) => lever.places[choices[lever.key]].set));
    return Object.keys(sets).length ? policy(`${choices.from}-01`, "", regions, sets) : "";
  }).join("");
}

/** Two years of each round of the class's roles, as policies. */
function rounds(choices, roles) {
  const texts = choices.rounds.flatMap((round, n) => {
    const [from, until] = [2028 + 2 * n, 2030 + 2 * n];
    return roles.map((role, r) => {
      const { set } = role.options[round[r]];
      return Object.keys(set).length ? policy(`${from}-01`, `${until}-01`, role.where, set) : "";
    });
  });
  return texts.join("");
}

/** A scenario file. Without choices it is the world as it is, with the same seed and the same people. */
export function scenarioFile(choices, roles, isAsItIs = false) {
  const title = isAsItIs ? "The world as it is" : "A world made in class";
  const about = isAsItIs ? [] : LEVERS.filter((lever) => choices[lever.key] !== lever.usual);
  const words = about.map((lever) => `#   ${lever.title}: ${lever.places[choices[lever.key]].words}\n`).join("");
  const head = `# Put it beside first-economy.toml (the folder scenarios/ has it), then: handover run ${isAsItIs ? "as-it-is" : "classroom"}.toml
${words}
[scenario]
name     = "${isAsItIs ? "as-it-is" : "classroom"}"
title    = "${title}"
question = "What would you change?"
extends  = "first-economy.toml"

[run]
seed = ${choices.seed}
${GRAIN}`;
  if (isAsItIs) return head;
  const settings = LEVERS.map((lever) => lever.places[choices[lever.key]].settings ?? "").filter(Boolean);
  const laws = choices.rounds.length ? rounds(choices, roles) : policies(choices);
  return `${head}${settings.map((text) => `\n${text}`).join("")}${laws}`;
}

/** Worlds that somebody has thought about: which sliders stand elsewhere, and what to look for. */
export const STORIES = [
  { title: "The world as it is", look: "Nobody owns the hours. Watch where robots come, and where they never do.", set: {} },
  { title: "A royalty for the filmed", look: "A transfer from the owners of the labs to the filmed. Do robots come later?", set: { from: 2029, royalty: 3 } },
  { title: "Nobody is filmed without consent", look: "Do people say no, and does it slow the robots?", set: { rights: 2 } },
  { title: "The crew decides as one", look: "What does the crew get for its yes?", set: { rights: 3 } },
  { title: "No more filming", look: "What stays learnt after the cameras are gone?", set: { rights: 4 } },
  { title: "A robot tax, handed back", look: "Does it reach those who taught the robots?", set: { from: 2029, tax: 2 } },
  { title: "A dividend for everybody", look: "Who is poor, and who gets nothing?", set: { from: 2030, dividend: 2 } },
  { title: "Learn something new", look: "Courses need two years to show. Are they enough?", set: { from: 2030, training: 3 } },
  { title: "Robots learn slowly", look: "No law at all, only another guess about machines: compare it with any law.", set: { learning: 0 } },
  { title: "Robots learn fast", look: "The same wave, earlier and larger.", set: { learning: 4 } },
];

// Lives every story of the page under twenty lucks, and every place of a lever under a few: what the page ships as
// numbers (web/page/luck.js) and what its sentences are held against (web/lucks.json, one row for each luck).
//   node lucks.mjs [--check [--only LUCK]] [--jobs N]      only: the stories under one luck, held against its rows
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker, isMainThread, parentPort } from "node:worker_threads";
import { engineOf } from "./engine_of.mjs";
import { HUBS, LEVERS, STORIES, scenarioFile, usual } from "./page/levers.js";
import { CURVES, HEADLINES, MEASURES, deviation, half, mean, quantile } from "./page/measures.js";
import { FLOWS, History, METRICS, inNumbers } from "./page/store.js";
import { makeWorld } from "./page/world.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
// an engine that was just built, or the one in the page
const built = join(root, "web/target/handover.wasm");
const engine = existsSync(built) && !process.argv.includes("--check") ? built : join(root, "docs/demo.html");
/** The lucks that are lived. */
const LUCKS = Array.from({ length: 20 }, (_, n) => n + 1);
/** Lucks for a place of a lever. */
const FEW = LUCKS.slice(0, 2);
/** Worlds of the game beside stories: what a lab may offer for an hour, from the first day. */
const OFFERS = [["offer1", { pay: 2 }], ["offer2", { pay: 3 }]];
/** Start years between which a lever's effect is taken to change evenly. */
const [EARLY, LATE] = [2027, 2033];
/** The last record of each year. */
const YEARENDS = Array.from({ length: 15 }, (_, year) => 13 * year + 12);

// --- a thread that lives worlds ---------------------------------------------------------------------------------------

/** All that is asked of one world. */
function told(history) {
  const last = history.length - 1;
  const places = [-1, ...history.regions.keys()];
  const ends = Object.fromEntries(Object.entries(MEASURES).map(([key, of]) => [key, places.map((r) => of(history, r, last) ?? 0)]));
  const curves = Object.fromEntries(CURVES.map(({ key, value }) => [key, YEARENDS.map((n) => value(history, -1, n) ?? 0)]));
  const refusing = HUBS.map((name) => history.at("refusing_share", history.regions.indexOf(name), last) ?? null);
  const human = [...new Set([...history.series.keys()].filter((key) => key.startsWith("human_share|")))].map((key) => {
    const item = key.split("|")[1];
    const values = history.regions.map((_, r) => history.at("human_share", r, last, item)).filter((value) => value !== undefined);
    return [item, values.length ? mean(values) : null];
  });
  // when robots do a fiftieth of the work that a region had at the start
  const second = history.regions.map((_, r) => {
    for (let n = 0; n <= last; n++) if ((history.at("absorbed", r, n) ?? 0) > 0.02 * history.at("employed", r, 0)) return 2027 + n / 13;
    return null;
  });
  const start = history.regions.map((_, r) => history.at("employed", r, 0));
  return { ends, curves, refusing, human: Object.fromEntries(human), second, start, regions: history.regions };
}

/** What was simulated is kept, so that a run that was broken off goes on: by the engine, the baseline and the text. */
const kept = join(root, "web/target/lucks");
const isKept = !process.argv.includes("--check");

/** Lives all worlds of one luck: the one without a law first, then the laws, the latest first, each from the day on that it changes. */
async function liveHere() {
  const bytes = engineOf(engine);
  const module = await WebAssembly.compile(bytes);
  const baseline = readFileSync(join(root, "scenarios/baseline.toml"), "utf8");
  const about = createHash("sha256").update(bytes).update(baseline).update(readFileSync(fileURLToPath(import.meta.url))).update(readFileSync(join(root, "web/page/measures.js"))).digest("hex");
  const keptAt = (text) => join(kept, `${createHash("sha256").update(about).update(text).digest("hex").slice(0, 24)}.json`);
  if (isKept) mkdirSync(kept, { recursive: true });
  parentPort.on("message", ({ texts }) => {
    const known = texts.map(([, text]) => isKept && existsSync(keptAt(text)) && JSON.parse(readFileSync(keptAt(text), "utf8")));
    if (known.every(Boolean)) {
      texts.forEach(([name], n) => parentPort.postMessage({ name, told: known[n] }));
      parentPort.postMessage({ isDone: true });
      return;
    }
    const world = makeWorld(module);
    const wish = (text) => ({ files: { "baseline.toml": baseline, "this.toml": text }, scenario: "this.toml", metrics: METRICS, flows: FLOWS.slice(0, 1), keep_every: 13 });
    let base = null;
    for (const [name, text] of texts) {
      const status = base ? world.change(wish(text)) : world.start(wish(text));
      const history = new History();
      history.regions = status.regions;
      if (base) {
        history.series = structuredClone(base.series);
        history.length = base.length;
        if (status.tick < 0) history.series.clear();
        history.cut(Math.max(0, status.tick));
      }
      while (!world.isOver()) {
        world.step(13);
        history.take(inNumbers(world.records()));
      }
      base ??= history;
      const all = told(history);
      if (isKept) writeFileSync(keptAt(text), JSON.stringify(all));
      parentPort.postMessage({ name, told: all });
    }
    parentPort.postMessage({ isDone: true });
  });
}

// --- which worlds -----------------------------------------------------------------------------------------------------

/** Places of levers that are lived by themselves: [name, choices, name of what they are held against]. */
const PLACES = LEVERS.flatMap((lever) => lever.places.flatMap((_, place) => {
  if (place === lever.usual) return [];
  // who bears a royalty matters where there is one
  const more = lever.key === "passed" ? { royalty: 2 } : {};
  const against = lever.key === "passed" ? "royalty.2" : "none";
  const starts = lever.places[place].settings !== undefined && lever.key !== "passed" ? [EARLY] : [EARLY, LATE];
  return starts.map((from) => [`${lever.key}.${place}.${from}`, { from, ...more, [lever.key]: place }, against === "none" ? "none" : `${against}.${from}`]);
}));

/** Worlds of one luck, the one without a law first, then by the day of the law, the latest first. */
function texts(luck) {
  const stories = STORIES.map((story) => [story.key, { ...usual(), ...story.set, seed: luck }]);
  for (const [name, set] of OFFERS) stories.push([name, { ...usual(), ...set, seed: luck }]);
  const places = FEW.includes(luck) ? PLACES.map(([name, set]) => [name, { ...usual(), ...set, seed: luck }]) : [];
  const [none, ...rest] = [...stories, ...places];
  rest.sort(([, a], [, b]) => b.from - a.from);
  return [[none[0], scenarioFile(none[1], true)], ...rest.map(([name, choices]) => [name, scenarioFile(choices)])];
}

/** All worlds of all lucks, on so many threads: name -> one result for each luck. */
async function liveAll(jobs, lucks = LUCKS) {
  const known = new Map();
  const queue = [...lucks];
  let done = 0;
  const began = performance.now();
  await Promise.all(Array.from({ length: jobs }, () => new Promise((resolve, reject) => {
    const thread = new Worker(fileURLToPath(import.meta.url));
    let luck;
    const next = () => {
      luck = queue.shift();
      if (luck === undefined) resolve(thread.terminate());
      else thread.postMessage({ texts: texts(luck) });
    };
    thread.on("error", reject);
    thread.on("message", ({ isDone, name, told }) => {
      if (isDone) return next();
      if (!known.has(name)) known.set(name, []);
      known.get(name)[luck - 1] = told;
      done += 1;
      if (done % 40 === 0) console.log(`  ${done} worlds after ${((performance.now() - began) / 1000).toFixed(0)} s`);
    });
    next();
  })));
  return known;
}

// --- what is made of it -----------------------------------------------------------------------------------------------

const three = (value) => Number(value.toPrecision(3));
const four = (value) => Number(value.toPrecision(4));

/** The luck whose world without a law is nearest to the middle of all, by rank in every number of the headline. */
function middling(none) {
  const far = LUCKS.map((_, l) => HEADLINES.reduce((sum, { key }) => {
    const sorted = none.map((told) => told.ends[key][0]).sort((a, b) => a - b);
    return sum + Math.abs(sorted.indexOf(none[l].ends[key][0]) - (LUCKS.length - 1) / 2);
  }, 0));
  return LUCKS[far.indexOf(Math.min(...far))];
}

function shipped(known) {
  const none = known.get("none");
  const end = (told, key) => told.ends[key][0];
  const stories = Object.fromEntries(STORIES.map(({ key: name }) => {
    const mine = known.get(name);
    const curves = Object.fromEntries(CURVES.map(({ key }) => [key, YEARENDS.map((_, y) => {
      const values = mine.map((told) => told.curves[key][y]);
      const differences = values.map((value, l) => value - none[l].curves[key][y]);
      // the band holds sixteen of twenty lucks; the difference has its mean and half of its 95 % interval
      return [quantile(values, 0.1), mean(values), quantile(values, 0.9), ...(name === "none" ? [] : [mean(differences), half(differences)])].map(three);
    })]));
    const ends = Object.fromEntries(Object.keys(MEASURES).map((key) => {
      const values = mine.map((told) => end(told, key));
      const differences = values.map((value, l) => value - end(none[l], key));
      return [key, [mean(values), half(values), mean(differences), half(differences), Math.min(...values), Math.max(...values)].map(four)];
    }));
    return [name, { curves, ends }];
  }));
  // how far one luck's difference lies from the mean of all, at most usually: for worlds that were lived once
  const noise = Object.fromEntries(HEADLINES.map(({ key }) => [key, three(quantile(STORIES.slice(1).map(({ key: name }) => {
    const parts = known.get(name).map((told, l) => (end(told, key) - end(none[l], key)) / end(none[l], key));
    return deviation(parts);
  }), 0.75))]));
  const parts = {};
  for (const [name, , against] of PLACES) {
    parts[name] = HEADLINES.map(({ key }) => {
      const ratio = mean(FEW.map((_, l) => end(known.get(name)[l], key))) / mean(FEW.map((_, l) => end(known.get(against)[l], key)));
      return three(Math.max(0, ratio));
    });
  }
  // the world without a law under each luck, so that another world under the same lucks can be held against it
  const lucks = LUCKS.map((_, l) => ({
    ends: Object.fromEntries(HEADLINES.map(({ key }) => [key, four(end(none[l], key))])),
    curves: Object.fromEntries(CURVES.map(({ key }) => [key, none[l].curves[key].map(three)])),
  }));
  // the game: what labs keep, what the filmed get and how many are dismissed, for each luck under each bargain
  const game = Object.fromEntries(["none", "offer1", "offer2", "crew", "strike"].map((name) => [name, known.get(name).map((told) => ["kept", "filmed", "dismissed"].map((key) => three(end(told, key))))]));
  return { luck: middling(none), stories, noise, parts, years: [EARLY, LATE], lucks, game };
}

/** What of a world stands in its row of lucks.json. */
const short = (told) => JSON.parse(JSON.stringify({ ...told, regions: undefined, curves: undefined }), (_, value) => (typeof value === "number" ? Number(value.toPrecision(6)) : value));

/** Lives the stories under one luck again: are their rows what the engine computes? */
async function checkOne(luck) {
  const known = await liveAll(1, [luck]);
  const { stories } = JSON.parse(readFileSync(join(root, "web/lucks.json"), "utf8"));
  const stale = Object.entries(stories).filter(([name, rows]) => JSON.stringify(short(known.get(name)[luck - 1])) !== JSON.stringify(rows[luck - 1]));
  if (stale.length) {
    console.error(`web/lucks.json is not what the engine computes under luck ${luck} for ${stale.map(([name]) => name).join(", ")}; type: node web/lucks.mjs`);
    process.exit(1);
  }
  console.log(`web/lucks.json: ${Object.keys(stories).length} stories are the same under luck ${luck}`);
}

async function main() {
  const isCheck = process.argv.includes("--check");
  const only = process.argv.indexOf("--only");
  if (isCheck && only > 0) return checkOne(Number(process.argv[only + 1]));
  const asked = process.argv.indexOf("--jobs");
  const known = await liveAll(asked > 0 ? Number(process.argv[asked + 1]) : Math.min(availableParallelism(), 4));
  const { luck, ...numbers } = shipped(known);
  const page = `// Made by web/lucks.mjs: what twenty lucks gave. Not to be edited.\nexport const LUCK = ${luck};\nexport const NUMBERS = ${JSON.stringify(numbers)};\n`;
  const { regions } = known.get("none")[0];
  const rows = Object.fromEntries([...STORIES.map(({ key }) => key), ...OFFERS.map(([name]) => name)].map((name) => [name, known.get(name).map(short)]));
  const sources = JSON.stringify({ lucks: LUCKS, regions, stories: rows }).replaceAll(/(\},)(\{"ends")/g, "$1\n$2");
  const files = [["page/luck.js", page], ["lucks.json", `${sources}\n`]];
  const stale = [];
  for (const [name, text] of files) {
    const path = join(root, "web", name);
    if (!isCheck) writeFileSync(path, text);
    else if (readFileSync(path, "utf8") !== text) stale.push(`web/${name}`);
  }
  if (stale.length) {
    console.error(`${stale.join(" and ")} do not hold what the engine computes; type: node web/lucks.mjs`);
    process.exit(1);
  }
  const worlds = [...known.values()].reduce((sum, told) => sum + told.length, 0);
  console.log(`web/page/luck.js: ${STORIES.length} stories under ${LUCKS.length} lucks, ${PLACES.length} places of levers, ${worlds} worlds; a middling luck is ${luck}`);
}

if (isMainThread) await main();
else await liveHere();

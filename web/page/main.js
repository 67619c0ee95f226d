// The page: levers make a scenario, two workers live it, and everything below shows what they tell.
import { Answer, bands, ownBands, tell } from "./answer.js";
import { CHARTS, Chart } from "./charts.js";
import { LEVERS, PLACES, STORIES, VERSION, YEARS, fromFragment, inWords as inWordsOf, scenarioFile, storyOf, toFragment, usual } from "./levers.js";
import { Lives, PEOPLE } from "./lives.js";
import { NUMBERS } from "./luck.js";
import { Game } from "./game.js";
import { KINDS, WorldMap, largest, mark } from "./map.js";
import { CURVES, HEADLINES, MEASURES, short, tiny } from "./measures.js";
import { drawMoney, drawPeople } from "./money.js";
import { EVERY, METRICS, dateOf } from "./store.js";
import { Tour } from "./tour.js";
import { PageWorld } from "./world_of_page.js";

/** Records in fifteen years. */
const LENGTH = 195;
/** The last record of each year. */
const YEARENDS = Array.from({ length: 15 }, (_, year) => 13 * year + 12);
/** What somebody sees who opens the page without a link: a story in which something is to be seen. */
const FIRST = { ...usual(), ...STORIES.find(({ key }) => key === "ban").set };
const at = (id) => document.getElementById(id);
const NO_MOTION = matchMedia("(prefers-reduced-motion: reduce)").matches;

const opened = fromFragment(location.hash);
let choices = location.hash.length > 1 ? opened.choices : { ...FIRST };
let worlds = null; // { a, b }
let lives = null;
let module = null;
let now = LENGTH - 1; // record that is shown; between two while playing
let playing = null; // { until } while playing
let region = -1;
let isChanged = true; // something to draw
let drawnAt = 0;
let shownRecord = -1;
let most = null; // largest flows, for the widths
let waiting = []; // who waits until both worlds are simulated
let answer = null;
let lucks = []; // ends and curves of your world and of the one without its law, under several lucks
let more = null; // the world that lives further lucks
const kinds = new Set(KINDS.map((kind) => kind.key));
const maps = { a: new WorldMap(at("map-a")), b: new WorldMap(at("map-b")) };
let charts = [];

function refused(words) {
  at("notice").hidden = false;
  at("notice").textContent = words;
}

// --- the worlds -----------------------------------------------------------------------------------------------------

const shipped = { "baseline.toml": at("baseline").textContent };

function wishes() {
  return [true, false].map((isAsItIs) => {
    const scenario = isAsItIs ? "as-it-is.toml" : "classroom.toml";
    return { files: { ...shipped, [scenario]: scenarioFile(choices, isAsItIs) }, scenario };
  });
}

let lived = ["", ""]; // texts of the scenarios that are being simulated
function live() {
  wishes().forEach(({ files, scenario }, side) => {
    if (files[scenario] === lived[side]) return;
    lived[side] = files[scenario];
    worlds[side ? "b" : "a"].live(files, scenario);
    lives?.again(side);
  });
  most = null;
  isChanged = true;
  document.documentElement.dataset.lived = areLived() ? "yes" : "no";
}

const areLived = () => worlds && worlds.a.isResting && worlds.b.isResting;
const histories = () => ({ a: worlds.a.history, b: worlds.b.history });
const whenLived = () => new Promise((resolve) => (areLived() ? resolve() : waiting.push(resolve)));

function onLived() {
  isChanged = true;
  if (!areLived()) return;
  document.documentElement.dataset.lived = "yes";
  keepLuck(choices.seed, summary(worlds.a.history), summary(worlds.b.history));
  for (const resolve of waiting.splice(0)) resolve();
}

async function engine() {
  const text = at("engine").textContent;
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(await new Response(stream).arrayBuffer());
}

// --- luck -----------------------------------------------------------------------------------------------------------

/** What is kept of a world that has lived to its end. */
function summary(history) {
  const ends = Object.fromEntries(HEADLINES.map(({ key }) => [key, MEASURES[key](history, -1, LENGTH - 1)]));
  const curves = Object.fromEntries(CURVES.map(({ key, value }) => [key, YEARENDS.map((n) => value(history, -1, n) ?? 0)]));
  return { ...ends, curves };
}

function keepLuck(luck, none, yours) {
  lucks = [...lucks.filter((life) => life.luck !== luck), { luck, none, yours }];
  isChanged = true;
  drawAnswer(more?.left.length ?? 0);
}

const drawAnswer = (busy = 0) => answer?.draw(choices, lucks, busy);

function forgetLucks() {
  lucks = [];
  more?.world.end();
  more = null;
}

/** Lives five more lucks of your world, one after the other, and holds each against the same luck without the law. */
function fiveMore() {
  if (more) return;
  const known = new Set(lucks.map(({ luck }) => luck));
  const left = NUMBERS.lucks.map((_, n) => n + 1).filter((luck) => luck !== choices.seed && !known.has(luck)).slice(0, 5);
  if (!left.length) return;
  const mine = { left, world: null };
  const next = () => {
    const luck = left[0];
    if (luck === undefined) {
      mine.world.end();
      if (more === mine) more = null;
      return drawAnswer();
    }
    const scenario = "classroom.toml";
    mine.world.live({ ...shipped, [scenario]: scenarioFile({ ...choices, seed: luck }) }, scenario);
  };
  mine.world = new PageWorld(module, {
    changed() {}, refused,
    lived() {
      if (more !== mine) return;
      const luck = left.shift();
      const { ends, curves } = NUMBERS.lucks[luck - 1];
      keepLuck(luck, { ...ends, curves }, summary(mine.world.history));
      next();
    },
  });
  more = mine;
  next();
  drawAnswer(left.length);
}

// --- levers ---------------------------------------------------------------------------------------------------------

function makeLevers() {
  const control = (lever) => (lever.isChoice
    ? `<select id="${lever.key}" aria-describedby="why-${lever.key}">${lever.places.map(({ words }, n) => `<option value="${n}">${words}</option>`).join("")}</select>`
    : `<input type="range" id="${lever.key}" min="0" max="${lever.places.length - 1}" step="1" aria-describedby="why-${lever.key}"><output for="${lever.key}"></output>`);
  at("levers").innerHTML = LEVERS.map((lever) => `<div class="lever" id="lever-${lever.key}"><label for="${lever.key}">${lever.title}</label>
    ${control(lever)}<span class="hint" id="why-${lever.key}">${lever.why}</span></div>`).join("");
  for (const lever of LEVERS) {
    const input = at(lever.key);
    // while it is dragged its words change; when it is let go the answer and the world do
    if (!lever.isChoice) input.oninput = () => words(lever, Number(input.value));
    input.onchange = () => change({ [lever.key]: Number(input.value) });
  }
  at("story").innerHTML = STORIES.map((story, n) => `<option value="${n}">${story.title}</option>`).join("") + `<option value="-1" disabled>a world of your own</option>`;
  at("story").onchange = () => {
    const story = STORIES[at("story").value];
    if (story) choose(story.set);
  };
  at("from").innerHTML = YEARS.map((year) => `<option>${year}</option>`).join("");
  at("from").onchange = () => change({ from: Number(at("from").value) });
  at("seed").onchange = () => change({ seed: Math.min(999999, Math.max(0, Math.round(Number(at("seed").value)) || 0)) });
}

function words(lever, place) {
  const element = at(`lever-${lever.key}`);
  element.classList.toggle("moved", place !== lever.usual);
  if (lever.isChoice) return;
  element.querySelector("output").textContent = lever.places[place].words;
  at(lever.key).setAttribute("aria-valuetext", lever.places[place].words);
}

/** Puts the levers where the choices say. */
function showChoices() {
  for (const lever of LEVERS) {
    at(lever.key).value = choices[lever.key];
    words(lever, choices[lever.key]);
  }
  at("from").value = choices.from;
  at("seed").value = choices.seed;
  const story = storyOf(choices);
  at("story").value = STORIES.indexOf(story);
  at("story-look").textContent = story?.look ?? "";
  at("law-in-words").textContent = inWordsOf(choices).length ? `Your world, from ${choices.from}: ${inWordsOf(choices).join("; ").replaceAll("?: ", "? ")}. Luck number ${choices.seed}.` : `Nothing is changed. Luck number ${choices.seed}.`;
}

function change(some, how = document.body.dataset.stop ? "replaceState" : "pushState") {
  choices = { ...choices, ...some };
  forgetLucks();
  showChoices();
  drawAnswer();
  document.documentElement.dataset.lived = "no";
  const fragment = toFragment(choices);
  // Back undoes what the class did, and not what the tour did
  if (fragment !== location.hash) history[how](null, "", fragment);
  // the answer is painted before curves are drawn and worlds begin anew
  if (worlds) requestAnimationFrame(() => setTimeout(live, 30));
}

/** A world as usual but for some choices; the luck stays. */
function choose(some) {
  change({ ...usual(), seed: choices.seed, ...some });
}

// --- time -----------------------------------------------------------------------------------------------------------

const record = () => Math.max(0, Math.min(LENGTH - 1, Math.floor(now)));
const day = () => dateOf(record() * EVERY + EVERY - 1);
const inDays = (text) => new Date(`${text}T00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

function go(n) {
  now = Math.max(0, Math.min(LENGTH - 1, n));
  isChanged = true;
}

function play(until = LENGTH - 1) {
  if (now >= until - 0.5) go(0);
  playing = { until };
  at("play").textContent = "❚❚ Pause";
}

function pause() {
  playing = null;
  at("play").textContent = "▶ Play";
  isChanged = true;
}

function makeTimeline() {
  at("day").max = LENGTH - 1;
  at("day").oninput = () => {
    pause();
    go(Number(at("day").value));
  };
  at("play").onclick = () => (playing ? pause() : play());
  const step = (records) => () => {
    pause();
    go(record() + records);
  };
  at("step").onclick = step(1);
  at("step-back").onclick = step(-1);
  at("back").onclick = () => {
    pause();
    go(0);
  };
  addEventListener("keydown", (event) => {
    // where a key has a meaning of its own it keeps it
    const own = event.key === " " ? "input, select, button, summary, [tabindex='0']" : "input, select, [tabindex='0']";
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest(own)) return;
    const does = { " ": () => at("play").click(), ArrowRight: step(1), ArrowLeft: step(-1), Home: () => at("back").click() }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });
}

// --- drawing --------------------------------------------------------------------------------------------------------

let before = performance.now();
function frame(time) {
  requestAnimationFrame(frame);
  const passed = Math.min(0.25, (time - before) / 1000);
  before = time;
  if (!worlds) return;
  const { a, b } = histories();
  let moved = 0;
  if (playing) {
    const can = Math.min(playing.until, a.length - 1, b.length - 1);
    now = Math.min(Math.max(now, 0) + passed * Number(at("speed").value), Math.max(now, can));
    moved = NO_MOTION ? 0 : passed * 0.35;
    if (now >= playing.until) pause();
  }
  // curves are dear: while a world is simulated they are drawn a few times a second
  const isDue = isChanged && time - drawnAt > 60;
  if (!playing && !isDue) return;
  most ??= a.length > 20 ? largest([a, b]) : null;
  const scale = most ?? largest([a, b]);
  for (const side of ["a", "b"]) maps[side].draw(histories()[side], record(), scale, kinds, moved);
  if (isDue) {
    drawnAt = time;
    isChanged = false;
    most = null;
    for (const chart of charts) showChart(chart, a, b);
    at("progress").value = a.length + b.length;
    shownRecord = -1;
  }
  if (record() !== shownRecord) showRecord();
}

/** What changes with the day: the date, the table, the money, the marks on the curves. */
function showRecord() {
  shownRecord = record();
  const { a, b } = histories();
  at("day").value = shownRecord;
  const date = inDays(day());
  at("day").setAttribute("aria-valuetext", date);
  at("date").textContent = date;
  for (const chart of charts) chart.mark(shownRecord);
  // both worlds are compared on the same day: the one shown, or the last one that both have seen
  const n = Math.min(shownRecord, a.length - 1, b.length - 1);
  const isBehind = n < shownRecord;
  const common = n < 0 ? "" : inDays(dateOf(n * EVERY + EVERY - 1));
  for (const place of document.querySelectorAll("[data-date]")) place.textContent = n < 0 ? "…" : isBehind ? `${common} (still computing)` : common;
  document.body.classList.toggle("computing", isBehind);
  if (n < 0) {
    for (const side of ["a", "b"]) at(`sum-${side}`).textContent = "";
    for (const place of [at("numbers").tBodies[0], document.querySelector("#money .bars"), at("people-bars")]) place.replaceChildren();
    return;
  }
  for (const [side, history] of [["a", a], ["b", b]]) {
    at(`sum-${side}`).textContent = `${short(history.robots(-1, n))} robots on ${common}`;
  }
  const pair = (value, say) => {
    const [left, right] = [say(value(a)), say(value(b))];
    return `<td>${left === right ? left : `${left} → ${right}`}</td>`;
  };
  const share = (value) => (value === undefined ? "–" : `${(100 * value).toFixed(1)} %`);
  at("numbers").tBodies[0].innerHTML = a.regions.map((name, r) => `<tr><th scope="row">${PLACES[name]}</th>${[
    pair((history) => history.at("employed", r, n), tiny), pair((history) => (history.at("absorbed", r, n) ?? 0) / history.at("employed", r, 0), share),
    pair((history) => history.at("displaced_total", r, n), tiny), pair((history) => history.robots(r, n), tiny),
    pair((history) => history.at("raw_hours", r, n), tiny), pair((history) => MEASURES.filmed(history, r, n), tiny),
  ].join("")}</tr>`).join("");
  const told = [{ name: "if no law changes", side: "as-it-is", history: a }, { name: "with your laws", side: "yours", history: b }];
  drawMoney(document.querySelector("#money .bars"), told, n);
  drawPeople(at("people-bars"), told, n, region);
  lives?.draw();
}

function showChart(chart, a, b) {
  const { key } = chart.about;
  const mine = ownBands(lucks, key);
  chart.show(a, b, region, region < 0 ? bands(choices, key, mine) : undefined, (about, n, left, right) => tell(choices, about, n, left, right, region, mine));
}

/** What stands under a picture that leaves the page. */
function captionOf(chart) {
  const place = region < 0 ? "the whole world" : PLACES[histories().a.regions[region]];
  return [
    `${chart.about.unit}; ${place}. ${chart.figure.querySelector(".last").textContent}${chart.figure.querySelector(".note").textContent ? `: ${chart.figure.querySelector(".note").textContent}` : ""}.`,
    at("law-in-words").textContent,
    `Dashed: if no law changes. Line: with your laws. ${region < 0 ? "Shaded: sixteen of twenty lucks." : "One luck."} A model, not a forecast. handover, page version ${VERSION}.`,
  ];
}

function makeCharts() {
  at("charts").innerHTML = CHARTS.map(({ key, title, unit }) => `<figure class="chart" id="chart-${key}"><figcaption><b>${title}</b><span class="last"></span></figcaption>
    <p class="unit"><span>${unit}</span><button data-picture="${key}" aria-label="PNG of the chart: ${title}">PNG</button></p><div class="plot" role="img" aria-label="${title}"></div><p class="note"></p></figure>`).join("");
  charts = CHARTS.map((about) => new Chart(about, at(`chart-${about.key}`), LENGTH));
  at("charts").onclick = async ({ target }) => {
    const chart = charts.find(({ about }) => about.key === target.dataset.picture);
    if (chart) save(`${chart.about.key}.png`, await chart.picture(captionOf(chart)));
  };
  let width = innerWidth;
  addEventListener("resize", () => {
    if (width === innerWidth) return;
    width = innerWidth;
    for (const chart of charts) chart.build();
    isChanged = true;
  });
}

function makeRegions() {
  at("place").innerHTML = `<option value="">the whole world</option>` + Object.entries(PLACES).map(([key, name]) => `<option value="${key}">${name}</option>`).join("");
  at("place").onchange = () => showRegion(at("place").value);
  at("kinds").insertAdjacentHTML("beforeend", KINDS.map(({ key, words }) => `<label><input type="checkbox" checked value="${key}"><canvas data-kind="${key}" aria-hidden="true"></canvas>${words}</label>`).join(""));
  at("kinds").onchange = ({ target }) => {
    kinds[target.checked ? "add" : "delete"](target.value);
    isChanged = true;
  };
}

function showRegion(name) {
  at("place").value = name;
  region = name ? worlds.a.history.regions.indexOf(name) : -1;
  isChanged = true;
}

/** The marks of the legend, in the colours of now. */
function drawMarks() {
  for (const canvas of document.querySelectorAll("canvas[data-kind]")) {
    const kind = KINDS.find(({ key }) => key === canvas.dataset.kind);
    [canvas.width, canvas.height] = [44, 44];
    const pen = canvas.getContext("2d");
    pen.fillStyle = getComputedStyle(canvas).getPropertyValue(kind.colour);
    mark(pen, kind.mark, 22, 22, 13);
  }
}

function look(name) {
  document.documentElement.dataset.look = name;
  drawMarks();
  for (const chart of charts) chart.build();
  isChanged = true;
}

// --- what can be taken away -----------------------------------------------------------------------------------------

function save(name, address) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

function saveText(name, text, kind) {
  const address = URL.createObjectURL(new Blob([text], { type: kind }));
  save(name, address);
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

function say(text) {
  at("said").textContent = text;
}

function makeExports() {
  at("reset").onclick = () => choose({});
  at("copy-link").onclick = async () => {
    const code = toFragment({ ...choices, at: record() });
    const address = location.protocol === "file:" ? code : location.href.split("#")[0] + code;
    at("code").value = code;
    try {
      await navigator.clipboard.writeText(address);
      say("The class code is copied. It carries every lever, the luck number and the day; on another device type or paste it below.");
    } catch {
      say("The class code stands below: copy it, and paste it on another device.");
    }
  };
  at("use-code").onclick = () => {
    const text = at("code").value.trim().replace(/^[^#]*#?/, "#");
    const { choices: some, refused: why } = fromFragment(text);
    if (text.length < 2 || why.length) return refused(`This class code cannot be used: ${why.join("; ") || "it is empty"}.`);
    at("notice").hidden = true;
    take(some);
    say("This is the world of the code.");
  };
  at("code").addEventListener("keydown", ({ key }) => key === "Enter" && at("use-code").click());
  at("save-scenario").onclick = () => {
    saveText("classroom.toml", scenarioFile(choices), "application/toml");
    say("Put classroom.toml beside baseline.toml, in the folder scenarios, and type: handover run classroom.toml");
  };
  at("save-base").onclick = () => {
    saveText("as-it-is.toml", scenarioFile(choices, true), "application/toml");
    say("With both files: handover compare as-it-is.toml classroom.toml --replicates 20");
  };
  at("save-series").onclick = () => {
    const { a, b } = histories();
    const isWhole = at("whole-series").checked;
    const both = [["as-it-is", a], ["classroom", b]];
    // a sheet for a pupil has one line a year; the whole table has every value
    const lines = isWhole
      ? ["scenario,tick,date,region,metric,item,value", ...both.flatMap(([name, history]) => history.rows(name, dateOf)).map((row) => row.join(","))]
      : [`scenario,luck,date,${CURVES.map(({ key }) => key).join(",")}`, ...both.flatMap(([name, history]) => YEARENDS.filter((n) => n < history.length).map((n) => [name, choices.seed, dateOf(n), ...CURVES.map(({ value }) => Number((value(history, region, n) ?? 0).toPrecision(6)))].join(",")))];
    saveText("series.csv", `${lines.join("\n")}\n`, "text/csv");
    say(`${lines.length - 1} lines, both worlds${areLived() ? "" : ", as far as they have been simulated"}.`);
  };
  at("fingerprint").onclick = async () => {
    await whenLived();
    const n = record();
    const { tick, hash } = await worlds.b.fingerprint(n);
    at("hash").textContent = `after tick ${tick - 1}, the four weeks from ${inDays(dateOf(tick - 1))}: ${hash}`;
  };
}

// --- lives, tour, roles ---------------------------------------------------------------------------------------------

function follow(person) {
  for (const key of Object.keys(PEOPLE)) at(key).setAttribute("aria-pressed", String(PEOPLE[key] === person));
  lives.follow(person);
}

function makeLives(module) {
  lives = new Lives(module, { day, wishes, refused, story: () => storyOf(choices)?.key });
  for (const [key, person] of Object.entries(PEOPLE)) {
    at(key).textContent = `${person.name}, ${person.what}`;
    at(key).onclick = () => follow(person);
  }
  at("worker").addEventListener("keydown", ({ key }) => key === "Enter" && at("follow").click());
  at("follow").onclick = () => {
    const worker = at("worker").value.trim();
    at("notice").hidden = true;
    if (worker) follow({ worker });
  };
}

/** Takes over a whole world, with the day it was looked at. */
function take(some, how) {
  const { at: day, ...rest } = some;
  change(rest, how);
  if (day !== undefined) go(day);
}

function makeLesson() {
  const page = {
    choose, take, histories, lived: whenLived, play: () => { go(0); play(); }, region: showRegion,
    choices: () => ({ ...choices, at: record() }),
    end: () => go(LENGTH - 1),
    pause, areLived,
    follow,
    show({ hide, both, point, where }) {
      for (const chart of charts) {
        chart.hide(hide.includes(chart.about.key) ? (both ? "both" : "yours") : "");
        chart.figure.classList.toggle("pointed", point.includes(chart.about.key));
      }
      document.body.classList.toggle("guessing", hide.length > 0);
      document.body.dataset.stop = where ?? "";
      for (const chart of charts) chart.build();
    },
  };
  const tour = new Tour(at("guide"), page);
  const game = new Game(at("guide"), { ask: (words) => confirm(words) });
  at("tour-button").onclick = () => game.leave() && tour.go(0);
  at("roles-button").onclick = () => {
    tour.leave();
    game.begin();
  };
  addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    tour.leave();
    game.leave();
  });
  addEventListener("beforeunload", (event) => game.isOn && game.rounds.length && event.preventDefault());
}

async function begin() {
  const stored = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.look = stored;
  at("look-button").onclick = () => look(document.documentElement.dataset.look === "dark" ? "light" : "dark");
  if (opened.refused.length) refused(`This link was not understood whole: ${opened.refused.join("; ")}. What was not understood is as usual.`);
  if (choices.at !== undefined) {
    now = choices.at;
    delete choices.at;
  }
  answer = new Answer(at("answer"), { more: fiveMore });
  makeLevers();
  showChoices();
  drawAnswer();
  makeTimeline();
  makeCharts();
  makeRegions();
  makeExports();
  drawMarks();
  if (!globalThis.DecompressionStream || !globalThis.WebAssembly) {
    refused("This browser is too old for the simulator inside: Chrome or Edge from 2020, Safari and Firefox from 2023 can open it.");
    return;
  }
  module = await engine();
  const changed = () => (isChanged = true);
  const make = () => new PageWorld(module, { changed, refused, lived: onLived });
  worlds = { a: make(), b: make() };
  makeLives(module);
  live();
  makeLesson();
  requestAnimationFrame(frame);
  addEventListener("hashchange", () => {
    const { choices: some, refused: why } = location.hash.length > 1 ? fromFragment(location.hash) : { choices: FIRST, refused: [] };
    if (why.length) refused(`This link was not understood whole: ${why.join("; ")}.`);
    if (toFragment({ ...some, at: undefined }) !== toFragment(choices)) take(some, "replaceState");
  });
  // printed in light, whatever the look
  addEventListener("beforeprint", () => look("light"));
  whenLived().then(() => (at("people").textContent = histories().b.status.workers.toLocaleString("en")));
}

begin().catch((error) => refused(error.message));

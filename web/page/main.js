// The page: sliders make a scenario, two workers live it, and everything below shows what they tell.
import { CHARTS, Chart } from "./charts.js";
import { LEVERS, PLACES, STORIES, YEARS, fromFragment, scenarioFile, toFragment, usual } from "./levers.js";
import { Lives, PEOPLE } from "./lives.js";
import { KINDS, WorldMap, largest, mark, short } from "./map.js";
import { drawMoney } from "./money.js";
import { Roles } from "./roles.js";
import { ROLES } from "./roles_data.js";
import { EVERY, METRICS, dateOf } from "./store.js";
import { Tour } from "./tour.js";
import { PageWorld } from "./world_of_page.js";

/** Records in fifteen years. */
const LENGTH = 195;
const at = (id) => document.getElementById(id);
const NO_MOTION = matchMedia("(prefers-reduced-motion: reduce)").matches;

let choices = fromFragment(location.hash, ROLES);
let worlds = null; // { a, b }
let lives = null;
let now = 0; // record that is shown; between two while playing
let playing = null; // { until } while playing
let region = -1;
let isChanged = true; // something to draw
let drawnAt = 0;
let shownRecord = -1;
let most = null; // largest flows, for the widths
let waiting = []; // who waits until both worlds are simulated
const kinds = new Set(KINDS.map((kind) => kind.key));
const maps = { a: new WorldMap(at("map-a")), b: new WorldMap(at("map-b")) };
let charts = [];

function refused(words) {
  at("notice").hidden = false;
  at("notice").textContent = words;
}

// --- the worlds -----------------------------------------------------------------------------------------------------

// the page lives in the first economy, which is the baseline with fewer rules
const shipped = { "baseline.toml": at("baseline").textContent, "first-economy.toml": at("first-economy").textContent };

function wishes() {
  return [true, false].map((isAsItIs) => {
    const scenario = isAsItIs ? "as-it-is.toml" : "classroom.toml";
    const text = scenarioFile(choices, ROLES, isAsItIs);
    return { files: { ...shipped, [scenario]: text }, scenario };
  });
}

let lived = ["", ""]; // texts of the scenarios that are being simulated
function live() {
  at("notice").hidden = true;
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
  for (const resolve of waiting.splice(0)) resolve();
}

async function engine() {
  const text = at("engine").textContent;
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(await new Response(stream).arrayBuffer());
}

// --- sliders --------------------------------------------------------------------------------------------------------

function makeLevers() {
  at("levers").innerHTML = LEVERS.map((lever) => `<div class="lever" id="lever-${lever.key}"><label for="${lever.key}">${lever.title}</label>
    <input type="range" id="${lever.key}" min="0" max="${lever.places.length - 1}" step="1" aria-describedby="why-${lever.key}">
    <output for="${lever.key}"></output><span class="hint" id="why-${lever.key}">${lever.why}</span></div>`).join("");
  for (const lever of LEVERS) {
    const input = at(lever.key);
    // while it is dragged its words change; when it is let go the world does
    input.oninput = () => words(lever, Number(input.value));
    input.onchange = () => change({ [lever.key]: Number(input.value), rounds: [] });
  }
  at("story").innerHTML = STORIES.map((story, n) => `<option value="${n}">${story.title}</option>`).join("") + `<option value="-1">a world of your own</option>`;
  at("story").onchange = () => {
    const story = STORIES[at("story").value];
    if (story) choose(story.set);
  };
  at("from").innerHTML = YEARS.map((year) => `<option>${year}</option>`).join("");
  at("from").onchange = () => change({ from: Number(at("from").value), rounds: [] });
  at("seed").onchange = () => change({ seed: Math.min(999999, Math.max(0, Math.round(Number(at("seed").value)) || 0)) });
}

function words(lever, place) {
  const element = at(`lever-${lever.key}`);
  element.querySelector("output").textContent = lever.places[place].words;
  at(lever.key).setAttribute("aria-valuetext", lever.places[place].words);
  element.classList.toggle("moved", place !== lever.usual);
}

/** Puts the sliders where the choices say. */
function showChoices() {
  for (const lever of LEVERS) {
    at(lever.key).value = choices[lever.key];
    words(lever, choices[lever.key]);
  }
  at("from").value = choices.from;
  at("seed").value = choices.seed;
  const isStory = (story) => toFragment({ ...choices, seed: 1 }) === toFragment({ ...usual(), ...story.set });
  const story = STORIES.findIndex(isStory);
  at("story").value = story;
  at("story-look").textContent = choices.rounds.length ? "Your world is the one of the four roles." : STORIES[story]?.look ?? "";
}

function change(some) {
  choices = { ...choices, ...some };
  showChoices();
  history.replaceState(null, "", toFragment(choices));
  live();
}

/** A world as usual but for some choices; the luck stays. */
function choose(some) {
  change({ ...usual(), seed: choices.seed, ...some });
}

// --- time -----------------------------------------------------------------------------------------------------------

const record = () => Math.max(0, Math.min(LENGTH - 1, Math.floor(now)));
const day = () => dateOf(record() * EVERY + EVERY - 1);
const inWords = (text) => new Date(`${text}T00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

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
    for (const chart of charts) chart.show(a, b, region);
    at("progress").value = a.length + b.length;
    shownRecord = -1;
  }
  if (record() !== shownRecord) showRecord();
}

/** What changes with the day: the date, the table, the money, the marks on the curves. */
function showRecord() {
  shownRecord = record();
  const { a, b } = histories();
  const date = inWords(day());
  at("day").value = shownRecord;
  at("day").setAttribute("aria-valuetext", date);
  at("date").textContent = date;
  at("numbers-date").textContent = at("money-date").textContent = date;
  for (const chart of charts) chart.mark(shownRecord);
  if (!a.length || !b.length) return;
  const n = Math.min(shownRecord, a.length - 1, b.length - 1);
  for (const [side, history] of [["a", a], ["b", b]]) {
    at(`sum-${side}`).textContent = `${short(history.sum("displaced_total", -1, n))} displaced, ${short(history.robots(-1, n))} robots`;
  }
  const pair = (value, say) => {
    const [left, right] = [say(value(a)), say(value(b))];
    return `<td>${left === right ? left : `${left} → <b>${right}</b>`}</td>`;
  };
  const share = (value) => (value === undefined ? "–" : `${(100 * value).toFixed(1)} %`);
  at("numbers").tBodies[0].innerHTML = a.regions.map((name, r) => `<tr><th scope="row">${PLACES[name]}</th>${[
    pair((history) => history.at("employed", r, n), short), pair((history) => history.at("displaced_total", r, n), short),
    pair((history) => history.robots(r, n), short), pair((history) => history.at("raw_hours", r, n), short),
    pair((history) => history.at("refusing_share", r, n), share),
  ].join("")}</tr>`).join("");
  drawMoney(document.querySelector("#money .bars"), [{ name: "as it is", history: a }, { name: "your world", history: b }], n);
  lives?.draw();
}

function makeCharts() {
  at("charts").innerHTML = CHARTS.map(({ key, title, unit }) => `<figure class="chart" id="chart-${key}"><figcaption><b>${title}</b><span class="last"></span></figcaption>
    <p class="unit"><span>${unit}</span><button data-picture="${key}" aria-label="PNG of the chart: ${title}">PNG</button></p><div class="plot" role="img" aria-label="${title}"></div></figure>`).join("");
  charts = CHARTS.map((about) => new Chart(about, at(`chart-${about.key}`), LENGTH));
  at("charts").onclick = ({ target }) => {
    const chart = charts.find(({ about }) => about.key === target.dataset.picture);
    if (chart) save(`${chart.about.key}.png`, chart.picture());
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
    const address = location.href.split("#")[0] + toFragment(choices);
    try {
      await navigator.clipboard.writeText(address);
      say("The link is copied. It carries every slider and the luck number.");
    } catch {
      say(`Copy the address of this page, or this part of it: ${toFragment(choices)}`);
    }
  };
  at("save-scenario").onclick = () => {
    saveText("classroom.toml", scenarioFile(choices, ROLES), "application/toml");
    say("Put classroom.toml into the folder scenarios, beside first-economy.toml, and type: handover run classroom.toml");
  };
  at("save-series").onclick = () => {
    const { a, b } = histories();
    const rows = [...a.rows("as-it-is", dateOf), ...b.rows("classroom", dateOf)].map((row) => row.join(","));
    saveText("series.csv", `${["scenario,tick,date,region,metric,item,value", ...rows].join("\n")}\n`, "text/csv");
    say(areLived() ? `${rows.length} values of ${METRICS.length} indicators, both worlds.` : "Saved as far as the worlds have been simulated.");
  };
  at("fingerprint").onclick = async () => {
    await whenLived();
    const n = record();
    const { tick, hash } = await worlds.b.fingerprint(n);
    at("hash").textContent = `after tick ${tick - 1}, the week of ${inWords(dateOf(tick - 1))}: ${hash}`;
  };
}

// --- lives, tour, roles ---------------------------------------------------------------------------------------------

function follow(person) {
  for (const key of Object.keys(PEOPLE)) at(key).setAttribute("aria-pressed", String(PEOPLE[key] === person));
  lives.follow(person);
}

function makeLives(module) {
  lives = new Lives(module, { day, wishes, refused });
  for (const key of Object.keys(PEOPLE)) at(key).onclick = () => follow(PEOPLE[key]);
  at("follow").onclick = () => {
    const worker = at("worker").value.trim();
    at("notice").hidden = true;
    if (worker) follow({ worker });
  };
}

function makeLesson() {
  const page = {
    choose, histories, lived: whenLived, play: () => { go(0); play(); }, region: showRegion,
    choices: () => choices,
    follow: (key) => {
      follow(PEOPLE[key]);
      at("lives").scrollIntoView({ block: "start" });
    },
    rounds: (rounds) => change({ ...usual(), learning: choices.learning, streets: choices.streets, seed: choices.seed, rounds }),
    playFrom: (first, last) => { go(first); play(last); },
    pause, areLived,
    show({ hide, both, point }) {
      for (const chart of charts) {
        chart.hide(hide.includes(chart.about.key) ? (both ? "both" : "yours") : "");
        chart.figure.classList.toggle("pointed", point.includes(chart.about.key));
      }
      at("worlds").classList.toggle("guessing", hide.length > 0);
      document.querySelector(".pointed")?.scrollIntoView({ block: "end" });
    },
  };
  const tour = new Tour(at("guide"), page);
  const roles = new Roles(at("guide"), page);
  at("tour-button").onclick = () => tour.go(0);
  at("roles-button").onclick = () => {
    tour.go(-1);
    roles.begin();
  };
  if (choices.rounds.length) roles.resume();
}

async function begin() {
  const stored = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.look = stored;
  at("look-button").onclick = () => look(document.documentElement.dataset.look === "dark" ? "light" : "dark");
  makeLevers();
  showChoices();
  makeTimeline();
  makeCharts();
  makeRegions();
  makeExports();
  drawMarks();
  if (!globalThis.DecompressionStream || !globalThis.WebAssembly) {
    refused("This browser is too old for the simulator inside: Chrome or Edge from 2020, Safari and Firefox from 2023 can open it.");
    return;
  }
  const module = await engine();
  const changed = () => (isChanged = true);
  const make = () => new PageWorld(module, { changed, refused, lived: onLived });
  worlds = { a: make(), b: make() };
  makeLives(module);
  live();
  makeLesson();
  requestAnimationFrame(frame);
  addEventListener("hashchange", () => {
    choices = fromFragment(location.hash, ROLES);
    showChoices();
    live();
  });
  whenLived().then(() => (at("people").textContent = histories().b.status.workers.toLocaleString("en")));
}

begin().catch((error) => refused(error.message));

// Opens docs/demo.html from disk, with the network off, and uses it as a class does: every slider, play and rewind,
// the tour, the roles, Rosa's lives, the exports. Then the command line runs the exported scenario, and every number
// and the fingerprint of the state must be the same. axe-core finds no serious fault; nothing is said on the console.
//
//   node tests/demo.mjs docs/demo.html HANDOVER STATE_HASHES [FOLDER FOR SCREENSHOTS]
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { openChromium } from "../web/chromium.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [demo, handover, hashes, shots] = process.argv.slice(2);
const axe = readFileSync(createRequire(join(root, "web/")).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "demo-"));
const address = pathToFileURL(resolve(demo)).href;
const faults = [];
const said = (words) => console.log(`  ${words}`);
function expect(is, words) {
  if (!is) faults.push(words);
}

const browser = await openChromium();
async function open(fragment = "", more = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, offline: true, acceptDownloads: true, ...more });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  page.on("console", (line) => faults.push(`console: ${line.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("request", (request) => /^(file|data|blob):/.test(request.url()) || faults.push(`a request to ${request.url()}`));
  const began = Date.now();
  await page.goto(address + fragment);
  await page.waitForFunction(() => document.querySelector("#levers .lever"));
  page.loaded = Date.now() - began;
  return page;
}
const isLived = async (page) => {
  await page.waitForFunction(() => document.documentElement.dataset.lived === "yes" && document.querySelector("#progress").value === 390);
  // what was told last is drawn within a few frames
  await page.waitForTimeout(150);
};
const text = (page, selector) => page.locator(selector).innerText();
const set = (page, key, place) => page.locator(`#${key}`).evaluate((input, place) => {
  input.value = place;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}, place);
async function download(page, button, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.click(button)]);
  expect(file.suggestedFilename() === name, `${button} saves ${file.suggestedFilename()}, not ${name}`);
  const path = join(folder, name);
  await file.saveAs(path);
  return path;
}
async function isAccessible(page, where) {
  const found = await page.evaluate(async (axe) => {
    // the page lets no foreign script in; the browser's own tools may
    (0, window.eval)(axe);
    return (await window.axe.run()).violations;
  }, axe);
  for (const { id, impact, nodes } of found.filter(({ impact }) => ["serious", "critical"].includes(impact))) {
    faults.push(`${where}: ${impact} fault ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  }
  said(`${where}: axe-core finds ${found.length} faults, none serious unless listed below`);
}

// --- it opens, and a slider's effect streams ---
const page = await open("", { bypassCSP: false });
said(`sliders stand after ${page.loaded} ms`);
await isLived(page);
const still = await page.evaluate(() => document.querySelector("#sum-b").textContent === document.querySelector("#sum-a").textContent);
expect(still, "two worlds of the same law differ");
for (const key of ["rights", "pay", "royalty", "learning", "tax", "dividend", "training", "streets"]) {
  const range = await page.locator(`#${key}`).evaluate((input) => [Number(input.min), Number(input.max), Number(input.value)]);
  const before = page.url();
  const began = Date.now();
  const streams = page.evaluate(() => new Promise((resolve) => {
    // the bar goes back when your world begins anew and grows as it is simulated
    const bar = document.querySelector("#progress");
    const watch = new MutationObserver(() => (watch.disconnect(), resolve(bar.value)));
    watch.observe(bar, { attributes: true });
  }));
  await set(page, key, range[2] === range[1] ? range[0] : range[2] + 1);
  await streams;
  said(`${key}: drawn anew ${Date.now() - began} ms after the slider was let go`);
  expect(page.url() !== before, `${key} is not in the link`);
  expect((await text(page, `#lever-${key} output`)).length >= 3, `${key} says nothing`);
}
await isLived(page);
expect(!(await page.evaluate(() => document.querySelector("#sum-b").textContent === document.querySelector("#sum-a").textContent)), "eight sliders changed nothing");
await page.click("#reset");
expect((await page.locator("#story").inputValue()) === "0", "as it was is not the first story");

// --- play, step, rewind, by mouse and keyboard ---
await isLived(page);
const dateAt = () => text(page, "#date");
const [start, frames] = [await dateAt(), page.evaluate(() => new Promise((resolve) => {
  let count = 0;
  const began = performance.now();
  const tick = (time) => (time - began > 2000 ? resolve(count / 2) : ((count += 1), requestAnimationFrame(tick)));
  requestAnimationFrame(tick);
}))];
await page.click("#play");
said(`${(await frames).toFixed(0)} frames a second while playing`);
await page.waitForFunction((start) => document.querySelector("#date").textContent !== start, start);
await page.click("#play");
await page.waitForTimeout(200);
const later = await dateAt();
expect(later !== start, "playing does not move the day");
await page.keyboard.press("ArrowRight");
await page.waitForTimeout(200);
expect((await dateAt()) !== later, "the right arrow does not step");
await page.keyboard.press("Home");
await page.waitForFunction((start) => document.querySelector("#date").textContent === start, start);

// --- a link carries the scenario; what is exported runs natively to the same numbers ---
const link = "#seed=3&from=2029&rights=3&royalty=3&tax=2&training=3&streets=3";
await page.close();
const class_ = await open(link);
await isLived(class_);
expect((await text(class_, "#lever-royalty output")).startsWith("15 %"), "the link did not carry the royalty");
const scenario = await download(class_, "#save-scenario", "classroom.toml");
const series = await download(class_, "#save-series", "series.csv");
const picture = await download(class_, '[data-picture="displaced"]', "displaced.png");
expect(readFileSync(picture).subarray(1, 4).toString() === "PNG", "the chart is no PNG");
for (const name of ["baseline.toml", "first-economy.toml"]) copyFileSync(join(root, "scenarios", name), join(folder, name));
execFileSync(handover, ["run", scenario, "--out", join(folder, "native"), "--quiet"], { stdio: "inherit" });
const table = (path) => readFileSync(path, "utf8").trim().split("\n").map((line) => line.split(","));
const native = new Map();
for (const [, , , tick, date, region, metric, item, , value] of table(join(folder, "native/series.csv"))) {
  native.set([tick, date, region, metric, item].join(), Number(value));
}
let compared = 0;
for (const [name, tick, date, region, metric, item, value] of table(series).slice(1)) {
  if (name !== "classroom") continue;
  const theirs = native.get([tick, date, region, metric, item].join());
  if (theirs !== Number(value)) {
    faults.push(`${metric} of ${item} in ${region} on ${date}: ${value} in the browser, ${theirs} on the command line`);
    break;
  }
  compared += 1;
}
expect(compared > 50_000, `only ${compared} values were compared`);
said(`${compared} values of the exported scenario: the same on the command line`);

// --- the fingerprint of a day half-way ---
await class_.locator("#day").evaluate((input) => {
  input.value = 90;
  input.dispatchEvent(new Event("input", { bubbles: true }));
});
await class_.click("#fingerprint");
await class_.waitForFunction(() => document.querySelector("#hash").textContent);
const [, tick, hash] = /after tick (\d+), .*: ([0-9a-f]{64})/.exec(await text(class_, "#hash"));
const lines = execFileSync(hashes, [scenario], { maxBuffer: 1 << 26 }).toString().split("\n");
expect(lines.includes(`${tick} ${hash}`), `the fingerprint after tick ${tick} is not that of the command line`);
said(`fingerprint after tick ${tick}: the same on the command line`);
await isLived(class_);

// --- Rosa in both worlds, and why ---
await class_.click("#rosa");
await class_.check("#whole-life");
await class_.waitForFunction(() => /In fifteen years/.test(document.querySelector("#about").textContent));
const lives = JSON.parse(execFileSync(handover, ["follow", scenario, "--worker", "IND/assembler/800", "--json", "--quiet"]).toString()).lives;
const moments = await class_.locator("#life-b li:not(.year)").allInnerTexts();
const told = lives[0].moments.map(({ date, text }) => date + text);
const plain = (line) => line.replace(/Why\?$/, "").replaceAll(/\s/g, "");
expect(JSON.stringify(moments.map(plain)) === JSON.stringify(told.map(plain)), "Rosa's life is not the one of the command line");
said(`Rosa: ${moments.length} dated sentences, the same on the command line`);
const why = class_.locator("[data-why]").first();
if (await why.count()) {
  await why.click();
  expect(/of a hundred people/.test(await text(class_, "#why")), "nobody says why");
  expect((await class_.locator("#why .term").count()) === 6, "the decision has not six terms");
} else faults.push("Rosa was never asked");
await class_.click("#mike");
await class_.waitForFunction(() => /USA\/courier/.test(document.querySelector("#about").textContent));
await isAccessible(class_, "the page");

// --- the tour: every stop, a guess at each question ---
await class_.click("#tour-button");
let questions = 0;
for (;;) {
  const guess = class_.locator("[data-guess]").first();
  if (await guess.count()) {
    questions += 1;
    await isLived(class_);
    expect((await class_.locator(".pointed:not(.hidden-curve)").count()) === 0, "a curve is shown before anybody has guessed");
    expect((await class_.locator(".pointed").count()) > 0, "no chart is pointed at");
    await guess.click();
    await class_.waitForFunction(() => document.querySelector(".guess .right"));
    expect((await class_.locator(".hidden-curve").count()) === 0, "a curve stays hidden");
    said(`tour: ${(await text(class_, "#guide h2")).slice(0, 40)}: ${(await text(class_, ".answer")).slice(0, 90)}`);
  }
  const next = class_.locator("#guide .main");
  const isEnd = /End/.test(await next.innerText());
  if (questions === 2) await isAccessible(class_, "the tour");
  await next.click();
  if (isEnd) break;
}
expect(questions >= 6, `only ${questions} questions`);
expect(await class_.locator("#guide").isHidden(), "the tour does not end");

// --- the roles: two rounds, each by its own goal ---
await class_.click("#roles-button");
for (const choices of [[3, 3, 2, 1], [4, 1, 0, 2]]) {
  for (const [seat, choice] of choices.entries()) {
    await class_.check(`input[name="seat-${seat}"][value="${choice}"]`);
    await class_.click(`[data-seat="${seat}"]`);
  }
  await class_.click('[data-do="play"]');
  await isLived(class_);
}
await class_.waitForFunction(() => document.querySelectorAll(".scores tbody tr").length === 3);
const points = await class_.locator(".scores tbody tr:last-child td").allInnerTexts();
expect(points.length === 4 && points.every((mean) => Number(mean) > 0), `points are ${points}`);
expect(points.some((mean) => Number(mean) !== 100), "no choice of any role did anything");
said(`roles: mean points ${points.join(", ")}`);
await isAccessible(class_, "the roles");
const played = await download(class_, "#save-scenario", "classroom.toml");
execFileSync(handover, ["check", played], { stdio: ["ignore", "ignore", "inherit"] });
await class_.close();

// --- dark, on a phone, and on a projector ---
for (const [name, width, height, colorScheme] of [["phone", 390, 844, "dark"], ["desktop", 1440, 900, "light"], ["projector", 1920, 1080, "light"]]) {
  const other = await open("#seed=1&from=2029&royalty=3", { viewport: { width, height }, colorScheme });
  await isLived(other);
  const wide = await other.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide <= 0, `at ${width} pixels the page is ${wide} too wide`);
  await other.locator("#day").evaluate((input) => {
    input.value = 150;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await other.waitForTimeout(300);
  await isAccessible(other, name);
  if (shots) {
    mkdirSync(shots, { recursive: true });
    await other.screenshot({ path: join(shots, `${name}.png`) });
    await other.screenshot({ path: join(shots, `${name}-whole.png`), fullPage: true });
  }
  await other.close();
}

// --- what a stranger's link or worker may say ---
const odd = await open("#seed=-1&rights=99&royalty=%3Cscript%3E&rounds=9999-xxxx-0000-0000-0000-0000-0000-0000-0000&from=1999");
await isLived(odd);
await odd.fill("#worker", "MARS/assembler/1");
await odd.click("#follow");
await odd.waitForFunction(() => /there is no region "MARS"/.test(document.querySelector("#notice").textContent));
await odd.close();

await browser.close();
rmSync(folder, { recursive: true });
const unlike = faults.filter((words, n) => faults.indexOf(words) === n);
if (unlike.length) {
  console.error(`docs/demo.html: ${unlike.length} faults\n${unlike.map((words) => `  ${words}`).join("\n")}`);
  process.exit(1);
}
console.log("docs/demo.html: opened, played, rewound, toured; the command line agrees with every number");

// Opens reports in Chromium as people do, on a wide screen, on a telephone and on paper, light and dark: axe-core finds
// nothing, no page and no table is wider than its place, nothing is said on the console. Where a reader can choose what is
// drawn, the choices are made by keyboard and the picture and its numbers follow; without scripts a picture stands there.
//   node tests/pages.mjs PAGE.html... [--shots FOLDER]
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { openChromium } from "../web/chromium.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const words = process.argv.slice(2), at = words.indexOf("--shots");
const shots = at < 0 ? null : words.splice(at, 2)[1];
if (shots) mkdirSync(shots, { recursive: true });
const axe = readFileSync(createRequire(join(root, "web/")).resolve("axe-core/axe.min.js"), "utf8");
const faults = [];
const browser = await openChromium();

async function accessible(page, where) {
  const found = await page.evaluate(async (axe) => {
    (0, window.eval)(axe);
    return (await window.axe.run()).violations;
  }, axe);
  return found.map(({ id, impact, nodes }) => `${where}: ${impact} fault ${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 140)).join(" | ")}`);
}
// what is wider than its place: the page, or a table in its own box
const tooWide = () => {
  const page = document.documentElement, found = [];
  if (page.scrollWidth > page.clientWidth) found.push(`the page by ${page.scrollWidth - page.clientWidth} pixels`);
  for (const box of document.querySelectorAll(".scroll, pre")) {
    const by = box.scrollWidth - box.clientWidth;
    if (by > 1) found.push(`${box.querySelector("caption")?.textContent.slice(0, 60) ?? box.tagName} by ${by} pixels`);
  }
  return found;
};
const unfold = () => document.querySelectorAll("details").forEach((part) => { part.open = true; });

// the check itself: a page with faults is seen
const control = await browser.newPage({ viewport: { width: 390, height: 844 } });
await control.setContent("<html><body><div class=scroll style='overflow: auto'><p style='width: 900px'>wide</p></div><img src=x><select></select>");
if ((await control.evaluate(tooWide)).length === 0 || (await accessible(control, "control")).length < 2) {
  throw new Error("the check itself does not see a page with faults");
}
await control.close();

const screens = [["desktop", 1280, 800, "light"], ["desktop", 1280, 800, "dark"], ["phone", 390, 844, "light"], ["phone", 390, 844, "dark"]];
for (const name of words) {
  const called = name.split("/").slice(-2).join("-").replace(".html", "");
  const address = pathToFileURL(resolve(name)).href;
  for (const [screen, width, height, colorScheme] of screens) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, offline: true, bypassCSP: true });
    const page = await context.newPage(), where = `${called}, ${screen}, ${colorScheme}`;
    page.on("console", (line) => faults.push(`${where}: console: ${line.text()}`));
    page.on("pageerror", (error) => faults.push(`${where}: error: ${error.message}`));
    page.on("request", (request) => /^(file|data|blob):/.test(request.url()) || faults.push(`${where}: a request to ${request.url()}`));
    await page.goto(address);
    if (shots) await page.screenshot({ path: join(shots, `${called}-${screen}-${colorScheme}-first.png`) });
    await page.evaluate(unfold);
    faults.push(...(await page.evaluate(tooWide)).map((words) => `${where}: too wide: ${words}`));
    faults.push(...(await accessible(page, where)));
    if (shots) await page.screenshot({ path: join(shots, `${called}-${screen}-${colorScheme}.png`), fullPage: true });
    if (screen === "desktop" && colorScheme === "light") await choose(page, where);
    if (screen === "desktop" && colorScheme === "dark") await print(page, where, called);
    await context.close();
  }
  const quiet = await browser.newContext({ viewport: { width: 1280, height: 800 }, offline: true, javaScriptEnabled: false });
  const page = await quiet.newPage();
  await page.goto(address);
  const still = await page.locator(".explore").count();
  for (let n = 0; n < still; n += 1) {
    const part = page.locator(".explore").nth(n);
    if ((await part.locator(".panels svg path.curve").count()) === 0) faults.push(`${called}: without scripts nothing is drawn`);
    if (await part.locator(".choices").isVisible()) faults.push(`${called}: without scripts there is something to choose`);
  }
  await quiet.close();
}

// on paper: dark pages are light, and no table is cut
async function print(page, where, called) {
  await page.setViewportSize({ width: 680, height: 960 });
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  faults.push(...(await page.evaluate(tooWide)).map((words) => `${where}, printed: too wide: ${words}`));
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  if (!["rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"].includes(paper)) faults.push(`${where}: printed on ${paper}`);
  if (shots) await page.pdf({ path: join(shots, `${called}.pdf`), format: "A4", margin: { top: "15mm", bottom: "15mm", left: "15mm", right: "15mm" } });
}

// every choice by keyboard: the picture, its heading and its numbers follow
async function choose(page, where) {
  const parts = page.locator(".explore");
  for (let n = 0; n < (await parts.count()); n += 1) {
    const part = parts.nth(n);
    const seen = async () => [
      await part.locator(".panels").innerHTML(), await part.locator(".what").innerText(), await part.locator("table").innerHTML(),
    ];
    const regions = await part.locator("[data-pick=region] option").count() - 1;
    if ((await part.locator(".panels svg").count()) !== regions) faults.push(`${where}: not a picture for each region`);
    for (const pick of ["metric", "region", "view"]) {
      const select = part.locator(`[data-pick=${pick}]`);
      if ((await select.count()) === 0) continue;
      const before = await seen();
      await select.focus();
      const isFirst = await select.evaluate((of) => of.selectedIndex === 0);
      await page.keyboard.press(isFirst ? "End" : "Home");
      const after = await seen();
      if (before[0] === after[0]) faults.push(`${where}: the picture does not follow ${pick}`);
      if (pick !== "view" && before[1] === after[1]) faults.push(`${where}: the heading does not follow ${pick}`);
      if (before[2] === after[2]) faults.push(`${where}: the numbers do not follow ${pick}`);
    }
    if ((await part.locator(".panels svg").count()) !== 1) faults.push(`${where}: one region is not one picture`);
    const said = await part.locator(".said").innerText();
    if (!/^At the end of \d{4}: /.test(said)) faults.push(`${where}: it says ${said}`);
    const markup = await part.locator("script, img, a").count();
    if (markup) faults.push(`${where}: a choice made ${markup} elements that no picture has`);
  }
}

await browser.close();
if (faults.length) {
  console.error(`${faults.length} faults\n${faults.map((words) => `  ${words}`).join("\n")}`);
  process.exit(1);
}
console.log(`${words.length} pages, wide, narrow and printed, light and dark: axe-core finds nothing, nothing is cut`);

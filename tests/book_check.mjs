// Opens pages of the built book in Chromium, on a wide and a narrow screen, light and dark: no page scrolls sideways,
// every picture is drawn, and dark pages are dark.
//   node tests/book_check.mjs FOLDER [FOLDER FOR SCREENSHOTS]
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { openChromium } from "../web/chromium.mjs";

const folder = resolve(process.argv[2] ?? "target/site/docs");
const shots = process.argv[3];
const pages = readdirSync(folder).filter((name) => name.endsWith(".html") && !["print.html", "toc.html", "404.html", "demo.html"].includes(name));
const faults = [];
const browser = await openChromium();
// the check itself: a page that is too wide is seen
const control = await browser.newPage({ viewport: { width: 390, height: 844 } });
await control.setContent("<p style='width: 900px'>wide");
const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
if ((await control.evaluate(overflow)) <= 0) throw new Error("the check itself does not see a page that is too wide");
for (const [screen, width, height] of [["desktop", 1280, 800], ["phone", 390, 844]]) {
  for (const scheme of ["light", "dark"]) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
    const page = await context.newPage();
    for (const name of pages) {
      await page.goto(`file://${join(folder, name)}`);
      const wide = await page.evaluate(overflow);
      if (wide > 0) faults.push(`${name}: ${wide} pixels wider than a ${screen}`);
      const broken = await page.evaluate(() => [...document.images].filter((image) => image.complete && !image.naturalWidth).map((image) => image.src));
      faults.push(...broken.map((source) => `${name}: no picture ${source}`));
      const light = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0) / 3);
      if (light > 128 !== (scheme === "light")) faults.push(`${name}: the page is not ${scheme}`);
      if (shots) await page.screenshot({ path: join(shots, `${name.replace(".html", "")}-${screen}-${scheme}.png`) });
    }
    await context.close();
  }
}
await browser.close();
if (faults.length) {
  console.error(`${faults.length} faults\n${faults.map((words) => `  ${words}`).join("\n")}`);
  process.exit(1);
}
console.log(`${pages.length} pages on two screens, light and dark`);

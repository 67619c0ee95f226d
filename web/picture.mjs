// The picture of the classroom's page in the book: as it opens, when both worlds have lived.
//   node picture.mjs FILE
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openChromium } from "./chromium.mjs";

const [out] = process.argv.slice(2);
if (!out) throw new Error("name a file: node web/picture.mjs FILE");
const browser = await openChromium();
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: "light" });
page.setDefaultTimeout(120_000);
await page.goto(`file://${join(dirname(fileURLToPath(import.meta.url)), "../docs/demo.html")}`);
await page.waitForFunction(() => document.documentElement.dataset.lived === "yes" && document.querySelector("#progress").value === 390);
await page.waitForTimeout(500);
await page.screenshot({ path: out });
await browser.close();

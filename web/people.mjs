// Finds the two people with a name, to whom something happens with the luck number that the page opens with, and the
// means of people like them over twenty replicates: web/page/people.js. It needs the program, which can find people.
//   node people.mjs HANDOVER [--check]
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { STORIES, scenarioFile, usual } from "./page/levers.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [handover] = process.argv.slice(2);
if (!handover) throw new Error("name the program: node web/people.mjs target/release/handover");
/** Stories in which what the law does to people like these is told. */
const TOLD = ["consent", "strike", "ban", "royalty"];
const WISHES = { rosa: "an assembler in IND who is refusing", mike: "a helper in USA who is displaced" };
/** Groups of lives.csv that are like them. */
const GROUPS = { rosa: ["filmed in", "IND"], mike: ["region", "USA"] };

const folder = mkdtempSync(join(tmpdir(), "people-"));
copyFileSync(join(root, "scenarios/baseline.toml"), join(folder, "baseline.toml"));
const put = (name, text) => {
  const path = join(folder, `${name}.toml`);
  writeFileSync(path, text);
  return path;
};
const follow = put("follow", scenarioFile(usual(), true));
const people = Object.fromEntries(Object.entries(WISHES).map(([key, wish]) => {
  const told = execFileSync(handover, ["follow", follow, "--worker", wish, "--quiet"], { maxBuffer: 1 << 26 }).toString();
  const found = /^([A-Z0-9]+\/\w+\/\d+):/.exec(told);
  if (!found) throw new Error(`nobody is ${wish}: ${told.slice(0, 200)}`);
  return [key, { worker: found[1] }];
}));

const base = put("as-it-is", scenarioFile({ ...usual(), seed: 1 }, true));
const reforms = TOLD.map((key) => put(key, scenarioFile({ ...usual(), ...STORIES.find((story) => story.key === key).set, seed: 1 }).replace('"classroom"', `"${key}"`)));
const out = join(folder, "compared");
execFileSync(handover, ["compare", base, ...reforms, "--replicates", "20", "--no-plots", "--quiet", "--out", out], { stdio: ["ignore", "ignore", "inherit"] });
const [head, ...rows] = readFileSync(join(out, "lives.csv"), "utf8").trim().split("\n").map((line) => line.match(/("[^"]*"|[^,]*)(,|$)/g).map((cell) => cell.replace(/,$/, "").replaceAll('"', "")));
const place = (name) => head.indexOf(name);
const dollars = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(Math.abs(value) < 10 ? 1 : 0)}`;
const means = Object.fromEntries(TOLD.map((key) => [key, Object.fromEntries(Object.entries(GROUPS).map(([who, [by, group]]) => {
  const row = rows.find((cells) => cells[place("reform")] === key && cells[place("by")] === by && cells[place("group")] === group);
  const [count, base, difference, low, high] = ["people", "base", "difference", "low", "high"].map((name) => Number(row[place(name)]));
  const isChance = low <= 0 && high >= 0;
  const words = isChance ? `no difference that can be distinguished from chance (${dollars(difference)} USD of ${base.toFixed(0)}, ${dollars(low)} to ${dollars(high)})` : `${dollars(difference)} USD of ${base.toFixed(0)} in fifteen years (${dollars(low)} to ${dollars(high)})`;
  return [who, { people: `${(count / 1e6).toFixed(1)} million`, words }];
}))]));
rmSync(folder, { recursive: true });

const text = `// Made by web/people.mjs. Not to be edited.\nexport const PEOPLE = ${JSON.stringify(people)};\nexport const MEANS = ${JSON.stringify(means, null, 1)};\n`;
const path = join(root, "web/page/people.js");
if (!process.argv.includes("--check")) writeFileSync(path, text);
else if (readFileSync(path, "utf8") !== text) {
  console.error("web/page/people.js is not what the program finds; type: node web/people.mjs HANDOVER");
  process.exit(1);
}
console.log(`web/page/people.js: ${Object.values(people).map(({ worker }) => worker).join(", ")}; means of ${TOLD.length} stories`);

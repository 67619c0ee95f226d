// Makes what the tour answers (web/page/answers.js) and the pages for the classroom (docs/classroom) out of web/lucks.json,
// and fails where a sentence is not true in every luck.
//   node lesson.mjs [--check]
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ENGLISH, readLucks, rightOf } from "./findings.mjs";
import { pagesOf, wrapped } from "./classroom.mjs";
import { OFFERS, best, dominant } from "./page/bargain.js";
import { CLAIMS, STOPS } from "./page/findings.js";
import { sentences } from "./sentences.mjs";
import { STORIES } from "./page/levers.js";
import { NUMBERS } from "./page/luck.js";
import { HEADLINES } from "./page/measures.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { lucks, worlds, say } = readLucks();
const faults = [];

// every answer, and every claim, in every luck
const answers = {};
for (const stop of STOPS.filter(({ question }) => question)) {
  const { right, faults: found } = rightOf(stop, worlds, say);
  faults.push(...found);
  answers[stop.key] = { right, words: say.fill(stop.came, ENGLISH) };
}
const said = sentences();
for (const { text, holds, of } of CLAIMS) {
  if (!said.some((sentence) => sentence.includes(text))) faults.push(`nothing says “${text}” any more: take the claim out of findings.js, or put it right`);
  const not = holds ? lucks.filter((_, l) => !holds(worlds[l])) : of(worlds) ? [] : ["every number"];
  if (not.length) faults.push(`“${text}” is not true with luck ${not.join(", ")}`);
}
// every sentence was read by somebody who said whether it claims something of the model (C) or not (-)
const read = new Map(readFileSync(join(root, "web/sentences.txt"), "utf8").trim().split("\n").map((line) => [line.slice(2), line[0]]));
const isClaim = (sentence) => CLAIMS.some(({ text }) => sentence.includes(text));
for (const sentence of said) {
  if (!read.has(sentence)) faults.push(`web/sentences.txt does not say whether this claims something of the model: “${sentence}”`);
  else if ((read.get(sentence) === "C") !== isClaim(sentence)) faults.push(`web/sentences.txt and findings.js differ on whether this is a claim: “${sentence}”`);
}
for (const sentence of read.keys()) if (!said.includes(sentence)) faults.push(`web/sentences.txt has a sentence that nobody says: “${sentence}”`);
// the game: no choice is best whatever the other side does and whatever the luck, and the best answer is not always the same
for (const choice of dominant(NUMBERS.game, lucks.length)) faults.push(`the game has a choice that is always best: ${choice}`);
const { replies, offers } = best(NUMBERS.game, lucks.length);
const kinds = (counts) => counts.filter((count) => count > 0).length;
if (kinds(replies.reduce((sum, counts) => sum.map((count, n) => count + counts[n]), [0, 0, 0])) < 3) faults.push(`in the game one answer of the council is never best: ${JSON.stringify(replies)}`);
if (faults.length) {
  console.error(`${faults.length} sentences change their truth from luck to luck:\n${faults.map((words) => `  ${words}`).join("\n")}`);
  process.exit(1);
}

const files = new Map([["web/page/answers.js", `// Made by web/lesson.mjs from twenty lucks. Not to be edited.\nexport const ANSWERS = ${JSON.stringify(answers, null, 1)};\n`]]);
for (const [name, text] of pagesOf(answers, say)) files.set(name, text);
// the tables of docs/lesson.md
const lesson = readFileSync(join(root, "docs/lesson.md"), "utf8");
const put = (text, name, inside) => text.replace(new RegExp(`(<!-- ${name} -->)[^]*?(<!-- /${name} -->)`), (_, open, close) => `${open}\n${inside}\n${close}`);
const cell = (story, key) => (story === "none" ? say.fill(`{mean:none:${key}}`, ENGLISH) : say.fill(`{brief:${story}:${key}}`, ENGLISH));
const stories = ["| story | work done by robots | displaced | USD to the filmed | USD kept by labs |", "|---|---|---|---|---|",
  ...STORIES.map(({ key, title }) => `| ${title} | ${HEADLINES.map((line) => cell(key, line.key)).join(" | ")} |`)];
const game = ["| of twenty luck numbers | accept | bargain as a crew | the skilled refuse |", "|---|---:|---:|---:|",
  ...OFFERS.map(({ words }, n) => `| best answer to: ${words} | ${replies[n].join(" | ")} |`), "",
  `The labs' best offer, against a council that answers as is best for it: ${OFFERS.map(({ words }, n) => `${words} in ${offers[n]}`).join(", ")} of ${lucks.length}.`];
files.set("docs/lesson.md", put(put(lesson, "stories", stories.join("\n")), "game", game.map((line) => (line.startsWith("|") ? line : wrapped(line))).join("\n")));
const stale = [];
for (const [name, text] of files) {
  const path = join(root, name);
  if (!process.argv.includes("--check")) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } else if (readFileSync(path, "utf8") !== text) stale.push(name);
}
if (stale.length) {
  console.error(`${stale.join(", ")}: not what twenty lucks say; type: node web/lesson.mjs`);
  process.exit(1);
}
console.log(`the game: the best offer of the labs is the first, second, third in ${offers.join(", ")} lucks; of the council's answers to each offer, accept, crew, strike are best in ${replies.map((counts) => counts.join(", ")).join("; ")}`);
console.log(`${Object.keys(answers).length} answers and ${CLAIMS.length} claims hold in each of ${lucks.length} lucks, of ${said.length} sentences; ${files.size} files`);

// Makes what the tour answers (web/page/answers.js) and the pages for the classroom (docs/classroom) out of web/lucks.json,
// and fails where a sentence is not true in every luck.
//   node lesson.mjs [--check]
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ENGLISH, readLucks, rightOf } from "./findings.mjs";
import { pagesOf } from "./classroom.mjs";
import { best, dominant } from "./page/bargain.js";
import { CLAIMS, STOPS } from "./page/findings.js";
import { NUMBERS } from "./page/luck.js";

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
for (const { where, text, holds } of CLAIMS) {
  if (!readFileSync(join(root, "web/page", where), "utf8").includes(text)) faults.push(`${where} no longer says “${text}”: take the claim out of findings.js, or put it right`);
  const not = lucks.filter((_, l) => !holds(worlds[l]));
  if (not.length) faults.push(`“${text}” is not true with luck ${not.join(", ")}`);
}
// the game: no choice is best whatever the other side does and whatever the luck, and the best answer is not always the same
for (const choice of dominant(NUMBERS.game, lucks.length)) faults.push(`the game has a choice that is always best: ${choice}`);
const { replies, offers } = best(NUMBERS.game, lucks.length);
const kinds = (counts) => counts.filter((count) => count > 0).length;
if (kinds(replies.reduce((sum, counts) => sum.map((count, n) => count + counts[n]), [0, 0, 0])) < 3) faults.push(`in the game one answer of the council is never best: ${JSON.stringify(replies)}`);
if (kinds(offers) < 2) faults.push(`in the game one offer of the labs is always best: ${JSON.stringify(offers)}`);
if (faults.length) {
  console.error(`${faults.length} sentences change their truth from luck to luck:\n${faults.map((words) => `  ${words}`).join("\n")}`);
  process.exit(1);
}

const files = new Map([["web/page/answers.js", `// Made by web/lesson.mjs from twenty lucks. Not to be edited.\nexport const ANSWERS = ${JSON.stringify(answers, null, 1)};\n`]]);
for (const [name, text] of pagesOf(answers, say)) files.set(name, text);
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
console.log(`${Object.keys(answers).length} answers and ${CLAIMS.length} claims hold in each of ${lucks.length} lucks; ${files.size} files`);

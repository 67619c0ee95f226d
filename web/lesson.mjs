// Puts the worksheet and its answers into docs/lesson.md, computed by the engine in docs/demo.html.
//   node lesson.mjs [--check]
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { engineOf } from "./engine_of.mjs";
import { STORIES, scenarioFile, usual } from "./page/levers.js";
import { short } from "./page/map.js";
import { shares } from "./page/money.js";
import { ROLES } from "./page/roles_data.js";
import { FLOWS, History, METRICS } from "./page/store.js";
import { STOPS } from "./page/tour.js";
import { makeWorld } from "./page/world.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const module = await WebAssembly.compile(engineOf(join(root, "docs/demo.html")));
const read = (name) => readFileSync(join(root, "scenarios", name), "utf8");
const shipped = { "baseline.toml": read("baseline.toml"), "first-economy.toml": read("first-economy.toml") };

const known = new Map();
/** What a world records under these choices, or as it is. */
function lived(choices, isAsItIs = false) {
  const text = scenarioFile(choices, ROLES, isAsItIs);
  if (known.has(text)) return known.get(text);
  const world = makeWorld(module);
  const history = new History();
  const status = world.start({ files: { ...shipped, "this.toml": text }, scenario: "this.toml", metrics: METRICS, flows: FLOWS });
  history.regions = status.regions;
  while (!world.isOver()) {
    world.step(52);
    history.take(world.records());
  }
  known.set(text, history);
  return history;
}

/** A paragraph in lines of at most 120 characters. No line begins with what Markdown would take for a mark. */
function wrapped(text) {
  const lines = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    const isMark = /^([-+*#>=|]+|\d+[.)])$/.test(word);
    if (line !== undefined && (isMark || line.length + 1 + word.length <= 120)) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}

const SEEDS = [1, 2, 3];
const asked = STOPS.filter((stop) => stop.question);
const worksheet = asked.map((stop, n) => `${wrapped(`**${n + 1}. ${stop.title.replace(/^\d+\. /, "")}** ${stop.words}`)}\n\n${wrapped(stop.question)}\n\n${stop.guesses.map((words) => `- [ ] ${words}`).join("\n")}\n\nWhy do you think so? ______________________________________________`);
const answers = asked.map((stop, n) => {
  const told = SEEDS.map((seed) => {
    const choices = { ...usual(), seed, ...stop.set };
    return stop.answer({ a: lived(choices, true), b: lived(choices) });
  });
  const [right, words] = told[0];
  const others = SEEDS.slice(1).map((seed, s) => (told[s + 1][0] === right ? `${seed}: the same` : `${seed}: ${stop.guesses[told[s + 1][0]]}`));
  return wrapped(`**${n + 1}.** ${stop.guesses[right]}. ${words} *(Luck number 1; luck number ${others.join("; ")}.)*`);
});
const percent = (before, now) => (before ? `${now >= before ? "+" : "−"}${Math.abs((100 * (now - before)) / before).toFixed(1)} %` : "0");
const rows = STORIES.map((story) => {
  const choices = { ...usual(), ...story.set };
  const [a, b] = [lived(choices, true), lived(choices)];
  const last = b.length - 1;
  const sum = (history, metric) => history.sum(metric, -1, last);
  const filmed = (history) => Number((history.paid("capture pay passed on", 0, last) + history.paid("royalties", 0, last)) / 1000000n);
  const cents = shares(b, last).parts.slice(-2).reduce((all, part) => all + part.percent, 0);
  return `| ${story.title} | ${short(sum(b, "displaced_total"))} | ${percent(sum(a, "displaced_total"), sum(b, "displaced_total"))} | ${percent(a.robots(-1, last), b.robots(-1, last))} | ${short(filmed(b))} | ${cents.toFixed(1)} |`;
});
const table = ["| story | displaced by the end of 2041 | against the first line | robots, against the first line | USD to the filmed, in all | cents of a lab’s dollar that reach them |", "|---|---:|---:|---:|---:|---:|", ...rows].join("\n");

const path = join(root, "docs/lesson.md");
const before = readFileSync(path, "utf8");
const put = (text, name, inside) => text.replace(new RegExp(`(<!-- ${name} -->)[^]*?(<!-- /${name} -->)`), (_, open, close) => `${open}\n${inside}\n${close}`);
const after = put(put(put(before, "worksheet", worksheet.join("\n\n")), "answers", answers.join("\n\n")), "stories", table);
if (!process.argv.includes("--check")) writeFileSync(path, after);
else if (after !== before) {
  console.error("docs/lesson.md does not say what the engine computes; type: node web/lesson.mjs");
  process.exit(1);
}
console.log(`docs/lesson.md: ${asked.length} questions, ${STORIES.length} stories, ${known.size} worlds simulated`);

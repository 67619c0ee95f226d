// The pages for the classroom, in every language that has a file of messages: for the teacher, worksheet, answers.
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { STOPS } from "./page/findings.js";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../docs/classroom");
const asked = STOPS.filter(({ question }) => question);

/** What the questions say in English; other languages have the same texts in their files. */
const ENGLISH_STOPS = Object.fromEntries(asked.map(({ key, title, words, question, guesses, came }) => [key, { title, words, question, guesses, came }]));

/** Every text of a file of messages by its path, "teacher.goals.0". */
function texts(value, path = "") {
  if (typeof value !== "object") return [[path, value]];
  return Object.entries(value).flatMap(([key, inside]) => texts(inside, path ? `${path}.${key}` : key));
}

const holes = (text) => [...text.matchAll(/\{[^}]*\}/g)].map(([hole]) => hole).sort().join();

/** The messages of all languages; refuses one that lacks a text, has one too many, or has other numbers in it. */
export function readMessages() {
  const read = (name) => JSON.parse(readFileSync(join(folder, "messages", name), "utf8"));
  const english = { ...read("en.json"), stops: ENGLISH_STOPS };
  const wanted = new Map(texts(english));
  const all = new Map();
  for (const name of readdirSync(join(folder, "messages")).filter((file) => file.endsWith(".json")).sort()) {
    const messages = name === "en.json" ? english : read(name);
    const have = new Map(texts(messages));
    const wrong = [
      ...[...wanted.keys()].filter((path) => !have.has(path)).map((path) => `lacks ${path}`),
      ...[...have.keys()].filter((path) => !wanted.has(path)).map((path) => `has ${path}, which English has not`),
      ...[...wanted].filter(([path, text]) => have.has(path) && holes(have.get(path)) !== holes(text)).map(([path]) => `has other numbers in ${path}`),
      ...[...have].filter(([path, text]) => path !== "machine" && !text.trim()).map(([path]) => `has nothing for ${path}`),
      ...(name !== "en.json" && !messages.machine ? ["does not say that a machine translated it"] : []),
    ];
    if (wrong.length) throw new Error(`docs/classroom/messages/${name} ${wrong.slice(0, 5).join("; ")}${wrong.length > 5 ? `; and ${wrong.length - 5} more` : ""}`);
    all.set(name.replace(".json", ""), messages);
  }
  return all;
}

/** Columns of a text: signs of Chinese have no spaces between them and may be broken anywhere but before a mark. */
export function wrapped(text, width = 116) {
  const parts = text.match(/[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+|\s+/g) ?? [];
  const lines = [""];
  for (const part of parts) {
    const isMark = /^([-+*#>=|]+|\d+[.)]|[，。；：、？！）”])$/.test(part);
    if (!isMark && lines.at(-1).length + part.length > width) lines.push("");
    lines[lines.length - 1] += lines.at(-1) === "" ? part.trimStart() : part;
  }
  return lines.map((line) => line.trimEnd()).join("\n");
}

const item = (text, mark = "-") => wrapped(`${mark} ${text}`).replaceAll("\n", "\n  ");
const line = "______________________________________________";

function teacher(code, { machine, teacher: t }) {
  const plan = (title, rows) => `## ${title}\n\n| ${t.minutes} | |\n|---:|---|\n${rows.map(([minutes, what]) => `| ${minutes} | ${what} |`).join("\n")}`;
  const list = (title, items) => `## ${title}\n\n${items.map((text) => item(text)).join("\n")}`;
  return [
    `# ${t.title}`, ...(machine ? [`> ${machine}`] : []), wrapped(t.lead), wrapped(`**${t.say}**`), list(t.goals_title, t.goals),
    plan(t.plan45_title, t.plan45), plan(t.plan90_title, t.plan90), list(t.debrief_title, t.debrief), list(t.different_title, t.different),
    list(t.misuse_title, t.misuse), `## ${t.words_title}\n\n| | |\n|---|---|\n${t.words.map(([word, what]) => `| **${word}** | ${what} |`).join("\n")}`,
    `## ${t.sources_title}\n\n${wrapped(t.sources)}\n\n[baseline.toml](../../scenarios/baseline.toml), [model.md](../model.md)`,
  ].join("\n\n");
}

function sheet(code, { machine, sheet: s, stops }) {
  const questions = asked.map(({ key }, n) => {
    const { title, words, question, guesses } = stops[key];
    return `${wrapped(`**${n + 1}. ${title}** ${words}`)}\n\n${wrapped(question)}\n\n${guesses.map((guess) => item(guess, "- [ ]")).join("\n")}\n\n${s.why} ${line}`;
  });
  const open = (title, lines) => `## ${title}\n\n${lines.map((text) => `${text} ${line}`).join("\n\n")}`;
  return [`# ${s.title}`, ...(machine ? [`> ${machine}`] : []), `${s.name}: ${line.slice(0, 30)} ${s.mark}`, ...questions, open(s.own_title, s.own), open(s.found_title, s.found)].join("\n\n");
}

function answersPage(code, { machine, teacher: t, stops, numbers }, answers, say) {
  const told = asked.map(({ key }, n) => wrapped(`**${n + 1}. ${stops[key].title}** ${stops[key].guesses[answers[key].right]}. ${say.fill(stops[key].came, numbers)}`));
  return [`# ${t.title}: ${t.answers_title}`, ...(machine ? [`> ${machine}`] : []), wrapped(t.answers_lead), ...told].join("\n\n");
}

/** All pages: [path, text]. */
export function pagesOf(answers, say) {
  return [...readMessages()].flatMap(([code, messages]) => [
    [`docs/classroom/${code}-teacher.md`, `${teacher(code, messages)}\n`],
    [`docs/classroom/${code}-worksheet.md`, `${sheet(code, messages)}\n`],
    [`docs/classroom/${code}-answers.md`, `${answersPage(code, messages, answers, say)}\n`],
  ]);
}

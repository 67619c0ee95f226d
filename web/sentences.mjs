// Every sentence that the page, the tour and the English lesson say, one by one.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readMessages } from "./classroom.mjs";
import { STOPS } from "./page/findings.js";
import { LEVERS, STORIES } from "./page/levers.js";

const here = dirname(fileURLToPath(import.meta.url));

/** Texts in a value, however deep. */
const texts = (value) => (typeof value === "string" ? [value] : value && typeof value === "object" ? Object.values(value).flatMap(texts) : []);

/** What a file of the page says: its visible texts, block by block. */
function blocks(html) {
  return html.replace(/<(script|style|noscript)[^]*?<\/\1>/g, "").replaceAll(/<\/?(p|h\d|li|th|td|div|section|summary|legend|label|button|option|figcaption|caption|title|output|details)[^>]*>/g, "\n")
    .replaceAll(/<[^>]+>/g, "").replaceAll("&amp;", "&").split("\n").map((line) => line.replaceAll(/\s+/g, " ").trim());
}

const split = (text) => text.split(/(?<=[.?!:;])\s+(?=[“A-Z{])/).map((sentence) => sentence.trim()).filter((sentence) => sentence.split(/\s+/).length >= 3);

export function sentences() {
  const page = blocks(readFileSync(join(here, "page/index.html"), "utf8"));
  const tour = STOPS.flatMap(({ title, words, question, guesses, came }) => texts([title, words, question ?? "", came ?? "", guesses ?? []]));
  const levers = [...LEVERS.flatMap(({ why, title, places }) => [title, why, ...places.map(({ words }) => words)]), ...STORIES.flatMap(({ title, look }) => [title, look])];
  const { teacher, sheet } = readMessages().get("en");
  const game = [...readFileSync(join(here, "page/game.js"), "utf8").matchAll(/<p[^>]*>([^<`]*(?:<strong>[^<]*<\/strong>[^<`]*)*)<\/p>/g)].map(([, text]) => text.replaceAll(/<[^>]+>/g, ""));
  return [...new Set([...page, ...tour, ...levers, ...texts(teacher), ...texts(sheet), ...game].flatMap(split))];
}

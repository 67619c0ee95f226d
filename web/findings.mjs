// What twenty lucks say (web/lucks.json), as functions of a story and a measure: for one luck, and as means in words.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { half, mean, short } from "./page/measures.js";

const here = dirname(fileURLToPath(import.meta.url));

export function readLucks() {
  const { lucks, regions, stories } = JSON.parse(readFileSync(join(here, "lucks.json"), "utf8"));
  /** A world of one luck: w(story, measure, region), region "" for the whole world. */
  const world = (l) => (story, measure, region = "") => {
    const told = stories[story]?.[l];
    const place = region ? regions.indexOf(region) + 1 : 0;
    if (measure === "start") return region ? told.start[place - 1] : told.start.reduce((sum, part) => sum + part, 0);
    const value = told?.ends[measure]?.[place];
    if (value === undefined) throw new Error(`nothing is known of ${measure} in the story ${story}`);
    return value;
  };
  const worlds = lucks.map((_, l) => world(l));
  return { lucks, worlds, say: saying(worlds) };
}

/** What is told of all lucks: means and halves of 95 % intervals, and words of a language for them. */
function saying(worlds) {
  const differences = (story, measure) => worlds.map((w) => w(story, measure) - w("none", measure));
  const isLuck = (story, measure) => !(Math.abs(mean(differences(story, measure))) > half(differences(story, measure)));
  // the mean difference and half of its interval, in per cent of the mean without a law: as on the page
  const share = (story, measure) => [mean, half].map((of) => (100 * of(differences(story, measure))) / mean(worlds.map((w) => w("none", measure))));
  const ends = (values, show) => [mean(values), Math.abs(mean(values)) - half(values), Math.abs(mean(values)) + half(values)].map((value) => show(Math.abs(value)));
  const interval = ([middle, least, most], unit, { to }) => `${middle}${unit} (${least} ${to} ${most})`;
  const tell = {
    change(words, story, measure) {
      const [middle, width] = share(story, measure);
      if (isLuck(story, measure)) return words.chance.replace("{}", `${middle.toFixed(1)} ± ${width.toFixed(1)} %`);
      const digits = Math.abs(middle) < 10 ? 1 : 0;
      const [part, least, most] = [0, -width, width].map((far) => (Math.abs(middle) + far).toFixed(digits));
      return (middle < 0 ? words.less : words.more).replace("{}", interval([part, least, most], " %", words));
    },
    more: (words, story, measure) => interval(ends(differences(story, measure), (value) => inUnits(short(value), words)), "", words),
    cents: (words, story, measure, of) => interval(ends(worlds.map((w) => (100 * w(story, measure)) / w(story, of)), (value) => value.toFixed(1)), "", words),
    share: (words, story, region) => interval(ends(worlds.map((w) => (100 * w(story, "absorbed", region)) / w(story, "start", region)), (value) => value.toFixed(1)), " %", words),
  };
  tell.mean = (words, story, measure) => inUnits(short(mean(worlds.map((w) => w(story, measure)))), words);
  tell.brief = (words, story, measure) => {
    const [middle, width] = share(story, measure);
    const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
    return isLuck(story, measure) ? `chance (${signed(middle)} ± ${width.toFixed(1)} %)` : `${signed(middle)} % (${signed(middle - width)} to ${signed(middle + width)})`;
  };
  return {
    isLuck,
    difference: (story, measure) => mean(differences(story, measure)),
    /** A sentence with its numbers: "{change:ban:absorbed}" becomes "26 % less (20 to 32 %)". */
    fill: (text, words) => text.replaceAll(/\{(\w+):([\w:]+)\}/g, (_, how, rest) => tell[how](words, ...rest.split(":"))),
  };
}

const UNITS = ["trillion", "billion", "million", "thousand"];
const inUnits = (text, words) => UNITS.reduce((said, unit) => said.replace(unit, words[unit] ?? unit), text);

/** How numbers are said in English. */
export const ENGLISH = { less: "{} less", more: "{} more", to: "to", chance: "no difference that can be distinguished from chance ({})" };

/** Which guess the lucks prove right, or a refusal if they do not agree. */
export function rightOf(stop, worlds, say) {
  if (!stop.judge) return { right: stop.verdict(say), faults: [] };
  const told = worlds.map((w) => stop.judge(w));
  const right = told[0];
  const others = told.flatMap((guess, l) => (guess === right ? [] : `luck ${l + 1}: ${stop.guesses[guess] ?? "none of the guesses"}`));
  return { right, faults: others.length ? [`“${stop.question}”: ${stop.guesses[right] ?? "none of the guesses"}, but ${others.join("; ")}`] : [] };
}

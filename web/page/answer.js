// The answer first: one line on top that says what your laws change by the end of 2041, at once from what the page
// ships, then from the worlds that are simulated here. What cannot be told from luck says so.
import { LEVERS, storyOf, usual } from "./levers.js";
import { LUCK, NUMBERS } from "./luck.js";
import { HEADLINES, half, mean, short, tiny } from "./measures.js";

/** Share of the mean by which one luck's difference usually strays. */
const noise = (key) => NUMBERS.noise[key];

/** The world as a product of what each lever did alone: a first guess, until the world is simulated. */
export function guess(choices, place) {
  const [early, late] = NUMBERS.years;
  let ratio = 1;
  for (const lever of LEVERS) {
    const chosen = choices[lever.key];
    if (chosen === lever.usual || (lever.key === "passed" && !choices.royalty)) continue;
    const at = (year) => NUMBERS.parts[`${lever.key}.${chosen}.${year}`]?.[place];
    const [first, second] = [at(early), at(late) ?? at(early)];
    const part = Math.min(1.3, (choices.from - early) / (late - early));
    ratio *= Math.max(0, first + part * (second - first));
  }
  return ratio;
}

/**
 * What is known of the end of 2041 under these choices, for every number of the headline: the world without the law,
 * your world, the difference and half of its 95 % interval; and where that is from. `lives` are the ends of your world
 * and of the world without the law under several lucks: [{ luck, none: {absorbed..}, yours: {..} }].
 */
export function known(choices, lives = []) {
  const story = storyOf(choices);
  if (story) {
    const { ends } = NUMBERS.stories[story.key];
    const none = NUMBERS.stories.none.ends;
    const told = HEADLINES.map(({ key }) => ({ key, none: none[key][0], yours: ends[key][0], difference: ends[key][2], half: ends[key][3] }));
    return { from: story.key === "none" ? "same" : "story", told };
  }
  const of = (key, side) => lives.map((life) => life[side][key]);
  if (lives.length >= 3) {
    const told = HEADLINES.map(({ key }) => {
      const differences = lives.map(({ none, yours }) => yours[key] - none[key]);
      return { key, none: mean(of(key, "none")), yours: mean(of(key, "yours")), difference: mean(differences), half: half(differences) };
    });
    return { from: "lucks", count: lives.length, told };
  }
  const told = HEADLINES.map(({ key }, place) => {
    const none = NUMBERS.stories.none.ends[key][0];
    const ratio = lives.length ? lives[0].yours[key] / lives[0].none[key] : guess(choices, place);
    // two lucks stand behind a place of a lever, one behind what has just been simulated
    const difference = none * (ratio - 1);
    return { key, none, yours: none * ratio, difference, half: Math.max(2.1 * noise(key) * none, lives.length ? 0 : Math.abs(difference) * 0.3) };
  });
  return { from: lives.length ? "one" : "guess", told };
}

export const isLuck = ({ difference, half: width }) => !(Math.abs(difference) > width);

/** "less" or "more", by how much, with the interval. */
function differs({ none, difference, half: width }) {
  const part = (value) => `${Math.abs((100 * value) / none).toFixed(Math.abs(difference / none) < 0.1 ? 1 : 0)}`;
  const ends = [Math.abs(difference) - width, Math.abs(difference) + width].map(part).join(" to ");
  return `${part(difference)} % ${difference < 0 ? "less" : "more"} (${ends} %)`;
}

const SOURCES = {
  same: () => "Means of twenty lucks. Nothing is changed yet.",
  story: () => "Means of twenty lucks, with 95 % intervals.",
  lucks: ({ count }) => `Means of ${count} lucks, with 95 % intervals.`,
  one: () => "From one luck; the intervals say how far one luck strays. Ask for five more.",
  guess: () => "A first answer from a table, while your world is being computed.",
};

/** The sentence. It names the clearest difference, or says that there is none. */
export function sentence(choices, { from, told }) {
  const end = "By the end of 2041";
  const say = ({ key }, value) => {
    const { words, after } = HEADLINES.find((line) => line.key === key);
    return `${words} ${short(value)}${after}`.trim();
  };
  if (from === "same") return `${end}, if no law changes: ${told.map((line) => say(line, line.none)).join(", ")}.`;
  // that a ban leaves nothing to pay for is clear, and no news
  const isGone = ({ none, yours }) => yours < 0.01 * none;
  const clear = told.filter((line) => !isLuck(line)).sort((a, b) => isGone(a) - isGone(b) || Math.abs(b.difference / b.half) - Math.abs(a.difference / a.half));
  const about = from === "guess" ? "about " : "";
  if (!clear.length) {
    const [line] = told;
    return `${end}, in your world: ${say(line, line.yours)}; without your changes: ${say(line, line.none)}. The difference cannot be told from luck, nor can the others below.`;
  }
  const [line] = clear;
  return `${end}, in your world: ${say(line, line.yours)}; without your changes: ${say(line, line.none)}. The difference is ${about}${differs(line)}.`;
}

export class Answer {
  constructor(place, { more }) {
    this.place = place;
    place.querySelector("#more-lucks").onclick = more;
  }

  /** Says what is known; `busy` is how many more lucks are being simulated. */
  draw(choices, lives, busy = 0) {
    const answer = known(choices, lives);
    this.answer = answer;
    const words = sentence(choices, answer);
    const line = this.place.querySelector("#answer-words");
    if (line.textContent !== words) line.textContent = words;
    this.place.querySelector("#answer-source").textContent = `${SOURCES[answer.from](answer)}${busy ? ` ${busy} more ${busy === 1 ? "luck is" : "lucks are"} being simulated …` : ""}`;
    this.place.querySelector(".cells").innerHTML = answer.told.map((told) => {
      const { short: title } = HEADLINES.find(({ key }) => key === told.key);
      const luck = answer.from === "same" ? "same" : isLuck(told) ? "luck" : "";
      const change = luck === "same" ? "" : luck ? "not told from luck" : told.yours < 0.01 * told.none ? "nothing is left" : `${told.difference < 0 ? "−" : "+"}${Math.abs((100 * told.difference) / told.none).toFixed(0)} % (±${((100 * told.half) / told.none).toFixed(0)})`;
      return `<li class="${luck}"><span>${title}</span> <b>${luck === "same" ? tiny(told.none) : `${tiny(told.none)} → ${tiny(told.yours)}`}</b> <em>${change}</em></li>`;
    }).join("");
    const isOwn = !["same", "story"].includes(answer.from);
    this.place.querySelector("#more-lucks").hidden = !isOwn;
    this.place.dataset.from = answer.from;
  }
}

/** What the page ships of a curve: bands of a story, and what is known of the difference at a record. */
export function bands(choices, key, mine = null) {
  const story = storyOf(choices);
  const a = NUMBERS.stories.none.curves[key];
  return { a, b: story && story.key !== "none" ? NUMBERS.stories[story.key].curves[key] : mine };
}

/** What is known of the difference of a curve at a record: is it told from luck? */
export function tell(choices, { key, say }, n, a, b, region, mine = null) {
  const story = storyOf(choices);
  if (story?.key === "none" || a === b) return { isLuck: false, words: "" };
  if (region >= 0) return { isLuck: true, words: "one luck of one region: may be luck" };
  const year = Math.max(0, Math.min(14, Math.round((n - 12) / 13)));
  const line = story ? NUMBERS.stories[story.key].curves[key][year] : mine?.[year];
  if (!line) return { isLuck: true, words: "one luck: may be luck" };
  const [, , , difference, width] = line;
  if (!(Math.abs(difference) > width)) return { isLuck: true, words: "cannot be told from luck" };
  return { isLuck: false, words: `${difference < 0 ? "less" : "more"}, by ${say(Math.abs(difference) - width)} to ${say(Math.abs(difference) + width)} over many lucks` };
}

/** Bands of your own world: for each year [least, mean, most, difference, half], from curves under several lucks. */
export function ownBands(lives, key) {
  if (lives.length < 3) return null;
  return lives[0].yours.curves[key].map((_, y) => {
    const values = lives.map((life) => life.yours.curves[key][y]);
    const differences = lives.map((life) => life.yours.curves[key][y] - life.none.curves[key][y]);
    return [Math.min(...values), mean(values), Math.max(...values), mean(differences), half(differences)];
  });
}

export { LUCK, usual };

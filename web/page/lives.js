// Two lives of one person, and why the camera was answered as it was.
import { MEANS, PEOPLE as FOUND } from "./people.js";
import { PageWorld } from "./world_of_page.js";

/** Who has a name here: people to whom something happens, found by web/people.mjs. */
export const PEOPLE = {
  rosa: { name: "Rosa", ...FOUND.rosa, she: "she", what: "who says no to the camera", like: "people filmed in India" },
  mike: { name: "Mike", ...FOUND.mike, she: "he", what: "whom a robot displaces", like: "people in the USA" },
};

const TERMS = [
  ["base", "where everybody starts"],
  ["skill", "skill: the skilled know what they give away"],
  ["fear", "fear: robots seen at the site and in the trade"],
  ["peers", "what the others at the site say"],
  ["pay", "the money on offer for an hour"],
  ["risk", "what refusing may cost: the job"],
];

const clean = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

export class Lives {
  constructor(module, { day, wishes, refused, story }) {
    this.who = null;
    this.day = day;
    this.wishes = wishes;
    this.story = story;
    const changed = () => this.draw();
    this.make = () => (this.worlds ??= ["a", "b"].map(() => new PageWorld(module, { changed, refused })));
    this.places = ["a", "b"].map((side) => document.getElementById(`life-${side}`));
    this.shown = ["", ""];
    document.getElementById("whole-life").onchange = changed;
    for (const place of this.places) place.onclick = ({ target }) => target.dataset.why && this.why(JSON.parse(target.dataset.why));
  }

  /** Begins to follow somebody in both worlds; `person` is one of PEOPLE or has only a worker's name. */
  follow(person) {
    this.who = person;
    this.make();
    this.worlds.forEach((world, side) => {
      const { files, scenario } = this.wishes()[side];
      world.live(files, scenario, { follow: person.worker });
    });
    document.getElementById("why").hidden = true;
    this.draw();
  }

  /** The law has changed in one of the worlds. */
  again(side) {
    if (!this.who) return;
    const { files, scenario } = this.wishes()[side];
    this.worlds[side].live(files, scenario, { follow: this.who.worker });
  }

  draw() {
    if (!this.who) return;
    const lives = this.worlds.map((world) => world.life);
    const isWhole = document.getElementById("whole-life").checked;
    const today = isWhole ? "9999" : this.day();
    const told = lives.map((life) => life?.moments.concat(years(life)).filter((moment) => moment.date <= today).sort(order) ?? []);
    const texts = told.map((moments) => new Set(moments.map((moment) => moment.date + moment.text)));
    told.forEach((moments, side) => {
      const other = texts[1 - side];
      const html = moments.map((moment) => {
        const differs = other.has(moment.date + moment.text) ? "" : "differs";
        const ask = moment.reasons ? ` <button data-why="${clean(JSON.stringify({ ...moment, side }))}">Why?</button>` : "";
        return `<li class="${moment.kind === "year" ? "year" : ""} ${differs}"><time>${moment.date}</time>${clean(moment.text)}${ask}</li>`;
      }).join("");
      if (html === this.shown[side]) return;
      this.shown[side] = html;
      this.places[side].innerHTML = html || "<li>…</li>";
      this.places[side].scrollTop = isWhole ? 0 : this.places[side].scrollHeight;
    });
    const [a, b] = lives;
    const name = this.who.name ? `${this.who.name} is ` : "";
    const isDone = a && b && this.worlds.every((world) => world.isResting);
    const incomes = isDone ? ` In fifteen years ${dollars(a.income)} USD after tax if no law changes, ${dollars(b.income)} USD with your laws: one life, mostly luck.` : " …";
    const line = this.who.like ? MEANS[this.story()]?.[this.who === PEOPLE.rosa ? "rosa" : "mike"] : null;
    const mean = line ? ` The mean of ${line.people} ${this.who.like}, over twenty lucks: ${line.words}.` : this.who.like ? " The means of people like this are in the comparison that the command line makes of both scenarios." : "";
    document.getElementById("about").textContent = a ? `${name}${plain(a.about)}.${incomes}${isDone ? mean : ""}` : "…";
  }

  /** Shows the terms of a decision about the camera. */
  why({ text, date, kind, reasons, side }) {
    const place = document.getElementById("why");
    const refuses = kind === "refuses" || / and refuses/.test(text);
    const she = this.who.she ?? "this person";
    const most = Math.max(...TERMS.map(([key]) => Math.abs(reasons[key])), 1);
    const term = ([key, words]) => {
      const value = reasons[key];
      const width = (50 * Math.abs(value)) / most;
      return `<div class="term"><span>${words}</span><span class="track"><i class="${value > 0 ? "more" : ""}" data-css="left:${value > 0 ? 50 : 50 - width}%;width:${width}%"></i></span><b>${value > 0 ? "+" : ""}${value.toFixed(2)}</b></div>`;
    };
    const who = { alone: "", crew: " The crew decided as one; alone it would have been this:", strike: " There was a strike; without it, it would have been this:" }[reasons.decider];
    place.innerHTML = `<h3>Why did ${clean(she)} ${refuses ? "refuse" : "say yes"} on ${date}, ${side ? "with your laws" : "if no law changes"}?</h3>
      <p>To the left speaks for the camera, to the right against it.${who} Together it means: of a hundred people in the same place with the same skill, <strong>${(100 * reasons.probability).toFixed(0)}</strong> would refuse. ${reasons.offer.toFixed(2)} USD was on offer for an hour. The rest is luck${refuses ? ": this time it fell that way" : ""}.</p>
      ${TERMS.map(term).join("")}
      <p class="hint">The weights are assumptions: nobody has measured them.</p>`;
    for (const element of place.querySelectorAll("[data-css]")) element.style.cssText = element.dataset.css;
    place.hidden = false;
    place.scrollIntoView({ block: "nearest" });
  }
}

/** "skill 1.5 standard deviations above the mean" for who has not met standard deviations. */
function plain(about) {
  return about.replace(/, skill ([\d.]+) standard deviations (above|below) the mean/, (_, far, side) => (far < 0.5 ? ", about as skilled as most" : side === "above" ? (far > 1.3 ? ", among the most skilled" : ", more skilled than most") : far > 1.3 ? ", among the least skilled" : ", less skilled than most"));
}

function order(one, other) {
  return one.date < other.date ? -1 : one.date > other.date ? 1 : 0;
}

function dollars(micro) {
  return Math.round(Number(BigInt(micro) / 1000000n)).toLocaleString("en");
}

/** The account of each year, as a line. */
function years(life) {
  return life.years.map((year) => {
    const sum = (...keys) => keys.reduce((total, key) => total + BigInt(year[key]), 0n);
    const parts = [`${dollars(sum("wages", "outside_wages"))} USD of pay`];
    const more = [["capture pay", "capture_pay"], ["royalties", "royalty"], ["insurance", "insurance"], ["stipends", "stipend"], ["citizen dividend", "citizen_dividend"], ["robot tax handed back", "recycling"]];
    for (const [words, key] of more) if (year[key] > 0) parts.push(`${(year[key] / 1e6).toFixed(2)} ${words}`);
    const idle = Math.round(year.weeks.unemployed);
    if (idle) parts.push(`${idle} ${idle === 1 ? "week" : "weeks"} without work`);
    return { date: `${year.year}-12-31`, kind: "year", text: `${year.year}: ${parts.join(", ")}.` };
  });
}

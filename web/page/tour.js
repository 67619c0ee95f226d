// A lesson of ten minutes: look, predict, then see. Every answer is read off the worlds that were just simulated.
import { short } from "./map.js";

const last = (history) => history.length - 1;
const sum = (history, metric, region = -1) => history.sum(metric, region, last(history)) ?? 0;
const total = (history, metric) => {
  let all = 0;
  for (let n = 0; n < history.length; n++) all += 4 * (history.sum(metric, -1, n) ?? 0);
  return all;
};
const change = (before, now) => (before ? (100 * (now - before)) / before : 0);
const few = (difference, small) => (Math.abs(difference) < small ? 1 : difference < 0 ? 0 : 2);
const signed = (value) => `${value > 0 ? "+" : ""}${value.toFixed(1)} %`;

/**
 * Each stop: words; which sliders stand elsewhere; where the timeline goes; which charts are pointed at; and, if
 * something is to be predicted, the question, the guesses, and what came out: [which guess, in words].
 */
export const STOPS = [
  {
    title: "1. The bargain",
    words: "Labs in the USA, the EU and China pay for hours filmed at work in India, Vietnam, Bangladesh, China and Mexico. The hours teach robots. Watch the circles (hours) go to the labs; later the squares (robots) leave their makers, and they go somewhere else. Take a minute, play it again, stop it, step.",
    set: {}, play: true, region: "", charts: [],
  },
  {
    title: "2. Where do robots take over work first?",
    words: "Nothing is changed yet: both worlds are the same. The curves are hidden until you have guessed.",
    set: {}, charts: ["displaced", "robots"], region: "", hide: ["displaced", "robots", "jobs", "jobless", "labs"],
    question: "Where will robots have displaced the most people by the end of 2041?",
    guesses: ["India, where most hours are filmed", "China", "the USA", "the European Union"],
    answer({ a }) {
      const order = ["IND", "CHN", "USA", "EU27"];
      const people = order.map((name) => sum(a, "displaced_total", a.regions.indexOf(name)));
      const most = people.indexOf(Math.max(...people));
      return [most, `China ${short(people[1])}, the European Union ${short(people[3])}, the USA ${short(people[2])}, India ${people[0] ? short(people[0]) : "nobody"}.`];
    },
  },
  {
    title: "3. And in India?",
    words: "India records more hours than any other region.",
    set: {}, charts: ["robots"], region: "IND", hide: ["robots", "displaced", "labs"],
    question: "How many robots work in India at the end?",
    guesses: ["none, or almost none", "tens of thousands", "millions"],
    answer({ a }) {
      const robots = a.robots(a.regions.indexOf("IND"), last(a));
      return [robots < 5000 ? 0 : robots < 1e6 ? 1 : 2, `${robots ? short(robots) : "None"}. A worker there costs less than a robot: the hours leave, and the robots work where wages are high. Fifteen years are not for ever: the story “Robots learn fast” is worth a look.`];
    },
  },
  {
    title: "4. Who is paid?",
    words: "Robots pay licences and software to the labs. The filmed are paid for the hour, once.",
    set: {}, charts: ["filmed", "labs"], region: "", hide: ["filmed", "labs"],
    question: "Of each dollar that robots pay to the labs in fifteen years, how much do the filmed get for their hours?",
    guesses: ["less than 5 cents", "5 to 25 cents", "more than 25 cents"],
    answer({ a }) {
      const pay = total(a, "capture_pay_received");
      const labs = total(a, "licence_revenue") + total(a, "subscription_revenue");
      const cents = (100 * pay) / labs;
      return [cents < 5 ? 0 : cents < 25 ? 1 : 2, `${cents.toFixed(1)} cents: ${short(pay)} USD to the filmed, ${short(labs)} USD to the labs.`];
    },
  },
  {
    title: "5. A royalty",
    words: "From 2029 the five regions that record the hours ask for 15 % of licence fees, for the people whose hours taught the robots. That is your world now; the dashed curve is the world without.",
    set: { from: 2029, royalty: 3 }, charts: ["filmed", "robots"], hide: ["filmed", "robots", "displaced"],
    question: "What happens to the number of robots at work in 2041?",
    guesses: ["clearly fewer: at least 5 % less", "nearly the same", "clearly more"],
    answer({ a, b }) {
      const robots = change(a.robots(-1, last(a)), b.robots(-1, last(b)));
      const [before, now] = [a, b].map((world) => total(world, "capture_pay_received") + total(world, "royalties_received"));
      return [few(robots, 5), `Robots ${signed(robots)}; money to the filmed ${signed(change(before, now))}. In this model a royalty is a transfer from the owners of the labs to the filmed: nobody buys fewer robots because of it.`];
    },
  },
  {
    title: "6. The right to say no",
    words: "From 2028 nobody in these five regions is filmed who did not agree, and whoever says no may take past hours back.",
    set: { from: 2028, rights: 2 }, charts: ["hours", "robots"], hide: ["hours", "robots", "displaced", "filmed"],
    question: "What happens to the hours that are filmed in fifteen years?",
    guesses: ["they fall by more than a fifth", "they stay within a fifth", "they rise by more than a fifth"],
    answer({ a, b }) {
      const hours = change(total(a, "raw_hours"), total(b, "raw_hours"));
      const refusing = b.mean("refusing_share", -1, last(b)) ?? 0;
      return [few(hours, 20), `${signed(hours)}. At the end ${(100 * refusing).toFixed(1)} % of those asked refuse. How likely people are to refuse is an assumption, and pay softens it: nobody has measured it.`];
    },
  },
  {
    title: "7. A robot tax for everybody",
    words: "From 2029 China, the USA, the EU and Japan tax robots by 10 % of their price and hand it back to their people.",
    set: { from: 2029, tax: 3 }, charts: ["robots", "displaced"], hide: ["robots", "displaced", "jobs"],
    question: "Who gets this money?",
    guesses: ["also the filmed in India, Vietnam and Bangladesh", "only people where the robots work", "nobody: no robots are bought any more"],
    answer({ a, b }) {
      const robots = change(a.robots(-1, last(a)), b.robots(-1, last(b)));
      return [robots < -90 ? 2 : 1, `Robots at work: ${signed(robots)}. The tax stays in the region that raises it; those who taught the robots live elsewhere.`];
    },
  },
  {
    title: "8. Two lives",
    words: "Below, follow Rosa, an assembler in Tamil Nadu, and Mike, a courier in Chicago. They are two of the twenty thousand; move the timeline, read their dates in both worlds, and ask “Why?” where Rosa answers the camera.",
    set: { from: 2028, rights: 3, royalty: 3 }, charts: [], follow: "rosa",
  },
  {
    title: "9. What decides?",
    words: "Now no law at all, but another guess about machines: robots learn slowly from hours. Nobody knows this number well.",
    set: { learning: 0 }, charts: ["displaced", "robots"], hide: ["displaced", "robots", "jobs", "jobless"],
    question: "How many fewer people are displaced by 2041?",
    guesses: ["about as many as with any of the laws: within a tenth", "a tenth to a half fewer", "more than half fewer"],
    answer({ a, b }) {
      const displaced = change(sum(a, "displaced_total"), sum(b, "displaced_total"));
      return [displaced < -50 ? 2 : displaced < -10 ? 1 : 0, `${signed(displaced)}. A number that nobody has measured well decides more than any law here. That is what “conditional” means: if these numbers, then.`];
    },
  },
  {
    title: "10. Your turn",
    words: "Make a world of your own. Say first what you expect, then let go of the slider. Copy the link: it carries everything. Try another luck number and see what stays. Then play the four roles: council, lab, operator, ministry.",
    set: {}, charts: [],
  },
];

export class Tour {
  constructor(place, page) {
    this.place = place;
    this.page = page;
    this.stop = -1;
  }

  go(stop) {
    this.stop = stop;
    const { page } = this;
    page.show({ hide: [], point: [] });
    page.pause();
    this.place.classList.toggle("sticks", stop >= 0 && stop < STOPS.length);
    if (stop < 0 || stop >= STOPS.length) {
      this.stop = -1;
      this.place.hidden = true;
      return;
    }
    const about = STOPS[stop];
    // where nothing is changed the curve of the world as it is would give the answer away
    page.show({ hide: about.hide ?? [], both: !Object.keys(about.set).length, point: about.charts });
    page.choose(about.set);
    if (about.region !== undefined) page.region(about.region);
    if (about.play) page.play();
    if (about.follow) page.follow(about.follow);
    const guesses = about.guesses?.map((words, n) => `<button data-guess="${n}">${words}</button>`).join("") ?? "";
    this.place.innerHTML = `<h2 tabindex="-1">${about.title}</h2><p>${about.words}</p>
      ${about.question ? `<p><strong>Predict: ${about.question}</strong></p><div class="guess" role="group" aria-label="Guesses">${guesses}</div><p class="answer" role="status"></p>` : ""}
      <div class="buttons"><button data-go="${stop - 1}" ${stop ? "" : "disabled"}>Before</button><button class="main" data-go="${stop + 1}">${stop + 1 < STOPS.length ? "Next" : "End of the tour"}</button><button data-go="-1">Leave</button><span class="hint">${stop + 1} of ${STOPS.length}</span></div>`;
    this.place.hidden = false;
    this.place.querySelector("h2").focus();
    this.place.onclick = ({ target }) => {
      if (target.dataset.go !== undefined) this.go(Number(target.dataset.go));
      if (target.dataset.guess !== undefined) this.guess(about, Number(target.dataset.guess));
    };
  }

  /** The curve is shown once somebody has said what to expect of it. */
  async guess(about, guessed) {
    const stop = this.stop;
    const words = this.place.querySelector(".answer");
    for (const button of this.place.querySelectorAll("[data-guess]")) button.disabled = true;
    this.page.show({ hide: [], point: about.charts });
    words.textContent = "The world is still being simulated …";
    await this.page.lived();
    if (this.stop !== stop) return;
    const [right, came] = about.answer(this.page.histories());
    this.place.querySelectorAll("[data-guess]").forEach((button, n) => {
      if (n === right) button.classList.add("right");
      else if (n === guessed) button.classList.add("wrong");
    });
    words.textContent = `${guessed === right ? "As you said." : `It was: ${about.guesses[right]}.`} ${came}`;
  }
}

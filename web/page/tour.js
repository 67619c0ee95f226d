// The guided tour: look, predict, then see. What came out was computed over twenty lucks when the page was made.
import { ANSWERS } from "./answers.js";
import { STOPS } from "./findings.js";
import { LEVERS, STORIES } from "./levers.js";

export class Tour {
  constructor(place, page) {
    this.place = place;
    this.page = page;
    this.stop = -1;
    this.guessed = new Map();
  }

  /** Ends the tour and gives the class its own world back. */
  leave() {
    if (this.stop < 0) return;
    this.stop = -1;
    const { page } = this;
    page.pause();
    page.region("");
    page.take(this.before);
    page.show({ hide: [], point: [] });
    this.place.hidden = true;
    document.getElementById("tour-button").focus();
  }

  go(stop) {
    const { page } = this;
    if (stop < 0 || stop >= STOPS.length) return this.leave();
    if (this.stop < 0) this.before = page.choices();
    this.stop = stop;
    page.pause();
    const about = STOPS[stop];
    const set = STORIES.find(({ key }) => key === (about.story ?? "none")).set;
    const isGuessed = this.guessed.has(stop);
    page.region(about.region ?? "");
    page.show({ hide: about.question && !isGuessed ? about.charts : [], both: true, point: about.charts, where: about.charts.length ? "charts" : about.play ? "worlds" : "words" });
    page.choose(set);
    if (about.play) page.play();
    else page.end();
    const guesses = about.guesses?.map((words, n) => `<button data-guess="${n}">${words}</button>`).join("") ?? "";
    const { length } = STOPS;
    this.place.innerHTML = `<h1 tabindex="-1">${stop + 1}. ${about.title}</h1><p>${about.words}</p>
      ${about.question ? `<p><strong>Predict: ${about.question}</strong></p><div class="guess" role="group" aria-label="Guesses">${guesses}</div><p class="answer" role="status"></p>` : ""}
      ${about.what ? this.what(about.what) : ""}
      <div class="buttons"><button data-go="${stop - 1}" ${stop ? "" : "disabled"}>Before</button><button class="main" data-go="${stop + 1}">${stop + 1 < length ? "Next" : "End"}</button><button data-go="-1" title="Your own world comes back">Leave</button><span class="hint">${stop + 1} of ${length}</span></div>`;
    this.place.hidden = false;
    scrollTo(0, 0);
    this.place.querySelector("h1").focus({ preventScroll: true });
    this.place.onclick = ({ target }) => {
      if (target.dataset.go !== undefined) this.go(Number(target.dataset.go));
      if (target.dataset.guess !== undefined) this.guess(Number(target.dataset.guess));
    };
    this.place.onchange = ({ target }) => {
      if (target.dataset.what) page.choose({ ...set, [target.dataset.what]: Number(target.value) });
    };
    if (isGuessed) this.guess(this.guessed.get(stop));
  }

  /** A switch for what is an assumption: not to be predicted, but to be tried. */
  what({ lever: key, words }) {
    const lever = LEVERS.find((some) => some.key === key);
    return `<p class="row" id="what-if" hidden><label><strong>What if?</strong> ${words} <select data-what="${key}">${lever.places.map((place, n) => `<option value="${n}" ${n === lever.usual ? "selected" : ""}>${place.words}</option>`).join("")}</select></label></p>`;
  }

  /** The curve is shown once somebody has said what to expect of it. */
  guess(guessed) {
    const about = STOPS[this.stop];
    this.guessed.set(this.stop, guessed);
    const { right, words } = ANSWERS[about.key];
    this.page.show({ hide: [], point: about.charts, where: "charts" });
    this.place.querySelectorAll("[data-guess]").forEach((button, n) => {
      button.disabled = true;
      if (n === right) button.classList.add("right");
      else if (n === guessed) button.classList.add("wrong");
    });
    this.place.querySelector(".answer").textContent = `${guessed === right ? "As you said." : `It was: ${about.guesses[right]}.`} ${words}`;
    const what = this.place.querySelector("#what-if");
    if (what) what.hidden = false;
  }
}

// The game on the page: two sides on one device or on two, hidden cards, codes instead of a server.
import { DISMISSED, OFFERS, REPLIES, cards, fromCode, isGood, luckOf, outcome, toCode } from "./bargain.js";
import { NUMBERS } from "./luck.js";
import { short } from "./measures.js";

const NAMES = ["AMBER", "BIRCH", "CEDAR", "DELTA", "EMBER", "FJORD", "GROVE", "HAZEL", "IVORY", "JUNO", "KITE", "LOTUS", "MAPLE", "NOVA", "OLIVE", "PEARL"];
const SIDES = { lab: "Robot labs", council: "Council of the filmed" };
const usd = (value) => `${value < 0 ? "−" : ""}${short(Math.abs(value))} USD`;
const clean = (text) => text.replace(/[^A-Z0-9]/gi, "").toUpperCase().slice(0, 12);

export class Game {
  constructor(place, { ask }) {
    this.place = place;
    this.ask = ask;
    this.isOn = false;
    place.addEventListener("click", ({ target }) => this.isOn && this.press(target));
    place.addEventListener("keydown", ({ key, target }) => {
      if (this.isOn && key === "Enter" && target.id === "game-code") this.press(this.place.querySelector('[data-game="hear"]'));
    });
  }

  begin() {
    this.isOn = true;
    // a name that no other class in the room has: what the clock says
    const names = NAMES.filter((name) => isGood(name));
    this.name = names[Math.floor(Date.now() / 60000) % names.length];
    this.rounds = [];
    this.side = null;
    this.now = {};
    this.draw();
  }

  /** Leaves; rounds that were played are not lost without asking. */
  leave() {
    if (!this.isOn) return true;
    if (this.rounds.length && !this.ask("The rounds that you have played will be lost. Leave the game?")) return false;
    this.isOn = false;
    this.place.hidden = true;
    document.body.dataset.stop = "";
    return true;
  }

  press(target) {
    const { game, choice, side } = target?.dataset ?? {};
    const { name, round } = this;
    if (game === "leave" && this.leave()) document.getElementById("roles-button").focus();
    if (!this.isOn) return;
    if (game === "start") {
      const typed = clean(this.place.querySelector("#game-name").value);
      if (!typed || !isGood(typed)) return this.tell("Take another name: letters and digits, like BIRCH.");
      this.name = typed;
      this.side = side;
      this.isAlone = false;
      this.draw();
    }
    if (game === "alone") Object.assign(this, { side: "lab", isAlone: true }), this.draw();
    if (choice !== undefined) {
      this.now[this.side] = Number(choice);
      if (this.isAlone && this.side === "lab") this.side = "council";
      this.finish();
    }
    if (game === "hear") {
      const other = this.side === "lab" ? "council" : "lab";
      const heard = fromCode(name, round, other, this.place.querySelector("#game-code").value);
      if (heard < 0) return this.tell("No choice of this round has that code. Is the name of the game the same on both devices, and the round?");
      this.now[other] = heard;
      this.finish();
    }
    if (game === "next") {
      this.now = {};
      if (this.isAlone) this.side = "lab";
      this.draw();
    }
  }

  get round() {
    return this.rounds.length - (this.isShown ? 1 : 0);
  }

  get isShown() {
    return this.now.lab !== undefined && this.now.council !== undefined;
  }

  finish() {
    if (this.isShown) {
      const luck = luckOf(this.name, this.rounds.length);
      this.rounds.push({ ...this.now, luck, ...outcome(NUMBERS.game, luck, this.now.lab, this.now.council), offer: this.now.lab, reply: this.now.council });
    }
    this.draw();
  }

  tell(words) {
    this.place.querySelector(".game-said").textContent = words;
  }

  draw() {
    const { place } = this;
    document.body.dataset.stop = "words";
    place.hidden = false;
    place.onclick = place.onchange = null;
    place.innerHTML = `<h1 tabindex="-1">A game for two groups${this.side ? `: ${this.name}, round ${this.round + 1}` : ""}</h1>
      ${this.side ? this.turn() : this.start()}<p class="game-said" role="status"></p>
      <div class="buttons"><button data-game="leave">Leave the game</button></div>${this.table()}`;
    place.querySelector("h1").focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  start() {
    return `<p>Labs need filmed hours; the filmed have them. Labs offer, the council answers, and fifteen years pass. <strong>Labs</strong> count what they keep. <strong>The council</strong> counts what the filmed are paid, less ${DISMISSED} USD for each who is dismissed for refusing (about four months’ pay in India: an assumption). The best total wins nothing: say afterwards what you would have agreed to.</p>
      <p>Each round is one of twenty lucks, nobody knows which. Your card says what the other side cannot see. You may say what is on it; you may also not.</p>
      <p class="row"><label>Name of the game, the same on both devices <input id="game-name" size="12" value="${this.name}" spellcheck="false" autocomplete="off"></label></p>
      <div class="buttons"><button class="main" data-game="start" data-side="lab">We are the labs</button><button class="main" data-game="start" data-side="council">We are the council</button><button data-game="alone">Both on this device</button></div>`;
  }

  turn() {
    if (this.isShown) return this.result();
    const luck = luckOf(this.name, this.round);
    const { lab, council } = cards(NUMBERS.game, luck);
    const { side, now } = this;
    const card = side === "lab"
      ? `Without the hours of the more skilled half labs would keep ${usd(lab)} less in fifteen years.`
      : `If the skilled refuse for good, ${short(council)} people are dismissed for it. The council loses ${usd(council * DISMISSED)} by that.`;
    const head = `<p class="hint">You are: <strong>${SIDES[side]}</strong>.${this.isAlone ? " The other group looks away." : ""}</p><details class="card" ${this.isAlone ? "" : "open"}><summary>Your card${this.isAlone ? " (open it when nobody else looks)" : ""}</summary><p>${card}</p></details>`;
    const offered = side === "council" && now.lab !== undefined ? `<p>The labs offer: <strong>${OFFERS[now.lab].words}</strong>.</p>` : "";
    const options = (list, words) => `<p><strong>${words}</strong></p><div class="guess" role="group" aria-label="${words}">${list.map((option, n) => `<button data-choice="${n}">${option.words}</button>`).join("")}</div>`;
    const listen = (words) => `<p class="row"><label>${words} <input id="game-code" size="4" maxlength="2" autocomplete="off" spellcheck="false"></label> <button data-game="hear">Enter</button></p>`;
    if (side === "lab" && now.lab === undefined) return `${head}${options(OFFERS, "What do you offer?")}`;
    if (side === "lab") return `${head}<p>Say to the council: <strong class="spoken">${toCode(this.name, this.round, "lab", now.lab)}</strong></p>${listen("What the council says:")}`;
    if (now.lab === undefined) return `${head}${listen("What the labs say:")}`;
    return `${head}${offered}${options(REPLIES, "What do you answer?")}`;
  }

  result() {
    const last = this.rounds.at(-1);
    const say = this.side === "council" && !this.isAlone ? `<p>Say to the labs: <strong class="spoken">${toCode(this.name, this.round, "council", last.reply)}</strong></p>` : "";
    const cell = (offer, reply) => {
      const { lab, council } = outcome(NUMBERS.game, last.luck, offer, reply);
      return `<td class="${offer === last.offer && reply === last.reply ? "chosen" : ""}">${usd(lab)}<br>${usd(council)}</td>`;
    };
    return `${say}<p>Labs offered: ${OFFERS[last.offer].words}. The council: ${REPLIES[last.reply].words}. <strong>Labs keep ${usd(last.lab)}; the council has ${usd(last.council)}</strong> (${usd(last.filmed)} paid, ${short(last.dismissed)} dismissed).</p>
      <div class="scroll" tabindex="0" role="region" aria-label="What else could have been"><table><caption>What else could have been, with this luck (number ${last.luck + 1}): labs above, council below</caption><thead><tr><td></td>${REPLIES.map(({ words }) => `<th scope="col">${words}</th>`).join("")}</tr></thead><tbody>${OFFERS.map(({ words }, offer) => `<tr><th scope="row">${words}</th>${REPLIES.map((_, reply) => cell(offer, reply)).join("")}</tr>`).join("")}</tbody></table></div>
      <div class="buttons"><button class="main" data-game="next">Next round</button></div>`;
  }

  table() {
    if (!this.rounds.length) return "";
    const sum = (side) => usd(this.rounds.reduce((all, round) => all + round[side], 0) / this.rounds.length);
    const lines = this.rounds.map(({ lab, council }, n) => `<tr><th scope="row">${n + 1}</th><td>${usd(lab)}</td><td>${usd(council)}</td></tr>`).join("");
    return `<table class="rounds"><caption>Rounds</caption><thead><tr><td></td><th scope="col">${SIDES.lab} keep</th><th scope="col">${SIDES.council} has</th></tr></thead><tbody>${lines}<tr><th scope="row">Mean</th><td><b>${sum("lab")}</b></td><td><b>${sum("council")}</b></td></tr></tbody></table>`;
  }
}

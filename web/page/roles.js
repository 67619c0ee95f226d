// Four roles on one screen: each chooses in turn for two years, the two years are simulated, and each is scored by its own goal.
import { EVERY } from "./store.js";
import { ROLES, score } from "./roles_data.js";
import { short } from "./map.js";

/** First and last record of a round: the years 2028 and 2029 are round 0. */
export function span(round) {
  const week = (year) => (Date.UTC(year, 0, 1) - Date.UTC(2027, 0, 1)) / (7 * 86400000);
  const first = Math.ceil(week(2028 + 2 * round) / EVERY);
  return [first, Math.min(194, Math.floor(week(2030 + 2 * round) / EVERY) - 1)];
}

/** Rounds of two years in a run that ends with 2041. */
export const ROUNDS = 7;

const say = (value) => (value >= 100 ? short(value) : value.toFixed(2));

export class Roles {
  constructor(place, page) {
    this.place = place;
    this.page = page;
  }

  begin() {
    this.place.classList.remove("sticks");
    this.seats = ROLES.map((role) => role.usual);
    this.turn = 0;
    this.page.rounds([]);
    this.draw();
    this.place.hidden = false;
    this.place.querySelector("h2").focus();
  }

  /** Goes on with rounds that came with a link. */
  resume() {
    this.seats = this.page.choices().rounds.at(-1).slice();
    this.turn = 0;
    this.place.hidden = false;
    this.draw();
    this.page.lived().then(() => this.draw());
  }

  close() {
    this.place.hidden = true;
    this.page.rounds([]);
  }

  draw() {
    const played = this.page.choices().rounds.length;
    const isOver = played >= ROUNDS;
    const year = 2028 + 2 * played;
    const seats = ROLES.map((role, r) => this.seat(role, r, isOver)).join("");
    this.place.innerHTML = `<h2 tabindex="-1">${isOver ? "The fourteen years are over" : `Four roles: choose for ${year} and ${year + 1}`}</h2>
      <p class="hint">${isOver ? "What would you do otherwise? Begin anew, or copy the link." : "Hand the keyboard on: each chooses in turn. When all four have chosen, two years are simulated in your world. 100 points: as good for you as in the world as it is."}</p>
      <div class="seats">${seats}</div>
      <div class="scores">${this.scores(played)}</div>
      <div class="buttons">${isOver ? "" : `<button class="main" data-do="play" ${this.turn < ROLES.length ? "disabled" : ""}>Simulate ${year} and ${year + 1}</button>`}<button data-do="begin">Begin anew</button><button data-do="close">Leave</button></div>`;
    this.place.onclick = ({ target }) => {
      const { seat, go } = target.dataset;
      if (seat !== undefined) {
        this.seats[seat] = Number(this.place.querySelector(`input[name="seat-${seat}"]:checked`).value);
        this.turn = Number(seat) + 1;
        this.draw();
        (this.place.querySelector(".turn input") ?? this.place.querySelector('[data-do="play"]')).focus();
      }
      if (target.dataset.do === "play") this.play();
      if (target.dataset.do === "begin") this.begin();
      if (target.dataset.do === "close") this.close();
    };
  }

  seat(role, r, isOver) {
    const isTurn = r === this.turn && !isOver;
    const options = role.options.map((option, n) => `<label><input type="radio" name="seat-${r}" value="${n}" ${n === this.seats[r] ? "checked" : ""} ${isTurn ? "" : "disabled"}> ${option.words}</label>`).join("");
    return `<div class="seat ${isTurn ? "turn" : ""}"><h3>${role.name}</h3><p class="hint">Wants ${role.wants}.</p><fieldset><legend>${role.asks}</legend>${options}</fieldset>${isTurn ? `<button data-seat="${r}">Chosen</button>` : r < this.turn && !isOver ? `<p class="hint">has chosen</p>` : ""}</div>`;
  }

  /** A table of points, round by round, as far as both worlds have been simulated. */
  scores(played) {
    if (!this.page.areLived()) return `<p class="hint" role="status">The two years are being simulated …</p>`;
    const { a, b } = this.page.histories();
    const lines = [];
    const sums = ROLES.map(() => 0);
    for (let round = 0; round < played; round++) {
      const [first, last] = span(round);
      if (a.length <= last || b.length <= last) break;
      const cells = ROLES.map((role, r) => {
        const { before, now, points } = score(role, a, b, first, last);
        sums[r] += points;
        return `<td>${points} <span class="hint">(${say(now)}; as it is ${say(before)})</span></td>`;
      });
      lines.push(`<tr><th scope="row">${2028 + 2 * round}–${2029 + 2 * round}</th>${cells.join("")}</tr>`);
    }
    if (!lines.length) return "";
    const heads = ROLES.map((role) => `<th scope="col">${role.name}<br><span class="hint">${role.measure}</span></th>`).join("");
    const means = sums.map((sum) => `<td><b>${Math.round(sum / lines.length)}</b></td>`).join("");
    return `<div class="scroll" tabindex="0" role="region" aria-label="Points"><table><caption>Points</caption><thead><tr><td></td>${heads}</tr></thead><tbody>${lines.join("")}<tr><th scope="row">Mean</th>${means}</tr></tbody></table></div>`;
  }

  async play() {
    const rounds = [...this.page.choices().rounds, this.seats.slice()];
    this.turn = 0;
    this.page.rounds(rounds);
    this.draw();
    this.page.playFrom(...span(rounds.length - 1));
    await this.page.lived();
    this.draw();
  }
}

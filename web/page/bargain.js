// The game: a lab offers money for filmed hours, a council answers; what each knows the other does not. Every bargain was
// lived under twenty lucks when the page was made; a round is one of them, and nobody knows which.

/** What a lab may offer from the first day on. */
export const OFFERS = [
  { key: "none", words: "nothing beyond what the market gives" },
  { key: "offer1", words: "at least 1 USD an hour" },
  { key: "offer2", words: "at least 2 USD an hour" },
];

/** What a council may answer. */
export const REPLIES = [
  { key: "accept", words: "accept the offer" },
  { key: "crew", words: "refuse it; crews bargain as one" },
  { key: "strike", words: "refuse it; the skilled refuse for good" },
];

/** What being dismissed for refusing is taken to cost a worker: about four months’ pay in India. An assumption of the game. */
export const DISMISSED = 1200;

/** The world that an offer and a reply make. */
export const worldOf = (offer, reply) => (REPLIES[reply].key === "accept" ? OFFERS[offer].key : REPLIES[reply].key);

/** What both get, in dollars: labs keep; the filmed are paid, less what those dismissed lose. */
export function outcome(game, luck, offer, reply) {
  const [kept, filmed, dismissed] = game[worldOf(offer, reply)][luck];
  return { lab: kept, council: filmed - DISMISSED * dismissed, filmed, dismissed };
}

/** What each side knows in a luck, and the other does not. */
export function cards(game, luck) {
  const [kept] = game.none[luck];
  const [onStrike, , dismissed] = game.strike[luck];
  return { lab: kept - onStrike, council: dismissed };
}

/** A whole number from a text, the same on every device. */
function hash(text) {
  let sum = 2166136261;
  for (const sign of text) sum = Math.imul(sum ^ sign.codePointAt(0), 16777619) >>> 0;
  return sum;
}

/** The luck of a round: the lucks in an order that the name of the game decides, so that none comes twice in twenty rounds. */
export function luckOf(name, round, lucks = 20) {
  const order = Array.from({ length: lucks }, (_, n) => n).sort((a, b) => hash(`${name} ${a}`) - hash(`${name} ${b}`));
  return order[round % lucks];
}

const SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ";

/** A choice as two letters to be said aloud: which one cannot be read off them, and a slip is noticed. */
export const toCode = (name, round, side, choice) => [0, 1].map((n) => SIGNS[hash(`${name} ${round} ${side} ${choice} ${n}`) % SIGNS.length]).join("");

/** The choice behind a code, or -1. */
export const fromCode = (name, round, side, code, count = 3) => Array.from({ length: count }, (_, choice) => choice).findIndex((choice) => toCode(name, round, side, choice) === code.trim().toUpperCase());

/** A name for a game whose codes all differ in every round. */
export function isGood(name, rounds = 20) {
  for (let round = 0; round < rounds; round++) {
    for (const side of ["lab", "council"]) if (new Set([0, 1, 2].map((choice) => toCode(name, round, side, choice))).size < 3) return false;
  }
  return true;
}

/**
 * Choices that are never worse than another, whatever the luck and whatever the other side does. The council answers
 * what it has heard, so that what labs face is a plan: an answer to each offer.
 */
export function dominant(game, lucks = 20) {
  const all = (count) => Array.from({ length: count }, (_, n) => n);
  const three = all(3);
  const plans = three.flatMap((a) => three.flatMap((b) => three.map((c) => [a, b, c])));
  const isBest = (choice, cases, value) => cases.every((one) => all(lucks).every((luck) => three.every((n) => value(choice, one, luck) >= value(n, one, luck))));
  const lab = (offer, plan, luck) => outcome(game, luck, offer, plan[offer]).lab;
  const council = (reply, offer, luck) => outcome(game, luck, offer, reply).council;
  return [
    ...three.filter((choice) => isBest(choice, plans, lab)).map((choice) => `labs: ${OFFERS[choice].words}`),
    ...three.filter((choice) => isBest(choice, three, council)).map((choice) => `council: ${REPLIES[choice].words}`),
  ];
}

/**
 * How often each reply is the best answer to an offer, and how often each offer is best against a council that answers
 * each offer as is best for it in that luck: counts over all lucks.
 */
export function best(game, lucks = 20) {
  const replies = OFFERS.map(() => [0, 0, 0]);
  const offers = [0, 0, 0];
  for (let luck = 0; luck < lucks; luck++) {
    const answers = OFFERS.map((_, offer) => {
      const values = REPLIES.map((_, reply) => outcome(game, luck, offer, reply).council);
      const reply = values.indexOf(Math.max(...values));
      replies[offer][reply] += 1;
      return reply;
    });
    const kept = answers.map((reply, offer) => outcome(game, luck, offer, reply).lab);
    offers[kept.indexOf(Math.max(...kept))] += 1;
  }
  return { replies, offers };
}

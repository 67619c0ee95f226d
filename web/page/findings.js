// What the tour asks, and what the page and the lesson claim. Nothing here is a number: web/lesson.mjs computes every
// answer over twenty lucks, and fails where one luck of the twenty gives another.

/** A world of one luck under a story: w(story, measure, region), region "" for all. */
const less = (w, story, measure) => 1 - w(story, measure) / w("none", measure);

/**
 * Stops: words; the story that is lived; the curves that are shown; and, if something is to be predicted, the question,
 * the guesses, and `judge`: which guess one luck proves right. `came` says it with means and intervals.
 */
export const STOPS = [
  {
    key: "bargain", title: "The bargain", story: "none", charts: [], play: true,
    words: "Labs pay for hours filmed at work, most of them in India and China. The hours (circles) teach robots; robots (squares) and licence fees (diamonds) go where wages are high. Play it again, stop it, step.",
  },
  {
    key: "cents", title: "Who is paid?", story: "none", charts: ["filmed", "labs"],
    words: "Owners of robots pay licences and software to the labs. The filmed are paid for the hour.",
    question: "Of each dollar that labs are paid in fifteen years, how much do the filmed get?",
    guesses: ["less than 15 cents", "15 to 30 cents", "more than 30 cents"],
    judge(w) {
      const part = w("none", "filmed") / w("none", "labs");
      return part < 0.15 ? 0 : part < 0.3 ? 1 : 2;
    },
    came: "{cents:none:filmed:labs} cents. The two curves have different axes: look at their numbers.",
  },
  {
    key: "worth", title: "What are the hours worth?", story: "ban", charts: ["absorbed"],
    words: "In your world no camera runs at work from 2027 on, anywhere. What was filmed before stays learnt, and robots also learn from their own work.",
    question: "How much work do robots do in 2041, against the world in which no law changes?",
    guesses: ["as much or more", "less, but more than a third of it", "less than a third of it"],
    judge(w) {
      const part = w("ban", "absorbed") / w("none", "absorbed");
      return part >= 1 ? 0 : part > 1 / 3 ? 1 : 2;
    },
    came: "{change:ban:absorbed}. Nobody can yet say this of the real world: what an hour teaches has been measured once.",
  },
  {
    key: "asked", title: "Everybody is asked first", story: "consent", charts: ["filmed", "hours"],
    words: "In the five regions that film most nobody is filmed who did not agree, from the first hour on. Who says no risks nothing.",
    question: "What does it do to the hours that are filmed, and to the money the filmed get?",
    guesses: ["far fewer hours (less than two thirds), and less money", "nearly as many hours, and more money", "nothing that can be seen"],
    judge(w) {
      const [hours, money] = [1 - less(w, "consent", "hours"), 1 - less(w, "consent", "filmed")];
      return hours < 2 / 3 ? 0 : money > 1 ? 1 : 2;
    },
    came: "Hours: {change:consent:hours}; money: {change:consent:filmed}. Asked one by one, a no is a price and not a brake: somebody else says yes.",
  },
  {
    key: "who", title: "Who says no?", story: "strike", charts: ["filmed", "absorbed"],
    words: "In your world the more skilled half of every trade refuses for good, from 2027 on. What only they can show nobody else can sell. The law protects nobody.",
    question: "Who loses a job over it?",
    guesses: ["hardly anybody: fewer than 100,000 more are dismissed in fifteen years", "more than a million more people are dismissed for refusing", "nobody: labs then pay more, and all agree"],
    judge(w) {
      const dismissed = w("strike", "dismissed") - w("none", "dismissed");
      return dismissed > 1e6 ? 1 : dismissed > 1e5 ? -1 : 0;
    },
    came: "{more:strike:dismissed} more people are dismissed. The filmed get more: {change:strike:filmed}. Labs keep less: {change:strike:kept}. A right to say no, without a strike, costs nobody the job.",
  },
  {
    key: "royalty", title: "A royalty", story: "royalty", charts: ["filmed", "robots"],
    words: "From 2029 the five regions ask for 15 % of licence fees, for the people whose hours taught the robots.",
    question: "By how much does it raise the money that the filmed get in fifteen years?",
    guesses: ["by less than two thirds", "by two thirds to twice", "more than twice"],
    judge(w) {
      const more = -less(w, "royalty", "filmed");
      return more < 2 / 3 ? 0 : more < 1 ? 1 : 2;
    },
    came: "{change:royalty:filmed}. Work of robots: {change:royalty:absorbed}. Who bears it is an assumption, and not a law: switch it and see.",
    what: { lever: "passed", words: "Who bears the royalty?" },
  },
  {
    key: "where", title: "And where the hours are filmed?", story: "none", charts: ["absorbed"], region: "IND",
    words: "India films more hours than any other region.",
    question: "How much of the work of 2027 do robots do in India in 2041?",
    guesses: ["less than one per cent", "one to ten per cent", "more than ten per cent"],
    judge(w) {
      const part = w("none", "absorbed", "IND") / w("none", "start", "IND");
      return part < 0.01 ? 0 : part < 0.1 ? 1 : 2;
    },
    came: "{share:none:IND}, and in the USA {share:none:USA}. Robots hardly pay there in these fifteen years: an hour of work is cheap.",
  },
  {
    key: "trade", title: "What cannot be distinguished from chance", story: "subsidy", charts: ["jobs", "displaced"],
    words: "From 2030 the five regions pay half the wages that lost customers would cost. Compare the two curves; then try another luck number at home.",
    question: "Does it change how many people are displaced?",
    guesses: ["yes: fewer are", "yes: more are", "it cannot be distinguished from chance"],
    judge: null,
    verdict: (say) => (say.isLuck("subsidy", "displaced") ? 2 : say.difference("subsidy", "displaced") < 0 ? 0 : 1),
    came: "Over twenty luck numbers: {change:subsidy:displaced}. One run that differs proves nothing: with another luck number a law may differ the other way.",
  },
  {
    key: "decides", title: "What decides?", story: "slow", charts: ["absorbed", "displaced"],
    words: "No law at all, but another guess about machines: robots learn very slowly from hours. Nobody knows this number well.",
    question: "How much less work do robots do in 2041?",
    guesses: ["about as with the ban", "clearly less than with the ban", "more than with the ban"],
    judge(w) {
      const [slow, ban] = [w("slow", "absorbed"), w("ban", "absorbed")];
      return slow < 0.9 * ban ? 1 : slow > 1.1 * ban ? 2 : 0;
    },
    came: "Learning very slowly: {change:slow:absorbed}; the ban: {change:ban:absorbed}; learning very fast: {change:fast:absorbed}. That is what “conditional” means: if these numbers, then.",
  },
  {
    key: "turn", title: "Your turn", story: "none", charts: [],
    words: "Leave, and your own world comes back. Say first what you expect, then move one lever and read the line on top. Grey means: luck. Ask for five more lucks. Then play the game.",
  },
];

const HUBS = ["IND", "VNM", "BGD", "CHN", "MEX"];
const OTHERS = ["USA", "EU27", "JPN"];
const sumOf = (w, measure, names) => names.reduce((sum, name) => sum + w("none", measure, name), 0);

/**
 * Sentences that claim something of the model. `holds` must be true in every luck of the twenty; `of` says it of all
 * lucks together. web/sentences.txt lists every sentence of page, tour and lesson, and which of them is a claim.
 */
export const CLAIMS = [
  { text: "robots do work: mostly elsewhere", holds: (w) => sumOf(w, "absorbed", OTHERS) + w("none", "absorbed", "CHN") > 0.95 * w("none", "absorbed") && sumOf(w, "hours", OTHERS) < 0.05 * w("none", "hours") },
  { text: "China is both", holds: (w) => w("none", "hours", "CHN") > 0.02 * w("none", "hours") && w("none", "absorbed", "CHN") > 0.02 * w("none", "absorbed") },
  { text: "Few are displaced: who leaves is not replaced, and works elsewhere", holds: (w) => w("none", "displaced") < 0.2 * w("none", "absorbed") },
  { text: "most of them in India and China", holds: (w) => w("none", "hours", "IND") + w("none", "hours", "CHN") > 0.5 * w("none", "hours") },
  { text: "robots (squares) and licence fees (diamonds) go where wages are high", holds: (w) => sumOf(w, "robots", ["IND", "VNM", "BGD", "MEX"]) < 0.02 * w("none", "robots") },
  { text: "In the five regions that film most", holds: (w) => HUBS.every((hub) => OTHERS.every((other) => w("none", "hours", hub) >= w("none", "hours", other))) },
  { text: "India films more hours than any other region", holds: (w) => [...HUBS, ...OTHERS].every((name) => name === "IND" || w("none", "hours", "IND") > w("none", "hours", name)) },
  { text: "Robots hardly pay there in these fifteen years", holds: (w) => w("none", "absorbed", "IND") < 0.01 * w("none", "start", "IND") },
  { text: "a no is a price and not a brake: somebody else says yes", holds: (w) => w("consent", "hours") > 0.6 * w("none", "hours") && w("consent", "filmed") > w("none", "filmed") },
  { text: "more people are dismissed", holds: (w) => w("strike", "dismissed") > w("none", "dismissed") },
  { text: "The filmed get more", holds: (w) => w("strike", "filmed") > w("none", "filmed") },
  { text: "Labs keep less", holds: (w) => w("strike", "kept") < w("none", "kept") },
  { text: "A right to say no, without a strike, costs nobody the job", holds: (w) => w("consent", "dismissed") <= w("none", "dismissed") },
  { text: "with another luck number a law may differ the other way", of: (worlds) => ["consent", "crew", "royalty", "tariff"].some((law) => [-1, 1].every((sign) => worlds.some((w) => sign * (w(law, "displaced") - w("none", "displaced")) > 0))) },
];

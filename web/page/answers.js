// Made by web/lesson.mjs from twenty lucks. Not to be edited.
export const ANSWERS = {
 "cents": {
  "right": 0,
  "words": "3.2 (2.9 to 3.4) cents. The two curves have different axes: look at their numbers."
 },
 "worth": {
  "right": 1,
  "words": "34 % (30 to 38) less. Nobody can yet say this of the real world: what an hour teaches has been measured once."
 },
 "asked": {
  "right": 1,
  "words": "Hours: 11 % (10 to 12) less; money: 33 % (31 to 35) more. Asked one by one, a no is a price and not a brake: somebody else says yes."
 },
 "who": {
  "right": 1,
  "words": "5.3 million (5.0 million to 5.6 million) more people are dismissed. The filmed get more: 202 % (189 to 216) more. Labs keep less: 20 % (18 to 22) less. A right to say no, without a strike, costs nobody the job."
 },
 "royalty": {
  "right": 0,
  "words": "37 % (33 to 41) more. Work of robots: 0.2 % (0.1 to 0.4) less. Who bears it is an assumption, and not a law: switch it and see."
 },
 "where": {
  "right": 0,
  "words": "0.0 % (0.0 to 0.0), and in the USA 18.8 % (16.9 to 20.7). Robots hardly pay there in these fifteen years: an hour of work is cheap."
 },
 "trade": {
  "right": 2,
  "words": "Over twenty luck numbers: no difference that can be distinguished from chance (0.5 ± 0.9 %). One run that differs proves nothing: with another luck number a law may differ the other way."
 },
 "decides": {
  "right": 1,
  "words": "Learning very slowly: 73 % (65 to 81) less; the ban: 34 % (30 to 38) less; learning very fast: 24 % (20 to 28) more. That is what “conditional” means: if these numbers, then."
 }
};

// Made by web/lesson.mjs from twenty lucks. Not to be edited.
export const ANSWERS = {
 "cents": {
  "right": 0,
  "words": "5.2 (2.6 to 7.8) cents. The two curves have different axes: look at their numbers."
 },
 "worth": {
  "right": 1,
  "words": "25 % (11 to 39) less. Nobody can yet say this of the real world: what an hour teaches has been measured once."
 },
 "asked": {
  "right": 1,
  "words": "Hours: no difference that can be distinguished from chance (-5.4 ± 12.8 %); money: 35 % (12 to 58) more. Asked one by one, a no is a price and not a brake: somebody else says yes."
 },
 "who": {
  "right": 1,
  "words": "7.8 million (5.0 million to 10.7 million) more people are dismissed. The filmed get more: 136 % (78 to 194) more. Labs keep less: 15 % (5 to 26) less. A right to say no, without a strike, costs nobody the job."
 },
 "royalty": {
  "right": 0,
  "words": "20 % (10 to 30) more. Work of robots: no difference that can be distinguished from chance (-0.3 ± 0.8 %). Who bears it is an assumption, and not a law: switch it and see."
 },
 "where": {
  "right": 0,
  "words": "0.0 % (0.0 to 0.0), and in the USA 10.9 % (6.4 to 15.5). An hour of work in India costs less than an hour of a robot, for these fifteen years."
 },
 "trade": {
  "right": 2,
  "words": "Over twenty luck numbers: no difference that can be distinguished from chance (0.2 ± 11.5 %). One run that differs proves nothing: with another luck number the same law may differ the other way."
 },
 "decides": {
  "right": 1,
  "words": "Learning very slowly: 69 % (63 to 74) less; the ban: 25 % (11 to 39) less; learning very fast: 19 % (1 to 36) more. That is what “conditional” means: if these numbers, then."
 }
};

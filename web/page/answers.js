// Made by web/lesson.mjs from twenty lucks. Not to be edited.
export const ANSWERS = {
 "cents": {
  "right": 0,
  "words": "5.2 (2.6 to 7.8) cents. The two curves have different axes: look at their numbers."
 },
 "worth": {
  "right": 1,
  "words": "22 % (17 to 27) less. Nobody can yet say this of the real world: what an hour teaches has been measured once."
 },
 "asked": {
  "right": 1,
  "words": "Hours: no difference that can be distinguished from chance (-5.9 ± 13.0 %); money: 34 % (13 to 54) more. Asked one by one, a no is a price and not a brake: somebody else says yes."
 },
 "who": {
  "right": 1,
  "words": "7.8 million (5.0 million to 10.7 million) more people are dismissed. The filmed get more: 132 % (85 to 178) more. Labs keep less: 13 % (8 to 19) less. A right to say no, without a strike, costs nobody the job."
 },
 "royalty": {
  "right": 0,
  "words": "19 % (11 to 27) more. Work of robots: no difference that can be distinguished from chance (-0.4 ± 0.7 %). Who bears it is an assumption, and not a law: switch it and see."
 },
 "where": {
  "right": 0,
  "words": "0.0 % (0.0 to 0.0), and in the USA 10.9 % (6.4 to 15.5). Robots hardly pay there in these fifteen years: an hour of work is cheap."
 },
 "trade": {
  "right": 2,
  "words": "Over twenty luck numbers: no difference that can be distinguished from chance (1.1 ± 7.1 %). One run that differs proves nothing: with another luck number the same law may differ the other way."
 },
 "decides": {
  "right": 1,
  "words": "Learning very slowly: 68 % (49 to 87) less; the ban: 22 % (17 to 27) less; learning very fast: 16 % (7 to 24) more. That is what “conditional” means: if these numbers, then."
 }
};

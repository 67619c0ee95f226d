// Made by web/people.mjs. Not to be edited.
export const PEOPLE = {"rosa":{"worker":"IND/assembler/652"},"mike":{"worker":"USA/helper/7"}};
export const MEANS = {
 "consent": {
  "rosa": {
   "people": "32.2 million",
   "words": "+21 USD of 32560 in fifteen years (+8.1 to +34)"
  },
  "mike": {
   "people": "20.8 million",
   "words": "no difference that can be distinguished from chance (+188 USD of 507244, −45 to +420)"
  }
 },
 "strike": {
  "rosa": {
   "people": "28.8 million",
   "words": "+50 USD of 32161 in fifteen years (+28 to +72)"
  },
  "mike": {
   "people": "20.8 million",
   "words": "+610 USD of 507244 in fifteen years (+328 to +892)"
  }
 },
 "ban": {
  "rosa": {
   "people": "23.4 million",
   "words": "−78 USD of 33441 in fifteen years (−96 to −60)"
  },
  "mike": {
   "people": "20.8 million",
   "words": "+1539 USD of 507244 in fifteen years (+1170 to +1909)"
  }
 },
 "royalty": {
  "rosa": {
   "people": "35.7 million",
   "words": "+26 USD of 33215 in fifteen years (+16 to +37)"
  },
  "mike": {
   "people": "20.8 million",
   "words": "no difference that can be distinguished from chance (−45 USD of 507244, −142 to +52)"
  }
 }
};

export const STOPS = [{ key: "bargain", title: "The bargain", words: "x", charts: [], play: true }];

export const LUCK = 1;

export const PEOPLE = { rosa: { worker: "IND/assembler/407", she: "she" }, mike: { worker: "USA/helper/4", she: "he" } };
export const MEANS = {};

// The priority groups in the order in which they are offered, each with its picture.

export const GROUPS = [
  ["elderly", "old"],
  ["disabled", "wheelchair"],
  ["pregnant", "pregnant"],
  ["infant", "baby-carriage"],
  ["merit", "medal"],
];

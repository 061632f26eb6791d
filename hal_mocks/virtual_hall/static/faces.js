// The five faces of the rating pad: told apart by mouth and eyes, not by colour alone.

const MOUTHS = {
  very_satisfied: "M9 18.5h14c0 4.6-3 7-7 7s-7-2.4-7-7z",
  satisfied: "M9.5 19.5c1.4 3 3.6 4.4 6.5 4.4s5.1-1.4 6.5-4.4",
  fairly_satisfied: "M10.5 21.5c1.6 1 3.4 1.4 5.5 1.4s3.9-.4 5.5-1.4",
  dissatisfied: "M10 23.5c1.5-1.9 3.5-2.9 6-2.9s4.5 1 6 2.9",
  very_dissatisfied: "M9.5 25c1.2-3.6 3.4-5.4 6.5-5.4s5.3 1.8 6.5 5.4",
};
const BROWS = {
  very_dissatisfied: "M8 9.5l5 2.4M24 9.5l-5 2.4",
};

export function faceOf(level) {
  const mouth = MOUTHS[level] ?? "M10 22h12";
  const filled = mouth.endsWith("z") ? " filled" : "";
  return `<svg viewBox="0 0 32 32" aria-hidden="true"><circle class="skin" cx="16" cy="16" r="14"/>` +
    `<circle class="eye" cx="11" cy="13.5" r="1.9"/><circle class="eye" cx="21" cy="13.5" r="1.9"/>` +
    `<path class="brow" d="${BROWS[level] ?? ""}"/><path class="mouth${filled}" d="${mouth}"/></svg>`;
}

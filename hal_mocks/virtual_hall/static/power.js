// What stands on a board that does not run keeps its last picture, dimmed, with a sentence and the way back.

import { make, send } from "./dom.js";

export function powerCut(element, device) {
  const name = `board:${device.board}`;
  const why = make("span", { class: "why" });
  const cover = make("div", { class: "power-cut", hidden: true },
    make("div", {},
      make("p", {}, make("b", {}, `Board ${device.board} has stopped`), why),
      make("button", { type: "button", onclick: () => send("/mend", { what: name }) }, "Bring it back")));
  element.append(cover);
  return (process, state) => {
    if (process !== name) return;
    element.classList.toggle("stopped", !state.running);
    cover.hidden = state.running;
    why.textContent = state.why;
  };
}

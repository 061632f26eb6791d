// The hall display: a screen, and no keys.

import { caption, chinese, make } from "./dom.js";
import { powerCut } from "./power.js";
import { screenOf } from "./screen.js";

export function hallDisplay(device) {
  const screen = screenOf(device);
  const element = make("section", { class: "machine display", "aria-label": `Hall display ${device.id}` },
    make("h2", { class: "name" }, chinese("span", "", "大厅显示屏"), caption("Hall display")),
    make("div", { class: "bezel" }, screen.element));
  return { element, board: powerCut(element, device), parts: { [`${device.id}/screen`]: screen.show } };
}

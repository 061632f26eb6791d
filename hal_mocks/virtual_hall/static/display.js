// The displays of the hall and over counters: a screen each, and no keys.

import { caption, chinese, make } from "./dom.js";
import { powerCut } from "./power.js";
import { screenOf } from "./screen.js";

const display = (device, kind, ...names) => {
  const screen = screenOf(device);
  const element = make("section", { class: `machine display ${kind}`, "aria-label": `${names[1]} ${device.id}` },
    make("h2", { class: "name" }, chinese("span", "", names[0]), caption(names[1])),
    make("div", { class: "bezel" }, screen.element));
  return { element, board: powerCut(element, device), parts: { [`${device.id}/screen`]: screen.show } };
};

export const hallDisplay = (device) => display(device, "over-all", "大厅显示屏", "Hall display");

export const counterDisplay = (device) => display(device, "over-counter", `${device.counter}号窗口显示屏`, "Counter display");

// The hall display: the newest call large, the table of counters, who waits for what.

import { caption, chinese, make } from "./dom.js";
import { powerCut } from "./power.js";

export function hallDisplay(device) {
  const screen = make("div", { class: "board", lang: "zh-CN", id: `${device.id}-screen` });
  const element = make("section", { class: "machine display", "aria-label": `Hall display ${device.id}` },
    make("h2", { class: "name" }, chinese("span", "", "大厅显示屏"), caption("Hall display")), screen);
  let shown = "";
  return {
    element,
    board: powerCut(element, device),
    parts: {
      [`${device.id}/screen`]: ({ page }) => {
        const known = JSON.stringify(page);
        if (known !== shown) draw(screen, page);
        shown = known;
      },
    },
  };
}

function draw(screen, page) {
  screen.dataset.tone = page?.tone ?? "off";
  if (!page) {
    screen.replaceChildren();
    return;
  }
  const again = screen.querySelector(".call")?.textContent === page.call;
  screen.replaceChildren(
    make("h3", { class: "title" }, page.title),
    make("p", { class: `call${page.call ? " on" : ""}${again ? "" : " fresh"}` }, page.call),
    make("div", { class: "counters", role: "table" }, ...page.counters.map(counterRow)),
    make("ul", { class: "services" }, ...page.services.map(serviceRow)),
    make("p", { class: "notice" }, make("span", { class: "sign", "aria-hidden": "true" }), page.notice),
  );
}

function counterRow(row) {
  const cell = (name, ...words) => make("span", { class: name, role: "cell" }, ...words);
  return make("div", { class: row.fresh ? "row fresh" : "row", role: "row" },
    make("span", { class: "number", role: "rowheader" }, row.counter),
    cell("ticket-no", row.ticket), cell("status", row.status), cell("offers", row.services));
}

function serviceRow(row) {
  return make("li", {},
    make("b", {}, row.prefix), make("span", {}, row.name),
    make("span", { class: "count" }, "等待", make("strong", {}, `${row.waiting}`), "人"));
}

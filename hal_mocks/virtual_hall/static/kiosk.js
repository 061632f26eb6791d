// The ticket kiosk: its screen's page with keys to touch, what can be held before it, its light tower, and the newest
// ticket hanging out of the slot.

import { ailments, caption, chinese, make, send, write } from "./dom.js";
import { powerCut } from "./power.js";
import { screenOf } from "./screen.js";

export function kioskMachine(device) {
  const screen = screenOf(device);
  const ailing = make("span", { class: "ailing", role: "status" });
  const ticket = make("button", { class: "ticket", type: "button", hidden: true, title: "Read the ticket" });
  const empty = make("p", { class: "no-ticket" }, "the ticket comes out here");
  const tower = device.parts.includes("tower") ? lightTower(device) : null;
  const before = readers(device);
  const element = make("section", { class: "machine kiosk", "aria-label": `Ticket kiosk ${device.id}` },
    make("h2", { class: "name" }, chinese("span", "", "取号机"), caption("Ticket kiosk"), tower?.element, ailing),
    make("div", { class: "bezel" }, screen.element),
    before.element,
    make("div", { class: "outlet" }, make("div", { class: "slot" }), empty, ticket),
  );
  const power = powerCut(element, device);
  return {
    element,
    board: power,
    parts: {
      [`${device.id}/screen`]: screen.show,
      [`${device.id}/printer`]: (now, fresh) => {
        write(ailing, ailments(now.health));
        showTicket(ticket, empty, now, fresh);
        before.newest(now.code);
      },
      [`${device.id}/tower`]: ({ lit }) => tower?.show(lit),
    },
  };
}

const TOWER = [["stopped", "out of service"], ["attention", "something to do soon"], ["ready", "gives out tickets"]];

function lightTower(device) {
  const lamps = TOWER.map(([name, words]) => [name, words, make("i", { class: `tower-lamp ${name}`, "data-lamp": `${device.id}/${name}`, "data-light": "off" })]);
  const element = make("span", { class: "tower", role: "img" }, ...lamps.map(([, , lamp]) => lamp));
  return {
    element,
    show: (lit) => {
      for (const [name, , lamp] of lamps) lamp.dataset.light = lit[name] ?? "off";
      const on = lamps.filter(([name]) => (lit[name] ?? "off") !== "off").map(([, words]) => words);
      element.title = `Light tower: ${on.join(", ") || "dark"}`;
      element.setAttribute("aria-label", element.title);
    },
  };
}

// What a visitor holds before the kiosk: a code, the ticket that hangs there, a card.
function readers(device) {
  const act = (words, title, does) => make("button", { type: "button", title, onclick: does }, words);
  const rows = [];
  let code = "";
  const newest = act("This ticket", "Hold the newest ticket before the scanner", () => hold(code));
  const hold = (key) => key && send("/press", { device: device.id, part: "scanner", do: "hold", key });
  if (device.parts.includes("scanner")) {
    const typed = make("input", { type: "text", "aria-label": "Code to hold before the scanner", placeholder: "a code", maxlength: 120, spellcheck: "false" });
    newest.disabled = true;
    rows.push(make("form", { class: "reader", "data-part": "scanner", onsubmit: (event) => { event.preventDefault(); hold(typed.value.trim()); } },
      caption("Scan"), typed, make("button", { type: "submit", title: "Hold this code before the scanner" }, "Hold"), newest));
  }
  if (device.parts.includes("card_reader")) {
    const lay = (words, key) => act(words, `Lay the identity card of a visitor: ${words}`, () => send("/press", { device: device.id, part: "card_reader", do: "lay", key }));
    rows.push(make("div", { class: "reader", "data-part": "card_reader" }, caption("Card"), lay("60 or over", "elderly"), lay("Younger", "younger")));
  }
  return {
    element: make("div", { class: "readers", role: "group", "aria-label": "Held before the kiosk" }, ...rows),
    newest: (payload) => { code = payload; newest.disabled = !payload; },
  };
}

function showTicket(ticket, empty, now, fresh) {
  const [picture] = now.tickets;
  empty.hidden = Boolean(picture);
  ticket.hidden = !picture;
  if (!picture) {
    ticket.replaceChildren();
    return;
  }
  const source = `data:image/png;base64,${picture}`;
  const words = `Picture of the newest ticket, number ${now.printed} of this kiosk since it started`;
  // The count alone says nothing: a board that was killed counts from one again.
  const hanging = ticket.querySelector("img");
  if (hanging?.getAttribute("src") === source && hanging.alt === words) return;
  ticket.replaceChildren(make("img", { src: source, alt: words }));
  ticket.onclick = () => readTicket(source, words);
  ticket.classList.remove("coming");
  if (fresh) {
    void ticket.offsetWidth; // a restart of the animation needs a layout in between
    ticket.classList.add("coming");
  }
}

function readTicket(source, words) {
  const paper = document.getElementById("paper");
  paper.replaceChildren(
    make("img", { src: source, alt: words }),
    make("button", { type: "button", onclick: () => paper.close() }, "Close"),
  );
  paper.onclick = ({ target }) => target === paper && paper.close();
  paper.showModal();
}

// The page's root: builds the hall from its layout and hands each part's memory to what shows it. It invents nothing.

import { make } from "./dom.js";
import { counterDesk } from "./counter.js";
import { counterDisplay, hallDisplay } from "./display.js";
import { kioskMachine } from "./kiosk.js";
import { troubleStrip } from "./trouble.js";
import { voiceStrip } from "./voice.js";

const place = document.getElementById("hall");
let built = "";
let views = new Map();
let blocks = [];
let strip = null;

function build(layout) {
  const known = JSON.stringify(layout);
  if (known === built) return;
  built = known;
  views = new Map();
  if (layout.wires) document.getElementById("what").textContent = "the virtual hall, over real wires";
  const of = (kind) => layout.devices.filter((device) => device.kind === kind);
  const kiosks = of("ticket_kiosk").map((device) => kioskMachine(device));
  const displays = of("hall_display").map((device) => hallDisplay(device));
  const over = of("counter_display").map((device) => counterDisplay(device));
  const voices = of("announcer").map((device) => voiceStrip(device));
  const desks = layout.counters.map((counter) =>
    counterDesk(counter, layout.devices.filter((device) => device.counter === counter.number)));
  blocks = [...kiosks, ...displays, ...over, ...voices, ...desks];
  for (const block of blocks) {
    for (const [part, show] of Object.entries(block.parts)) views.set(part, show);
  }
  strip = troubleStrip(document.getElementById("trouble"), layout);
  const nodes = (list) => list.map((block) => block.element);
  place.replaceChildren(
    make("div", { class: "kiosks" }, ...nodes(kiosks)),
    make("div", { class: "front" },
      make("div", { class: "overhead" }, ...nodes(displays), make("div", { class: "beside" }, ...nodes(voices), ...nodes(over))),
      make("div", { class: "desks" }, ...nodes(desks))),
  );
}

function showPart({ device, part, now }, fresh) {
  views.get(`${device}/${part}`)?.(now, fresh);
  strip.part(`${device}/${part}`, now);
}

function showProcess(name, state) {
  strip.process(name, state);
  for (const block of blocks) block.board?.(name, state);
}

function connect() {
  const link = document.getElementById("link");
  const say = (state, words) => {
    link.dataset.state = state;
    link.textContent = words;
    document.body.classList.toggle("cut-off", state === "lost");
  };
  const events = new EventSource("/events");
  events.addEventListener("open", () => say("live", "live"));
  events.addEventListener("error", () => {
    say("lost", "connection to the virtual hall lost, trying again");
    // After an answer that is no stream a browser gives up for good; we do not.
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, 1000);
  });
  events.addEventListener("scene", ({ data }) => {
    const scene = JSON.parse(data);
    build(scene.layout);
    for (const [name, state] of Object.entries(scene.processes)) showProcess(name, state);
    for (const memory of scene.parts) showPart(memory, false);
  });
  events.addEventListener("part", ({ data }) => showPart(JSON.parse(data), true));
  events.addEventListener("process", ({ data }) => {
    const { name, state } = JSON.parse(data);
    showProcess(name, state);
  });
}

connect();

// "What can go wrong": one switch for every process and every part that can fail, each with its true state.

import { make, send } from "./dom.js";

// How a part fails and is mended. Its mock says which of both is to be offered: a mute printer tells nobody that it has
// no paper, but it has none.
const WAYS = {
  printer: [
    { name: "paper", trouble: "paper_out", hurt: "run_out_of_paper", heal: "refill", words: ["Paper out", "Refill"], well: "in", ill: "out" },
    { name: "roll", trouble: "paper_near_end", hurt: "put_near_end", heal: "refill", words: ["Near end", "Refill"], well: "full", ill: "near end" },
    { name: "cover", trouble: "cover_open", hurt: "open_cover", heal: "close_cover", words: ["Open", "Close"], well: "closed", ill: "open" },
    { name: "slot", trouble: "ticket_not_taken", hurt: "leave_ticket", heal: "take_ticket", words: ["Leave", "Take"], well: "free", ill: "ticket" },
    { name: "printer", trouble: "no_answer", hurt: "stop_answering", heal: "answer_again", words: ["Mute", "Unmute"], well: "answers", ill: "silent" },
  ],
  led: [{ name: "LED", trouble: null, hurt: "unplug", heal: "replug", words: ["Unplug", "Plug in"], well: "plugged in", ill: "unplugged" }],
  voice: [{ name: "voice", trouble: null, hurt: "break_down", heal: "repair", words: ["Break", "Repair"], well: "works", ill: "broken" }],
};

export function troubleStrip(place, layout) {
  const processes = new Map();
  for (const name of ["broker", "coordinator", ...layout.boards.map((board) => `board:${board}`)]) {
    processes.set(name, processSwitch(name));
  }
  const parts = layout.devices.flatMap((device) =>
    device.parts.filter((part) => part !== "voice" || device.kind === "announcer")
      .flatMap((part) => (WAYS[part] ?? []).map((way) => partSwitch(device, part, way))));
  place.replaceChildren(
    make("h2", { id: "trouble-name" }, "What can go wrong"),
    group("Processes", [...processes.values()]),
    group("Parts", parts),
  );
  return {
    process: (name, state) => processes.get(name)?.show(state),
    part: (path, now) => parts.filter((one) => one.path === path).forEach((one) => one.show(now)),
  };
}

function group(name, switches) {
  return make("div", { class: "switches", role: "group", "aria-label": name }, ...switches.map((one) => one.element));
}

// `states` and `acts` are all words that can ever stand there: the longest gives the width, so that nothing shifts.
function toggle(id, name, states, acts) {
  const state = make("span", { class: "state", "data-words": states.join("\n") });
  const button = make("button", { type: "button", "aria-label": name, "data-words": acts.join("\n") });
  const element = make("div", { class: "toggle", "data-toggle": id, "data-well": "unknown" },
    make("i", { class: "dot" }), make("span", { class: "what" }, name), state, button);
  return {
    element,
    show: (well, words, act, does) => {
      element.dataset.well = `${well}`;
      state.textContent = words;
      button.textContent = act;
      button.setAttribute("aria-label", `${name}: ${act}`);
      button.onclick = does;
    },
  };
}

function processSwitch(name) {
  const { element, show } = toggle(name, name.replace("board:", ""), ["running", "stopped"], ["Stop", "Start"]);
  return {
    element,
    show: ({ running, why }) => {
      element.title = running ? `${name} is running` : `${name}: ${why}`;
      show(running, running ? "running" : "stopped", running ? "Stop" : "Start",
        () => send(running ? "/break" : "/mend", { what: name }));
    },
  };
}

function partSwitch(device, part, way) {
  const where = device.kind === "caller_panel" ? `${way.name} ${device.counter}` : way.name;
  const { element, show } = toggle(`${device.id}/${way.hurt}`, where, [way.well, way.ill], way.words);
  element.title = `The ${way.name} of ${device.id}`;
  return {
    element,
    path: `${device.id}/${part}`,
    show: ({ health, troubles }) => {
      const well = way.trouble ? !troubles.includes(way.trouble) : health.usable;
      show(well, well ? way.well : way.ill, well ? way.words[0] : way.words[1],
        () => send("/press", { device: device.id, part, do: well ? way.hurt : way.heal }));
    },
  };
}

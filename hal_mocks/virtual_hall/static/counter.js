// A counter: the LED bar, the clerk's display and keys with their lamps, perhaps digits to
// type a number and a voice of its own for when the hub is away, and the visitor's rating pad.

import { ailments, caption, chinese, make, press, write } from "./dom.js";
import { faceOf } from "./faces.js";
import { powerCut } from "./power.js";
import { screenOf } from "./screen.js";
import { speak } from "./voice.js";

export function counterDesk(counter, devices) {
  const ailing = make("span", { class: "ailing", role: "status" });
  const element = make("section", { class: "machine desk", "aria-label": `Counter ${counter.number}` },
    make("h2", { class: "name" },
      chinese("span", "", `${counter.number}号窗口`), caption(`Counter ${counter.number}`),
      ailing, chinese("span", "clerk", counter.clerk)));
  const desk = { element, parts: {}, board: null };
  const boards = [];
  for (const device of devices) {
    if (device.kind === "caller_panel") addPanel(desk, device, ailing);
    if (device.kind === "rating_pad") addPad(desk, device);
    if (!boards.some((known) => known.board === device.board)) boards.push(device);
  }
  const cuts = boards.map((device) => powerCut(element, device));
  desk.board = (name, state) => cuts.forEach((cut) => cut(name, state));
  return desk;
}

function addPanel(desk, device, ailing) {
  const led = ledBar(`${device.id}-led`, ailing);
  const lcd = chinese("output", "lcd");
  lcd.id = `${device.id}-display`;
  const types = ({ key }) => /^\d$|^prefix$/.test(key);
  const keys = device.keys.filter((key) => !types(key)).map((key) => panelKey(device, key));
  desk.element.append(
    led.element,
    make("div", { class: "panel" }, lcd, make("div", { class: "keys" }, ...keys.map((key) => key.element)),
      keypad(device, device.keys.filter(types))),
  );
  if (device.parts.includes("voice")) addVoice(desk, device);
  desk.parts[`${device.id}/led`] = led.show;
  desk.parts[`${device.id}/display`] = ({ text }) => write(lcd, text);
  desk.parts[`${device.id}/lamps`] = ({ lit }) => keys.forEach((key) => key.light(lit));
}

function ledBar(id, ailing) {
  const text = make("span", { class: "text", id });
  const window_ = make("div", { class: "window" }, text);
  const element = make("div", { class: "led", lang: "zh-CN" }, window_);
  const fit = () => {
    const over = text.scrollWidth - window_.clientWidth + 16;
    window_.classList.toggle("long", over > 16);
    window_.style.setProperty("--over", `${-over}px`);
  };
  new ResizeObserver(fit).observe(window_);
  return {
    element,
    show: (now) => {
      write(text, now.text);
      const ills = ailments(now.health);
      write(ailing, ills && `LED bar ${ills}`);
      fit();
    },
  };
}

// The display over the counter, as its own layout draws it.
function panelKey(device, { key, label, english }) {
  const lamp = device.lamps.includes(key) ? lampFor(device, key) : null;
  const [kind] = key.split(":");
  const element = make("button", { type: "button", class: `key ${kind}`, "data-key": key, onclick: () => press(device.id, key) },
    lamp?.element, chinese("span", "label", label), make("span", { class: "english" }, english));
  return { element, light: (lit) => lamp?.show(lit) };
}

function keypad(device, keys) {
  if (!keys.length) return null;
  const key = ({ key, label, english }) =>
    make("button", { type: "button", class: "digit", title: english, "data-key": key, lang: "zh-CN", onclick: () => press(device.id, key) }, label);
  return make("div", { class: "keypad", role: "group", "aria-label": "Number to call by hand while the hub is away" }, ...keys.map(key));
}

function addVoice(desk, device) {
  const words = chinese("output", "own-voice");
  words.id = `${device.id}-saying`;
  desk.element.append(words);
  let last = "";
  desk.parts[`${device.id}/voice`] = ({ saying, times }, fresh) => {
    write(words, saying && `语音：${saying}`);
    const news = saying ? `${times}:${saying}` : last;
    if (fresh && news !== last) speak(saying);
    last = news;
  };
}

function lampFor(device, name) {
  const words = make("span", { class: "unseen" });
  const element = make("i", { class: "lamp", "data-lamp": `${device.id}/${name}`, "data-light": "off" }, words);
  return {
    element,
    show: (lit) => {
      const light = lit[name] ?? "off";
      element.dataset.light = light;
      write(words, light === "off" ? "" : light === "on" ? "lamp on, " : "lamp blinking, ");
    },
  };
}

function addPad(desk, device) {
  const lamp = lampFor(device, "remind");
  const words = chinese("output", "asks");
  const screen = device.parts.includes("screen") ? screenOf(device) : null;
  words.id = `${device.id}-display`;
  desk.element.append(make("div", { class: "pad", role: "group", "aria-label": "Rating pad" },
    make("div", { class: "pad-name" }, lamp.element, chinese("span", "", "评价器"), caption("Rating pad"), words),
    screen?.element,
    device.keys.length ? make("div", { class: "faces" }, ...device.keys.map((key) => faceKey(device, key))) : null));
  if (screen) desk.parts[`${device.id}/screen`] = screen.show;
  desk.parts[`${device.id}/lamps`] = ({ lit }) => lamp.show(lit);
  desk.parts[`${device.id}/display`] = ({ text }) => write(words, text);
}

function faceKey(device, { key, label, english }) {
  const face = make("span", { class: "face" });
  face.innerHTML = faceOf(key);
  return make("button", { type: "button", class: `face-key ${key}`, title: english, "data-key": key, onclick: () => press(device.id, key) },
    face, chinese("span", "label", label), make("span", { class: "unseen" }, ` ${english}`));
}

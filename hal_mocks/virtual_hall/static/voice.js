// The hall's voice: what it says as text, and aloud with the browser's own voice while the switch is on.

import { ailments, chinese, caption, make, write } from "./dom.js";
import { powerCut } from "./power.js";

const SPEAKER = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 9v6h4l5 4V5L8 9z"/><path class="wave" d="M16 8.5a5 5 0 0 1 0 7M18.5 6a8.5 8.5 0 0 1 0 12"/></svg>`;
const CHOICE = "jiaohao-voice";

export function voiceStrip(device) {
  const sign = make("span", { class: "speaker" });
  sign.innerHTML = SPEAKER;
  const now = chinese("p", "saying");
  now.setAttribute("aria-live", "polite");
  now.id = `${device.id}-saying`;
  const before = chinese("p", "before");
  const ailing = make("span", { class: "ailing", role: "status" });
  const element = make("section", { class: "machine voice", "aria-label": `Announcements ${device.id}` },
    sign, make("h2", { class: "name" }, chinese("span", "", "语音"), caption("Voice"), ailing),
    make("div", { class: "words" }, now, before), aloudSwitch());
  let last = "";
  return {
    element,
    board: powerCut(element, device),
    parts: {
      [`${device.id}/voice`]: (memory, fresh) => {
        const { saying, said } = memory;
        element.classList.toggle("speaking", Boolean(saying));
        write(now, saying || said.at(-1) || "");
        const earlier = said.filter((text) => text !== now.textContent);
        write(before, [...new Set(earlier)].reverse().slice(0, 2).join("　"));
        write(ailing, ailments(memory.health));
        const news = saying ? `${memory.times}:${saying}` : last;
        if (fresh && news !== last) speak(saying);
        last = news;
      },
    },
  };
}

function aloudSwitch() {
  const box = make("button", { type: "button", role: "switch", class: "switch" }, make("i"), "Speak aloud");
  const show = (on) => box.setAttribute("aria-checked", `${on}`);
  show(localStorage.getItem(CHOICE) !== "off");
  box.addEventListener("click", () => {
    const on = box.getAttribute("aria-checked") !== "true";
    localStorage.setItem(CHOICE, on ? "on" : "off");
    show(on);
    if (!on) window.speechSynthesis?.cancel();
  });
  return box;
}

// Browsers let a page speak only after someone has touched it.
export function speak(text) {
  const may = navigator.userActivation?.hasBeenActive ?? true;
  if (!may || !window.speechSynthesis || localStorage.getItem(CHOICE) === "off") return;
  const words = new SpeechSynthesisUtterance(text);
  words.lang = "zh-CN";
  words.voice = speechSynthesis.getVoices().find((voice) => voice.lang.replace("_", "-").startsWith("zh-CN")) ?? null;
  words.rate = 0.95;
  speechSynthesis.speak(words);
}

// The hall's voice: what it says as text, and aloud from the clips of its voice packs while the switch is on.

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
    if (!on) silence();
  });
  return box;
}

let card = null; // the page's way to the loudspeaker; browsers give it only once somebody has touched the page
let free = 0; // when the sentence before is over, by the card's clock
const clips = new Map();

// A sentence in the hall's own voices; what they have no clips of is left to the browser's.
export async function speak(text) {
  const may = navigator.userActivation?.hasBeenActive ?? true;
  if (!may || localStorage.getItem(CHOICE) === "off") return;
  const steps = await (await fetch(`/aloud?${new URLSearchParams({ text })}`)).json();
  if (!steps.length) {
    speakAsBrowser(text);
    return;
  }
  card ??= new AudioContext();
  const sounds = await Promise.all(steps.map((step) => (step.clip ? clip(step) : step.pause / 1000)));
  if (localStorage.getItem(CHOICE) === "off" || !card) return;
  let at = Math.max(card.currentTime, free);
  for (const sound of sounds) {
    if (typeof sound === "number") at += sound;
    else {
      const source = new AudioBufferSourceNode(card, { buffer: sound });
      source.connect(card.destination);
      source.start(at);
      at += sound.duration;
    }
  }
  free = at;
}

function clip({ language, clip: text }) {
  const address = `/clip?${new URLSearchParams({ language, text })}`;
  if (!clips.has(address)) {
    clips.set(address, fetch(address).then((answer) => answer.arrayBuffer()).then((sound) => card.decodeAudioData(sound)));
  }
  return clips.get(address);
}

function silence() {
  window.speechSynthesis?.cancel();
  card?.close();
  clips.clear();
  card = null;
  free = 0;
}

function speakAsBrowser(text) {
  if (!window.speechSynthesis) return;
  const words = new SpeechSynthesisUtterance(text);
  words.lang = "zh-CN";
  words.voice = speechSynthesis.getVoices().find((voice) => voice.lang.replace("_", "-").startsWith("zh-CN")) ?? null;
  words.rate = 0.95;
  speechSynthesis.speak(words);
}

// The page's few tools: make an element, send the server a word, say what was refused.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

export const chinese = (tag, name, ...children) => make(tag, { class: name, lang: "zh-CN" }, ...children);

export const caption = (text) => make("span", { class: "caption" }, text);

// Change only what differs: unchanged text keeps its place, its animation and the reader's attention.
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export async function send(path, word) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(word),
    });
    if (!answer.ok) refuse(await answer.text());
  } catch {
    refuse("The virtual hall does not answer. Is `jiaohao demo` still running?");
  }
}

export const press = (device, key) => send("/press", { device, part: "keys", do: "press", key });

export const touch = (device, key) => send("/press", { device, part: "screen", do: "touch", key });

let fading = 0;
function refuse(sentence) {
  const toast = document.getElementById("toast");
  toast.textContent = sentence;
  toast.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => { toast.hidden = true; }, 6000);
}

// What is wrong with a part, as its mock says it.
const TROUBLES = {
  no_answer: "does not answer",
  offline: "offline",
  paper_near_end: "paper near its end",
  paper_out: "paper out",
  cover_open: "cover open",
  cutter: "cutter stuck",
  jam: "paper jam",
  overheated: "too hot",
  ticket_not_taken: "ticket not taken",
  broken: "broken",
};

export function ailments(health) {
  return (health?.troubles ?? []).map((trouble) => TROUBLES[trouble] ?? trouble).join(", ");
}

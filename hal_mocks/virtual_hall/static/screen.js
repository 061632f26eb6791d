// A device's screen: the shapes that its own layout placed, drawn as they stand; a key on it is a real button. It lays out nothing.

import { make, touch } from "./dom.js";

const NS = "http://www.w3.org/2000/svg";
const ANCHOR = { left: "start", centre: "middle", right: "end" };

export function screenOf(device) {
  const element = make("div", { class: "glass", lang: "zh-CN", id: `${device.id}-screen`, "aria-live": "polite" });
  let shown = "";
  return {
    element,
    show: ({ drawing }) => {
      const known = JSON.stringify(drawing);
      if (known !== shown) draw(element, drawing, device);
      shown = known;
    },
  };
}

function draw(glass, drawing, device) {
  glass.classList.toggle("dark", !drawing);
  if (!drawing) {
    glass.replaceChildren();
    return;
  }
  const [width, height] = drawing.size;
  glass.style.aspectRatio = `${width} / ${height}`;
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}` },
    svg("rect", { width, height, fill: rgb(drawing.ground) }),
    ...drawing.panels.map((one) => panel(one, drawing.pulses)), ...drawing.pictures.concat(drawing.codes).filter((one) => one.source).map(image),
    ...drawing.signs.map(sign), ...drawing.words.map(words));
  glass.querySelector("svg")?.remove();
  glass.prepend(picture);
  // A key that stands on both pages stays: a finger that lies on it while the seconds run down still presses it.
  const before = new Map([...glass.querySelectorAll("button")].map((key) => [key.dataset.key, key]));
  for (const area of drawing.keys) {
    const key = touchKey(area, drawing, device), same = before.get(area.key);
    before.delete(area.key);
    if (!same) glass.append(key);
    else for (const name of ["style", "aria-label"]) same.setAttribute(name, key.getAttribute(name));
  }
  before.forEach((gone) => gone.remove());
}

function svg(tag, attributes, ...children) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const rgb = (colour) => `rgb(${colour.join(" ")})`;

// What is called moves for a moment: its edge goes to another colour and back, as often as on the real screen.
function panel({ box, fill, radius, edge, edge_width: thick }, pulses) {
  const inside = edge ? thick / 2 : 0;
  const pulse = pulses.find((one) => one.box.x === box.x && one.box.y === box.y && one.box.w === box.w && one.box.h === box.h);
  const moving = pulse && edge ? [svg("animate", { attributeName: "stroke", values: `${rgb(edge)};${rgb(pulse.edge)};${rgb(edge)}`, dur: "1s", repeatCount: pulse.seconds, begin: "0s" })] : [];
  return svg("rect", {
    x: box.x + inside, y: box.y + inside, width: Math.max(0, box.w - 2 * inside), height: Math.max(0, box.h - 2 * inside),
    rx: Math.max(0, radius - inside), fill: rgb(fill), ...(edge ? { stroke: rgb(edge), "stroke-width": thick } : {}),
  }, ...moving);
}

const image = ({ box, source }) => svg("image", { x: box.x, y: box.y, width: box.w, height: box.h, href: source });

// The baseline lies one em below the box's upper edge; strong type is struck twice on the real screen.
function words({ box, text, size, ink, align, strong }) {
  const x = { left: box.x, centre: box.x + box.w / 2, right: box.x + box.w }[align];
  const bold = strong ? { stroke: rgb(ink), "stroke-width": size / 40 } : {};
  return svg("text", { x, y: box.y + size, "font-size": size, "text-anchor": ANCHOR[align], fill: rgb(ink), ...bold }, text);
}

function sign({ box, ink, ground, marks }) {
  const group = svg("g", { transform: `translate(${box.x} ${box.y}) scale(${box.w / 100} ${box.h / 100})` });
  for (const mark of marks) {
    const colour = rgb(mark.bare ? ground : ink);
    group.append("radius" in mark
      ? svg("circle", { cx: mark.x, cy: mark.y, r: mark.radius, fill: colour })
      : svg("polyline", { points: mark.points.join(" "), fill: "none", stroke: colour, "stroke-width": mark.width, "stroke-linecap": "round", "stroke-linejoin": "round" }));
  }
  return group;
}

function touchKey({ box, key }, drawing, device) {
  const [width, height] = drawing.size;
  const within = (inner) => inner.x >= box.x && inner.y >= box.y && inner.x + inner.w <= box.x + box.w && inner.y + inner.h <= box.y + box.h;
  const name = drawing.words.filter((line) => within(line.box)).map((line) => line.text).join(" ");
  const place = `left:${100 * box.x / width}%;top:${100 * box.y / height}%;width:${100 * box.w / width}%;height:${100 * box.h / height}%`;
  return make("button", { type: "button", class: "touch-key", "data-key": key, "aria-label": name, style: place, onclick: () => touch(device.id, key) });
}

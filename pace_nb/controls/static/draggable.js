// Dots that are dragged, or moved with the arrow keys, one under the other values of a series.
const WIDTH = 430, HEIGHT = 250, LEFT = 46, RIGHT = 14, TOP = 16, BOTTOM = 34, NS = "http://www.w3.org/2000/svg";

function make(name, attributes, words) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (words !== undefined) node.textContent = words;
  return node;
}

function render({ model, el }) {
  const place = document.createElement("div");
  place.className = "pace-draggable chart";
  const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": model.get("name"), class: "pace-plot" });
  place.append(svg);
  let values = [];
  let top = 10;
  let held = -1;
  let timer = 0;
  const across = (i) => LEFT + ((i + 0.5) / values.length) * (WIDTH - LEFT - RIGHT);
  const down = (v) => TOP + (1 - v / top) * (HEIGHT - TOP - BOTTOM);
  const least = () => model.get("least");
  const send = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { model.set("values", [...values]); model.save_changes(); }, 120);
  };
  const put = (i, value) => {
    values[i] = Math.round(Math.max(least(), Math.min(top, value)) * 10) / 10;
    const dot = svg.querySelector(`[data-i="${i}"]`);
    dot.setAttribute("cy", down(values[i]));
    dot.setAttribute("aria-valuenow", values[i]);
    svg.querySelector("polyline").setAttribute("points", values.map((v, k) => `${across(k)},${down(v)}`).join(" "));
    send();
  };
  const draw = () => {
    const focused = document.activeElement && svg.contains(document.activeElement) ? document.activeElement.dataset.i : null;
    values = [...model.get("values")];
    top = Math.max(10, ...values) * 1.25;
    svg.replaceChildren();
    const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((s) => top / s <= 6) ?? top / 5;
    for (let v = 0; v <= top; v += step) {
      svg.append(make("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: down(v), y2: down(v), stroke: "#d5dbe2" }));
      svg.append(make("text", { x: LEFT - 6, y: down(v) + 4, "text-anchor": "end", "font-size": 12, fill: "#1f2a37" }, v));
    }
    svg.append(make("text", { x: WIDTH / 2, y: HEIGHT - 4, "text-anchor": "middle", "font-size": 12, fill: "#1f2a37" },
      "Drag a dot, or use Tab and the arrow keys"));
    svg.append(make("polyline", { points: values.map((v, k) => `${across(k)},${down(v)}`).join(" "), fill: "none", stroke: "#9fb3c8" }));
    values.forEach((v, i) => {
      svg.append(make("circle", {
        cx: across(i), cy: down(v), r: 9, fill: "#1d5b8f", stroke: "white", "stroke-width": 2, class: "dot", "data-i": i, tabindex: i ? -1 : 0,
        role: "slider", "aria-label": `Value ${i + 1} of ${values.length}`, "aria-valuenow": v, "aria-valuemin": least(),
        "aria-valuemax": Math.round(top), "aria-orientation": "vertical",
      }));
    });
    if (focused !== null) svg.querySelector(`[data-i="${focused}"]`)?.focus();
  };
  const value_at = (event) => {
    const box = svg.getBoundingClientRect();
    const y = ((event.clientY - box.y) / box.height) * HEIGHT;
    return (1 - (y - TOP) / (HEIGHT - TOP - BOTTOM)) * top;
  };
  svg.addEventListener("pointerdown", (event) => {
    if (event.target.dataset.i === undefined) return;
    held = Number(event.target.dataset.i);
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
    svg.querySelector(`[data-i="${held}"]`).focus();
  });
  svg.addEventListener("pointermove", (event) => { if (held >= 0) put(held, value_at(event)); });
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { held = -1; });
  svg.addEventListener("keydown", (event) => {
    const i = Number(event.target.dataset.i);
    const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[event.key];
    const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: values.length - 1 }[event.key];
    if (by !== undefined) put(i, values[i] + by);
    else if (to !== undefined) {
      const next = svg.querySelector(`[data-i="${Math.max(0, Math.min(values.length - 1, to))}"]`);
      svg.querySelectorAll(".dot").forEach((d) => d.setAttribute("tabindex", d === next ? 0 : -1));
      next.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  draw();
  model.on("change:values", () => {
    if (held < 0 && model.get("values").join() !== values.join()) draw();
  });
  el.replaceChildren(place);
}
export default { render };

// A drawing whose dots can be chosen: by pointing near one, or with the arrow keys and Enter. One stop for the Tab key, whatever its dots.
const NEAR = 18;

function render({ model, el }) {
  const place = document.createElement("div");
  place.className = "pace-picture chart";
  let at = 0;

  const dots = () => [...place.querySelectorAll(".dot")];
  const choose = (dot) => {
    for (const one of dots()) one.classList.toggle("chosen", one === dot);
    model.set("chosen", [Number(dot.dataset.i), (model.get("chosen")[1] ?? 0) + 1]);
    model.save_changes();
  };
  const focus = (all, index) => {
    at = Math.max(0, Math.min(all.length - 1, index));
    all.forEach((d, i) => d.setAttribute("tabindex", i === at ? "0" : "-1"));
    all[at].focus();
  };

  const show = () => {
    const held = place.contains(document.activeElement);
    place.innerHTML = model.get("svg");
    const labels = model.get("labels");
    const all = dots();
    if (!labels.length || !all.length) return;
    const svg = all[0].closest("svg");
    svg.setAttribute("role", "group");
    at = Math.min(at, all.length - 1);
    all.forEach((dot, i) => {
      dot.setAttribute("role", "button");
      dot.setAttribute("aria-label", labels[Number(dot.dataset.i)] ?? "");
      dot.setAttribute("tabindex", i === at ? "0" : "-1");
    });
    if (held) all[at].focus();
  };

  place.addEventListener("keydown", (event) => {
    const all = dots();
    const here = all.indexOf(document.activeElement);
    if (here < 0) return;
    const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10, Home: -1e9, End: 1e9 }[event.key];
    if (step !== undefined) focus(all, here + step);
    else if (event.key === "Enter" || event.key === " ") choose(all[here]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  place.addEventListener("click", (event) => {
    if (!model.get("labels").length) return;
    let best = null;
    let least = NEAR;
    for (const dot of dots()) {
      const box = dot.getBoundingClientRect();
      const far = Math.hypot(event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2);
      if (far < least) [best, least] = [dot, far];
    }
    if (best) { at = dots().indexOf(best); choose(best); }
  });
  show();
  model.on("change:svg", show);
  el.replaceChildren(place);
}
export default { render };

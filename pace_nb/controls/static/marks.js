// A part of the page in which whatever carries a child's code can be chosen: by pointing at it, or with Tab and Enter.
function render({ model, el }) {
  const place = document.createElement("div");
  place.className = "pace-fragment";
  const choose = (event) => {
    const mark = event.target.closest?.("[data-child]");
    if (!mark) return;
    event.preventDefault();
    model.set("chosen", [mark.dataset.child, String(Number(model.get("chosen")[1] ?? 0) + 1)]);
    model.save_changes();
  };
  const show = () => {
    place.innerHTML = model.get("html");
    for (const mark of place.querySelectorAll("[data-child]")) {
      mark.setAttribute("tabindex", "0");
      mark.setAttribute("role", "button");
      mark.style.cursor = "pointer";
    }
  };
  place.addEventListener("click", choose);
  place.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") choose(event); });
  show();
  model.on("change:html", show);
  place.tabIndex = -1;
  model.on("change:called", () => { place.focus({ preventScroll: true }); place.scrollIntoView({ block: "start" }); });
  el.replaceChildren(place);
}
export default { render };

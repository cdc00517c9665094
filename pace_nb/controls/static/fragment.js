// A part of the page that changes in place: what a reader has unfolded stays unfolded, and the focus stays where it was.
function render({ model, el }) {
  const place = document.createElement("div");
  const show = () => {
    const before = place.querySelector("h2")?.textContent;
    const opened = [...place.querySelectorAll("details")].map((d) => d.open);
    place.className = `pace-fragment ${model.get("kind")}`;
    place.innerHTML = model.get("html");
    if (place.querySelector("h2")?.textContent !== before) return;  // another part of the story
    place.querySelectorAll("details").forEach((d, i) => { d.open = opened[i] ?? d.open; });
  };
  show();
  model.on("change:html", show);
  model.on("change:kind", show);
  el.replaceChildren(place);
}
export default { render };

// A line that a screen reader speaks when it changes. It stays the same element, or nothing would be spoken.
function render({ model, el }) {
  const line = document.createElement("p");
  line.className = "pace-live";
  line.setAttribute("role", "status");
  line.setAttribute("aria-live", "polite");
  const show = () => { line.textContent = model.get("text"); };
  show();
  model.on("change:text", show);
  el.replaceChildren(line);
}
export default { render };

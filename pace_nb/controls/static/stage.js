// The steps that a facilitator walks through: back, next, notes; with the arrow keys, Page Up and Page Down, as a clicker sends them.
function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "pace-stage-steps";
  const button = (words, key, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "pace-button";
    made.textContent = words;
    made.setAttribute("aria-keyshortcuts", key);
    made.addEventListener("click", act);
    return made;
  };
  const move = (by) => {
    const to = model.get("step") + by;
    if (to < 0 || to >= model.get("steps")) return;
    model.set("step", to);
    model.save_changes();
  };
  const toggle = () => { model.set("notes", !model.get("notes")); model.save_changes(); };
  const back = button("Back", "PageUp ArrowLeft", () => move(-1));
  const next = button("Next", "PageDown ArrowRight", () => move(1));
  const notes = button("", "n", toggle);
  const where = document.createElement("p");
  where.className = "pace-live";
  where.setAttribute("role", "status");
  where.setAttribute("aria-live", "polite");
  const show = () => {
    const step = model.get("step");
    // Not `disabled`: that would take the focus away from whoever has just pressed it.
    back.setAttribute("aria-disabled", String(step === 0));
    next.setAttribute("aria-disabled", String(step === model.get("steps") - 1));
    notes.textContent = model.get("notes") ? "Hide notes" : "Show notes";
    notes.setAttribute("aria-expanded", String(model.get("notes")));
    where.textContent = model.get("status");
  };
  // In a dashboard the steps are the page, wherever the focus is. In JupyterLab the keys belong to whoever has the focus.
  const whole = document.body.dataset.voila !== undefined;
  const keys = (event) => {
    if (!whole && !root.closest(".pace-stage")?.contains(event.target)) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest("input, select, textarea, summary, [role=slider], [contenteditable=true], .chart")) return;
    if (["ArrowRight", "PageDown"].includes(event.key)) move(1);
    else if (["ArrowLeft", "PageUp"].includes(event.key)) move(-1);
    else if (event.key.toLowerCase() === "n") toggle();
    else return;
    event.preventDefault();
  };
  document.addEventListener("keydown", keys);
  for (const name of ["step", "steps", "notes", "status"]) model.on(`change:${name}`, show);
  model.on("change:step", () => root.scrollIntoView({ block: "start" }));
  show();
  root.append(back, next, notes, where);
  el.replaceChildren(root);
  return () => document.removeEventListener("keydown", keys);
}
export default { render };

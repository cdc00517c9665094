// A button that asks for a file and saves what comes; nothing is left in the page.
function render({ model, el }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "pace-button jupyter-button";
  const name = () => { button.textContent = model.get("words"); };
  name();
  model.on("change:words", name);
  button.addEventListener("click", () => model.send({ asked: true }));
  model.on("msg:custom", (message, buffers) => {
    if (message.name === undefined) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([buffers[0]], { type: message.type }));
    link.download = message.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });
  el.replaceChildren(button);
}
export default { render };

(() => {
  const find = document.querySelector(".find"), field = document.getElementById("find"), count = document.getElementById("count");
  const tables = [...document.querySelectorAll("table.areas")];
  const rows = tables.flatMap((table) => [...table.querySelector(".sorted").rows]);
  const names = [...new Set(rows.map((row) => row.dataset.area))];
  if (names.length < 2) return;
  const said = new Map(names.map((name) => [name, rows.filter((r) => r.dataset.area === name).map((r) => r.textContent).join(" ").toLowerCase()]));
  const show = () => {
    const wanted = field.value.trim().toLowerCase();
    const left = new Set(names.filter((name) => said.get(name).includes(wanted)));
    rows.forEach((row) => { row.hidden = !left.has(row.dataset.area); });
    count.textContent = left.size === names.length ? `All ${names.length} areas are shown.` : `${left.size} of ${names.length} areas are shown.`;
  };
  field.addEventListener("input", show);
  find.hidden = false;
  show();
  for (const table of tables) {
    for (const head of table.querySelectorAll("thead th[data-sort]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      const place = head.cellIndex;
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const value = (row) => row.cells[place].dataset.order ?? "";
        const number = head.dataset.sort === "number";
        const compare = (a, b) => (number ? Number(a) - Number(b) : a.localeCompare(b, "en-GB"));
        const body = table.querySelector(".sorted");
        const sorted = [...body.rows].sort((a, b) => {
          const [one, other] = [value(a), value(b)];
          if (one === "" || other === "") return (one === "") - (other === "");
          return down ? compare(other, one) : compare(one, other);
        });
        body.append(...sorted);
      });
    }
  }
})();

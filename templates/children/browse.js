"use strict";
// Chooses among the rows of the table that the page holds, and opens a child's part when somebody asks for it.
(() => {
  const ROWS = 25, KEPT = 4;
  const find = (id) => document.getElementById(id);
  const together = Number(find("together").textContent);
  const figures = JSON.parse(document.querySelector("meta[name=figures]").content);
  const everyone = new DOMParser().parseFromString(find("everyone").textContent, "text/html").querySelector("table");
  const children = [...everyone.tBodies[0].rows].map((row, place) => ({
    place, row, ...row.dataset, label: row.cells[0].textContent, moves: Number(row.cells[6].textContent),
  }));
  const byCode = new Map(children.map((child) => [child.code, child]));
  const packs = document.querySelectorAll("script.pack");
  const filters = ["label", "lives", "ages", "waiting", "past", "care", "order"].map(find);
  const title = document.title;
  let shown = children, page = 0, current = null;

  if (typeof DecompressionStream === "undefined") {
    find("old").hidden = false;
    find("choose").before(everyone);
    return;
  }

  // ---- packs ----
  const opened = new Map();
  function open(n) {
    if (!opened.has(n)) {
      if (opened.size >= KEPT) opened.delete(opened.keys().next().value);
      const packed = Uint8Array.from(atob(packs[n].textContent), (c) => c.charCodeAt(0));
      opened.set(n, new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).json());
    }
    return opened.get(n);
  }
  const part = async (place) => (await open(Math.floor(place / together)))[place % together];

  // ---- the list ----
  function fits(child, want) {
    const past = want.waiting && want.waiting !== "any" ? child.past.split(" ").includes(want.waiting) : child.past !== "";
    return (!want.label || child.code.includes(want.label))
      && (!want.lives || child.lives === want.lives)
      && (!want.ages || child.ages === want.ages)
      && (!want.waiting || (want.waiting === "any" ? child.waiting !== "" : child.waiting.split(" ").includes(want.waiting)))
      && (!want.past || (want.past === "past") === past)
      && (!want.care || (want.care === "now") === (child.care === "1"));
  }
  function choose() {
    const want = Object.fromEntries(filters.map((f) => [f.id, f.value]));
    want.label = want.label.toUpperCase().replace(/^\s*CHILD\b/, "").replace(/[^0-9A-Z]/g, "");
    shown = children.filter((child) => fits(child, want));
    if (want.order === "label") shown.sort((a, b) => (a.code < b.code ? -1 : 1));
    if (want.order === "moves") shown.sort((a, b) => b.moves - a.moves || a.place - b.place);
    page = 0;
    list();
  }
  function list() {
    const last = Math.max(0, Math.ceil(shown.length / ROWS) - 1);
    page = Math.min(Math.max(page, 0), last);
    const table = find("list");
    table.replaceChildren(everyone.tHead.cloneNode(true), document.createElement("tbody"));
    const caption = table.createCaption();
    caption.textContent = "Children, each a link to the timeline";
    for (const child of shown.slice(page * ROWS, (page + 1) * ROWS)) {
      const row = document.importNode(child.row, true);
      const link = document.createElement("a");
      link.href = "#" + child.code;
      link.textContent = child.label;
      row.cells[0].replaceChildren(link);
      table.tBodies[0].append(row);
    }
    find("count").textContent = `${shown.length.toLocaleString("en-GB")} of ${children.length.toLocaleString("en-GB")} children`;
    find("where").textContent = shown.length ? `Rows ${page * ROWS + 1} to ${Math.min(shown.length, (page + 1) * ROWS)}` : "No child fits";
    find("earlier").disabled = page === 0;
    find("further").disabled = page >= last;
  }

  // ---- one child, or brothers and sisters ----
  async function show(name) {
    const group = /^together-(\d+)$/.exec(name);
    const child = byCode.get(name);
    if (!group && !child) return toList(name);
    const html = await part(group ? children.length + Number(group[1]) : child.place);
    if (decodeURIComponent(location.hash.slice(1)) !== name) return; // somebody went on meanwhile
    find("part").innerHTML = html;
    for (const chart of find("part").querySelectorAll("[data-figure]")) {
      if (Object.hasOwn(figures, chart.dataset.figure)) {
        const link = document.createElement("a");
        link.href = figures[chart.dataset.figure];
        link.textContent = chart.textContent;
        chart.replaceChildren(link);
      }
    }
    current = child || null;
    find("choose").hidden = true;
    find("child").hidden = false;
    const at = shown.indexOf(child);
    find("place").textContent = at < 0 ? "" : `${(at + 1).toLocaleString("en-GB")} of ${shown.length.toLocaleString("en-GB")} chosen`;
    find("before").disabled = at <= 0;
    find("next").disabled = at < 0 || at >= shown.length - 1;
    const heading = find("part").querySelector("h2");
    document.title = heading.textContent + ", " + title;
    heading.focus({ preventScroll: true });
    find("child").scrollIntoView();
    for (const near of [at - 1, at + 1]) if (at >= 0 && shown[near]) open(Math.floor(shown[near].place / together));
  }
  function toList(name) {
    find("child").hidden = true;
    find("choose").hidden = false;
    find("part").replaceChildren();
    document.title = title;
    list();
    if (name && name !== "list" && name !== "main") find("count").textContent = "No child of this page has that label. " + find("count").textContent;
    if (current) [...find("list").querySelectorAll("a")].find((a) => a.hash === "#" + current.code)?.focus();
    current = null;
  }
  function step(by) {
    const to = shown[shown.indexOf(current) + by];
    if (to) { page = Math.floor(shown.indexOf(to) / ROWS); location.hash = to.code; }
  }
  const follow = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    return name && name !== "list" && name !== "main" ? show(name) : toList(name);
  };

  for (const f of filters) f.addEventListener("input", choose);
  find("filters").addEventListener("reset", () => setTimeout(choose));
  find("filters").addEventListener("submit", (event) => event.preventDefault());
  find("earlier").addEventListener("click", () => { page -= 1; list(); });
  find("further").addEventListener("click", () => { page += 1; list(); });
  find("before").addEventListener("click", () => step(-1));
  find("next").addEventListener("click", () => step(1));
  addEventListener("hashchange", follow);
  follow();
})();

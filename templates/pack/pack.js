(async () => {
  "use strict";
  const data = JSON.parse(document.getElementById("pack-data").textContent);
  const status = document.getElementById("status");
  const charts = [...document.querySelectorAll(".chart")];
  const views = {};
  const find = (aim, group) => data.slices.find((s) => s.aim === aim && s.group === group);

  document.body.classList.add("live");
  for (const place of charts) {
    const name = place.dataset.chart;
    const result = await vegaEmbed(place, data.specs[name], {
      actions: false, ast: true, logLevel: 1, renderer: "svg", defaultStyle: false, tooltip: false,
      bind: document.getElementById(name === "shares" ? "choices" : "choices-" + name),
    });
    views[name] = result.view;
  }
  for (const label of document.querySelectorAll(".vega-bind label")) {
    const input = label.querySelector("input[type=range]");
    if (!input) continue;
    // Vega writes the value beside the slider; a reader of the screen hears it with the slider's own name.
    input.setAttribute("aria-label", label.querySelector(".vega-bind-name").textContent);
  }

  const aimBox = document.querySelector("#choices select[name=aim]");
  const groupBox = document.querySelector("#choices select[name=group]");

  async function follow(announce) {
    const aim = views.shares.signal("aim");
    for (const option of groupBox.options) {
      option.disabled = !find(aim, option.value);
      option.hidden = option.disabled;
    }
    let group = views.shares.signal("group");
    if (!find(aim, group)) {
      group = "all";
      await views.shares.signal("group", group).runAsync();
      groupBox.value = group;
    }
    const chosen = find(aim, group);
    for (const [name, view] of Object.entries(views)) {
      if (name !== "shares") await view.signal("aim", aim).signal("group", group).runAsync();
      const place = document.querySelector(`.chart[data-chart="${name}"]`);
      place.setAttribute("aria-label", chosen.alt[name]);
      place.closest("figure").hidden = !chosen.drawn[name];
    }
    for (const part of document.querySelectorAll(".slice")) {
      part.hidden = part.dataset.aim !== aim || part.dataset.group !== group;
    }
    if (announce) status.textContent = `Shown now: ${data.aims[aim]}. ${chosen.name}.`;
  }

  views.shares.addSignalListener("aim", () => follow(true));
  views.shares.addSignalListener("group", () => follow(true));
  for (const end of ["from", "to"]) {
    views.shares.addSignalListener(end, () => {
      const years = ["from", "to"].map((n) => views.shares.signal(n)).sort();
      status.textContent = `Years shown: ${years[0]} to ${years[1]}.`;
    });
  }
  views.curve.addSignalListener("week", (name, week) => {
    const row = views.curve.data("source_0").find((d) => d.week === Number(week)
      && d.aim === views.curve.signal("aim") && d.group === views.curve.signal("group"));
    const said = row ? `After ${week} weeks about ${Math.round(100 * row.share)} % still wait.`
      : `After ${week} weeks too few children are followed to say.`;
    document.getElementById("week-says").textContent = said;
  });
  await follow(false);

  let open = [];
  window.addEventListener("beforeprint", () => {
    open = [...document.querySelectorAll("details:not([open])")];
    open.forEach((d) => { d.open = true; });
  });
  window.addEventListener("afterprint", () => open.forEach((d) => { d.open = false; }));
  document.body.dataset.ready = "yes";
})();

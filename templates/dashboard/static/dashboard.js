/* What a visitor is told: that the controls are ready, and what to do when the dashboard is no longer there. */
(function () {
  "use strict";
  const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const alive = config.baseUrl + "api/kernels/" + config.kernelId;
  const loading = document.getElementById("loading");
  const lost = document.getElementById("lost");
  const waiting = 'script[type="application/vnd.voila.cell-output+json"]';
  let missed = 0;

  // Voila's script takes each of these away when it puts a control in its place.
  function ready() {
    if (!loading || document.querySelector(waiting) || !document.querySelector(".control .jupyter-widgets, .control .widget-subarea")) {
      return false;
    }
    loading.textContent = "";
    document.body.dataset.ready = "yes";
    return true;
  }
  if (!document.querySelector(waiting)) {
    loading.textContent = "";
    document.body.dataset.ready = "yes";
  } else {
    const watch = new MutationObserver(() => ready() && watch.disconnect());
    watch.observe(document.body, { childList: true, subtree: true });
  }

  function tell(text) {
    if (!lost.hidden) return;
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "Load the page again";
    again.addEventListener("click", () => location.reload());
    lost.textContent = text;
    lost.append(again);
    lost.hidden = false;
    if (loading) loading.textContent = "";
    lost.scrollIntoView({ block: "nearest" });
  }

  async function look() {
    try {
      const answer = await fetch(alive, { cache: "no-store", credentials: "same-origin" });
      missed = 0;
      if (answer.status === 404) {
        tell("The controls of this page have stopped: it was not used for a while, or something went wrong. What you see stays right. ");
        return;
      }
      if (answer.status === 403 || answer.redirected) {
        tell("You are no longer signed in. What you see stays right; load the page again to sign in. ");
        return;
      }
    } catch {
      missed += 1;
      if (missed === 3) {
        tell("The dashboard cannot be reached: it was ended, or the network is gone. What you see stays right. ");
        return;
      }
    }
    setTimeout(look, 4000 + 2000 * Math.random()); // sixty pages must not all ask in the same moment
  }
  setTimeout(look, 6000);
})();

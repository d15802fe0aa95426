// Keeps an open page true while its issue is worked on. It asks the server that the page came from
// whether the issue was made again, loads the page anew where it was, at the place that was read,
// and shows why a change could not be rendered. Without it, the page reads the same.
(() => {
  "use strict";
  const { follow, version } = document.currentScript.dataset;
  const place = `digest place ${location.pathname}`;
  const moved = () => [document.scrollingElement, ...document.querySelectorAll(".pane, .scroll")];
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  function keepPlace() {
    const at = moved().map((box) => [box.scrollLeft, box.scrollTop]);
    try { sessionStorage.setItem(place, JSON.stringify(at)); } catch { /* not allowed: the top */ }
  }

  function returnToPlace() {
    try {
      const at = JSON.parse(sessionStorage.getItem(place) || "[]");
      sessionStorage.removeItem(place);
      moved().forEach((box, n) => at[n] && box.scrollTo(at[n][0], at[n][1]));
    } catch { /* the top */ }
  }

  function show(problem, hint) {
    let banner = document.getElementById("trouble");
    if (!problem) { banner?.remove(); return; }
    if (!banner) {
      banner = document.createElement("div");
      banner.id = "trouble";
      banner.setAttribute("role", "alert");
      document.body.prepend(banner);
    }
    const title = document.createElement("strong");
    title.textContent = "The latest change is not shown.";
    const what = document.createElement("bdi");
    what.textContent = problem;
    const mend = document.createElement("bdi");
    mend.className = "quiet";
    mend.textContent = hint;
    banner.replaceChildren(title, " ", what, " ", mend);
  }

  async function ask(after) {
    const answer = await fetch(`${follow}?after=${after}`, { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  }

  async function keepAsking() {
    for (let after = ""; ;) {
      try {
        const now = await ask(after);
        if (now.version !== version) { keepPlace(); location.reload(); return; }
        show(now.problem, now.hint);
        after = now.state;
        await pause(100);
      } catch {
        await pause(2000); // the server is gone, or has too many pages: perhaps later
      }
      // A tab that nobody looks at asks nothing: a browser keeps few connections to one server.
      while (document.hidden) {
        await new Promise((seen) =>
          document.addEventListener("visibilitychange", seen, { once: true }));
      }
    }
  }

  returnToPlace();
  keepAsking();
})();

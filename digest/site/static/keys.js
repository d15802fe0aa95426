// Moves through the pages by keys: j k Enter, n p, e, / ? Esc. Each key does what a link on the page
// does, so nothing is lost without it. It leaves typing, and keys with a modifier, alone.
(() => {
  "use strict";
  const ROWS = ".inbox > li, main table tbody tr, .findings > li, .found > li, .changes > li, " +
    ".rows > li, article.story, [data-item]";
  const HELP = [
    ["j k", "next, previous in the list, or story"], ["Enter", "open it"],
    ["e", "edit this issue"], ["n or ]", "newer issue or year"], ["p or [", "older issue or year"],
    ["/", "search"], ["Esc", "up to where this belongs"], ["?", "these keys"],
  ];
  const one = (selector) => document.querySelector(selector);
  let at = -1;

  function step(by) {
    const jump = one(`[data-step=${by > 0 ? "j" : "k"}]`);
    if (one("[data-step]")) { jump?.click(); return; }
    const rows = [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());
    if (!rows.length) return;
    let here = rows.findIndex((row) => row.contains(document.activeElement));
    if (here < 0 && at < 0) { // the page came with a place of its own: what was edited, or found
      here = rows.findIndex((row) => row.matches(":target"));
      const inside = rows.findIndex((row) => row.matches(":target *"));
      if (here < 0 && inside >= 0) here = inside - by;
    }
    at = Math.min(Math.max((here >= 0 ? here : at) + by, 0), rows.length - 1);
    const row = rows[at];
    const target = row.querySelector("summary, a.open") || row.querySelector("a[href]") || row;
    if (target === row) row.tabIndex = -1;
    target.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function search() {
    const box = one("input#q, input#find");
    if (box) { box.focus(); box.select?.(); } else one("a[data-search]")?.click();
  }

  function help() {
    let dialog = document.getElementById("keys");
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.id = "keys";
      dialog.setAttribute("aria-labelledby", "keys-title");
      const title = document.createElement("h2");
      title.id = "keys-title";
      title.textContent = "Keys";
      const list = document.createElement("dl");
      for (const [key, what] of HELP) {
        const row = document.createElement("div");
        const name = document.createElement("dt");
        const said = document.createElement("dd");
        const shown = document.createElement("kbd");
        shown.textContent = key;
        name.append(shown);
        said.textContent = what;
        row.append(name, said);
        list.append(row);
      }
      const form = document.createElement("button");
      form.type = "button";
      form.textContent = "Close";
      form.addEventListener("click", () => dialog.close());
      dialog.append(title, list, form);
      document.body.append(dialog);
    }
    if (!dialog.open) dialog.showModal();
  }

  const DOES = {
    e: () => one(".tabs a[href=edit]")?.click(), j: () => step(1), k: () => step(-1), "/": search, "?": help,
    n: () => one("a[rel=next]")?.click(), "]": () => one("a[rel=next]")?.click(),
    p: () => one("a[rel=prev]")?.click(), "[": () => one("a[rel=prev]")?.click(),
    Escape: () => (one("a[data-up]") || one("a[rel=up]") || one(".crumbs a, .lone a") || one(".site a"))?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.shiftKey && event.key.length > 1) return;
    const { target } = event;
    if (target.closest?.("input, textarea, select, [contenteditable]")) {
      if (event.key === "Escape") target.blur();
      return;
    }
    if (one("dialog[open]")) return; // Esc closes it by itself
    const does = DOES[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });

  // Words that were typed and not kept are not lost unasked, be it by a key, a link, or a button of
  // another form.
  const TYPED = "form[method=post] :is(input:not([type=hidden]), textarea)";
  let sent = null;
  const isTyped = (field) => field.form !== sent &&
    (field.type === "checkbox" ? field.checked !== field.defaultChecked
      : field.value !== field.defaultValue);
  document.addEventListener("submit", (event) => { sent = event.target; });
  window.addEventListener("beforeunload", (event) => {
    if ([...document.querySelectorAll(TYPED)].some(isTyped)) event.preventDefault();
    sent = null;
  });
})();

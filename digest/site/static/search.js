// The search of a published archive. It loads the years' indexes piece by piece, newest first, only
// as far as the reader asks. How they are written: digest/site/public/search.py. Nothing that is
// loaded becomes markup: every word of it is set as text.
(() => {
  "use strict";
  const form = document.querySelector("form[role=search]");
  const field = form.elements.q;
  const list = document.getElementById("found");
  const status = document.getElementById("status");
  const more = document.getElementById("more");
  const say = status.dataset;
  const AT_ONCE = 10;
  const PREFIX = 3;
  const TOGETHER = 4;
  const UNSPACED = "\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u{20000}-\\u{3ffff}";
  const RUNS = new RegExp(`[${UNSPACED}]+|[^${UNSPACED}]+`, "gu");
  const isUnspaced = new RegExp(`^[${UNSPACED}]`, "u");

  const fold = (text) => text.normalize("NFKD").toLowerCase().replace(/\p{Mn}/gu, "").replace(/ς/gu, "σ");
  const runs = (text) => (fold(text).match(/[\p{L}\p{N}\p{Mc}]+/gu) || []).flatMap((word) => word.match(RUNS));

  // A query's words; each is looked for as it is, and as the beginning of a longer one.
  function words(query) {
    const found = [];
    for (const run of runs(query)) {
      const letters = [...run];
      if (!isUnspaced.test(run)) found.push({ word: letters.slice(0, 40).join(""), prefix: letters.length >= PREFIX });
      else if (letters.length === 1) found.push({ word: run, prefix: true });
      else for (let at = 0; at < letters.length - 1; at++) found.push({ word: letters[at] + letters[at + 1], prefix: false });
    }
    return found;
  }

  const kept = new Map();
  function load(path, cache) {
    if (!kept.has(path)) {
      const asked = fetch(path, { cache }).then((answer) => {
        if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
        return answer.json();
      });
      asked.catch(() => kept.delete(path));
      kept.set(path, asked);
    }
    return kept.get(path);
  }

  // Python sorts by code points; JavaScript's own order is by UTF-16 units.
  function before(a, b) {
    const one = [...a], two = [...b];
    for (let at = 0; at < one.length && at < two.length; at++) {
      const difference = one[at].codePointAt(0) - two[at].codePointAt(0);
      if (difference) return difference < 0;
    }
    return one.length < two.length;
  }

  // The stories of a year that hold a word: number to worth. null: too many to tell apart.
  async function holders(year, index, { word, prefix }) {
    const leaves = [];
    index.leaves.forEach((first, at) => {
      const next = index.leaves[at + 1];
      const begins = !before(word, first) || (prefix && first.startsWith(word));
      if (begins && (next === undefined || before(word, next))) leaves.push(at);
    });
    const found = new Map();
    let everywhere = false;
    for (const leaf of await Promise.all(leaves.map((at) => load(year.at(`w${at}.json`), "default")))) {
      for (const [held, rows] of Object.entries(leaf)) {
        if (held !== word && !(prefix && held.startsWith(word))) continue;
        if (rows === "*") { everywhere = true; continue; }
        let number = 0;
        for (const row of rows.split(" ")) {
          number += parseInt(row, 36);
          const worth = (held === word ? 2 : 1) * (row.endsWith("!") ? 3 : 1);
          found.set(number, Math.max(found.get(number) || 0, worth));
        }
      }
    }
    return everywhere ? null : found;
  }

  // The numbers of a year's stories that hold every word: the best first, then the newest.
  async function hits(year, wanted) {
    const index = await load(year.at("index.json"), "default");
    const sets = await Promise.all(wanted.map((word) => holders(year, index, word)));
    const telling = sets.filter((set) => set !== null).sort((a, b) => a.size - b.size);
    const worth = telling.length
      ? [...telling[0].keys()].filter((number) => telling.every((set) => set.has(number)))
        .map((number) => [number, telling.reduce((sum, set) => sum + set.get(number), 0)])
      : Array.from({ length: index.stories }, (_, number) => [number, 0]);
    return { index, numbers: worth.sort((a, b) => b[1] - a[1] || b[0] - a[0]).map(([number]) => number) };
  }

  // All stories that are looked for, a year after the other; where the newest year has too few,
  // some years are asked at once.
  async function* stories(wanted) {
    const years = await load("years.json", "no-cache");
    const asked = [];
    for (let at = 0; at < years.length; at++) {
      while (asked.length < years.length && asked.length < (at ? at + TOGETHER : 1)) {
        const [name, version] = years[asked.length];
        const year = { at: (file) => `${name}/${file}?${version}` };
        const answer = hits(year, wanted).then((found) => ({ year, ...found }));
        answer.catch(() => {}); // told where it is awaited
        asked.push(answer);
      }
      const { year, index, numbers } = await asked[at];
      for (const number of numbers) {
        const chunk = await load(year.at(`s${Math.floor(number / index.per)}.json`), "default");
        yield chunk[number % index.per];
      }
    }
  }

  // `text` in `element`, what the query found in it in <mark>.
  function highlighted(element, text, query) {
    let plain = "";
    const from = []; // where in `text` each folded unit begins
    let at = 0;
    for (const letter of text) {
      const folded = fold(letter);
      for (let unit = 0; unit < folded.length; unit++) from.push(at);
      plain += folded;
      at += letter.length;
    }
    from.push(at);
    const spans = [];
    for (const run of runs(query)) {
      const inside = isUnspaced.test(run);
      for (let hit = plain.indexOf(run); hit >= 0; hit = plain.indexOf(run, hit + run.length)) {
        if (!inside && hit && /[\p{L}\p{N}\p{Mc}]/u.test(plain[hit - 1])) continue;
        if (!inside && run.length < PREFIX && /[\p{L}\p{N}]/u.test(plain[hit + run.length] || "")) continue;
        spans.push([from[hit], from[hit + run.length]]);
      }
    }
    spans.sort((a, b) => a[0] - b[0]);
    let done = 0;
    for (const [start, end] of spans) {
      if (start < done) continue;
      element.append(text.slice(done, start));
      const mark = document.createElement("mark");
      mark.textContent = text.slice(start, end);
      element.append(mark);
      done = end;
    }
    element.append(text.slice(done));
  }

  function made(name, parent, className) {
    const element = document.createElement(name);
    element.dir = "auto";
    if (className) element.className = className;
    parent.append(element);
    return element;
  }

  function link(parent, address) {
    const element = made("a", parent);
    element.href = address;
    return element;
  }

  function show([headline, address, source, blurb, slug, day], query) {
    const item = document.createElement("li");
    const issue = `../${encodeURIComponent(slug)}/`;
    const own = /^https?:\/\//i.test(address) ? address : issue;
    highlighted(link(made("h2", item), own), headline, query);
    if (blurb) highlighted(made("p", item), blurb, query);
    const facts = made("p", item, "quiet");
    if (source) { highlighted(made("bdi", facts), source, query); facts.append(" · "); }
    link(facts, issue).textContent = day;
    list.append(item);
    return item;
  }

  let turn = 0;
  async function search(query) {
    const mine = ++turn;
    list.replaceChildren();
    more.hidden = true;
    status.textContent = "";
    const wanted = words(query);
    if (!wanted.length) return;
    const found = stories(wanted);
    async function next(focus) {
      status.textContent = say.busy;
      more.hidden = true;
      try {
        for (let shown = 0; shown < AT_ONCE; shown++) {
          const { value, done } = await found.next();
          if (mine !== turn) return;
          if (done) { status.textContent = list.children.length ? say.all : say.none; return; }
          const item = show(value, query);
          if (focus && !shown) item.querySelector("a").focus();
        }
        status.textContent = "";
        more.hidden = false;
      } catch {
        if (mine === turn) status.textContent = say.failed;
      }
    }
    more.onclick = () => next(true);
    await next(false);
  }

  function fromAddress() {
    field.value = new URLSearchParams(location.search).get("q") || "";
    search(field.value);
  }

  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      history.replaceState(null, "", field.value ? `?q=${encodeURIComponent(field.value)}` : "./");
      search(field.value);
    }, 250);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    history.pushState(null, "", `?q=${encodeURIComponent(field.value)}`);
    search(field.value);
  });
  window.addEventListener("popstate", fromAddress);
  form.hidden = false;
  fromAddress();
})();

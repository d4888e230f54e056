// Searches the list of pages that the site brings along. Without this script the same page
// lists the newest pages and leads to all the others.
"use strict";
(() => {
  const form = document.querySelector("form[data-files]");
  if (!form) return;
  const field = form.querySelector("input");
  const status = document.getElementById("found");
  const list = document.getElementById("results");
  const newest = document.getElementById("newest");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const days = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "long",
    timeZone: "UTC",
  });
  let pages = null;

  const loaded = () => {
    pages ??= Promise.all(
      form.dataset.files.split(" ").filter(Boolean).map(async (file) => {
        const answer = await fetch(file);
        if (!answer.ok) throw new Error(file);
        return answer.json();
      })
    ).then((files) => files.flat());
    return pages;
  };

  // A word is found by its beginning; Chinese and Japanese have no spaces, so anywhere.
  const has = (page, term) =>
    page.w.includes(/[\u3040-\u30ff\u3400-\u9fff]/.test(term) ? term : " " + term);

  const weight = (page, terms) => {
    const title = " " + fold(page.t);
    return terms.reduce((sum, term) => sum + (title.includes(" " + term) ? 2 : 0), 0);
  };

  const shown = (page) => {
    const item = document.createElement("li");
    const heading = document.createElement("h3");
    const link = document.createElement("a");
    link.href = form.dataset.home + page.u;
    link.textContent = page.t;
    heading.append(link);
    const day = document.createElement("time");
    day.dateTime = page.d;
    day.textContent = days.format(new Date(page.d));
    const text = document.createElement("p");
    text.textContent = page.s;
    const when = document.createElement("p");
    when.className = "when";
    when.append(day);
    item.append(when, heading, text);
    return item;
  };

  const search = async () => {
    const terms = fold(field.value).match(/[\p{L}\p{N}_]+/gu) ?? [];
    newest.hidden = terms.length > 0;
    list.replaceChildren();
    status.textContent = "";
    if (!terms.length) return;
    let all;
    try {
      all = await loaded();
    } catch {
      pages = null;
      newest.hidden = false;
      status.textContent = form.dataset.broken;
      return;
    }
    const hits = all
      .filter((page) => terms.every((term) => has(page, term)))
      .map((page) => ({ page, weight: weight(page, terms) }))
      .sort((one, other) => other.weight - one.weight || (other.page.d < one.page.d ? -1 : 1));
    list.replaceChildren(...hits.slice(0, 50).map(({ page }) => shown(page)));
    status.textContent = hits.length
      ? form.dataset.many.replace("{count}", hits.length)
      : form.dataset.none;
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  field.addEventListener("input", search);
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  form.hidden = false;
  if (field.value) search();
})();

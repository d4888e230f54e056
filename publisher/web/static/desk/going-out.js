// Figures as they change. Without this the page shows those of the moment it was opened.
"use strict";

const STOPS = "a, button, input, select, textarea, summary, [tabindex]";
const going = () => document.getElementById("going");

function tell(key, [state, candidates, accepted, refused, excluded, uncertain]) {
  const row = going().querySelector(`tr[data-key="${CSS.escape(key)}"]`);
  if (!row || row.dataset.state !== state) return false;
  const done = accepted + refused + excluded + uncertain;
  const said = { done, candidates, accepted, refused, excluded, uncertain };
  for (const [name, value] of Object.entries(said)) {
    row.querySelector(`[data-figure="${name}"]`).textContent = value;
  }
  const bar = row.querySelector("progress");
  bar.max = candidates || 1;
  bar.value = done;
  return true;
}

// What tells one stop of the keyboard from another, before and after.
function named(one) {
  const around = one.closest("[data-key], [data-group]");
  const where = around ? around.dataset.key || around.dataset.group : "";
  const own = ["id", "href", "value", "aria-label"].map((name) => one.getAttribute(name));
  return [one.tagName, where, ...own].join("|");
}

function focusAgain(content, { name, key, group }) {
  const stops = [...content.querySelectorAll(STOPS)];
  const beside = (found) => found && found.querySelector("a, summary");
  const next =
    stops.find((one) => named(one) === name) ||
    (key && beside(content.querySelector(`[data-key="${CSS.escape(key)}"]`))) ||
    (group && beside(content.querySelector(`[data-group="${CSS.escape(group)}"]`))) ||
    content;
  next.focus({ preventScroll: true });
}

// A row that is new, or whose state changed, has other acts: the screen is asked for anew, and
// what is unfolded and where the keyboard stands stay as they are.
async function again() {
  const answer = await fetch(window.location.href);
  const text = await answer.text();
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("content");
  if (!answer.ok || answer.redirected || !fresh) return window.location.reload();
  const content = document.getElementById("content");
  const here = content.contains(document.activeElement) ? document.activeElement : null;
  const place = here && {
    name: named(here),
    key: here.closest("[data-key]")?.dataset.key,
    group: here.closest("[data-group]")?.dataset.group,
  };
  for (const old of content.querySelectorAll("[data-group][open]")) {
    const same = fresh.querySelector(`[data-group="${CSS.escape(old.dataset.group)}"]`);
    if (same) same.open = true;
  }
  content.replaceChildren(...fresh.childNodes);
  if (place) focusAgain(content, place);
}

if (going()) {
  const told = new EventSource(going().dataset.stream);
  told.addEventListener("figures", (event) => {
    const rows = Object.entries(JSON.parse(event.data));
    if (!rows.map(([key, figures]) => tell(key, figures)).every(Boolean)) again();
  });
}

// Figures as they change. Without this the page shows those of the moment it was opened.
"use strict";

const table = document.getElementById("going");

function tell(key, [state, candidates, accepted, refused, excluded, uncertain]) {
  const row = table.querySelector(`tr[data-key="${CSS.escape(key)}"]`);
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

// A row that is new, or whose state changed, has other acts: the page is asked for anew, unless
// somebody is in the middle of something.
function again() {
  const busy = table.contains(document.activeElement);
  if (!busy) window.location.reload();
}

if (table) {
  const told = new EventSource(table.dataset.stream);
  told.addEventListener("figures", (event) => {
    const rows = Object.entries(JSON.parse(event.data));
    if (!rows.map(([key, figures]) => tell(key, figures)).every(Boolean)) again();
  });
}

// The calendar: arrow keys between days, and dragging an entry to another day. What follows from
// a move is shown by the page that the server gives; without this script a link leads there, too.
"use strict";

(() => {
  const grid = document.querySelector("table.grid");
  if (!grid) return;
  const days = [...grid.querySelectorAll("a.day")];
  const rightToLeft = document.documentElement.dir === "rtl";
  const steps = { ArrowUp: -7, ArrowDown: 7, ArrowLeft: rightToLeft ? 1 : -1, ArrowRight: rightToLeft ? -1 : 1 };

  grid.addEventListener("keydown", (event) => {
    const at = days.indexOf(event.target);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const on = row(at);
    let to = at + (steps[event.key] ?? NaN);
    if (event.key === "Home") to = on;
    if (event.key === "End") to = on + 6;
    if (Number.isNaN(to)) return;
    event.preventDefault();
    if (days[to]) days[to].focus();
    else document.querySelector(to < 0 ? "a[rel=prev]" : "a[rel=next]").focus();
  });

  function row(at) {
    return at - (at % 7);
  }

  if (!grid.dataset.moves) return;
  let held = null;
  for (const item of grid.querySelectorAll("[data-move]")) {
    item.draggable = true;
    for (const link of item.querySelectorAll("a")) link.draggable = false;
    item.addEventListener("dragstart", (event) => {
      held = item;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", item.textContent.trim());
    });
    item.addEventListener("dragend", () => {
      held = null;
      for (const cell of grid.querySelectorAll(".over")) cell.classList.remove("over");
    });
  }
  for (const cell of grid.querySelectorAll("td[data-day]")) {
    cell.addEventListener("dragover", (event) => {
      if (!held) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "move";
      cell.classList.add("over");
    });
    cell.addEventListener("dragleave", (event) => {
      if (!cell.contains(event.relatedTarget)) cell.classList.remove("over");
    });
    cell.addEventListener("drop", (event) => {
      if (!held) return;
      event.preventDefault();
      const from = held.closest("td").dataset.day;
      const by = Math.round((Date.parse(cell.dataset.day) - Date.parse(from)) / 86400000);
      if (!by) return;
      const said = new URLSearchParams({ by: String(by), back: grid.dataset.back });
      window.location.assign(`${held.dataset.move}?${said}`);
    });
  }
})();

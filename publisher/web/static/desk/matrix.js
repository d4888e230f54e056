// The matrix: the parts of an audience fold away. Without this script they all stand there.
"use strict";

for (const button of document.querySelectorAll("button.fold")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const group = button.closest("tbody");
    const folded = group.classList.toggle("folded");
    button.setAttribute("aria-expanded", String(!folded));
  });
}

// Entry: what is typed is shown in the frame again each time the preview is drawn anew.
"use strict";

document.documentElement.classList.add("scripted");

function fill() {
  const frame = document.querySelector("iframe[data-typed]");
  const button = document.getElementById("show-frame");
  if (frame && button && button.form) button.form.requestSubmit(button);
}

document.addEventListener("DOMContentLoaded", fill);
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "shown") fill();
});

// Entry: what is typed is shown in the frame again each time the preview is drawn anew.
"use strict";

document.documentElement.classList.add("scripted");
let leaving = false;

function fill() {
  const frame = document.querySelector("iframe[data-typed]");
  const button = document.getElementById("show-frame");
  if (leaving || !frame || !button || !button.form) return;
  // A browser moves the focus into the frame that a form is sent to; whoever types keeps it.
  const here = document.activeElement;
  const back = () => {
    if (document.activeElement === frame && here) here.focus({ preventScroll: true });
  };
  frame.addEventListener("load", back, { once: true });
  button.form.requestSubmit(button);
  back();
  setTimeout(back, 0);
}

document.addEventListener("DOMContentLoaded", fill);
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "shown") fill();
});

// Once a button of the form was pressed, its answer is on the way: nothing may come in between.
document.addEventListener("submit", (event) => {
  if (event.submitter && event.submitter.formTarget) return;
  leaving = true;
});

// What every screen of the desk shares: nothing that a screen could not do without.
"use strict";

// A region that was swapped in after a form was sent is read out and reached by the keyboard.
document.addEventListener("htmx:afterSwap", (event) => {
  const wrong = event.target.querySelector(".problems");
  if (wrong) wrong.focus();
});

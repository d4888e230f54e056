// Looks for what is alike while somebody types; without it, a button does.
"use strict";

(() => {
  const form = document.querySelector("form[data-alike]");
  const found = document.getElementById("alike");
  if (!form || !found) return;
  const watched = form.dataset.watch.split(" ");
  let waiting = 0;
  let asked = 0;


  async function look() {
    const mine = ++asked;
    let answer;
    try {
      answer = await fetch(form.dataset.alike, { method: "POST", body: new FormData(form) });
    } catch {
      return; // the button is still there
    }
    if (!answer.ok || mine !== asked) return;
    const said = await answer.text();
    // Somebody who answers what was found is not interrupted.
    if (mine !== asked || found.contains(document.activeElement)) return;
    found.innerHTML = said;
  }

  form.addEventListener("input", (event) => {
    if (!watched.includes(event.target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(look, 500);
  });
})();

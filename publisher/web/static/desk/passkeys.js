// Passkeys: the button of each form that has one, where the browser can.
"use strict";

for (const part of document.querySelectorAll(".passkey")) {
  if (!window.PublicKeyCredential || !window.webauthnJSON) continue;
  part.hidden = false;
  const data = JSON.parse(part.dataset.data);
  window.allauth.webauthn.forms[part.dataset.does]({ ids: JSON.parse(part.dataset.ids), data });
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const place of document.querySelectorAll(".passkey [data-wrong]")) {
    place.textContent = place.dataset.wrong;
  }
});

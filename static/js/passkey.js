// Shows what needs a passkey where the browser has them, and says it when one did not answer.

if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = false;
}

document.addEventListener("allauth.error", (event) => {
  for (const notice of document.querySelectorAll("[data-passkey-error]")) notice.hidden = false;
  event.preventDefault();
});

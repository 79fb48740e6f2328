// A part with data-live fetches itself. When that fails it stays as it was and says so; what is typed elsewhere is never touched.

const failed = (event) => {
  const part = event.target.closest?.("[data-live]");
  const note = part?.querySelector("[data-live-failed]");
  if (note) note.hidden = false;
};

document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:timeout", failed);

// Whoever is not looking at the page needs no refresh; nor does somebody who is choosing a row with the keyboard.
document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.target.closest?.("[data-live]");
  if (part && document.hidden) event.preventDefault();
});

// A form with data-busy is sent once: its button says so until the next page, or htmx's answer, is here.

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-busy]");
  if (!form || event.defaultPrevented) return;
  if (form.dataset.busy === "sent") {
    event.preventDefault();
    return;
  }
  form.dataset.busy = "sent";
  event.submitter?.setAttribute("aria-busy", "true");
});

const release = (root) => {
  for (const form of root.querySelectorAll("[data-busy=sent]")) {
    form.dataset.busy = "";
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
};

window.addEventListener("pageshow", () => release(document)); // back: the browser kept the page as it was
document.addEventListener("htmx:afterRequest", (event) => release(event.target.parentNode ?? document));

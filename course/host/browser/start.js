// Before the sign-in: the code out of a letter's address, which is never sent with the address; and a way to see what is typed.
const code = document.querySelector("input[name=code]");
if (code && location.hash.length > 4) {
  code.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  code.form.requestSubmit();
}
for (const show of document.querySelectorAll("[data-shows]")) {
  show.hidden = false;
  show.addEventListener("click", () => {
    const field = document.getElementById(show.dataset.shows);
    const shown = show.getAttribute("aria-pressed") !== "true";
    field.setAttribute("type", shown ? "text" : "password");
    show.setAttribute("aria-pressed", String(shown));
  });
}

// Choices that are answered at once: a form with data-at-once is sent when one of its fields was changed.
for (const form of document.querySelectorAll("form[data-at-once]")) {
  form.addEventListener("change", () => form.requestSubmit());
  for (const button of form.querySelectorAll("button[data-without-script]")) button.hidden = true;
}
// A list of many ticks can be ticked as a whole.
for (const all of document.querySelectorAll("input[data-ticks]")) {
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const one of document.querySelectorAll(`input[name="${all.dataset.ticks}"]`)) one.checked = all.checked;
  });
}

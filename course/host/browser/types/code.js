// Answered in a field of the page: there is no cell and no kernel here.
function draw(spec, changed) {
  const id = freshId();
  const input = h("textarea", { id, class: "md-input md-long md-program", rows: 12, spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "off",
    maxlength: spec.longest, oninput: () => changed(false), onchange: () => changed(true) });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    const before = input.value.slice(0, input.selectionStart);
    const indent = before.slice(before.lastIndexOf("\n") + 1).match(/^ */)[0] + (before.trimEnd().endsWith(":") ? "    " : "");
    if (!indent) return;
    event.preventDefault();
    input.setRangeText(`\n${indent}`, input.selectionStart, input.selectionEnd, "end");
    changed(false);
  });
  input.value = spec.starter ?? "";
  return {
    node: h("div", {}, spec.given ? h("pre", { class: "md-given" }, spec.given) : null, h("label", { class: "md-sr", for: id }, _("Bài làm {title}", spec)), input),
    get: () => (input.value === (spec.starter ?? "") ? "" : input.value),
    set(value) { input.value = typeof value === "string" && value ? value : (spec.starter ?? ""); },
  };
}

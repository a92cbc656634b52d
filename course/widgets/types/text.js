// One line to write in.
function draw(spec, changed) {
  const id = freshId();
  const input = shortInput("", changed, { id, maxlength: 300 });
  return {
    node: h("div", {}, h("label", { class: "md-sr", for: id }, _("Bài làm {title}", spec)), input),
    get: () => input.value,
    set(value) { input.value = typeof value === "string" ? value : ""; },
  };
}

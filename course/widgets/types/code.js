// Answered in the notebook's own cell below; focus mode sends its text here.
function draw(spec, changed, model) {
  let source = null;
  const run = () => {
    model.send({ kind: "prepare" });
    window.dispatchEvent(new CustomEvent("moduong:run", { detail: { item: spec.id } }));
  };
  const node = h("div", {}, spec.given ? h("pre", { class: "md-given" }, spec.given) : null,
    h("button", { type: "button", class: "md-button md-quiet", onclick: run }, _("Chạy thử ô bên dưới")));
  const listen = (event) => {
    if (event.detail.item !== spec.id || event.detail.source === source) return;
    source = event.detail.source;
    changed(false);
  };
  window.addEventListener("moduong:code", listen);
  return {
    node,
    get: () => source ?? "",
    set(value) {
      source = typeof value === "string" ? value : null;
      if (source !== null) window.dispatchEvent(new CustomEvent("moduong:restore", { detail: { item: spec.id, source } }));
    },
    end: () => window.removeEventListener("moduong:code", listen),
  };
}

// One field for each number, with what was understood beside it.
function draw(spec, changed) {
  const echoes = {};
  const inputs = spec.parts.map((part) => {
    const id = freshId();
    echoes[part.id] = h("span", { class: "md-echo", id });
    return shortInput("md-number", changed, { inputmode: "decimal", maxlength: 60, "aria-describedby": id, "data-part": part.id });
  });
  const rows = spec.parts.map((part, n) =>
    h("label", { class: "md-part" }, h("span", { class: "md-part-label", html: part.label }),
      h("span", { class: "md-part-box" }, inputs[n], h("span", { class: "md-unit" }, part.unit), echoes[part.id])));
  return {
    node: h("div", { class: "md-parts" }, ...rows),
    get: () => Object.fromEntries(spec.parts.map((part, n) => [part.id, inputs[n].value]).filter(([, v]) => v.trim())),
    set(value) {
      spec.parts.forEach((part, n) => { inputs[n].value = typedIn(value, part.id); });
    },
    echo(read) {
      for (const [part, node] of Object.entries(echoes)) node.textContent = read[part] ?? "";
    },
  };
}

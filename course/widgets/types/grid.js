// Row after row, in each the same few columns to choose one of.
function draw(spec, changed) {
  const boxes = {};
  const rows = spec.rows.map((row, n) => {
    const name = freshId();
    boxes[row.id] = spec.columns.map((column) => h("input", { type: "radio", name, value: column.id, "data-part": row.id, onchange: () => changed(true) }));
    return h("fieldset", { class: "md-row" },
      h("legend", {}, h("span", { class: "md-letter" }, `${n + 1}. `), h("span", { html: row.html })),
      h("div", { class: "md-columns" }, ...spec.columns.map((column, place) =>
        h("label", { class: "md-option" }, boxes[row.id][place], h("span", { html: column.html })))));
  });
  return {
    node: h("div", { class: "md-rows" }, ...rows),
    get: () => Object.fromEntries(spec.rows.map((row) => [row.id, boxes[row.id].find((box) => box.checked)?.value]).filter(([, v]) => v)),
    set(value) {
      for (const row of spec.rows) for (const box of boxes[row.id]) box.checked = box.value === typedIn(value, row.id);
    },
  };
}

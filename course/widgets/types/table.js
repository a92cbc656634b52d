// A table whose open cells are fields; on a narrow page every cell says its column.
function draw(spec, changed) {
  const inputs = {};
  const head = h("tr", {}, h("td", {}), ...spec.columns.map((c) => h("th", { scope: "col", html: c.html })));
  const body = spec.rows.map((row) => h("tr", {}, h("th", { scope: "row", html: row.html }), ...spec.columns.map((column) => {
    const name = row.id + column.id;
    const cell = spec.cells[name];
    const place = { "data-column": plain(column.html) };
    if (!cell || cell.given !== null) return h("td", place, cell ? cell.given : "");
    const label = `${plain(row.html)}, ${plain(column.html)}${cell.unit ? ` (${cell.unit})` : ""}`;
    inputs[name] = shortInput("md-cell", changed, { maxlength: 200, "aria-label": label, "data-part": name });
    return h("td", place, inputs[name], cell.unit ? ` ${cell.unit}` : null);
  })));
  const table = h("table", { class: "md-table" }, h("thead", {}, head), h("tbody", {}, ...body));
  return {
    node: h("div", { class: "md-scroll", tabindex: 0, role: "region", "aria-label": _("Bảng để điền") }, table),
    get: () => Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value]).filter(([, v]) => v.trim())),
    set(value) {
      for (const [name, input] of Object.entries(inputs)) input.value = typedIn(value, name);
    },
  };
}

// A list of right sides with letters, and a drop-down of them beside each left side.
function draw(spec, changed) {
  const list = h("ul", { class: "md-right", "aria-label": _("Các vế để chọn") });
  for (const side of spec.right) {
    const text = h("span", { html: side.html });
    list.append(h("li", {}, h("span", { class: "md-letter" }, side.letter), text));
  }
  const rows = h("div", { class: "md-pairs" });
  const selects = spec.left.map((side) => {
    const select = dropDown(spec.right.map((right) => ({ id: right.id, text: `${right.letter}. ${plain(right.html)}` })), changed, { "data-part": side.id });
    rows.append(h("label", { class: "md-pair" }, h("span", { class: "md-pair-text", html: side.html }), select));
    return select;
  });
  const warning = h("p", { class: "md-hint", role: "status" });
  const check = () => {
    const used = selects.map((s) => s.value).filter(Boolean);
    const twice = spec.right.filter((r) => used.filter((u) => u === r.id).length > 1).map((r) => r.letter);
    warning.textContent = twice.length ? _("Chữ {letters} đang được dùng hai lần; mỗi chữ chỉ dùng một lần.", { letters: twice.join(", ") }) : "";
  };
  rows.addEventListener("change", check);
  return {
    node: h("div", {}, list, rows, warning),
    get: () => Object.fromEntries(spec.left.map((side, n) => [side.id, selects[n].value]).filter(([, v]) => v)),
    set(value) {
      spec.left.forEach((side, n) => {
        const wanted = typedIn(value, side.id);
        selects[n].value = spec.right.some((r) => r.id === wanted) ? wanted : "";
      });
      check();
    },
  };
}

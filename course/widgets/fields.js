// What the drawings of several types share. A drawing is a file of types/, named after its type, and defines
// draw(spec, changed, model), which returns {node, get, set}: an element, its value, a way to set it; echo and end if need be.
// `changed(now)` is called after every change; `now`: do not wait for more typing.

function plain(html) {
  return h("span", { html }).textContent;
}

function shortInput(kind, changed, attributes) {
  return h("input", { class: `md-input ${kind}`, type: "text", autocomplete: "off", oninput: () => changed(false), onchange: () => changed(true), ...attributes });
}

/** One part of a stored answer of any shape. */
function typedIn(value, part) {
  const typed = value && typeof value === "object" ? value[part] : "";
  return typeof typed === "string" ? typed : "";
}

/** A drop-down of entries {id, text}, nothing chosen at first. */
function dropDown(entries, changed, attributes) {
  const options = entries.map(({ id, text }) => h("option", { value: id }, text.length > 60 ? `${text.slice(0, 58)}…` : text));
  return h("select", { class: "md-select", onchange: () => changed(true), ...attributes }, h("option", { value: "" }, _("Chọn…")), ...options);
}

/** Options to tick: `kind` is radio or checkbox. */
function drawOptions(spec, changed, kind) {
  const name = freshId();
  const boxes = spec.options.map((option) => h("input", { type: kind, name, value: option.id, onchange: () => changed(true) }));
  const node = h("div", { class: "md-options" });
  spec.options.forEach((option, n) => {
    const text = h("span", { class: "md-option-text", html: option.html });
    node.append(h("label", { class: "md-option" }, boxes[n], h("span", { class: "md-letter", "aria-hidden": "true" }, option.letter), text));
  });
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  return {
    node,
    get: () => (kind === "radio" ? (chosen()[0] ?? null) : chosen()),
    set(value) {
      const wanted = Array.isArray(value) ? value : [value];
      for (const box of boxes) box.checked = wanted.includes(box.value);
    },
  };
}

/** Count tiếng as course/vietnamese.py does. */
function countTieng(text) {
  return (text.normalize("NFC").match(/[\p{L}\p{N}]+(?:[.,:'’-][\p{L}\p{N}]+)*/gu) ?? []).length;
}

/** A text of some length, with a count of its tiếng. */
function drawWriting(spec, changed) {
  const meterId = freshId();
  const inputId = freshId();
  const label = h("label", { class: "md-sr", for: inputId }, _("Bài làm {title}", spec));
  const input = h("textarea", { id: inputId, class: "md-input md-long", autocomplete: "off", maxlength: spec.longest, rows: 7, "aria-describedby": meterId,
    oninput: () => { meter(); changed(false); }, onchange: () => changed(true) });
  const line = h("p", { class: "md-meter", id: meterId });
  function meter() {
    const count = countTieng(input.value);
    const [least, most] = spec.words ?? [0, Infinity];
    const wanted = spec.words ? _(", cần {least}–{most} chữ", { least, most }) : "";
    const judged = count < least ? _("còn thiếu {count}", { count: least - count }) : count > most ? _("thừa {count}", { count: count - most }) : _("đủ độ dài");
    line.textContent = _("{count} chữ", { count }) + wanted + (spec.words && count ? ` · ${judged}` : "");
    line.dataset.fits = !spec.words || !count || (count >= least && count <= most);
    if (input.value.length >= spec.longest) line.textContent += _(" · Đã đến giới hạn {longest} ký tự, phần sau không nhận.", spec);
  }
  const list = (spec.criteria ?? []).length
    ? h("div", { class: "md-criteria" }, h("p", {}, _("Bài được xem theo:")), h("ul", {}, ...spec.criteria.map((c) => h("li", { html: c })))) : null;
  meter();
  return {
    node: h("div", {}, list, label, input, line),
    get: () => input.value,
    set(value) {
      input.value = typeof value === "string" ? value : "";
      meter();
    },
  };
}

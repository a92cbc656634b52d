// One drawing function per item type. Each returns {node, get, set}: an element, its value, a way to set it.
// `changed(now)` is called after every change; `now`: do not wait for more typing.

function drawOptions(spec, changed) {
  const kind = spec.type === "single" ? "radio" : "checkbox";
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

function plain(html) {
  return h("span", { html }).textContent;
}

function drawMatch(spec, changed) {
  const list = h("ul", { class: "md-right", "aria-label": "Các vế để chọn" });
  for (const side of spec.right) {
    const text = h("span", { html: side.html });
    list.append(h("li", {}, h("span", { class: "md-letter" }, side.letter), text));
  }
  const rows = h("div", { class: "md-pairs" });
  const selects = spec.left.map((side) => {
    const select = h("select", { class: "md-select", onchange: () => changed(true) }, h("option", { value: "" }, "Chọn…"));
    for (const right of spec.right) {
      const text = plain(right.html);
      select.append(h("option", { value: right.id }, `${right.letter}. ${text.length > 60 ? `${text.slice(0, 58)}…` : text}`));
    }
    rows.append(h("label", { class: "md-pair" }, h("span", { class: "md-pair-text", html: side.html }), select));
    return select;
  });
  const warning = h("p", { class: "md-hint", role: "status" });
  const check = () => {
    const used = selects.map((s) => s.value).filter(Boolean);
    const twice = spec.right.filter((r) => used.filter((u) => u === r.id).length > 1).map((r) => r.letter);
    warning.textContent = twice.length ? `Chữ ${twice.join(", ")} đang được dùng hai lần; mỗi chữ chỉ dùng một lần.` : "";
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

function drawOrder(spec, changed) {
  const list = h("ol", { class: "md-steps" });
  const spoken = h("p", { class: "md-sr", "aria-live": "polite" });
  let touched = false;
  const keep = h("button", { type: "button", class: "md-button md-quiet md-small", onclick: () => moved() }, "Giữ nguyên thứ tự này");

  function moved(step) {
    touched = true;
    keep.hidden = true;
    number();
    if (step) spoken.textContent = `Đã chuyển đến vị trí ${[...list.children].indexOf(step) + 1} trên ${list.children.length}.`;
    changed(true);
  }
  function number() {
    [...list.children].forEach((step, n) => {
      step.querySelector(".md-place").textContent = n + 1;
      step.querySelector(".md-up").disabled = n === 0;
      step.querySelector(".md-down").disabled = n === list.children.length - 1;
    });
  }
  function shift(step, by, button) {
    const place = [...list.children].indexOf(step) + by;
    if (place < 0 || place >= list.children.length) return;
    if (by < 0) list.insertBefore(step, list.children[place]);
    else list.insertBefore(list.children[place], step);
    moved(step);
    (button.disabled ? step.querySelector(by < 0 ? ".md-down" : ".md-up") : button).focus();
  }
  for (const entry of spec.steps) {
    const text = plain(entry.html);
    const step = h("li", { class: "md-step", "data-id": entry.id });
    const up = h("button", { type: "button", class: "md-arrow md-up", "aria-label": `Lên: ${text}`, onclick: () => shift(step, -1, up) }, "▲");
    const down = h("button", { type: "button", class: "md-arrow md-down", "aria-label": `Xuống: ${text}`, onclick: () => shift(step, 1, down) }, "▼");
    const grip = h("span", { class: "md-grip", "aria-hidden": "true" }, "⠿");
    grip.addEventListener("pointerdown", (event) => drag(event, step, grip));
    step.append(grip, h("span", { class: "md-place" }), h("span", { class: "md-step-text", html: entry.html }), up, down);
    list.append(step);
  }
  function drag(event, step, grip) {
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    step.classList.add("md-dragged");
    const before = get().join();
    // The others move around the dragged step: an element that is moved itself would lose the pointer.
    const follow = (at) => {
      const others = [...list.children].filter((other) => other !== step);
      const wanted = others.filter((other) => at.clientY > other.getBoundingClientRect().top + other.offsetHeight / 2).length;
      const place = () => [...list.children].indexOf(step);
      while (place() < wanted) list.insertBefore(step.nextElementSibling, step);
      while (place() > wanted) list.insertBefore(step.previousElementSibling, step.nextElementSibling);
      number();
    };
    const drop = () => {
      step.classList.remove("md-dragged");
      grip.removeEventListener("pointermove", follow);
      if (get().join() !== before) moved(step);
    };
    grip.addEventListener("pointermove", follow);
    grip.addEventListener("pointerup", drop, { once: true });
    grip.addEventListener("pointercancel", drop, { once: true });
  }
  const get = () => [...list.children].map((step) => step.dataset.id);
  number();
  return {
    node: h("div", {}, list, keep, spoken),
    get: () => (touched ? get() : []),
    set(value) {
      const wanted = Array.isArray(value) ? value : [];
      const known = wanted.filter((id) => spec.steps.some((s) => s.id === id));
      touched = known.length > 0;
      keep.hidden = touched;
      for (const id of known) list.append([...list.children].find((step) => step.dataset.id === id));
      number();
    },
  };
}

function shortInput(kind, changed, attributes) {
  return h("input", { class: `md-input ${kind}`, type: "text", autocomplete: "off", oninput: () => changed(false), onchange: () => changed(true), ...attributes });
}

/** One part of a stored answer of any shape. */
function typedIn(value, part) {
  const typed = value && typeof value === "object" ? value[part] : "";
  return typeof typed === "string" ? typed : "";
}

function drawNumbers(spec, changed) {
  const echoes = {};
  const inputs = spec.parts.map((part) => {
    const id = freshId();
    echoes[part.id] = h("span", { class: "md-echo", id });
    return shortInput("md-number", changed, { inputmode: "decimal", maxlength: 60, "aria-describedby": id });
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

function drawTable(spec, changed) {
  const inputs = {};
  const head = h("tr", {}, h("td", {}), ...spec.columns.map((c) => h("th", { scope: "col", html: c.html })));
  const body = spec.rows.map((row) => h("tr", {}, h("th", { scope: "row", html: row.html }), ...spec.columns.map((column) => {
    const name = row.id + column.id;
    const cell = spec.cells[name];
    const place = { "data-column": plain(column.html) };
    if (!cell || cell.given !== null) return h("td", place, cell ? cell.given : "");
    const label = `${plain(row.html)}, ${plain(column.html)}${cell.unit ? ` (${cell.unit})` : ""}`;
    inputs[name] = shortInput("md-cell", changed, { maxlength: 200, "aria-label": label });
    return h("td", place, inputs[name], cell.unit ? ` ${cell.unit}` : null);
  })));
  const table = h("table", { class: "md-table" }, h("thead", {}, head), h("tbody", {}, ...body));
  return {
    node: h("div", { class: "md-scroll", tabindex: 0, role: "region", "aria-label": "Bảng để điền" }, table),
    get: () => Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value]).filter(([, v]) => v.trim())),
    set(value) {
      for (const [name, input] of Object.entries(inputs)) input.value = typedIn(value, name);
    },
  };
}

/** Count tiếng as course/vietnamese.py does. */
function countTieng(text) {
  return (text.normalize("NFC").match(/[\p{L}\p{N}]+(?:[.,:'’-][\p{L}\p{N}]+)*/gu) ?? []).length;
}

function drawText(spec, changed) {
  const long = spec.type !== "text";
  const meterId = freshId();
  const inputId = freshId();
  const label = h("label", { class: "md-sr", for: inputId }, `Bài làm ${spec.title}`);
  const input = h(long ? "textarea" : "input", { id: inputId, class: long ? "md-input md-long" : "md-input", autocomplete: "off", maxlength: long ? spec.longest : 300,
    rows: long ? 7 : null, type: long ? null : "text", "aria-describedby": long ? meterId : null,
    oninput: () => { meter(); changed(false); }, onchange: () => changed(true) });
  const line = h("p", { class: "md-meter", id: meterId });
  function meter() {
    if (!long) return;
    const count = countTieng(input.value);
    const [least, most] = spec.words ?? [0, Infinity];
    const wanted = spec.words ? `, cần ${least}–${most} chữ` : "";
    const judged = count < least ? `còn thiếu ${least - count}` : count > most ? `thừa ${count - most}` : "đủ độ dài";
    line.textContent = `${count} chữ${wanted}${spec.words && count ? ` · ${judged}` : ""}`;
    line.dataset.fits = !spec.words || !count || (count >= least && count <= most);
    if (input.value.length >= spec.longest) line.textContent += ` · Đã đến giới hạn ${spec.longest} ký tự, phần sau không nhận.`;
  }
  const list = (spec.criteria ?? []).length
    ? h("div", { class: "md-criteria" }, h("p", {}, "Bài được xem theo:"), h("ul", {}, ...spec.criteria.map((c) => h("li", { html: c })))) : null;
  meter();
  return {
    node: h("div", {}, list, label, input, long ? line : null),
    get: () => input.value,
    set(value) {
      input.value = typeof value === "string" ? value : "";
      meter();
    },
  };
}

/** Answered in the notebook's own cell below; focus mode sends its text here. */
function drawCode(spec, changed, model) {
  let source = null;
  const run = () => {
    model.send({ kind: "prepare" });
    window.dispatchEvent(new CustomEvent("moduong:run", { detail: { item: spec.id } }));
  };
  const node = h("div", {}, spec.given ? h("pre", { class: "md-given" }, spec.given) : null,
    h("button", { type: "button", class: "md-button md-quiet", onclick: run }, "Chạy thử ô bên dưới"));
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

const DRAW = { single: drawOptions, multiple: drawOptions, match: drawMatch, order: drawOrder, number: drawNumbers, table: drawTable,
  text: drawText, post: drawText, essay: drawText, code: drawCode };

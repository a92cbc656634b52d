// A lab: texts and controls as Python gives them. What stays keeps its element, so that focus and caret stay too.

const PAUSE = 700; // ms after the last key before a text is told

/** A control's element with what the lab holds of it: `settled` answers everything sent, else only older news came. */
function held(node, set) {
  let known;
  return {
    node,
    knows(value) { known = JSON.stringify(value); return value; },
    patch(part, settled) {
      if (!settled || JSON.stringify(part.value) === known) return;
      this.knows(part.value);
      set(part.value);
    },
  };
}

const make = {
  say(part) {
    const node = h("div", { class: "md-say", role: part.live && "status", "aria-live": part.live && "polite" });
    let last = "";
    return { node, patch({ html }) { if (html !== last) node.innerHTML = last = html; } };
  },
  range(part, send) {
    const id = freshId();
    const seen = h("output", { for: id, class: "md-seen" });
    const input = h("input", { type: "range", id, min: part.least, max: part.most, step: part.step,
      oninput: () => { seen.textContent = input.value; }, onchange: () => send(one.knows(Number(input.value))) });
    const one = held(h("div", { class: "md-control" }, h("label", { for: id, html: part.label }), h("div", { class: "md-range" }, input, seen)),
      (value) => { input.value = value; seen.textContent = value; });
    return one;
  },
  choice(part, send) {
    return part.row ? segments(part, send) : list(part, send);
  },
  tick(part, send) {
    const input = h("input", { type: "checkbox", onchange: () => send(one.knows(input.checked)) });
    const one = held(h("label", { class: "md-option md-control" }, input, h("span"), h("span", { html: part.label })), (value) => { input.checked = value; });
    return one;
  },
  area(part, send) {
    const id = freshId();
    let timer = 0;
    const tell = () => {
      clearTimeout(timer);
      if (input.value !== told) send(one.knows(told = input.value));
    };
    let told;
    const input = h("textarea", { id, class: "md-input", rows: part.rows, maxlength: part.longest, onchange: tell,
      oninput: part.live ? () => { clearTimeout(timer); timer = setTimeout(tell, PAUSE); } : null });
    const one = held(h("div", { class: "md-control" }, h("label", { for: id, html: part.label }), input), (value) => { input.value = told = value; });
    return one;
  },
  buttons(part, _send, press) {
    const all = part.buttons.map(({ id, label }) => h("button", { type: "button", class: `md-button${id === "again" ? " md-quiet" : ""}`,
      onclick: (event) => { if (event.currentTarget.getAttribute("aria-disabled") !== "true") press(id); } }, label));
    return {
      node: h("div", { class: "md-buttons" }, ...all),
      patch(fresh) { fresh.buttons.forEach(({ disabled }, n) => all[n].setAttribute("aria-disabled", String(disabled))); },
    };
  },
};

function list(part, send) {
  const id = freshId();
  const select = h("select", { id, class: "md-select", onchange: () => send(one.knows(part.options[select.selectedIndex][0])) },
    ...part.options.map(([, text]) => h("option", {}, text)));
  const one = held(h("div", { class: "md-control" }, h("label", { for: id, html: part.label }), select),
    (value) => { select.selectedIndex = part.options.findIndex(([own]) => own === value); });
  return one;
}

function segments(part, send) {
  const name = freshId();
  const inputs = part.options.map(([value]) => h("input", { type: "radio", name, onchange: () => send(one.knows(value)) }));
  const one = held(h("fieldset", { class: "md-field md-control" }, h("legend", { html: part.label }),
    h("div", { class: "md-segments" }, ...part.options.map(([, text], n) => h("label", { class: "md-option" }, inputs[n], h("span"), h("span", {}, text))))),
    (value) => part.options.forEach(([own], n) => { inputs[n].checked = own === value; }));
  return one;
}

function render({ model, el }) {
  learn(model.get("words"));
  const titleId = freshId();
  const parts = h("div", { class: "md-parts" });
  const root = h("section", { class: "md-lab", "aria-labelledby": titleId }, h("h3", { class: "md-title", id: titleId }, model.get("shown").title), parts);
  if (model.get("paper")) root.append(h("details", { class: "md-paper" }, h("summary", {}, _("Bản làm trên giấy, để in hoặc đọc")), h("div", { html: model.get("paper") })));
  keepKeys(root);
  const drawn = new Map();
  let sent = model.get("shown").n;

  function send(control, value) {
    sent += 1;
    model.send({ control, value, n: sent });
  }
  function show() {
    const { parts: all, n } = model.get("shown");
    const settled = n >= sent;
    sent = Math.max(sent, n);
    const focused = parts.contains(document.activeElement) ? document.activeElement : null;
    const wanted = new Set(all.map((part) => part.id));
    for (const [id, { node }] of drawn) if (!wanted.has(id)) { node.remove(); drawn.delete(id); }
    let at = parts.firstChild;
    for (const part of all) {
      const old = drawn.get(part.id);
      const one = old ?? make[part.kind](part, (value) => send(part.id, value), (id) => send(id, null));
      if (!old) drawn.set(part.id, one);
      one.patch(part, settled || !old);
      if (one.node === at) at = at.nextSibling;
      else parts.insertBefore(one.node, at);
    }
    if (focused && !focused.isConnected) { // what was used is gone: go on where the answer stands
      const said = parts.querySelector('[role="status"]');
      said?.setAttribute("tabindex", "-1");
      said?.focus();
    }
  }
  model.on("change:shown", show);
  el.append(root);
  show();
  return () => model.off("change:shown", show);
}

export default { render };

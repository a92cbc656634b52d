// Steps that are dragged, or moved by arrows, up and down.
function draw(spec, changed) {
  const list = h("ol", { class: "md-steps" });
  const spoken = h("p", { class: "md-sr", "aria-live": "polite" });
  let touched = false;
  const keep = h("button", { type: "button", class: "md-button md-quiet md-small", onclick: () => moved() }, _("Giữ nguyên thứ tự này"));

  function moved(step) {
    touched = true;
    keep.hidden = true;
    number();
    if (step) spoken.textContent = _("Đã chuyển đến vị trí {place} trên {total}.", { place: [...list.children].indexOf(step) + 1, total: list.children.length });
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
    const up = h("button", { type: "button", class: "md-arrow md-up", "aria-label": _("Lên: {text}", { text }), onclick: () => shift(step, -1, up) }, "▲");
    const down = h("button", { type: "button", class: "md-arrow md-down", "aria-label": _("Xuống: {text}", { text }), onclick: () => shift(step, 1, down) }, "▼");
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

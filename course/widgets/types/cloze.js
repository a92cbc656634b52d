// A text with gaps: a drop-down, words or a number in each, numbered as the feedback calls them.
function draw(spec, changed) {
  const text = h("div", { class: "md-cloze", html: spec.text });
  const echo = h("p", { class: "md-echo", role: "status" });
  const controls = spec.gaps.map((gap) => {
    const place = text.querySelector(`[data-gap="${gap.id}"]`);
    const before = document.createRange();
    before.setStartBefore(place.parentElement.firstChild);
    before.setEndBefore(place);
    const context = before.toString().trim().slice(-60);
    const name = context ? _("Chỗ {place}, sau «{context}»", { place: gap.place, context }) : _("Chỗ {place}", gap);
    const called = { "data-part": gap.id, "aria-label": gap.unit ? `${name} (${gap.unit})` : name };
    const control = gap.choices
      ? dropDown(gap.choices.map((choice) => ({ id: choice.id, text: plain(choice.html) })), changed, called)
      : shortInput(gap.number ? "md-number" : "", changed, { maxlength: gap.number ? 60 : 200, inputmode: gap.number ? "decimal" : null, ...called });
    place.append(h("span", { class: "md-gap-place", "aria-hidden": "true" }, `(${gap.place})`), control, gap.unit ? ` ${gap.unit}` : "");
    return control;
  });
  return {
    node: h("div", {}, text, echo),
    get: () => Object.fromEntries(spec.gaps.map((gap, n) => [gap.id, controls[n].value]).filter(([, v]) => v.trim())),
    set(value) {
      spec.gaps.forEach((gap, n) => {
        const wanted = typedIn(value, gap.id);
        controls[n].value = gap.choices && !gap.choices.some((choice) => choice.id === wanted) ? "" : wanted;
      });
    },
    echo(read) {
      echo.textContent = spec.gaps.filter((gap) => read[gap.id]).map((gap) => _("Chỗ {place}: {said}", { place: gap.place, said: read[gap.id] })).join(" ");
    },
  };
}

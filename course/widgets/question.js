// A question: text, field, the line that says whether the answer is kept, and feedback in practice.

const TYPING = 500; // ms without a key before a text is sent

function statusText({ state, at, text, kept, empty }) {
  const stored = empty ? _("Chưa trả lời") : at ? _("Đã lưu lúc {at}", { at }) : _("Đã lưu");
  switch (state) {
    case "saving": return _("Đang lưu…");
    case "saved": return stored;
    case "elsewhere": return _("{stored} từ một trang khác; trang này đã theo bản mới nhất.", { stored });
    case "failed": return _("CHƯA LƯU ĐƯỢC. {text} {more}", { text, more: kept
      ? _("Câu trả lời đang được giữ trong trình duyệt này và sẽ tự gửi lại.")
      : _("Trình duyệt này không giữ hộ được: xin đừng đóng trang.") });
    default: return _("Chưa trả lời");
  }
}

function drawFeedback(box, found) {
  const marks = { true: ["✓", _("Đúng")], false: ["✗", _("Chưa đúng")] };
  const notes = found.notes.map((note) => {
    const [sign, word] = marks[note.right] ?? ["", ""];
    const said = word && plain(note.html).startsWith(_("Đúng")) ? sign : `${sign} ${word}`.trim(); // most notes say it themselves
    return h("li", { "data-right": String(note.right) }, h("b", {}, [note.about, said].filter(Boolean).join(" · ")), " ", h("span", { html: note.html }));
  });
  box.replaceChildren(
    h("p", { class: "md-verdict" }, found.verdict), found.message ? h("p", {}, found.message) : "",
    notes.length ? h("ul", { class: "md-notes" }, ...notes) : "",
    found.explanation ? h("div", { class: "md-explanation", html: found.explanation }) : "");
}

function drawHead(spec, titleId) {
  const badge = (text) => h("span", { class: "md-badge" }, text);
  return h("header", { class: "md-head" },
    h("h3", { class: "md-title", id: titleId }, spec.title),
    spec.graded ? h("span", { class: "md-points" }, spec.points) : badge(_("Không tính điểm")),
    spec.critical ? badge(_("Câu trọng yếu")) : null,
    spec.simulated ? badge(_("Số liệu mô phỏng")) : null,
    spec.withdrawn ? badge(_("Câu đã rút, không tính điểm")) : null);
}

function render({ model, el }) {
  const spec = model.get("spec");
  const titleId = freshId();
  const root = h("section", { class: "md-question", "aria-labelledby": titleId, "data-item": spec.id });
  keepKeys(root);
  const status = h("p", { class: "md-status", role: "status", "aria-live": "polite" });
  const feedback = h("div", { class: "md-feedback", role: "status", "aria-live": "polite" });
  const field = shelf.draw[spec.type](spec, changed, model);
  const check = h("button", { type: "button", class: "md-button", onclick: attempt }, _("Xem phản hồi"));
  const again = h("button", { type: "button", class: "md-button md-quiet", onclick: clear }, _("Thử lại"));
  let typing = 0;
  let saver = null;

  function say(news) {
    status.textContent = statusText(news);
    status.dataset.state = news.empty && news.state === "saved" ? "none" : news.state;
    if (field.echo && news.echo) field.echo(news.echo);
    window.dispatchEvent(new Event("moduong:said"));
  }
  function changed(now) {
    if (!spec.graded) {
      feedback.replaceChildren();
      if (spec.at_once) attempt();
      return;
    }
    if (!typing && JSON.stringify(field.get()) === sent) return; // leaving a field changes nothing
    say({ state: "saving" });
    clearTimeout(typing);
    if (now) flush();
    else typing = setTimeout(flush, TYPING);
  }
  let sent = null;
  function flush() {
    clearTimeout(typing);
    typing = 0;
    const value = field.get();
    sent = JSON.stringify(value);
    saver.change(value);
  }
  function adopt(value) {
    field.set(value);
    sent = JSON.stringify(field.get());
  }
  function attempt() {
    model.send({ kind: "try", value: field.get() });
  }
  function clear() {
    field.set(null);
    feedback.replaceChildren();
    root.querySelector("input, select, textarea, button")?.focus();
  }
  function listen(message) {
    if (message.kind !== "feedback") return;
    drawFeedback(feedback, message);
    placeMedia(feedback, spec.media);
  }

  root.append(drawHead(spec, titleId), h("div", { class: "md-stem", html: spec.stem }),
    h("fieldset", { class: "md-field" }, h("legend", { class: "md-hint" }, spec.hint), field.node));
  placeMedia(root, spec.media);
  if (spec.graded) {
    root.append(status);
    if (spec.stored) adopt(spec.stored.value);
    saver = makeSaver(model, spec, say, adopt);
    saver.begin();
  } else {
    root.append(h("div", { class: "md-buttons" }, spec.at_once ? null : check, again), feedback);
    model.on("msg:custom", listen);
    if (spec.tried) { // where practice is kept
      adopt(spec.tried.value);
      drawFeedback(feedback, spec.tried.feedback);
    }
  }
  // A text that is still being typed goes out before the page is left.
  const leave = () => { if (typing) flush(); };
  window.addEventListener("pagehide", leave);
  window.addEventListener("moduong:flush", leave);
  el.append(root);
  return () => {
    leave();
    window.removeEventListener("pagehide", leave);
    window.removeEventListener("moduong:flush", leave);
    field.end?.();
    saver?.end();
    model.off("msg:custom", listen);
  };
}

shelf.render = render;
for (const type of Object.keys(shelf.draw)) shelf.of(type).found();
export default {};

// The start page: modules of my track, where I stand in each, links.

const MARKS = { new: "○", working: "◐", sent: "➤", pending: "⏳", passed: "✓", failed: "✗", missing: "–", practice: "○" };

function drawModule(entry, folder, renew) {
  const link = (path, text, quiet) => h("a", { class: quiet ? "md-button md-quiet" : "md-button", href: notebookUrl(folder + path) }, text);
  const feedback = entry.feedback
    ? h("a", { class: "md-button md-quiet", href: fileUrl(folder + entry.feedback), target: "_blank", rel: "noopener" }, _("Xem phản hồi")) : null;
  const titleId = freshId();
  return h("li", { class: "md-module", "data-state": entry.state, "aria-labelledby": titleId },
    h("h3", { class: "md-title", id: titleId }, `${entry.module} · ${entry.title}`),
    h("p", { class: "md-standing" }, h("b", {}, `${MARKS[entry.state]} ${entry.label}`), ` · ${entry.detail}`),
    entry.newer ? h("p", { class: "md-newer" }, _("Học phần có bản mới. Câu trả lời đã lưu được chuyển sang."), " ",
      h("button", { type: "button", class: "md-button md-quiet md-small", onclick: () => renew(entry.module) }, _("Lấy bản mới"))) : null,
    entry.state === "missing" ? null : h("div", { class: "md-buttons" },
      entry.lesson ? link(`${entry.module}/bai-hoc.ipynb`, _("Bài học"), entry.state !== "new") : null,
      entry.exercise ? link(`${entry.module}/${entry.module}.ipynb`, _("Bài tập chấm điểm"), entry.state === "new" || entry.state === "passed") : null,
      feedback));
}

function render({ model, el }) {
  learn(model.get("words"));
  const root = h("section", { class: "md-progress", "aria-label": _("Trang chủ") });
  keepKeys(root);
  const news = h("p", { class: "md-bad", role: "status", "aria-live": "polite", hidden: true });
  const who = h("div", { class: "md-who" });
  const sum = h("p", {});
  const bar = h("progress", { class: "md-meterbar", "aria-label": _("Số học phần đã đạt") });
  const list = h("ul", { class: "md-modules" });
  root.append(h("h1", { class: "md-welcome" }, model.get("state").title), h("p", { class: "md-lead" }, model.get("state").lead), who, news, h("div", { class: "md-sum" }, sum, bar), list);

  function askPerson(person) {
    const id = freshId();
    const input = h("input", { class: "md-input", id, autocomplete: "off", maxlength: 40, placeholder: "CB-000123" });
    const save = (event) => { event.preventDefault(); model.send({ kind: "person", person: input.value }); };
    return h("form", { class: "md-ask", onsubmit: save },
      h("label", { for: id }, _("Mã cán bộ của anh/chị (điều phối viên đã cho biết):")), input,
      h("button", { class: "md-button" }, _("Ghi nhận")),
      h("p", { class: "md-hint" }, _("Chưa ghi thì bài nộp mang tên máy «{person}» và có thể không được tính.", { person })));
  }
  function chooseTrack(state) {
    const id = freshId();
    const select = h("select", { class: "md-select", id, onchange: () => model.send({ kind: "track", track: select.value }) },
      ...state.tracks.map((t) => h("option", { value: t.id, selected: t.id === state.track }, t.name)));
    return h("div", { class: "md-track" }, h("label", { for: id }, _("Lộ trình học")), select);
  }
  const renew = (module) => model.send({ kind: "renew", module });
  function draw() {
    const state = model.get("state");
    const folder = notebookFolder();
    who.replaceChildren(state.ask_person ? askPerson(state.person) : h("p", {}, _("Mã cán bộ:"), " ", h("b", {}, state.person)), chooseTrack(state));
    sum.textContent = state.remaining;
    bar.max = state.modules.filter((entry) => entry.state !== "practice").length || 1;
    bar.value = state.modules.filter((entry) => entry.state === "passed").length;
    list.replaceChildren(
      ...(state.begin ? [h("li", { class: "md-module" }, h("p", {}, _("Lần đầu học? Anh/chị làm quen cách trả lời trước.")),
        h("a", { class: "md-button md-quiet", href: notebookUrl(`${folder}${state.begin.module}/bai-hoc.ipynb`) }, `${state.begin.module} · ${state.begin.title}`))] : []),
      ...state.modules.map((entry) => drawModule(entry, folder, renew)));
  }
  function listen(message) {
    if (message.kind !== "told") return;
    news.hidden = !message.text;
    news.textContent = message.text;
  }
  model.on("change:state", draw);
  model.on("msg:custom", listen);
  draw();
  el.append(root);
  return () => {
    model.off("change:state", draw);
    model.off("msg:custom", listen);
  };
}

export default { render };

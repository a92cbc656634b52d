// Handing in: says what is unanswered, asks once, shows a receipt only after the hand-in was read back.

const PATIENCE = 60000; // ms: nbgrader may be slow the first time

function drawReceipt(state) {
  const receipt = state.receipt;
  const rows = [
    [_("Học phần"), receipt.module], [_("Mã cán bộ"), receipt.person], [_("Lượt làm bài"), receipt.attempt], [_("Nộp lúc"), receipt.at],
    [_("Đã trả lời"), _("{answered} trên {total} câu", receipt)], [_("Mã biên nhận"), receipt.code]];
  const list = h("ul", { class: "md-receipt" }, ...rows.map(([name, value]) => h("li", {}, h("span", {}, `${name}:`), " ", h("b", {}, String(value)))));
  return h("div", { class: "md-receipt-box" }, h("h4", { class: "md-title" }, _("Biên nhận nộp bài")), list,
    h("p", { class: "md-hint" }, state.hint ?? _("Biên nhận này được giữ trong thư mục học phần. Kết quả và phản hồi sẽ hiện ở Trang chủ sau khi chấm.")));
}

function goTo(item) {
  const question = [...document.querySelectorAll(`.md-question[data-item="${CSS.escape(item)}"]`)].pop();
  question?.scrollIntoView({ block: "start" });
  question?.querySelector("input, select, textarea, button")?.focus({ preventScroll: true });
}

function download(name, buffer) {
  const link = h("a", { href: URL.createObjectURL(new Blob([buffer], { type: "application/x-ipynb+json" })), download: name, class: "md-button" }, _("Tải tệp bài nộp {name}", { name }));
  link.click();
  return h("div", {}, h("p", {}, _("Tệp bài nộp đã được tải về. Anh/chị gửi tệp ấy cho điều phối viên; chưa gửi tệp thì bài chưa đến nơi.")), link);
}

function render({ model, el }) {
  learn(model.get("words"));
  const titleId = freshId();
  const root = h("section", { class: "md-handin", "aria-labelledby": titleId });
  keepKeys(root);
  const line = h("p", { class: "md-progress-line" });
  const bar = h("progress", { class: "md-meterbar", "aria-label": _("Số câu đã trả lời") });
  const area = h("div", {});
  const news = h("div", { class: "md-news", role: "status", "aria-live": "polite" });
  const submit = h("button", { type: "button", class: "md-button", onclick: check }, _("Nộp bài"));
  let timer = 0;
  let busy = false;
  let asked = null; // what was missing when the question was asked

  root.append(h("h3", { class: "md-title", id: titleId }, _("Nộp bài")), line, bar, area, news, h("div", { class: "md-buttons" }, submit));

  function refresh() {
    const state = model.get("state");
    const done = state.total - state.missing.length;
    line.textContent = _("Đã trả lời {done} trên {total} câu.", { done, total: state.total });
    bar.max = state.total;
    bar.value = done;
    window.dispatchEvent(new Event("moduong:said"));
    if (busy) return;
    if (asked !== null && asked !== state.missing.length + state.partial.length) close(); // answered meanwhile: what was asked is out of date
    submit.hidden = state.same || asked !== null || Boolean(state.stopped);
    submit.textContent = state.receipt ? _("Nộp bài lượt {attempt}", state) : _("Nộp bài");
    area.replaceChildren(state.receipt ? drawReceipt(state) : "", h("p", {}, state.stopped && !state.same ? state.stopped : state.said));
  }

  function close() {
    asked = null;
    news.replaceChildren();
  }

  function check() {
    window.dispatchEvent(new Event("moduong:flush"));
    if (document.querySelector('.md-status[data-state="failed"]')) {
      return tell(_("Có câu chưa lưu được. Anh/chị đợi đến khi mọi câu ghi «Đã lưu» rồi nộp."), true);
    }
    wait(_("Đang kiểm tra…"));
    model.send({ kind: "check" });
  }

  function ask() {
    settle();
    const { missing, partial, total, attempt } = model.get("state");
    const yes = h("button", { type: "button", class: "md-button", onclick: send }, missing.length + partial.length ? _("Vẫn nộp bài") : _("Nộp bài ngay"));
    const no = h("button", { type: "button", class: "md-button md-quiet", onclick: () => { close(); submit.hidden = false; submit.focus(); } }, _("Làm tiếp"));
    const list = (text, found) => found.length ? h("div", {}, h("p", {}, h("b", {}, text)), h("ul", { class: "md-missing" }, ...found.map((m) =>
      h("li", {}, h("button", { type: "button", class: "md-button md-quiet md-small", onclick: () => goTo(m.id) }, m.title))))) : "";
    news.replaceChildren(
      list(_("Còn {count} câu chưa trả lời:", { count: missing.length }), missing),
      list(_("Còn ý trống, hoặc chưa đọc được thành số:"), partial),
      missing.length + partial.length ? "" : h("p", {}, _("Anh/chị đã trả lời đủ {total} câu.", { total })),
      h("p", {}, _("Nộp xong, lượt {attempt} được chấm đúng như bài lúc này. Muốn sửa, anh/chị làm lượt sau.", { attempt })),
      h("div", { class: "md-buttons" }, yes, no));
    submit.hidden = true;
    asked = missing.length + partial.length;
    yes.focus();
  }

  function send() {
    wait(_("Đang nộp bài, xin đợi…"));
    model.send({ kind: "submit" });
  }

  function wait(text) {
    busy = true;
    asked = null;
    submit.disabled = true;
    news.replaceChildren(h("p", {}, text));
    clearTimeout(timer);
    timer = setTimeout(() => tell(_("CHƯA NỘP ĐƯỢC. Máy chủ chưa trả lời. Câu trả lời vẫn còn nguyên; anh/chị tải lại trang rồi thử lại."), true), PATIENCE);
  }
  function settle() {
    clearTimeout(timer);
    busy = false;
    submit.disabled = false;
  }
  function tell(text, bad) {
    settle();
    refresh();
    news.replaceChildren(h("p", { class: bad ? "md-bad" : "md-good" }, text));
  }

  let file = null;
  function listen(message, buffers) {
    if (message.kind === "checked") ask();
    if (message.kind === "problem") tell(message.text, true);
    if (message.kind === "file") file = download(message.name, buffers[0]);
    if (message.kind === "done") {
      tell(file ? _("Đã tạo bài nộp và biên nhận.") : _("Đã nộp bài. Nơi nhận đã có đủ bài của anh/chị."), false);
      if (file) news.append(file);
      file = null;
    }
  }
  // Another notebook of this module has a kernel of its own: see what it stored meanwhile.
  const look = () => { if (!document.hidden) try { model.send({ kind: "look" }); } catch { /* the questions say it */ } };
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);
  model.on("msg:custom", listen);
  model.on("change:state", refresh);
  el.append(root);
  refresh();
  // The last question may be a code question, whose cell stands below it: handing in comes after that cell.
  const moving = setTimeout(() => {
    const below = el.closest(".jp-Cell")?.nextElementSibling;
    if (below?.classList.contains("md-code")) below.append(root);
    refresh(); // now that it is on the page
  }, 100);
  return () => {
    clearTimeout(timer);
    clearTimeout(moving);
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("focus", look);
    root.remove();
    model.off("msg:custom", listen);
    model.off("change:state", refresh);
  };
}

export default { render };

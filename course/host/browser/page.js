// What every signed-in page does: questions and hand-in where the text has places for them, the place in a lesson, the
// line that says what is not sent yet, the service worker, and a clean sign-out.

/** What question.js and hand_in.js talk to: the same four functions that a kernel's model has. */
function makeModel(values, hear) {
  const listeners = {};
  return {
    get: (name) => values[name],
    set(name, value) { values[name] = value; this.emit(`change:${name}`); },
    on: (event, f) => { (listeners[event] ??= new Set()).add(f); },
    off: (event, f) => listeners[event]?.delete(f),
    emit: (event, ...said) => { for (const f of [...(listeners[event] ?? [])]) f(...said); },
    say(message) { this.emit("msg:custom", message, []); },
    send(message) { hear.call(this, message); },
  };
}

const places = (kind) => [...document.querySelectorAll(`[data-${kind}]`)];

async function getJson(path) {
  const answer = await fetch(about.base + path, { headers: { Accept: "application/json" }, redirect: "error" });
  if (!answer.ok) throw { status: answer.status };
  return answer.json();
}

/** The exercise or practice of this module as the server has it; offline, as this device saw it last. */
async function lookUp(path) {
  const key = `${about.person}/${path}`;
  try {
    const state = await getJson(path);
    if (state.person !== about.person || state.version !== about.version) await startAfresh();
    await box.put(KEPT, key, state);
    return state;
  } catch (problem) {
    if (problem.status === 401) { location.assign(`${about.base}vao`); return new Promise(() => {}); }
    const kept = await box.get(KEPT, key);
    if (kept) tellLine(_("Đang không có mạng. Trang này hiện những gì máy này còn giữ; câu trả lời sẽ tự gửi khi có mạng."));
    return kept;
  }
}

/** The page in the cache is another edition's or another person's: forget it, and open it again once. */
async function startAfresh() {
  if (sessionStorage.getItem("md-afresh") === about.version) return;
  sessionStorage.setItem("md-afresh", about.version);
  await forgetPages();
  location.reload();
  await new Promise(() => {});
}

async function forgetPages() {
  try {
    for (const name of await caches.keys()) await caches.delete(name);
  } catch { /* no cache without a secure context */ }
}

function drawQuestion(spot, spec, more, hear) {
  const model = Object.assign(makeModel({ spec }, hear), more, {
    beside: (node) => queueMicrotask(() => spot.querySelector(".md-status")?.after(node)),
  });
  spot.replaceChildren();
  shelf.render({ model, el: spot });
  return model;
}

async function openExercise() {
  const path = `lam/${about.module}`;
  const state = await lookUp(path);
  const spots = places("ask");
  if (!state) {
    for (const spot of spots) spot.replaceChildren(h("p", { class: "md-bad" }, _("Chưa tải được câu hỏi. Anh/chị cần có mạng một lần để mở học phần này.")));
    return;
  }
  const key = `${about.person}/${path}`;
  const models = new Map();
  for (const spot of spots) {
    const spec = state.specs.find((one) => one.id === spot.dataset.ask);
    if (!spec) continue;
    const kept = (result) => {
      Object.assign(spec, { stored: result.stored, others: result.others });
      box.put(KEPT, key, state);
      if (result.state) handIn.set("state", (state.state = result.state));
    };
    models.set(spec.id, drawQuestion(spot, spec, { module: about.module, attempt: state.attempt, kept }, () => {}));
  }
  const look = async () => {
    const fresh = await getJson(path).catch(() => null);
    if (!fresh) return false;
    if (fresh.attempt !== state.attempt) location.reload();
    Object.assign(state, { state: fresh.state });
    for (const spec of fresh.specs) models.get(spec.id)?.saver.look(spec);
    handIn.set("state", fresh.state);
    return true;
  };
  const handIn = makeModel({ state: state.state }, async function hear(message) {
    if (message.kind === "look") return look();
    await settled();
    if (outbox.waiting) return this.say({ kind: "problem", text: _("CHƯA NỘP ĐƯỢC. Còn câu chưa gửi được lên máy chủ; anh/chị đợi có mạng rồi nộp.") });
    if (message.kind === "check") {
      if (await look()) return this.say({ kind: "checked" });
      return this.say({ kind: "problem", text: _("CHƯA NỘP ĐƯỢC. Chưa liên lạc được với máy chủ. Câu trả lời vẫn còn nguyên.") });
    }
    try {
      const done = await post("nop", { module: about.module, attempt: state.attempt }, 60000);
      state.state = done.state;
      this.set("state", done.state);
      box.put(KEPT, key, state);
      this.say({ kind: "done" });
    } catch (problem) {
      this.say({ kind: "problem", text: _("CHƯA NỘP ĐƯỢC. {text} Câu trả lời vẫn còn nguyên.", problem) });
    }
  });
  const end = document.getElementById("md-handin");
  if (end) drawHandIn({ model: handIn, el: end });
}

/** Wait a moment for what is on its way. */
async function settled() {
  for (let n = 0; n < 50; n += 1) {
    await outbox.count();
    if (!outbox.waiting || outbox.failures) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function openLesson() {
  keepPlace();
  const spots = places("practice");
  if (!spots.length) return;
  const state = await lookUp(`tu-luyen/${about.module}`);
  for (const spot of spots) {
    const spec = state?.specs.find((one) => one.id === spot.dataset.practice);
    if (!spec) {
      spot.replaceChildren(h("p", { class: "md-hint" }, _("Câu tự luyện cần có mạng một lần để mở.")));
      continue;
    }
    drawQuestion(spot, spec, {}, async function hear(message) {
      if (message.kind !== "try") return;
      try {
        this.say({ kind: "feedback", ...(await post("thu", { module: about.module, item: spec.id, variant: spec.variant, value: message.value })) });
      } catch (problem) {
        this.say({ kind: "feedback", verdict: problem.text, notes: [], explanation: "", message: _("Phần tự luyện cần có mạng để xem phản hồi.") });
      }
    });
  }
}

/** Remember which piece of the lesson is on the screen, and go there when the page was opened by "Học tiếp". */
function keepPlace() {
  const pieces = [...document.querySelectorAll(".md-piece[id]")];
  let told = location.hash.slice(1);
  const tell = () => {
    const here = pieces.filter((piece) => piece.getBoundingClientRect().top < innerHeight / 2).pop();
    if (!here || here.id === told) return;
    told = here.id;
    post("cho", { module: about.module, place: told }).catch(() => { told = ""; });
  };
  let timer = 0;
  addEventListener("scroll", () => { clearTimeout(timer); timer = setTimeout(tell, 2500); }, { passive: true });
  document.addEventListener("visibilitychange", () => { if (document.hidden) tell(); });
  setTimeout(tell, 1500);
}

const lineOf = document.getElementById("md-line");
function tellLine(text) {
  if (!lineOf) return;
  lineOf.textContent = text;
  lineOf.hidden = !text;
}
outbox.news = (waiting, failures) => {
  if (waiting && failures) tellLine(_("Chưa gửi: {waiting} câu. Máy này đang giữ và sẽ tự gửi khi có mạng.", { waiting }));
  else if (!waiting) tellLine(document.documentElement.dataset.insecure && about.kind === "exercise" ? _("Kết nối này chưa có mã hóa: trang không mở được khi mất mạng.") : "");
};

const out = document.getElementById("md-out");
out?.addEventListener("submit", async (event) => {
  if (out.dataset.ready) return;
  event.preventDefault();
  await outbox.flush();
  await outbox.count();
  if (outbox.waiting && !out.dataset.warned) {
    out.dataset.warned = "1";
    tellLine(_("Còn {waiting} câu chưa gửi. Đăng xuất bây giờ sẽ mất chúng; bấm «Đăng xuất» lần nữa nếu vẫn muốn.", outbox));
    return;
  }
  await box.clear();
  await forgetPages();
  out.dataset.ready = "1";
  out.requestSubmit();
});

if (about.worker && navigator.serviceWorker) navigator.serviceWorker.register(`${about.base}sw.js`, { scope: about.base }).catch(() => {});
if (about.person) outbox.flush();
if (about.kind === "exercise") openExercise();
if (about.kind === "lesson") openLesson();
openLabs();

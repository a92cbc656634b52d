// Saving one answer through the host. "Đã lưu" is said only after the server has committed it. The server decides the order:
// each save names the version it was typed on; what was typed on an older one comes back as the other text and is shown.

const CLIENT = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 10)}`;
let saves = 0;

/** As the kernel's: follow one question; `start` has place, variant, stored, others; `say` and `adopt` are question.js's. */
function makeSaver(model, start, say, adopt) {
  const key = `${about.person}/${start.place}`;
  let base = start.stored?.seq ?? 0;
  let pending = null; // the save that is not yet acknowledged
  let last = start.stored?.value ?? null; // what the field shows
  const beside = h("div", { class: "md-others", role: "status" });

  function entry(value, more = {}) {
    saves += 1;
    return { person: about.person, module: model.module, attempt: model.attempt, item: start.id, variant: start.variant, value, base, client: CLIENT, number: saves, ...more };
  }
  async function change(value, more) {
    const save = entry(value, more);
    pending = save;
    last = value;
    say({ state: "saving" });
    const kept = await outbox.put(key, save);
    if (pending === save && outbox.failures) say({ state: "failed", text: _("Chưa liên lạc được với máy chủ."), kept });
  }
  function failed(text) {
    if (pending) say({ state: "failed", text, kept: box.durable });
  }
  function stored(result, number) {
    if (result.problem) { // it can never be taken: say so, keep what is on the page
      pending = null;
      return say({ state: "failed", text: result.problem, kept: false });
    }
    const mine = pending?.number === number;
    if (result.stored) base = result.stored.seq;
    if (pending && !mine) return; // a later save is on its way
    const typed = pending?.value;
    pending = null;
    show(result.others);
    model.kept(result);
    if (!result.stored) return say({ state: "none" });
    const same = JSON.stringify(typed) === JSON.stringify(result.stored.value);
    if (!same) take(result.stored.value);
    say({ state: same ? "saved" : "elsewhere", ...result.stored });
  }
  /** Another tab or device has saved meanwhile. */
  function look(result) {
    if (pending || !result.stored || result.stored.seq <= base) return show(result.others);
    base = result.stored.seq;
    take(result.stored.value);
    show(result.others);
    say({ state: "elsewhere", ...result.stored });
  }
  function take(value) {
    last = value;
    adopt(value);
  }
  function show(others) {
    beside.replaceChildren(...others.map((other) => h("div", { class: "md-other" },
      h("p", {}, _("Còn một bản khác, nhận lúc {at}, viết khi trang kia chưa thấy bản trên. Không có gì bị mất:", other)),
      h("div", { class: "md-other-text" }, other.text),
      h("div", { class: "md-buttons" },
        h("button", { type: "button", class: "md-button md-quiet", onclick: () => { take(other.value); change(other.value, { away: other.client }); } }, _("Dùng bản này")),
        h("button", { type: "button", class: "md-button md-quiet", onclick: () => change(last, { away: other.client }) }, _("Bỏ bản này"))))));
  }
  outbox.listeners.set(key, { stored, failed });
  return {
    async begin() {
      model.saver = { look };
      model.beside(beside);
      const left = await box.get(OUT, key);
      if (left && left.attempt === model.attempt) {
        pending = { ...left };
        take(left.value);
        say({ state: "saving" });
        outbox.flush();
      } else if (start.stored) say({ state: "saved", ...start.stored });
      else say({ state: "none" });
      show(start.others ?? []);
    },
    change,
    end() { outbox.listeners.delete(key); },
  };
}

// Saving one answer. "Đã lưu" is said only after the kernel has it on disk; until then a copy waits in this browser.

const PATIENCE = 6000; // ms without an answer before the page says so
const AGAIN = 5000; // ms between further tries

/** Unsent answers of this browser, if it allows storage. */
const drawer = {
  read(key) {
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      return kept && Number.isSafeInteger(kept.seq) ? kept : null;
    } catch {
      return null;
    }
  },
  keep(key, draft) {
    try {
      localStorage.setItem(key, JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  },
  drop(key, seq) {
    const kept = this.read(key);
    try {
      if (kept && kept.seq <= seq) localStorage.removeItem(key);
    } catch {
      /* nothing was kept */
    }
  },
};

/**
 * Send drafts to the kernel and follow what becomes of them. `start` has place, variant and what is stored;
 * `say` gets {state: none, saving, saved, elsewhere, failed; at?, text?, kept?}; `adopt` a newer value of another page.
 */
function makeSaver(model, start, say, adopt) {
  let known = start.stored ? start.stored.seq : 0;
  let pending = null;
  let timer = 0;
  let kept = true;

  function send() {
    clearTimeout(timer);
    if (!pending) return;
    try {
      model.send({ kind: "draft", ...pending });
    } catch {
      return failed(_("Trang này đang mất liên lạc với máy chủ."));
    }
    timer = setTimeout(() => failed(_("Máy chủ chưa trả lời.")), PATIENCE);
  }

  function failed(text) {
    clearTimeout(timer);
    if (!pending) return;
    say({ state: "failed", text, kept });
    timer = setTimeout(send, AGAIN);
  }

  function change(value) {
    const last = Math.max(known, pending ? pending.seq : 0);
    pending = { value, seq: Math.max(last + 1, Date.now()), variant: start.variant };
    kept = drawer.keep(start.place, pending);
    say({ state: "saving" });
    send();
  }

  function stored(message) {
    const newer = message.seq > known;
    known = Math.max(known, message.seq);
    drawer.drop(start.place, message.seq);
    if (pending && message.seq < pending.seq) return; // a later draft is still on its way
    const mine = pending && message.seq === pending.seq;
    if (!mine && !newer) return; // said already
    clearTimeout(timer);
    pending = null;
    if (!mine) adopt(message.value);
    say({ state: mine ? "saved" : "elsewhere", at: message.at, echo: message.echo, empty: message.empty });
  }

  function listen(message) {
    if (message.kind === "stored") stored(message);
    if (message.kind === "failed" && pending && message.seq === pending.seq) failed(message.text);
  }

  function begin() {
    const left = drawer.read(start.place);
    if (left && left.seq > known) {
      pending = { value: left.value, seq: left.seq, variant: start.variant };
      adopt(left.value);
      say({ state: "saving" });
      send();
    } else {
      if (left) drawer.drop(start.place, known);
      if (start.stored) say({ state: "saved", at: start.stored.at, echo: start.stored.echo, empty: start.stored.empty });
      else say({ state: "none" });
    }
  }

  model.on("msg:custom", listen);
  return {
    begin,
    change,
    end() {
      clearTimeout(timer);
      model.off("msg:custom", listen);
    },
  };
}

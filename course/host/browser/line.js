// The line to the server: posts JSON, sends what waits in the outbox from whatever page is open, and counts what waits.

const about = JSON.parse(document.getElementById("moduong-page").textContent); // {base, person, module?, kind, lang}
const PAUSES = [2000, 5000, 15000, 30000, 60000]; // ms between tries while the server does not answer
const SLOW = 12000; // ms without an answer before a save counts as failed

function cookie(name) {
  return document.cookie.split("; ").find((c) => c.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}

/** Post JSON. Throws {text, status}: status 0 when the server was not reached. */
async function post(path, data, patience = SLOW) {
  try {
    return await postOnce(path, data, patience);
  } catch (problem) {
    if (problem.status !== 403) throw problem;
    await fetch(about.base, { cache: "no-store" }); // the token against forged requests is gone: any page brings a new one
    return postOnce(path, data, patience);
  }
}

async function postOnce(path, data, patience) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  let answer, said;
  try {
    answer = await fetch(about.base + path, { method: "POST", body: JSON.stringify(data), signal: stop.signal, redirect: "error", keepalive: JSON.stringify(data).length < 50000,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-XSRFToken": cookie("_xsrf") } });
    said = await answer.json();
  } catch {
    throw { status: answer?.ok === false ? answer.status : 0, text: _("Chưa liên lạc được với máy chủ.") };
  } finally {
    clearTimeout(timer);
  }
  if (!answer.ok) throw { status: answer.status, text: said.problem ?? _("Máy chủ chưa nhận được.") };
  return said;
}

const outbox = {
  listeners: new Map(), // key -> {stored(result, number), failed(text, number)}
  running: false,
  again: false,
  failures: 0,
  timer: 0,
  waiting: 0,
  news: null,

  async put(key, entry) {
    await box.put(OUT, key, entry);
    await this.count();
    this.flush();
    return box.durable;
  },
  async mine() {
    return [...(await box.all(OUT))].filter(([, entry]) => entry.person === about.person);
  },
  async count() {
    this.waiting = (await this.mine()).length;
    this.news?.(this.waiting, this.failures);
  },
  /** Send everything that waits, oldest first; one request at a time. */
  async flush() {
    this.again = true;
    if (this.running || !about.person) return;
    this.running = true;
    clearTimeout(this.timer);
    try {
      while (this.again) {
        this.again = false;
        const batch = (await this.mine()).slice(0, 40);
        if (!batch.length) break;
        await this.send(batch);
        this.again ||= (await this.mine()).length > 0;
      }
      this.failures = 0;
    } catch (problem) {
      const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
      this.failures += 1;
      for (const [key, listener] of this.listeners) listener.failed(problem.text, key);
      this.timer = setTimeout(() => this.flush(), pause);
    } finally {
      this.running = false;
      await this.count();
      this.listening?.();
    }
  },
  async send(batch) {
    const { results } = await post("luu", { entries: batch.map(([, entry]) => entry) });
    for (const [n, [key, entry]] of batch.entries()) {
      const result = results[n];
      if (result.problem && !result.final) { // stays here; the page says why
        this.listeners.get(key)?.failed(result.problem, key);
        continue;
      }
      await box.drop(OUT, key, entry.number);
      this.listeners.get(key)?.stored(result, entry.number);
    }
    if (results.every((result) => result.problem && !result.final)) throw { text: results[0].problem };
  },
};
window.addEventListener("online", () => outbox.flush());
document.addEventListener("visibilitychange", () => { if (!document.hidden) outbox.flush(); });

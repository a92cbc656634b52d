// What this device keeps: answers on their way ("out"), and the last state of each exercise ("kept"). IndexedDB where the
// browser allows it, else memory, and the page says so.

const OUT = "out", KEPT = "kept";
const box = {
  db: null,
  durable: false,
  memory: { [OUT]: new Map(), [KEPT]: new Map() },
  ready: null,

  open() {
    this.ready ??= new Promise((resolve) => {
      let request;
      try {
        request = indexedDB.open("moduong", 1);
      } catch {
        return resolve();
      }
      request.onupgradeneeded = () => { for (const name of [OUT, KEPT]) request.result.createObjectStore(name); };
      request.onsuccess = () => { this.db = request.result; this.durable = true; this.db.onversionchange = () => this.db.close(); resolve(); };
      request.onerror = () => resolve();
      request.onblocked = () => resolve();
    });
    return this.ready;
  },
  async run(store, mode, work) {
    await this.open();
    if (!this.db) return undefined;
    return new Promise((resolve, reject) => {
      const transaction = this.db.transaction(store, mode);
      const request = work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  },
  async put(store, key, value) {
    this.memory[store].set(key, value);
    try {
      await this.run(store, "readwrite", (s) => s.put(value, key));
    } catch {
      this.durable = false;
    }
  },
  async get(store, key) {
    try {
      return (await this.run(store, "readonly", (s) => s.get(key))) ?? this.memory[store].get(key);
    } catch {
      return this.memory[store].get(key);
    }
  },
  async all(store) {
    const found = new Map(this.memory[store]);
    try {
      const keys = await this.run(store, "readonly", (s) => s.getAllKeys());
      for (const key of keys ?? []) found.set(key, await this.get(store, key));
    } catch { /* memory it is */ }
    return found;
  },
  /** Remove an entry, unless it was replaced by a later save meanwhile. */
  async drop(store, key, number = Infinity) {
    if ((this.memory[store].get(key)?.number ?? 0) <= number) this.memory[store].delete(key);
    try {
      await this.run(store, "readwrite", (s) => {
        const request = s.get(key);
        request.onsuccess = () => { if (request.result && (request.result.number ?? 0) <= number) s.delete(key); };
        return request;
      });
    } catch { /* memory it is */ }
  },
  async clear() {
    for (const store of [OUT, KEPT]) {
      this.memory[store].clear();
      try { await this.run(store, "readwrite", (s) => s.clear()); } catch { /* memory it is */ }
    }
  },
};

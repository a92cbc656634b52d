// The service worker: lessons and exercises open from the cache at once and are refreshed behind it; answers are never in it.
const VERSION = "__VERSION__", BASE = "__BASE__", FILES = __FILES__;
const FIRST = /^(?:hoc|bai)\/[A-Za-z0-9]{1,8}$/; // the same for every visit of one person
const KEPT = /^tep\//;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((n) => n !== VERSION).map((n) => caches.delete(n)))).then(() => self.clients.claim()));
});

async function refresh(request) {
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) (await caches.open(VERSION)).put(request, answer.clone());
  return answer;
}
async function kept(event) {
  const found = await caches.match(event.request, { ignoreVary: true });
  const fresh = refresh(event.request);
  if (!found) return fresh;
  event.waitUntil(fresh.catch(() => {}));
  return found;
}
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin || !url.pathname.startsWith(BASE)) return;
  const path = url.pathname.slice(BASE.length);
  if (path.startsWith("t/")) event.respondWith(caches.match(event.request).then((found) => found ?? refresh(event.request)));
  else if (FIRST.test(path) || KEPT.test(path)) event.respondWith(kept(event));
  else if (path === "") event.respondWith(refresh(event.request).catch(async (error) => (await caches.match(event.request)) ?? Promise.reject(error)));
});

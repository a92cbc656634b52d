// Small helpers of every widget; no request to any host.

/** Make an element: h("p", {class: "md-hint", onclick: f}, "text", child). */
function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "html") node.innerHTML = value; // only ever HTML that Python rendered with raw HTML switched off
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Give pictures, sound and video below `root` their sources; what is missing is told by its description. */
function placeMedia(root, sources = {}) {
  for (const node of root.querySelectorAll("[data-media]")) {
    const found = sources[node.dataset.media];
    const src = found?.src ?? (found?.file ? fileUrl(notebookFolder() + found.file) : null);
    if (src) node.setAttribute("src", src);
    else node.replaceWith(node.getAttribute("alt") ?? node.getAttribute("aria-label") ?? "");
  }
}

const WORDS = {}; // sentence → sentence in the course's language; nothing for Vietnamese, which stands in the code

/** Take over the words that Python sent for this widget. */
function learn(words) {
  Object.assign(WORDS, words ?? {});
}

/** Say a sentence in the course's language: _("Còn {count} câu", { count: 3 }). */
function _(sentence, fields = {}) {
  return (WORDS[sentence] ?? sentence).replace(/\{(\w+)\}/g, (whole, name) => (name in fields ? String(fields[name]) : whole));
}

let made = 0;
/** Return an id that no other element of the page has. */
function freshId() {
  made += 1;
  return `md-${made}-${Math.random().toString(36).slice(2, 8)}`;
}

/**
 * Keep Jupyter's single-key shortcuts (arrows, A, B, D D …) away from what is typed or chosen inside a widget.
 * Jupyter looks from the focused element upwards until it meets this attribute, so the focused element itself must have it.
 */
function keepKeys(root) {
  root.addEventListener("focusin", (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
  root.addEventListener("keydown", (event) => event.stopPropagation());
}

/** The address of the server's root, also behind a hub. */
function baseUrl() {
  const data = document.getElementById("jupyter-config-data");
  try {
    return JSON.parse(data.textContent).baseUrl || "/";
  } catch {
    return "/";
  }
}

/** The folder of the open notebook, relative to the server's root, with a slash at the end unless it is empty. */
function notebookFolder() {
  const path = location.pathname.slice(baseUrl().length).replace(/^(?:notebooks|tree|(?:lab|doc)(?:\/workspaces\/[^/]+)?\/tree)\//, "");
  return path.slice(0, path.lastIndexOf("/") + 1);
}

const encoded = (path) => path.split("/").map(encodeURIComponent).join("/");

/** The address of a notebook, in the same application that is open now. */
function notebookUrl(path) {
  const lab = /^(?:lab|doc)\b/.test(location.pathname.slice(baseUrl().length)); // JupyterLab, else Notebook
  return `${baseUrl()}${lab ? "lab/tree" : "notebooks"}/${encoded(path)}`;
}

/** The address of a file as it is. */
function fileUrl(path) {
  return `${baseUrl()}files/${encoded(path)}`;
}

// Focus mode for Notebook 7 and JupyterLab: a prebuilt extension written by hand. In notebooks marked `moduong` it runs only
// `ask("…")`, `practice("…")`, `lab("…")`, `home()` (staff's: only `coordinator()`) and hides the rest; `?edit=1` shows it.

(() => {
  const NAME = "moduong-focus";
  const OURS = /^\s*(?:(?:ask|practice|lab)\("[A-Za-z0-9_.-]+"\)|home\(\))\s*$/;
  // Before any cell the notebook's folder leaves the path: no file beside it can pass for `course`.
  const prepare = (names) => [
    "import sys as _s, os as _o",
    "_s.path[:] = [_p for _p in _s.path if _p and _o.path.realpath(_p) != _o.path.realpath(_o.getcwd())]",
    names,
    "del _s, _o",
  ].join("\n");
  const CADRE = { ours: OURS, prepare: prepare("from course import ask, home, lab, practice") };
  const STAFF = { ours: /^\s*coordinator\(\)\s*$/, prepare: prepare("from grader.coordinator import coordinator") };
  const roleOf = (ours) => (ours.kind === "coordinator" ? STAFF : CADRE);

  const STYLE = `
body { --md-font: "Noto Sans", system-ui, "Segoe UI", Roboto, sans-serif; }
.md-focus :is(.jp-InputArea, .jp-Cell-inputCollapser, .jp-Cell-outputCollapser, .jp-OutputPrompt, .jp-OutputArea-promptOverlay,
  .jp-InputPrompt, .jp-cell-toolbar, .jp-Notebook-footer, .nbgrader-cell, .jp-NotebookPanel-toolbar, .md-stub),
.md-focus .jp-CodeCell:not(.md-run):not(.md-code) { display: none !important; }
.md-focus :is(.jp-MarkdownCell, .md-code) .jp-InputArea { display: flex !important; }
.md-focus .jp-MarkdownCell .jp-InputArea-editor { display: none !important; }
body.md-focus-page, .md-focus-page :is(#main, #main-panel, .jp-Notebook, .jp-NotebookPanel) { background: #fff !important; }
.md-focus :is(.jp-Notebook, .jp-WindowedPanel-outer, .jp-WindowedPanel-viewport) { margin: 0 !important; padding: 0 !important; box-shadow: none !important; background: #fff !important; }
.md-focus .jp-WindowedPanel-viewport { padding-bottom: 4rem !important; max-width: 100%; }
.md-focus .md-code .jp-InputArea-editor { min-height: 6rem; font-size: 1rem; border: 1px solid #76859b; border-radius: .4rem; }
.md-focus .md-code .cm-content { font: 1rem/1.5 "Noto Sans Mono", Consolas, Menlo, monospace; }
.md-focus .md-ticks ul { list-style: none; padding-left: 1.4em; text-indent: -1.4em; }
.md-focus .jp-Notebook { overflow-x: hidden !important; }
.md-focus .jp-WindowedPanel-inner { max-width: 100%; }
.md-focus .jp-Cell { max-width: 48rem; margin: 0 auto !important; padding: 0 1rem !important; box-sizing: border-box; background: #fff !important; }
.md-focus .jp-Cell::before, .md-focus .jp-Cell.jp-mod-active { box-shadow: none !important; border-color: transparent !important; }
.md-focus :is(.jp-OutputArea-output, .jp-OutputArea-child) { overflow: visible !important; padding: 0 !important; }
.md-focus :is(.jp-Cell-inputWrapper, .jp-Cell-outputWrapper) { margin: 0 !important; }
.md-focus .jp-RenderedHTMLCommon { font: 1rem/1.6 var(--md-font); color: #1b2430; padding: 0 !important; }
.md-focus .jp-MarkdownCell img { max-width: 100%; height: auto; }
.md-focus .jp-MarkdownCell pre { margin: .5rem 0; padding: .5rem; font-size: .9rem; background: #f5f7fa; }
.md-focus .jp-MarkdownCell :is(pre, td) code { white-space: pre-wrap; overflow-wrap: anywhere; word-break: normal; }
.md-focus .jp-MarkdownCell pre code { display: block; padding: 0; font-size: inherit; background: none; }
.md-focus .jp-MarkdownCell table { display: block; max-width: 100%; overflow-x: auto; }
.md-focus .jp-InternalAnchorLink { display: none !important; }
.md-focus .jp-MarkdownCell a { color: #0b5394; text-decoration: underline; }
.md-lab { border: 1px solid #d5dce6; border-radius: .6rem; padding: 1rem; margin: .5rem 0 1.25rem; box-sizing: border-box; overflow: visible; }
.md-lab :is(.widget-html-content, .widget-button, select, input) { font: 1rem/1.5 var(--md-font); }
.md-lab :is(.widget-html, .widget-html-content) { width: auto; min-width: 0; max-width: 100%; }
.md-lab .widget-html-content { white-space: normal; line-height: 1.5 !important; }
.md-lab .widget-button { min-height: 2.75rem; height: auto; white-space: normal; background: #0b5394; color: #fff; border-radius: .5rem; padding: .4rem 1rem; font-weight: 600; }
.md-lab :is(select, .widget-dropdown, .widget-text input) { min-height: 2.75rem; height: auto; font-size: 1rem; color: #1b2430; }
.md-lab .jupyter-widgets { max-width: 100%; margin-left: 0; margin-right: 0; }
.md-lab .widget-hbox { gap: .4rem; }
.md-lab .widget-vbox > .widget-button { align-self: flex-start; }
.md-lab table { border-collapse: collapse; }
.md-lab :is(th, td) { padding: .2rem .35rem; border: 1px solid #d5dce6; vertical-align: top; }
.md-lab .widget-toggle-button { color: #0b5394; background: #fff; border: 1px solid #76859b; }
.md-lab .widget-toggle-button.mod-active { color: #fff; background: #0b5394; }
.md-lab :is(.widget-toggle-button, .widget-checkbox, .widget-checkbox label, textarea) { min-height: 2.75rem; height: auto; font: 1rem/1.5 var(--md-font); }
.md-lab .widget-checkbox label { display: flex; align-items: center; gap: .5rem; width: auto; white-space: normal; }
.md-lab input[type=checkbox] { flex: none; width: 1.25rem; height: 1.25rem; min-height: 0; margin: 0; }
.md-lab .widget-readout { font-size: 1rem; }
.md-lab :is(textarea, .widget-checkbox) { color: #1b2430; }
.md-lab summary { cursor: pointer; min-height: 2rem; padding: .4rem 0; color: #0b5394; }
.md-bar { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem 1rem; box-sizing: border-box; max-width: 48rem; margin: 0 auto; padding: .3rem 1rem; font: 1rem/1.4 var(--md-font); color: #46536a; }
.jp-WindowedPanel-outer { scroll-padding-top: 4rem; }
.md-bar:first-child { position: sticky; top: 0; z-index: 9; background: #fff; border-bottom: 1px solid #d5dce6; }
.md-bar:first-child:not(:has(a)) { border: 0; }
.md-focus.md-staff .jp-Cell, .md-staff .md-bar { max-width: 76rem; }
.md-bar-title { margin: 0; font-size: 1rem; color: #1b2430; }
.md-bar a { display: inline-block; padding: .7rem 0; color: #0b5394; font-weight: 600; text-decoration: underline; }
.md-bar [data-state="failed"] { color: #9f1420; font-weight: 600; }
.md-bar :is(button, .md-go) { box-sizing: border-box; min-height: 2.75rem; padding: .5rem 1rem; font: inherit; font-weight: 600; color: #0b5394; background: #fff; border: 1px solid #0b5394; border-radius: .5rem; cursor: pointer; }
.md-bar .md-go { color: #fff; background: #0b5394; text-decoration: none; }
:is(.md-bar, .md-lab) :focus-visible { outline: 3px solid #0b5394 !important; outline-offset: 2px; }
.md-focus .jp-RenderedHTMLCommon table { font-size: .95rem; }
.md-focus :is(h1, h2, h3) { font-weight: 700; line-height: 1.3; }
.md-focus .jp-MarkdownCell h1 { font-size: 1.8rem; } .md-focus .jp-MarkdownCell h2 { font-size: 1.45rem; } .md-focus .jp-MarkdownCell h3 { font-size: 1.15rem; }
@media print {
  .md-focus-page, .md-focus-page * { overflow: visible !important; }
  .md-focus-page :is(.lm-Widget, .jp-WindowedPanel-outer) { position: static !important; width: auto !important; height: auto !important;
    min-height: 0 !important; max-height: none !important; contain: none !important; }
  .md-bar, .md-take-away .jp-Cell:not(.md-taken), .jp-WindowedPanel-outer::after { display: none !important; }
  .md-take-away :is(p, li, table) { font-size: 10.5pt !important; line-height: 1.35 !important; }
  .md-take-away :is(p, li, ul, ol, h2, h3) { margin-block: 0 .3em !important; }
  .md-take-away .jp-WindowedPanel-viewport { padding: 0 !important; }
  .md-take-away pre { white-space: pre-wrap !important; }
}
@media (max-width: 560px) { .md-focus .jp-Cell { padding: 0 .6rem !important; } .md-bar { padding: .2rem .6rem; } .md-lab { padding: .7rem .5rem; }
.md-lab table { font-size: .85rem; }
.md-focus .jp-MarkdownCell blockquote { margin: .5rem 0; }
.md-focus .jp-MarkdownCell :is(.jp-Cell-inputWrapper, .jp-InputArea, .jp-MarkdownOutput) { overflow: visible !important; }
.md-focus .jp-MarkdownCell img { width: calc(100% + 1.2rem); max-width: none; margin: 0 -.6rem; } }`;

  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const authorMode = () => new URLSearchParams(location.search).get("edit") === "1";

  function addStyle() {
    if (document.getElementById("moduong-focus")) return;
    document.head.append(make("style", { id: "moduong-focus", textContent: STYLE }));
  }

  const mark = (panel) => panel.context.model.getMetadata("moduong");
  const source = (cell) => cell.model.sharedModel.getSource();
  const gradeId = (cell) => cell.model.getMetadata?.("nbgrader")?.grade_id ?? "";

  function markCells(panel, role) {
    for (const cell of panel.content.widgets) {
      const code = cell.model.type === "code";
      cell.toggleClass("md-run", code && role.ours.test(source(cell)));
      cell.toggleClass("md-code", code && gradeId(cell).endsWith("-code"));
      cell.toggleClass("md-ticks", cell.model.type === "markdown" && /^- ☐/m.test(source(cell)));
      if (cell.hasClass("md-code")) {
        Object.assign(cell.node.querySelector(".cm-content") ?? {}, { ariaLabel: "Ô viết mã", tabIndex: 0 });
        // Tab leads in and out again, as everywhere on the page.
        cell.node.addEventListener("keydown", (event) => { if (event.key === "Tab") event.stopPropagation(); }, true);
      }
      cell.toggleClass("md-stub", cell.model.type === "markdown" && cell.model.getMetadata?.("nbgrader")?.solution === true);
    }
  }

  function makeBar(ariaLabel) {
    const bar = make("nav", { className: "md-bar", ariaLabel });
    // the notebook would focus its active cell
    for (const kind of ["focusin", "keydown"]) bar.addEventListener(kind, (event) => event.stopPropagation());
    return bar;
  }

  const KINDS = { exercise: "Bài tập", lesson: "Bài học", home: "Trang chủ", coordinator: "Số liệu bồi dưỡng" };
  const ALONE = ["home", "coordinator"];

  function addBar(app, panel, { kind, module }) {
    const bar = makeBar("Khóa học");
    const name = ALONE.includes(kind) ? KINDS[kind] : `${module} · ${KINDS[kind] ?? ""}`;
    document.title = `${name} · Mở Đường`;
    if (!ALONE.includes(kind)) {
        // a lesson's own text begins with its heading
      bar.append(make("a", { href: "../Trang-chu.ipynb", textContent: "← Trang chủ" }),
        make(kind === "exercise" ? "h1" : "span", { className: "md-bar-title", textContent: name }));
    }
    const wait = make("span", { role: "status", textContent: "Đang mở, xin đợi vài giây…" });
    // What is answered and what is not saved stays in sight.
    const tally = make("span");
    const count = () => {
      const failed = panel.node.querySelectorAll('.md-status[data-state="failed"]').length;
      const done = panel.node.querySelector(".md-meterbar");
      tally.textContent = failed ? `${failed} câu CHƯA LƯU ĐƯỢC` : done ? `${done.value}/${done.max} câu` : "";
      tally.dataset.state = failed ? "failed" : "";
    };
    window.addEventListener("moduong:said", count);
    bar.append(tally, wait);
    const scroller = panel.content.node.querySelector(".jp-WindowedPanel-outer") ?? panel.content.node;
    scroller.prepend(bar);
    if (kind === "lesson") addLinks(app, panel, scroller, module);
    // Jupyter calls its cells a "feed" without articles: an empty list to a screen reader.
    panel.content.node.querySelector(".jp-WindowedPanel-viewport")?.removeAttribute("role");
    return (text, failed) => {
      count();
      wait.textContent = text;
      wait.dataset.state = failed ? "failed" : "";
    };
  }

  /** A lesson prints its "Mang về ca trực" and leads to its exercise, where there is one. */
  function addLinks(app, panel, scroller, module) {
    const bar = makeBar("Tiếp theo");
    scroller.append(bar);
    const cells = panel.content.widgets;
    const first = cells.findIndex((cell) => cell.model.type === "markdown" && /^#+ Mang về ca trực/m.test(source(cell)));
    if (first >= 0) {
      const print = make("button", { textContent: "In trang «Mang về ca trực»" });
      print.addEventListener("click", () => {
        cells.forEach((cell, n) => cell.toggleClass("md-taken", n >= first));
        panel.addClass("md-take-away");
        window.print();
        panel.removeClass("md-take-away");
      });
      bar.append(print);
    }
    const href = `${module}.ipynb`;
    app.serviceManager.contents.get(panel.context.path.replace(/\/?[^/]*$/, "")).then(({ content }) => { // to ask for a file that is not there is an error in the console
      if (content.some((file) => file.name === href)) bar.append(make("a", { className: "md-go", href, textContent: "Làm bài tập chấm điểm →" }));
    }, () => undefined);
  }

  /** Hide what is not the course. */
  function hideChrome(app, panel) {
    panel.addClass("md-focus");
    // No shortcut of Jupyter may delete a cell; the focused element itself must carry the attribute.
    const keepKeys = (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true");
    panel.node.addEventListener("focusin", keepKeys, true);
    document.body.setAttribute("data-lm-suppress-shortcuts", "true");
    panel.toolbar.hide();
    if (app.name === "Jupyter Notebook") {
      for (const part of [app.shell.top, app.shell.menu].filter(Boolean)) {
        part.hide();
        // Notebook shows its bar again when the window gets wider or a phone is turned.
        new MutationObserver(() => part.hide()).observe(part.node, { attributeFilter: ["class"] });
      }
    } else if (app.name === "JupyterLab") {
      app.shell.mode = "single-document";
      app.shell.collapseLeft?.();
      app.shell.collapseRight?.();
    }
    document.documentElement.lang = "vi";
    document.body.classList.add("md-focus-page");
    window.dispatchEvent(new Event("resize")); // the shell takes the room of what was hidden
  }

  const LOST = "Mất liên lạc với máy chủ. Điều chưa gửi được giữ trong trình duyệt này; khi có mạng, anh/chị tải lại trang.";

  /** Jupyter's own notices are in English: close those that only inform, and say it in Vietnamese. */
  function quietNotices(panel, tell) {
    new MutationObserver(() => {
      for (const dialog of document.querySelectorAll(".jp-Dialog:not(.md-seen)")) {
        dialog.classList.add("md-seen");
        const buttons = dialog.querySelectorAll(".jp-Dialog-button");
        if (buttons.length !== 1 || dialog.querySelector("input, select, textarea")) continue;
        buttons[0].click();
        const connected = panel.sessionContext.session?.kernel?.connectionStatus === "connected";
        tell(connected ? "Phần tính toán vừa khởi động lại; những gì đã lưu vẫn còn." : LOST, !connected);
      }
    }).observe(document.body, { childList: true });
  }

  async function runAll(NotebookActions, panel, role, tell) {
    const kernel = panel.sessionContext.session?.kernel;
    if (!kernel) return;
    tell("Đang mở, xin đợi vài giây…");
    const reply = await kernel.requestExecute({ code: role.prepare, silent: true, store_history: false }).done;
    if (reply.content.status !== "ok") {
      tell("Chưa mở được trang này. Những gì đã lưu vẫn còn; xin báo người phụ trách khóa học.", true);
      return;
    }
    const cells = panel.content.widgets.filter((cell) => cell.model.type === "code" && role.ours.test(source(cell)));
    await NotebookActions.runCells(panel.content, cells, panel.sessionContext);
    panel.context.model.dirty = false; // outputs are made anew at every opening
    tell("");
  }

  /** A code question's answer stands in its own cell; its text goes to the question above, which stores it. */
  function followCode(NotebookActions, panel) {
    for (const cell of panel.content.widgets) {
      if (cell.model.type !== "code" || !gradeId(cell).endsWith("-code")) continue;
      const item = gradeId(cell).replace(/-code$/, "");
      let last = source(cell);
      cell.model.sharedModel.changed.connect(() => { // running the cell is a change too, but no answer
        if (source(cell) === last) return;
        last = source(cell);
        window.dispatchEvent(new CustomEvent("moduong:code", { detail: { item, source: last } }));
      });
      window.addEventListener("moduong:run", (event) => {
        if (event.detail.item === item) void NotebookActions.runCells(panel.content, [cell], panel.sessionContext);
      });
      window.addEventListener("moduong:restore", (event) => {
        if (event.detail.item === item && event.detail.source !== source(cell)) cell.model.sharedModel.setSource(event.detail.source);
      });
    }
  }

  async function open(app, NotebookActions, panel) {
    await panel.context.ready;
    const ours = mark(panel);
    if (!ours || typeof ours !== "object" || authorMode()) return;
    const role = roleOf(ours);
    addStyle();
    hideChrome(app, panel);
    panel.toggleClass("md-staff", role === STAFF);
    await panel.revealed;
    markCells(panel, role);
    const tell = addBar(app, panel, ours);
    quietNotices(panel, tell);
    new MutationObserver(() => {
      for (const control of panel.node.querySelectorAll(".md-lab [title]:not([aria-label])")) control.ariaLabel = control.title;
    }).observe(panel.node, { childList: true, subtree: true });
    followCode(NotebookActions, panel);
    await panel.sessionContext.ready;
    let running = null;
    const run = () => {
      running ??= runAll(NotebookActions, panel, role, tell)
        .catch(() => tell(LOST, true))
        .finally(() => { running = null; });
      return running;
    };
    let restarted = false;
    panel.sessionContext.statusChanged.connect((_context, status) => {
      if (status === "restarting" || status === "autorestarting" || status === "dead") restarted = true;
      if (restarted && status === "idle") {
        restarted = false;
        run();
      }
    });
    await run();
  }

  const plugin = {
    id: `${NAME}:plugin`,
    autoStart: true,
    async activate(app) {
      const { INotebookTracker, NotebookActions } = shared;
      const tracker = await app.resolveOptionalService(INotebookTracker).catch(() => null);
      if (!tracker) return;
      tracker.widgetAdded.connect((_tracker, panel) => void open(app, NotebookActions, panel));
      tracker.forEach((panel) => void open(app, NotebookActions, panel));
    },
  };

  let shared = {};
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB[NAME] = {
    async init(scope) {
      const versions = scope["@jupyterlab/notebook"] ?? {};
      const version = Object.keys(versions)[0];
      if (version) shared = (await versions[version].get())();
    },
    async get() {
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();

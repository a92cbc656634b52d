// Focus mode for Jupyter Notebook 7 and JupyterLab: a prebuilt extension, written by hand, nothing to build.
// It runs only cells that read `ask("…")`, `practice("…")`, `lab("…")` or `home()`, only in notebooks whose metadata say
// `moduong`, and hides menus, code and prompts. Authors add `?edit=1` to the address.

(() => {
  const NAME = "moduong-focus";
  const OURS = /^\s*(?:(?:ask|practice|lab)\("[A-Za-z0-9_.-]+"\)|home\(\))\s*$/;
  // The one fixed request before any cell: with the notebook's folder off the path, no file beside it can pass for `course`.
  const PREPARE = [
    "import sys as _s, os as _o",
    "_s.path[:] = [_p for _p in _s.path if _p and _o.path.realpath(_p) != _o.path.realpath(_o.getcwd())]",
    "from course import ask, home, lab, practice",
    "del _s, _o",
  ].join("\n");

  const STYLE = `
    .md-focus .jp-InputArea, .md-focus .jp-Cell-inputCollapser, .md-focus .jp-Cell-outputCollapser, .md-focus .jp-OutputPrompt,
    .md-focus .jp-OutputArea-promptOverlay, .md-focus .jp-InputPrompt, .md-focus .jp-cell-toolbar, .md-focus .jp-Notebook-footer,
    .md-focus .jp-CodeCell:not(.md-run):not(.md-code), .md-focus .nbgrader-cell, .md-focus .jp-NotebookPanel-toolbar,
    .md-focus .md-stub { display: none !important; }
    .md-focus .jp-MarkdownCell .jp-InputArea, .md-focus .md-code .jp-InputArea { display: flex !important; }
    .md-focus .jp-MarkdownCell .jp-InputArea-editor { display: none !important; }
    body.md-focus-page, .md-focus-page #main, .md-focus-page #main-panel, .md-focus-page .jp-Notebook, .md-focus-page .jp-NotebookPanel { background: #fff !important; }
    .md-focus .jp-WindowedPanel-outer, .md-focus .jp-WindowedPanel-viewport { margin: 0 !important; padding: 0 !important; box-shadow: none !important; background: #fff !important; }
    .md-focus .jp-WindowedPanel-viewport { padding-bottom: 4rem !important; }
    .md-focus .jp-Notebook { padding: 0 !important; margin: 0 !important; box-shadow: none !important; background: #fff !important; overflow-x: hidden !important; }
    .md-focus .jp-WindowedPanel-inner, .md-focus .jp-WindowedPanel-viewport { max-width: 100%; }
    .md-focus .jp-Cell { max-width: 48rem; margin: 0 auto !important; padding: 0 1rem !important; box-sizing: border-box; background: #fff !important; }
    .md-focus .jp-Cell::before, .md-focus .jp-Cell.jp-mod-active { box-shadow: none !important; border-color: transparent !important; }
    .md-focus .jp-OutputArea-output { overflow: visible !important; padding: 0 !important; }
    .md-focus .jp-OutputArea-child { overflow: visible !important; }
    .md-focus .jp-Cell-inputWrapper, .md-focus .jp-Cell-outputWrapper { margin: 0 !important; }
    .md-focus .jp-RenderedMarkdown, .md-focus .jp-RenderedHTMLCommon { font: 1rem/1.6 "Noto Sans", system-ui, "Segoe UI", Roboto, sans-serif; color: #1b2430; padding: 0 !important; }
    .md-focus .jp-RenderedMarkdown img { max-width: 100%; height: auto; }
    .md-focus .jp-RenderedMarkdown pre { max-width: 100%; padding: .5rem; overflow-x: auto; background: #f5f7fa; box-sizing: border-box; }
    .md-focus .jp-RenderedMarkdown table { display: block; max-width: 100%; overflow-x: auto; }
    .md-focus .md-ticks .jp-RenderedMarkdown ul { list-style: none; padding-left: 1.4em; text-indent: -1.4em; }
    .md-focus .jp-InternalAnchorLink { display: none !important; }
    .md-focus .jp-RenderedMarkdown a { color: #0b5394; text-decoration: underline; }
    .md-focus .md-lab { border: 1px solid #d5dce6; border-radius: .6rem; padding: 1rem; margin: .5rem 0 1.25rem; box-sizing: border-box; overflow: visible; }
    .md-focus .md-lab .widget-html-content, .md-focus .md-lab .widget-button, .md-focus .md-lab select, .md-focus .md-lab input { font: 1rem/1.5 "Noto Sans", system-ui, sans-serif; }
    .md-focus .md-lab .widget-html, .md-focus .md-lab .widget-html-content { width: auto; min-width: 0; max-width: 100%; }
    .md-focus .md-lab .widget-html-content { white-space: normal; line-height: 1.5 !important; }
    .md-focus .md-lab .widget-button { min-height: 2.75rem; height: auto; white-space: normal; background: #0b5394; color: #fff; border-radius: .5rem; padding: .4rem 1rem; font-weight: 600; }
    .md-focus .md-lab .jupyter-widgets { max-width: 100%; margin-left: 0; margin-right: 0; }
    .md-focus .md-lab .widget-hbox { gap: .4rem; }
    .md-focus .md-lab .widget-vbox > .widget-button { align-self: flex-start; }
    .md-focus .md-lab table { border-collapse: collapse; }
    .md-focus .md-lab :is(th, td) { padding: .2rem .35rem; border: 1px solid #d5dce6; vertical-align: top; }
    .md-focus .md-lab .widget-toggle-button { min-height: 2.75rem; height: auto; font: 1rem/1.5 "Noto Sans", system-ui, sans-serif; color: #0b5394; background: #fff; border: 1px solid #76859b; border-radius: .5rem; }
    .md-focus .md-lab .widget-toggle-button.mod-active { color: #fff; background: #0b5394; }
    .md-focus .md-lab .widget-checkbox, .md-focus .md-lab .widget-checkbox label { min-height: 2.75rem; height: auto; font: 1rem/1.5 "Noto Sans", system-ui, sans-serif; color: #1b2430; }
    .md-focus .md-lab .widget-checkbox label { display: flex; align-items: center; gap: .5rem; width: auto; white-space: normal; }
    .md-focus .md-lab input[type=checkbox] { flex: none; width: 1.25rem; height: 1.25rem; min-height: 0; margin: 0; }
    .md-focus .md-lab .widget-readout { font-size: 1rem; }
    .md-focus .md-lab .widget-textarea textarea { font: 1rem/1.5 "Noto Sans", system-ui, sans-serif; color: #1b2430; }
    .md-focus .md-lab select, .md-focus .md-lab .widget-dropdown, .md-focus .md-lab .widget-text input { min-height: 2.75rem; height: auto; font-size: 1rem; color: #1b2430; }
    .md-focus .md-lab :focus-visible { outline: 3px solid #0b5394; outline-offset: 2px; }
    .md-focus .md-lab summary { cursor: pointer; min-height: 2rem; padding: .4rem 0; color: #0b5394; }
    .md-bar { display: flex; flex-wrap: wrap; align-items: center; gap: .1rem 1rem; box-sizing: border-box; max-width: 48rem; margin: 0 auto; padding: .6rem 1rem; font: 1rem/1.4 "Noto Sans", system-ui, sans-serif; color: #46536a; }
    .md-bar-title { margin: 0; font-size: 1rem; font-weight: 600; color: #1b2430; }
    .md-bar a { display: inline-block; padding: .35rem 0; color: #0b5394; font-weight: 600; text-decoration: underline; }
    .md-wait { color: #46536a; }
    .md-wait[data-state="failed"] { color: #9f1420; font-weight: 600; }
    .md-bar button { min-height: 2.25rem; padding: .25rem .8rem; font: inherit; color: #0b5394; background: #fff; border: 1px solid #76859b; border-radius: .4rem; cursor: pointer; }
    .md-bar :focus-visible { outline: 3px solid #0b5394; outline-offset: 2px; }
    .md-focus .jp-RenderedMarkdown table, .md-focus .jp-RenderedHTMLCommon table { font-size: .95rem; }
    .md-focus .jp-RenderedMarkdown h1 { font-size: 1.8rem; } .md-focus .jp-RenderedMarkdown h2 { font-size: 1.45rem; } .md-focus .jp-RenderedMarkdown h3 { font-size: 1.15rem; }
    .md-focus .jp-RenderedMarkdown :is(h1, h2, h3) { font-weight: 700; line-height: 1.3; }
    @media print {
      .md-bar { display: none; }
      body.md-focus-page, .md-focus-page * { overflow: visible !important; }
      .md-focus-page :is(body, #main, #main-panel, #main-panel > *, .jp-NotebookPanel, .jp-NotebookPanel > *, .jp-WindowedPanel-outer) {
        position: static !important; height: auto !important; max-height: none !important; contain: none !important; }
      .md-take-away .jp-Cell:not(.md-taken) { display: none !important; }
    }
    @media (max-width: 560px) { .md-focus .jp-Cell { padding: 0 .6rem !important; } .md-bar { padding: .5rem .6rem; } .md-focus .md-lab { padding: .7rem .5rem; }
      .md-focus .md-lab table { font-size: .85rem; }
      .md-focus .jp-RenderedMarkdown blockquote { margin: .5rem 0; }
      .md-focus .jp-MarkdownCell :is(.jp-Cell-inputWrapper, .jp-InputArea, .jp-MarkdownOutput) { overflow: visible !important; }
      .md-focus .jp-RenderedMarkdown img { width: calc(100% + 1.2rem); max-width: none; margin: 0 -.6rem; } }`;

  const authorMode = () => new URLSearchParams(location.search).get("edit") === "1";

  function addStyle() {
    if (document.getElementById("moduong-focus")) return;
    const style = document.createElement("style");
    style.id = "moduong-focus";
    style.textContent = STYLE;
    document.head.append(style);
  }

  /** The course's mark in a notebook's metadata, or undefined. */
  const mark = (panel) => panel.context.model.sharedModel.getMetadata?.("moduong") ?? panel.context.model.getMetadata?.("moduong");
  const source = (cell) => cell.model.sharedModel.getSource();
  const gradeId = (cell) => cell.model.getMetadata?.("nbgrader")?.grade_id ?? "";

  function markCells(panel) {
    for (const cell of panel.content.widgets) {
      const code = cell.model.type === "code";
      cell.toggleClass("md-run", code && OURS.test(source(cell)));
      cell.toggleClass("md-code", code && gradeId(cell).endsWith("-code"));
      cell.toggleClass("md-ticks", cell.model.type === "markdown" && /^- ☐/m.test(source(cell)));
      if (cell.hasClass("md-code")) cell.node.querySelector(".cm-content")?.setAttribute("aria-label", "Ô viết mã");
      cell.toggleClass("md-stub", cell.model.type === "markdown" && cell.model.getMetadata?.("nbgrader")?.solution === true);
    }
  }

  const KINDS = { exercise: "Bài tập chấm điểm", lesson: "Bài học", home: "Trang chủ" };

  function addBar(app, panel, { kind, module }) {
    const bar = document.createElement("nav");
    bar.className = "md-bar";
    bar.setAttribute("aria-label", "Khóa học");
    if (kind !== "home") {
      const home = document.createElement("a");
      home.href = "../Trang-chu.ipynb";
      home.textContent = "← Trang chủ";
      // A lesson's own text begins with its heading; an exercise and the page's tab take theirs from here.
      const title = document.createElement(kind === "exercise" ? "h1" : "span");
      title.className = "md-bar-title";
      title.textContent = `${module} · ${KINDS[kind] ?? ""}`;
      bar.append(home, title);
    }
    document.title = kind === "home" ? "Trang chủ · Mở Đường" : `${module} · ${KINDS[kind] ?? ""} · Mở Đường`;
    if (kind === "lesson") addLinks(app, panel, bar, module);
    const wait = document.createElement("span");
    wait.className = "md-wait";
    wait.setAttribute("role", "status");
    wait.textContent = "Đang mở, xin đợi vài giây…";
    bar.append(wait);
    const scroller = panel.content.node.querySelector(".jp-WindowedPanel-outer") ?? panel.content.node;
    scroller.prepend(bar);
    // Jupyter calls its cells a "feed" without articles, which screen readers announce as an empty list.
    panel.content.node.querySelector(".jp-WindowedPanel-viewport")?.removeAttribute("role");
    return (text, failed) => {
      wait.textContent = text;
      wait.dataset.state = failed ? "failed" : "";
    };
  }

  /** A lesson leads to its exercise, where there is one, and prints its "Mang về ca trực" as one page. */
  function addLinks(app, panel, bar, module) {
    const cells = panel.content.widgets;
    const first = cells.findIndex((cell) => cell.model.type === "markdown" && /^#+ Mang về ca trực/m.test(source(cell)));
    if (first >= 0) {
      const print = document.createElement("button");
      print.textContent = "In trang «Mang về ca trực»";
      print.addEventListener("click", () => {
        cells.forEach((cell, n) => cell.toggleClass("md-taken", n >= first));
        panel.addClass("md-take-away");
        window.print();
        panel.removeClass("md-take-away");
      });
      bar.append(print);
    }
    const folder = panel.context.path.replace(/[^/]*$/, "");
    app.serviceManager.contents.get(`${folder}${module}.ipynb`, { content: false }).then(() => {
      const next = bar.cloneNode(false);
      next.setAttribute("aria-label", "Tiếp theo");
      const link = document.createElement("a");
      link.href = `${module}.ipynb`;
      link.textContent = "Làm bài tập chấm điểm →";
      next.append(link);
      bar.parentElement?.append(next);
    }, () => undefined);
  }

  /** Hide what is not the course; returns nothing to undo, the page is left as a whole. */
  function hideChrome(app, panel) {
    panel.addClass("md-focus");
    // No shortcut of Jupyter may delete a cell or open an English panel; the focused element itself must carry the attribute.
    const keepKeys = (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true");
    panel.node.addEventListener("focusin", keepKeys);
    document.body.setAttribute("data-lm-suppress-shortcuts", "true");
    panel.toolbar.hide();
    if (app.name === "Jupyter Notebook") {
      app.shell.top?.hide();
      app.shell.menu?.hide();
    } else if (app.name === "JupyterLab") {
      app.shell.mode = "single-document";
      app.shell.collapseLeft?.();
      app.shell.collapseRight?.();
    }
    document.documentElement.lang = "vi";
    document.body.classList.add("md-focus-page");
    window.dispatchEvent(new Event("resize")); // the shell takes the room of what was hidden
  }

  const LOST = "Mất liên lạc với máy chủ. Câu trả lời chưa gửi được giữ trong trình duyệt này; khi có mạng, anh/chị tải lại trang.";

  /** Jupyter's own notices are in English and cover the page: close those that only inform, and say it in Vietnamese. */
  function quietNotices(panel, tell) {
    new MutationObserver(() => {
      for (const dialog of document.querySelectorAll(".jp-Dialog:not(.md-seen)")) {
        dialog.classList.add("md-seen");
        const buttons = dialog.querySelectorAll(".jp-Dialog-button");
        if (buttons.length !== 1 || dialog.querySelector("input, select, textarea")) continue;
        buttons[0].click();
        const connected = panel.sessionContext.session?.kernel?.connectionStatus === "connected";
        tell(connected ? "Phần tính toán vừa khởi động lại; câu trả lời đã lưu vẫn còn." : LOST, !connected);
      }
    }).observe(document.body, { childList: true });
  }

  async function runAll(NotebookActions, panel, tell) {
    const kernel = panel.sessionContext.session?.kernel;
    if (!kernel) return;
    tell("Đang mở, xin đợi vài giây…");
    const reply = await kernel.requestExecute({ code: PREPARE, silent: true, store_history: false }).done;
    if (reply.content.status !== "ok") {
      tell("Chưa mở được các câu hỏi trên máy này. Câu trả lời đã lưu vẫn còn; xin báo điều phối viên.", true);
      return;
    }
    const cells = panel.content.widgets.filter((cell) => cell.model.type === "code" && OURS.test(source(cell)));
    await NotebookActions.runCells(panel.content, cells, panel.sessionContext);
    panel.context.model.dirty = false; // outputs are not worth keeping: they are made anew at every opening
    tell("");
  }

  /** A code question's answer stands in its own cell; its text goes to the question above, which stores it. */
  function followCode(NotebookActions, panel) {
    for (const cell of panel.content.widgets) {
      if (cell.model.type !== "code" || !gradeId(cell).endsWith("-code")) continue;
      const item = gradeId(cell).replace(/-code$/, "");
      cell.model.sharedModel.changed.connect(() =>
        window.dispatchEvent(new CustomEvent("moduong:code", { detail: { item, source: source(cell) } })));
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
    addStyle();
    hideChrome(app, panel);
    await panel.revealed;
    markCells(panel);
    const tell = addBar(app, panel, ours);
    quietNotices(panel, tell);
    followCode(NotebookActions, panel);
    await panel.sessionContext.ready;
    let running = null;
    const run = () => {
      running ??= runAll(NotebookActions, panel, tell)
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

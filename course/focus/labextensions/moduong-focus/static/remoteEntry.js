// Focus mode for Notebook 7 and JupyterLab: a prebuilt extension written by hand. In notebooks marked `moduong` it runs only
// `ask("…")`, `practice("…")`, `lab("…")`, `home()` (staff's: only `coordinator()`) and hides the rest; `?edit=1` shows it.

(() => {
  const NAME = "moduong-focus";
  const STYLE = new URL("focus.css", document.currentScript.src).href;
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

  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const authorMode = () => new URLSearchParams(location.search).get("edit") === "1";

  /** Load the style once; a page without it is better than none, so a failure is no reason to stop. */
  let styled = null;
  const addStyle = () => (styled ??= new Promise((done) => {
    document.head.append(make("link", { id: NAME, rel: "stylesheet", href: STYLE, onload: done, onerror: done }));
  }));

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
    await addStyle();
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

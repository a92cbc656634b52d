// Labs in the page: the state is here, each step is asked of the server; without the network there is the version on paper.

function openLabs() {
  for (const spot of places("lab")) openLab(spot);
}

async function openLab(spot) {
  const path = `lab/${spot.dataset.lab}`;
  const paper = spot.querySelector("details");
  const line = h("p", { class: "md-hint", role: "status" });
  const steps = []; // used, not yet answered
  let state, model, busy = false;
  paper.before(line);

  function take(found, n) {
    state = found.state;
    const shown = { title: found.title, parts: found.parts, n };
    if (model) model.set("shown", shown);
    else {
      const place = h("div");
      line.before(place);
      model = makeModel({ shown }, step);
      drawLab({ model, el: place });
      paper.open = false;
    }
    tell("");
  }
  function tell(text) {
    line.textContent = text;
    line.hidden = !text;
  }
  function step(message) {
    const last = steps.at(-1);
    if (steps.length > 1 && message.value !== null && last.control === message.control) steps.pop();
    steps.push(message);
    go();
  }
  /** Ask for what waits, one step after the other; what cannot be asked now waits on. */
  async function go() {
    if (busy) return;
    busy = true;
    try {
      if (!model) take(await getJson(path), 0);
      while (steps.length) {
        const { control, value, n } = steps[0];
        const after = await post(path, { state, control, value });
        steps.shift();
        state = after.state;
        if (!steps.length) take(after, n);
      }
    } catch (problem) {
      if (problem.status === 401) return location.assign(`${about.base}vao`);
      if (problem.status === 409) await afresh(problem);
      else tell(_("Phòng thực hành cần có mạng. Việc vừa làm sẽ hiện khi có mạng lại; anh/chị cũng có thể làm bản trên giấy."));
      if (!model) paper.open = true;
    } finally {
      busy = false;
    }
  }
  async function afresh(problem) {
    const n = steps.at(-1).n;
    steps.length = 0;
    const found = await getJson(path).catch(() => null);
    if (found) take(found, n);
    tell(problem.text);
  }
  window.addEventListener("online", go);
  tell(_("Đang mở phòng thực hành…"));
  go();
}

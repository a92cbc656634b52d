// The author's preview: questions as cadres see them beside their key and feedback; asks for news, and draws what is new.

/** What a question's widget talks to: here a page on this machine. */
function talk(spec, question, number) {
  let listener = () => {};
  return {
    get: () => spec,
    on: (_event, heard) => { listener = heard; },
    off: () => { listener = () => {}; },
    async send({ value }) {
      const answer = await fetch("try", { method: "POST", body: JSON.stringify({ id: question.id, variant: number, value }) });
      if (answer.ok) listener({ kind: "feedback", ...(await answer.json()) });
    },
  };
}

function sources(part, names) {
  return Object.fromEntries(names.map((name) => [name, { src: `media/${part}/${encodeURIComponent(name)}` }]));
}

const places = (root) => [...root.querySelectorAll("[data-media]")].map((node) => node.dataset.media);

function card(title, ...children) {
  return h("section", { class: "p-card" }, h("h3", {}, title), ...children);
}

const variants = {}; // question → the body that is looked at, kept over a reload

function drawQuestion(question) {
  const row = h("div", { class: "p-row", id: question.id });
  function show(number) {
    variants[question.id] = number;
    const { spec, key, feedback } = question.bodies[number];
    const learner = h("div", {});
    shelf.render({ model: talk({ ...spec, media: sources(question.media, spec.files) }, question, number), el: learner });
    const choice = question.bodies.length > 1 ? h("select", { "aria-label": SAID.variant, onchange: (event) => show(Number(event.target.value)) },
      ...question.bodies.map((_body, n) => h("option", { value: n, selected: n === number }, `${SAID.variant} ${n}`))) : null;
    const said = feedback.map((note) => h("li", {}, h("span", { class: "p-field" }, `${note.role} (${note.field})`), " ", h("span", { html: note.html })));
    const told = card(SAID.feedback, h("ul", {}, ...said));
    placeMedia(told, sources(question.media, places(told)));
    row.replaceChildren(card(`${SAID.learner} · ${question.id} · ${question.about}`, choice, learner), card(SAID.key, h("div", { class: "p-key" }, key)), told);
  }
  show(Math.min(variants[question.id] ?? 0, question.bodies.length - 1));
  return row;
}

function drawProse(block) {
  const prose = h("div", { class: "p-prose", html: block.html });
  placeMedia(prose, sources(block.media, places(prose)));
  return prose;
}

function drawFindings({ findings, checked }) {
  const lines = findings.map((found) => h("li", { class: found.essential ? "p-bad" : "" },
    h("span", { class: "p-place" }, `${found.place} ${found.code} ${found.item}`), " ", found.text));
  const state = checked ? (lines.length ? null : h("p", {}, SAID.clean)) : h("p", {}, SAID.checking);
  document.getElementById("findings").replaceChildren(...[lines.length ? h("ul", {}, ...lines) : null, state].filter(Boolean));
}

let drawn = "";
function drawParts(parts) {
  const wanted = JSON.stringify(parts);
  if (wanted === drawn) return; // what is being tried stays
  drawn = wanted;
  const height = window.scrollY;
  document.getElementById("parts").replaceChildren(...parts.flatMap((part) =>
    [h("h2", {}, SAID[part.name]), ...part.blocks.map((block) => (block.bodies ? drawQuestion(block) : drawProse(block)))]));
  window.scrollTo(0, height);
}

let number = "";
for (;;) {
  try {
    const state = await (await fetch(`state?after=${number}`)).json();
    if (state.parts) {
      drawFindings(state);
      drawParts(state.parts);
      number = state.number;
      document.body.dataset.number = number;
    }
  } catch {
    document.getElementById("findings").replaceChildren(h("p", { class: "p-bad" }, SAID.gone));
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

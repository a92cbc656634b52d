// A picture with places: each is a box on the picture and a line in the list below, which keyboards and readers use.
function draw(spec, changed) {
  const list = drawOptions(spec, () => { show(); changed(true); }, "checkbox");
  const boxes = [...list.node.querySelectorAll("input")];
  const regions = spec.options.map((option, n) => {
    const region = h("span", { class: "md-region", "data-part": option.id, onclick: () => boxes[n].click() }, h("span", { class: "md-letter" }, option.letter));
    const [left, top, width, height] = spec.regions[option.id].map((edge) => `${edge}%`);
    Object.assign(region.style, { left, top, width, height });
    boxes[n].addEventListener("focus", () => region.classList.toggle("md-here", boxes[n].matches(":focus-visible")));
    boxes[n].addEventListener("blur", () => region.classList.remove("md-here"));
    return region;
  });
  function show() {
    boxes.forEach((box, n) => regions[n].classList.toggle("md-chosen", box.checked));
  }
  const { name, alt } = spec.picture;
  const there = name in (spec.media ?? {});
  const image = there ? h("img", { "data-media": name, alt, draggable: "false" }) : h("p", {}, alt);
  return {
    node: h("div", {}, h("div", { class: "md-picture" }, image, there ? h("span", { "aria-hidden": "true" }, ...regions) : null), list.node),
    get: list.get,
    set(value) {
      list.set(value);
      show();
    },
  };
}

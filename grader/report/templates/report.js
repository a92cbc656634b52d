// Search and sort in the unit table; works from a file. Without it the table stands complete, in order of corporation.
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; })); // paper cannot be clicked
(() => {
  const table = document.getElementById("units");
  if (!table) return;
  const body = table.tBodies[0];
  const collator = new Intl.Collator("vi", { numeric: true });
  // đ has no decomposition, so it is folded by hand: "dien luc" finds "Điện lực"
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  const rows = [...body.rows].map((row) => {
    const cells = [...row.cells].map((cell) => cell.dataset.v ?? cell.textContent.trim());
    return { row, cells, text: fold(cells.slice(0, 4).join(" ")), unseen: row.classList.contains("unseen") };
  });
  const number = (text) => (text === "✓" ? 0 : /^-?[\d.]+$/.test(text) ? Number(text) : NaN);
  const find = document.getElementById("find");
  const small = document.getElementById("small");
  const count = document.getElementById("count");

  const filter = () => {
    const words = fold(find.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, text, unseen } of rows) {
      const hit = words.every((word) => text.includes(word)) && (!unseen || words.length > 0 || small.checked);
      row.hidden = !hit;
      shown += hit;
    }
    count.textContent = count.dataset.text.replace("#", shown);
  };

  const sort = (index, header) => {
    const up = header.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", up ? "ascending" : "descending");
    const numeric = header.classList.contains("num");
    rows.sort((a, b) => {
      if (!numeric) return (up ? 1 : -1) * collator.compare(a.cells[index], b.cells[index]);
      const [x, y] = [number(a.cells[index]), number(b.cells[index])];
      if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y); // what is not shown comes last
      return up ? x - y : y - x;
    });
    body.append(...rows.map(({ row }) => row));
  };

  [...table.tHead.rows[0].cells].forEach((header, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => sort(index, header));
  });
  find.addEventListener("input", filter);
  small?.addEventListener("change", filter);
  document.querySelector(".tools").hidden = false;
  filter();
})();

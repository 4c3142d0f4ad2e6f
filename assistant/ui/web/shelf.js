// All publications as a table that sorts and filters; `dom.js` makes its nodes.

const kept = new WeakMap();

const collator = new Intl.Collator("nl", { sensitivity: "base", numeric: true });
// letters without accents, so that "reeel" finds "reëel"
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

class Shelf {
  constructor(root, state) {
    this.root = root;
    this.state = state;
  }

  draw(data, open) {
    this.data = data;
    this.openDocument = open;
    const { labels } = data;
    const text = el("input", { type: "search", id: "shelf-text", value: this.state.text, autocomplete: "off" });
    text.addEventListener("input", () => this.change({ text: text.value }));
    const sector = el("select", { id: "shelf-sector" },
      ["", ...data.sectors].map((name) => el("option", { value: name, selected: name === this.state.sector }, name || labels.allSectors)));
    sector.addEventListener("change", () => this.change({ sector: sector.value }));
    const warned = el("input", { type: "checkbox", id: "shelf-warned", checked: this.state.warned });
    warned.addEventListener("change", () => this.change({ warned: warned.checked }));
    this.count = el("p", { class: "count", role: "status" });
    this.table = el("div", { class: "table" });
    this.root.replaceChildren(
      el("div", { class: "filters", role: "search", "aria-label": labels.filter },
        el("label", { class: "wide" }, el("span", {}, labels.text), text),
        el("label", {}, el("span", {}, labels.sector), sector),
        data.warnings ? el("label", { class: "check" }, warned, el("span", {}, labels.warned)) : null),
      this.count,
      this.table);
    this.fill();
  }

  change(what) {
    Object.assign(this.state, what);
    this.fill();
  }

  shown() {
    const { text, sector, warned, sort, down } = this.state;
    const words = plain(text).split(/\s+/).filter(Boolean);
    const rows = this.data.rows.filter((row) =>
      words.every((word) => plain(row.search).includes(word)) &&
      (!sector || row.sectorList.includes(sector)) && (!warned || row.warningList.length));
    if (sort) rows.sort((a, b) => (down ? -1 : 1) * this.compare(a.keys[sort], b.keys[sort]));
    return rows;
  }

  // What has no value stands last, whichever way is sorted.
  compare(a, b) {
    if (a === "" || b === "") return (this.state.down ? -1 : 1) * ((a === "") - (b === ""));
    return typeof a === "number" ? a - b : collator.compare(a, b);
  }

  fill() {
    const { labels, columns } = this.data;
    const rows = this.shown();
    this.count.textContent = (rows.length === 1 ? labels.one : labels.many).replace("{count}", rows.length);
    const head = columns.map(([key, name]) => {
      const sorted = this.state.sort === key;
      const way = sorted ? (this.state.down ? "descending" : "ascending") : "none";
      const press = () => {
        Object.assign(this.state, { sort: key, down: sorted && !this.state.down });
        this.fill();
        this.root.querySelector(`[data-column="${key}"]`).focus();
      };
      return el("th", { scope: "col", role: "columnheader", class: key, "aria-sort": way },
        el("button", { type: "button", "data-column": key, onclick: press }, name, el("span", { class: "arrow", "aria-hidden": "true" })));
    });
    const body = rows.map((row) => el("tr", { role: "row" }, columns.map(([key, name]) => this.cell(row, key, name))));
    this.table.replaceChildren(
      rows.length
        ? el("table", { role: "table" }, el("caption", { class: "unseen" }, labels.caption),
            el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, head)), el("tbody", { role: "rowgroup" }, body))
        : el("p", { class: "none" }, labels.none));
  }

  cell(row, key, name) {
    if (key === "title") {
      return el("th", { scope: "row", role: "rowheader", class: "title" },
        el("button", { type: "button", class: "open", dir: "auto", onclick: () => this.openDocument(row.id) }, row.title),
        row.replaced ? el("span", { class: "replaced", dir: "auto" }, row.replaced) : null);
    }
    const content = key === "warnings" && row.warningList.length
      ? el("details", {}, el("summary", {}, row.warnings), el("ul", {}, row.warningList.map((line) => el("li", { dir: "auto" }, line))))
      : el("bdi", {}, row[key]);
    const empty = row[key] === "" || row[key] === "–";
    return el("td", { role: "cell", class: empty ? `${key} empty` : key }, el("span", { class: "name", "aria-hidden": "true" }, name), content);
  }
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const before = kept.get(root) || { state: { text: "", sector: "", warned: false, sort: "", down: false }, drawn: "" };
  const drawn = JSON.stringify(data);
  if (before.drawn === drawn) return;
  kept.set(root, { state: before.state, drawn });
  new Shelf(root, before.state).draw(data, (id) => setTriggerValue("open", id));
}

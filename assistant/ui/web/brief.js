// The brief as it will look on paper, with what an adviser may do to each line.
// Stands behind dom.js in one module.

const papers = new WeakMap();
let papersDrawn = 0;

class Paper {
  constructor(root, data, send) {
    Object.assign(this, { root, data, send, labels: data.labels, id: `brief-${++papersDrawn}`, open: null });
    this.status = el("p", { class: "unseen", role: "status" });
    root.onkeydown = (event) => {
      if (event.key === "Escape" && this.open) {
        event.stopPropagation();
        this.close(true);
      }
    };
  }

  draw(after) {
    const { data, labels } = this;
    const undo = el("button", { type: "button", class: "act undo", disabled: !data.canUndo, "data-act": "undo", onclick: () => this.act("undo", "") }, labels.undo);
    this.root.replaceChildren(
      this.status,
      el(
        "article",
        { class: "sheet", "aria-labelledby": this.id },
        el("div", { class: "tools" }, el("p", { class: "quiet" }, labels.hint), undo),
        data.notices.map((notice) => el("p", { class: "notice" }, el("strong", {}, `${labels.notice}: `), notice)),
        said("h2", { class: "paper-title", id: this.id }, data.title),
        this.urgent(),
        data.context ? said("p", { class: "context" }, data.context) : null,
        data.sections.map((section) => this.section(section)),
        this.sources(),
        data.writtenNote ? el("p", { class: "quiet" }, data.writtenNote) : null,
        el("p", { class: "quiet" }, labels.ownNote),
      ),
    );
    if (after) this.settle(after);
  }

  urgent() {
    const { urgent } = this.data;
    if (!urgent.length) return null;
    const words = urgent.flatMap(({ paragraphs }) => paragraphs.flatMap((lines) => lines.map((runs) => el("p", {}, this.runs(runs)))));
    return el("section", { class: "urgent", "aria-label": this.labels.urgent }, el("h3", { class: "label" }, this.labels.urgent), words);
  }

  section({ heading, level, lines, struck }) {
    const head = said(level > 1 ? "h4" : "h3", { class: struck ? "gone" : null }, heading);
    return el("section", { class: `part level-${level}` }, head, lines.length ? el("ul", { class: "lines" }, lines.map((line) => this.line(line))) : null);
  }

  line(line) {
    const { labels } = this;
    const kind = ["line", line.own ? "own" : line.written ? "written" : "quoted", line.struck ? "gone" : ""].join(" ");
    const lead = line.label ? said("strong", { class: "about" }, `${line.label}: `) : null;
    const body = line.paragraphs.map((rows, index) => this.paragraph(rows, index ? null : lead));
    const whose = line.own ? labels.own : line.written ? labels.written : "";
    const told = whose ? el("span", { class: "unseen" }, `${whose}. `) : null;
    const gone = line.struck ? el("span", { class: "unseen" }, `${labels.struck}. `) : null;
    const words = el("div", { class: "words" }, gone, told, line.struck ? el("s", {}, body) : body, line.note ? said("p", { class: "note" }, [el("strong", {}, `${labels.note}: `), line.note]) : null);
    return el("li", { class: kind, "data-line": line.id }, words, this.actions(line));
  }

  paragraph(rows, lead) {
    const first = said("p", {}, [lead, ...this.runs(rows[0])]);
    if (rows.length === 1) return first;
    return el("div", { class: "list" }, first, el("ul", {}, rows.slice(1).map((row) => said("li", {}, this.runs(row)))));
  }

  runs(runs) {
    return runs.flatMap(({ text, marks = [], tel }) => {
      if (tel) return el("a", { href: `tel:${tel}`, class: "tel" }, text);
      if (!marks.length) return text;
      const cut = text.lastIndexOf(" ") + 1;
      return [text.slice(0, cut), el("span", { class: "carried" }, text.slice(cut), marks.map((number) => this.mark(`c${number}`, number)))];
    });
  }

  actions(line) {
    const { labels } = this;
    const about = line.paragraphs.flat(2).map(({ text }) => text).join(" ").slice(0, 60);
    const button = (act, off = false) =>
      el(
        "button",
        { type: "button", class: "act", "data-act": act, disabled: off, "aria-label": `${labels[act]}: ${about}`, onclick: () => (act === "note" ? this.write(line) : this.act(act, line.id)) },
        labels[act],
      );
    const rest = line.struck ? [] : [button("up", line.first), button("down", line.last), button("note")];
    return el("div", { class: "acts", role: "group", "aria-label": labels.actions }, button(line.struck ? "restore" : "strike"), rest);
  }

  // A field for a note, in the place of the line's buttons.
  write(line) {
    const { labels } = this;
    const row = this.row(line.id);
    if (row.querySelector("form")) return row.querySelector("textarea").focus();
    const id = `${this.id}-${line.id}`;
    const field = el("textarea", { id, rows: "2", maxlength: "2000", dir: "auto" });
    field.value = line.note;
    const form = el(
      "form",
      { class: "write" },
      el("label", { for: id }, labels.noteLabel),
      field,
      el("div", { class: "row" }, el("button", { type: "submit", class: "act main" }, labels.save), el("button", { type: "button", class: "act", onclick: () => stop() }, labels.cancel)),
    );
    const stop = () => {
      form.remove();
      row.querySelector('[data-act="note"]').focus();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.act("note", line.id, field.value);
    });
    form.addEventListener("keydown", (event) => {
      event.stopPropagation(); // Streamlit's own keys
      if (event.key === "Escape") stop();
    });
    row.append(form);
    field.focus();
  }

  act(what, line, text = "") {
    papers.get(this.root).after = { what, line };
    this.send({ do: what, line, text });
  }

  // After a change: say what was done, and put the focus where it was.
  settle({ what, line }) {
    this.status.textContent = this.labels[{ strike: "struckDone" }[what] || `${what}Done`] || "";
    const row = line && this.row(line);
    const wanted = { strike: "restore", restore: "strike" }[what] || what;
    const buttons = row ? [row.querySelector(`[data-act="${wanted}"]:not(:disabled)`), ...row.querySelectorAll(".act:not(:disabled)")] : [this.root.querySelector('[data-act="undo"]')];
    const button = buttons.find(Boolean);
    if (!button) return;
    button.focus({ preventScroll: true });
    button.scrollIntoView({ block: "nearest" });
  }

  row(line) {
    return [...this.root.querySelectorAll("[data-line]")].find((row) => row.dataset.line === line);
  }

  mark(key, number) {
    const passage = this.data.passages[key];
    if (!passage) return null;
    const button = el("button", { type: "button", class: "mark", "data-key": key, "aria-expanded": "false", "aria-label": passage.name, title: passage.name }, String(number));
    button.addEventListener("click", () => this.toggle(key, button));
    return button;
  }

  toggle(key, button) {
    const again = this.open && this.open.button === button;
    this.close(again);
    if (again) return;
    const panel = this.passage(key, this.data.passages[key]);
    this.open = { panel, button };
    button.setAttribute("aria-expanded", "true");
    button.classList.add("open");
    (button.closest("[data-line]") || button.closest("li")).append(panel);
    panel.focus({ preventScroll: true });
    panel.querySelector("mark").scrollIntoView({ block: "nearest" });
  }

  close(refocus) {
    if (!this.open) return;
    const { panel, button } = this.open;
    this.open = null;
    panel.remove();
    button.setAttribute("aria-expanded", "false");
    button.classList.remove("open");
    if (refocus) button.focus();
  }

  passage(key, passage) {
    const { labels } = this;
    const own = said("p", { class: "own-paragraph" }, [...stored(passage.lead), el("mark", {}, stored(passage.quote)), ...stored(passage.tail)]);
    const around = (text) => (text ? said("p", { class: "around" }, stored(text)) : null);
    const close = el("button", { type: "button", class: "close", onclick: () => this.close(true) }, labels.close);
    return el(
      "section",
      { class: "passage", tabindex: "-1", "aria-label": passage.name },
      el("div", { class: "bar-top" }, el("p", { class: "label" }, passage.heading), close),
      said("p", { class: "title" }, passage.title),
      el("p", { class: "facts" }, [passage.facts, passage.page].filter(Boolean).join(", ")),
      passage.path.length ? el("ol", { class: "path" }, passage.path.map((title) => said("li", {}, title))) : null,
      el("div", { class: "text" }, around(passage.before), own, around(passage.after)),
      passage.repaired ? el("p", { class: "remark" }, labels.repaired) : null,
      passage.stale ? el("p", { class: "remark" }, labels.stale) : null,
      el("p", { class: "away" }, this.pageButton(key, passage), link(passage.url, labels.open, labels)),
    );
  }

  pageButton(key, passage) {
    if (!passage.viewable) return null;
    const { viewPage } = this.labels;
    const onclick = (event) => {
      afterDialog(event.currentTarget);
      this.send({ do: "page", line: key, text: "" });
    };
    return el("button", { type: "button", class: "view", "aria-label": `${viewPage}: ${passage.title}, ${passage.page}`, onclick }, viewPage);
  }

  sources() {
    const { sources } = this.data;
    if (!sources.length) return null;
    const items = sources.map((source) => {
      const places = source.places.map((place) => el("span", { class: "place" }, place.marks.map(({ key, number }) => this.mark(key, number)), said("bdi", {}, place.name)));
      return el(
        "li",
        {},
        el("p", {}, said("bdi", { class: "title" }, source.title), source.facts ? el("span", { class: "facts" }, ` ${source.facts}`) : null),
        el("p", { class: "places" }, places, link(source.url, this.labels.open, this.labels, source.title)),
      );
    });
    return el("section", { class: "sources" }, el("h3", {}, this.labels.sources), el("ul", {}, items));
  }
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const state = JSON.stringify(data);
  const before = papers.get(root);
  if (before && before.state === state) return;
  papers.set(root, { state, made: data.made });
  new Paper(root, data, (act) => setTriggerValue("act", act)).draw(before && before.after);
  if (!before || before.made !== data.made) requestAnimationFrame(() => showTop(root));
}

// Bring a new brief into sight where it stands below a long form, as on a phone.
function showTop(root) {
  const { top } = root.getBoundingClientRect();
  if (top < 0 || top > innerHeight * 0.6) root.scrollIntoView({ block: "start" });
}

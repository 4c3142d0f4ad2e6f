// One turn of the conversation: the question, the answer with its marks, and the passage that a mark opens.
// Stands behind dom.js and reactions.js in one module.

const drawn = new WeakMap();
const written = new Map(); // turns that are being written, by their key: the answer itself comes in another root
let serial = 0;

class Turn {
  constructor(root, data, tell) {
    this.root = root;
    this.data = data;
    this.labels = data.labels;
    this.tell = tell;
    this.reactions = data.feedback ? new Reactions(data, tell) : null;
    this.id = `turn-${++serial}`;
    this.open = null;
    this.focused = false;
    this.panel = el("div", { class: "side" });
    this.onkeydown = (event) => {
      if (event.key === "Escape" && this.open) {
        event.stopPropagation();
        this.close(true);
      }
    };
  }

  draw() {
    const { data, labels } = this;
    const heading = said("h2", { class: "question", id: this.id }, data.question);
    const body = data.thinking ? this.skeleton() : this.card();
    const article = el("section", { class: "turn", "aria-labelledby": this.id }, heading, body);
    this.root.replaceChildren(article);
    this.root.removeEventListener("keydown", this.onkeydown);
    this.root.addEventListener("keydown", this.onkeydown);
    article.addEventListener("focusin", () => (this.focused = true));
    article.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && (this.focused = article.contains(relatedTarget)));
    this.hint();
  }

  skeleton() {
    const bars = ["92%", "100%", "64%"].map((width) => el("span", { class: "bar", style: `width:${width}` }));
    const busy = this.data.stoppable ? this.busy(this.data.thinking) : el("p", { class: "quiet" }, this.data.thinking);
    return el("div", { class: "card", "aria-busy": "true" }, busy, bars);
  }

  // What is being done, and the way to stop it.
  busy(words) {
    const { stopping } = this.data;
    const stop = el("button", { type: "button", class: "tool stop", disabled: stopping, title: this.labels.stopNote }, this.labels.stop);
    stop.addEventListener("click", () => {
      stop.disabled = true;
      this.tell("stop", true);
    });
    return el("div", { class: "row busy" }, el("p", { class: "quiet" }, words), stop);
  }

  // More sentences of an answer that is being written: what stands there stays, with the passage that is open beside it.
  extend(data) {
    const from = this.data.statements.length;
    this.data = data;
    const fresh = data.statements.slice(from).flatMap((statement) => this.statement(statement));
    this.root.querySelector(".answer").append(...fresh);
    this.root.querySelector(".busy").replaceWith(this.busy(data.writing));
  }

  card() {
    const { data, labels } = this;
    if (data.error) return el("div", { class: "card" }, el("p", { class: "own first" }, data.error));
    return el(
      "div",
      data.writing ? { class: "card writing", "aria-busy": "true" } : { class: "card" },
      el(
        "div",
        { class: "main" },
        data.writing ? this.busy(data.writing) : null,
        this.urgent(),
        data.notices.map((notice) => el("p", { class: "notice" }, el("strong", {}, `${labels.notice}: `), notice)),
        data.readAs ? said("p", { class: "quiet" }, data.readAs) : null,
        this.outcome(),
        this.reactions && this.reactions.report,
        this.statements(),
        data.writing ? el("span", { class: "bar", style: "width:64%" }) : null,
        data.written ? el("p", { class: "quiet written" }, data.written) : null,
        this.nearest(),
        this.sources(),
        this.followUps(),
        this.reactions && this.reactions.node,
      ),
      this.panel,
    );
  }

  urgent() {
    const { urgent } = this.data;
    if (!urgent.length) return null;
    const label = el("h3", { class: "label" }, this.labels.urgent);
    return el("section", { class: "urgent", "aria-label": this.labels.urgent }, label, urgent.flatMap((s) => this.statement(s)));
  }

  outcome() {
    const { outcome, quoted } = this.data;
    if (!outcome.length) return null;
    if (quoted) return outcome.map((line) => said("p", { class: "missing" }, line));
    const lines = outcome.map((line, index) => said("p", { class: index ? "own" : "own first" }, line));
    return el("div", { class: "answer" }, lines);
  }

  statements() {
    const nodes = this.data.statements.flatMap((statement, index) => this.statement(statement, index === 0));
    return nodes.length ? el("div", { class: "answer" }, nodes) : null;
  }

  statement({ own, paragraphs }, first = false) {
    return paragraphs.map((lines, index) => this.paragraph(lines, own, first && index === 0));
  }

  paragraph(lines, own, first) {
    const kind = `${own ? "own" : "quoted"}${first ? " first" : ""}`;
    const lead = said("p", { class: kind }, this.runs(lines[0]));
    if (lines.length === 1) return lead;
    const items = lines.slice(1).map((line) => said("li", {}, this.runs(line)));
    return el("div", { class: "list" }, lead, el("ul", { class: own ? "own" : "quoted" }, items));
  }

  runs(runs) {
    return runs.flatMap(({ text, marks = [], tel }) => {
      if (tel) return el("a", { href: `tel:${tel}`, class: "tel" }, text);
      if (!marks.length) return text;
      // The last word and its marks stay together on a line.
      const cut = text.lastIndexOf(" ") + 1;
      const buttons = marks.map((number) => this.mark(`c${number}`, number));
      return [text.slice(0, cut), el("span", { class: "carried" }, text.slice(cut), buttons)];
    });
  }

  mark(key, text, name) {
    const passage = this.data.passages[key];
    if (!passage) return null;
    const attributes = {
      type: "button",
      class: name ? "show" : "mark",
      "data-key": key,
      "aria-expanded": "false",
      "aria-label": name ? `${name}: ${passage.title}` : passage.name,
      title: name ? null : passage.name,
    };
    const button = el("button", attributes, String(text));
    button.addEventListener("click", () => this.toggle(key, button));
    return button;
  }

  nearest() {
    const { nearest } = this.data;
    if (!nearest.length) return null;
    const items = nearest.map((near) =>
      el(
        "li",
        {},
        said("p", { class: "found" }, near.quote),
        el("p", { class: "facts" }, said("bdi", {}, [near.title, near.place].filter(Boolean).join(", ")), " "),
        this.mark(near.key, this.labels.show, this.labels.show),
      ),
    );
    return el("section", { class: "nearest" }, el("h3", { class: "label" }, this.labels.nearest), el("ul", {}, items));
  }

  sources() {
    const { sources } = this.data;
    if (!sources.length) return null;
    const items = sources.map((source) => {
      const places = source.places.map((place) =>
        el("span", { class: "place" }, place.marks.map(({ key, number }) => this.mark(key, number)), said("bdi", {}, place.name)),
      );
      return el(
        "li",
        {},
        el("p", {}, said("bdi", { class: "title" }, source.title), source.facts ? el("span", { class: "facts" }, ` ${source.facts}`) : null),
        el("p", { class: "places" }, places, link(source.url, this.labels.open, this.labels, source.title)),
      );
    });
    return el("section", { class: "sources" }, el("h3", { class: "label" }, this.labels.sources), el("ul", {}, items));
  }

  followUps() {
    const { followUps } = this.data;
    if (!followUps.length) return null;
    const buttons = followUps.map((question) =>
      said("button", { type: "button", class: "follow", onclick: () => this.tell("ask", question) }, question),
    );
    return el("section", { class: "follow-ups" }, el("h3", { class: "label" }, this.labels.followUps), buttons);
  }

  hint() {
    const any = (this.data.sources || []).length > 0;
    this.panel.replaceChildren(...(any ? [el("p", { class: "hint" }, this.labels.hint)] : []));
  }

  toggle(key, button, focus = true) {
    const again = this.open && this.open.button === button;
    this.close(again);
    if (again) return;
    this.open = { key, button };
    button.setAttribute("aria-expanded", "true");
    const panel = this.passage(this.data.passages[key]);
    this.panel.replaceChildren(panel);
    this.root.querySelectorAll(`[data-key="${key}"]`).forEach((mark) => mark.classList.add("open"));
    if (!focus) return;
    panel.focus({ preventScroll: true });
    this.reveal(panel, panel.querySelector("mark"));
  }

  // Open what was open while the answer was being written, where it still stands there.
  reopen(before) {
    if (!before.open) return;
    const { key } = before.open;
    const button = this.root.querySelector(`.answer [data-key="${key}"]`);
    if (button && before.data.passages[key].quote === this.data.passages[key].quote) this.toggle(key, button, before.focused);
  }

  // Bring the quote into sight: within the panel where that scrolls by itself, else on the page.
  reveal(panel, quote) {
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    const bottom = quote.offsetTop + quote.offsetHeight;
    panel.scrollTop = Math.min(quote.offsetTop - 64, bottom - panel.clientHeight + 24);
    const beside = getComputedStyle(this.panel).position === "sticky";
    (beside ? panel : quote).scrollIntoView({ block: "nearest", behavior });
  }

  close(refocus) {
    if (!this.open) return;
    const { key, button } = this.open;
    this.open = null;
    button.setAttribute("aria-expanded", "false");
    this.root.querySelectorAll(`[data-key="${key}"]`).forEach((mark) => mark.classList.remove("open"));
    this.hint();
    if (refocus) button.focus();
  }

  passage(passage) {
    const { labels } = this;
    const own = el("p", { class: "own-paragraph", dir: "auto" });
    own.append(...stored(passage.lead), el("mark", {}, stored(passage.quote)), ...stored(passage.tail));
    const crumbs = passage.path.map((title) => said("li", {}, title));
    const close = el("button", { type: "button", class: "close", onclick: () => this.close(true) }, labels.close);
    return el(
      "section",
      { class: "passage", tabindex: "-1", "aria-label": passage.name },
      el("div", { class: "bar-top" }, el("h3", { class: "label" }, passage.heading), close),
      said("p", { class: "title" }, passage.title),
      el("p", { class: "facts" }, [passage.facts, passage.page].filter(Boolean).join(", ")),
      crumbs.length ? el("ol", { class: "path" }, crumbs) : null,
      el(
        "div",
        { class: "text" },
        passage.before ? said("p", { class: "around" }, stored(passage.before)) : null,
        own,
        passage.after ? said("p", { class: "around" }, stored(passage.after)) : null,
      ),
      passage.repaired ? el("p", { class: "remark" }, labels.repaired) : null,
      passage.stale ? el("p", { class: "remark" }, labels.stale) : null,
      el("p", { class: "away" }, this.pageButton(passage), link(passage.url, labels.open, labels)),
    );
  }

  pageButton(passage) {
    if (!passage.viewable) return null;
    const { key } = this.open;
    const onclick = (event) => {
      afterDialog(event.currentTarget);
      this.tell("page", key);
    };
    const name = `${this.labels.viewPage}: ${passage.title}, ${passage.page}`;
    return el("button", { type: "button", class: "view", "aria-label": name, onclick }, this.labels.viewPage);
  }
}

// Bring a new question to the top of the page, unless it stands near enough to it.
function showTop(root) {
  const { top } = root.getBoundingClientRect();
  if (top >= 0 && top < innerHeight / 3) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  root.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  // What was said of the answer changes in its place: an open passage stays open.
  const { given, ...rest } = data;
  const state = JSON.stringify(rest);
  const before = drawn.get(root);
  // Streamlit calls this after an import of its own, so that an older call may come after a newer one.
  if (before && before.step > data.step) return;
  if (before && before.state === state) {
    if (before.turn.reactions) before.turn.reactions.settle(given);
    return;
  }
  if (before && before.turn.data.writing && data.writing) {
    before.turn.extend(data);
    drawn.set(root, { ...before, state });
    return;
  }
  const turn = new Turn(root, data, (what, value) => setTriggerValue(what, value));
  drawn.set(root, { state, step: data.step, turn });
  turn.draw();
  if (turn.reactions) turn.reactions.settle(given, true);
  const wrote = written.get(data.turn);
  if (data.writing) written.set(data.turn, turn);
  else written.delete(data.turn);
  if (wrote && !data.writing) turn.reopen(wrote);
  else if (data.newest && (!before || !data.thinking)) requestAnimationFrame(() => showTop(root));
}

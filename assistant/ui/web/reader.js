// A document to read: contents, text with its pages, search inside, and one page as a picture beside it. `dom.js` makes
// its nodes: nothing is parsed as markup.

const kept = new WeakMap();

// Lower case without accents, with the place of every letter in the text it came from.
function folded(text) {
  let letters = "";
  const places = [];
  let at = 0;
  for (const character of text) {
    for (const letter of character.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()) {
      letters += letter;
      for (let i = 0; i < letter.length; i += 1) places.push(at);
    }
    at += character.length;
  }
  places.push(at);
  return { letters, places };
}

// An item that brings its own number or letter gets no bullet.
const NUMBERED = /^\(?(?:\d{1,3}|[a-z])[.)]\s/i;
const TAGS = { gone: "del", repaired: "span", own: "span" };

class Reader {
  constructor(root, state, fire) {
    Object.assign(this, { root, state, fire, marks: [], at: -1 });
  }

  draw(data) {
    this.data = data;
    this.lines = [];
    const text = el("div", { class: "text" }, this.parts());
    const side = this.side();
    this.root.replaceChildren(
      data.searchable ? this.search() : "",
      el("div", { class: side ? (data.image.src ? "both" : "") : data.contents.length ? "with-contents" : "" },
        data.contents.length ? this.contents() : null,
        side, text));
    if (this.state.words) this.find(this.state.words, false);
  }

  contents() {
    const { labels, contents } = this.data;
    const list = el("ul", {}, contents.map((entry) =>
      el("li", { class: `level-${entry.level}` }, el("button", { type: "button", dir: "auto", onclick: () => this.go(entry.part) }, entry.text))));
    const box = el("details", { open: matchMedia("(min-width: 60rem)").matches }, el("summary", {}, labels.contents), list);
    return el("nav", { class: "contents", "aria-label": labels.contents }, box);
  }

  go(part) {
    const target = this.root.querySelector(`[data-part="${part}"]`);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    target.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
    target.focus({ preventScroll: true });
  }

  parts() {
    const { labels, parts } = this.data;
    const nodes = [];
    let list = null;
    let page = null;
    parts.forEach((part, index) => {
      if (part.page && part.page.number !== page) {
        page = part.page.number;
        list = null;
        nodes.push(this.pageMark(part.page));
      }
      if (part.kind !== "item") list = null;
      else if (!list) nodes.push((list = el("ul", { class: "items" })));
      const node = this.part(part, index);
      (list && part.kind === "item" ? list : { append: (n) => nodes.push(n) }).append(node);
    });
    return nodes.length ? nodes : [el("p", { class: "none" }, labels.nothing)];
  }

  pageMark(page) {
    const show = this.data.pictures
      ? el("button", { type: "button", class: "look", "aria-label": `${this.data.labels.look}: ${page.name}`, onclick: () => this.fire("page", page.number) }, this.data.labels.look)
      : null;
    return el("div", { class: "page" }, el("span", {}, page.name), show);
  }

  part(part, index) {
    const tag = { heading: `h${Math.min(part.level + 2, 6)}`, item: "li" }[part.kind] || "p";
    const numbered = part.kind === "item" && NUMBERED.test(part.runs.map((run) => run.text).join(""));
    const node = el(tag, { class: numbered ? "item numbered" : part.kind, dir: "auto", "data-part": index, tabindex: part.kind === "heading" ? "-1" : null });
    if (part.label) node.append(el("span", { class: "what" }, part.label));
    const spans = part.runs.map((run) => {
      const span = el(TAGS[run.state] || "span", run.state ? { class: run.state, title: run.title } : {}, run.text);
      node.append(span);
      return span;
    });
    this.lines.push({ spans, runs: part.runs });
    return node;
  }

  side() {
    const { image, labels } = this.data;
    if (!image) return null;
    const move = (by, name, on) => el("button", { type: "button", class: "step", disabled: !on, onclick: () => this.fire("page", image.page + by) }, name);
    const picture = image.src ? el("img", { src: image.src, alt: image.alt }) : el("p", { class: "none" }, image.problem);
    return el("aside", { class: "side", "aria-label": image.name },
      el("div", { class: "bar" },
        move(-1, labels.previousPage, image.page > 1), el("span", { role: "status" }, image.name), move(1, labels.nextPage, image.page < image.count),
        image.closes ? el("button", { type: "button", class: "step", onclick: () => this.fire("page", 0) }, labels.close) : null),
      picture);
  }

  search() {
    const { labels } = this.data;
    const field = el("input", { type: "search", id: "reader-search", value: this.state.words, autocomplete: "off" });
    field.addEventListener("input", () => this.find(field.value, true));
    field.addEventListener("keydown", (event) => event.key === "Enter" && this.step(event.shiftKey ? -1 : 1));
    this.count = el("span", { class: "count", role: "status" });
    const step = (by, name) => el("button", { type: "button", class: "step", onclick: () => this.step(by) }, name);
    this.steps = el("span", { class: "steps", hidden: true }, step(-1, labels.previous), step(1, labels.next));
    return el("div", { class: "search", role: "search" },
      el("label", {}, el("span", {}, labels.search), field), this.count, this.steps);
  }

  find(words, move) {
    this.state.words = words;
    const wanted = folded(words.trim()).letters;
    this.marks = [];
    for (const line of this.lines) {
      line.spans.forEach((span, number) => {
        const { text, state } = line.runs[number];
        if (wanted.length < 2 || state === "gone") {
          if (span.dataset.marked) span.replaceChildren(text);
          delete span.dataset.marked;
          return;
        }
        const pieces = this.pieces(text, wanted);
        if (!pieces && !span.dataset.marked) return;
        span.replaceChildren(...(pieces || [text]));
        if (pieces) span.dataset.marked = "1";
        else delete span.dataset.marked;
      });
    }
    this.at = -1;
    this.told(wanted);
    if (move && this.marks.length) this.step(1);
  }

  pieces(text, wanted) {
    const { letters, places } = folded(text);
    const pieces = [];
    let done = 0;
    for (let at = letters.indexOf(wanted); at >= 0; at = letters.indexOf(wanted, at + wanted.length)) {
      const mark = el("mark", {}, text.slice(places[at], places[at + wanted.length]));
      pieces.push(text.slice(done, places[at]), mark);
      this.marks.push(mark);
      done = places[at + wanted.length];
    }
    return pieces.length ? [...pieces, text.slice(done)] : null;
  }

  step(by) {
    if (!this.marks.length) return;
    this.marks[this.at]?.classList.remove("here");
    this.at = (this.at + by + this.marks.length) % this.marks.length;
    const mark = this.marks[this.at];
    mark.classList.add("here");
    mark.scrollIntoView({ block: "center" });
    this.told("x");
  }

  told(wanted) {
    if (!this.count) return;
    const { labels } = this.data;
    this.steps.hidden = !this.marks.length;
    if (wanted.length < 1 || !this.state.words.trim()) this.count.textContent = "";
    else if (wanted.length < 2 && wanted !== "x") this.count.textContent = labels.tooShort;
    else if (!this.marks.length) this.count.textContent = labels.notFound;
    else this.count.textContent = labels.found.replace("{at}", this.at + 1).replace("{count}", this.marks.length);
  }
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const before = kept.get(root) || { state: { words: "" }, drawn: "" };
  const drawn = JSON.stringify(data);
  if (before.drawn === drawn) return;
  if (before.document !== data.document) before.state.words = "";
  kept.set(root, { state: before.state, drawn, document: data.document });
  new Reader(root, before.state, setTriggerValue).draw(data);
}

// What a reader does with an answer: judge it, report that it lacks something, copy it or a link to its question.

const SIGNS = {
  up: "M7 10v10H3V10zM7 20h9.5a2 2 0 0 0 2-1.6l1.4-6A2 2 0 0 0 18 10h-5l.8-4.2A2 2 0 0 0 12 3.5L7 10",
  down: "M17 14V4h4v10zM17 4H7.500a2 2 0 0 0-2 1.600l-1.400 6A2 2 0 0 0 6 14h5l-.8 4.200a2 2 0 0 0 1.800 2.300L17 14",
  missing: "M6 21V4h12l-2 4 2 4H6",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 6 6l1-1",
};

function sign(name) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", SIGNS[name]);
  picture.append(path);
  return picture;
}

async function toClipboard(text) {
  if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
  const field = el("textarea", { "aria-hidden": "true", style: "position:fixed;opacity:0" });
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("the browser does not copy");
}

class Reactions {
  constructor(data, tell) {
    this.feedback = data.feedback;
    this.words = data.feedback.words;
    this.tell = tell;
    this.given = "";
    this.sent = null;
    this.serial = ++serial;
    this.verdicts = {};
    if (this.feedback.judge) {
      this.verdicts.up = this.button("up", () => this.send("up"));
      this.verdicts.down = this.button("down", () => this.ask());
      this.verdicts.down.setAttribute("aria-expanded", "false");
    }
    this.report = this.feedback.report ? el("div", { class: "report" }, this.missing()) : null;
    this.place = el("div", { class: "said" });
    this.status = el("p", { role: "status", class: "quiet" });
    this.node = el("section", { class: "reactions", "aria-label": this.words.group }, this.row(), this.status, this.place);
  }

  row() {
    const copy = this.button("copy", () => this.copy(this.feedback.copy));
    const address = this.button("link", () => this.copy(location.origin + location.pathname + this.feedback.link));
    const verdicts = Object.entries(this.verdicts).filter(([name]) => name !== "missing");
    return el("div", { class: "row" }, verdicts.map(([, button]) => button), el("span", { class: "gap" }), copy, address);
  }

  missing() {
    this.verdicts.missing = this.button("missing", () => this.send("missing"));
    return this.verdicts.missing;
  }

  button(name, onclick) {
    return el("button", { type: "button", class: `tool ${name}`, onclick }, sign(name), this.words[name]);
  }

  // A second press takes a judgement back.
  send(verdict, more = {}) {
    const again = this.given === verdict && verdict !== "down";
    this.sent = again ? "" : verdict;
    this.tell("said", { verdict: this.sent, reason: "", comment: "", ...more });
  }

  ask() {
    if (this.place.firstChild) return this.shut();
    this.verdicts.down.setAttribute("aria-expanded", "true");
    const { words, feedback } = this;
    const name = `reason-${this.serial}`;
    const choices = Object.entries(feedback.reasons).map(([value, text]) =>
      el("label", { class: "choice" }, el("input", { type: "radio", name, value }), text),
    );
    const comment = el("textarea", { rows: "2", maxlength: String(feedback.most), id: `comment-${this.serial}` });
    const form = el(
      "form",
      { class: "why" },
      el("fieldset", {}, el("legend", { class: "label" }, words.why), choices),
      el("label", { class: "label", for: comment.id }, words.comment),
      comment,
      el("p", { class: "quiet" }, words.about),
      el(
        "div",
        { class: "row" },
        el("button", { type: "submit", class: "tool main-tool" }, words.send),
        el("button", { type: "button", class: "tool", onclick: () => this.shut(true) }, words.cancel),
        this.given ? el("button", { type: "button", class: "tool", onclick: () => this.withdraw() }, words.withdraw) : null,
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = form.querySelector("input:checked");
      this.send("down", { reason: chosen ? chosen.value : "", comment: comment.value });
    });
    // What is typed here is no shortcut of the page.
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.shut(true);
      event.stopPropagation();
    });
    this.place.replaceChildren(form);
    form.querySelector("input").focus();
  }

  withdraw() {
    this.sent = "";
    this.tell("said", { verdict: "", reason: "", comment: "" });
  }

  shut(refocus) {
    this.place.replaceChildren();
    if (!this.verdicts.down) return;
    this.verdicts.down.setAttribute("aria-expanded", "false");
    if (refocus) this.verdicts.down.focus();
  }

  async copy(text) {
    const before = this.status.textContent;
    try {
      await toClipboard(text);
      this.say(this.words.copied);
    } catch {
      this.say(this.words.notCopied);
    }
    setTimeout(() => this.status.textContent === this.words.copied && (this.status.textContent = before), 4000);
  }

  say(text) {
    this.status.textContent = text;
  }

  // What the server keeps now: the verdict, or a line that says why nothing was kept.
  settle({ verdict, failed }, silent = false) {
    const asked = this.sent !== null && (failed || verdict === this.sent);
    this.given = verdict;
    for (const [name, button] of Object.entries(this.verdicts)) {
      button.setAttribute("aria-pressed", String(name === verdict));
    }
    if (failed) this.say(failed);
    else if (verdict) this.say(this.words[`thanks_${verdict}`]);
    else if (!silent && asked) this.say(this.words.withdrawn);
    if (!asked) return;
    this.sent = null;
    if (!failed) this.shut(this.place.firstChild !== null);
  }
}

"""What the tests of all pages share: the way to each page and state, and what the keyboard's focus is on."""

from collections.abc import Callable, Iterator
from pathlib import Path

from chatting import QUESTION, ask, marks
from playwright.sync_api import Page

from assistant import texts_nl as nl

# The element with the focus, also within a component; and how it and what stands around it look.
FOCUS = """
(() => {
  const deep = () => { let e = document.activeElement; while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement; return e; };
  const up = (e) => e.parentElement ?? (e.getRootNode() instanceof ShadowRoot ? e.getRootNode().host : null);
  const look = (e) => {
    const told = [];
    for (let at = e, n = 0; at && n < 5; at = up(at), n++) {
      const style = getComputedStyle(at);
      told.push([style.outline, style.boxShadow, style.border, style.backgroundColor, style.textDecoration].join());
    }
    return told.join("|");
  };
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: false }) && e.getClientRects().length > 0;
  const all = function* (root) {
    for (const e of root.querySelectorAll("*")) { yield e; if (e.shadowRoot) yield* all(e.shadowRoot); }
  };
  const wanted = "a[href], button, input:not([type=hidden]), textarea, select, summary, [tabindex]";
  const group = (e) => (e.type === "radio" && e.name) || (e.getAttribute("role") === "radio" && e.closest("[role=radiogroup]"))
    || (e.tagName === "BUTTON" && e.closest("[role=toolbar], [role=group][data-testid], [data-testid=stButtonGroup] [role]:not(button)"));
  window.focusTest = {
    seen: [], looks: [], invisible: [],
    name: (e) => `${e.tagName} ${(e.getAttribute("aria-label") || e.textContent || e.placeholder || "").trim().slice(0, 50)}`,
    note() {
      const e = deep();
      if (this.last && this.last.isConnected && look(this.last) === this.looks.at(-1)) this.invisible.push(this.name(this.last));
      this.last = null;
      if (!e || e === document.body) return "outside";
      if (this.seen.includes(e)) return "again";
      this.seen.push(e); this.looks.push(look(e)); this.last = e;
      return "new";
    },
    missed() {
      const groups = new Set(this.seen.map(group).filter(Boolean));
      return [...all(document)].filter((e) => e.matches(wanted) && e.tabIndex >= 0 && !e.disabled && shown(e) && !e.closest("[inert]"))
        .filter((e) => !this.seen.includes(e) && !(group(e) && groups.has(group(e)))).map((e) => this.name(e));
    },
  };
})()
"""

State = Callable[[], None]


def states(page: Page, server: str, environment: dict[str, str]) -> Iterator[str]:
    """Bring the page into each state in turn; gives the state's name when it is there."""
    page.goto(server)
    page.locator("[class*=st-key-starter-] button").first.wait_for()
    yield "vraag"
    turn = ask(page, QUESTION)
    marks(turn).first.click()
    turn.locator(".passage").wait_for()
    yield "antwoord"
    yield from _briefs(page, server)
    yield from _library(page, server)
    page.goto(f"{server}/kwaliteit")
    page.get_by_role("heading", level=1, name=nl.QUALITY["title"]).wait_for()
    page.wait_for_timeout(1_000)
    for view in page.get_by_role("radiogroup").first.get_by_role("radio").all_inner_texts():
        page.get_by_role("radio", name=view, exact=True).click()
        page.wait_for_timeout(1_500)
        yield f"kwaliteit, {view}"
    page.goto(f"{server}/over")
    page.get_by_role("heading", level=2, name=nl.ABOUT["sources"]).wait_for()
    yield "over"
    assert Path(environment["WELWIJZER_DATA"]).is_dir()


def _briefs(page: Page, server: str) -> Iterator[str]:
    page.goto(f"{server}/adviesgesprek")
    page.get_by_role("button", name=nl.BRIEF_PAGE["make"]).wait_for()
    yield "adviesgesprek"
    page.get_by_role("radio", name="vo", exact=True).click()
    page.get_by_text("Omgeving", exact=True).click()
    page.get_by_role("button", name=nl.BRIEF_PAGE["make"]).click()
    page.locator(".sheet").wait_for()
    page.locator(".quoted .mark").first.click()
    page.locator(".passage").wait_for()
    yield "adviesbrief"


def _library(page: Page, server: str) -> Iterator[str]:
    page.goto(f"{server}/bronnen")
    page.get_by_role("table").wait_for()
    yield "bronnen"
    page.get_by_role("button", name=nl.LIBRARY["add"]).click()
    page.get_by_role("button", name=nl.LIBRARY["fetch"]).wait_for()
    yield "toevoegen"
    page.goto(f"{server}/bronnen")
    page.locator("tbody .open").first.click()
    page.locator(".text").get_by_role("heading").first.wait_for()
    page.get_by_text(nl.LIBRARY["manage"], exact=True).click()
    page.get_by_role("button", name=nl.LIBRARY["undo"]).wait_for()
    yield "lezer"

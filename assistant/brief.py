"""The consultation brief: what an adviser takes along to a school. Every line is cited and verbatim, or our own fixed text.

With a chat model, sections get connecting sentences above their lines, each supported by these (`assistant.brief_connecting`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from assistant import texts_nl as nl
from assistant.answer import Assistant
from assistant.brief_connecting import connected
from assistant.brief_lines import Picker, Quotes, anything, speaks_of, within, words_of
from assistant.brief_parts import care, examples, introduction, knowledge, school_questions, tools
from assistant.brief_records import Brief, BriefLine, BriefSection, Part, shown
from assistant.brief_themes import Principle, Theme, pillars, rules, theme_named
from assistant.citing import citation
from assistant.errors import QuestionError
from assistant.safety import Danger, referral_lines
from assistant.types import SECTORS, Citation, Document, Evidence, Outcome, Passage, Statement
from assistant.verify import JOIN, verified

if TYPE_CHECKING:
    from threading import Event

MAX_THEMES = 6
MANY_PRINCIPLES = 6  # from here on one line of knowledge per principle is enough for three pages
# Words of lines. Set as A4 with the exporter's margins and type size (November 2026, real library), with headings and
# sources: 1,145 words on four pillars were three pages, 772 on one pillar two, 884 two and a line.
MAX_WORDS, MAX_WORDS_ONE = 1_150, 820
# Of those words, for connecting sentences where a chat model writes them: eight of 25 words, four on one pillar.
ROOM, ROOM_ONE = 200, 100
MAX_CLAUSES = 5  # parts of the school's situation that are looked up one by one, and lines for all of them together
ABOUT = 0.45  # of such a part a line speaks itself, its words weighed by rarity
FIXED = (Part.URGENT, Part.SITUATION, Part.QUESTIONS)  # never cut
_CLAUSE = re.compile(r"[.;!?\n]+|,|\s(?:en|maar)\s")


@dataclass(slots=True)
class _Draft:
    """A section in the making: its lines are quotes, or text of our own, each with a label."""

    heading: str
    part: Part
    level: int = 1
    lines: list[tuple[Quotes | str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Told:
    """Words of the adviser as they may be used: masked, and what they signal."""

    text: str
    notices: tuple[str, ...] = ()
    referral: str | None = None
    usable: bool = True


def brief_for(
    assistant: Assistant,
    sector: str,
    themes: Sequence[str] = (),
    context: str = "",
    user: str = "",
    cancelled: Event | None = None,
) -> Brief:
    """A brief of one to three pages for a school of `sector` on `themes`: pillars, principles or own words; none means all.

    With a chat model (`assistant.writer`) its sections get connecting sentences, on `user`'s budget; setting `cancelled`
    does without them. Raises QuestionError (unknown sector, too many themes, an empty theme, text too long),
    LibraryEmptyError, ModelMismatchError.
    """
    if sector not in SECTORS:
        raise QuestionError("unknown sector", why="sector", sector=sector)
    if len(themes) > MAX_THEMES:
        raise QuestionError("too many themes", why="themes", limit=MAX_THEMES, count=len(themes))
    view = assistant.retriever.view()  # one state of the library for the whole brief
    headings = frozenset(principle.name for theme in pillars(view.documents) for principle in theme.principles)
    picker = Picker(assistant.retriever, view, sector, rules(), headings)
    told = [_told(assistant, sector, context)] if context.strip() else []
    chosen: list[Theme] = []
    for name in dict.fromkeys(themes):
        known = theme_named(name, view.documents)
        if known is None:
            told.append(_told(assistant, sector, name))
            known = Theme(told[-1].text, (Principle(told[-1].text),) if told[-1].usable else ())
        chosen = _joined(chosen, known)
    chosen = chosen or list(pillars(view.documents))
    picker.wide = not any(picker.for_sector(p) for theme in chosen for p in _placed(view.documents, theme))
    situation = told[0] if context.strip() else _Told("", usable=False)
    drafts = [*_urgent(told), *_situation(picker, situation), *_themes(picker, chosen)]
    most = MAX_WORDS if len(chosen) > 1 else MAX_WORDS_ONE
    notices = [notice for each in told for notice in each.notices]
    brief: Brief | None = None
    if assistant.writer is not None and not any(each.referral for each in told):  # signs of danger go to no model
        room = ROOM if len(chosen) > 1 else ROOM_ONE
        shorter = _within_pages([replace(draft, lines=list(draft.lines)) for draft in drafts], most - room)
        plain = _finished(shorter, view.documents)
        found = connected(plain, view.documents, assistant.writer, room, user, cancelled)
        notices += found.notices
        brief = found.brief if found.brief.written else None
    brief = brief or _finished(_within_pages(drafts, most), view.documents)
    return replace(
        shown(brief),
        sector=sector,
        themes=tuple(theme.name for theme in chosen),
        context=situation.text,
        notices=tuple(dict.fromkeys(notices)),
        referral=next((each.referral for each in told if each.referral), None),
    )


def _placed(documents: Mapping[str, Document], theme: Theme) -> list[Passage]:
    """The passages in a theme's own section; of all documents where it has none."""
    here = within(theme.place)
    return [passage for document in documents.values() for passage in document.passages if here(passage)]


def _told(assistant: Assistant, sector: str, words: str) -> _Told:
    """What the adviser wrote, looked at as any question is: masked, signs of danger, orders to the machine."""
    answer = assistant.extractive.ask(words, (), sector)
    privacy = tuple(notice for notice in answer.notices if notice.startswith(nl.NOTICE_PRIVACY.split("{")[0]))
    usable = answer.outcome not in (Outcome.REFERRAL, Outcome.REFUSED)
    refused = (nl.REFUSED,) if answer.outcome is Outcome.REFUSED else ()
    return _Told(answer.question, privacy + refused, answer.referral, usable)


def _joined(themes: list[Theme], new: Theme) -> list[Theme]:
    """The themes with another; principles of one pillar come together."""
    for at, theme in enumerate(themes):
        if theme.name == new.name:
            principles = tuple(dict.fromkeys((*theme.principles, *new.principles)))
            return [*themes[:at], replace(theme, principles=principles), *themes[at + 1 :]]
    return [*themes, new]


def _urgent(told: Sequence[_Told]) -> list[_Draft]:
    kinds = dict.fromkeys(each.referral for each in told if each.referral)
    lines = dict.fromkeys(line for kind in kinds if kind for line in referral_lines(Danger(kind)))
    return [_Draft(nl.BRIEF_URGENT, Part.URGENT, lines=[(line, "") for line in lines])] if lines else []


def _situation(picker: Picker, told: _Told) -> list[_Draft]:
    """What the sources say on each part of the school's situation, and on which parts they are silent."""
    if not told.usable:
        return []
    draft = _Draft(nl.BRIEF_SITUATION, Part.SITUATION)
    clauses = [clause.strip() for clause in _CLAUSE.split(told.text)]
    clauses = [clause for clause in clauses if clause][:MAX_CLAUSES]
    for clause in clauses:
        evidence = picker.look_up(clause)
        if not any(term.weight >= 1 for term in evidence.query.terms):
            continue
        found = picker.alone(evidence, picker.for_sector, anything)
        near = [quotes for quotes in found if speaks_of(evidence.query, quotes) >= ABOUT]
        found = picker.taken(near, max(MAX_CLAUSES // len(clauses), 1))
        draft.lines += [(quotes, clause) for quotes in found] or [(nl.BRIEF_NOT_FOUND, clause)]
    return [draft] if draft.lines else []


def _themes(picker: Picker, themes: Sequence[Theme]) -> list[_Draft]:
    """Knowledge per theme, and then for all themes together what to ask, tools, examples and whom to watch over."""
    principles = [principle for theme in themes for principle in theme.principles]
    each = 1 if len(principles) >= MANY_PRINCIPLES else 2
    drafts: list[_Draft] = []
    seen: list[Evidence] = []
    others = nl.NOTICE_OTHER_SECTOR.format(sector=picker.sector)
    for theme in themes:
        head = _Draft(theme.name, Part.KNOWLEDGE, lines=[(q, "") for q in introduction(picker, theme)])
        if picker.wide and not drafts:
            head.lines.insert(0, (others, ""))
        drafts.append(head)
        for principle in theme.principles:
            evidence = picker.look_up(principle.search or picker.rules.search.format(name=principle.name))
            seen.append(evidence)
            found = knowledge(picker, evidence, principle.place, each if principle.name != theme.name else each * 2)
            under = head if principle.name == theme.name else _Draft(principle.name, Part.KNOWLEDGE, 2)
            under.lines = [(quotes, "") for quotes in found]
            drafts += [under] if under is not head and (found or principle.place) else []
            if under is not head and principle.place and not found:
                under.lines.append((nl.BRIEF_SILENT, ""))
        if drafts[-1] is head and not head.lines:
            head.lines.append((nl.BRIEF_SILENT, ""))
    return [*drafts, *_together(picker, themes, seen)]


def _together(picker: Picker, themes: Sequence[Theme], seen: Sequence[Evidence]) -> list[_Draft]:
    asked = _Draft(nl.BRIEF_QUESTIONS, Part.QUESTIONS, lines=list(school_questions(picker, themes, seen)))
    held = _Draft(nl.BRIEF_TOOLS, Part.TOOLS, lines=list(tools(picker, themes, seen)))
    schools = _Draft(nl.BRIEF_EXAMPLES, Part.EXAMPLES, lines=list(examples(picker, seen)))
    watched = _Draft(nl.BRIEF_CARE, Part.CARE, lines=[(quotes, "") for quotes in care(picker, seen)])
    silent = {Part.TOOLS: nl.BRIEF_NO_TOOLS, Part.EXAMPLES: nl.BRIEF_NO_EXAMPLES, Part.CARE: nl.BRIEF_NO_CARE}
    for draft in (held, schools, watched):
        draft.lines = draft.lines or [(silent[draft.part], "")]
    return [draft for draft in (asked, held, schools, watched) if draft.lines]


def _finished(drafts: Sequence[_Draft], documents: Mapping[str, Document]) -> Brief:
    """Numbered, and verified against the stored texts."""
    citations: list[Citation] = []
    sections: list[BriefSection] = []
    for number, draft in enumerate(drafts, 1):
        lines: list[BriefLine] = []
        for place, (content, label) in enumerate(draft.lines, 1):
            if isinstance(content, str):
                statement = Statement(content, (), own=True)
            else:
                cited = [citation(span, len(citations) + n, documents) for n, span in enumerate(content, 1)]
                statement = Statement(JOIN.join(c.quote for c in cited), tuple(c.number for c in cited))
                citations += cited
                if not verified((statement,), tuple(cited), documents)[0]:
                    continue
            lines.append(BriefLine(f"{number}.{place}", statement, label))
        sections.append(BriefSection(draft.heading, tuple(lines), draft.part, draft.level))
    used = {number for s in sections for line in s.lines for number in line.statement.citations}
    return Brief("", (), tuple(sections), tuple(c for c in citations if c.number in used))


def _within_pages(drafts: Sequence[_Draft], most: int) -> Sequence[_Draft]:
    """Take the last line from the longest section until the brief fits; questions of ours and a referral stay."""
    while sum(_words(line) for draft in drafts for line in draft.lines) > most:
        long = [d for d in drafts if len(d.lines) > 1 and d.part not in FIXED]
        if not long:
            break
        max(long, key=lambda draft: sum(_words(line) for line in draft.lines)).lines.pop()
    return drafts


def _words(line: tuple[Quotes | str, str]) -> int:
    content, label = line
    text = content if isinstance(content, str) else words_of(content)
    return len(f"{label} {text}".split())

"""What a question leaves unsaid because an earlier turn said it: read by rules, without a model.

A follow-up is completed ("En in het mbo?" → "Hoe betrek je ouders in het mbo?"), told which item of the last answer it is
about ("de tweede"), or read beside the turn before, whose words then count less than its own. Dutch: `data/followup.toml`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant import dutch
from assistant.answer_lists import item_of
from assistant.followup_rules import NAME, Rules, rules
from assistant.texts_nl import READ_BESIDE
from assistant.types import Turn

# How much the words of the turn before count, by how a question leans on them. Swept on the dev half of the set `gesprek`
# (November 2026, 29 conversations): BESIDE at 0.6 loses one, within a factor of 1.5 the others change none.
COMPLETED = 0.8  # its own words were put into the question before
BESIDE = 0.45  # it points back and has some words of its own; below the weight of a subject (`extract.SUBJECT`)
UNPLACED = 0.8  # it is no whole question, but its words take no other's place; or it asks "zijn er cijfers?"
ANSWERED = 0.3  # a name that the last answer gave
ITEM_CONTEXT = 0.3  # it is about one item of the last answer
LOOSE = 0.25  # it goes on ("en ...") with a whole question of its own
MAX_OWN = 3  # a question that leans on the turn before has at most this many content words of its own
MAX_FRAGMENT = 6  # and what is no whole question at most this many
MAX_ITEMS = 3  # ordinals of one question
MAX_SHOWN = 160  # characters of the question before in `read_as`
MAX_TURNS = 6  # how far back a chain of follow-ups is followed


@dataclass(frozen=True, slots=True)
class Part:
    """Words of an earlier turn; `weight` is how much they count beside the question's own."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it stands on its own.

    `text`: the question, completed where words of the turn before belong in it; `new`: what of it was said now (counts in
    full, the rest of `text` by `kept`); `parts`: what it is about beside that; `form`: the text whose kind it shares where its
    own words tell none; `relational`: its noun is one of something, so that "wat zijn de gevolgen" asks no definition;
    `read_as`: how it was read, None when as it stands.
    """

    text: str
    new: str
    kept: float = 1.0
    parts: tuple[Part, ...] = ()
    form: str = ""
    relational: bool = False
    read_as: str | None = None


def read(question: str, history: Sequence[Turn]) -> Reading:
    """The question with what it leaves unsaid. Without history it is itself; a new subject carries nothing."""
    if not history:
        return Reading(question, question)
    known = rules()
    plain = dutch.normal(question)
    if _is_thanks(plain, known):
        return Reading("", "")
    if known.aside.search(plain):
        return Reading(question, question)
    topic = known.new_topic.match(plain)
    if topic:
        bare = question[topic.end() :] or question
        return Reading(bare, bare)
    before = read(history[-1].question, history[-MAX_TURNS:-1])
    if not before.text:  # the turn before asked nothing
        return read(question, history[:-1])
    return (
        _corrected(question, before, known)
        or _of_item(question, history[-1], before, known)
        or _completed(question, before, known)
        or _beside(question, history[-1], before, known)
        or Reading(question, question)
    )


def _is_thanks(plain: str, known: Rules) -> bool:
    rest = known.says_nothing.sub(" ", known.openers.sub("", plain))
    asked = "?" in plain or known.question_opening.match(rest) or _subject(rest)
    return known.thanks.match(plain) is not None and not asked


def _corrected(question: str, before: Reading, known: Rules) -> Reading | None:
    """The question before with what was meant instead ("Nee, ik bedoel het vo"); a whole question stands on its own."""
    meant = known.corrects.match(dutch.normal(question))
    if meant is None:
        return None
    rest = question[meant.end() :]
    if not _is_fragment(rest, known):
        return Reading(rest, rest, read_as=rest)
    return _with_fragment(question, rest.strip(" ?.!"), before, known)


def _of_item(question: str, last: Turn, before: Reading, known: Rules) -> Reading | None:
    """The question with "de tweede" replaced by the second item of a list in the last answer."""
    if len(_subject(known.ordinal.sub(" ", dutch.normal(question)))) > MAX_OWN:
        return None
    told, rest = "", question
    for _ in range(MAX_ITEMS):
        found = known.ordinal_in(dutch.normal(rest))
        if found is None or (found.name and not known.names_item(found.name, f"{before.text} {last.answer}")):
            break
        item = item_of(last.answer, found.number, f"{found.name} {before.text}")
        if item is None:
            break
        told, rest = f"{told}{rest[: found.start]}‘{item}’", rest[found.end :]
    if not told:
        return None
    shown = told + rest
    text = known.says_nothing.sub(" ", shown.replace("‘", "").replace("’", ""))
    context = ITEM_CONTEXT if _subject(text) else 1.0
    return Reading(text, text, parts=(Part(_said(before, known), context),), read_as=shown)


def _completed(question: str, before: Reading, known: Rules) -> Reading | None:
    """The question before with the words of this one in their place, for one that is no whole question."""
    plain = dutch.normal(question)
    opener = known.openers.match(plain)
    rest = question[opener.end() :] if opener else question
    same = known.same_asked.match(dutch.normal(rest))
    fragment = (rest[same.end() :] if same else rest).strip(" ?.!,;")
    asked = known.question_opening.match(dutch.normal(fragment))
    if asked and known.preposition.match(dutch.normal(fragment[asked.end() :].lstrip())):
        fragment = fragment[asked.end() :].strip()  # "en hoeveel in het mbo?"
    if not fragment or not _is_fragment(fragment, known):
        return None
    if same and (led := known.as_for.match(dutch.normal(fragment))):
        placed = known.placed(fragment[led.end() :], before.text)
        if placed:
            return _whole(placed, fragment, before)
    classed = any(pattern.search(dutch.normal(fragment)) for pattern in known.counterparts.values())
    led = known.preposition.match(dutch.normal(fragment))
    if same or led or known.continues.match(plain) or (classed and "?" in question):
        return _with_fragment(question, fragment, before, known)
    return None


def _is_fragment(text: str, known: Rules) -> bool:
    plain = dutch.normal(text).strip(" ?.!,;")
    own = _subject(plain)
    most = MAX_FRAGMENT if known.preposition.match(plain) else MAX_OWN
    whole = known.question_opening.match(plain) or known.finite.search(known.possessive.sub(" ", plain))
    return bool(own) and len(own) <= most and not whole and not known.points(plain)


def _with_fragment(question: str, fragment: str, before: Reading, known: Rules) -> Reading:
    led = known.preposition.match(dutch.normal(fragment))
    fragment = fragment[0].lower() + fragment[1:] if led else fragment
    text = known.placed(fragment, before.text)
    if text is None and led:
        text = f"{before.text.rstrip(' ?.!')} {fragment}?"
    if text is not None:
        return _whole(text, fragment, before)
    shown = _shown(question, before)
    parts = (Part(_said(before, known), UNPLACED), *_faded(before, UNPLACED))
    return Reading(fragment, fragment, parts=parts, form=before.text, read_as=shown)


def _whole(text: str, fragment: str, before: Reading) -> Reading:
    return Reading(text, fragment, COMPLETED, before.parts, before.form, read_as=text)


def _beside(question: str, last: Turn, before: Reading, known: Rules) -> Reading | None:
    """The question with the words of the one before beside it, for one that points back or has no subject of its own."""
    plain = dutch.normal(question)
    own = _subject(known.says_nothing.sub(" ", plain))
    weight = _share(plain, own, known)
    if weight is None:
        return None
    parts = (Part(_said(before, known), weight), *_named(last, before, known), *_faded(before, weight))
    shown = _shown(question, before)
    form = "" if own or known.asks_more.search(plain) else before.text
    bare = known.says_nothing.sub(" ", question)
    return Reading(bare, bare, parts=parts, form=form, relational=weight == UNPLACED, read_as=shown)


def _share(plain: str, own: Sequence[str], known: Rules) -> float | None:
    """How much the turn before counts in a question that is no fragment; None where it stands alone."""
    if not own:
        return 1.0
    if len(own) > MAX_OWN:
        return None
    if known.relational.issuperset(own):
        return UNPLACED
    ordinal = known.ordinal_in(plain)
    if ordinal is not None and (not ordinal.name or ordinal.name in known.item_names):
        return BESIDE
    if known.points(plain) or (known.asks_more.search(plain) and not known.about_own.search(plain)):
        return BESIDE
    return LOOSE if known.continues.match(plain) else None


def _named(last: Turn, before: Reading, known: Rules) -> tuple[Part, ...]:
    """The first name in the last answer's first statement, when a name was asked for: "ze" and "daar" may mean it."""
    if not known.asks_name.match(dutch.normal(before.text)):
        return ()
    first = next((part for part in last.answer.split("\n\n") if part.rstrip().endswith("]")), "")
    name = NAME.search(first)
    return (Part(name.group(), ANSWERED),) if name else ()


def _faded(before: Reading, weight: float) -> tuple[Part, ...]:
    return tuple(Part(part.text, part.weight * weight) for part in before.parts)


def _said(before: Reading, known: Rules) -> str:
    """What the question before was about, without the words that made it a question of its form."""
    return known.question_opening.sub("", dutch.normal(before.text)).strip(" ?.!") or before.text


def _shown(question: str, before: Reading) -> str:
    earlier = before.text if len(before.text) <= MAX_SHOWN else f"{before.text[:MAX_SHOWN].rsplit(' ', 1)[0]} …"
    return READ_BESIDE.format(question=question, earlier=earlier)


def _subject(text: str) -> list[str]:
    return [word for word in dutch.content_words(text) if word not in dutch.QUESTION_WORDS]

"""A Dutch sentence as clauses and tokens: what it counts, denies, measures, and how sure it says to be.

No parser: closed classes of words and punctuation from `assistant.opposites`, which is what a check in under a
millisecond can use. Known limit: a clause without a comma or a conjunction before it is not seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from assistant import dutch
from assistant.support.opposites import Opposites, denial, opposites
from assistant.support.separable import joined
from assistant.support.spelled import Word, number, spelled

_ENDS = frozenset(".!?")
# Content words that a piece between boundaries needs to be a clause of its own.
CLAUSE_WORDS = 3
BEFORE, AFTER = 2, 3  # content words around "niet" that it denies
RARE = 2.5  # Zipf frequency below which a capitalised first word may be a name
PART_KNOWN = 2.5  # Zipf frequency of a word that may be part of a compound


WHETHER = 4  # words before "willen" in which "of" makes it a question ("kiezen of zij hun ouders willen betrekken")
REFERS_WITHIN = 3  # first words of a sentence in which a pronoun points back
DENIES = "!"  # before a key of the index: the word there denies it by its form


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number. `at`: its place; `parts`: keys of the parts of a compound, last is its head."""

    word: str
    at: int
    clause: int
    content: bool
    keys: tuple[str, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()
    number: str | None = None
    name: bool = False
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Clause:
    """What a clause says besides its content: `opening` is its first word, `sentence` counts from 0.

    `refers`: it opens a sentence that points back to the one before ("zij", "daardoor").
    """

    opening: str
    sentence: int
    refers: bool
    after_comma: bool
    denies: bool
    quantities: frozenset[str]
    not_all: bool
    modality: frozenset[str]
    passive: bool
    exists: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence, or two in a row, as read.

    `denied`: per negation the places of the content words it bears on; `nearest`: the first of them;
    `index`: per key the places that hold it, with how well; `numbers`: as figures, "43%" being another than "43".
    """

    tokens: tuple[Token, ...]
    clauses: tuple[Clause, ...]
    denied: tuple[frozenset[int], ...]
    nearest: tuple[int | None, ...]
    index: dict[str, tuple[tuple[int, float], ...]] = field(hash=False)
    content: tuple[Token, ...]
    numbers: frozenset[str]

    @property
    def words(self) -> tuple[str, ...]:
        """All its words, folded."""
        return tuple(token.word for token in self.tokens)


@lru_cache(maxsize=4096)
def read(text: str) -> Reading:
    """Read a sentence or two; the last 4,096 are kept."""
    tables = opposites()
    tokens: list[Token] = []
    clauses: list[Clause] = []
    denied: list[tuple[frozenset[int], int | None]] = []
    for words, sentence, comma in _split(spelled(text, tables), tables):
        made = [
            _token(raw, word, first, at + len(tokens), len(clauses), tables)
            for at, (raw, word, first) in enumerate(words)
        ]
        made = _with_particles(made, tables)
        plain = [token.word for token in made]
        opens = not clauses or clauses[-1].sentence != sentence
        back = bool(tokens) and not opens and (tokens[-1].word, plain[0]) in tables.back
        clause = _clause(plain, sentence, opens, comma, tables)
        clauses.append(replace(clause, refers=True) if back else clause)
        denied.extend(_denied(made, tables))
        tokens.extend(made)
    content = tuple(token for token in tokens if token.content)
    numbers = frozenset(token.number for token in tokens if token.number is not None)
    focus, nearest = tuple(places for places, _ in denied), tuple(place for _, place in denied)
    return Reading(tuple(tokens), tuple(clauses), focus, nearest, _index(tokens), content, numbers)


def _split(words: list[Word], tables: Opposites) -> Iterator[tuple[list[Word], int, bool]]:
    """Clauses, each with its sentence and whether a mark stood before it; a short piece stays with the one before."""
    pieces: list[tuple[list[Word], str]] = [([], ".")]
    for word in words:
        if not word[1][0].isalnum():
            pieces.append(([], word[1]))
        elif pieces[-1][0] and word[1] in tables.clause | tables.join:
            pieces.append(([word], ""))
        else:
            pieces[-1][0].append(word)
    kept: list[tuple[list[Word], int, bool]] = []
    sentence, ended = 0, False
    for piece, mark in pieces:
        ended = ended or mark in _ENDS
        if not piece:
            continue
        sentence += bool(kept) and ended
        if kept and not ended and mark != ";" and _belongs(piece, mark, kept[-1][0], tables):
            kept[-1][0].extend(piece)
        else:
            kept.append((piece, sentence, bool(mark)))
        ended = False
    yield from kept


def _belongs(piece: list[Word], mark: str, before: list[Word], tables: Opposites) -> bool:
    """Whether a piece is too short for a clause of its own, and nothing says that it is one."""
    if piece[0][1] in tables.clause or (mark and before[0][1] in tables.clause):
        return False
    words = [word for _, word, _ in piece]
    return _size(piece, tables) < CLAUSE_WORDS and not any(_denies(words, at, tables) for at in range(len(words)))


def _size(piece: list[Word], tables: Opposites) -> int:
    return sum(_is_content(word, tables) for _, word, _ in piece)


def _denies(words: list[str], at: int, tables: Opposites) -> bool:
    """Whether the word at this place denies; not so in "niet alleen", "niet alle" and "vergeet niet"."""
    after = words[at + 1] if at + 1 < len(words) else ""
    if words[at] in tables.around:
        only = after in tables.not_only and tables.needless.isdisjoint(words)
        return not only and tables.quantifiers.get((after,)) != "all" and tables.forgotten.isdisjoint(words)
    return words[at] in tables.forward or words[at] in tables.whole


def _is_content(word: str, tables: Opposites) -> bool:
    if word in tables.listed or word in tables.light:
        return word in tables.listed
    return word not in dutch.STOPWORDS and word not in tables.modality and (word,) not in tables.quantifiers


def _token(raw: str, word: str, opens: bool, at: int, clause: int, tables: Opposites) -> Token:
    figure = number(word, tables)
    content = figure is None and _is_content(word, tables) and (len(word) > 1)
    capital = raw[0].isupper() and figure is None
    name = capital and (not opens or raw[1:2].isupper() or "-" in raw or _unknown(word)) and content
    if not content:
        return Token(word, at, clause, False, number=figure)
    return Token(word, at, clause, True, _keys(word), _parts(word), figure, name, _weight(word))


def _with_particles(made: list[Token], tables: Opposites) -> list[Token]:
    """The tokens of a clause, a separable verb with its particle found under the verb in one word as well."""
    words, content = [token.word for token in made], [token.content for token in made]
    follows = tables.prepositions | tables.join
    for particle, (verb, whole) in joined(words, content, follows, tables.determiners).items():
        for at in (verb, particle):
            if made[at].content:
                made[at] = replace(made[at], keys=tuple(dict.fromkeys((*_keys(whole), *made[at].keys))))
    return made


def _unknown(word: str) -> bool:
    return not dutch.is_word(word) and dutch.commonness(word) < RARE


@lru_cache(maxsize=50_000)
def _keys(word: str) -> tuple[str, ...]:
    if " " in word:
        return (word,)
    return tuple(dict.fromkeys((*dutch.keys(word.replace("-", "").replace("'", "")),)))


@lru_cache(maxsize=50_000)
def _parts(word: str) -> tuple[tuple[str, ...], ...]:
    if " " in word:
        return ()
    word = word.replace("'", "")
    found = tuple(p for p in word.split("-") if len(p) > 1) if "-" in word else dutch.compound_parts(word, _may_be_part)
    return tuple(dutch.keys(part) for part in found)


@lru_cache(maxsize=50_000)
def _may_be_part(word: str) -> bool:
    return dutch.commonness(word) >= PART_KNOWN and dutch.is_word(word)


@lru_cache(maxsize=50_000)
def _weight(word: str) -> float:
    """From 1 for the commonest words to 4.5 for rare ones, by Zipf frequency."""
    return max(min(4.5, max(1.0, 7.0 - dutch.commonness(part))) for part in word.split())


def _clause(words: list[str], sentence: int, opens: bool, comma: bool, tables: Opposites) -> Clause:
    levels, not_all = set(), False
    for size in (1, 2, 3):
        for at in range(len(words) - size + 1):
            level = tables.quantifiers.get(tuple(words[at : at + size]))
            after = words[at + size] if at + size < len(words) else ""
            if level is None or (level == "all" and after in tables.each_of):
                continue
            if level == "all" and at and words[at - 1] in tables.around:
                not_all = True
            else:
                levels.add(level)
    kinds = {
        tables.modality[word]
        for at, word in enumerate(words)
        if word in tables.modality and not _unmeant(words, at, tables)
    }
    exists = any(pair in tables.exists for pair in zip(words, words[1:], strict=False))
    passive = not tables.passive.isdisjoint(words) or (tables.by in words and not tables.done.isdisjoint(words))
    return Clause(
        words[0],
        sentence,
        opens and _refers(words, tables),
        comma,
        any(_denies(words, at, tables) for at in range(len(words))),
        frozenset(levels),
        not_all,
        frozenset(kinds),
        passive,
        exists,
    )


def _refers(words: list[str], tables: Opposites) -> bool:
    """Whether a sentence that begins with this clause points back to the one before.

    "Alle leraren zijn" and "er zijn" do not: there "zijn" is the verb.
    """
    first = [word for at, word in enumerate(words[:REFERS_WITHIN]) if not at or word not in tables.done]
    if tuple(words[:2]) in tables.exists:
        first = first[1:]
    if not tables.anaphora.isdisjoint(first):
        return True
    return any(pair in tables.back for pair in zip(words, words[1:], strict=False))


def _unmeant(words: list[str], at: int, tables: Opposites) -> bool:
    """Whether a word of modality says nothing of it: "om te kunnen leren", "niet verplicht" (which is its opposite)."""
    before = words[at - 1] if at else ""
    kind = tables.modality[words[at]]
    if kind == "want" and tables.whether in words[max(0, at - WHETHER) : at]:
        return True
    if kind == "can" and (tables.example in words[at + 1 : at + 4] or not tables.ease.isdisjoint(words)):
        return True
    return before == tables.infinitive or (before in tables.around and words[at] in tables.listed)


def _denied(tokens: list[Token], tables: Opposites) -> Iterator[tuple[frozenset[int], int | None]]:
    content = [token.at for token in tokens if token.content]
    words = [token.word for token in tokens]
    for place, token in enumerate(tokens):
        before = [at for at in content if at < token.at]
        after = [at for at in content if at > token.at]
        if not _denies(words, place, tables):
            continue
        if token.word in tables.whole:
            focus = content
        elif token.word in tables.forward:
            focus = after[:AFTER] or before[-BEFORE:]
        else:
            focus = before[-BEFORE:] + after[:AFTER]
        yield frozenset(focus), next(iter((*after, *reversed(before))), None)


def _index(tokens: list[Token]) -> dict[str, tuple[tuple[int, float], ...]]:
    """Per key the tokens that hold it: as the word itself, what it is derived from, or a part of a compound."""
    found: dict[str, dict[int, float]] = {}
    for token in tokens:
        if not token.content:
            continue
        held = [(k, 1.0) for k in token.keys] + [(k, 0.9) for k in dutch.relatives(token.word)]
        held += [(DENIES + k, 1.0) for k in denial(token.word)]
        held += [(k, 0.9 if part == token.parts[-1] else 0.8) for part in token.parts for k in part]
        for k, strength in held:
            places = found.setdefault(k, {})
            places[token.at] = max(strength, places.get(token.at, 0.0))
    return {k: tuple(places.items()) for k, places in found.items()}

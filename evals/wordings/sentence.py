"""How the evaluation reads Dutch to compare wordings: sentences of tokens, each with the forms it is compared by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant import dutch
from evals.wordings.inflection import PARTICLES, compound_stems, forms, infinitive_of, is_verb, known, lemma
from evals.wordings.numerals import number, with_shares

# Words that carry no meaning of their own and may be there or not. The rest of `dutch.STOPWORDS` binds: who left out
# "meer", "moet" or "buiten" said something else.
_BINDING = frozenset(
    """
    iemand iets niets niemand iedereen alles alle al ieder iedere elk elke zelf elkaar tegen tussen na zonder buiten niet
    geen nooit altijd vaak soms meer meest minder veel weinig alleen slechts juist wie wat welke hoeveel kan kun kunt
    kunnen kon konden moet moeten moest mag mogen mocht wil wilt willen wou zou zouden ga gaat gaan ging doe doet doen
    deed gedaan laat laten komt komen kom krijg krijgt krijgen geeft geven geef staat staan maakt maken zegt zeggen zeg
    vertel vertellen noem noemen leg uitleggen morgen vandaag gisteren straks nu direct meteen snel binnenkort ooit bijna
    ongeveer misschien liever hetzelfde beter best goed goede sommige andere ander anders enkele aantal weet weten vind
    vinden vindt bestaat bestaan bestaande dag hallo hoi leggen legt toe
    """.split()
)
FREE = dutch.STOPWORDS - _BINDING
NEGATIONS = frozenset("niet geen nooit zonder nauwelijks noch niemand niets nergens amper evenmin".split())
PREPOSITIONS = frozenset(
    """
    van voor in op aan met bij tot uit over door naar tegen onder tussen na per via zonder binnen buiten rond rondom
    tijdens volgens vanuit vanaf sinds
    """.split()
)
# A comma only parts list items as often as clauses; these part what is denied from what is not.
_TURNS = frozenset("maar want terwijl hoewel omdat doordat zodat als wanneer indien mits tenzij".split())
_AMBIGUOUS = PREPOSITIONS | {"om", "vast", "samen", "weer"}
_FAR = 10
"""Words between a verb and its separated part, at most; judged, not measured."""
_PIECE = re.compile(
    r"\d+(?:[.,]\d+)*(?:e|de|ste)?\b\s?(?:%|\b(?:procent|percent)\b)?|[^\W_]+(?:['-][^\W_]+)*|[,;:()!?]| - "
)
_QUOTE = str.maketrans(dict.fromkeys("‘’‚‛ʼ′´`＇", "'") | dict.fromkeys("“”„‟″«»‹›*\u00ad", None) | {'"': None})
_DASH = re.compile(r"[‐‑‒–—―−﹘﹣－]")
_SPLIT_WORD = re.compile(r"(?<=\w)-\s*\n\s*(?=\w)")
_END = re.compile(r"(?<=[.!?…])['\")\]]*\s+(?=[\"'(\[]*[A-Z0-9À-Ý•-])|\n\s*\n|\n(?=\s*(?:[-•*–▪]|\d+[.)])\s)|[•▪]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or figure: `forms` are what it may be compared by, `clause` and `turn` count the boundaries before it."""

    word: str
    forms: frozenset[str]
    clause: int
    turn: int
    name: bool
    inner: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens in order; `places` gives per form the `(start, end)` stretches of tokens that say it."""

    tokens: tuple[Token, ...]
    places: dict[str, tuple[tuple[int, int], ...]]
    asks: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """A word or compound of the wording that has to be said; `(start, end)` in its tokens."""

    start: int
    end: int
    forms: frozenset[str]
    exact: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A wording read as one sentence and cut into units."""

    sentence: Sentence
    units: tuple[Unit, ...]


@lru_cache(maxsize=16384)
def sentences(text: str) -> tuple[Sentence, ...]:
    """Cut a text into sentences, rather too often than too seldom, and read each."""
    plain = _SPLIT_WORD.sub("-", unicodedata.normalize("NFC", text)).translate(_QUOTE)
    plain = _DASH.sub("-", plain).replace("één", "1").replace("Eén", "1")
    return tuple(read for piece in _END.split(plain) if (read := _sentence(piece)).tokens)


def _sentence(piece: str) -> Sentence:
    piece = with_shares(piece)
    piece = re.sub(r"\b[Nn]iet (?:alleen|slechts)\b(?=.*\b(?:maar|ook)\b)", "", piece)
    tokens: list[Token] = []
    clause = turn = 0
    for match in _PIECE.finditer(piece):
        raw = match.group().strip()
        if raw in (",", ";", ":", "(", ")", "!", "?", "-"):
            clause += 1
            turn += raw in (";", ":", "(", ")", "!", "?", "-")
            continue
        word = dutch.fold(raw)
        if word in _TURNS:
            clause, turn = clause + 1, turn + 1
        name = raw[0].isupper() and bool(tokens)
        tokens.append(_token(word, clause, turn, name))
    tokens = _joined_figures(tokens)
    return Sentence(tuple(tokens), _places(tokens), piece.rstrip(" \"')").endswith("?"))


def _joined_figures(tokens: list[Token]) -> list[Token]:
    """Make one figure of a ratio ("3 op de 10"), a range ("10 tot 15%", "tussen 10 en 15%") and a percentage."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        size, figure = _figure([token.word for token in tokens[at : at + 4]])
        one = tokens[at]
        found.append(Token(figure, frozenset({figure}), one.clause, one.turn, False) if figure else one)
        at += size
    return found


def _figure(words: list[str]) -> tuple[int, str]:
    """Number of words that make one figure and that figure, (1, "") when the first word stays by itself."""
    match words:
        case [part, "op" | "van", "de", whole] if whole.isdigit() and (part.isdigit() or part == "een"):
            return 4, f"{part.replace('een', '1')}:{whole}"
        case ["tussen", low, "en", high] if low[0].isdigit() and high[0].isdigit():
            return 4, f"{low.rstrip('%')}-{high}"
        case [low, "tot", high, *_] if low[0].isdigit() and high[0].isdigit():
            return 3, f"{low.rstrip('%')}-{high}"
        case [count, "procent" | "percent", *_] if count[0].isdigit():
            return 2, f"{count}%"
    return 1, ""


def _token(word: str, clause: int, turn: int, name: bool) -> Token:
    figure = number(word)
    if figure is not None:
        return Token(figure, frozenset({figure}), clause, turn, False)
    parts = tuple(part for part in word.split("-") if part)
    word = "".join(parts).removesuffix("'s") if len(parts) < 2 else "".join(parts)
    word = word.replace("'", "")
    inner = tuple(key for part in parts for key in compound_stems(part)) if len(parts) > 1 else compound_stems(word)
    found = forms(word) | ({"+".join(inner), "~" + "+".join(inner)} if len(inner) > 1 else set())
    return Token(word, frozenset(found), clause, turn, name, inner)


def _places(tokens: list[Token]) -> dict[str, tuple[tuple[int, int], ...]]:
    found: dict[str, list[tuple[int, int]]] = {}
    separated = _separated(tokens)
    taken = {verb for verb, part, _ in separated if tokens[part].word not in _AMBIGUOUS}
    for at, token in enumerate(tokens):
        if at not in taken:
            for form in token.forms:
                found.setdefault(form, []).append((at, at + 1))
    for verb, part, whole in separated:
        for form in forms(whole):
            found.setdefault(form, []).append((min(verb, part), max(verb, part) + 1))
    for start, end, form in open_compounds(tokens):
        found.setdefault(f"~{form}", []).append((start, end))
    return {form: tuple(places) for form, places in found.items()}


def open_compounds(tokens: Sequence[Token]) -> list[tuple[int, int, str]]:
    """`(start, end, form)` of what could be one compound: "school beleid", "beleid van de school"."""
    found: list[tuple[int, int, str]] = []
    for at, token in enumerate(tokens):
        if not token.inner or token.word in dutch.STOPWORDS or is_verb(token.word):
            continue
        head = at + 1
        while head < min(at + 4, len(tokens)) and tokens[head].word in FREE:
            head += 1
        if head >= len(tokens) or not _joins(token, tokens[head]):
            continue
        other = tokens[head]
        if head == at + 1:
            found.append((at, head + 1, "+".join((*token.inner, *other.inner))))
        elif tokens[at + 1].word in PREPOSITIONS and not any(t.word in PREPOSITIONS for t in tokens[at + 2 : head]):
            found.append((at, head + 1, "+".join((*other.inner, *token.inner))))
    return found


def count_of(tokens: Sequence[Token], words: frozenset[str]) -> int:
    """Count the tokens that are one of the words."""
    return sum(token.word in words for token in tokens)


def _joins(first: Token, second: Token) -> bool:
    return (
        bool(second.inner)
        and second.clause == first.clause
        and not (is_verb(second.word) or second.word in dutch.STOPWORDS)
    )


def _separated(tokens: list[Token]) -> list[tuple[int, int, str]]:
    """`(verb, particle, infinitive)` of separated verbs: "neemt … deel", "deel te nemen"."""
    found: list[tuple[int, int, str]] = []
    for at, token in enumerate(tokens):
        if token.word not in PARTICLES:
            continue
        if at + 2 < len(tokens) and tokens[at + 1].word == "te" and known(token.word + lemma(tokens[at + 2].word)):
            found.append((at + 2, at, token.word + lemma(tokens[at + 2].word)))
            continue
        if token.word in _AMBIGUOUS and not _closes(tokens, at):
            continue
        _, verb = max(
            (
                (dutch.commonness(token.word + infinitive), before)
                for before in range(max(at - _FAR, 0), at)
                if tokens[before].turn == token.turn
                and (infinitive := infinitive_of(tokens[before].word)) not in (None, "hebben", "zijn", "worden")
                and known(token.word + infinitive)
            ),
            default=(0.0, -1),
        )
        if verb >= 0:
            found.append((verb, at, token.word + (infinitive_of(tokens[verb].word) or "")))
    return found


def _closes(tokens: list[Token], at: int) -> bool:
    """Whether a word that may be a preposition ends its clause instead."""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is None or after.clause != tokens[at].clause or after.word in PREPOSITIONS | {"om"}:
        return True
    return after.word in ("en", "of") and not (at + 2 < len(tokens) and tokens[at + 2].word in PREPOSITIONS)

"""Typing errors in a question: unknown words are read as the nearest known one; a known word is never changed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import wordfreq
from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant import dutch, english
from assistant.lexical import LexicalIndex
from assistant.thesaurus import Thesaurus

SHORTENINGS = Path(__file__).parent / "data" / "shortenings.toml"
# Set in November 2026 by words with one random error (569 of the library's: 542 read right, 14 wrong, 13 left) and by
# 4,000 correct words of a Dutch dictionary, 599 of them unknown here (24 changed). OF_LIBRARY from 1.5 to 3.5: within 5.
MIN_REPAIR = 4  # shorter unknown words have too many neighbours
# How far a word may be from what is typed, by its length: an error counts 1, one that can't be heard SOUNDS_ALIKE.
LIMITS = ((4, 1.0), (7, 1.5), (99, 2.0))
SOUNDS_ALIKE = 0.5
PER_LETTER = 0.1  # and a little for each letter that it is written differently
SLIP = 0.8  # a letter typed beside its key, or two letters swapped
COMMON_DUTCH = 3.0  # Zipf frequency from which a word is Dutch, whatever the dictionary says ("skool" has 2.6)
COMMON_ENGLISH = 3.3  # the same for English words in a Dutch question ("coping" has 3.7)
FREQUENT = 20_000  # of the most frequent words of Dutch, those that the dictionary knows are what may have been meant
OF_LIBRARY = 2.5  # Zipf points that a word of the library has over one of Dutch at large
PER_ERROR = 3.0  # Zipf points that one error more has to be worth
COMMON_FIRST, COMMON_REST = 5.0, 4.0  # Zipf frequencies of two words that were typed as one ("isde", "deinvoering")
BY_EAR_AND_EYE = 8  # letters from which a word may both sound different and be written differently
# Before another word these make a new one ("aangroei"); before a small word ("opde") they stand by themselves.
_PREFIXES = frozenset("aan achter af bij door in mee na om onder op over samen te tegen toe uit voor zo".split())
_LETTERS = re.compile(r"[^\W\d_]+")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# How Dutch is written by ear: what sounds alike becomes alike.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"sch|sk", "sk"),
        (r"ische?\b", "is"),
        (r"ch", "g"),
        (r"ij|ei|y", "y"),
        (r"ou|au", "ou"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"qu", "kw"),
        (r"x", "ks"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"dt?\b", "t"),
        (r"b\b", "p"),
        (r"z", "s"),
        (r"v", "f"),
        (r"(.)\1+", r"\1"),
    )
)


@dataclass(frozen=True, slots=True)
class Words:
    """What an unknown word may have been meant to be: words with what each weighs, in Zipf points.

    Of these only the `useful` ones replace it: the library speaks of them, or they belong to the language itself.
    """

    weight: dict[str, float]
    by_sound: dict[str, tuple[str, ...]]
    library: frozenset[str]
    useful: frozenset[str]


def repair(question: str, index: LexicalIndex, thesaurus: Thesaurus) -> str:
    """The question with shortenings written out and unknown words replaced by the known word that was meant.

    A word that is known to the library, the thesaurus or Dutch at large stays as it is; so does one that resembles none.
    """
    in_english = english.is_english(dutch.words(question))
    shouted = question.isupper()

    def better(match: re.Match[str]) -> str:
        word = match.group()
        folded = dutch.fold(word)
        if len(folded) < 2 or folded in index.vocabulary:
            return word
        if in_english:
            return word if _is_known_english(folded, thesaurus) else _nearest(folded, _english_words(), False) or word
        if folded in _shortenings():
            return _shortenings()[folded]
        if is_known(folded, index, thesaurus):
            return word
        name = word[0].isupper() and not shouted and match.start() > 0
        meant = _nearest(folded, _dutch_words(index, thesaurus), name)
        return meant or (None if name else _apart(folded, index)) or word

    return _LETTERS.sub(better, question)


def is_known(word: str, index: LexicalIndex, thesaurus: Thesaurus) -> bool:
    """Whether a folded word is one of the library, the thesaurus, Dutch at large, or a compound of such words."""
    if len(word) < MIN_REPAIR or word in index.vocabulary or word in dutch.STOPWORDS or dutch.is_word(word):
        return True
    if dutch.commonness(word) >= COMMON_DUTCH or english.commonness(word) >= COMMON_ENGLISH:
        return True
    if any(index.knows(key) for key in dutch.keys(word)) or thesaurus.find([word]):
        return True
    return bool(dutch.compound_parts(word, lambda part: part in index.vocabulary or _is_part(part)))


def _is_part(word: str) -> bool:
    """Whether a word is usual enough to make a compound; the dictionary alone has too many ("vaardig" + "eden")."""
    return dutch.is_word(word) and dutch.commonness(word) >= COMMON_REST


def _is_known_english(word: str, thesaurus: Thesaurus) -> bool:
    return len(word) < MIN_REPAIR or english.commonness(word) > 0 or bool(thesaurus.find([word]))


def _nearest(word: str, words: Words, name: bool) -> str | None:
    """The word that was most probably meant. Of a name only the library's words are near enough, within one error."""
    limit = 1.0 if name else next(limit for length, limit in LIMITS if len(word) <= length)
    best: tuple[float, str] | None = None
    for candidate, cost in _candidates(word, words, limit):
        if cost > limit or (name and candidate not in words.library):
            continue
        ranked = (PER_ERROR * cost - words.weight[candidate], candidate)
        best = min(best, ranked) if best else ranked
    return best[1] if best and best[1] in words.useful else None


def _candidates(word: str, words: Words, limit: float) -> Iterable[tuple[str, float]]:
    """Words that look or sound like `word`, with the cost of the errors between them."""
    typed = process.extract(word, words.weight.keys(), scorer=OSA.distance, score_cutoff=int(limit), limit=None)
    for candidate, errors, _ in typed:
        if candidate[0] == word[0] or candidate[:2] == word[1::-1]:
            yield candidate, SLIP if errors == 1 and _slipped(word, candidate) else float(errors)
    most = int(limit - SOUNDS_ALIKE) if len(word) >= BY_EAR_AND_EYE else 0
    heard = process.extract(_sound(word), words.by_sound.keys(), scorer=OSA.distance, score_cutoff=most, limit=None)
    for sound, errors, _ in heard:
        for candidate in words.by_sound[sound]:
            yield candidate, errors + SOUNDS_ALIKE + PER_LETTER * OSA.distance(word, candidate)


def _slipped(one: str, other: str) -> bool:
    """Whether two letters were swapped, or one differs and its key lies beside the right one. They are one error apart."""
    if len(one) != len(other):
        return False
    differ = [{a + b, b + a} for a, b in zip(one, other, strict=True) if a != b]
    return len(differ) > 1 or any(pair in row for row in _KEYS for pair in differ[0])


def _sound(word: str) -> str:
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


def _apart(word: str, index: LexicalIndex) -> str | None:
    """The two words that were typed without their space: a very common small one, and one that is known."""
    for cut in range(len(word) - 2, 1, -1):
        first, rest = word[:cut], word[cut:]
        if first in dutch.STOPWORDS and dutch.commonness(first) >= COMMON_FIRST:
            known = rest in index.vocabulary or dutch.commonness(rest) >= COMMON_REST
            if rest in dutch.STOPWORDS or (known and first not in _PREFIXES):
                return f"{first} {rest}"
    return None


@cache
def _shortenings() -> dict[str, str]:
    return dict(tomllib.loads(SHORTENINGS.read_text(encoding="utf-8"))["words"])


@lru_cache(maxsize=2)
def _dutch_words(index: LexicalIndex, thesaurus: Thesaurus) -> Words:
    """The words of the library and the thesaurus, and the frequent ones of Dutch."""
    own = {w for w, count in index.vocabulary.items() if count > 1}
    named = {w for concept in thesaurus.concepts for name in concept.names for w in name}
    weight = {w: dutch.commonness(w) for w in (*_frequent(), *dutch.STOPWORDS)}
    weight |= {w: dutch.commonness(w) + OF_LIBRARY for w in (*named, *own)}
    small = {w for w in weight if dutch.commonness(w) >= COMMON_FIRST} | dutch.STOPWORDS | dutch.QUESTION_WORDS
    return _words(weight, frozenset(own), frozenset(own | named | small))


@cache
def _english_words() -> Words:
    named = english.glossary().words
    known = frozenset((*named, *(plural for w in named if english.commonness(plural := f"{w}s"))))
    return _words({w: english.commonness(w) for w in known}, frozenset(), known)


@cache
def _frequent() -> tuple[str, ...]:
    return tuple(w for w in map(dutch.fold, wordfreq.top_n_list("nl", FREQUENT)) if dutch.is_word(w))


def _words(weight: dict[str, float], library: frozenset[str], useful: frozenset[str]) -> Words:
    kept = {w: value for w, value in weight.items() if len(w) >= MIN_REPAIR - 1 and w.isalpha()}
    by_sound: dict[str, tuple[str, ...]] = {}
    for word in kept:
        by_sound[_sound(word)] = (*by_sound.get(_sound(word), ()), word)
    return Words(kept, by_sound, library, useful)

"""Which forms belong to one Dutch word, and the stems a compound is made of; stricter than a search index.

`assistant.dutch` may rank a near word; here a near word would count a fact as stated that is not: derivations ("veilig",
"veiligheid") and comparatives ("groot", "groter") are other words.
"""

from __future__ import annotations

import re
from functools import lru_cache

import simplemma

from assistant import dutch

PARTICLES = frozenset(
    """
    aan achter af bij bijeen deel door in langs mee na om onder op over plaats samen tegen teleur terug thuis toe uit vast
    voor voort weg weer
    """.split()
)
_VERB_ENDS = ("en", "aan", "ien", "oen")
_NO_VERB = frozenset("welbevinden leven jongen eigen open tevreden teken samen tussen binnen boven buiten".split())
# Past forms that the dictionary does not lead back to their verb.
_PAST = dict(
    pair.split("/")
    for pair in """
    gaven/geven stonden/staan lagen/liggen schreven/schrijven kozen/kiezen gekozen/kiezen boden/bieden geboden/bieden
    bleven/blijven gingen/gaan zaten/zitten aten/eten lazen/lezen vielen/vallen liepen/lopen hielden/houden stegen/stijgen
    vroegen/vragen droegen/dragen trokken/trekken sloten/sluiten grepen/grijpen verloren/verliezen wijst/wijzen
    """.split()
)
_VOWELS = frozenset("aeiouy")
_COMMON = 3.0
"""Zipf frequency from which a present tense counts: "schoolt" is a word, but "scholen" are schools."""
_PARTICIPLE = re.compile(rf"({'|'.join(sorted(PARTICLES))})?ge(\w{{3,}})[dt]")
# Ending of a derivation → its name; inflected and bare forms of one derivation get one name.
_DERIVED = tuple(
    (tuple(endings.split()), endings.split()[0])
    for endings in (
        "heid heden heids",
        "ing ingen ings",
        "lijk lijke",
        "baar bare",
        "loos loze",
        "ig ige",
        "er ere",
        "st ste",
        "se",
    )
)
_STEPS = ("er", "st")
# Words whose stem or dictionary form is another word's: they stand for themselves.
_THEMSELVES = {
    "kans": "kans", "kansen": "kans", "vak": "vak", "vakken": "vak", "gat": "gat", "gaten": "gat", "jongen": "jongen",
    "jongens": "jongen", "gedragen": "gedragen", "langs": "langs", "deels": "deels", "vaak": "vaak",
    "meer": "meer", "meest": "meest", "meeste": "meest", "minder": "minder", "minst": "minst", "minste": "minst",
    "beter": "beter", "betere": "beter", "best": "best", "beste": "best", "liever": "liever", "later": "later",
    "laatste": "laatst", "vaart": "vaart", "gevaren": "gevaar", "goederen": "goederen", "ouder": "ouder", "klassen": "klas",
    "gebied": "gebied", "gebieden": "gebied", "kan": "kunnen", "mag": "mogen", "moet": "moeten",
}  # fmt: skip
_LONG = 7
"""From this many letters on a word is compared by its stem ("#") as well as by its dictionary form ("="): stems of short
words meet ("les" and "lees", "vak" and "vaak")."""


@lru_cache(maxsize=65536)
def lemma(word: str) -> str:
    """Give the dictionary form of a folded word; separable verbs closed ("deelnemen")."""
    return _PAST.get(word) or dutch.fold(simplemma.lemmatize(word, "nl")).replace("_", "")


@lru_cache(maxsize=65536)
def is_verb(word: str) -> bool:
    """Whether a word is a verb form, so that it may move through its sentence."""
    found = lemma(word)
    if found.endswith(_VERB_ENDS) and len(found) > 3:
        return found not in _NO_VERB and dutch.is_word(found)
    return _infinitive(word) or _participle(word) is not None


def infinitive_of(word: str) -> str | None:
    """Infinitive of a finite form, an imperative too ("pas … aan"), None for another word."""
    if is_verb(word):
        return word if _infinitive(word) else lemma(word)
    present = lemma(word + "t")
    return present if present.endswith("en") and dutch.is_word(present) and word not in dutch.STOPWORDS else None


@lru_cache(maxsize=65536)
def forms(word: str) -> frozenset[str]:
    """What a folded word is compared by: its dictionary form, and its stem when it is long, each with its derivation."""
    if word in _THEMSELVES:
        return frozenset({f"={_THEMSELVES[word]}"})
    lemmas = {lemma(word), _participle(word) or lemma(word)} | ({word} if _infinitive(word) else set())
    stems = {key.replace("_", "") for key in dutch.keys(word)} if len(word) >= _LONG else set()
    found = {f"={form}{_derivation(word, form)}" for form in lemmas}
    return frozenset(found | {f"#{stem}{_derivation(word, stem)}" for stem in stems})


@lru_cache(maxsize=65536)
def compound_stems(word: str) -> tuple[str, ...]:
    """Stems of a compound's parts, of the word itself when it is none."""
    whole = word if len(lemma(word)) >= dutch.MIN_COMPOUND else lemma(word)
    parts = dutch.compound_parts(whole, dutch.is_word)
    if parts:
        return tuple(key for part in (*map(_unlinked, parts[:-1]), parts[-1]) for key in compound_stems(part))
    stem = _THEMSELVES.get(word) or dutch.keys(word)[-1]
    return ("kind" if stem == "kinder" else stem,)


def _unlinked(part: str) -> str:
    """Give a part without the s that links it to the next ("ondersteunings", "groeps")."""
    return part[:-1] if part.endswith("s") and len(part) > 4 and dutch.is_word(part[:-1]) else part


def _infinitive(word: str) -> bool:
    """Whether a word that the dictionary takes for a plural ("spelen") is a verb too, by its present tense ("speelt")."""
    if not word.endswith("en") or len(word) < 5:
        return False
    base = word[:-2]
    if base[-1] == base[-2]:
        base = base[:-1]
    elif base[-1] not in _VOWELS and base[-2] in "aeou" and base[-3] not in _VOWELS:
        base = base[:-1] + base[-2:]
    base = base[:-1] + {"z": "s", "v": "f"}.get(base[-1], base[-1])
    present = base if base.endswith("t") else base + "t"
    return lemma(present) == word and dutch.commonness(present) >= _COMMON


def _participle(word: str) -> str | None:
    """Infinitive of a weak participle that the dictionary takes for an adjective ("getraind": trainen), else None."""
    found = _PARTICIPLE.fullmatch(word)
    if not found or dutch.is_word(word) and lemma(word) != word:
        return None
    infinitive = lemma(found[2] + "t") if not found[2].endswith("t") else lemma(found[2])
    whole = (found[1] or "") + infinitive
    return whole if infinitive.endswith("en") and known(whole) else None


def known(word: str) -> bool:
    """Whether a word, composed here, is in the dictionary or in use."""
    return dutch.is_word(word) or dutch.commonness(word) > 0


def _derivation(word: str, form: str) -> str:
    for endings, kind in _DERIVED:
        if word.endswith(endings) and not form.endswith(endings) and (kind not in _STEPS or _steps(word, form, kind)):
            return f":{kind}"
    return ""


def _steps(word: str, form: str, kind: str) -> bool:
    """Whether a word is a comparative or superlative of the form ("hoger": hoog), not just a word that ends alike."""
    short = not form.endswith("en") and form[:2] == word[:2]
    return short and len(word.removesuffix("e")) - len(form) <= len(kind) and word not in (form, form + "t")

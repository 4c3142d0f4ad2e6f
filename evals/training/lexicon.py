"""Words with their translations: FreeDict (both directions), WordNet by way of Open Dutch WordNet, and inflected forms."""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import simplemma
import wordfreq

from assistant import dutch

Lexicon = dict[str, list[str]]
"""Dutch word or phrase, as it is written → its English translations, the first ones first."""

MAX_TRANSLATIONS = 4
WORDS = 120_000
"""Words of wordfreq's Dutch list that get the translations of their dictionary form; rarer ones hold many errors."""


def lexicon(freedict: Path, wordnet: Path, open_dutch_wordnet: Path) -> Lexicon:
    """All words with translations. `freedict`: a folder with FreeDict's .dict.dz; `wordnet`: that of data.noun."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for word, english in [*_from_dutch(freedict), *_from_english(freedict), *_synsets(wordnet, open_dutch_wordnet)]:
        if len(word) > 1 and english and len(word) < 50 and len(english) < 60:
            found[word][english] = None
    return {word: list(translated)[:MAX_TRANSLATIONS] for word, translated in sorted(found.items())}


def inflected(known: Lexicon) -> Lexicon:
    """Frequent words that are not in the lexicon themselves, with the translations of their dictionary form or parts."""
    lower = {word.lower(): translated for word, translated in known.items()}
    found: Lexicon = {}
    for word in frequent_words():
        if word in lower or len(word) < 3:
            continue
        lemma = simplemma.lemmatize(word, lang="nl").lower()
        if lemma in lower:
            found[word] = lower[lemma]
        elif translated := _compound(word, lower):
            found[word] = [translated]
    return found


@lru_cache(maxsize=1)
def frequent_words() -> tuple[str, ...]:
    """Wordfreq's Dutch words of letters, most frequent first."""
    return tuple(word for word in wordfreq.top_n_list("nl", WORDS) if word.replace("-", "").isalpha())


def synonyms(open_dutch_wordnet: Path) -> Iterator[tuple[str, str]]:
    """Open Dutch WordNet's pairs of words of one meaning; made automatically, so not without errors."""
    for line in (open_dutch_wordnet / "synonyms.tsv").read_text("utf-8").splitlines()[1:]:
        word, _, others = line.partition("\t")
        for other in re.split(r"[\t,;|]", others)[:2]:
            if other.strip() and other.strip() != word:
                yield word, other.strip()


def entries(folder: Path, name: str) -> Iterator[tuple[str, list[str]]]:
    """The entries of a dictd dictionary: a head word with its pronunciation between slashes, and its meanings."""
    text = gzip.decompress((folder / f"{name}.dict.dz").read_bytes()).decode("utf-8")
    head, meanings = "", list[str]()
    for line in text.splitlines():
        if re.search(r" /.*/", line) or re.search(r"<\w+[,.>]", line):
            if head:
                yield head, meanings
            head, meanings = re.sub(r" /.*| <.*", "", line), []
        elif head and line.strip() and not line.lstrip().startswith(('"', "Syn", "Note", "see:", "Synonym")):
            meanings += [part.strip() for part in re.sub(r"^\s*(\d+\.)?\s*", "", line).split(",")]
    if head:
        yield head, meanings


def _from_dutch(folder: Path) -> Iterator[tuple[str, str]]:
    for head, meanings in entries(folder, "freedict-nld-eng"):
        for meaning in meanings:
            yield _plain(head), _spaced(_plain(meaning))


def _from_english(folder: Path) -> Iterator[tuple[str, str]]:
    if (folder / "freedict-eng-nld.dict.dz").exists():
        for head, meanings in entries(folder, "freedict-eng-nld"):
            for meaning in meanings:
                yield _plain(meaning), _plain(head)


def _synsets(wordnet: Path, open_dutch_wordnet: Path) -> Iterator[tuple[str, str]]:
    english = dict(_english_synsets(wordnet))
    for path in sorted(open_dutch_wordnet.glob("wn-*-nld.txt")):
        for line in path.read_text("utf-8").splitlines():
            synset, _, word = line.partition("\t")
            for lemma in english.get(synset, ())[:2]:
                yield _plain(word), lemma


def _english_synsets(wordnet: Path) -> Iterator[tuple[str, list[str]]]:
    for kind, name in (("n", "noun"), ("v", "verb"), ("a", "adj"), ("r", "adv")):
        for line in (wordnet / f"data.{name}").read_text("utf-8").splitlines():
            if line[:1].isdigit():
                fields = line.split(" ")
                count = int(fields[3], 16)
                lemmas = [re.sub(r"\(\w+\)$", "", one).replace("_", " ") for one in fields[4 : 4 + 2 * count : 2]]
                yield f"{fields[0]}-{kind}", lemmas


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("ĳ", "ij").replace("‐", "-")
    return " ".join(re.sub(r"\([^)]*\)|\[[^\]]*\]|[<>]", " ", text).split()).strip(" .;:")


def _spaced(text: str) -> str:
    """FreeDict's English lost blanks ("asamatteroffact"); put them back where frequent words fit exactly."""
    return " ".join(_segmented(word) for word in text.split())


@lru_cache(maxsize=100_000)
def _segmented(word: str) -> str:
    if len(word) < 5 or not word.isalpha() or wordfreq.zipf_frequency(word, "en") > 3.1:
        return word
    best: list[tuple[float, tuple[str, ...]] | None] = [(0.0, ())] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 14), end):
            before, piece = best[start], word[start:end]
            frequency = wordfreq.zipf_frequency(piece, "en")
            if before is None or frequency < (6.5 if len(piece) == 1 else 5.5 if len(piece) == 2 else 3.2):
                continue
            score = before[0] + frequency - 9
            kept = best[end]
            if kept is None or score > kept[0]:
                best[end] = (score, (*before[1], piece))
    whole = best[len(word)]
    return " ".join(whole[1]) if whole else word


def _compound(word: str, known: Lexicon) -> str:
    """The translations of the two parts of a compound, longest last part first ("pestprotocol": bully protocol)."""
    for at in range(3, len(word) - 3):
        last = word[at:]
        if last not in known or len(last) < 4:
            continue
        for link in ("", "s", "en", "e", "n"):
            first = word[:at].removesuffix(link) if word[:at].endswith(link) else ""
            if len(first) > 2 and first in known and first not in dutch.STOPWORDS:
                return f"{known[first][0]} {known[last][0]}"
    return ""

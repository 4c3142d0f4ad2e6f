"""Dutch as data: words, index keys (stems), compound parts, and which words carry no content."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

import simplemma
import Stemmer
import wordfreq

WORD = re.compile(r"[^\W_]+(?:['’\-‑][^\W_]+)*")
_STEMMER = Stemmer.Stemmer("dutch_porter")
_LINKS = ("", "s", "en", "e", "n")
MIN_PART = 4
MIN_COMPOUND = 8

# Closed classes of Dutch (articles, pronouns, prepositions, auxiliaries, particles, question words) with the polite and
# filler words of questions, Flemish and teenage ones as well, and the same of English. Never names, nouns or verbs of
# content, nor an English word that is one in Dutch ("kind", "lot", "let").
STOPWORDS = frozenset(
    """
    de het een en of maar want dus als dan dat die dit deze er je jij jou jouw jullie u uw ik mij me mijn wij we ons onze
    hij hem zijn zij ze haar hun hen men iemand iets niets niemand iedereen alles alle al ieder iedere elk elke zich zelf
    zichzelf elkaar van voor in op aan met bij te tot uit over om door naar tegen onder tussen na per via zonder binnen
    buiten rond rondom tijdens volgens vanuit vanaf sinds ook nog wel niet geen nooit altijd vaak soms meer meest minder
    veel weinig heel erg zeer zo zoals toch even eens maar alleen slechts juist echter namelijk daarbij daarnaast
    hierbij hiervan daarvan daarvoor hiervoor daar hier waar waarbij waarvan waarvoor waarmee waarop waarin waarom wat
    waaruit waaraan waarover waarnaar waartoe waardoor
    wie welk welke wanneer hoe hoeveel hoezo is ben bent was waren wordt word worden werd werden geworden heb hebt heeft
    hebben had hadden gehad kan kun kunt kunnen kon konden moet moeten moest zal zullen zou zouden mag mogen mocht wil
    wilt willen wou ga gaat gaan ging doe doet doen deed gedaan laat laten komt komen kom krijg krijgt krijgen geeft
    geven geef staat staan maakt maken zegt zeggen zeg vertel vertellen noem noemen leg uitleggen uit graag alsjeblieft
    please aub bedankt hallo hoi dag precies eigenlijk gewoon soort zaken ding dingen manier manieren jullie bijvoorbeeld
    morgen vandaag gisteren straks nu direct meteen snel binnenkort daarna ooit tegenwoordig momenteel steeds telkens
    vooral ergens allemaal echt helemaal bijna ongeveer misschien natuurlijk liever zoiets zon zulke dergelijke vervolgens
    bleek blijkt blijken gebleken hetzelfde dank dankjewel dankuwel
    uiteindelijk inmiddels alweer opeens gauw zomaar
    nou hè he toe eraan ervan erbij ermee eruit erop erin weten weet vind vinden vindt bestaat bestaan bestaande beter
    best goed goede sommige andere ander anders enkele aantal wanneer zodat omdat doordat hoewel terwijl indien ofwel
    i a an the what which who how why when where is are do does did can could of to and or in on at by for from with about
    as it its this that these those there they their them we our us me my you your be been being was were will would
    should may might must make makes made mean means say says said get give gives name tell please any some more most
    than if not no have has had into out up so such between
    nadat voordat behalve zodra ongeacht mits tenzij aangezien ondanks wegens qua naarmate totdat alvorens teneinde opdat
    alsof noch immers trouwens overigens bovendien tevens eveneens verder intussen ondertussen dikwijls meestal zelden
    weleens wellicht sowieso nogal tamelijk beetje enorm ontzettend hartstikke inderdaad eventueel degene degenen diegene
    diegenen datgene hetgeen eenieder daarop daaruit daarin daarover daarmee daartegen daardoor daartoe hieruit hieraan
    hierover hiermee hierdoor hierin hierop hiertoe waartegen waarbinnen waarnaast ervoor erover ertegen erachter
    ernaast soorten enzovoort enzo enz etc ie da den nen gij ge uwe es efkes allez allee awel amai
    ofzo ofzoiets enzo yo ey hey bro bruh lol omg wallah wollah ewa fr ngl tbh mega nie ff gwn
    during while because since until although though unless whether through within without against among across towards
    upon toward per via also too very just only even still already yet ever never always often sometimes usually rather
    quite both either neither each every other another same own one who whom whose themselves itself himself herself
    yourself yourselves ourselves myself him her his she he its ours theirs cannot shall im ive dont doesnt isnt arent
    didnt cant wont lets many much few several like get gets got getting go goes going gone do done doing come
    comes came take takes took taken use used uses using work works working worked want wants try thing things
    way ways sort really actually here now then ok okay yes well more less least used exactly please thanks
    hello hi dear good better best bad worse worst big small
    """.split()
)

# Words that only name the question or the asker's wish; they count in no coverage.
QUESTION_WORDS = frozenset(
    """
    vraag antwoord uitleg betekenis betekent betekenen definitie verschil voorbeeld voorbeelden tip tips lijst opsomming
    informatie document publicatie publicaties bron bronnen tekst artikel bedoeld bedoelt bedoelen verstaan verstaat heet
    heten nodig belangrijk belangrijke belangrijkste concreet concrete praktisch praktische help helpt helpen gebruik
    gebruiken gebruikt inzetten zorgen zorgt mogelijk mogelijkheden rol
    question answer explanation explain explained meaning meant definition difference example examples list overview
    information document documents publication publications source sources text article help helps helped important
    useful practical concrete possible role
    """.split()
)

# First or last parts that make a word look like a compound when it is a derivation ("onderwijs", "overgang").
_NO_PARTS = frozenset(
    """
    onder over voor door tegen achter tussen samen mede boven binnen buiten rond langs naar neer terug vooruit tegelijk
    lijk lijke heid heden baar bare schap loos loze achtig matig matige waarts wijs wijze gaan staan komen doen zien
    houden maken nemen geven brengen zetten stellen vallen lopen laten werpen
    """.split()
)


def normal(text: str) -> str:
    """Lower case, composed accents, plain quotes and hyphens: the form in which words are compared."""
    text = unicodedata.normalize("NFC", text).lower()
    return text.translate(_PLAIN)


_PLAIN = str.maketrans({"’": "'", "‘": "'", "‑": "-", "–": "-", "“": '"', "”": '"', "\u00a0": " "})


def fold(text: str) -> str:
    """`normal` without accents: "beïnvloeden" and "beinvloeden" are one word to the index."""
    decomposed = unicodedata.normalize("NFD", normal(text))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The words of a text, folded, in order; a hyphenated word is followed by its parts."""
    found: list[str] = []
    for match in WORD.finditer(fold(text)):
        word = match.group().strip("'-")
        if "-" in word:
            joined = word.replace("-", "")
            found.append(joined)
            found.extend(part for part in word.split("-") if len(part) > 1)
        elif word:
            found.append(word.split("'")[0] if word.endswith("'s") else word.replace("'", ""))
    return found


@lru_cache(maxsize=200_000)
def keys(word: str) -> tuple[str, ...]:
    """Index keys of a folded word: its Snowball stem, and the stem of its dictionary form where that differs."""
    stem = _STEMMER.stemWord(word)
    if any(c.isdigit() for c in word):
        return (word,)
    lemma = _STEMMER.stemWord(fold(simplemma.lemmatize(word, "nl")))
    return (stem,) if lemma == stem else (stem, lemma)


@lru_cache(maxsize=50_000)
def commonness(word: str) -> float:
    """How common a word is in Dutch at large, as Zipf frequency: 0 unknown, 3 once per million words, 6 a thousand times."""
    return float(wordfreq.zipf_frequency(word, "nl"))


@lru_cache(maxsize=50_000)
def relatives(word: str) -> tuple[str, ...]:
    """Keys of the words this one may be derived from ("pester" from pesten, "verbondenheid" from verbonden)."""
    found = (word[: -len(ending)] for ending in _DERIVATIONS if word.endswith(ending) and len(word) - len(ending) >= 4)
    return tuple(dict.fromkeys(key for base in found for key in keys(base)))


# Endings that make a noun or adjective of a verb or of another word, plural beside singular.
_DERIVATIONS = tuple(
    "etjes etje tjes tje pje jes je erij erijen ers er sters ster ingen ing heden heid lijke lijk bare baar loze loos".split()
)


def is_word(word: str) -> bool:
    """Whether the dictionary knows the word, with or without its accents."""
    return bool(simplemma.is_known(word, "nl"))


def compound_parts(word: str, known: Callable[[str], bool]) -> tuple[str, ...]:
    """The parts of a Dutch compound ("antipestbeleid": anti + pest + beleid), () when it is not one.

    `known` tells whether a part is a word; of the splits into fewest parts the one whose shortest part is longest wins.
    Parts have at least four letters.
    """
    return _parts(word, known, depth=2)


def _parts(word: str, known: Callable[[str], bool], depth: int) -> tuple[str, ...]:
    best: tuple[str, ...] = ()
    if len(word) < MIN_COMPOUND or depth == 0:
        return best
    for cut in range(MIN_PART, len(word) - MIN_PART + 1):
        tail = word[cut:]
        heads = [word[: cut - len(link)] for link in _LINKS if link == "" or word[:cut].endswith(link)]
        head = next((h for h in heads if len(h) >= MIN_PART and h not in _NO_PARTS and known(h)), None)
        if head is None or tail in _NO_PARTS:
            continue
        tails = (tail,) if known(tail) else _parts(tail, known, depth - 1)
        candidate = (head, *tails) if tails else ()
        if candidate and (not best or _rank(candidate) > _rank(best)):
            best = candidate
    return best


def _rank(parts: tuple[str, ...]) -> tuple[int, int]:
    return -len(parts), min(map(len, parts))


def hyphen_parts(found: list[str]) -> dict[int, tuple[int, ...]]:
    """In the result of `words`: per place of a hyphenated word the places of its parts, which follow it."""
    joined: dict[int, tuple[int, ...]] = {}
    for at, word in enumerate(found):
        for end in range(at + 2, min(at + 6, len(found)) + 1):
            if "".join(found[at + 1 : end]) == word and end > at + 2:
                joined[at] = tuple(range(at + 1, end))
    return joined


def content_words(text: str) -> list[str]:
    """The words of a text that carry content, in order of appearance, each once."""
    return list(dict.fromkeys(w for w in words(text) if w not in STOPWORDS and (len(w) > 1 or w.isdigit())))

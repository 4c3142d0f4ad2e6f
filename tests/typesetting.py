"""Makes sentences that all differ and sets them in lines: fonts, sizes, margins, gutters and hyphens by chance."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.sheets import WIDTH, Fpdf, Reportlab, Sheet

_FIRST = "Abel Berk Dennen Eiken Fabel Geuzen Heide Iepen Jasmijn Kastanje Linden Meer Noorder Olmen Parel Regen Sterren Tuin"
_LAST = "akker beek bos burg dal dijk duin gaard hof horst kamp kwartier laan linde plein rade veld wijk zand zicht"
_WHO = """de mentor|de intern begeleider|het schoolteam|de directie|een groep ouders|de leerlingenraad|de jeugdarts
    |de zorgcoördinator|de conciërge|een oud-leerling|de gymdocent|de wijkagent""".replace("\n    ", "").split("|")
_DOES = """bespreekt elke maand wat leerlingen nodig hebben|maakt afspraken over rust in de gangen
    |vraagt na de zomer hoe het met ieder gaat|schrijft op wat werkt tegen pesten|oefent samen met praten over gevoelens
    |zoekt hulp zodra iemand vastloopt|geeft ouders een vast moment om mee te denken|volgt een training over veerkracht
    |deelt ervaringen met scholen in de buurt|kijkt terug op een onrustig schooljaar|plant tijd om te bewegen in de pauze
    |telt hoeveel klassen een buddy hebben""".replace("\n    ", "").split("|")
_WHY = """omdat welbevinden begint bij gezien worden|zodat niemand er alleen voor staat|en legt dat vast in het jaarplan
    |waardoor de sfeer in de klas verbetert|ook wanneer de agenda vol is|met steun van de gemeente en de jeugdzorg
    |want kleine stappen blijken het langst te werken|zonder dat het extra toetsen vraagt""".replace(
    "\n    ", ""
).split("|")
# long words with the places where they may be broken; "=" stands for a hyphen that belongs to the word
BREAKABLE = """onder·wijs·instelling wel·bevinden leerling·volg·systeem school·maatschappelijk kinder·opvang gezond·heid
    samen·werking sociaal=·emotionele verant·woorde·lijkheid ontwik·keling basis·school·leerling burger·schap
    mentor·gesprek docenten·team""".split()


@dataclass(slots=True)
class Truth:
    """What a reader must find: sentences in reading order, with what each of them is."""

    sentences: list[tuple[str, str]] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)

    def add(self, kind: str, *sentences: str) -> None:
        self.sentences += [(sentence, kind) for sentence in sentences]


class Words:
    """Makes sentences that all differ."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._names = [first + last for first in _FIRST.split() for last in _LAST.split()]
        self.random.shuffle(self._names)

    def name(self) -> str:
        return self._names.pop()

    def sentence(self, breakable: bool = False) -> str:
        pick = self.random.choice
        extra = f" en let daarbij op {pick(BREAKABLE)} en {pick(BREAKABLE)}" if breakable else ""
        return f"Op de {self.name()} {pick(_DOES).split(' ')[0]} {pick(_WHO)} {' '.join(pick(_DOES).split(' ')[1:])}{extra}, {pick(_WHY)}."

    def sentences(self, count: int, breakable: bool = False) -> list[str]:
        return [self.sentence(breakable) for _ in range(count)]


@dataclass(slots=True)
class Style:
    """How one document is set."""

    sheet: Sheet
    words: Words
    size: float
    margin: float
    gutter: float
    justified: bool
    leading: float = 1.3

    @property
    def wide(self) -> float:
        return WIDTH - 2 * self.margin


def style(seed: int) -> Style:
    """A style by chance: writer, font, size, margins, gutter, justified or not."""
    chance = random.Random(seed)
    writer = Reportlab if seed % 2 else Fpdf
    sheet = writer(chance.choice(["Helvetica", "Times"]))
    sheet.order = ("drawn", "rows", "mixed")[seed // 2 % 3]
    size = chance.choice([9.0, 9.5, 10.0, 11.0, 12.0])
    return Style(
        sheet,
        Words(seed),
        size,
        chance.uniform(40, 75),
        chance.uniform(1.3, 3.0) * size,
        chance.random() < 0.5,
        chance.uniform(1.15, 1.5),
    )


def wrapped(page: Style, text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """Lines that fit; "·" in a word is a place where it may be broken."""
    lines, line = [], ""
    for word in text.split():
        plain = word.replace("·", "").replace("=", "-")
        trial = f"{line} {plain}".strip()
        if page.sheet.measure(trial, size, bold) <= width:
            line = trial
            continue
        head, tail = _broken(page, word, width - page.sheet.measure(f"{line} ", size, bold), size, bold)
        if head:
            lines.append(f"{line} {head}".strip())
            line = tail
        else:
            lines.append(line)
            line = plain
    return [*lines, line]


def _broken(page: Style, word: str, room: float, size: float, bold: bool) -> tuple[str, str]:
    parts = word.split("·")
    for count in range(len(parts) - 1, 0, -1):
        head = "".join(parts[:count])
        head = head.replace("=", "-") if head.endswith("=") else head.replace("=", "-") + "-"
        if page.sheet.measure(head, size, bold) <= room:
            return head, "".join(parts[count:]).replace("=", "-")
    return "", ""


def paragraph(page: Style, x: float, y: float, width: float, text: str, size: float | None = None) -> float:
    """Set a paragraph with its first line at `y`; the height of the line after it."""
    size = size or page.size
    lines = wrapped(page, text, width, size)
    for number, line in enumerate(lines):
        if page.justified and number < len(lines) - 1 and " " in line:
            _spread(page, x, y, width, line, size)
        else:
            page.sheet.text(x, y, line, size)
        y -= page.leading * size
    return y


def _spread(page: Style, x: float, y: float, width: float, line: str, size: float) -> None:
    words = line.split(" ")
    space = (width - sum(page.sheet.measure(word, size) for word in words)) / (len(words) - 1)
    for word in words:
        page.sheet.text(x, y, word, size)
        x += page.sheet.measure(word, size) + space

"""A paper as Markdown (CommonMark): every word of it shown as text, numbers and publications as links; or as bare lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant import texts_nl as nl
from assistant.export import Block, Look, Paper

_MARKUP = re.compile(r"([\\`*_\[\]<>#|$~&])")
# What at the start of a line would open a list, a heading's underline or a quote.
_OPENING = re.compile(r"^(\s*)([-+=:]|\d{1,9}[.)])")
# A bare address or e-mail address that some readers would make a link of.
_ADDRESS = re.compile(r"(?i)\b(https?|ftp)://|\bwww\.|@")


def markdown(paper: Paper) -> str:
    """The paper as one Markdown text, ending with a line end."""
    addresses = paper.addresses()
    parts = [f"# {escaped(paper.title)}", *(_block(block, addresses) for block in paper.blocks)]
    parts += [f"## {nl.EXPORT_SOURCES}", *_sources(paper)] if paper.publications else []
    parts += ["---", escaped(nl.EXPORT_OWN_EXPLAINED), escaped(paper.footer)]
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(text: str) -> str:
    """Text on one line that Markdown shows as it stands."""
    line = _MARKUP.sub(r"\\\1", " ".join(text.split()))
    line = _OPENING.sub(lambda found: found[1] + re.sub(r"([-+=:.)])$", r"\\\1", found[2]), line)
    return _ADDRESS.sub(lambda found: re.sub(r"([:.@])", r"\\\1", found[0], count=1), line)


def _block(block: Block, addresses: dict[int, str]) -> str:
    if block.look is Look.HEADING:
        return "#" * min(block.level + 1, 6) + f" {escaped(block.text)}"
    paragraphs = [list(_lines(part)) for part in re.split(r"\n[^\S\n]*\n", block.text)]
    paragraphs = [lines for lines in paragraphs if lines]
    marks = "".join(f" {_mark(number, addresses.get(number, ''))}" for number in block.marks)
    slanted = "*" if block.look in (Look.OWN, Look.NOTE) else ""
    bullet = "" if block.look is Look.WRITTEN else "- "
    written: list[str] = []
    for number, lines in enumerate(paragraphs):
        label = f"**{escaped(block.label)}:** " if block.label and number == 0 else ""
        first = label + slanted + lines[0] + slanted + (marks if number == len(paragraphs) - 1 else "")
        written.append(
            "\n".join(
                [
                    (" " * len(bullet) if number else bullet) + first,
                    *(f"  - {slanted}{item}{slanted}" for item in lines[1:]),
                ]
            )
        )
    return "\n\n".join(written)


def _lines(paragraph: str) -> Iterator[str]:
    return (escaped(line) for line in paragraph.split("\n") if line.strip())


def _mark(number: int, address: str) -> str:
    return f"[\\[{number}\\]](<{address}>)" if address else f"\\[{number}\\]"


def _sources(paper: Paper) -> Iterator[str]:
    for each in paper.publications:
        title = f"[{escaped(each.title)}](<{each.url}>)" if each.url else escaped(each.title)
        lines = [f"- **{title}**. {escaped(each.facts)}." + (f" <{each.url}>" if each.url else "")]
        for numbers, place, _ in each.places:
            told = ", ".join(f"\\[{number}\\]" for number in numbers)
            lines.append(f"  - {told} {escaped(place)}".rstrip())
        yield "\n".join(lines)


def readable(paper: Paper) -> str:
    """The paper as lines for a screen, without any markup."""
    lines = [paper.title]
    for block in paper.blocks:
        label = f"{block.label}: " if block.label else ""
        marks = "".join(f" [{number}]" for number in block.marks)
        text = label + block.text + marks
        bullet = "" if block.look is Look.WRITTEN else "- "
        lines.append(f"\n{text}" if block.look is Look.HEADING else f"{bullet}{text}".replace("\n", "\n    "))
    lines += [f"\n{nl.EXPORT_SOURCES}"] if paper.publications else []
    for each in paper.publications:
        lines.append(f"- {each.title} ({each.facts}) {each.url}".rstrip())
        lines += [f"    {', '.join(f'[{n}]' for n in numbers)} {place}" for numbers, place, _ in each.places]
    return "\n".join([*lines, "", paper.footer])

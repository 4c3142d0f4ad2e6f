"""Reads a Word document: headings, paragraphs, lists, tables, boxes and notes. It has no pages: lines are paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from assistant.errors import UnreadableError
from assistant.texts_nl import WARNING_TRACKED_DELETIONS
from assistant.types import Kind
from ingest import unseen
from ingest.blocks import Block, Part, Reading
from ingest.clean import tidy
from ingest.docx_headings import settled
from ingest.docx_package import open_document
from ingest.docx_styles import Numbering, Styles
from ingest.docx_text import Speaker
from ingest.docx_walk import Draft, Walk
from ingest.lines import Line
from ingest.shapes import settle

if TYPE_CHECKING:
    from docx.document import Document

# What programs write where a person wrote nothing.
_JUNK_TITLE = re.compile(
    r"^(?:microsoft word|word[ -]document|untitled|naamloos|document\s*\d*|titel|title|sjabloon|template|concept|rapport"
    r"|(?:v|versie)\s*[\d.]+)\b\W*\d*$|^microsoft word - |\.(?:docx?|docm|dotx?|pdf|rtf|odt)$|^\W*$|\[titel|\[title",
    re.IGNORECASE,
)
_JUNK_CREATOR = re.compile(
    r"^(?:microsoft|windows|office|python-docx|libreoffice|openoffice|unknown|onbekend|admin|administrator|user|gebruiker"
    r"|eigenaar|owner|author|auteur)\b|^\W*$",
    re.IGNORECASE,
)


def read(data: bytes) -> Reading:
    """Read a `.docx` or `.docm`. Raises UnreadableError (encrypted, broken, too_large, no_text)."""
    document = open_document(data)
    styles = Styles(document)
    relations = document.part.rels

    def link(identity: str) -> str | None:
        return relations[identity].target_ref if identity in relations and relations[identity].is_external else None

    speaker = Speaker(styles, link)
    walk = Walk(styles, Numbering(document, styles), speaker, _notes(document, speaker))
    try:
        drafts = walk.drafts(document.element.body)
    except (RecursionError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise UnreadableError(f"a damaged document: {error!r}", why="broken") from error
    blocks = settle(block for draft in settled(drafts) if (block := _tidied(draft.block)).text)
    if not any(character.isalpha() for block in blocks for character in block.text):
        raise UnreadableError("no text in the document", why="no_text")
    hidden = [text for text in speaker.hidden if len(text.split()) >= unseen.WORTH_TELLING]
    warnings = list(unseen.hidden(tuple(dict.fromkeys(hidden))))
    if speaker.deleted:
        warnings.append(WARNING_TRACKED_DELETIONS.format(count=speaker.deleted))
    return Reading(blocks, warnings=tuple(warnings), found=_found(document, drafts, blocks))


def _tidied(block: Block) -> Block:
    line = tidy(Line(block.line, block.text))
    return replace(block, text=line.text, edits=line.edits)


@dataclass(frozen=True, slots=True)
class _Notes:
    """Texts of footnotes and endnotes by kind and id."""

    texts: dict[tuple[str, str], str]

    def __call__(self, kind: str, identity: str) -> str:
        return self.texts.get((kind, identity), "")


def _notes(document: Document, speaker: Speaker) -> _Notes:
    texts: dict[tuple[str, str], str] = {}
    kinds = {RELATIONSHIP_TYPE.FOOTNOTES: "footnote", RELATIONSHIP_TYPE.ENDNOTES: "endnote"}
    for relation in document.part.rels.values():
        kind = kinds.get(relation.reltype)
        if kind is None or relation.is_external:
            continue
        for note in parse_xml(relation.target_part.blob).iter(qn(f"w:{kind}")):
            if note.get(qn("w:type"), "normal") == "normal":
                said = (speaker.read(paragraph).text for paragraph in note.iter(qn("w:p")))
                texts[kind, str(note.get(qn("w:id")))] = " ".join(filter(None, said))
    return _Notes(texts)


def _found(document: Document, drafts: Sequence[Draft], blocks: Sequence[Block]) -> dict[str, str]:
    """Title, publisher and date as the file states them; the title on the page where the stated one is none."""
    try:
        stated = document.core_properties
        title, creator = " ".join(stated.title.split()), " ".join(stated.author.split())
        saved = stated.modified or stated.created
    except (ValueError, KeyError, AttributeError, TypeError):  # damaged properties are no reason to refuse the text
        title, creator, saved = "", "", None
    if _JUNK_TITLE.search(title):
        shown = [draft.block.text for draft in drafts if draft.title]
        shown += [block.text for block in blocks[:3] if block.part is Part.HEADING and block.kind is not Kind.BOX]
        title = shown[0] if shown else ""
    found = {
        "title": title,
        "publisher": "" if _JUNK_CREATOR.search(creator) else creator,
        "published": saved.date().isoformat() if saved else "",
    }
    return {key: text for key, text in found.items() if text}

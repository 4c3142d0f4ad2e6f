"""What is taken along of answers that a chat model worded: it says so, and the quotes they stand on come along."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import docx as reader
import pytest
from model_servers import serving
from school import House
from test_generate import GIRLS, QUESTION, TRUE, citing, with_model

from assistant import texts_nl as nl
from assistant.export import Look, conversation_paper
from assistant.export_docx import docx
from assistant.export_markdown import markdown, readable
from assistant.types import Answer

MADE = date(2026, 11, 5)


@pytest.fixture(scope="module")
def written(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answer]:
    folder = tmp_path_factory.mktemp("written")
    with (
        serving("openai", citing("ruim 15%", TRUE, GIRLS)) as model,
        with_model(house, model, "openai", folder) as asked,
    ):
        answer = asked.ask(QUESTION)
    assert answer.mode == "generated" and len(answer.citations) == 2
    yield answer


def test_a_worded_answer_says_so_and_brings_its_quotes(written: Answer):
    paper = conversation_paper([written], MADE)
    words = [block for block in paper.blocks if block.look is Look.WRITTEN]
    assert [block.text for block in words] == [TRUE, GIRLS] and [block.marks for block in words] == [(1,), (2,)]
    assert nl.EXPORT_WRITTEN in [block.text for block in paper.blocks if block.look is Look.OWN]
    quotes = {block.marks[0]: block.text for block in paper.blocks if block.look is Look.QUOTED}
    assert quotes == {citation.number: citation.quote for citation in written.citations}
    assert paper.footer == nl.EXPORT_FOOTER_WRITTEN.format(date="5 november 2026")


def test_in_a_conversation_each_answer_says_in_which_way_it_was_made(house: House, written: Answer):
    plain = house.assistant.ask("Ouders betrekken?")
    assert plain.mode == "extractive" and plain.citations
    told = [block.text for block in conversation_paper([plain, written], MADE).blocks if block.look is Look.OWN]
    assert told.index(nl.EXPORT_VERBATIM) < told.index(nl.EXPORT_WRITTEN)
    alone = conversation_paper([plain], MADE)
    assert nl.EXPORT_VERBATIM not in [block.text for block in alone.blocks]
    assert alone.footer == nl.EXPORT_FOOTER.format(date="5 november 2026")
    assert nl.EXPORT_QUOTES not in [block.text for block in alone.blocks]


def test_the_word_file_tells_worded_sentences_from_quotes(written: Answer):
    document = reader.Document(io.BytesIO(docx(conversation_paper([written], MADE))))
    styles = [(p.text, p.style.name) for p in document.paragraphs if p.style is not None]
    worded = nl.EXPORT_STYLES["written"]
    assert [text for text, style in styles if style == worded] == [f"{TRUE}\xa0[1]", f"{GIRLS}\xa0[2]"]
    quotes = [text for text, style in styles if style == "List Bullet"]
    assert quotes[:2] == [f"{citation.quote}\xa0[{citation.number}]" for citation in written.citations]
    assert "getoetst aan de bron" in document.sections[0].footer.paragraphs[0].text


def test_the_markdown_and_the_copied_text_tell_it_as_well(written: Answer):
    paper = conversation_paper([written], MADE)
    for text in (markdown(paper), readable(paper)):
        assert re.search(rf"^{re.escape(GIRLS[:20])}", text, re.MULTILINE)  # no bullet before it
        assert nl.EXPORT_QUOTES in text
        assert "verwoordde een taalmodel" in text


def test_a_worded_answer_without_citations_of_its_own_brings_none(written: Answer):
    bare = replace(written, citations=(), statements=())
    assert nl.EXPORT_QUOTES not in [block.text for block in conversation_paper([bare], MADE).blocks]

"""The page of a citation is drawn from the kept original, and from nothing else."""

import hashlib
import io
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import UnknownSourceError
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Citation, Document, Source
from assistant.ui import original
from ingest import shelf

ROOT = Path(__file__).resolve().parents[1]
QUOTE = "Een klankbordgroep bestaat uit twaalf leerlingen."
SOURCE = Source("gids", "Gids", ("Uitgever",), None, None, "pdf", "nl", (), (), "Eigen werk.", "gids.pdf", "added")


def pdf(line: str = QUOTE) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    canvas.drawString(72, 760, line)
    canvas.save()
    return out.getvalue()


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A library of one PDF, with its original on the shelf."""
    monkeypatch.setenv("WELWIJZER_DATA", str(tmp_path))
    monkeypatch.setenv("WELWIJZER_CORPUS", str(ROOT / "corpus"))
    settings = Settings.from_env()
    shelf.write(settings.added_path / "gids", SOURCE, pdf())
    library = Library.open(settings.library_path)
    version = hashlib.sha256(QUOTE.encode()).hexdigest()
    document = Document(SOURCE, QUOTE, version, shelf.sha256(pdf()), (), (), (), (), ())
    library.replace(document, [], "signature", "model")
    return library


def citation(library: Library) -> Citation:
    version = library.document("gids").version
    return Citation(1, "gids", "Gids", "Uitgever", None, None, 1, None, "", QUOTE, 0, len(QUOTE), version, False)


def test_the_page_comes_with_its_quote_marked(library: Library):
    image = original.page_of(library, citation(library))
    assert len(image.boxes) == 1 and image.jpeg.startswith(b"\xff\xd8")
    assert original.page_of(library, citation(library)) == image


def test_an_original_that_is_another_than_was_read_is_not_shown(library: Library):
    path = Settings.from_env().added_path / "gids" / "documents" / "gids.pdf"
    path.write_bytes(pdf("Iets anders dan wat is gelezen."))
    with pytest.raises(UnknownSourceError):
        original.page_of(library, citation(library))


def test_a_citation_of_an_older_text_has_no_page(library: Library):
    with pytest.raises(UnknownSourceError):
        original.page_of(library, replace(citation(library), version="0" * 64))
    with pytest.raises(UnknownSourceError):
        original.page_of(library, replace(citation(library), page=None))
    cited = citation(library)
    library.remove("gids")
    with pytest.raises(UnknownSourceError):
        original.page_of(library, cited)

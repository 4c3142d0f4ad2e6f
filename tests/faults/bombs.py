"""Files made to hold up, fill or crash whoever reads them. Each builder is small; what it builds, may unpack to gigabytes."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Sequence

_TEXT = b"BT /F1 12 Tf 72 700 Td (Een school die aandacht heeft voor rust, ziet minder verzuim.) Tj ET"
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
    b"/Resources << /Font << /F1 5 0 R >> /XObject << /X0 6 0 R >> >> >>"
)
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_ZEROS = 1 << 20


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), extra, data)


def pdf(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects with a right table of places."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 1\n0000000000 65535 f \n")
    for number, place in places.items():
        out.write(b"%d 1\n%010d 00000 n \n" % (number, place))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (max(objects) + 1, trailer, start))
    return out.getvalue()


def simple(**changed: bytes) -> dict[int, bytes]:
    names = {"catalog": 1, "pages": 2, "page": 3, "contents": 4, "font": 5, "form": 6}
    objects = {1: _CATALOG, 2: _PAGES, 3: _PAGE, 4: stream(_TEXT), 5: _FONT, 6: stream(b"", _form())}
    return objects | {names[name]: body for name, body in changed.items()}


def _form(own: bytes = b"") -> bytes:
    return b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << %s >> >>" % own


def _deflated(size: int, times: int) -> bytes:
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(_ZEROS)) for _ in range(size // _ZEROS)) + packer.flush()
    for _ in range(times - 1):
        data = zlib.compress(data, 9)
    return data


def _flate(size: int, times: int) -> bytes:
    filters = b"/Filter [%s]" % b" ".join([b"/FlateDecode"] * times)
    return pdf(simple(contents=stream(_deflated(size, times), filters)))


def _chain(levels: int, width: int) -> bytes:
    """Forms that each show the next one several times."""
    objects = simple(contents=stream(_TEXT + b" /X0 Do"))
    for level in range(levels):
        own = b"/X0 %d 0 R" % (7 + level)
        objects[6 + level] = stream(b"/X0 Do " * width, _form(own))
    return pdf(objects | {6 + levels: stream(_TEXT, _form())})


def _tree(depth: int) -> bytes:
    objects = simple()
    for level in range(depth):
        objects[10 + level] = b"<< /Type /Pages /Kids [%d 0 R] /Count 1 /Parent %d 0 R >>" % (11 + level, 9 + level)
    objects[10 + depth] = _PAGE
    return pdf(objects | {2: b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>"})


def _image(width: int, height: int) -> bytes:
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8"
    filters = b" /Filter [/FlateDecode /FlateDecode]"
    picture = stream(_deflated(width * height, 2), entries % (width, height) + filters)
    return pdf(simple(contents=stream(b"q 595 0 0 842 0 0 cm /X0 Do Q"), form=picture))


def _looping_xref() -> bytes:
    data = pdf(simple(), b"/Prev 0000000000")
    start = data.rindex(b"xref\n0 1")
    return data.replace(b"/Prev 0000000000", b"/Prev %010d" % start)


PDF: dict[str, Callable[[], bytes]] = {
    "flate of 2 GB in three layers": lambda: _flate(2 << 30, 3),
    "flate of 400 MB": lambda: _flate(400 << 20, 1),
    "page tree that holds itself": lambda: pdf(simple(pages=b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>")),
    "page tree 5,000 deep": lambda: _tree(5_000),
    "a billion pages, it says": lambda: pdf(simple(pages=b"<< /Type /Pages /Kids [3 0 R] /Count 1000000000 >>")),
    "one page 200,000 times": lambda: pdf(
        simple(pages=b"<< /Type /Pages /Kids [%s] /Count 200000 >>" % (b"3 0 R " * 200_000))
    ),
    "form that shows itself": lambda: pdf(
        simple(contents=stream(_TEXT + b" /X0 Do"), form=stream(b"/X0 Do", _form(b"/X0 6 0 R")))
    ),
    "forms that show each other 10^12 times": lambda: _chain(12, 10),
    "contents 100,000 times": lambda: pdf(simple(page=_PAGE.replace(b"4 0 R", b"[%s]" % (b"4 0 R " * 100_000)))),
    "200,000 objects": lambda: pdf(simple() | {n: b"<< /A [1 2 3] >>" for n in range(10, 200_010)}),
    "table of places that goes round": _looping_xref,
    "array 100,000 deep": lambda: pdf(simple(catalog=_CATALOG[:-2] + b"/A " + b"[" * 100_000 + b"]" * 100_000 + b">>")),
    "dictionary 50,000 deep": lambda: pdf(
        simple(catalog=_CATALOG[:-2] + b"/A " + b"<</A " * 50_000 + b"1" + b">>" * 50_000 + b">>")
    ),
    "page of 20,000 points": lambda: pdf(
        simple(page=_PAGE.replace(b"595 842", b"20000 20000"), contents=stream(b"0 0 9999 9999 re f"))
    ),
    "page of a billion points": lambda: pdf(
        simple(page=_PAGE.replace(b"595 842", b"1000000000 1000000000"), contents=stream(b"0 0 9 9 re f"))
    ),
    "page of no size": lambda: pdf(simple(page=_PAGE.replace(b"595 842", b"0 0"), contents=stream(b"0 0 9 9 re f"))),
    "picture of 1.6 billion dots": lambda: _image(40_000, 40_000),
    "stream that is its own length": lambda: pdf(
        simple(contents=b"<< /Length 4 0 R >>\nstream\n%s\nendstream" % _TEXT)
    ),
    "a million saved states": lambda: pdf(simple(contents=stream(b"q " * 1_000_000 + _TEXT))),
    "a million letters a dot apart": lambda: pdf(
        simple(contents=stream(b"BT /F1 1 Tf " + b"1 1 Td (a) Tj " * 300_000 + b"ET"))
    ),
    "font whose letters are all of Unicode": lambda: pdf(
        simple(font=_FONT[:-2] + b"/ToUnicode 7 0 R >>")
        | {7: stream(b"begincmap 1 beginbfrange <00000000> <ffffffff> <0041> endbfrange endcmap")}
    ),
    "title that points at itself": lambda: pdf(simple() | {8: b"<< /Title 8 0 R >>"}, b"/Info 8 0 R"),
    "page labels that go round": lambda: pdf(
        simple(catalog=_CATALOG[:-2] + b"/PageLabels 9 0 R >>") | {9: b"<< /Kids [9 0 R] >>"}
    ),
    "script and embedded file": lambda: pdf(
        simple(
            catalog=_CATALOG[:-2]
            + b"/OpenAction << /S /JavaScript /JS (app.launchURL('http://127.0.0.1/')) >> "
            + b"/Names << /EmbeddedFiles << /Names [(a) << /EF << /F 9 0 R >> >>] >> >> >>"
        )
        | {9: stream(b"MZ" * 1000)}
    ),
}


def docx(body: str, *, head: str = "", parts: Sequence[tuple[str, bytes]] = (), document: bytes | None = None) -> bytes:
    """A Word file with this in its body, as small as Word still opens."""
    xml = f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document {_W}><w:body>{body}</w:body></w:document>'
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document'
        '.main+xml"/></Types>'
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", rels)
        archive.writestr("word/document.xml", document or xml.encode())
        for name, data in parts:
            archive.writestr(name, data)
    return out.getvalue()


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _laughs(first: str = "ha") -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE d [<!ENTITY l0 "{first}">{entities}]>'


def _lying_zip() -> bytes:
    """Its list of contents says that the document is ten bytes long."""
    data = docx(_paragraph("rust " * 200_000))
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"word/document.xml"))
    return data[: at + 24] + (10).to_bytes(4, "little") + data[at + 28 :]


def _swollen(name: str) -> bytes:
    """A Word file with a part that unpacks to a gigabyte, written piece by piece: the builder's memory counts too."""
    whole = docx(_paragraph("rust in de klas"))
    out = io.BytesIO(whole)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as part:
        for _ in range(1024):
            part.write(b" " * _ZEROS)
    return out.getvalue()


DOCX: dict[str, Callable[[], bytes]] = {
    "a gigabyte of spaces": lambda: _swollen("word/document.xml"),
    "a gigabyte of pictures": lambda: _swollen("word/media/1.png"),
    "a billion laughs": lambda: docx(_paragraph("&l11;"), head=_laughs()),
    "quadratic laughs": lambda: docx(_paragraph("&a;" * 50_000), head=f'<!DOCTYPE d [<!ENTITY a "{"ha" * 50_000}">]>'),
    "a file of this machine": lambda: docx(
        _paragraph("&a; en rust"), head='<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    ),
    "an address of the own network": lambda: docx(
        _paragraph("&a; en rust"), head='<!DOCTYPE d [<!ENTITY a SYSTEM "http://127.0.0.1:9/">]>'
    ),
    "tables 20,000 deep": lambda: docx("<w:tbl><w:tr><w:tc>" * 20_000 + "</w:tc></w:tr></w:tbl>" * 20_000),
    "tables 200 deep": lambda: docx(
        "<w:tbl><w:tr><w:tc>" * 200 + _paragraph("rust in de klas") + "</w:tc></w:tr></w:tbl>" * 200
    ),
    "half a million paragraphs": lambda: docx("<w:p/>" * 500_000 + _paragraph("rust in de klas")),
    "100,000 paragraphs of text": lambda: docx(_paragraph("Rust in de klas begint bij de deur.") * 100_000),
    "20,000 parts": lambda: docx(_paragraph("rust"), parts=[(f"word/media/{n}.png", b"x") for n in range(20_000)]),
    "zips in zips": lambda: docx(_paragraph("rust"), parts=[("word/a.zip", docx("", document=bytes(_ZEROS) * 100))]),
    "one paragraph of 5 million letters": lambda: docx(_paragraph("rust " * 1_000_000)),
    "cell over a billion columns": lambda: docx(
        '<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>'
        + _paragraph("rust")
        + "</w:tc></w:tr></w:tbl>"
    ),
    "list of contents that lies": _lying_zip,
    "the same part twice": lambda: docx(
        _paragraph("rust"), parts=[("word/document.xml", b"<w:document/>"), ("word/document.xml", b"<")]
    ),
}


def _page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><title>Rust</title>{head}</head><body>{body}</body></html>".encode()


_SENTENCE = "Een rustige klas begint bij de deur, zegt een leraar die iedereen begroet."
HTML: dict[str, Callable[[], bytes]] = {
    "200,000 boxes in each other": lambda: _page("<div>" * 200_000 + _SENTENCE),
    "200,000 spans in each other": lambda: _page("<p>" + "<span>" * 200_000 + _SENTENCE),
    "lists 50,000 deep": lambda: _page("<ul><li>" * 50_000 + _SENTENCE),
    "tables 5,000 deep": lambda: _page("<table><tr><td>" * 5_000 + _SENTENCE),
    "200 layers, closed": lambda: _page("<section>" * 200 + f"<p>{_SENTENCE}</p>" + "</section>" * 200),
    "cell over a billion columns": lambda: _page(
        f'<table><tr><td colspan="1000000000" rowspan="1000000000">{_SENTENCE}</td></tr></table>'
    ),
    "300,000 attributes": lambda: _page("<p " + " ".join(f"a{n}=1" for n in range(300_000)) + f">{_SENTENCE}</p>"),
    "10 million open brackets": lambda: _page("<" * 10_000_000),
    "a paragraph of 10 million letters": lambda: _page(f"<p>{'rust ' * 2_000_000}</p>"),
    "100,000 paragraphs": lambda: _page(f"<p>{_SENTENCE}</p>" * 100_000),
    "50,000 collapsed parts": lambda: _page(f"<details><summary>Rust?</summary>{_SENTENCE}</details>" * 50_000),
    "a billion laughs": lambda: (_laughs() + f"<html><body><p>&l11; {_SENTENCE}</p></body></html>").encode(),
    "comments without a page": lambda: b"<!--a-->" * 500 + b"x",
    "half a comment": lambda: b"<!--" * 100_000,
    "50,000 invisible letters": lambda: _page(f"<p>{'rust ​x' * 50_000}</p>"),
    "40 million dots of white": lambda: _page(f"<p>{_SENTENCE}{' ' * 20_000_000}</p>"),
    "a charset that is none": lambda: _page(f"<p>{_SENTENCE}</p>", '<meta charset="zip">'),
    "a charset of two bytes": lambda: _page(f"<p>{_SENTENCE}</p>", '<meta charset="utf-16-be">'),
}

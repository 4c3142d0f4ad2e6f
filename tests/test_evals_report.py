"""The report: one page that stands alone, can be read by everyone, and tells why a run is as it is."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from reported import LIBRARY, PAGE, RUN, SENTENCES, TEXT, VERSION, record_of, run_of

from assistant.types import Answer, Citation, Outcome, Statement
from evals.cases import Case
from evals.figures import HEADLINES
from evals.ranking import Place
from evals.report import words as report_words
from evals.report.page import render, write_report
from evals.scoring import score_answer

EVALS = Path(report_words.__file__).parent


class Outline(HTMLParser):
    """What a screen reader goes by."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


def test_the_page_fetches_nothing_and_runs_only_its_own_style_and_script(tmp_path: Path) -> None:
    write_report(RUN, tmp_path / "report.html")
    assert (tmp_path / "report.html").read_bytes() == PAGE.encode()
    assert PAGE.lstrip().startswith("<!doctype html>")
    outline = Outline(PAGE)
    assert not [a for _, a in outline.tags if "src" in a or "style" in a or any(name.startswith("on") for name in a)]
    assert all((a.get("href") or "#").startswith("#") for _, a in outline.tags)
    policy = next(a["content"] for a in outline.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy and policy.startswith("default-src 'none';")
    for tag in ("style", "script"):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", PAGE, re.S)
        assert len(inside) == 1
        digest = base64.b64encode(hashlib.sha256(inside[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
        assert not re.search(r"url\(|@import|https?:|fetch\(|innerHTML", inside[0])


def test_everything_from_outside_is_text() -> None:
    evil = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    record = record_of("eng", False)
    record |= {"turns": [evil, evil], "never": [evil], "set": evil, "kind": evil, "asker": evil}
    record["failures"] = [["missing_fact", evil]]
    record["facts"][0] |= {"text": evil, "any_of": [evil]}
    record["passages"][0]["source"] = record["places"][0]["source"] = evil
    for part in ("before", "quote", "after"):
        record["places"][0][part] = record["answer"]["citations"][0][part] = evil
    record["answer"] |= {"read_as": evil, "notices": [evil], "missing": [evil]}
    record["answer"]["statements"][0]["text"] = record["answer"]["citations"][0]["title"] = evil
    record["retrieved"][0]["text"] = evil * 3
    page = render(run_of([record], made_with={evil: evil}, stale=[{"case": evil, "source": evil, "text": evil}]))
    assert len(Outline(page).all("script")) == len(Outline(PAGE).all("script")) == 1
    assert not Outline(page).all("img")
    assert html.escape("<img src=x") in page


def test_the_page_can_be_read_by_keyboard_and_screen_reader() -> None:
    outline = Outline(PAGE)
    assert outline.all("html")[0]["lang"] == "nl"
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    ids = [a["id"] for _, a in outline.tags if "id" in a]
    assert len(ids) == len(set(ids))
    pointed = [(a.get("href") or "")[1:] for a in outline.all("a")] + [
        a["for"] for a in outline.all("label") if "for" in a
    ]
    pointed += [one for _, a in outline.tags for one in (a.get("aria-labelledby") or "").split()]
    assert set(pointed) <= set(ids)
    assert outline.all("a")[0]["class"] == "skip"
    labelled = {a["for"] for a in outline.all("label") if "for" in a}
    controls = [a for a in outline.all("input", "select") if a.get("type") != "checkbox"]
    assert {a["id"] for a in controls} == labelled
    assert PAGE.count("<table>") == PAGE.count("<caption>") > 5
    assert all(a.get("scope") in {"row", "col"} for a in outline.all("th"))
    pictures = outline.all("svg")
    assert len(pictures) > 8
    assert all(a.get("role") == "img" or a.get("aria-hidden") == "true" for a in pictures)
    assert PAGE.count("<details") == PAGE.count("<summary>")


@pytest.mark.parametrize("file", ["web/report.html.j2", "web/case.html.j2", "web/tables.html.j2"])
def test_all_dutch_stands_in_the_texts(file: str) -> None:
    template = (EVALS / file).read_text(encoding="utf-8")
    assert not re.search(r'(?:aria-label|title|placeholder|alt)="(?!\{\{)', template)
    bare = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", " ", template, flags=re.S)
    bare = re.sub(r"<[^>]*>", " ", bare)
    assert re.findall(r"[A-Za-z]+", bare.replace("&nbsp;", "")) == []


def test_a_failed_case_shows_what_was_said_expected_and_found() -> None:
    assert PAGE.index('id="case-fout"') < PAGE.index('id="case-goed"')
    shown = PAGE[PAGE.index('id="case-fout"') : PAGE.index("</details>", PAGE.index('id="case-fout"'))]
    for expected in (
        "Vraag fout?",
        "Dit ontbreekt in het antwoord: slapen.",
        f"<mark>{SENTENCES[1]}</mark>",
        "staat niet in het antwoord",
        "wel gevonden, in passage 2",
        ">slapen beter</span>”",
        "geciteerd",
        "De krant, Kop, pagina 3",
        "bespreekt 30% van de vraag",
    ):
        assert expected in shown, expected
    assert '<span class="around">… kinderen elke dag zwemles.\n</span><mark>' in shown
    assert '</mark><span class="around">\nDe kok maakt soep van de …</span>' in shown
    found = shown[shown.index("Wat er gevonden werd") :]
    assert f'<span class="around">{SENTENCES[0]}\n\n</span><mark>{SENTENCES[1]}</mark><span class="around">' in found


def test_a_run_from_before_the_new_fields_is_reported_all_the_same() -> None:
    old = record_of("oud", False)
    for name in ("evidence", "places", "never"):
        del old[name]
    for name in ("said", "rank"):
        del old["facts"][0][name]
    for name in ("before", "after"):
        del old["answer"]["citations"][0][name]
    page = render(run_of([old]))
    assert "None" not in page
    assert "bevat niet hoe sterk" in page
    assert f"<mark>{SENTENCES[1]}</mark>" in page
    assert "in het antwoord</span>" not in page


def test_a_run_without_cases_or_without_faults_says_so() -> None:
    assert "niet gemeten" not in render(run_of([record_of("goed", True)])).split("<main")[0]
    assert "elke vraag kreeg een goed antwoord" in render(run_of([record_of("goed", True)]))
    empty = render(run_of([]))
    assert "elke vraag kreeg" in empty
    assert "None" not in empty


def test_parts_without_questions_are_shown_as_gaps() -> None:
    page = render(run_of([record_of("goed", True)], by_sector={"": [], "so": []}))
    assert "(so) (geen\u00a0vragen)" in page


def test_what_misses_its_limit_is_said_first_and_with_its_reasons() -> None:
    assert "halen hun grens niet" in PAGE[: PAGE.index("<main")]  # facts_900 and hallucination_error
    tile = PAGE[PAGE.index("<h3>Onterecht beantwoord") :]
    tile = tile[: tile.index("</div>")]
    assert "Van de 2 vragen die de bronnen niet beantwoorden, kregen er 1 toch een antwoord." in tile
    assert re.search(r"Boven de grens: mag hoogstens \d+% zijn\.", tile)
    assert "Daarbij ging ook mis: herhaling (1)." in tile
    limits = PAGE[PAGE.index('id="limits"') : PAGE.index('id="reasons"')]
    assert "Feiten in eerste 900 tekens" in limits


# answers that must not come away with it

CASE = Case.model_validate(
    {
        "id": "slapen",
        "set": "kern",
        "question": "Waarom slapen kinderen beter?",
        "kind": "why",
        "asker": "teacher",
        "expected": "answered",
        "facts": [{"text": "zwemmen", "any_of": ["Kinderen die zwemmen"]}],
        "passages": [{"source": "krant", "quote": SENTENCES[1]}],
        "author": "toets",
        "date": "2026-01-01",
        "status": "draft",
    }
)
NOWHERE = CASE.model_copy(update={"id": "weg", "expected": Outcome.NO_EVIDENCE, "facts": (), "passages": ()})


def _cited(text: str, quote: str, outcome: Outcome = Outcome.ANSWERED) -> Answer:
    start = max(TEXT.find(quote), 0)
    end = start + len(quote)
    cited = Citation(1, "krant", "T", "P", None, None, None, None, "K", quote, start, end, VERSION, False)
    return Answer("?", outcome, text, (Statement(text, (1,)),), (cited,))


REFUSAL = Answer("?", Outcome.NO_EVIDENCE, "Niets.", (Statement("Niets.", (), own=True),), ())
FILLER = " ".join(f"Zin {number} zegt niets over dit onderwerp." for number in range(40))


@pytest.mark.parametrize(
    ("kind", "answer", "headline", "why"),
    [
        ("nonsense", _cited("Blauw eet gisteren.", "Blauw eet gisteren."), "quote_validity", "0% teken voor teken"),
        ("empty", Answer("?", Outcome.ANSWERED, "", (), ()), "vital_facts_900", "verplicht feit ontbreekt"),
        ("copy", _cited(FILLER + TEXT, FILLER + TEXT), "hallucination_error", "kregen er 1 toch een antwoord"),
        ("refusal", REFUSAL, "refusal_error", "bleven er 1 zonder antwoord"),
    ],
)
def test_a_worthless_answer_scores_badly_on_a_headline_and_the_report_says_why(
    kind: str, answer: Answer, headline: str, why: str
) -> None:
    start = TEXT.index(SENTENCES[1])
    places = {CASE.id: (Place("krant", start, start + len(SENTENCES[1])),), NOWHERE.id: ()}
    records = []
    for case in (CASE, NOWHERE):
        score = score_answer(case, places[case.id], answer, LIBRARY)
        plain = json.loads(json.dumps(answer.as_json()))
        records.append(
            record_of(case.id, score.passed, scores=dict(score.values), failures=[list(one) for one in score.failures])
            | {"answer": plain, "expected": str(case.expected), "facts": [], "places": []}
        )
    run = run_of(records)
    values = {figure["name"]: figure["value"] for figure in run.summary["figures"]}
    assert headline in HEADLINES
    bad = values[headline] == (1.0 if headline.endswith("_error") else 0.0)
    assert bad, (kind, values[headline])
    page = render(run)
    tiles = page[page.index('class="tiles"') : page.index('id="limits"')]
    assert why in tiles

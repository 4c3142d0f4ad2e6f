import time
from collections import Counter

import pytest

from ingest.clean import believable, continues, ends_sentence, merge, tidy, without_noise, words_of
from ingest.lines import Line, numbered


def tidied(text: str) -> str:
    return tidy(Line(1, text)).text


def merged(*lines: str, vocabulary: str = "") -> str:
    known = Counter(vocabulary.split())
    return merge([Line(number, text) for number, text in enumerate(lines, start=1)], known)[0]


def kept(text: str) -> list[str]:
    lines, _ = without_noise([tidy(line) for line in numbered(text)])
    return [line.text for line in lines if not line.blank]


PROSE = "Het welbevinden van leerlingen op school is van groot belang voor het leren.\nSEL helpt kinderen daarbij.\n\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("wel\u200bbe\u00advin\ufeffden", "welbevinden"),
        ("verborgen\U000e0041\U000e0042 tekst", "verborgen tekst"),
        ("e\ufb03ci\ufb01nt", "efficifint"),
        ("cafe\u0301", "café"),
        ("(Harding et al.,, 2019)", "(Harding et al., 2019)"),
        ("(Greenberg et al,, 2001)", "(Greenberg et al., 2001)"),
        ("de thema'’s", "de thema’s"),
        ("harde\xa0spatie   en\tmeer", "harde spatie en meer"),
        ("“  Ruimte achter het teken”", "“Ruimte achter het teken”"),
    ],
)
def test_characters_are_cleaned(before: str, after: str) -> None:
    assert tidied(before) == after


def test_only_visible_alterations_are_repairs() -> None:
    assert [edit.repair for edit in tidy(Line(1, "on\u200bzichtbaar")).edits] == [False]
    line = tidy(Line(1, "zie (Harding et al.,, 2019) daar"))
    assert [(edit.rule, edit.repair) for edit in line.edits] == [("doubled punctuation", True)]
    assert line.text[line.edits[0].start : line.edits[0].end] == ","


def test_ordinary_text_is_left_alone() -> None:
    for text in ("Scholen (po, vo, mbo); zie ook 12,5% en 'echt'.", "a, b,, c".replace(",,", ","), "wacht..."):
        line = tidy(Line(1, text))
        assert line.text == text
        assert line.edits == ()


@pytest.mark.parametrize(
    "noise", ["AT TR TR TR", "SOs", "9%", "D T T 0 i 21", "12", "~ NN SN", ".", "LORY\nSN s", "---", "| |"]
)
def test_noise_between_paragraphs_goes(noise: str) -> None:
    text = f"{PROSE}Dit is de eerste alinea over de school.\n\n{noise}\n\nDit is de tweede alinea over de school."
    lines, _ = without_noise(numbered(text))
    assert [line.text for line in lines if not line.blank][-2:] == [
        "Dit is de eerste alinea over de school.",
        "Dit is de tweede alinea over de school.",
    ]
    assert [cut.before for line in lines for cut in line.cuts] == noise.split("\n")


@pytest.mark.parametrize("line", ["2003).", "2001). Een", "Beleid", "SEL", "PO en VO", "Omgeving", "(Weare, 2015)."])
def test_short_lines_with_meaning_stay(line: str) -> None:
    text = f"{PROSE}In het PO en VO werkt dit (Desforges & Abouchaar,\n\n{line}\n\nDaarna volgt meer tekst op school."
    assert line in kept(text)


@pytest.mark.parametrize(
    "name",
    ["pexels-ott-maidre-2046753", "featured_image", "tijd-voor-lessen-over-emoties", "foto_team.jpg", "IMG_2034.PNG"],
)
def test_names_of_images_go(name: str) -> None:
    assert name not in kept(f"{PROSE}Een alinea over de school en haar team.\n\n{name}\n\nNog een alinea over school.")


def test_the_name_of_an_image_directly_above_text_goes_alone() -> None:
    assert kept(f"{PROSE}featured_image\nMaartje van den Berg")[-1] == "Maartje van den Berg"


def test_a_hyphenated_line_within_a_paragraph_stays() -> None:
    assert "leerling-ouder-leerkracht" in kept(f"{PROSE}Het gesprek van\nleerling-ouder-leerkracht\nis belangrijk.")


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("de sociaal-", "emotionele groei"), "de sociaal-emotionele groei"),
        (("de Gezonde School-", "adviseur"), "de Gezonde School-adviseur"),
        (("de leer-", "en loopbaan"), "de leer- en loopbaan"),
        (("de ouder-", "of andere raad"), "de ouder- of andere raad"),
        (("het onder-", "wijs van nu"), "het onderwijs van nu"),
        (("de mbo-", "school van"), "de mbo-school van"),
        (("(Werner-", "Seidler et al.)"), "(Werner-Seidler et al.)"),
        (("leerlingen/", "studenten"), "leerlingen/studenten"),
        (("gewoon een", "nieuwe regel"), "gewoon een nieuwe regel"),
    ],
)
def test_words_broken_over_lines_are_joined_as_dutch_needs(lines: tuple[str, ...], text: str) -> None:
    assert merged(*lines, vocabulary="onderwijs schooladviseur sociaal-emotionele") == text


def test_a_dropped_hyphen_is_a_recorded_repair() -> None:
    text, edits = merge([Line(4, "goed onder-"), Line(5, "wijs helpt")], Counter({"onderwijs": 2}))
    assert [(edit.rule, edit.before, edit.after, edit.repair) for edit in edits] == [
        ("hyphen", "onder-", "onder", True)
    ]
    assert text[edits[0].start : edits[0].end] == "onder"


def test_noise_within_a_sentence_is_a_repair_at_its_seam() -> None:
    text = f"{PROSE}Uit onderzoek blijkt dat in het\n\nAT TR TR\n\nbasisonderwijs veel kinderen druk ervaren."
    lines = [line for line in without_noise(numbered(text))[0] if not line.blank][-2:]
    merged_text, edits = merge(lines, words_of(lines))
    assert merged_text == "Uit onderzoek blijkt dat in het basisonderwijs veel kinderen druk ervaren."
    assert [(edit.before, edit.start, edit.end, edit.repair) for edit in edits] == [("AT TR TR", 32, 32, True)]


@pytest.mark.parametrize(
    ("before", "line", "joined"),
    [
        ("zoals onderzoek in de", "school laat zien", True),
        ("(Looman et al. 2014; O'Toole", "& Darlington, 2021)", True),
        ("meta-analyse van Durlak et al.", "(2011) laat zien", True),
        ("bij de school (De Haan, &", "Dibi, 2022)", True),
        ("in contact met het", "Nederlandse stelsel", True),
        ("Dit is af.", "Nieuwe alinea", False),
        ("Een kop zonder punt", "Nieuwe alinea", False),
        ("Het gaat om:", "het eerste", False),
    ],
)
def test_paragraphs_broken_by_a_blank_line_are_joined(before: str, line: str, joined: bool) -> None:
    assert continues(before, Line(2, line), 1) is joined


def test_ends_of_sentences() -> None:
    assert ends_sentence("Dit is af.")
    assert ends_sentence("Dit ook (Weare, 2015).”")
    assert not ends_sentence("zoals Durlak et al.")
    assert not ends_sentence("en dan de")


def test_believable_words() -> None:
    known = Counter({"sel": 2})
    assert all(believable(word, known) for word in ("Beleid", "schoolklimaat", "SEL", "thema’s"))
    assert not any(believable(word, known) for word in ("LORY", "TR", "SOs", "NN", "Brrr"))


def test_a_line_full_of_invisible_characters_takes_no_longer_than_its_length() -> None:
    # one by one, 6,000 of them took 78 s, and ten times as many a hundred times that
    began = time.process_time()
    line = tidy(Line(1, "welbevinden \u200bx op \ufb01jne school \u00ad" * 6_000))
    assert time.process_time() - began < 10
    assert line.text == " ".join(["welbevinden x op fijne school"] * 6_000)
    assert len(line.edits) == 18_000


def test_edits_keep_their_places_when_others_come_before_behind_and_over_them() -> None:
    line = tidy(Line(1, "\ufb01 a\u200bb \ufb02 et al,, c\u00add;; \ufb01"))
    assert line.text == "fi ab fl et al., cd; fi"
    found = {(edit.rule, edit.before, edit.start, line.text[edit.start : edit.end]) for edit in line.edits}
    assert found == {
        ("ligature", "\ufb01", 0, "fi"),
        ("invisible", "\u200b", 4, ""),
        ("ligature", "\ufb02", 6, "fl"),
        ("doubled punctuation", ",,", 14, ".,"),
        ("invisible", "\u00ad", 18, ""),
        ("doubled punctuation", ";;", 19, ";"),
        ("ligature", "\ufb01", 21, "fi"),
    }

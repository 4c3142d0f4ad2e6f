import pytest

from ingest.sentences import LONG_QUOTE, spans


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Dit zegt Dr. Jansen (Weare, 2015).", "Ook blijkt uit Durlak et al. (2011) dat het helpt."],
        ["Het is goed (Trimbos-instituut, z.d.-b).", "Bijv. dit, o.a. dat en bijv. De Klas.", "Een stap."],
        ["Dit is lager (Stevens et al., 2023).", "Leerlingen lopen risico (Boer et al., 2022)."],
        ["Wat gaat er goed?", "Wat kan beter?", "En wat heeft prioriteit?", "Kijk op www.voorbeeld.nl."],
        ["Persoonlijk contact!", "De werkgroep bespreekt dat.", "Bij 12,5% van de studenten speelt het."],
        ["Zij durven te stellen. (Kappe, 2017; Tinto, 1975, 1993).", "Een hoge mate helpt."],
        ["Mevr. De Vries en drs. P. Jansen van de GGD e.o. spraken.", "Daarna was er koffie, thee enz.", "Tot slot."],
        ["De directeur zei: “Maak gebruik van je collega’s.” (directeur).", "Alle leerkrachten zijn getraind."],
        ["Het gebeurt op 1 jan. 2024 in art. 2.97 van de wet.", "Daarna niet meer."],
        ["De zaal zit vol.", "Dat zei Jan.", "Op p. 12 en in nr. 3 van vol. 2 staat het."],
        ["Figuur 2. Werken in drie fasen."],
        ["'s Ochtends staan zij bij de deur.", "’s Middags ook."],
    ],
)
def test_sentences_end_where_a_dutch_reader_ends_them(sentences: list[str]) -> None:
    assert cut(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "statement",
    [
        "“Je ziet waar de hiaten zitten. En welke stappen je kunt zetten.” – Hanneke Visser, schoolpsycholoog",
        "“Er zijn veel feesten. Iedereen is welkom.” (ouder)",
        '"Dan komt het niet binnen. Dus is de basis gelegd. - Else de Boer (Intern Begeleider ‘De School’, Delft)',
        'Directeur Klok: "Het is hún school. Daarom is meepraten zo belangrijk."',
    ],
)
def test_a_quotation_stays_one_statement_with_its_speaker(statement: str) -> None:
    assert cut(statement) == [statement]


def test_a_long_quotation_is_cut_and_its_last_sentence_keeps_the_speaker() -> None:
    inner = " ".join(f"Zin nummer {n} van dit lange verhaal over de school en haar leerlingen." for n in range(1, 12))
    text = f"“{inner}” – Afdeling Jeugd, GGD (info@ggd.example)"
    found = cut(text)
    assert len(text) > LONG_QUOTE
    assert len(found) == 11
    assert found[0].startswith("“Zin nummer 1 ")
    assert found[-1].endswith("” – Afdeling Jeugd, GGD (info@ggd.example)")


def test_a_title_in_quotation_marks_within_a_quotation_does_not_end_a_sentence() -> None:
    filler = "Wij bieden de scholen daarna een gesprek aan over de uitkomsten en over wat nodig is. " * 6
    text = f'"Op onze scholen wordt de "Gezond leven? Check \'t even!"-vragenlijst afgenomen. {filler.strip()}"'
    assert cut(text)[0] == '"Op onze scholen wordt de "Gezond leven? Check \'t even!"-vragenlijst afgenomen.'


def test_spans_cover_the_text_without_overlap() -> None:
    text = "  Eerste zin.  Tweede zin (met haakjes). Derde… vierde?  "
    found = spans(text)
    assert all(left[1] <= right[0] for left, right in zip(found, found[1:], strict=False))
    assert "".join(text[s:e] for s, e in found).replace(" ", "") == text.replace(" ", "")


def test_a_very_long_paragraph_is_cut_without_loss() -> None:
    text = "Dit is een gewone zin over welbevinden op school. " * 100
    assert len(spans(text)) == 100


def test_endless_text_without_sentences_is_one_sentence() -> None:
    text = "woord " * 30000
    assert spans(text) == [(0, len(text) - 1)]


def test_nothing_gives_nothing() -> None:
    assert spans("") == []
    assert spans("   ") == []

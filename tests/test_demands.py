"""What a question demands is recognised, and found in a sentence only where it really stands."""

from __future__ import annotations

import pytest

from assistant import dutch
from assistant.demands import demanded, wanted
from assistant.types import Query, QuestionKind, Term


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Wat kost de training?", "een prijs"),
        ("Hoe duur is het materiaal?", "een prijs"),
        ("Wat is het telefoonnummer van de school?", "een telefoonnummer"),
        ("Naar welk e-mailadres stuur ik dit?", "een e-mailadres"),
        ("Wat is het mailadres van [naam]?", "een e-mailadres"),
        ("Hoeveel leerlingen ervaren druk?", "een aantal"),
        ("Hoeveel uur slaap heeft een puber nodig?", "een tijdsduur"),
        ("Hoe lang duurt de training?", "een tijdsduur"),
        ("Hoe laat begint de les?", "een tijdstip"),
        ("In welk jaar is het programma gestart?", "een datum of jaartal"),
        ("Wanneer is de volgende bijeenkomst?", "een tijdstip"),
        ("Vanaf welke leeftijd mag dat?", "een leeftijd"),
        ("Hoe heet de rector van het Berkenlyceum?", "een naam"),
        ("Hoe heet de huidige minister van Onderwijs?", "een naam"),
        ("Wat is welbevinden?", None),
        ("Wanneer mag een les erkend heten?", None),
        ("Hoe heet de training tegen pesten?", None),
        ("In welke stad ligt het Berkenlyceum?", "een plaats"),
        ("Op welk adres zit de GGD?", "een adres"),
        ("Hoe hoog is het verzuim?", "een aantal"),
        ("Wat vind je op de website van de school?", None),
        ("Hoe lang van tevoren moet ik ouders uitnodigen?", None),
        ("Op welk nummer zit de projectleider?", "contactgegevens"),
        ("Op welke dagen is de adviseur bereikbaar?", "contactgegevens"),
        ("Hoe bereik je ouders die weinig tijd hebben?", None),
        ("Is een vertrouwenspersoon verplicht?", "een verplichting of wet"),
        ("Wat vinden leerlingen van de nieuwe pauze?", "een mening"),
        ("Zijn scholen tevreden over de hulp?", "een mening"),
        ("Wat vinden we in de kast?", None),
    ],
)
def test_what_is_demanded(question: str, name: str | None):
    found = demanded(question)
    assert (found and found[0].name) == name


@pytest.mark.parametrize(
    ("question", "sentence", "met"),
    [
        ("Hoeveel leerlingen ervaren druk?", "Bijna 48% van de leerlingen ervaart druk.", True),
        ("Hoeveel leerlingen ervaren druk?", "De helft van de leerlingen ervaart druk.", True),
        ("Hoeveel leerlingen ervaren druk?", "Leerlingen ervaren druk (Fisk et al., 2016).", False),
        ("Hoeveel leerlingen ervaren druk?", "Volgens Fisk et al. 2016 ervaren leerlingen druk.", False),
        ("Hoe lang duurt de training?", "De training bestaat uit drie dagdelen.", True),
        ("Hoe lang duurt de training?", "De training is in 2019 gestart.", False),
        ("Hoeveel uur slaap heeft een puber nodig?", "Kies een van de 10 thema's, zoals slaap.", False),
        ("In welk jaar begon het?", "In 2016 begon het programma.", True),
        ("In welk jaar begon het?", "Ruim 15% van de scholen begon.", False),
        ("Wat kost het?", "Deelname is gratis.", True),
        ("Wat kost het?", "Er doen 20 scholen mee.", False),
        ("Hoe heet de rector?", "De rector, Hanneke Visser, ziet dat elke dag.", True),
        ("Hoe heet de rector?", "De rector van het Corderius College ziet dat.", False),
        ("Hoe heet de rector?", "De rector ziet dat elke dag (Jagers et al., 2019).", False),
        ("In welke stad ligt het Berkenlyceum?", "Het Berkenlyceum in Zeist is een kleine school.", True),
        ("In welke stad ligt het Berkenlyceum?", "Op het Berkenlyceum draait alles om de leerling.", False),
        ("Op welk adres zit de GGD?", "De GGD zit aan de Dorpsstraat 12.", True),
        ("Op welk adres zit de GGD?", "Mail de GGD via info@ggd.example.", False),
        ("Wat is de website?", "Kijk op www.voorbeeld.nl voor meer.", True),
        ("Is een vertrouwenspersoon verplicht?", "Elke school moet een vertrouwenspersoon hebben.", True),
        ("Is een vertrouwenspersoon verplicht?", "De vertrouwenspersoon luistert naar leerlingen.", False),
        ("Wat vinden leerlingen van de pauze?", "Leerlingen zijn tevreden over de pauze.", True),
        ("Wat vinden leerlingen van de pauze?", "In de pauze kunnen leerlingen buiten spelen.", False),
        ("Op welk nummer zit de coach?", "De coach is te bereiken via 030-1234567.", True),
        ("Op welk nummer zit de coach?", "De coach werkt met groepen.", False),
    ],
)
def test_what_meets_it(question: str, sentence: str, met: bool):
    found = demanded(question)
    assert found is not None
    assert found[0].met_by(sentence) is met


def test_a_demand_in_the_second_half_is_not_all_that_is_asked():
    first, second = demanded("Sinds wanneer bestaat het?"), demanded("Wie zit erachter en sinds wanneer bestaat het?")
    assert first is not None and first[1]
    assert second is not None and not second[1]


def _query(question: str, *words: str, sector: str | None = None) -> Query:
    """A question with the given words as its terms, whose keys are those words and their stems."""
    terms = tuple(Term(word, tuple((key, 1.0) for key in dutch.keys(word)), ()) for word in words)
    return Query(question, question, None, terms, QuestionKind.NUMBER, sector)


@pytest.mark.parametrize(
    ("sentence", "met"),
    [
        ("Ruim 40 scholen doen mee.", True),
        ("In de regio doen vier grote en kleine basisscholen mee.", True),
        ("Bijna 15% van alle scholen doet mee.", True),
        ("De helft van de scholen doet mee.", True),
        ("Op deze scholen staan twee filmpjes centraal.", False),
        ("In groep 8 doen scholen mee.", False),
        ("Sinds 2019 doen scholen mee.", False),
        ("Scholen doen mee vanaf 16 jaar.", False),
        ("Een school doet mee om 8.30 uur.", False),
        ("Volgens artikel 2.97 doen scholen mee.", False),
        ("Scholen doen mee (Fisk et al., 2016; Baars, 2020).", False),
    ],
)
def test_a_number_is_one_of_what_was_to_be_counted(sentence: str, met: bool):
    want = wanted(_query("Hoeveel scholen doen er mee?", "scholen", "mee"))
    assert want is not None and want.what is not None and want.what.word == "scholen"
    assert want.met_by(sentence, sentence, lambda _: 1.0) is met


def test_a_share_counts_only_where_the_sentence_speaks_of_what_was_asked():
    want = wanted(_query("Hoeveel procent van de leerlingen wordt gepest?", "leerlingen", "gepest"))
    assert want is not None
    assert want.met_by("Dat is bijna 48%.", "", lambda _: 0.7)
    assert not want.met_by("Dat is bijna 48%.", "", lambda _: 0.2)


def test_a_figure_of_another_sector_or_year_is_not_the_one():
    want = wanted(_query("Hoeveel leerlingen in het speciaal onderwijs ervaren druk?", "leerlingen", sector="so"))
    assert want is not None
    assert not want.met_by("In het basisonderwijs ervaart 15% van de leerlingen druk.", "", lambda _: 1.0)
    assert want.met_by("In het speciaal onderwijs ervaart 15% van de leerlingen druk.", "", lambda _: 1.0)
    assert want.met_by("Van de leerlingen ervaart 15% druk.", "", lambda _: 1.0)
    dated = wanted(_query("Hoeveel leerlingen ervoeren in 2005 druk?", "leerlingen"))
    assert dated is not None
    sentence = "Van de leerlingen ervaart 15% druk."
    assert dated.met_by(sentence, f"Cijfers uit 2005. {sentence}", lambda _: 1.0)
    assert not dated.met_by(sentence, f"{sentence} (Jansen, 2005)", lambda _: 1.0)


def test_a_name_belongs_to_the_role_that_was_asked_for():
    want = wanted(_query("Wie is de rector van het Berkenlyceum?", "rector", "berkenlyceum"))
    assert want is not None and want.what is not None and want.what.word == "rector"
    sentence = "Op het Berkenlyceum geeft Hanneke Visser les."
    assert not want.met_by(sentence, sentence, lambda _: 0.0)
    assert want.met_by("Rector Hanneke Visser geeft les.", "", lambda _: 1.0)

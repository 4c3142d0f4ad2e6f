"""What a question demands is recognised, and found in a sentence only where it really stands."""

from __future__ import annotations

import pytest

from assistant.demands import demanded


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
        ("Hoe lang van tevoren moet ik ouders uitnodigen?", None),
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
        ("Wat is de website?", "Kijk op www.voorbeeld.nl voor meer.", True),
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

"""Concepts under their other names."""

from __future__ import annotations

from pathlib import Path

import pytest
import school

from assistant import dutch
from assistant.errors import ManifestError
from assistant.thesaurus import OTHER_NAME, RELATED, TRANSLATION, Thesaurus, expansions

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def thesaurus(tmp_path_factory: pytest.TempPathFactory) -> Thesaurus:
    path = tmp_path_factory.mktemp("thesaurus") / "thesaurus.toml"
    path.write_text(school.THESAURUS, encoding="utf-8")
    return Thesaurus.load(path)


def found(thesaurus: Thesaurus, question: str) -> list[tuple[str, str]]:
    words = dutch.words(question)
    return [(" ".join(words[s:e]), " ".join(c.names[0])) for s, e, c in thesaurus.find(words)]


def test_a_concept_is_found_by_any_of_its_names_and_their_inflections(thesaurus: Thesaurus):
    assert found(thesaurus, "Hoe help ik jeugdigen?") == [("jeugdigen", "leerling")]
    assert found(thesaurus, "Wat vinden vaders?") == [("vaders", "ouders")]
    assert found(thesaurus, "Hoe werkt fotosynthese?") == []


def test_the_longest_name_wins_and_small_words_within_it_may_differ(thesaurus: Thesaurus):
    assert found(thesaurus, "Wat is mentaal welbevinden?") == [("mentaal welbevinden", "mentaal welbevinden")]
    assert found(thesaurus, "Hoe zit mijn klas lekker in hun vel?") == [("lekker in hun vel", "mentaal welbevinden")]


def test_related_names_do_not_find_a_concept(thesaurus: Thesaurus):
    assert found(thesaurus, "Wat kan een student?") == []


def test_expansions_weigh_other_names_more_than_related_ones(thesaurus: Thesaurus):
    ((_, _, concept),) = thesaurus.find(["scholier"])
    forms = dict(expansions(concept, ("scholier",))[0])
    assert forms[dutch.keys("leerling")[0]] == forms[dutch.keys("jeugdige")[0]] == OTHER_NAME
    assert forms[dutch.keys("student")[0]] == RELATED
    assert dutch.keys("scholier")[0] not in forms


def test_names_of_several_words_become_phrases(thesaurus: Thesaurus):
    ((_, _, concept),) = thesaurus.find(["welbevinden"])
    _, phrases = expansions(concept, ("welbevinden",))
    assert [tuple(forms[0][0] for forms in phrase) for phrase in phrases] == [
        (dutch.keys("mentaal")[0], dutch.keys("welbevinden")[0]),
        *[tuple(dutch.keys(w)[0] for w in words) for words in (("lekker", "vel"), ("vel", "zitten"))],
    ]


def test_a_name_that_is_lost_without_its_small_words_finds_its_concept_but_is_looked_for_nowhere(tmp_path: Path):
    path = tmp_path / "thesaurus.toml"
    path.write_text(
        '[[concept]]\npreferred = "verzuim"\nother = ["niet naar school komen", "in je vel"]\n', encoding="utf-8"
    )
    own = Thesaurus.load(path)
    assert [c.names[0] for _, _, c in own.find(dutch.words("als ze niet naar school komen"))] == [("verzuim",)]
    ((_, _, concept),) = own.find(["verzuim"])
    forms, phrases = expansions(concept, ("verzuim",))
    assert dict(forms) == dict.fromkeys(dutch.keys("vel"), OTHER_NAME)
    assert phrases == ()


def test_an_english_name_counts_as_its_translation_and_as_what_that_is_called_besides(thesaurus: Thesaurus):
    words = dutch.words("How do pupils feel at their school?")
    concepts = [concept for start, end, concept in thesaurus.find(words) if words[start:end] == ["pupils"]]
    assert len(concepts) == 2
    forms: dict[str, float] = {}
    for concept in concepts:
        for key, weight in expansions(concept, ("pupils",))[0]:
            forms[key] = max(weight, forms.get(key, 0))
    assert forms[dutch.keys("leerling")[0]] == TRANSLATION
    assert forms[dutch.keys("jeugdige")[0]] == OTHER_NAME
    assert forms[dutch.keys("student")[0]] == RELATED


def test_the_longest_name_wins_in_english_as_well(thesaurus: Thesaurus):
    words = dutch.words("What is the sense of belonging of these pupils?")
    found = {" ".join(words[start:end]) for start, end, _ in thesaurus.find(words)}
    assert "sense of belonging" in found and "belonging" not in found


def test_a_missing_file_is_an_empty_thesaurus(tmp_path: Path):
    empty = Thesaurus.load(tmp_path / "none.toml")
    assert empty.concepts == () and empty.find(["leerling"]) == []


@pytest.mark.parametrize(
    "text",
    [
        "[[concept",
        '[[concept]]\nother = ["a"]\n',
        '[[concept]]\npreferred = "a"\nother = "b"\n',
        '[[concept]]\npreferred = "a"\nother = [1]\n',
        '[concept]\npreferred = "a"\n',
    ],
    ids=["toml", "no name", "no list", "no text", "one table"],
)
def test_a_broken_file_is_named(tmp_path: Path, text: str):
    path = tmp_path / "thesaurus.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ManifestError) as raised:
        Thesaurus.load(path)
    assert raised.value.details["file"] == "thesaurus.toml"


def test_the_projects_own_thesaurus_loads_and_every_concept_is_found_by_its_preferred_name():
    thesaurus = Thesaurus.load(ROOT / "corpus" / "thesaurus.toml")
    assert len(thesaurus.concepts) > 50
    for concept in thesaurus.concepts:
        assert concept in [c for _, _, c in thesaurus.find(concept.names[0])], concept.names[0]

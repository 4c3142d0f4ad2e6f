"""A model's reply in pieces: which sentences are read, and when; and what a provider's failure is called."""

from __future__ import annotations

import httpx
import pytest

from assistant.generation.failures import ChatError, Failure, failure_of, wait_asked
from assistant.generation.reply import MAX_SENTENCES, Proposed, Sentence, sentences

ONE, TWO = Sentence("Een zin.", (1,)), Sentence("Nog een zin.", (2,))

REPLIES = {
    "schema": ('{"sentences":[{"text":"Een zin.","sources":[1]},{"text":"Nog een zin.","sources":["2"]}]}', [ONE, TWO]),
    "spread": ('{\n "sentences" : [ {"sources": [1],\n "text": "Een zin."} ] , "x": 1}', [ONE]),
    "fenced": ('```json\n{"sentences":[{"text":"Een zin. [1]","sources":[]}]}\n```', [ONE]),
    "strings": ('{"sentences":["Een zin [1].", "Nog een zin [2]."]}', [ONE, TWO]),
    "own form": ('{"antwoord":"Een zin [1]. Nog een zin [2]."}', [ONE, TWO]),
    "not a number": ('{"sentences":[{"text":"Een zin.","sources":[1,"x"]}]}', [Sentence("Een zin.", (1, 0))]),
    "prose": ("Een zin [1]. Nog een zin [2].", [ONE, TWO]),
    "marks behind": ("Een zin. [1] Nog een zin.[2]", [ONE, TWO]),
    "list": ("# Kop\nHet antwoord:\n- **Een zin** [1].\n2. Nog een zin [2]", [ONE, Sentence("Nog een zin", (2,))]),
    "several": ("Een zin [1, 3][5-7].", [Sentence("Een zin.", (1, 3, 5, 6, 7))]),
    "unmarked": ("Zonder bron. Een zin [1].", [Sentence("Zonder bron.", ()), ONE]),
    "thought": ("<think>Zin een [9]. Wat nu?</think>\nEen zin [1].", [ONE]),
    "cut short": ('{"sentences":[{"text":"Een zin.","sources":[1]},{"text":"Nog', [ONE]),
    "none": ('{"sentences":[]}', []),
}


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize("kind", REPLIES)
def test_the_same_sentences_are_read_in_whatever_pieces_they_come(kind: str, size: int):
    text, wanted = REPLIES[kind]
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert [one for one in sentences(pieces) if isinstance(one, Sentence)] == wanted


@pytest.mark.parametrize(
    "text", ['{"sentences":[{"text":"Een zin.","sources":[1]}', "Een zin [1].\n", "Een zin. [1] N"]
)
def test_a_sentence_is_read_as_soon_as_it_is_there(text: str):
    def pieces():
        yield text
        raise AssertionError("waited for more")

    assert next(sentences(pieces())) == ONE


def test_follow_ups_come_last_and_an_endless_reply_is_not_read_to_its_end():
    *_, last = sentences(['{"sentences":[{"text":"Een zin.","sources":[1]}],"follow_ups":["Wat dan?", 3, " "]}'])
    assert last == Proposed(("Wat dan?",))

    def endless():
        yield '{"sentences":['
        for number in range(10_000):
            assert number < 2 * MAX_SENTENCES
            yield f'{{"text":"Zin {number}.","sources":[1]}},'

    assert len(list(sentences(endless()))) == MAX_SENTENCES


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("{kapot", "unreadable"),
        ('{"a":"b"}', "unreadable"),
        ('{"sentences":7}', "unreadable"),
    ],
)
def test_what_holds_no_sentences_has_a_name(text: str, failure: str):
    with pytest.raises(ChatError) as raised:
        list(sentences([text]))
    assert str(raised.value.failure) == failure


def _status(code: int, **headers: str) -> Exception:
    request = httpx.Request("POST", "http://127.0.0.1/")
    return httpx.HTTPStatusError("x", request=request, response=httpx.Response(code, headers=headers, request=request))


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (_status(429), Failure.BUSY),
        (_status(503), Failure.BROKEN),
        (_status(401), Failure.REJECTED),
        (_status(408), Failure.SLOW),
        (httpx.ReadTimeout("x"), Failure.SLOW),
        (TimeoutError(), Failure.SLOW),
        (httpx.ConnectError("x"), Failure.REFUSED),
        (ConnectionRefusedError(), Failure.REFUSED),
        (httpx.RemoteProtocolError("x"), Failure.CUT),
        (ValueError("x"), Failure.BROKEN),
        (ChatError(Failure.EMPTY, "x"), Failure.EMPTY),
    ],
)
def test_failures_of_any_client_get_the_same_names(error: Exception, failure: Failure):
    wrapped = RuntimeError("client")
    wrapped.__cause__ = error
    assert failure_of(error) is failure
    assert failure_of(wrapped) is failure


@pytest.mark.parametrize(
    ("value", "seconds"), [("3", 3.0), ("1.5", 1.5), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-4", None)]
)
def test_the_wait_that_is_asked_for_is_read(value: str, seconds: float | None):
    assert wait_asked(_status(429, **{"retry-after": value})) == seconds
    assert wait_asked(ValueError()) is None

"""Many people who ask at once, without their browsers: `python -m evals.benchmarks.crowd [--people N] [--rounds N]`.

Speaks Streamlit's own protocol (protobuf over a websocket) to the app as `make run` starts it, one session per person. All
send a question of their own at the same moment, as their question field would. Prints the time until the card with the
answer to just that question has arrived, the server's processor time per question, and how many got another's answer or
none. Where `evals.benchmarks.app` has 25 pages drawn by a browser on the server's processors, here the server has them
almost to itself, as it has with readers who bring their own. It uses the library that the settings name, already built.
For verbatim answers only: it does not look again by itself, as a page does while a chat model words an answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from evals.benchmarks.app import serving, tell
from evals.cases import load_cases

PATIENCE = 60.0  # seconds
ANSWERED = 1  # assistant.ui.browser.Step.NEWEST, not imported: that starts caches of Streamlit's
SETTLED = 6.0  # seconds after the first answer in which the app looks for the questions that it offers
TICKS = 100  # of /proc/PID/stat, per second


@dataclass(frozen=True, slots=True)
class Got:
    """What one person saw: seconds until the answer, and the question above it."""

    seconds: float
    question: str


class Visitor:
    """A session of the app, as a browser has one."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._field = ""
        self._card: dict[str, Any] = {}

    async def arrive(self) -> None:
        """Open the page, until its script has ended and the question field is there."""
        await self._socket.send(_rerun())
        while await self._next() != "script_finished" or not self._field:
            pass

    async def ask(self, question: str) -> Got:
        """Send a question; the answer is there with the card that is no longer being thought about."""
        message = BackMsg()
        message.ParseFromString(_rerun())
        state = message.rerun_script.widget_states.widgets.add()
        state.id = self._field
        state.chat_input_value.data = question
        began = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        while True:
            await self._next()
            if self._card.get("step") == ANSWERED:
                return Got(time.perf_counter() - began, str(self._card["question"]))

    async def _next(self) -> str:
        """The kind of the next message; what it brings of the question field or of a card is kept."""
        received = await asyncio.wait_for(self._socket.recv(), PATIENCE)
        message = ForwardMsg()
        message.ParseFromString(received if isinstance(received, bytes) else received.encode())
        kind = message.WhichOneof("type") or ""
        element = message.delta.new_element if kind == "delta" else None
        if element is not None and element.WhichOneof("type") == "chat_input":
            self._field = element.chat_input.id
        elif element is not None and element.bidi_component.component_name == "welwijzer_turn":
            component = element.bidi_component
            self._card = json.loads(component.json or component.mixed.json)
        return kind


@asynccontextmanager
async def visiting(address: str) -> AsyncIterator[Visitor]:
    """A visitor whose page is there."""
    stream = address.replace("http://", "ws://") + "/_stcore/stream"
    async with connect(stream, max_size=None, subprotocols=["streamlit"], origin=address) as socket:  # type: ignore[list-item,arg-type]
        visitor = Visitor(socket)
        await visitor.arrive()
        yield visitor


async def crowd(address: str, questions: Sequence[str]) -> list[Got]:
    """Let as many people as there are questions ask at the same moment."""
    async with AsyncExitStack() as stack:
        visitors = [await stack.enter_async_context(visiting(address)) for _ in questions]
        return await asyncio.gather(*(v.ask(question) for v, question in zip(visitors, questions, strict=True)))


def main() -> int:
    """Print the figures; exit 1 when somebody got no answer to the own question."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=25)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    questions = list(dict.fromkeys(case.question for case in load_cases(split="dev") if len(case.question) < 150))
    wrong = 0
    with serving() as served:
        for number in range(options.rounds):
            asked = questions[number * options.people : (number + 1) * options.people]
            if number == 0:
                asyncio.run(crowd(served.address, asked[:1]))  # the model has been read when this is answered
                time.sleep(SETTLED)
            before = processor_seconds(served.process)
            got = asyncio.run(crowd(served.address, asked))
            spent = processor_seconds(served.process) - before
            tell(f"{len(asked)} people at once, from sending to the answer, s", [one.seconds for one in got])
            wrong += sum(not is_own(question, one.question) for one, question in zip(got, asked, strict=True))
            print(f"processor time of the server, s per person, opening the page included: {spent / len(asked):.3f}")
    print(f"answers that are not to the own question: {wrong}")
    return 1 if wrong else 0


def is_own(question: str, shown: str) -> bool:
    """Whether a card's question is the one that was sent; somebody's data in it is masked on the card ("[naam]")."""
    pieces = re.split(r"\[[a-z-]+\]", " ".join(shown.split()))
    return re.fullmatch(".+".join(map(re.escape, pieces)), " ".join(question.split())) is not None


def processor_seconds(process: int) -> float:
    """Seconds of processor time that a process has used; 0 where the system does not tell (no /proc)."""
    path = Path(f"/proc/{process}/stat")
    if not path.exists():
        return 0.0
    fields = path.read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _rerun() -> bytes:
    message = BackMsg()
    message.rerun_script.query_string = ""
    message.rerun_script.widget_states.SetInParent()
    return bytes(message.SerializeToString())


if __name__ == "__main__":
    sys.exit(main())

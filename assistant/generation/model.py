"""A chat model behind LangChain: text as it comes, within a time budget, cancellable, with failures that have a name.

Requests run in one event loop of their own, because only there can a request that hangs be taken back: cancelling closes the
connection, so that the provider stops as well.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import os
import queue
import threading
import time
from collections.abc import AsyncGenerator, Coroutine, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from assistant.errors import SettingsError
from assistant.generation.failures import ChatError, Failure, failure_of, wait_asked
from assistant.generation.metering import Meter, Usage, told

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessageChunk

    from assistant.prompt import Message

log = logging.getLogger(__name__)

POLL_SECONDS = 0.02  # how soon a cancelled request is noticed
LOCAL_PROVIDERS = ("ollama",)
COUNT_WHEN_ASKED = ("openai", "azure_openai")


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for everything that one question asks of the model, and for a silence within a stream; tries, first wait.

    A laptop without a graphics card reads a prompt of 3,000 tokens in most of a minute; a provider begins within seconds.
    """

    total: float = 40.0
    silence: float = 15.0
    attempts: int = 3
    backoff: float = 0.5


LOCAL = Limits(total=150.0, silence=120.0)


@dataclass(slots=True)
class Call:
    """What bounds one question's requests: `seconds` from the first of them on, whether the asker left, what was used."""

    seconds: float
    cancelled: threading.Event = field(default_factory=threading.Event)
    meter: Meter = field(default_factory=Meter)
    _until: float | None = None

    @property
    def until(self) -> float:
        """When the time is over, as `time.monotonic` tells it; it begins to run when this is first asked."""
        if self._until is None:
            self._until = time.monotonic() + self.seconds
        return self._until

    @property
    def left(self) -> float:
        """Seconds that are left, 0 or more."""
        return max(0.0, self.until - time.monotonic())

    def pause(self, seconds: float) -> None:
        """Wait before another try. Raises ChatError when there is no time for it, or the asker has left."""
        if seconds >= self.left:
            raise ChatError(Failure.SLOW, f"no time to wait {seconds:.1f} s")
        if self.cancelled.wait(seconds):
            raise ChatError(Failure.CANCELLED, "cancelled")


class ChatModel:
    """A model to ask. Safe to share between threads; holds no conversation."""

    def __init__(self, strict: BaseChatModel, loose: BaseChatModel, name: str, limits: Limits) -> None:
        self._strict = strict
        self._loose = loose
        self._takes_schema = True
        self.name = name
        self.limits = limits
        self.place = _place(strict)

    def call(self, cancelled: threading.Event | None = None) -> Call:
        """Begin a question; its time runs from the first request on."""
        return Call(self.limits.total, cancelled or threading.Event())

    def stream(
        self, messages: Sequence[Message], call: Call, schema: Mapping[str, Any] | None = None, seconds: float = 1e9
    ) -> Generator[str, None, None]:
        """The reply in pieces, as they arrive. `schema`: the JSON schema it is asked to keep to, where the server can.

        `seconds`: a limit for this request alone. Raises ChatError; the request is taken back when the iterator is closed.
        """
        if schema is None or not self._takes_schema:
            yield from self._request(messages, call, None, seconds)
            return
        began = False
        try:
            with closing(self._request(messages, call, schema, seconds)) as pieces:
                for piece in pieces:
                    began = True
                    yield piece
        except ChatError as error:
            if began or error.failure is not Failure.REJECTED:
                raise
            log.info("%s refuses a schema or a temperature; asked in plain text from now on", self.name)
            self._takes_schema = False
            yield from self._request(messages, call, None, seconds)

    def complete(self, messages: Sequence[Message], call: Call, seconds: float) -> str:
        """A short reply, whole. Raises ChatError, also when it takes longer than `seconds`."""
        return "".join(self.stream(messages, call, seconds=seconds))

    def _request(
        self, messages: Sequence[Message], call: Call, schema: Mapping[str, Any] | None, seconds: float
    ) -> Generator[str, None, None]:
        if call.cancelled.is_set():
            raise ChatError(Failure.CANCELLED, "cancelled")
        began = time.monotonic()
        until = min(call.until, began + seconds)
        pieces: queue.Queue[str | BaseException | None] = queue.Queue()
        usage = Usage(sum(len(message.text) for message in messages))
        model = self._strict if self._takes_schema else self._loose
        options: dict[str, Any] = {"response_format": _response_format(schema)} if schema else {}
        chunks = model.astream([(message.role, message.text) for message in messages], **options)
        flow = cast("AsyncGenerator[BaseMessageChunk, None]", chunks)  # what `astream` is, whatever its type says
        task = asyncio.run_coroutine_threadsafe(
            _watched(_pump(flow, pieces, usage, until, self.limits.silence)), _loop()
        )
        outcome = "left"
        try:
            yield from _taken(pieces, call)
            outcome = "done"
        except ChatError as error:
            outcome = str(error.failure)
            raise
        finally:
            task.cancel()
            usage.settle(call.meter)
            log.info(
                "%s: %d tokens in, %d out%s, %.0f ms, %s",
                self.name, usage.tokens_in, usage.tokens_out, " (estimated)" if usage.estimated else "",
                1000 * (time.monotonic() - began), outcome,
            )  # fmt: skip


def open_chat(name: str, limits: Limits | None = None) -> ChatModel:
    """The model `provider:name`. Address and key come from the provider's usual variables.

    Raises SettingsError: an unknown provider, a package that is not installed, a key that is missing.
    """
    provider = name.partition(":")[0]
    # LangChain would report every question to a service of its own where its variables happen to be set
    os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
    from langchain.chat_models import init_chat_model

    # retries are ours: within one time budget, and with a fresh look at who still waits (1 is one try, for Mistral's client)
    options: dict[str, Any] = (
        {} if provider in LOCAL_PROVIDERS else {"max_retries": 1 if provider == "mistralai" else 0}
    )
    # without it OpenAI's client counts no tokens at another address than its own
    counting: dict[str, Any] = {"stream_usage": True} if provider in COUNT_WHEN_ASKED else {}
    try:
        strict: BaseChatModel = init_chat_model(name, temperature=0, **counting, **options)
        loose: BaseChatModel = init_chat_model(name, **options)
    except ImportError as error:
        raise _setting(name, "chat_package", provider) from error
    except ValueError as error:
        # a missing key is a pydantic or client error of many kinds; an unknown provider is told in these words
        known = "provider" not in str(error).lower()
        raise _setting(name, "chat_key" if known else "chat_provider", provider) from error
    except Exception as error:
        raise _setting(name, "chat_key", provider) from error
    return ChatModel(strict, loose, name, limits or (LOCAL if provider in LOCAL_PROVIDERS else Limits()))


def _setting(name: str, why: str, provider: str) -> SettingsError:
    return SettingsError(
        f"WELWIJZER_CHAT_MODEL can't be used: {name}",
        name="WELWIJZER_CHAT_MODEL",
        value=name,
        why=why,
        provider=provider,
    )


def _taken(pieces: queue.Queue[str | BaseException | None], call: Call) -> Iterator[str]:
    while True:
        try:
            piece = pieces.get(timeout=POLL_SECONDS)
        except queue.Empty:
            if call.cancelled.is_set():
                raise ChatError(Failure.CANCELLED, "cancelled") from None
            continue
        if piece is None:
            return
        if isinstance(piece, BaseException):
            raise ChatError(failure_of(piece), type(piece).__name__, wait_asked(piece)) from piece
        yield piece


async def _watched(work: Coroutine[Any, Any, None]) -> None:
    """Do the work; when cancelled, cancel it until it ends: a client's `asyncio.wait_for` swallows what comes with a piece."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task})
    finally:
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=POLL_SECONDS)


async def _pump(
    chunks: AsyncGenerator[BaseMessageChunk, None],
    pieces: queue.Queue[str | BaseException | None],
    usage: Usage,
    until: float,
    silence: float,
) -> None:
    """Carry the pieces over to the asking thread; ends in None, or in what went wrong."""
    finished = False
    try:
        while True:
            left = until - time.monotonic()
            # the first piece may take all the time there is: a local model reads the prompt first
            patience = left if not usage.characters_out else min(left, silence)
            try:
                async with asyncio.timeout(max(0.0, patience)):
                    chunk = await anext(chunks)
            except StopAsyncIteration:
                break
            text = _text(chunk)
            usage.count(chunk, text)
            finished = finished or bool(
                {"finish_reason", "done_reason", "done"} & {k for k, v in told(chunk).items() if v}
            )
            if text:
                pieces.put(text)
        if not finished:
            raise ChatError(Failure.CUT, "the stream ended before the reply did")
        pieces.put(None)
    except asyncio.CancelledError:
        pieces.put(ChatError(Failure.CANCELLED, "cancelled"))
        raise
    except Exception as error:
        # some clients choke on a reply without a single word
        silent = not usage.characters_out and failure_of(error) is Failure.UNREADABLE
        pieces.put(ChatError(Failure.EMPTY, type(error).__name__) if silent else error)
    finally:
        # one that was cancelled before it went on would keep its connection open
        await chunks.aclose()


def _text(chunk: BaseMessageChunk) -> str:
    """The text of a chunk; providers that send parts of several kinds mark theirs as text."""
    content = chunk.content
    if isinstance(content, str):
        return content
    return "".join(part if isinstance(part, str) else str(part.get("text", "")) for part in content)


def _response_format(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The request for a schema in OpenAI's form, which LangChain turns into Ollama's and Mistral's."""
    return {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": dict(schema)}}


def _place(model: BaseChatModel) -> str:
    """Host (with its port where it has one) that questions go to; the provider's class where it tells no address."""
    client = getattr(getattr(model, "_client", None), "_client", None)
    candidates = (
        getattr(getattr(model, "root_client", None), "base_url", None),
        getattr(client, "base_url", None),
        getattr(model, "endpoint", None),
    )
    for address in candidates:
        found = urlsplit(str(address or "")).netloc.rpartition("@")[2]
        if found:
            return found
    return type(model).__name__


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop of all requests, in a thread that ends with the process."""
    loop = asyncio.new_event_loop()
    started: concurrent.futures.Future[None] = concurrent.futures.Future()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.call_soon(started.set_result, None)
        loop.run_forever()

    threading.Thread(target=run, name="chat-model", daemon=True).start()
    started.result()
    return loop

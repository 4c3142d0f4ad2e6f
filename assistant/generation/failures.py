"""What can go wrong with a provider, by name, and which of it is worth another try."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

TOO_MANY = 429
SERVER = 500
CLIENT = 400
TIMEOUT = 408


class Failure(StrEnum):
    """Why a generated answer was not there; `texts_nl.CHAT_FAILURES` says it in Dutch."""

    REFUSED = "refused"  # nobody listens, or the connection broke before a word came
    SLOW = "slow"
    BUSY = "busy"  # 429
    BROKEN = "broken"  # 5xx
    CUT = "cut"  # the stream ended before the reply did
    REJECTED = "rejected"  # any other 4xx: key, model or request
    UNREADABLE = "unreadable"  # bad JSON, or a form that holds no sentences with numbers
    EMPTY = "empty"
    LANGUAGE = "language"
    UNPROVEN = "unproven"  # no sentence was left
    SPENT = "spent"  # the budget of this user and day
    CANCELLED = "cancelled"


RETRIED = frozenset(
    {Failure.REFUSED, Failure.SLOW, Failure.BUSY, Failure.BROKEN, Failure.CUT, Failure.UNREADABLE, Failure.EMPTY,
     Failure.LANGUAGE}
)  # fmt: skip


class ChatError(Exception):
    """The chat model gave no usable reply. Never reaches a user: the extractive answer is given instead.

    `wait`: seconds that the provider asked to wait, None where it did not.
    """

    def __init__(self, failure: Failure, message: str, wait: float | None = None) -> None:
        super().__init__(f"{failure}: {message}")
        self.failure = failure
        self.wait = wait


def failure_of(error: BaseException) -> Failure:
    """The name of what a provider's client raised, whichever client: by status, or by what lies beneath it."""
    for cause in _causes(error):
        if isinstance(cause, ChatError):
            return cause.failure
        status = _status(cause)
        if status is not None:
            return _by_status(status)
    names = " ".join(type(cause).__name__ for cause in _causes(error))
    if "Timeout" in names:
        return Failure.SLOW
    if "Connect" in names and "RemoteProtocol" not in names and "ReadError" not in names:
        return Failure.REFUSED
    if "RemoteProtocol" in names or "ReadError" in names or "Incomplete" in names:
        return Failure.CUT
    if "JSON" in names or "Decode" in names or "Validation" in names:
        return Failure.UNREADABLE
    return Failure.BROKEN


def wait_asked(error: BaseException) -> float | None:
    """The seconds of a `Retry-After` header, None without one or where it is a date."""
    if isinstance(error, ChatError):
        return error.wait
    for cause in _causes(error):
        headers = getattr(getattr(cause, "response", None), "headers", None) or {}
        value = str(headers.get("retry-after", ""))
        if value.isascii() and value.replace(".", "", 1).isdigit():
            return float(value)
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in seen:
        seen.append(cause)
        yield cause
        cause = cause.__cause__ or cause.__context__


def _status(error: BaseException) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int) and status >= CLIENT:
            return status
    return None


def _by_status(status: int) -> Failure:
    if status == TOO_MANY:
        return Failure.BUSY
    if status == TIMEOUT:
        return Failure.SLOW
    return Failure.BROKEN if status >= SERVER else Failure.REJECTED

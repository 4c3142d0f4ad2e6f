"""What a chat model used: tokens of one request, and of all requests of a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CHARACTERS_PER_TOKEN = 3.0  # Dutch in the vocabularies of common models; used where a provider does not count


@dataclass(slots=True)
class Meter:
    """Tokens of all requests of one question; `estimated` where the provider did not count them."""

    tokens_in: int = 0
    tokens_out: int = 0
    requests: int = 0
    estimated: bool = False

    @property
    def total(self) -> int:
        """Tokens in and out together."""
        return self.tokens_in + self.tokens_out


@dataclass(slots=True)
class Usage:
    """What one request used: as the provider counts it, or estimated from the characters."""

    characters_in: int
    characters_out: int = 0
    told_in: int = 0
    told_out: int = 0

    def count(self, chunk: object, text: str) -> None:
        """Take in a piece of the reply."""
        self.characters_out += len(text)
        counted = getattr(chunk, "usage_metadata", None) or {}
        whole = told(chunk).get("token_usage") or {}  # where a client gives it with the whole reply
        self.told_in = max(self.told_in, counted.get("input_tokens") or whole.get("prompt_tokens") or 0)
        self.told_out = max(self.told_out, counted.get("output_tokens") or whole.get("completion_tokens") or 0)

    @property
    def estimated(self) -> bool:
        """Whether the provider did not count."""
        return not self.told_in

    @property
    def tokens_in(self) -> int:
        """Tokens of the request."""
        return self.told_in or round(self.characters_in / CHARACTERS_PER_TOKEN)

    @property
    def tokens_out(self) -> int:
        """Tokens of the reply."""
        return self.told_out if self.told_in else round(self.characters_out / CHARACTERS_PER_TOKEN)

    def settle(self, meter: Meter) -> None:
        """Add this request to those of its question."""
        meter.tokens_in += self.tokens_in
        meter.tokens_out += self.tokens_out
        meter.requests += 1
        meter.estimated = meter.estimated or self.estimated


def told(chunk: object) -> dict[str, Any]:
    """What a piece says about itself: why the reply ended, what it used."""
    return dict(getattr(chunk, "response_metadata", None) or {})

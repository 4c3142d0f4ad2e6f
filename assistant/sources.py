"""What kind of source one is."""

from __future__ import annotations

from assistant.types import Source

MANUAL = "handleiding"  # kind of the program's own manual in the manifest


def is_manual(source: Source) -> bool:
    """Whether this is the program's own manual, which is no publication about the subject."""
    return source.kind == MANUAL

"""Where the shelf and the library differ: what is not built yet, changed, missing, or no longer named by the manifest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant import texts_nl
from assistant.errors import ManifestError, UnreadableError
from assistant.library import Library
from assistant.settings import Settings
from ingest import manifest, shelf
from ingest.shelf import Item
from ingest.signature import signature_of


@dataclass(frozen=True, slots=True)
class Difference:
    """One of them. `what`: a key of `texts_nl.DIFFERENCES`; `line` says it in Dutch."""

    id: str
    what: str
    line: str


def differences(settings: Settings, library: Library, model: str | None) -> list[Difference]:
    """All differences, those of the manifest first. `model`: the configured model's name, None where it is not known.

    A manifest that can't be read is one of them. Raises LibraryError.
    """
    held = {status.id: status for status in library.statuses()}
    try:
        items, problems = shelf.items(settings)
    except ManifestError as error:
        return [Difference(manifest.FILE, "manifest", texts_nl.error_line(error))]
    found = [_difference(name, "entry") for name, _ in problems]
    named = {item.source.id: item for item in items}
    withdrawn, signatures = library.withdrawn(), library.signatures()
    broken = {name for name, _ in problems}
    for name, item in named.items():
        if name not in held:
            if name not in withdrawn:
                found.append(_difference(name, "not_built"))
            continue
        found += _of_item(item, library.document(name).original_sha256, signatures[name], model)
    found += [_difference(name, "unknown") for name in held if name not in named and name not in broken]
    for status in held.values():
        if status.superseded_by is not None and status.superseded_by not in held:
            found.append(_difference(status.id, "successor", other=status.superseded_by))
    return found


def _of_item(item: Item, original_sha256: str, signature: str, model: str | None) -> Iterator[Difference]:
    name = item.source.id
    try:
        data = item.content()
    except UnreadableError as error:
        yield _difference(name, "missing" if error.details.get("why") == "missing" else "changed")
        return
    if shelf.sha256(data) != original_sha256:
        yield _difference(name, "changed")
    elif model is not None and signature != signature_of(item, data, model):
        yield _difference(name, "stale")


def _difference(source_id: str, what: str, **details: object) -> Difference:
    return Difference(source_id, what, texts_nl.DIFFERENCES[what].format(id=source_id, **details))

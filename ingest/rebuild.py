"""Makes a library anew from the originals, beside the old one, for when its file was damaged."""

from __future__ import annotations

from assistant.errors import LibraryError
from assistant.library import Library
from assistant.settings import Settings
from ingest import staging
from ingest.encoder import LazyEncoder
from ingest.pipeline import Progress, Report, Unwatched, fill, follow


def rebuild(settings: Settings, encoder: LazyEncoder, progress: Progress | None = None) -> Report:
    """Put a new library in the place of the old one in one step, when it is whole; questions are answered meanwhile.

    Where documents fail, the old library stays, unless it can't be read. Raises ManifestError, ModelError, LibraryError.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    old = Library(settings.library_path)
    try:
        with staging.own_place(settings, old) as place:
            fresh = Library.open(place / ".library" / "library.sqlite")
            fresh.withdraw(sorted(staging.known_withdrawn(settings, old)))
            report = fill(settings, fresh, encoder, progress or Unwatched())
            if not report.failed or not _readable(old):
                old.take_over(fresh)
        follow(settings, old)
    finally:
        old.close()
    return report


def _readable(library: Library) -> bool:
    try:
        library.snapshot()
    except LibraryError:
        return False
    return True

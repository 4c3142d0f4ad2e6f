"""The exception tree. Messages are English for logs; `texts_nl.error_line` turns each into one Dutch line for people.

WelwijzerError
├── SettingsError          a setting has an impossible value
├── QuestionError          a question that can't be read (empty, too long)
├── LibraryError           the library can't be used
│   ├── LibraryEmptyError  nothing has been built yet
│   ├── LibraryBusyError   another process is writing
│   ├── LibraryDamagedError its file is not what was written
│   └── UnknownSourceError no source has this id
├── ModelError             the embedding model can't be loaded
│   └── ModelMismatchError the library's vectors were made by another model
├── IndexingError          a derived index can't be built or disagrees with the library
└── IngestError            a document can't be taken in
    ├── ManifestError      sources.toml is wrong; names file and entry
    ├── CorrectionError    a recorded correction no longer fits its original
    ├── UnreadableError    the file is empty, binary, encrypted, broken or of an unknown kind
    └── OcrUnavailable     scanned pages can't be read on this machine
"""

from __future__ import annotations


class WelwijzerError(Exception):
    """Root of all expected failures. `code` picks the Dutch line, `details` fills it."""

    code = "error"

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.details = details


class SettingsError(WelwijzerError):
    code = "settings"


class QuestionError(WelwijzerError):
    """`details['why']`: "empty" or "too_long"."""

    code = "question"


class LibraryError(WelwijzerError):
    """`details['path']`; `details['why']` is "full" where the disk is."""

    code = "library"


class LibraryDamagedError(LibraryError):
    """`details['path']`: the file. The originals are elsewhere, so that all can be made anew."""

    code = "library_damaged"


class LibraryEmptyError(LibraryError):
    code = "library_empty"


class LibraryBusyError(LibraryError):
    """`details['owner']`: process id of the writer, if known."""

    code = "library_busy"


class UnknownSourceError(LibraryError):
    """`details['id']`: the id that is not in the library."""

    code = "unknown_source"


class ModelError(WelwijzerError):
    """`details['model']`: folder or name."""

    code = "model"


class ModelMismatchError(ModelError):
    """`details['model']` is configured, `details['stored']` made the vectors."""

    code = "model_mismatch"


class IndexingError(WelwijzerError):
    code = "indexing"


class IngestError(WelwijzerError):
    code = "ingest"


class ManifestError(IngestError):
    """`details['file']` and `details['entry']`."""

    code = "manifest"


class CorrectionError(IngestError):
    """`details['file']` and `details['line']`."""

    code = "correction"


class QuestionsError(IngestError):
    """A file of stored questions can't be used; `details`: file, where."""

    code = "questions"


class UnreadableError(IngestError):
    """`details['file']` and `details['why']`: empty, binary, encrypted, broken, no_text, no_pages, kind, missing, too_large.

    Also too_heavy: reading takes more time or memory than a document may.
    """

    code = "unreadable"


class OcrUnavailable(IngestError):
    """Tesseract or its Dutch data is not installed. `details['missing']`: "tesseract" or "nld"."""

    code = "ocr_unavailable"

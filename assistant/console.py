"""What the three command lines share: exit codes, and argparse that speaks Dutch in one line."""

from __future__ import annotations

import argparse
import re
import sys
from typing import NoReturn

from assistant import texts_nl

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: str | None, actions: object, groups: object, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, texts_nl.USAGE if prefix is None else prefix)  # type: ignore[arg-type]


class Parser(argparse.ArgumentParser):
    """argparse with Dutch headings and one-line Dutch errors."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options, formatter_class=_Formatter, add_help=False)  # type: ignore[arg-type]
        self._positionals.title = texts_nl.USAGE_GIVEN
        self._optionals.title = texts_nl.USAGE_OPTIONS
        self.add_argument("-h", "--help", action="help", help=texts_nl.USAGE_HELP)

    def error(self, message: str) -> NoReturn:
        """Tell what is wrong and how to get help, exit 2."""
        for pattern, dutch in texts_nl.USAGE_ERRORS:
            message = re.sub(pattern, dutch, message)
        print(texts_nl.WRONG_USAGE.format(message=message, program=self.prog), file=sys.stderr)
        raise SystemExit(WRONG_USAGE)

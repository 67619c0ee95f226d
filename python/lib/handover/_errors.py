"""What goes wrong, in the words of the command line."""

from __future__ import annotations

import json
from typing import Any


class HandoverError(Exception):
    """Whatever handover raises."""


class InputError(HandoverError, ValueError):
    """The input is wrong: a scenario, a name, a value.

    The text is that of the command line, with file, line and column.

    Attributes
    ----------
    problems : list of dict
        Every problem with its place: ``severity``, ``title``, ``label``, ``help``, ``meant``, ``file``, ``line``,
        ``column``. Empty where the problem is not one of a file.
    """

    def __init__(self, words: str, problems: str | None = None) -> None:
        super().__init__(words)
        self.problems: list[dict[str, Any]] = json.loads(problems) if problems else []


class Bug(HandoverError, RuntimeError):
    """An identity broke, or something else that is a fault of handover itself."""


class DiskError(HandoverError, OSError):
    """The disk or the memory is full, or what the file system said."""


class MissingPackage(HandoverError, ImportError):
    """A package is needed that is not installed; the text says how to install it."""

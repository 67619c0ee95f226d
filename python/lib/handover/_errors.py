"""What goes wrong, in the words of the command line."""

from __future__ import annotations

import json
from typing import Any


class HandoverError(Exception):
    """Whatever handover raises.

    Examples
    --------
    >>> import handover as ho
    >>> try:
    ...     ho.Scenario.load("baselin")
    ... except ho.HandoverError as error:
    ...     print(str(error)[:42])
    there is no shipped scenario 'baselin'; th
    >>> issubclass(ho.Bug, RuntimeError), issubclass(ho.MissingPackage, ImportError)
    (True, True)
    """


class InputError(HandoverError, ValueError):
    """The input is wrong: a scenario, a name, a value.

    The text is that of the command line, with file, line and column.

    Attributes
    ----------
    problems : list of dict
        Every problem with its place: ``severity``, ``title``, ``label``, ``help``, ``meant``, ``file``, ``line``,
        ``column``. Empty where the problem is not one of a file.

    Examples
    --------
    >>> import handover as ho
    >>> try:
    ...     ho.Scenario.load("baseline", "learning.alfa=0.3")
    ... except ho.InputError as error:
    ...     print(error.problems[0]["meant"])
    ['alpha']
    """

    def __init__(self, words: str, problems: str | None = None) -> None:
        super().__init__(words)
        self.problems: list[dict[str, Any]] = json.loads(problems) if problems else []


class Bug(HandoverError, RuntimeError):
    """An identity broke, or something else that is a fault of handover itself."""


class DiskError(HandoverError, OSError):
    """The disk or the memory is full, or what the file system said.

    Examples
    --------
    >>> import handover as ho
    >>> try:
    ...     ho.read_table("nowhere.parquet")
    ... except ho.DiskError as error:
    ...     print(error)
    nowhere.parquet: No such file or directory (os error 2)
    """


class MissingPackage(HandoverError, ImportError):
    """A package is needed that is not installed; the text says how to install it."""

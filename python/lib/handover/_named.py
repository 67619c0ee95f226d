"""What the Rust part knows of an object, as attributes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar, overload

from handover._errors import InputError

T = TypeVar("T")
N = TypeVar("N", bound="Named")


class Handed(property, Generic[T]):
    """An attribute that is among the facts which the Rust part hands over, under its name."""

    def __init__(self, kind: type[T], doc: str) -> None:
        def get(owner: Any) -> Any:
            return owner._facts[self._name]

        get.__annotations__["return"] = kind
        super().__init__(get)
        self.__doc__ = doc
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type, /) -> Handed[T]: ...

    @overload
    def __get__(self, instance: object, owner: type | None = None, /) -> T: ...

    def __get__(self, instance: object, owner: type | None = None, /) -> Any:
        return super().__get__(instance, owner)


class Named:
    """A file with settings on top, which the Rust part knows by a short name and a title."""

    #: What it is called, and what is shipped of it: files by their names.
    _kind: ClassVar[str]
    _shipped: ClassVar[Callable[[], Mapping[str, Path]]]

    name = Handed(str, "Short name.")
    title = Handed(str, "Title in words.")

    def __init__(self, path: str | Path, settings: Iterable[str] = ()) -> None:
        self.path = Path(path)
        self.settings = tuple(settings)

    @classmethod
    def load(cls: type[N], name: str | Path, *settings: str) -> N:
        """Read a file, or what is shipped under a name.

        Parameters
        ----------
        name : str or path
            A file, or the name of a shipped scenario or plan (see `scenarios` and `plans`).
        *settings : str
            Changes as ``--set`` takes them: ``"run.years=3"``, ``"law.royalty_rate=15 %"``; of a plan for all runs.

        Raises
        ------
        InputError
            Every problem found, each with its place.
        """
        path, shipped = Path(name), cls._shipped()
        if not path.suffix and not path.exists():
            if str(name) not in shipped:
                raise InputError(f"there is no shipped {cls._kind} {str(name)!r}; there is {', '.join(shipped)}")
            path = shipped[str(name)]
        return cls(path, settings)
